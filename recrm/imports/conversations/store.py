"""All SQL of an import of history: whom a batch of rows could mean, what is there already, and the writing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from recrm.core.text import fold
from recrm.imports.conversations.matching import Directory, Person
from recrm.imports.conversations.reading import Entry, key_of_point
from recrm.imports.people import store

_ASKED_AT_ONCE = 2_000
_COLUMNS = (
    "client_id", "at", "direction", "channel", "text", "feedback", "next_step", "agent", "created_at"
)  # fmt: skip
_ROWS_AT_ONCE = 32_000 // len(_COLUMNS)  # SQLite takes 32,766 values in one statement
_INSERT = f"INSERT INTO contacts ({', '.join(_COLUMNS)}) VALUES "  # noqa: S608  # this module's own names
_REFRESH = "standing_contact_added"
_MARKS = f"({', '.join('?' * len(_COLUMNS))})"

# The first line of a search key is the folded name, so a range of the index finds it.
_NAMED = """
    SELECT asked.value, clients.id, clients.name FROM json_each(?) AS asked
    CROSS JOIN clients ON search_key >= asked.value AND search_key < asked.value || char(11)
    ORDER BY clients.id
"""
_PEOPLE = """
    SELECT id, name, archived_at IS NOT NULL, (
        SELECT group_concat(DISTINCT kind) FROM contact_points WHERE client_id = clients.id
    ) FROM clients WHERE id IN (SELECT value FROM json_each(?))
"""
_MERGED = "SELECT merged_id, client_id FROM merges WHERE merged_id IN (SELECT value FROM json_each(?))"
_SAID = """
    SELECT client_id, at, channel, text FROM json_each(?) AS span
    CROSS JOIN contacts ON client_id = json_extract(span.value, '$[0]')
        AND at BETWEEN json_extract(span.value, '$[1]') AND json_extract(span.value, '$[2]')
"""
_LAST_ANSWER = """
    SELECT at, id FROM contacts WHERE client_id = ? AND direction = 'out' ORDER BY at DESC, id DESC LIMIT 1
"""
_UNANSWERED = "SELECT at, id FROM contacts WHERE client_id = ? AND (at, id) > (?, ?) AND at >= ?"


def directory(conn: sqlite3.Connection, entries: Sequence[Entry]) -> Directory:
    """What the database knows of the clients that these rows could mean."""
    keys = {key_of_point(point)[1] for entry in entries for point in (*entry.strong, *entry.weak)}
    owners = store.owners(conn, keys)
    named = _named(conn, {entry.folded for entry in entries if entry.name})
    told = {entry.client_id for entry in entries if entry.client_id is not None}
    merged = {row[0]: row[1] for row in _matching(conn, _MERGED, told)}
    ids = {i for several in (*owners.values(), *named.values()) for i in several} | told | set(merged.values())
    people = {
        row[0]: Person(row[0], row[1], bool(row[2]), frozenset((row[3] or "").split(",")))
        for row in _matching(conn, _PEOPLE, ids)
    }
    return Directory(owners, named, people, merged)


def _named(conn: sqlite3.Connection, names: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for folded, client_id, name in _matching(conn, _NAMED, names):
        if fold(name) == folded:
            found.setdefault(folded, []).append(client_id)
    return found


def said(conn: sqlite3.Connection, spans: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, str, str]]:
    """Client, instant, channel and text of the contacts within these spans of clients' time, ends included."""
    for row in _matching(conn, _SAID, spans):
        yield row[0], row[1], row[2], row[3]


def last_id(conn: sqlite3.Connection) -> int:
    """The id of the newest contact ever; those of this transaction will have higher ones."""
    row = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'contacts'").fetchone()
    return int(row[0]) if row else 0


@contextmanager
def many_contacts(conn: sqlite3.Connection) -> Iterator[set[int]]:
    """Let contacts be added without `standing` being worked out after each; take in whose they are.

    It looks through all contacts of the client, and a chat of 10,000 messages would have it do so 10,000 times. Its
    trigger is back, and `standing` as it would be, before anything is committed.
    """
    kept = conn.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", (_REFRESH,)).fetchall()
    for _ in kept:
        conn.execute(f"DROP TRIGGER {_REFRESH}")
    clients: set[int] = set()
    yield clients
    for (statement,) in kept:
        conn.execute(statement)
    conn.executemany("DELETE FROM standing WHERE client_id = ?", ((i,) for i in clients))
    conn.executemany("INSERT INTO standing SELECT * FROM standing_now WHERE client_id = ?", ((i,) for i in clients))


def add(conn: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Write contacts, as rows of `_COLUMNS`; inside the caller's transaction."""
    rest = iter(rows)
    while some := list(islice(rest, _ROWS_AT_ONCE)):
        conn.execute(_INSERT + ", ".join([_MARKS] * len(some)), list(chain.from_iterable(some)))


def unanswered(conn: sqlite3.Connection, client_id: int) -> list[tuple[str, int]]:
    """Instant and id of what a client said after our last word to them."""
    answer = conn.execute(_LAST_ANSWER, (client_id,)).fetchone()
    at, number = (answer[0], answer[1]) if answer else ("", 0)
    return [(row[0], row[1]) for row in conn.execute(_UNANSWERED, (client_id, at, number, at)).fetchall()]


def _matching(conn: sqlite3.Connection, query: str, values: Iterable[object]) -> Iterator[sqlite3.Row]:
    """Rows of a query that takes a list of values, for however many."""
    rest = iter(values)
    while some := list(islice(rest, _ASKED_AT_ONCE)):
        yield from conn.execute(query, (json.dumps(some, ensure_ascii=False),)).fetchall()
