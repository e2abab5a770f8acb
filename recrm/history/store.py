"""All SQL about operations: which there were, which are in effect, and what they changed."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from recrm.clients.merges import OWN_IDS
from recrm.history.model import undone
from recrm.slices import history_lines
from recrm.storage.ownership import client_tables

if TYPE_CHECKING:
    import sqlite_utils

SORTS = {"newest": "operations.id DESC", "oldest": "operations.id"}

_AT_ONCE = 2_000


class Later(NamedTuple):
    """A change that stands in the way: its operation, the row's table and id."""

    operation: int
    table: str
    row_id: int


def reversals(conn: sqlite3.Connection) -> dict[int, list[int]]:
    """Every undo and redo with what it took back."""
    found: dict[int, list[int]] = defaultdict(list)
    for operation, target in conn.execute("SELECT operation_id, target_id FROM reversals").fetchall():
        found[operation].append(target)
    return dict(found)


def header(conn: sqlite3.Connection, number: int) -> tuple[str, str, str]:
    """An operation's command, agent and stored instant."""
    row = conn.execute("SELECT command, agent, at FROM operations WHERE id = ?", (number,)).fetchone()
    return row[0], row[1], row[2]


def command_of(conn: sqlite3.Connection, number: int) -> str | None:
    """The command of an operation; None where there is none."""
    row = conn.execute("SELECT command FROM operations WHERE id = ?", (number,)).fetchone()
    return str(row[0]) if row else None


def rows_by_table(conn: sqlite3.Connection, number: int) -> dict[str, int]:
    """How many rows an operation changed, by table."""
    query = "SELECT table_name, count(DISTINCT row_id) FROM changes WHERE operation_id = ? GROUP BY table_name"
    return {row[0]: row[1] for row in conn.execute(query, (number,)).fetchall()}


def has_changes(conn: sqlite3.Connection, number: int) -> bool:
    """Whether the journal still knows what the operation changed."""
    return conn.execute("SELECT 1 FROM changes WHERE operation_id = ? LIMIT 1", (number,)).fetchone() is not None


def newest_in_effect(conn: sqlite3.Connection, limit: int) -> list[int]:
    """The latest operations that an undo may take back, the newest first."""
    query = """
        SELECT id FROM operations
        WHERE command NOT IN (SELECT value FROM json_each(?))
            AND id NOT IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM reversals WHERE operation_id = operations.id)
            AND EXISTS (SELECT 1 FROM changes WHERE operation_id = operations.id)
        ORDER BY id DESC LIMIT ?
    """
    fixed, gone = json.dumps(sorted(not_undoable())), json.dumps(list(undone(reversals(conn))))
    return [row[0] for row in conn.execute(query, (fixed, gone, limit)).fetchall()]


def not_undoable() -> set[str]:
    """The commands whose slice says that they cannot be taken back."""
    return {command for command, line in history_lines().items() if not line.undoable}


def undos_in_effect(conn: sqlite3.Connection) -> list[int]:
    """The undos that a redo may take back, the newest first."""
    found = reversals(conn)
    gone = undone(found)
    return [n for n in sorted(found, reverse=True) if n not in gone and not any(t in found for t in found[n])]


def record_reversal(db: sqlite_utils.Database, targets: Iterable[int]) -> int:
    """Note what the current operation takes back; its number. The current one is the newest, as in the journal."""
    number = int(db.conn.execute("SELECT max(id) FROM operations").fetchone()[0])
    db.conn.executemany(
        "INSERT INTO reversals (operation_id, target_id) VALUES (?, ?)", [(number, target) for target in targets]
    )
    return number


@contextmanager
def first_lines(conn: sqlite3.Connection, numbers: Collection[int]) -> Iterator[None]:
    """The first line of every row that these operations changed, in a temporary table `first_lines` meanwhile.

    An import has a hundred thousand: they stay with SQLite, and come out in batches.
    """
    conn.execute(
        "CREATE TEMP TABLE first_lines (table_name TEXT, row_id INTEGER, line INTEGER, was_there INTEGER, "
        "PRIMARY KEY (table_name, row_id)) WITHOUT ROWID"
    )
    try:
        conn.execute(
            "INSERT INTO temp.first_lines SELECT table_name, row_id, id, action <> 'insert' FROM changes WHERE id IN ("
            "SELECT min(id) FROM changes WHERE operation_id IN (SELECT value FROM json_each(?)) "
            "GROUP BY table_name, row_id)",
            (json.dumps(list(numbers)),),
        )
        yield
    finally:
        conn.execute("DROP TABLE temp.first_lines")


def first_tables(conn: sqlite3.Connection) -> list[str]:
    """The tables in `first_lines`."""
    return [row[0] for row in conn.execute("SELECT DISTINCT table_name FROM temp.first_lines").fetchall()]


def first_befores(conn: sqlite3.Connection, table: str) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    """Ids and contents of the rows of a table in `first_lines` that were there, some at a time."""
    query = """
        SELECT first_lines.row_id, before FROM temp.first_lines JOIN changes ON changes.id = line
        WHERE first_lines.table_name = ? AND was_there AND first_lines.row_id > ?
        ORDER BY first_lines.row_id LIMIT ?
    """
    last = -1
    while rows := conn.execute(query, (table, last, _AT_ONCE)).fetchall():
        last = rows[-1][0]
        yield [(row[0], json.loads(row[1])) for row in rows]


