"""Whose conversation a row tells of, decided in memory from what the database knows of a batch of rows.

A phone or an email decides, in any format; failing that a WeChat id; failing that the exact name, where only one
client bears it and nothing the row says speaks against it: a namesake with another phone is somebody else. What
contradicts itself is handed back, because a conversation in the wrong file is never found again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from recrm.clients.model import ContactPoint
from recrm.core.errors import Conflict, NotFound, RecrmError, UsageError
from recrm.core.i18n import N_
from recrm.core.text import fold, quoted
from recrm.imports.conversations.reading import Entry
from recrm.imports.people.matching import RowAmbiguous, narrowed, one_of, owners_of_all
from recrm.imports.people.merging import client_label
from recrm.imports.people.preparing import Key, key_of_point

_LEAVE_OUT = N_("Leave out the one that is wrong.")
_ADD_FIRST = N_("Add the client, or their number, first and import this row again.")


class Person(NamedTuple):
    """A client as a row may name one; `kinds` are those of their contact points."""

    id: int
    name: str
    is_archived: bool
    kinds: frozenset[str]

    @property
    def label(self) -> str:
        """For a person."""
        return client_label(self.name, self.id)

    @property
    def folded(self) -> str:
        """The name as it is compared."""
        return fold(self.name)


@dataclass(slots=True)
class Directory:
    """What the database knows of the clients that a batch of rows could mean."""

    owners: dict[Key, list[int]] = field(default_factory=dict)
    named: dict[str, list[int]] = field(default_factory=dict)  # by folded name
    people: dict[int, Person] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)  # who a merged client's id leads to now

    def client_of(self, entry: Entry, *, trusts_ids: bool) -> Person:
        """The one client of this row. Raises RecrmError, which says why it cannot be told."""
        identified = self._by_id(entry) if trusts_ids and entry.client_id is not None else None
        if found := self._by_points(entry, entry.strong):
            return self._agreeing(entry, *found, identified)
        weak = self._by_points(entry, entry.weak)
        if weak and (not entry.strong or weak[1].folded == entry.folded):
            return self._agreeing(entry, *weak, identified)
        if identified is not None:
            self._check_name(entry, identified, f"#{identified.id}")
            return identified
        return self._by_name(entry)

    def _by_id(self, entry: Entry) -> Person:
        number = entry.client_id or 0
        person = self.people.get(self.merged.get(number, number))
        if person is None:
            raise NotFound(
                N_("No client has the id #{number}."),
                N_("Correct it, or leave it out and give a phone."),
                number=number,
            )
        return person

    def _agreeing(self, entry: Entry, point: ContactPoint, person: Person, identified: Person | None) -> Person:
        if identified is not None and identified != person:
            what = N_("{shown} belongs to {client}, but #{number} is {name}.")
            facts = {"number": identified.id, "name": identified.name}
            raise Conflict(what, _LEAVE_OUT, shown=point.shown, client=person.label, **facts)
        self._check_name(entry, person, point.shown)
        return person

    def _check_name(self, entry: Entry, person: Person, shown: str) -> None:
        """A phone goes before a name written otherwise, but not before the name of somebody else."""
        others = [self.people[i] for i in self.named.get(entry.folded, ()) if i != person.id]
        if others and person.folded != entry.folded:
            what = N_("{shown} belongs to {client}, but the name is that of {others}.")
            raise Conflict(what, _LEAVE_OUT, shown=shown, client=person.label, others=_listed(others))

    def _by_points(self, entry: Entry, points: Sequence[ContactPoint]) -> tuple[ContactPoint, Person] | None:
        known = {key: point for point in points if self.owners.get(key := key_of_point(point))}
        if not known:
            return None
        people, keys = self.people, list(known)
        ids = narrowed(
            owners_of_all(keys, self.owners, lambda key: known[key].shown, lambda client_id: people[client_id].label),
            lambda client_id: people[client_id].folded == entry.folded,
            lambda client_id: self._is_id(entry, people[client_id]),
            lambda client_id: not people[client_id].is_archived,
        )
        shown = known[keys[0]].shown
        if len(ids) > 1:
            raise RowAmbiguous(
                N_("{shown} could be {clients}."),
                N_("Add the client's name, as recrm has it."),
                shown=shown,
                clients=_listed([people[client_id] for client_id in ids]),
            )
        return known[keys[0]], people[ids[0]]

    def _is_id(self, entry: Entry, person: Person) -> bool:
        """Whether the row's id is this client's; it may be another program's number, so it only decides a tie."""
        return entry.client_id is not None and self.merged.get(entry.client_id, entry.client_id) == person.id

    def _by_name(self, entry: Entry) -> Person:
        given = entry.strong or entry.weak
        if not entry.name:
            raise self._nobody(entry, given)
        ids = self.named.get(entry.folded, [])
        namesakes = [self.people[i] for i in narrowed(ids, lambda i: self._is_id(entry, self.people[i]))]
        if len(namesakes) > 1:
            what = N_("{name} could be {clients}.")
            hint = N_("Add a phone or an email.")
            raise RowAmbiguous(what, hint, name=quoted(entry.name), clients=_listed(namesakes))
        if not namesakes:
            raise self._nobody(entry, given)
        (person,) = namesakes
        if entry.unreadable is not None:
            raise entry.unreadable
        if contradicting := [point for point in entry.strong if point.kind in person.kinds]:
            point = contradicting[0]
            what = (
                N_("No client has {shown}, and {client} has another phone.")
                if point.kind == "phone"
                else N_("No client has {shown}, and {client} has another email.")
            )
            hint = N_("Add {shown} to #{number} if it is theirs, or add the client first.")
            raise Conflict(what, hint, shown=point.shown, client=person.label, number=person.id)
        return person

    def _nobody(self, entry: Entry, given: Sequence[ContactPoint]) -> RecrmError:
        if given:
            return NotFound(N_("No client has {shown}."), _ADD_FIRST, shown=given[0].shown)
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


def _listed(people: Sequence[Person]) -> str:
    return one_of([person.label for person in people])
