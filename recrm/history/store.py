"""All SQL about operations: which there were, which are in effect, and what they changed."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from recrm.clients.merges import OWN_IDS
from recrm.history.model import NOT_UNDOABLE, undone

if TYPE_CHECKING:
    import sqlite_utils

SORTS = {"newest": "operations.id DESC", "oldest": "operations.id"}

_AT_ONCE = 2_000

# What an agent calls the rows of a table, one of them.
TABLE_WORDS = {
    "clients": "the client",
    "client_types": "a client's type",
    "client_tags": "a tag",
    "contact_points": "a contact point",
    "contacts": "a contact",
    "follow_ups": "a follow-up",
    "complaints": "a complaint",
    "complaint_steps": "a complaint's step",
    "complaint_events": "a complaint's history",
    "consents": "a consent",
    "merges": "a merge",
}


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


def command_of(conn: sqlite3.Connection, number: int) -> str | None:
    """The command of an operation; None where there is none."""
    row = conn.execute("SELECT command FROM operations WHERE id = ?", (number,)).fetchone()
    return str(row[0]) if row else None


def has_changes(conn: sqlite3.Connection, number: int) -> bool:
    """Whether the journal still knows what the operation changed."""
    return conn.execute("SELECT 1 FROM changes WHERE operation_id = ? LIMIT 1", (number,)).fetchone() is not None


def newest_in_effect(conn: sqlite3.Connection, limit: int) -> list[int]:
    """The latest operations that an undo may take back, the newest first."""
    gone = undone(reversals(conn))
    asked = """
        SELECT id FROM operations
        WHERE command NOT IN (SELECT value FROM json_each(?))
            AND id NOT IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM reversals WHERE operation_id = operations.id)
            AND EXISTS (SELECT 1 FROM changes WHERE operation_id = operations.id)
        ORDER BY id DESC LIMIT ?
    """
    return [row[0] for row in conn.execute(asked, (json.dumps(NOT_UNDOABLE), json.dumps(list(gone)), limit)).fetchall()]


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
    asked = """
        SELECT first_lines.row_id, before FROM temp.first_lines JOIN changes ON changes.id = line
        WHERE first_lines.table_name = ? AND was_there AND first_lines.row_id > ?
        ORDER BY first_lines.row_id LIMIT ?
    """
    last = -1
    while rows := conn.execute(asked, (table, last, _AT_ONCE)).fetchall():
        last = rows[-1][0]
        yield [(row[0], json.loads(row[1])) for row in rows]


def changed_later(conn: sqlite3.Connection, numbers: Collection[int]) -> Later | None:
    """The newest operation in effect that changed a row after one of these did, not being one of them."""
    found = reversals(conn)
    asked = """
        SELECT later.operation_id, later.table_name, later.row_id
        FROM changes AS ours JOIN changes AS later USING (table_name, row_id)
        WHERE ours.operation_id IN (SELECT value FROM json_each(:ours)) AND later.operation_id > ours.operation_id
            AND later.operation_id NOT IN (SELECT value FROM json_each(:ours))
            AND later.operation_id NOT IN (SELECT value FROM json_each(:settled))
        ORDER BY later.operation_id DESC LIMIT 1
    """
    # An undo or a redo is no change of its own: what it leaves is the operations that are in effect.
    settled = [*undone(found), *found]
    row = conn.execute(asked, {"ours": json.dumps(list(numbers)), "settled": json.dumps(settled)}).fetchone()
    return Later(*row) if row else None


def point_taken_later(conn: sqlite3.Connection, numbers: Collection[int]) -> Later | None:
    """A phone or email in `first_lines`, put back, that an operation in effect has given to another client since.

    Two who share one because somebody said so (`--allow-duplicate`) go on sharing it.
    """
    found = reversals(conn)
    asked = """
        SELECT later.operation_id, 'contact_points', others.id
        FROM temp.first_lines
        JOIN contact_points AS ours ON ours.id = first_lines.row_id
        JOIN contact_points AS others USING (key, kind, extension)
        JOIN changes AS later ON later.table_name = 'contact_points' AND later.row_id = others.id
        WHERE first_lines.table_name = 'contact_points' AND was_there AND kind IN ('phone', 'email')
            AND others.client_id <> ours.client_id AND later.operation_id > :first
            AND later.operation_id NOT IN (SELECT value FROM json_each(:settled)) LIMIT 1
    """
    settled = [*undone(found), *found, *numbers]
    row = conn.execute(asked, {"first": min(numbers), "settled": json.dumps(settled)}).fetchone()
    return Later(*row) if row else None


def last_change(conn: sqlite3.Connection, table: str, row_id: int) -> int | None:
    """The newest operation in effect that changed a row."""
    found = reversals(conn)
    asked = """
        SELECT max(operation_id) FROM changes
        WHERE table_name = ? AND row_id = ? AND operation_id NOT IN (SELECT value FROM json_each(?))
    """
    row = conn.execute(asked, (table, row_id, json.dumps([*undone(found), *found]))).fetchone()
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
    asked = f"""
        FROM operations WHERE command <> 'digest' AND at >= coalesce(:since, '') AND (
            :client IS NULL OR id IN (
                SELECT operation_id FROM changes WHERE client_id IN ({OWN_IDS}) OR moved_to IN ({OWN_IDS})
            )
        )
    """
    values = {"since": since, "client": client_id, "most": -1 if limit is None else limit}
    total = int(conn.execute("SELECT count(*) " + asked, values).fetchone()[0])
    rows = conn.execute("SELECT id " + asked + " ORDER BY " + SORTS[sort] + " LIMIT :most", values).fetchall()
    return [row[0] for row in rows], total


def row_after(conn: sqlite3.Connection, table: str, row_id: int, operation: int) -> dict[str, Any]:
    """A row as an operation left it: what the next change found there, else what stands there now; empty: gone."""
    asked = """
        SELECT before FROM changes
        WHERE table_name = ? AND row_id = ? AND operation_id > ? AND action <> 'insert' ORDER BY id LIMIT 1
    """
    found = conn.execute(asked, (table, row_id, operation)).fetchone()
    if found:
        return dict(json.loads(found[0]))
    now = conn.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return dict(now) if now else {}


def row_before(conn: sqlite3.Connection, table: str, row_id: int, operation: int) -> dict[str, Any]:
    """A row as an operation found it; empty: it was not there."""
    asked = "SELECT before FROM changes WHERE table_name = ? AND row_id = ? AND operation_id = ? ORDER BY id LIMIT 1"
    found = conn.execute(asked, (table, row_id, operation)).fetchone()
    return dict(json.loads(found[0])) if found and found[0] else {}


def first_rows(conn: sqlite3.Connection, operation: int, table: str, limit: int, *, newest: bool = False) -> list[int]:
    """Ids of the first rows of a table that an operation changed; or of those that are the newest."""
    asked = """
        SELECT row_id FROM changes WHERE operation_id = :operation AND table_name = :table
        GROUP BY row_id ORDER BY CASE WHEN :newest THEN -row_id ELSE min(id) END LIMIT :most
    """
    values = {"operation": operation, "table": table, "newest": newest, "most": limit}
    return [row[0] for row in conn.execute(asked, values).fetchall()]


def counts(conn: sqlite3.Connection, operation: int, table: str) -> dict[str, int]:
    """How many rows of a table an operation added, changed and took away."""
    asked = """
        SELECT action, count(*) FROM (
            SELECT action, min(id) FROM changes WHERE operation_id = ? AND table_name = ? GROUP BY row_id
        ) GROUP BY action
    """
    return {row[0]: row[1] for row in conn.execute(asked, (operation, table)).fetchall()}
