"""What the file's own schema says: which tables hold facts, and where their rows point."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from recrm import slices

# Not journaled, as they are not undone: the journal itself, what is derived from other tables, SQLite's own.
_NO_FACTS = frozenset({"operations", "changes", "reversals", "standing", "sqlite_sequence"})


class Reference(NamedTuple):
    """A column that points to a row of another table."""

    column: str
    to: str
    is_nullable: bool


def journaled_tables(conn: sqlite3.Connection) -> list[str]:
    """The tables that hold facts: all but the journal, derived ones and full-text indexes."""
    rows = conn.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    left_out = _NO_FACTS | unjournaled_tables()
    return sorted(name for (name,) in rows if name not in left_out)


def unjournaled_tables() -> set[str]:
    """The tables of facts that no undo may touch."""
    return {table.name for table in slices.tables().values() if not table.journaled}


def columns(conn: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table in their order."""
    return [row[0] for row in conn.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()]


def references(conn: sqlite3.Connection, table: str) -> list[Reference]:
    """Where the rows of a table point to."""
    rows = conn.execute(
        'SELECT keys."from", keys."table", NOT columns."notnull" FROM pragma_foreign_key_list(?1) AS keys '
        'JOIN pragma_table_info(?1) AS columns ON columns.name = keys."from"',
        (table,),
    ).fetchall()
    return [Reference(row[0], row[1], bool(row[2])) for row in rows]
