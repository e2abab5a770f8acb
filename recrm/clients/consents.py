"""What a client allowed, took back, or forbade: a row each time, and what holds now in the client's profile.

`consents` is the record, `clients.do_not_contact` what every list obeys, `clients.consent` one line for a briefing.
Whatever sets the flag (an option, an import, the number of somebody who was erased) ends with `follow`, which
writes the row that belongs to it, so that the three never disagree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from recrm.clients.model import ContactPoint
from recrm.clients.suppression import Suppressed, are_any, newly_given, suppressed
from recrm.core.moments import from_utc_text, to_utc_text

MOST_TOLD = 5
EVERYTHING = "everything"
FORGOTTEN = "the number of somebody who asked to be forgotten"
IN_THE_PROFILE = "as noted in the profile"


class Event(StrEnum):
    """What a client said about being contacted."""

    ALLOWED = "allowed"
    WITHDRAWN = "withdrawn"
    DO_NOT_CONTACT = "do-not-contact"


class Consent(NamedTuple):
    """One thing that a client said about being contacted: when, what it was about, and how they said it."""

    id: int
    at: datetime
    event: str
    what: str
    how: str
    agent: str
    created_at: datetime

    def words(self) -> str:
        """One line for a briefing."""
        said = ", ".join(filter(None, (self.how, self.at.date().isoformat())))
        match self.event:
            case Event.ALLOWED:
                return f"Allowed {self.what} ({said})"
            case Event.WITHDRAWN:
                return f"No longer allows {self.what} ({said})"
            case _:
                return f"Not to be contacted ({said})"


# The newest word on whether to contact a client at all. A line typed into the profile may say anything, so none is.
LATEST = f"""
    SELECT event FROM consents WHERE consents.client_id = clients.id
        AND event <> 'withdrawn' AND how <> '{IN_THE_PROFILE}'
    ORDER BY at DESC, id DESC LIMIT 1
"""  # noqa: S608  # our own words
# Clients whose flag the operation under way has changed, to something else than their newest word.
_CHANGED = f"""
    SELECT clients.id, do_not_contact FROM (
        SELECT row_id, before, min(id) FROM changes
        WHERE operation_id = (SELECT max(id) FROM operations) AND table_name = 'clients' GROUP BY row_id
    ) JOIN clients ON clients.id = row_id
    WHERE do_not_contact <> coalesce(before ->> 'do_not_contact', 0)
        AND do_not_contact <> (coalesce(({LATEST}), '') = 'do-not-contact')
"""  # noqa: S608  # both are this module's own
_NOTED_NOW = """
    SELECT 1 FROM consents WHERE client_id = ? AND id IN (
        SELECT row_id FROM changes
        WHERE operation_id = (SELECT max(id) FROM operations) AND table_name = 'consents' AND action = 'insert'
    )
