"""The change journal: triggers, generated from the schema, that write every row change of an operation as JSON.

They are made by each connection when it first writes, so that a new table or column is journaled without anybody
thinking of it, and reading never parses them. They are temporary because `trusted_schema` is off: SQLite 3.40 lets
no trigger of the file itself call `json_object`. The current operation is the newest one: only one process can
write at a time, and it records its operation first.
"""

from __future__ import annotations

import sqlite3

# Not journaled: the journal itself, what is derived from other tables, and what an erasure leaves, as none is undone.
UNJOURNALED = frozenset(
    {"operations", "changes", "reversals", "standing", "suppressions", "suppression_key", "sqlite_sequence"}
)

_LINE = (
    "INSERT INTO changes (operation_id, table_name, row_id, action, before) VALUES ((SELECT max(id) FROM operations)"
)


def journaled_tables(conn: sqlite3.Connection) -> list[str]:
    """The tables that hold facts: all but the journal, derived ones and full-text indexes."""
    rows = conn.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return sorted(name for (name,) in rows if name not in UNJOURNALED)


def triggers(conn: sqlite3.Connection) -> dict[str, str]:
    """Name and text of every journal trigger that the present schema calls for."""
    made = {}
    for table in journaled_tables(conn):
        columns = [row[1] for row in conn.execute("SELECT * FROM pragma_table_info(?)", (table,)).fetchall()]
        before = "json_object(" + ", ".join(f"'{column}', OLD.\"{column}\"" for column in columns) + ")"
        changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
        for action, event, values in (
            ("insert", "INSERT", f"'{table}', NEW.id, 'insert', NULL"),
            ("update", "UPDATE", f"'{table}', OLD.id, 'update', {before}"),
            ("delete", "DELETE", f"'{table}', OLD.id, 'delete', {before}"),
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
