"""Removing a person from one database: from every table, the journal, the text indexes, and the file's bytes.

It is one transaction, then a rewriting of the file. The tables forget first; the text indexes follow by the lines
that the journal writes of it, as they do in any operation; then the journal forgets those lines and all earlier
ones. A text index drops deleted words only when its parts are merged, and a page that is written anew may keep old
bytes between its cells, so the indexes are merged whole and the file is rewritten by VACUUM.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field

from recrm import slices
from recrm.clients import suppression
from recrm.clients.model import ContactPoint
from recrm.core.moments import to_utc_text
from recrm.privacy import traces
from recrm.privacy.traces import Traces, as_json
from recrm.storage.connections import transaction
from recrm.storage.db import Database, Operation
from recrm.storage.errors import from_sqlite_error


@dataclass
class Erased:
    """What went: rows by table, lines of the journal, and how many contact points are suppressed from now on."""

    client_id: int
    rows: dict[str, int] = field(default_factory=dict)
    journal_lines: int = 0
    suppressed: int = 0


def erase(
    database: Database, client_id: int, operation: Operation, *, suppress: bool, keep_operation: bool = True
) -> Erased:
    """Remove a person from this database but for its free bytes; see `rewrite`. Raises DatabaseTrouble.

    `suppress` leaves keyed hashes of their contact points. `keep_operation` False leaves no line that anything was
    done, for a backup, whose journal is to stay the beginning of the database's own.
    """
    erased = Erased(client_id)
    held: Traces

    def forget(conn: sqlite3.Connection, number: int) -> None:
        erased.journal_lines = _forget_lines(conn, held, number)
        merge_indexes(conn)
        if not keep_operation:
            conn.execute("DELETE FROM operations WHERE id = ?", (number,))
            # AUTOINCREMENT would remember the number, and the next operation leave a gap.
            newest = "(SELECT coalesce(max(id), 0) FROM operations)"
            conn.execute(f"UPDATE sqlite_sequence SET seq = {newest} WHERE name = 'operations'")

    with database.write(operation, at_the_end=forget) as db:
        held = traces.find(db.conn, client_id)
        if suppress:
            points = _own_points(db.conn, held)
            erased.suppressed = suppression.suppress(db.conn, points, to_utc_text(operation.at))
        _delete_rows(db.conn, held)
        erased.rows = {table: len(ids) for table, ids in held.rows.items() if ids}
    if not erased.rows:  # whoever is gone already: an operation that changes no row leaves no line, and ends before it
        erased.journal_lines = _forget_the_gone(database, client_id)
    return erased


def rewrite(database: Database) -> None:
    """Write the file anew, so that no freed byte of it remains. Raises DatabaseTrouble: locked, or no room for it."""
    try:
        database.conn.execute("VACUUM")
    except sqlite3.Error as error:
        raise from_sqlite_error(error, database.path) from error


def merge_indexes(conn: sqlite3.Connection) -> None:
    """Let the text indexes drop the words that were deleted: 0.6 s for a million contacts."""
    for index in slices.texts():
        conn.execute(f"INSERT INTO {index.name} ({index.name}) VALUES ('optimize')")


def _own_points(conn: sqlite3.Connection, found: Traces) -> list[ContactPoint]:
    """Their contact points but those that another client shares, who may still be called there."""
    rows = conn.execute(
        "SELECT kind, value, shown, key, extension FROM contact_points AS own "
        "WHERE client_id IN (SELECT value FROM json_each(?1)) AND NOT EXISTS ("
        "SELECT 1 FROM contact_points AS other WHERE other.key = own.key AND other.kind = own.kind "
        "AND other.extension = own.extension AND other.client_id NOT IN (SELECT value FROM json_each(?1)))",
        (as_json(found.ids),),
    ).fetchall()
    return [ContactPoint(*tuple(row)) for row in rows]


def _delete_rows(conn: sqlite3.Connection, found: Traces) -> None:
    for table, (column, to, _) in traces.pointing(conn):
        conn.execute(
            f'UPDATE "{table}" SET "{column}" = NULL WHERE "{column}" IN (SELECT value FROM json_each(?)) '
            "AND id NOT IN (SELECT value FROM json_each(?))",
            (as_json(found.rows[to]), as_json(found.rows.get(table, ()))),
        )
    for table, ids in reversed(found.rows.items()):
        # Rows that point to one another, as promises to contacts, go in this order; a client may have sent another.
        conn.execute(f'DELETE FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))', (as_json(ids),))


def _forget_lines(conn: sqlite3.Connection, held: Traces, number: int) -> int:
    """Delete their lines and those of the operation under way; in what stays, nothing points to them any more."""
    for table, (column, to, _) in traces.pointing(conn):
        pointed = conn.execute(
            "UPDATE changes SET before = json_set(before, ?, NULL) WHERE table_name = ? AND action <> 'insert' "
            "AND before ->> ? IN (SELECT value FROM json_each(?)) RETURNING row_id",
            (f'$."{column}"', table, column, as_json(held.ever(to))),
        ).fetchall()
        pointing = conn.execute(
            "SELECT row_id FROM changes WHERE operation_id = ? AND table_name = ? AND action = 'update'",
            (number, table),
        ).fetchall()
        _drop_empty(conn, table, {row[0] for row in (*pointed, *pointing)})
    doomed = json.dumps(sorted({line.id for line in held.lines} | held.beside))
    earlier = conn.execute("DELETE FROM changes WHERE id IN (SELECT value FROM json_each(?))", (doomed,)).rowcount
    conn.execute("DELETE FROM changes WHERE operation_id = ?", (number,))
    return earlier


def _drop_empty(conn: sqlite3.Connection, table: str, rows: set[int]) -> None:
    """Lines of others' rows that changed nothing but who sent them: to undo them would now change nothing."""
    columns = [row[0] for row in conn.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()]
    now = ", ".join(f"'{column}', \"{column}\"" for column in columns)
    conn.execute(
        f"""
        DELETE FROM changes
        WHERE table_name = ? AND row_id IN (SELECT value FROM json_each(?)) AND action = 'update' AND before = coalesce(
            (
                SELECT later.before FROM changes AS later WHERE later.table_name = changes.table_name
                    AND later.row_id = changes.row_id AND later.id > changes.id ORDER BY later.id LIMIT 1
            ),
            (SELECT json_object({now}) FROM "{table}" WHERE "{table}".id = changes.row_id)
        )
        """,
        (table, as_json(rows)),
    )


def _forget_the_gone(database: Database, client_id: int) -> int:
    """As the end of an erasure does, for somebody of whom only the journal still knows."""
    conn = database.conn
    try:
        with transaction(conn):
            forgotten = _forget_lines(conn, traces.find(conn, client_id), 0)
            merge_indexes(conn)
    except sqlite3.Error as error:
        raise from_sqlite_error(error, database.path) from error
    return forgotten
