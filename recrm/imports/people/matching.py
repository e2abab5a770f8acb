"""What is known of the clients that a batch of rows could mean, and who has a row's contact points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from recrm.clients.model import ContactPoint
from recrm.core.errors import Conflict
from recrm.core.i18n import N_
from recrm.imports.people.known import Known
from recrm.imports.people.who import Key, Who, one_of


class RowAmbiguous(Conflict):
    """A row that could be several clients."""

    def __init__(self, shown: str, clients: Sequence[Known]) -> None:
        what, hint = N_("{shown} could be {clients}."), N_("Add something that only one of them has.")
        super().__init__(what, hint, shown=shown, clients=one_of(clients))


@dataclass(slots=True)
class Directory:
    """Clients by their contact points and names, those that the batch adds among them."""

    owners: dict[Key, list[int]]  # who had it first coming first
    named: dict[str, list[int]]  # by folded name
    clients: dict[int, Known]
    merged: dict[int, int]  # who a merged client's id leads to now

    def called(self, folded: str) -> list[Known]:
        return [self.clients[client_id] for client_id in self.named.get(folded, ())]

    def having(
        self, row: Who, is_called: Callable[[Known], bool], *tests: Callable[[Known], object]
    ) -> tuple[ContactPoint, list[Known]] | None:
        """Who has the row's contact points, of several those that pass a test, and the first of the points; or nobody.

        Phones and emails decide; failing them ids, which for a row with a phone or an email of its own count only
        where the client bears its name. Raises Conflict where nobody has all of those that are known.
        """
        owners, clients = self.owners, self.clients
        keys = [key for key in row.strong if key in owners]
        if not keys:
            keys = [key for key in row.weak if key in owners]
            if keys and row.strong:
                keys = [key for key in keys if any(is_called(clients[i]) for i in owners[key])]
        if not keys:
            return None
        ids, point = owners[keys[0]], row.points[keys[0]]
        for key in keys[1:]:
            both = [client_id for client_id in ids if client_id in owners[key]]
            if not both:
                raise Conflict(
                    N_("{shown} belongs to {client}, but {other_shown} to {other}."),
                    N_("Leave out the one that is wrong."),
                    shown=point.shown,
                    client=clients[ids[0]].label,
                    other_shown=row.points[key].shown,
                    other=clients[owners[key][0]].label,
                )
            ids = both
        found = [clients[client_id] for client_id in ids]
        return point, narrowed(found, is_called, *tests, lambda client: not client.columns.get("archived_at"))


def narrowed(clients: Iterable[Known], *tests: Callable[[Known], object]) -> list[Known]:
    """Of several those that pass a test, one test after another; one that none of them passes does not count."""
    found = list(clients)
    for test in tests:
        if len(found) > 1:
            found = [client for client in found if test(client)] or found
    return found
