"""Whether the full-text indexes agree with the texts: every word at every place of every row.

The indexes hold no texts, so FTS5's own integrity check has nothing to compare with. Instead the texts are indexed
anew, a hundred thousand rows at a time, in a temporary table, and both vocabularies are compared through fts5vocab.
What this cannot see is a text without a single word in it, such as "?!": it is only known to be there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import zip_longest

from recrm import slices
from recrm.core.slice import TextIndex
from recrm.storage import text_index
from recrm.storage.connections import transaction

# Bounds the comparison's memory and temporary disk: about 50 MB for this many conversations.
ROWS_AT_ONCE = 100_000

# Names of tables and columns are put in from the slices' descriptors, values never.
_NOT_THERE = "SELECT id FROM {index}_docsize EXCEPT SELECT id FROM {table} WHERE {text} <> ''"
_NOT_INDEXED = "SELECT id FROM {table} WHERE {text} <> '' EXCEPT SELECT id FROM {index}_docsize"
_LAST = "SELECT coalesce(max(id), 0) FROM {table}"
_EMPTY = "INSERT INTO temp.fresh (fresh) VALUES ('delete-all')"
_FILL = "INSERT INTO temp.fresh (rowid, words) SELECT id, spaced({text}) FROM {table} WHERE {text} <> '' AND {span}"
_OLD = "SELECT term, doc, offset FROM temp.old_words WHERE {span}"
_NEW = "SELECT term, doc, offset FROM temp.fresh_words"
_DIFFERENT = "SELECT DISTINCT doc FROM ({one} EXCEPT {other})"


def extent(conn: sqlite3.Connection) -> int:
    """How far `strayed` has to go: about as many rows as there are texts."""
    return sum(conn.execute(_LAST.format(table=index.table)).fetchone()[0] for index in slices.texts())


def strayed(conn: sqlite3.Connection, advance: Callable[[int], None]) -> list[int]:
    """Rows whose indexed words are not those of their text. `advance` gets the rows done. Raises sqlite3.Error."""
    text_index.prepare(conn)
    conn.execute("CREATE VIRTUAL TABLE temp.fresh USING fts5(words, content='', tokenize='unicode61')")
    conn.execute("CREATE VIRTUAL TABLE temp.fresh_words USING fts5vocab('temp', 'fresh', 'instance')")
    try:
        found = (_strayed(conn, index, advance) for index in slices.texts())
        return sorted(set().union(*found))
    finally:
        conn.execute("DROP TABLE temp.fresh_words")
        conn.execute("DROP TABLE temp.fresh")


def _strayed(conn: sqlite3.Connection, index: TextIndex, advance: Callable[[int], None]) -> set[int]:
    named = {"index": index.name, "table": index.table, "text": text_index.text_of(index)}
    found = {row[0] for query in (_NOT_THERE, _NOT_INDEXED) for row in conn.execute(query.format(**named)).fetchall()}
    conn.execute(f"CREATE VIRTUAL TABLE temp.old_words USING fts5vocab('main', '{index.name}', 'instance')")
    try:
        greatest = conn.execute(_LAST.format(**named)).fetchone()[0]
        for first, last in _spans(greatest):
            with transaction(conn, writes=False):
                conn.execute(_FILL.format(span=f"id BETWEEN {first} AND {last}", **named))
            old = _OLD.format(span=f"doc BETWEEN {first} AND {last}")
            if not _same(conn, old, _NEW):
                for one, other in ((old, _NEW), (_NEW, old)):
                    found |= {row[0] for row in conn.execute(_DIFFERENT.format(one=one, other=other)).fetchall()}
            conn.execute(_EMPTY)
            advance(min(last, greatest) - first)
    finally:
        conn.execute("DROP TABLE temp.old_words")
    return found


def _same(conn: sqlite3.Connection, one: str, other: str) -> bool:
    """Whether two vocabularies are equal. Both come in FTS5's order, so reading them side by side needs no sort."""
    with closing(conn.cursor()) as left, closing(conn.cursor()) as right:
        left.row_factory = right.row_factory = None
        return all(a == b for a, b in zip_longest(left.execute(one), right.execute(other)))


def _spans(last_id: int) -> Iterator[tuple[int, int]]:
    """Ranges of ids; the last one reaches as far as ids can, for what is indexed and has no row."""
    for first in range(0, last_id + 1, ROWS_AT_ONCE):
        is_last = first + ROWS_AT_ONCE > last_id
        yield first, 2**63 - 1 if is_last else first + ROWS_AT_ONCE - 1