def changed_later(conn: sqlite3.Connection, numbers: Collection[int]) -> Later | None:
    """The newest operation in effect that changed a row after one of these did, not being one of them."""
    query = """
        SELECT later.operation_id, later.table_name, later.row_id
        FROM changes AS ours JOIN changes AS later USING (table_name, row_id)
        WHERE ours.operation_id IN (SELECT value FROM json_each(:ours)) AND later.operation_id > ours.operation_id
            AND later.operation_id NOT IN (SELECT value FROM json_each(:settled))
        ORDER BY later.operation_id DESC LIMIT 1
    """
    # An undo or a redo is no change of its own: what it leaves is the operations that are in effect.
    settled = settled_by(conn, numbers)
    row = conn.execute(query, {"ours": json.dumps(list(numbers)), "settled": json.dumps(settled)}).fetchone()
    return Later(*row) if row else None


def settled_by(conn: sqlite3.Connection, numbers: Collection[int]) -> list[int]:
    """Operations that are no later change to these: undos, redos, what is undone, and these themselves."""
    found = reversals(conn)
    return [*undone(found), *found, *numbers]


def last_change(conn: sqlite3.Connection, table: str, row_id: int) -> int | None:
    """The newest operation in effect that changed a row."""
    query = """
        SELECT max(operation_id) FROM changes
        WHERE table_name = ? AND row_id = ? AND operation_id NOT IN (SELECT value FROM json_each(?))
    """
    row = conn.execute(query, (table, row_id, json.dumps(settled_by(conn, ())))).fetchone()
    return None if row[0] is None else int(row[0])


def listed(
    conn: sqlite3.Connection,
    *,
    client_id: int | None = None,
    since: str | None = None,
    sort: str = "newest",
    limit: int | None = None,
) -> tuple[list[int], int]:
    """Numbers of the operations that pass every filter, and how many there are. `since` is a stored instant."""
    query = f"""
        FROM operations
        WHERE command NOT IN (SELECT value FROM json_each(:unlisted)) AND at >= coalesce(:since, '')
            AND (:client IS NULL OR id IN (
                SELECT operation_id FROM changes WHERE client_id IN ({OWN_IDS}) OR moved_to IN ({OWN_IDS})
            ))
    """
    unlisted = json.dumps([command for command, line in history_lines().items() if not line.listed])
    params = {"unlisted": unlisted, "since": since, "client": client_id, "most": -1 if limit is None else limit}
    total = int(conn.execute("SELECT count(*) " + query, params).fetchone()[0])
    rows = conn.execute("SELECT id " + query + " ORDER BY " + SORTS[sort] + " LIMIT :most", params).fetchall()
    return [row[0] for row in rows], total


def owner(conn: sqlite3.Connection, table: str, row_id: int, operation: int) -> int | None:
    """The client to whom a row belonged after an operation; None for nobody's, and for one that is not known."""
    line = conn.execute(
        "SELECT coalesce(moved_to, client_id) FROM changes "
        "WHERE table_name = ? AND row_id = ? AND operation_id <= ? ORDER BY id DESC LIMIT 1",
        (table, row_id, operation),
    ).fetchone()
    if line:
        return None if line[0] is None else int(line[0])
    for owned in client_tables(conn):
        if owned.table == table:
            row = conn.execute(f'SELECT {owned.owner(table)} FROM "{table}" WHERE id = ?', (row_id,)).fetchone()
            return int(row[0]) if row else None
    return None


def row_after(conn: sqlite3.Connection, table: str, row_id: int, operation: int) -> dict[str, Any]:
    """A row as an operation left it: what the next change found there, else what stands there now; empty: gone."""
    query = """
        SELECT before FROM changes
        WHERE table_name = ? AND row_id = ? AND operation_id > ? AND action <> 'insert' ORDER BY id LIMIT 1
    """
    found = conn.execute(query, (table, row_id, operation)).fetchone()
    if found:
        return dict(json.loads(found[0]))
    now = conn.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return dict(now) if now else {}


def row_before(conn: sqlite3.Connection, table: str, row_id: int, operation: int) -> dict[str, Any]:
    """A row as an operation found it; empty: it was not there."""
    query = "SELECT before FROM changes WHERE table_name = ? AND row_id = ? AND operation_id = ? ORDER BY id LIMIT 1"
    found = conn.execute(query, (table, row_id, operation)).fetchone()
    return dict(json.loads(found[0])) if found and found[0] else {}


def first_rows(conn: sqlite3.Connection, operation: int, table: str, limit: int, *, newest: bool = False) -> list[int]:
    """Ids of the first rows of a table that an operation changed; or of those that are the newest."""
    query = """
        SELECT row_id FROM changes WHERE operation_id = :operation AND table_name = :table
        GROUP BY row_id ORDER BY CASE WHEN :newest THEN -row_id ELSE min(id) END LIMIT :most
    """
    params = {"operation": operation, "table": table, "newest": newest, "most": limit}
    return [row[0] for row in conn.execute(query, params).fetchall()]


def counts(conn: sqlite3.Connection, operation: int, table: str) -> dict[str, int]:
    """How many rows of a table an operation added, changed and took away."""
    query = """
        SELECT action, count(*) FROM (
            SELECT action, min(id) FROM changes WHERE operation_id = ? AND table_name = ? GROUP BY row_id
        ) GROUP BY action
    """
    return {row[0]: row[1] for row in conn.execute(query, (operation, table)).fetchall()}