"""


def listed(conn: sqlite3.Connection, client_id: int, zone: tzinfo) -> list[Consent]:
    """Everything that a client said about being contacted, the newest first."""
    rows = conn.execute(
        "SELECT id, at, event, what, how, agent, created_at FROM consents WHERE client_id = ? "
        "ORDER BY at DESC, id DESC",
        (client_id,),
    ).fetchall()
    return [
        Consent(row[0], from_utc_text(row[1], zone), row[2], row[3], row[4], row[5], from_utc_text(row[6], zone))
        for row in rows
    ]


def record(conn: sqlite3.Connection, client_id: int, said: Consent) -> None:
    """Write down what a client said, and let the profile follow where nothing newer was said. `said.id` is ignored."""
    _keep_old_words(conn, client_id, said)
    number = _insert(conn, client_id, said)
    history = listed(conn, client_id, UTC)
    if history[0].id == number:
        conn.execute("UPDATE clients SET consent = ? WHERE id = ?", (said.words(), client_id))
    deciding = next((each for each in history if each.event != Event.WITHDRAWN and each.how != IN_THE_PROFILE), None)
    if deciding and deciding.id == number:
        is_forbidden = int(said.event == Event.DO_NOT_CONTACT)
        conn.execute("UPDATE clients SET do_not_contact = ? WHERE id = ?", (is_forbidden, client_id))


def noted(conn: sqlite3.Connection, client_id: int, text: str, agent: str, now: datetime) -> None:
    """A consent that was typed into the profile as one line: a row too, and the line stays as it was typed."""
    _insert(conn, client_id, Consent(0, now, Event.ALLOWED, text, IN_THE_PROFILE, agent, now))


def follow(conn: sqlite3.Connection, how: str, agent: str, now: datetime) -> list[Suppressed]:
    """End an operation that has added or changed clients: who was given the number of somebody who was erased is
    not to be contacted, and every flag that changed gets its row. Returns the former, of whom the agent is told.
    """
    given = newly_given(conn, LATEST)
    for client_id, _, _ in given:
        conn.execute("UPDATE clients SET do_not_contact = 1 WHERE id = ?", (client_id,))
    reasons = {client_id: FORGOTTEN for client_id, _, _ in given}
    for client_id, is_on in conn.execute(_CHANGED).fetchall():
        event = Event.DO_NOT_CONTACT if is_on else Event.ALLOWED
        said = Consent(0, now, event, EVERYTHING, reasons.get(client_id, how), agent, now)
        if not conn.execute(_NOTED_NOW, (client_id,)).fetchone():
            _keep_old_words(conn, client_id, said)
            conn.execute("UPDATE clients SET consent = ? WHERE id = ?", (said.words(), client_id))
        _insert(conn, client_id, said)
    return given


def told(given: Sequence[Suppressed]) -> list[str]:
    """What the agent is told of them, a sentence or two each."""
    sentences = [
        f"{one.shown} belongs to somebody who asked to be forgotten, so {one.client} (#{one.client_id}) is marked "
        f'do-not-contact; `recrm consent {one.client_id} --allow "…"` lifts it once they agree.'
        for one in given[:MOST_TOLD]
    ]
    return [*sentences, f"… and {len(given) - MOST_TOLD} more."] if len(given) > MOST_TOLD else sentences


def foretold(conn: sqlite3.Connection, table: str) -> list[str]:
    """What a rehearsal says of the contact points that it would add; `table` is where it has put them aside."""
    if not are_any(conn):
        return []
    rows = conn.execute(f"SELECT kind, value, shown, key, extension FROM {table}").fetchall()  # noqa: S608  # a table's name, from the rehearsal
    count = len(suppressed(conn, [ContactPoint(*tuple(row)) for row in rows]))
    if not count:
        return []
    return [f"Contact points of people who asked to be forgotten, who would be marked do-not-contact: {count}."]


def _keep_old_words(conn: sqlite3.Connection, client_id: int, said: Consent) -> None:
    """Words from before there were rows become one: the line they stand in is about to say something newer."""
    zone = said.at.tzinfo
    if zone is None:
        raise ValueError("said.at has no zone")
    row = conn.execute(
        "SELECT consent, created_at FROM clients WHERE id = ?1 "
        "AND consent <> '' AND NOT EXISTS (SELECT 1 FROM consents WHERE client_id = ?1)",
        (client_id,),
    ).fetchone()
    if row:
        then = min(from_utc_text(row[1], zone), said.at)
        _insert(conn, client_id, Consent(0, then, Event.ALLOWED, row[0], IN_THE_PROFILE, "", said.created_at))


def _insert(conn: sqlite3.Connection, client_id: int, said: Consent) -> int:
    cursor = conn.execute(
        "INSERT INTO consents (client_id, at, event, what, how, agent, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            client_id,
            to_utc_text(said.at),
            str(said.event),
            said.what,
            said.how,
            said.agent,
            to_utc_text(said.created_at),
        ),
    )
    return int(cursor.lastrowid or 0)
