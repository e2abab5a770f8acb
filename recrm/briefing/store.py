"""What show-client and find gather from the slices."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from recrm.clients import store as clients
from recrm.clients.lookup import PART, START, WHOLE, WORDS, by_name, literal
from recrm.clients.model import Client
from recrm.complaints import store as complaints
from recrm.complaints.model import Complaint
from recrm.contacts import store as contacts
from recrm.contacts.model import Contact
from recrm.core.app import App
from recrm.core.moments import from_utc_text
from recrm.core.text import fold, match_phrases
from recrm.followups import store as followups
from recrm.followups.model import FollowUp


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that an agent wants in sight before a call."""

    client: Client
    contacts: list[Contact]
    contacts_in_all: int
    follow_ups: list[FollowUp]
    complaints: list[Complaint]
    referrals: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A client found, where it matched, and the words that matched."""

    client_id: int
    name: str
    tier: str
    phone: str
    where: str
    match: str
    last_contact_at: datetime | None
    archived: bool


# Where a match counts most comes first.
PLACES = ("id", "contact point", "name", "tag", "note", "contact")


def briefing(app: App, client: Client, how_many: int) -> Briefing:
    """Gather a client's briefing."""
    conn, zone = app.db.conn, app.zone
    last, total = contacts.listed(conn, zone, client_id=client.id, limit=how_many)
    return Briefing(
        client=client,
        contacts=last,
        contacts_in_all=total,
        follow_ups=followups.open_for_client(conn, client.id, zone),
        complaints=complaints.open_for_client(conn, client.id, zone),
        referrals=clients.referrals_of(conn, client.id),
    )


def find(app: App, query: str, limit: int | None) -> list[Hit]:
    """Clients that answer to the words, the best first: each once, at its best place."""
    conn = app.db.conn
    found: dict[int, tuple[tuple[int, ...], str, str]] = {}

    def take(client_id: int, rank: tuple[int, ...], where: str, match: str) -> None:
        if client_id not in found or rank < found[client_id][0]:
            found[client_id] = (rank, where, match)

    most = 200 if limit is None else max(limit, 20)
    if (bare := query.removeprefix("#")).isdecimal() and len(bare) <= 15:
        for row in conn.execute("SELECT id FROM clients WHERE id = ?", (int(bare),)).fetchall():
            take(row[0], (0, 0), "id", f"#{row[0]}")
    for grade, client_id, shown in _points(conn, query, most):
        take(client_id, (grade,), "contact point", shown)
    for client_id, grade in by_name(conn, query):
        take(client_id, ({WHOLE: 1, START: 2, PART: 3, WORDS: 4}[grade],), "name", "")
    for client_id, tag in _tags(conn, query, most):
        take(client_id, (2 if fold(tag) == fold(query) else 3, 1), "tag", tag)
    if len(found) < most and (phrases := match_phrases(query)):
        for client_id, text in _notes(conn, phrases, most):
            take(client_id, (5,), "note", text)
        for place, (client_id, text) in enumerate(_contacts(conn, phrases, most)):
            take(client_id, (6, place), "contact", text)
    ranked = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    return _hits(app, [(client_id, where, match) for client_id, (_, where, match) in ranked[:limit]])


def _points(conn: sqlite3.Connection, query: str, most: int) -> list[tuple[int, int, str]]:
    """Grade, client and contact point: exactly this one, ending so, or with these letters or digits in it."""
    from recrm.clients.phones import digits_of

    folded = fold(query)
    found = [
        (1, row[0], row[1])
        for row in conn.execute("SELECT client_id, shown FROM contact_points WHERE key = ?", (folded,)).fetchall()
    ]
    digits = digits_of(query)
    wanted = digits.lstrip("0") if digits and len(digits) >= 3 else ""
    pattern = f"%{wanted}%" if wanted else f"%{literal(folded)}%"
    if wanted or len(folded) >= 3:
        rows = conn.execute(
            "SELECT client_id, shown, key FROM contact_points WHERE key LIKE ? ESCAPE '\\' LIMIT ?",
            (pattern, most),
        ).fetchall()
        found += [(2 if row[2].endswith(wanted or folded) else 3, row[0], row[1]) for row in rows]
    return found


def _tags(conn: sqlite3.Connection, query: str, most: int) -> list[tuple[int, str]]:
    tags = [tag for tag in clients.known_tags(conn) if fold(query) in fold(tag)]
    rows = conn.execute(
        "SELECT client_id, tag FROM client_tags WHERE tag IN (SELECT value FROM json_each(?)) LIMIT ?",
        (json.dumps(tags), most),
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


def _notes(conn: sqlite3.Connection, phrases: str, most: int) -> list[tuple[int, str]]:
    rows = conn.execute(
        "SELECT id, note FROM client_words JOIN clients ON clients.id = client_words.rowid WHERE client_words MATCH ? LIMIT ?",
        (phrases, most),
    ).fetchall()
    return [(row[0], row[1] or "") for row in rows]


def _contacts(conn: sqlite3.Connection, phrases: str, most: int) -> list[tuple[int, str]]:
    """The newest contacts with these words; the index gives them by id, which is nearly the order of time."""
    rows = conn.execute(
        "SELECT client_id, text, feedback FROM (SELECT rowid AS number FROM contact_words WHERE contact_words MATCH ? "
        "ORDER BY rowid DESC LIMIT ?) JOIN contacts ON contacts.id = number ORDER BY contacts.at DESC, contacts.id DESC",
        (phrases, most),
    ).fetchall()
    return [(row[0], f"{row[1]} → {row[2]}" if row[2] else row[1]) for row in rows]


def _hits(app: App, found: list[tuple[int, str, str]]) -> list[Hit]:
    conn = app.db.conn
    ids = [client_id for client_id, _, _ in found]
    phones = clients.phones(conn, ids)
    rows = conn.execute(
        "SELECT id, name, standing.tier, last_contact_at, archived_at FROM clients "
        "JOIN standing ON client_id = id WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    ).fetchall()
    known = {row["id"]: row for row in rows}
    hits: list[Hit] = []
    for client_id, where, match in found:
        row = known[client_id]
        last = from_utc_text(row["last_contact_at"], app.zone) if row["last_contact_at"] else None
        archived = row["archived_at"] is not None
        hits.append(Hit(client_id, row["name"], row["tier"], phones.get(client_id, ""), where, match, last, archived))
    return hits
