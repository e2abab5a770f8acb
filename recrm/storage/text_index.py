"""The full-text indexes follow the journal: at the end of an operation, each row it changed is indexed anew.

The indexes hold no text of their own, and FTS5's own tokenizers miss Chinese words, so each text goes through
`recrm.core.text.spaced` on its way in. Triggers could not do this: with `trusted_schema` off, so that a crafted
file cannot run code, a trigger may neither call our function nor, before SQLite 3.41, write to FTS5 at all. The
journal knows every changed row with its old text, which such an index wants to hear again before it forgets it;
so an undo, a merge or an erasure is followed like any other operation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from recrm import slices
from recrm.core.slice import TextIndex

# The first line of each row in this operation: what it was before.
_FIRST = """
    SELECT row_id, action, before, min(id) FROM changes
    WHERE operation_id = ? AND table_name = ? GROUP BY row_id
"""


def text_of(index: TextIndex) -> str:
    """SQL for the text of a row, as it is indexed."""
    return _joined(f'coalesce("{index.table}"."{column}", \'\')' for column in index.columns)


def follow(conn: sqlite3.Connection, operation_id: int) -> None:
    """Bring the indexes up to an operation; inside its transaction."""
    prepare(conn)
    for index in slices.texts():
        name, table, text = index.name, index.table, text_of(index)
        text_before = _joined(f"coalesce(before ->> '{column}', '')" for column in index.columns)
        conn.execute(
            f"INSERT INTO {name} ({name}, rowid, words) SELECT 'delete', row_id, spaced({text_before}) "
            f"FROM ({_FIRST}) LEFT JOIN {table} ON {table}.id = row_id "
            f"WHERE action <> 'insert' AND {text_before} <> '' AND ({table}.id IS NULL OR {text_before} <> {text})",
            (operation_id, table),
        )
        conn.execute(
            f"INSERT INTO {name} (rowid, words) SELECT {table}.id, spaced({text}) "
            f"FROM ({_FIRST}) JOIN {table} ON {table}.id = row_id "
            f"WHERE {text} <> '' AND (action = 'insert' OR {text_before} <> {text})",
            (operation_id, table),
        )


def rebuild(conn: sqlite3.Connection) -> None:
    """Forget the indexes and read every text anew; inside the caller's transaction."""
    prepare(conn)
    for index in slices.texts():
        name, text = index.name, text_of(index)
        conn.execute(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")
        conn.execute(
            f"INSERT INTO {name} (rowid, words) SELECT id, spaced({text}) FROM {index.table} WHERE {text} <> ''"
        )


def prepare(conn: sqlite3.Connection) -> None:
    """Give a connection the function that sets Chinese characters apart."""
    conn.create_function("spaced", 1, _spaced, deterministic=True)


def _joined(columns: Iterable[str]) -> str:
    return " || ' ' || ".join(columns)


def _spaced(text: str) -> str:
    from recrm.core.text import spaced

    return spaced(text)
