"""Everything that is held about one person: their rows, and what the journal still remembers of them.

A line of the journal says whose row it is about. Only where two clients were taken for one, and the merge was undone,
do lines of one hold words of the other.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from recrm.clients.merges import UndoneMerge, own_ids, undone_merges
from recrm.storage.ownership import client_tables
from recrm.storage.schema import Reference, journaled_tables, references


class Line(NamedTuple):
    """One line of the journal: a row's change, and, but for an insert, the row before it."""

    id: int
    operation_id: int
    table: str
    row_id: int
    action: str
    before: dict[str, Any] | None


@dataclass
class Traces:
    """What is held about the person whom `ids` mean: their own, and those that were merged into it.

    `lines` tell of the person. `beside` are the ids of lines that tell of somebody else and hold the person's words
    or id: of a row that once was theirs, or of another client while the two were taken for one.
    """

    ids: set[int]
    rows: dict[str, list[int]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    beside: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many rows are theirs today."""
        return sum(len(ids) for ids in self.rows.values())

    def ever(self, table: str) -> set[int]:
        """Rows of a table that are or were theirs."""
        own = self.ids if table == "clients" else set()
        return own | set(self.rows.get(table, ())) | {line.row_id for line in self.lines if line.table == table}


def find(conn: sqlite3.Connection, client_id: int) -> Traces:
    """Gather a person's rows and lines; `client_id` may be of somebody who is gone, and whom the journal remembers."""
    traces = Traces(own_ids(conn, client_id))
    for table, condition, *_rest in client_tables(conn):
        query = f'SELECT id FROM "{table}" WHERE {condition}'
        traces.rows[table] = sorted({row[0] for own in traces.ids for row in conn.execute(query, (own,)).fetchall()})
    rows = conn.execute(
        "SELECT id, operation_id, table_name, row_id, action, before FROM changes "
        "WHERE client_id IN (SELECT value FROM json_each(?1)) OR moved_to IN (SELECT value FROM json_each(?1)) "
        "ORDER BY id",
        (as_json(traces.ids),),
    ).fetchall()
    lines = [Line(*row)._replace(before=json.loads(row[5]) if row[5] else None) for row in map(tuple, rows)]
    merges = undone_merges(conn, traces.ids)
    apart = _of_rows_that_moved_on(conn, traces, lines).union(
        *(_of_rows_that_held_both(lines, merge) for merge in merges if merge.is_kept)
    )
    traces.lines = [line for line in lines if line.id not in apart]
    traces.beside = apart.union(*(_of_the_other(conn, merge) for merge in merges)) - {line.id for line in traces.lines}
    return traces


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


def _of_rows_that_moved_on(conn: sqlite3.Connection, traces: Traces, lines: Iterable[Line]) -> set[int]:
    """Lines of rows that belong to somebody else today: it is them that these lines tell of."""
    found: set[int] = set()
    for table, own in traces.rows.items():
        others = [line for line in lines if line.table == table and line.row_id not in set(own)]
        query = f'SELECT id FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))'
        still = {row[0] for row in conn.execute(query, (as_json({line.row_id for line in others}),)).fetchall()}
        found |= {line.id for line in others if line.row_id in still}
    return found


def _of_rows_that_held_both(lines: Iterable[Line], merge: UndoneMerge) -> set[int]:
    """Lines of their own rows, from the merge to its undoing, that may hold the other's words: a note for both."""
    during = [line for line in lines if merge.since <= line.operation_id <= merge.until]
    split = {(line.table, line.row_id) for line in during if line.operation_id == merge.until}
    return {line.id for line in during if (line.table, line.row_id) in split}


def _of_the_other(conn: sqlite3.Connection, merge: UndoneMerge) -> set[int]:
    """Lines of the other client, from the merge to its undoing, that may hold this person's words.

    The two operations themselves go whole, because half of one could neither be undone nor be done again.
    """
    rows = conn.execute(
        "SELECT id FROM changes WHERE operation_id IN (:since, :until) "
        "OR NOT :is_kept AND operation_id BETWEEN :since AND :until AND client_id = :kept_id",
        merge._asdict(),
    ).fetchall()
    return {row[0] for row in rows}
