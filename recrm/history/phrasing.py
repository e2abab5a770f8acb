"""What an operation did, in the agent's words: read off the journal, so that nothing personal is stored twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

from recrm import slices
from recrm.core.i18n import _, ngettext
from recrm.core.labels import enumeration
from recrm.core.moments import from_utc_text
from recrm.core.slice import HistoryLine, load
from recrm.core.text import clean_line, shorten
from recrm.history import store
from recrm.history.model import Done, undone
from recrm.storage.ownership import CLIENTS

_TEXT_WIDTH = 60  # columns of a text that is cited
_MOST_TEXTS = 20


class OperationChanges:
    """What one operation changed, as a slice's own words ask for it (`recrm.core.slice.Changes`)."""

    def __init__(self, conn: sqlite3.Connection, number: int, rows: Mapping[str, int]) -> None:
        self._conn, self.number, self._rows = conn, number, rows

    @property
    def rows(self) -> Mapping[str, int]:
        """How many rows it changed, by table."""
        return self._rows

    def counts(self, table: str) -> Mapping[str, int]:
        """How many rows of a table it added (`insert`), changed (`update`) and took away (`delete`)."""
        return store.counts(self._conn, self.number, table)

    def first(self, table: str, limit: int) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """The first rows of a table that it changed, each before and after; empty where it was not there."""
        return [self.row(table, row_id) for row_id in store.first_rows(self._conn, self.number, table, limit)]

    def client(self, client_id: int | None) -> str:
        """A client as they were called then, with their id; `a client` where that is not known any more."""
        return client_label(self._conn, client_id, self.number) or _("a client")

    def row(self, table: str, row_id: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """A row before and after; empty where it was not there."""
        before = store.row_before(self._conn, table, row_id, self.number)
        return before, store.row_after(self._conn, table, row_id, self.number)


def done(conn: sqlite3.Connection, numbers: Iterable[int], zone: tzinfo) -> list[Done]:
    """These operations, in their order."""
    found = store.reversals(conn)
    gone = undone(found)
    made = []
    for number in numbers:
        command, agent, at = store.header(conn, number)
        rows = store.rows_by_table(conn, number)
        reverses = tuple(sorted(found.get(number, ())))
        if reverses:
            summary = _reversal(command, reverses, found)
        else:
            summary = _summary(conn, command, OperationChanges(conn, number, rows), zone)
        made.append(Done(number, command, agent, from_utc_text(at, zone), summary, gone.get(number), reverses, rows))
    return made


def affected(conn: sqlite3.Connection, table: str, row_id: int, operation: int) -> str:
    """The row that a later operation changed: `the client 李娜 (#1)`, `a tag of 李娜 (#1)`."""
    described = slices.tables().get(table)
    row = _(described.one) if described else _("a row")
    client = client_label(conn, store.owner(conn, table, row_id, operation), operation)
    if not client:
        return row
    if table == CLIENTS:
        return _("{row} {client}", row=row, client=client)
    return _("{row} of {client}", row=row, client=client)


def client_label(conn: sqlite3.Connection, client_id: int | None, operation: int) -> str:
    """A client as they were called then; empty where that is not known any more."""
    if client_id is None:
        return ""
    row = store.row_after(conn, CLIENTS, client_id, operation) or store.row_before(conn, CLIENTS, client_id, operation)
    return _("{client} (#{id})", client=clean_line(row["name"]), id=client_id) if row else f"#{client_id}"


def _reversal(command: str, reverses: tuple[int, ...], found: Mapping[int, Iterable[int]]) -> str:
    """An undo, or a redo, which takes back undos."""
    if command == "redo":
        targets = sorted(target for undo in reverses for target in found.get(undo, ()))
        again = enumeration(map(str, targets))
        count = len(targets)
        return ngettext("Did operation {numbers} again.", "Did operations {numbers} again.", count, numbers=again)
    numbers = enumeration(map(str, reverses))
    return ngettext("Took back operation {numbers}.", "Took back operations {numbers}.", len(reverses), numbers=numbers)


def _summary(conn: sqlite3.Connection, command: str, changes: OperationChanges, zone: tzinfo) -> str:
    """One sentence on what an operation did, as its slice words it."""
    line = slices.history_lines().get(command, HistoryLine())
    if line.template and not line.about:
        return _(line.template)
    if not changes.rows:
        return _("What it changed was erased.")
    if line.worded:
        return str(load(line.worded)(changes))
    most = _MOST_TEXTS if "{texts}" in line.template else 1
    ids = store.first_rows(conn, changes.number, line.about, most, newest=line.newest)
    if not line.template or not ids:
        count = sum(changes.rows.values())
        return ngettext("{command}: {n} row changed.", "{command}: {n} rows changed.", count, command=command)
    rows = [after or before for before, after in (changes.row(line.about, row_id) for row_id in ids)]
    row = rows[0]
    column, cases = line.cases
    owner = store.owner(conn, line.about, ids[0], changes.number)
    return _(
        cases.get(str(row.get(column)), line.template),
        **{
            **row,
            "id": ids[0],
            "client": changes.client(owner),
            "due": _due(row, zone),
            "text": _cited(row.get(line.text)),
            "texts": enumeration(str(each[line.text]) for each in rows if each.get(line.text)),
        },
    )


def _cited(text: object) -> str:
    return _("“{text}”", text=shorten(clean_line(str(text)), _TEXT_WIDTH)) if text else _("no words")


def _due(row: Mapping[str, Any], zone: tzinfo) -> str:
    if row.get("due_day"):
        return str(row["due_day"])
    if not row.get("due_at"):
        return ""
    return f"{from_utc_text(row['due_at'], zone):%Y-%m-%d %H:%M}"
