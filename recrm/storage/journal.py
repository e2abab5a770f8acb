"""The change journal: triggers, generated from the schema, that write every row change of an operation as JSON.

They are made by each connection when it first writes, so that a new table or column is journaled without anybody
thinking of it, and reading never parses them. They are temporary because `trusted_schema` is off: SQLite 3.40 lets
no trigger of the file itself call `json_object`. The current operation is the newest one: only one process can
write at a time, and it records its operation first.

A line says whose row it is about, as the row stood before; where the change gave it to another client, as a merge
does, it says to whom, so that both find it.
"""

from __future__ import annotations

import sqlite3

from recrm.storage.ownership import client_tables
from recrm.storage.schema import columns, journaled_tables

_LINE = (
    "INSERT INTO changes (operation_id, table_name, row_id, action, before, client_id, moved_to) "
    "VALUES ((SELECT max(id) FROM operations)"
)


def triggers(conn: sqlite3.Connection) -> dict[str, str]:
    """Name and text of every journal trigger that the present schema calls for."""
    owned = {each.table: each for each in client_tables(conn)}
    made = {}
    for table in journaled_tables(conn):
        names = columns(conn, table)
        before = "json_object(" + ", ".join(f"'{name}', OLD.\"{name}\"" for name in names) + ")"
        changed = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in names)
        old, new, moved = "NULL", "NULL", "NULL"
        if table in owned:
            old, new = owned[table].owner("OLD"), owned[table].owner("NEW")
            column = owned[table].column
            moved = f'CASE WHEN OLD."{column}" IS NOT NEW."{column}" THEN nullif({new}, {old}) END'
        for action, event, values in (
            ("insert", "INSERT", f"'{table}', NEW.id, 'insert', NULL, {new}, NULL"),
            ("update", "UPDATE", f"'{table}', OLD.id, 'update', {before}, {old}, {moved}"),
            ("delete", "DELETE", f"'{table}', OLD.id, 'delete', {before}, {old}, NULL"),
        ):
            when = f"WHEN {changed} " if action == "update" else ""
            name = f"journal_{table}_{action}"
            made[name] = (
                f'CREATE TEMP TRIGGER "{name}" AFTER {event} ON main."{table}" {when}BEGIN {_LINE}, {values}); END'
            )
    return made


def install(conn: sqlite3.Connection) -> None:
    """Let every write of this connection be journaled, by what the present schema calls for."""
    # First, as it would take the triggers along. In a file, what SQLite notes for each statement that fires triggers,
    # in case it has to take back that one, made an undo of an import three times as long.
    conn.execute("PRAGMA temp_store=MEMORY")
    for statement in triggers(conn).values():
        conn.execute(statement)
