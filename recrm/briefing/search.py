"""find: whoever answers to some words, and where the words stand."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import datetime
from typing import NamedTuple

from recrm import slices
from recrm.app import App
from recrm.clients.matching import by_name, known_tags, literal, phone_with_extension
from recrm.clients.matching import phones as phones_of
from recrm.core.i18n import N_
from recrm.core.moments import from_utc_text
from recrm.core.slice import TextIndex
from recrm.core.text import fold, match_phrases

# Found in the index by key, a third of the table, then looked up. Keys of phones, and no others, are E.164.
_LOOKED_UP = """
    SELECT client_id, shown, key FROM contact_points
    WHERE id IN (SELECT id FROM contact_points WHERE {which} LIMIT ?)
"""
_PHONES = _LOOKED_UP.replace("{which}", "key > '+' AND key < ',' AND kind = 'phone' AND key LIKE ?")
_BEGINNING = _LOOKED_UP.replace("{which}", "key >= ? AND key < ?")
_EXTENSION = _LOOKED_UP.replace("{which}", "key = ? AND kind = 'phone' AND extension = ?")
_ANYWHERE = _LOOKED_UP.replace("{which}", "key LIKE ? ESCAPE '\\'")
# Where a client is found beside the texts; translated on the screen, and in JSON as they are.
_ID, _CONTACT_POINT, _NAME, _TAG = N_("id"), N_("contact point"), N_("name"), N_("tag")
# Filled with names of tables and columns from the slices' descriptors, never with values.
_MATCHING = """
    SELECT {owner}, {columns} FROM (
        SELECT rowid AS number FROM {index} WHERE {index} MATCH ? ORDER BY rowid {direction} LIMIT ?
    ) JOIN {table} ON {table}.id = number ORDER BY {table}.{first} {direction}, {table}.id {direction}
"""
# How much a match counts, from 0 for an id to 4 for a part of a contact point; words of a text come after those.
_TEXTS_FROM = 5


class Hit(NamedTuple):
    """A client found, where it matched, and the words that matched."""

    client_id: int
    name: str
    tier: str
    phone: str
    where: str
    match: str
    last_contact_at: datetime | None
    archived: bool


def find(app: App, query: str, limit: int | None) -> tuple[list[Hit], bool]:
    """Clients that answer to the words, the best first, each once at its best place; and whether there are more."""
    conn = app.db.conn
    found: dict[int, tuple[tuple[int, ...], str, str]] = {}

    def take(client_id: int, rank: tuple[int, ...], where: str, match: str) -> None:
        if client_id not in found or rank < found[client_id][0]:
            found[client_id] = (rank, where, match)

    most = sys.maxsize if limit is None else max(20 * limit, 400)  # one client may answer in many contacts
    if (bare := query.removeprefix("#")).isdecimal() and len(bare) <= 15 and not query.startswith("0"):
        for row in conn.execute("SELECT id FROM clients WHERE id = ?", (int(bare),)).fetchall():
            take(row[0], (0, 0), _ID, f"#{row[0]}")
    for grade, client_id, shown in _points(conn, query, most, app.region):
        take(client_id, (grade,), _CONTACT_POINT, shown)
    if not (found and bare.isdecimal() and len(bare) >= 4):  # so many digits, once found, were of a phone
        for client_id, grade in by_name(conn, query):
            take(client_id, (1, grade), _NAME, "")
    for client_id, tag in _tags(conn, query, most):
        take(client_id, (2 if fold(tag) == fold(query) else 3, 1), _TAG, tag)
    # Whoever answers by a word of a text comes after all these: where they fill the list, no text is searched.
    if (limit is None or len(found) <= limit) and (phrases := match_phrases(query)):
        for place, index in enumerate(slices.texts()):
            for nth, (client_id, text) in enumerate(_texts(conn, index, phrases, most)):
                take(client_id, (_TEXTS_FROM + place, nth), index.label, text)
    if not found:
        for grade, client_id, shown in _points_with(conn, query, most):
            take(client_id, (grade,), _CONTACT_POINT, shown)
    ranked = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    hits = _hits(app, [(client_id, where, match) for client_id, (_, where, match) in ranked[:limit]])
    return hits, len(ranked) > len(hits)


def _points(conn: sqlite3.Connection, query: str, most: int, region: str) -> list[tuple[int, int, str]]:
    """Grade, client and contact point: exactly this one, one that begins so, a phone with these digits in it."""
    from recrm.clients.phones import digits_of

    if extended := phone_with_extension(query, region):
        return [(1, row[0], row[1]) for row in conn.execute(_EXTENSION, (*extended, most)).fetchall()]
    folded, digits = fold(query), digits_of(query)
    if digits:
        rows = conn.execute(_PHONES, (f"%{digits}%", most)).fetchall()
    else:
        rows = conn.execute(_BEGINNING, (folded, folded + "\U0010ffff", most)).fetchall()
    return [(1 if row[2] == folded else 2 if row[2].endswith(digits or folded) else 3, row[0], row[1]) for row in rows]


def _points_with(conn: sqlite3.Connection, query: str, most: int) -> list[tuple[int, int, str]]:
    """Contact points with these letters anywhere in them: a domain, the middle of an address."""
    folded = fold(query)
    rows = conn.execute(_ANYWHERE, (f"%{literal(folded)}%", most)).fetchall() if len(folded) >= 3 else []
    return [(4, row[0], row[1]) for row in rows]


def _tags(conn: sqlite3.Connection, query: str, most: int) -> list[tuple[int, str]]:
    tags = [tag for tag in known_tags(conn) if fold(query) in fold(tag)]
    rows = conn.execute(
        "SELECT client_id, tag FROM client_tags WHERE tag IN (SELECT value FROM json_each(?)) LIMIT ?",
        (json.dumps(tags), most),
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


def _texts(conn: sqlite3.Connection, index: TextIndex, phrases: str, most: int) -> list[tuple[int, str]]:
    """Whose texts have these words; the index gives them by id, which is nearly the order of time."""
    query = _MATCHING.format(
        index=index.name,
        table=index.table,
        owner=index.owner,
        columns=", ".join(index.columns),
        first=index.newest or "id",
        direction="DESC" if index.newest else "ASC",
    )
    rows = conn.execute(query, (phrases, most)).fetchall()
    return [(row[0], " → ".join(filter(None, row[1:]))) for row in rows]


def _hits(app: App, found: list[tuple[int, str, str]]) -> list[Hit]:
    conn = app.db.conn
    ids = [client_id for client_id, _, _ in found]
    phones = phones_of(conn, ids)
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
