"""Everything that is held about one person: their rows, and what the journal still remembers of them.

A journal line says which row it is about, and how that row was before; whose row it was only the row itself can say.
So a row's lines are cut into lives, from an insert to a delete, because SQLite gives the number of a deleted row to a
later one. A life is the person's when the row it leads to is theirs today or, once that is gone, when any earlier
state of it names them, an id that was merged into theirs, or a row of theirs (a step its complaint).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from recrm.storage.journal import journaled_tables
from recrm.storage.ownership import client_tables


class Line(NamedTuple):
    """One line of the journal: a row's change, and, but for an insert, the row before it."""

    id: int
    operation_id: int
    table: str
    row_id: int
    action: str
    before: dict[str, Any] | None


class Reference(NamedTuple):
    """A column that points to a row of another table."""

    column: str
    to: str
    is_nullable: bool


@dataclass
class Traces:
    """What is held about the person whom `ids` mean: their own, and those that were merged into it.

    `lines` tell of the person. `beside` tell of others, but hold the person's id or words: a line of another's row
    that once was theirs, or of another client while the two were taken for one.
    """

    ids: set[int]
    rows: dict[str, list[int]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    beside: list[int] = field(default_factory=list)
    ever: dict[str, set[int]] = field(default_factory=dict)  # rows that are or were theirs, by table

    @property
    def count(self) -> int:
        """How many rows are theirs today."""
        return sum(len(ids) for ids in self.rows.values())


def find(conn: sqlite3.Connection, client_id: int) -> Traces:
    """Gather a person's rows and lines; `client_id` may be of somebody who is gone, and whom the journal remembers."""
    traces = Traces(_ids(conn, client_id))
    found = client_tables(conn)
    tables = {each.table for each in found}
    for table, condition, is_direct in found:
        now = sorted(
            {
                int(row[0])
                for one in traces.ids
                for row in conn.execute(f'SELECT id FROM "{table}" WHERE {condition}', (one,)).fetchall()
            }
        )
        traces.rows[table] = now
        if table == "clients":
            naming = [("id", traces.ids)]
        elif is_direct:
            naming = [("client_id", traces.ids)]
        else:
            naming = [(each.column, traces.ever[each.to]) for each in references(conn, table) if each.to in traces.ever]
        was = _once(conn, table, naming) | (traces.ids if table == "clients" else set())
        traces.ever[table] = was | set(now)
        _take_lines(conn, traces, table, naming)
    _take_lines_of_undone_merges(conn, traces, tables)
    traces.lines.sort()
    return traces


def references(conn: sqlite3.Connection, table: str) -> list[Reference]:
    """Where a table's rows point to."""
    rows = conn.execute(
        'SELECT keys."from", keys."table", NOT columns."notnull" FROM pragma_foreign_key_list(?1) AS keys '
        'JOIN pragma_table_info(?1) AS columns ON columns.name = keys."from"',
        (table,),
    ).fetchall()
    return [Reference(row[0], row[1], bool(row[2])) for row in rows]


def pointing(conn: sqlite3.Connection) -> list[tuple[str, Reference]]:
    """Every column that points to what belongs to clients, but those that make a row somebody's."""
    tables = {each.table for each in client_tables(conn)}
    return [
        (table, each)
        for table in journaled_tables(conn)
        for each in references(conn, table)
        if each.to in tables and each.column != "client_id" and each.is_nullable
    ]


def as_json(ids: Iterable[int]) -> str:
    """Ids as one value of a query."""
    return json.dumps(sorted(ids))


def _ids(conn: sqlite3.Connection, client_id: int) -> set[int]:
    """The id and all that have become it, through as many merges as it took."""
    ids, asked = {client_id}, {client_id}
    while asked:
        rows = conn.execute(
            "SELECT merged_id FROM merges WHERE client_id IN (SELECT value FROM json_each(?))", (as_json(asked),)
        ).fetchall()
        asked = {int(row[0]) for row in rows} - ids
        ids |= asked
    return ids


def _once(conn: sqlite3.Connection, table: str, naming: list[tuple[str, set[int]]]) -> set[int]:
    """Rows of which an earlier state names the person."""
    found: set[int] = set()
    for column, owners in naming:
        rows = conn.execute(
            "SELECT DISTINCT row_id FROM changes WHERE table_name = ? AND action <> 'insert' "
            "AND before ->> ? IN (SELECT value FROM json_each(?))",
            (table, column, as_json(owners)),
        ).fetchall()
        found |= {int(row[0]) for row in rows}
    return found


def _take_lines(conn: sqlite3.Connection, traces: Traces, table: str, naming: list[tuple[str, set[int]]]) -> None:
    mine = set(traces.rows[table])
    existing = {
        row[0]
        for row in conn.execute(
            f'SELECT id FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))', (as_json(traces.ever[table]),)
        ).fetchall()
    }
    rows = conn.execute(
        "SELECT id, operation_id, table_name, row_id, action, before FROM changes "
        "WHERE table_name = ? AND row_id IN (SELECT value FROM json_each(?)) ORDER BY row_id, id",
        (table, as_json(traces.ever[table])),
    ).fetchall()
    lines = [Line(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]) if row[5] else None) for row in rows]

    def names(line: Line) -> bool:
        before = line.before or {}
        return any(before.get(column) in owners for column, owners in naming)

    for row_id, of_row in groupby(lines, key=lambda line: line.row_id):
        lives = _lives(list(of_row))
        for place, life in enumerate(lives):
            is_last = place == len(lives) - 1 and life[-1].action != "delete"
            if row_id in mine if is_last and row_id in existing else any(map(names, life)):
                traces.lines += life
            else:
                traces.beside += [line.id for line in life if names(line)]


def _lives(lines: list[Line]) -> list[list[Line]]:
    """The lines of one row, cut where it was deleted or made anew."""
    lives: list[list[Line]] = []
    for line in lines:
        if not lives or line.action == "insert" or lives[-1][-1].action == "delete":
            lives.append([])
        lives[-1].append(line)
    return lives


def _take_lines_of_undone_merges(conn: sqlite3.Connection, traces: Traces, tables: set[str]) -> None:
    """While two clients were taken for one, the other's lines may hold this person's words, a note for one."""
    if "merges" not in tables:
        return
    rows = conn.execute(
        "SELECT row_id, operation_id, before ->> 'client_id' FROM changes WHERE table_name = 'merges' "
        "AND action <> 'insert' AND before ->> 'merged_id' IN (SELECT value FROM json_each(?))",
        (as_json(traces.ids),),
    ).fetchall()
    for row_id, until, other in rows:
        if other in traces.ids:
            continue
        since = conn.execute(
            "SELECT coalesce(max(operation_id), 0) FROM changes "
            "WHERE table_name = 'merges' AND row_id = ? AND action = 'insert' AND operation_id <= ?",
            (row_id, until),
        ).fetchone()[0]
        # Both operations go whole, because half of one could neither be undone nor be done again.
        lines = conn.execute(
            "SELECT id FROM changes WHERE operation_id IN (?1, ?2) OR (operation_id BETWEEN ?1 AND ?2 "
            "AND (before ->> 'client_id' = ?3 OR (table_name = 'clients' AND row_id = ?3)))",
            (since, until, other),
        ).fetchall()
        traces.beside += [row[0] for row in lines]
