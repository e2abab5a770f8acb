"""Whose conversation a row tells of, decided in memory from what the database knows of a batch of rows.

A phone or an email decides, in any format; failing that a WeChat id; failing that the exact name, where only one
client bears it and nothing the row says speaks against it: a namesake with another phone is somebody else. What
contradicts itself is handed back, because a conversation in the wrong file is never found again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recrm.clients.model import ContactPoint
from recrm.core.errors import Conflict, NotFound, RecrmError, UsageError
from recrm.core.i18n import N_
from recrm.core.text import quoted
from recrm.imports.conversations.reading import Entry
from recrm.imports.people.matching import RowAmbiguous, narrowed, one_of, owners_of_all
from recrm.imports.people.merging import Known
from recrm.imports.people.preparing import Key, key_of_point

_LEAVE_OUT = N_("Leave out the one that is wrong.")


@dataclass(slots=True)
class Directory:
    """What the database knows of the clients that a batch of rows could mean."""

    owners: dict[Key, list[int]]
    named: dict[str, list[int]]  # by folded name
    clients: dict[int, Known]
    merged: dict[int, int]  # who a merged client's id leads to now

    def client_of(self, entry: Entry, *, trusts_ids: bool) -> Known:
        """The one client of this row. Raises RecrmError, which says why it cannot be told."""
        identified = self._by_id(entry.client_id) if trusts_ids and entry.client_id is not None else None
        if not (found := self._by_points(entry, entry.strong)):
            found = self._by_points(entry, entry.weak)
            found = found if found and (not entry.strong or found[1].is_called(entry.folded)) else None
        if not found:
            return self._checked(entry, identified, f"#{identified.id}") if identified else self._by_name(entry)
        point, client = found
        if identified is not None and identified is not client:
            what = N_("{shown} belongs to {client}, but #{number} is {name}.")
            facts = {"number": identified.id, "name": identified.columns["name"]}
            raise Conflict(what, _LEAVE_OUT, shown=point.shown, client=client.label, **facts)
        return self._checked(entry, client, point.shown)

    def _by_id(self, number: int) -> Known:
        client = self.clients.get(self.merged.get(number, number))
        if client is None:
            hint = N_("Correct it, or leave it out and give a phone.")
            raise NotFound(N_("No client has the id #{number}."), hint, number=number)
        return client

    def _checked(self, entry: Entry, client: Known, shown: str) -> Known:
        """A phone goes before a name written otherwise, but not before the name of somebody else."""
        others = [self.clients[i] for i in self.named.get(entry.folded, ()) if i != client.id]
        if others and not client.is_called(entry.folded):
            what = N_("{shown} belongs to {client}, but the name is that of {others}.")
            raise Conflict(what, _LEAVE_OUT, shown=shown, client=client.label, others=one_of(others))
        return client

    def _by_points(self, entry: Entry, points: Sequence[ContactPoint]) -> tuple[ContactPoint, Known] | None:
        known = {key: point for point in points if self.owners.get(key := key_of_point(point))}
        if not known:
            return None
        found = narrowed(
            owners_of_all(list(known), known, self.owners, self.clients),
            lambda client: client.is_called(entry.folded),
            lambda client: self._is_id(entry, client),
            lambda client: not client.columns["archived_at"],
        )
        point = next(iter(known.values()))
        if len(found) > 1:
            hint = N_("Add the client's name, as recrm has it.")
            raise RowAmbiguous(N_("{shown} could be {clients}."), hint, shown=point.shown, clients=one_of(found))
        return point, found[0]

    def _is_id(self, entry: Entry, client: Known) -> bool:
        """Whether the row's id is this client's; it may be another program's number, so it only decides a tie."""
        return entry.client_id is not None and self.merged.get(entry.client_id, entry.client_id) == client.id

    def _by_name(self, entry: Entry) -> Known:
        found = [self.clients[i] for i in self.named.get(entry.folded, ())] if entry.name else []
        found = narrowed(found, lambda client: self._is_id(entry, client))
        if len(found) > 1:
            hint = N_("Add a phone or an email.")
            raise RowAmbiguous(N_("{name} could be {clients}."), hint, name=quoted(entry.name), clients=one_of(found))
        if not found:
            raise _nobody(entry)
        (client,) = found
        if entry.unreadable is not None:
            raise entry.unreadable
        kinds = {key[0] for key in client.keys}
        for point in entry.strong:
            if point.kind in kinds:
                what = (
                    N_("No client has {shown}, and {client} has another phone.")
                    if point.kind == "phone"
                    else N_("No client has {shown}, and {client} has another email.")
                )
                hint = N_("Add {shown} to #{number} if it is theirs, or add the client first.")
                raise Conflict(what, hint, shown=point.shown, client=client.label, number=client.id)
        return client


def _nobody(entry: Entry) -> RecrmError:
    if given := entry.strong or entry.weak:
        hint = N_("Add the client, or their number, first and import this row again.")
        return NotFound(N_("No client has {shown}."), hint, shown=given[0].shown)
    if entry.unreadable is not None:
        return entry.unreadable
    if entry.name:
        hint = N_("Add the client first, or give a phone.")
        return NotFound(N_("No client has the name {name}."), hint, name=quoted(entry.name))
    if entry.client_id is not None:
        return UsageError(
            N_("This row has nothing but the number {number}, which may be another program's."),
            N_('If recrm gave it, add --map "HEADER=client_id" with that column\'s name.'),
            number=entry.client_id,
        )
    return UsageError(N_("This row does not say who the client is."), N_("Give it a phone, an email or a name."))
