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
from recrm.core.text import fold, quoted
from recrm.imports.conversations.reading import Entry, key_of_point
from recrm.imports.people.preparing import Key

_TAKE_OUT = "Leave out the one that is wrong."
_ADD_FIRST = "Add the client, or their number, first and import this row again."
_MOST_LISTED = 5


class Person(NamedTuple):
    """A client as a row may name one; `kinds` are those of their contact points."""

    id: int
    name: str
    is_archived: bool
    kinds: frozenset[str]

    @property
    def words(self) -> str:
        """For a person."""
        return f"{self.name} (#{self.id})"

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
        told = self._by_id(entry) if trusts_ids and entry.client_id is not None else None
        if found := self._by_points(entry, entry.strong):
            return self._agreeing(entry, found, told)
        weak = self._by_points(entry, entry.weak)
        if weak and (not entry.strong or weak[1].folded == entry.folded):
            return self._agreeing(entry, weak, told)
        if told is not None:
            self._check_name(entry, told, f"#{told.id}")
            return told
        return self._by_name(entry)

    def _by_id(self, entry: Entry) -> Person:
        number = entry.client_id or 0
        person = self.people.get(self.merged.get(number, number))
        if person is None:
            raise NotFound(f"No client has the id #{number}.", "Correct it, or leave it out and give a phone.")
        return person

    def _agreeing(self, entry: Entry, found: tuple[ContactPoint, Person], told: Person | None) -> Person:
        point, person = found
        if told is not None and told != person:
            raise Conflict(f"{point.shown} belongs to {person.words}, but #{told.id} is {told.name}.", _TAKE_OUT)
        self._check_name(entry, person, point.shown)
        return person

    def _check_name(self, entry: Entry, person: Person, shown: str) -> None:
        """A phone goes before a name written otherwise, but not before the name of somebody else."""
        others = [self.people[i] for i in self.named.get(entry.folded, ()) if i != person.id]
        if others and person.folded != entry.folded:
            what = f"{shown} belongs to {person.words}, but the name is that of {_listed(others)}."
            raise Conflict(what, _TAKE_OUT)

    def _by_points(self, entry: Entry, points: Sequence[ContactPoint]) -> tuple[ContactPoint, Person] | None:
        known = [(point, ids) for point in points if (ids := self.owners.get(key_of_point(point)))]
        if not known:
            return None
        first, ids = known[0]
        for point, others in known[1:]:
            if not (both := [i for i in ids if i in others]):
                one, other = self.people[ids[0]], self.people[others[0]]
                what = f"{first.shown} belongs to {one.words}, but {point.shown} to {other.words}."
                raise Conflict(what, _TAKE_OUT)
            ids = both
        candidates = [self.people[i] for i in ids]
        if len(candidates) > 1:
            candidates = [one for one in candidates if one.folded == entry.folded] or candidates
        if len(candidates) > 1:
            candidates = [one for one in candidates if self._is_id(entry, one)] or candidates
        if len(candidates) > 1:
            candidates = [one for one in candidates if not one.is_archived] or candidates
        if len(candidates) > 1:
            what = f"{first.shown} could be {_listed(candidates)}."
            raise Conflict(what, "Add the client's name, as recrm has it.")
        return first, candidates[0]

    def _is_id(self, entry: Entry, person: Person) -> bool:
        """Whether the row's id is this client's; untold, it may be another program's number, and only decides a tie."""
        return entry.client_id is not None and self.merged.get(entry.client_id, entry.client_id) == person.id

    def _by_name(self, entry: Entry) -> Person:
        given = entry.strong or entry.weak
        if not entry.name:
            raise self._nobody(entry, given)
        namesakes = [self.people[i] for i in self.named.get(entry.folded, ())]
        if len(namesakes) > 1:
            namesakes = [one for one in namesakes if self._is_id(entry, one)] or namesakes
        if len(namesakes) > 1:
            raise Conflict(f"{quoted(entry.name)} could be {_listed(namesakes)}.", "Add a phone or an email.")
        if not namesakes:
            raise self._nobody(entry, given)
        (person,) = namesakes
        if entry.unreadable is not None:
            raise entry.unreadable
        if contradicting := [point for point in entry.strong if point.kind in person.kinds]:
            shown = contradicting[0].shown
            what = f"No client has {shown}, and {person.words} has another {contradicting[0].kind}."
            raise Conflict(what, f"Add {shown} to #{person.id} if it is theirs, or add the client first.")
        return person

    def _nobody(self, entry: Entry, given: Sequence[ContactPoint]) -> RecrmError:
        if given:
            return NotFound(f"No client has {given[0].shown}.", _ADD_FIRST)
        if entry.unreadable is not None:
            return entry.unreadable
        if entry.name:
            return NotFound(f"No client has the name {quoted(entry.name)}.", "Add the client first, or give a phone.")
        if entry.client_id is not None:
            what = f"This row has nothing but the number {entry.client_id}, which may be another program's."
            return UsageError(what, 'If recrm gave it, add --map "HEADER=client_id" with that column\'s name.')
        return UsageError("This row does not say who the client is.", "Give it a phone, an email or a name.")


def _listed(people: Sequence[Person]) -> str:
    """`Ann (#3) or Ben (#7)`."""
    shown = " or ".join(person.words for person in people[:_MOST_LISTED])
    return f"{shown} or {len(people) - _MOST_LISTED} more" if len(people) > _MOST_LISTED else shown
