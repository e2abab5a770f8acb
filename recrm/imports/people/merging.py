"""What a row adds to a client who is there already: blanks filled, or replaced where that was asked for.

Within one file the first row wins: a later row of the same client fills what is blank and adds its note, also
under `--overwrite`, so that importing a file twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recrm.clients.fieldtable import BY_NAME
from recrm.core.i18n import _
from recrm.core.text import fold
from recrm.imports.people.preparing import Birthday, Key, Prepared, is_identity

BIRTHDAY = BY_NAME["birthday"].columns


@dataclass(slots=True)
class Known:
    """A client as they stand after the rows planned so far; `line` is that of the row that adds them, else 0."""

    id: int
    columns: dict[str, Any]
    keys: list[Key]
    tags: list[str]  # in lower case
    types: list[str]
    line: int = 0
    is_written: bool = False
    changed: dict[str, Any] = field(default_factory=dict)
    given: frozenset[str] = frozenset()  # what this file has said already

    @property
    def label(self) -> str:
        """For a person: a client of the file has no number yet."""
        return client_label(self.columns["name"], self.id, self.line)

    def is_called(self, folded: str) -> bool:
        """Whether their name is this one, folded."""
        return fold(self.columns["name"]) == folded

    @property
    def is_reachable(self) -> bool:
        return any(is_identity(key) for key in self.keys)

    def change(self, changes: dict[str, Any]) -> None:
        """Let these columns be so."""
        self.columns.update(changes)
        if self.is_written:
            self.changed.update(changes)

    def has_been_given(self, row: Prepared, changes: Iterable[str]) -> None:
        """Remember what the row has said, whether or not it changed anything."""
        names = ("name",) if row.name else ()
        self.given |= {*row.columns, *changes, *names, *(BIRTHDAY if row.birthday else ())}


def client_label(name: str, client_id: int, line: int = 0) -> str:
    """`Ann (#3)`, or `Ann (line 7)` of whom the file adds there."""
    return _("{name} (line {line})", name=name, line=line) if line else _("{client} (#{id})", client=name, id=client_id)


def changes_of(client: Known, row: Prepared, *, overwrite: bool, stamp: str) -> dict[str, Any]:
    """Columns that this row changes; `stamp` is this moment, as stored."""
    has, given = client.columns, client.given
    replaces = overwrite and not client.line
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
    if row.birthday:
        changes |= _birthday_changes(has, row.birthday, replaces and "birth_month" not in given)
    if (note := merged_note(client, row.note, row.lines, overwrite=overwrite)) is not None:
        changes["note"] = note
    if row.do_not_contact and not has.get("do_not_contact"):
        changes["do_not_contact"] = 1  # an import may set a ban, and never lifts one
    return changes


def merged_note(client: Known, note: str, lines: Iterable[str] = (), *, overwrite: bool = False) -> str | None:
    """The client's note once a row has said this; None where it stays as it is.

    `lines` have no field of their own, a lunar birthday for one: they are added to whatever stands there.
    """
    own = merged = client.columns.get("note") or ""
    if note and note not in own:
        if own and (client.line or "note" in client.given):
            merged = f"{own}\n{note}"
        elif not own or overwrite:
            merged = note
    for line in lines:
        if line not in merged:
            merged = f"{merged}\n{line}".lstrip("\n")
    return merged if merged != own else None


def _birthday_changes(has: dict[str, Any], birthday: Birthday, replaces: bool) -> dict[str, Any]:
    """A birthday is one value; a year is added to the day that is known, and never taken from it."""
    own = tuple(has.get(column) for column in BIRTHDAY)
    if birthday[1:] == own[1:]:
        fills = birthday[0] is not None and birthday[0] != own[0] and (own[0] is None or replaces)
    else:
        fills = own[1] is None or replaces
    return dict(zip(BIRTHDAY, birthday, strict=True)) if fills else {}
