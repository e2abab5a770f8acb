"""A client who is there already, and what a row adds to them: blanks filled, or replaced where that was asked for.

Within one file the first row wins: a later row of the same client fills what is blank and adds its note, also
under `--overwrite`, so that importing a file twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recrm.clients.fieldtable import BY_NAME
from recrm.core.text import fold
from recrm.imports.people.preparing import Birthday, Prepared
from recrm.imports.people.who import Key, client_label, is_identity

BIRTHDAY = BY_NAME["birthday"].columns


@dataclass(slots=True)
class Known:
    """A client as they stand after the rows taken so far; `line` is that of the row that adds them, else 0."""

    id: int
    columns: dict[str, Any]
    details: set[Key]  # contact points, tags and types
    line: int = 0
    is_written: bool = False
    changed: dict[str, Any] = field(default_factory=dict)
    given: frozenset[str] = frozenset()  # what this file has said already

    @property
    def label(self) -> str:
        """For a person: a client of the file has no number yet."""
        return client_label(self.columns["name"], self.id, self.line)

    def is_called(self, folded: str) -> bool:
        return fold(self.columns["name"]) == folded

    @property
    def is_reachable(self) -> bool:
        return any(map(is_identity, self.details))

    def change(self, changes: dict[str, Any]) -> None:
        self.columns.update(changes)
        if self.is_written:
            self.changed.update(changes)

    def merge(self, row: Prepared, *, overwrite: bool, stamp: str) -> bool:
        """Take in what a row says in columns; whether that changed any. `stamp` is this moment, as stored."""
        has, given = self.columns, self.given
        replaces = overwrite and not self.line
        changes = {
            column: value
            for column, value in row.columns.items()
            if column != "created_at"  # a client is as old as here
            and value != has.get(column)
            and (not has.get(column) or (replaces and column not in given))
        }
        if "tier" in changes:
            changes["tier_set_at"] = stamp
        if replaces and row.name and row.name != has["name"] and "name" not in given:
            changes |= row.names
        if row.birthday and self._takes_birthday(row.birthday, replaces and "birth_month" not in given):
            changes |= zip(BIRTHDAY, row.birthday, strict=True)
        if (note := self.merged_note(row.note, row.lines, overwrite=overwrite)) is not None:
            changes["note"] = note
        if row.do_not_contact and not has.get("do_not_contact"):
            changes["do_not_contact"] = 1  # an import may set a ban, and never lifts one
        self.change(changes)
        self.given |= {*row.columns, *changes, *(("name",) if row.name else ()), *(BIRTHDAY if row.birthday else ())}
        return bool(changes)

    def merged_note(self, note: str, lines: Iterable[str] = (), *, overwrite: bool = False) -> str | None:
        """The note once a row has said this; None where it stays as it is.

        `lines` have no field of their own, a lunar birthday for one: they are added to whatever stands there.
        """
        own = merged = self.columns.get("note") or ""
        if note and note not in own:
            if own and (self.line or "note" in self.given):
                merged = f"{own}\n{note}"
            elif not own or overwrite:
                merged = note
        for line in lines:
            if line not in merged:
                merged = f"{merged}\n{line}".lstrip("\n")
        return merged if merged != own else None

    def _takes_birthday(self, birthday: Birthday, replaces: bool) -> bool:
        """A birthday is one value; a year is added to the day that is known, and never taken from it."""
        year, *day = (self.columns.get(column) for column in BIRTHDAY)
        if list(birthday[1:]) == day:
            return birthday[0] not in (None, year) and (year is None or replaces)
        return day[0] is None or replaces
