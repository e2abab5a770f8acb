"""What a client allowed, took back, or forbade: a row each time, and what holds now in the client's profile.

`consents` is the record, `clients.do_not_contact` what every list obeys, `clients.consent` one line for a briefing.
Whatever sets the flag (an option, an import, the number of somebody who was erased) ends with `follow`, which
writes the row that belongs to it, so that the three always agree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from recrm.clients.suppression import Suppressed, newly_given
from recrm.core.i18n import N_, _
from recrm.core.moments import from_utc_text, to_utc_text

MOST_NAMED = 5
# Stored as they stand here, and shown in the language spoken.
EVERYTHING = N_("everything")
FORGOTTEN = N_("the number of somebody who asked to be forgotten")
IN_THE_PROFILE = N_("as noted in the profile")
_OWN_TEXTS = frozenset({EVERYTHING, FORGOTTEN, IN_THE_PROFILE})


class Event(StrEnum):
    """What a client said about being contacted."""

    ALLOWED = "allowed"
    WITHDRAWN = "withdrawn"
    DO_NOT_CONTACT = "do-not-contact"


_EVENTS = {
    Event.ALLOWED: N_("allowed"),
    Event.WITHDRAWN: N_("withdrawn"),
    Event.DO_NOT_CONTACT: N_("do not contact"),
}


class Consent(NamedTuple):
    """One thing that a client said about being contacted: when, what it was about, and how they said it."""

    id: int
    at: datetime
    event: str
    what: str
    how: str
    agent: str
    created_at: datetime

    def line(self) -> str:
        """One line for a briefing, in the language spoken; the profile keeps it as it was written."""
        day = self.at.date().isoformat()
        how = f"{shown_text(self.how)}, {day}" if self.how else day
        match self.event:
            case Event.ALLOWED:
                return _("Allowed {what} ({how})", what=shown_text(self.what), how=how)
            case Event.WITHDRAWN:
                return _("No longer allows {what} ({how})", what=shown_text(self.what), how=how)
            case _:
                return _("Not to be contacted ({how})", how=how)


def event_label(event: str) -> str:
    """`allowed`, `withdrawn`, `do not contact`."""
    return _(_EVENTS[Event(event)])


def shown_text(text: str) -> str:
    """What a consent is about, or how it was given, as a person reads it: recrm's own texts are translated."""
    return _(text) if text in _OWN_TEXTS else text


# The newest statement on whether to contact a client at all. What a line typed into the profile says is unknown.
LATEST = f"""
    SELECT event FROM consents WHERE consents.client_id = clients.id
        AND event <> 'withdrawn' AND how <> '{IN_THE_PROFILE}'
    ORDER BY at DESC, id DESC LIMIT 1
"""  # noqa: S608  # our own words
# Clients whose flag the operation under way has changed, to something else than their newest statement.
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


def record(conn: sqlite3.Connection, client_id: int, consent: Consent) -> None:
    """Write down what a client said, and let the profile follow where nothing newer is known; its `id` is ignored."""
    _keep_profile_line(conn, client_id, consent)
    own_id = _insert(conn, client_id, consent)
    history = listed(conn, client_id, UTC)
    if history[0].id == own_id:
        conn.execute("UPDATE clients SET consent = ? WHERE id = ?", (consent.line(), client_id))
    deciding = next((each for each in history if each.event != Event.WITHDRAWN and each.how != IN_THE_PROFILE), None)
    if deciding and deciding.id == own_id:
        is_forbidden = int(consent.event == Event.DO_NOT_CONTACT)
        conn.execute("UPDATE clients SET do_not_contact = ? WHERE id = ?", (is_forbidden, client_id))


def record_line(conn: sqlite3.Connection, client_id: int, text: str, agent: str, now: datetime) -> None:
    """A consent that was typed into the profile as one line: a row too, and the line stays as it was typed."""
    _insert(conn, client_id, Consent(0, now, Event.ALLOWED, text, IN_THE_PROFILE, agent, now))


def follow(conn: sqlite3.Connection, how: str, agent: str, now: datetime) -> list[Suppressed]:
    """End an operation that has added or changed clients.

    Whoever was given a contact point of somebody erased is not to be contacted, and every flag that changed gets its
    row. Returns the former, for `messages`.
    """
    given = newly_given(conn, LATEST)
    for client_id, _client, _point in given:
        conn.execute("UPDATE clients SET do_not_contact = 1 WHERE id = ?", (client_id,))
    reasons = {client_id: FORGOTTEN for client_id, _client, _point in given}
    for client_id, is_on in conn.execute(_CHANGED).fetchall():
        event = Event.DO_NOT_CONTACT if is_on else Event.ALLOWED
        consent = Consent(0, now, event, EVERYTHING, reasons.get(client_id, how), agent, now)
        if not conn.execute(_NOTED_NOW, (client_id,)).fetchone():
            _keep_profile_line(conn, client_id, consent)
            conn.execute("UPDATE clients SET consent = ? WHERE id = ?", (consent.line(), client_id))
        _insert(conn, client_id, consent)
    return given


def messages(given: Sequence[Suppressed]) -> list[str]:
    """What the agent reads of them, one message a client."""
    texts = [
        _(
            "{point} belongs to somebody who asked to be forgotten, so {client} (#{id}) is marked do-not-contact; "
            '`recrm consent {id} --allow "…"` lifts it once they agree.',
            point=one.shown, client=one.client, id=one.client_id,
        )
        for one in given[:MOST_NAMED]
    ]  # fmt: skip
    if (more := len(given) - MOST_NAMED) > 0:
        texts.append(_("… and {count} more.", count=more))
    return texts


def _keep_profile_line(conn: sqlite3.Connection, client_id: int, newer: Consent) -> None:
    """A line from before there were rows becomes one: the profile is about to say something newer in its place."""
    zone = newer.at.tzinfo
    if zone is None:
        raise ValueError("the consent's moment has no zone")
    row = conn.execute(
        "SELECT consent, created_at FROM clients WHERE id = ?1 "
        "AND consent <> '' AND NOT EXISTS (SELECT 1 FROM consents WHERE client_id = ?1)",
        (client_id,),
    ).fetchone()
    if row:
        then = min(from_utc_text(row[1], zone), newer.at)
        _insert(conn, client_id, Consent(0, then, Event.ALLOWED, row[0], IN_THE_PROFILE, "", newer.created_at))


def _insert(conn: sqlite3.Connection, client_id: int, consent: Consent) -> int:
    cursor = conn.execute(
        "INSERT INTO consents (client_id, at, event, what, how, agent, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            client_id,
            to_utc_text(consent.at),
            str(consent.event),
            consent.what,
            consent.how,
            consent.agent,
            to_utc_text(consent.created_at),
        ),
    )
    return int(cursor.lastrowid or 0)
