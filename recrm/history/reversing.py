"""Operations taken back: every row they changed is put as it was before the first of them.

Nothing is put back over somebody's later work: a row that an operation in effect changed since, a row that still
points to one that would go, and a place that another row has taken since, each refuse the whole of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from recrm.clients import point_conflicts
from recrm.history import store
from recrm.history.store import Later
from recrm.storage.schema import columns, journaled_tables, references

if TYPE_CHECKING:
    import sqlite_utils


class InTheWay(Exception):
    """A later change that what is taken back would destroy or contradict."""

    def __init__(self, later: Later) -> None:
        super().__init__(later)
        self.later = later


def reverse(db: sqlite_utils.Database, numbers: Collection[int]) -> None:
    """Put every row as it was before these operations; inside the caller's transaction. Raises InTheWay."""
    conn = db.conn
    if later := store.changed_later(conn, numbers):
        raise InTheWay(later)
    conn.execute("PRAGMA defer_foreign_keys = ON")
    with store.first_lines(conn, numbers):
        tables = [table for table in journaled_tables(conn) if table in store.first_tables(conn)]
        for table in tables:
            _take_away(conn, table)
        for table in tables:
            for rows in store.first_befores(conn, table):
                _put_back(conn, table, rows)
        for table in tables:
            _refuse_orphans(conn, table)
            _refuse_strays(conn, table)
        if given := point_conflicts.given_later(conn, min(numbers), store.settled_by(conn, numbers)):
            raise InTheWay(Later(*given))


def _take_away(conn: sqlite3.Connection, table: str) -> None:
    """Rows that were not there; and, where a table allows no two alike, those that trade places go first."""
    conn.execute(
        f"DELETE FROM {table} WHERE id IN ("
        "SELECT row_id FROM temp.first_lines WHERE table_name = ? AND (NOT was_there OR ?))",
        (table, bool(_unique_columns(conn, table))),
    )


def _put_back(conn: sqlite3.Connection, table: str, rows: Collection[tuple[int, dict[str, Any]]]) -> None:
    """Rows as they were; a column that is newer than the journal's line keeps what it holds."""
    fields = set(columns(conn, table))
    query = f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?))"
    there = {row[0] for row in conn.execute(query, (json.dumps([row_id for row_id, _ in rows]),)).fetchall()}
    # By the columns that they know, for those of one statement have the same.
    changed: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    gone: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row_id, before in rows:
        known = {name: value for name, value in before.items() if name in fields}
        (changed if row_id in there else gone)[tuple(known)].append(known)
    for names, olds in changed.items():
        assigned = ", ".join(f'"{name}" = :{name}' for name in names)
        conn.executemany(f"UPDATE {table} SET {assigned} WHERE id = :id", olds)
    for names, olds in gone.items():
        listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
        try:
            conn.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", olds)
        except sqlite3.IntegrityError:
            for known in olds:
                if taken := _taken(conn, table, known):
                    raise InTheWay(taken) from None
            raise


def _unique_columns(conn: sqlite3.Connection, table: str) -> list[list[str]]:
    """The columns of each index that allows no two rows alike, the id's own aside."""
    indexes = conn.execute("SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND origin <> 'pk'", (table,))
    return [
        [row[0] for row in conn.execute("SELECT name FROM pragma_index_info(?)", (name,)).fetchall()]
        for (name,) in indexes.fetchall()
    ]


def _taken(conn: sqlite3.Connection, table: str, row: dict[str, Any]) -> Later | None:
    """Another row that now stands where this one stood."""
    for names in _unique_columns(conn, table):
        where = " AND ".join(f'"{name}" IS ?' for name in names)
        values = [*(row.get(name) for name in names), row["id"]]
        found = conn.execute(f"SELECT id FROM {table} WHERE {where} AND id <> ?", values).fetchone()
        if found and (operation := store.last_change(conn, table, found[0])):
            return Later(operation, table, found[0])
    return None


def _refuse_orphans(conn: sqlite3.Connection, table: str) -> None:
    """Refuse where another row still points to one that was taken away."""
    for child in journaled_tables(conn):
        for key in references(conn, child):
            if key.to == table:
                _refuse_first(
                    conn,
                    child,
                    f'SELECT id FROM {child} WHERE "{key.column}" IN ('
                    "SELECT row_id FROM temp.first_lines WHERE table_name = ? AND NOT was_there) LIMIT 1",
                    table,
                )


def _refuse_strays(conn: sqlite3.Connection, table: str) -> None:
    """Refuse where a row that was put back points to one that is gone since."""
    for key in references(conn, table):
        _refuse_first(
            conn,
            key.to,
            f'SELECT "{key.column}" FROM {table} WHERE id IN ('
            "SELECT row_id FROM temp.first_lines WHERE table_name = ? AND was_there) "
            f'AND "{key.column}" IS NOT NULL AND "{key.column}" NOT IN (SELECT id FROM {key.to}) LIMIT 1',
            table,
        )


def _refuse_first(conn: sqlite3.Connection, place: str, query: str, table: str) -> None:
    found = conn.execute(query, (table,)).fetchone()
    if found:
        raise InTheWay(Later(store.last_change(conn, place, found[0]) or 0, place, found[0]))
