"""All SQL of an import of history: what was said already, and the writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from recrm.imports.people import store
from recrm.imports.people.store import matching

_COLUMNS = ("client_id", "at", "direction", "channel", "text", "feedback", "next_step", "agent", "created_at")
_REFRESH = "standing_contact_added"

_WITHIN = """
    SELECT client_id, json_extract(span.value, '$[1]'), at, channel, text FROM json_each(?) AS span
    CROSS JOIN contacts ON client_id = json_extract(span.value, '$[0]')
        AND at BETWEEN json_extract(span.value, '$[2]') AND json_extract(span.value, '$[3]')
"""
_LAST_ANSWER = """
    SELECT at, id FROM contacts WHERE client_id = ? AND direction = 'out' ORDER BY at DESC, id DESC LIMIT 1
"""
_UNANSWERED = "SELECT at, id FROM contacts WHERE client_id = ? AND (at, id) > (?, ?) AND at >= ?"


def within(conn: sqlite3.Connection, spans: Iterable[tuple[int, str, str, str]]) -> Iterator[tuple[Any, ...]]:
    """Client, the span's name, instant, channel and text of what was said in spans: (client, name, first, last)."""
    return map(tuple, matching(conn, _WITHIN, spans))


def hold_standing(conn: sqlite3.Connection) -> list[str]:
    """Let contacts be added without `standing` being worked out after each; what `renew_standing` needs.

    It looks through all contacts of the client, and a chat of 10,000 messages would have it do so 10,000 times. Its
    trigger is back, and `standing` as it would be, before anything is committed.
    """
    kept = conn.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", (_REFRESH,)).fetchall()
    for _statement in kept:
        conn.execute(f"DROP TRIGGER {_REFRESH}")
    return [statement for (statement,) in kept]


def renew_standing(conn: sqlite3.Connection, trigger: Iterable[str], clients: Iterable[int]) -> None:
    """Let it be worked out again, first of all that of these clients."""
    for statement in trigger:
        conn.execute(statement)
    ids = [(i,) for i in clients]
    conn.executemany("DELETE FROM standing WHERE client_id = ?", ids)
    conn.executemany("INSERT INTO standing SELECT * FROM standing_now WHERE client_id = ?", ids)


def add(conn: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Write contacts, as rows of `_COLUMNS`; inside the caller's transaction."""
    store.insert(conn, "contacts", _COLUMNS, rows)


def unanswered(conn: sqlite3.Connection, client_id: int) -> list[tuple[str, int]]:
    """Instant and id of what a client said after our last word to them."""
    answer = conn.execute(_LAST_ANSWER, (client_id,)).fetchone()
    at, number = (answer[0], answer[1]) if answer else ("", 0)
    return [(row[0], row[1]) for row in conn.execute(_UNANSWERED, (client_id, at, number, at)).fetchall()]
