"""All SQL of an import of history: what was said already, and the writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from recrm.imports.people.store import matching

COLUMNS = ("client_id", "at", "direction", "channel", "text", "feedback", "next_step", "agent", "created_at")
Mark = tuple[int, str, str, str]  # client, moment or day, channel, text

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


def said_within(conn: sqlite3.Connection, spans: Iterable[tuple[int, str, str, str]]) -> set[Mark]:
    """What was said in spans (client, day, first and last instant): each at its moment, and on its day."""
    said: set[Mark] = set()
    for client_id, day, at, channel, text in matching(conn, _WITHIN, spans):
        said.update(((client_id, at, channel, text), (client_id, day, channel, text)))
    return said


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


def unanswered(conn: sqlite3.Connection, client_id: int) -> list[tuple[str, int]]:
    """Instant and id of what a client said after our last word to them."""
    answer = conn.execute(_LAST_ANSWER, (client_id,)).fetchone()
    at, number = (answer[0], answer[1]) if answer else ("", 0)
    return [(row[0], row[1]) for row in conn.execute(_UNANSWERED, (client_id, at, number, at)).fetchall()]
