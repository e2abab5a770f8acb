"""The full-text indexes follow the journal: at the end of an operation, each row it changed is indexed anew.

The indexes hold no text of their own, and FTS5's own tokenizers miss Chinese words, so each text goes through
`recrm.core.text.spaced` on its way in. Triggers could not do this: with `trusted_schema` off, so that a crafted
file cannot run code, a trigger may neither call our function nor, before SQLite 3.41, write to FTS5 at all. The
journal knows every changed row with its old text, which such an index wants to hear again before it forgets it;
so an undo, a merge or an erasure is followed like any other operation.
"""

from __future__ import annotations

import sqlite3

# index, table, the text of a row by its columns, the same text by the JSON of the row before it was changed
INDEXES = (
    ("client_words", "clients", "coalesce(note, '')", "coalesce(before ->> 'note', '')"),
    (
        "contact_words",
        "contacts",
        "text || ' ' || coalesce(feedback, '')",
        "(before ->> 'text') || ' ' || coalesce(before ->> 'feedback', '')",
    ),
)

# The first line of each row in this operation: what it was before.
_FIRST = """
    SELECT row_id, action, before, min(id) FROM changes
    WHERE operation_id = ? AND table_name = ? GROUP BY row_id
"""


def follow(conn: sqlite3.Connection, operation_id: int) -> None:
    """Bring the indexes up to an operation; inside its transaction."""
    conn.create_function("spaced", 1, _spaced, deterministic=True)
    for index, table, text, text_before in INDEXES:
        conn.execute(
            f"INSERT INTO {index} ({index}, rowid, words) SELECT 'delete', row_id, spaced({text_before}) "
            f"FROM ({_FIRST}) LEFT JOIN {table} ON {table}.id = row_id "
            f"WHERE action <> 'insert' AND {text_before} <> '' AND {text_before} IS NOT {text}",
            (operation_id, table),
        )
        conn.execute(
            f"INSERT INTO {index} (rowid, words) SELECT {table}.id, spaced({text}) "
            f"FROM ({_FIRST}) JOIN {table} ON {table}.id = row_id "
            f"WHERE {text} <> '' AND (action = 'insert' OR {text_before} IS NOT {text})",
            (operation_id, table),
        )


def rebuild(conn: sqlite3.Connection) -> None:
    """Forget the indexes and read every text anew; inside the caller's transaction."""
    conn.create_function("spaced", 1, _spaced, deterministic=True)
    for index, table, text, _ in INDEXES:
        conn.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
        conn.execute(f"INSERT INTO {index} (rowid, words) SELECT id, spaced({text}) FROM {table} WHERE {text} <> ''")


def _spaced(text: str) -> str:
    from recrm.core.text import spaced

    return spaced(text)
