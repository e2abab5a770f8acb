"""What both imports ask alike, of rows of clients and of conversations: whose contact points are these?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce

from recrm.clients.model import ContactPoint
from recrm.core.errors import Conflict
from recrm.core.i18n import N_, _
from recrm.imports.people.merging import Known
from recrm.imports.people.preparing import Key

_MOST_LISTED = 5


class RowAmbiguous(Conflict):
    """A row that could be several clients."""


class OwnersDiffer(RowAmbiguous):
    """Contact points of one row that nobody has all of."""

    def __init__(self, shown: str, client: str, other_shown: str, other: str) -> None:
        super().__init__(
            N_("{shown} belongs to {client}, but {other_shown} to {other}."),
            N_("Leave out the one that is wrong."),
            shown=shown,
            client=client,
            other_shown=other_shown,
            other=other,
        )


def owners_of_all(
    keys: Sequence[Key],
    points: Mapping[Key, ContactPoint],
    owners: Mapping[Key, list[int]],
    clients: Mapping[int, Known],
) -> list[Known]:
    """Those who have all these contact points, whoever had the first one first. Raises OwnersDiffer."""
    ids = owners[keys[0]]
    for key in keys[1:]:
        both = [client_id for client_id in ids if client_id in owners[key]]
        if not both:
            first, other = clients[ids[0]], clients[owners[key][0]]
            raise OwnersDiffer(points[keys[0]].shown, first.label, points[key].shown, other.label)
        ids = both
    return [clients[client_id] for client_id in ids]


def narrowed(clients: list[Known], *tests: Callable[[Known], object]) -> list[Known]:
    """Of several those that pass a test, one test after another; one that none of them passes does not count."""
    for test in tests:
        if len(clients) > 1:
            clients = [client for client in clients if test(client)] or clients
    return clients


def all_of(clients: Iterable[Known]) -> str:
    """`Ann (#3) and Ben (#7)`."""
    labels = (client.label for client in clients)
    return reduce(lambda first, second: _("{first} and {second}", first=first, second=second), labels)


def one_of(clients: Sequence[Known]) -> str:
    """`Ann (#3) or Ben (#7)`."""
    labels = (client.label for client in clients[:_MOST_LISTED])
    listed = reduce(lambda first, second: _("{first} or {second}", first=first, second=second), labels)
    more = len(clients) - _MOST_LISTED
    return _("{listed} or {count} more", listed=listed, count=more) if more > 0 else listed
