"""Keyed hashes of the contact points of people who were erased, so that an old list does not bring them back unseen.

These hashes are all that an erasure leaves behind. They name nobody, but they hide nobody either from a person who
has the file: the key is in it, and all the phone numbers of a country can be tried within minutes. While the table
is empty nothing is hashed, so imports pay for this only after the first erasure.
"""

from __future__ import annotations

import hmac
import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from recrm.clients.model import CHINESE_MOBILE, ContactPoint

# In the column for ids people also write 有 or 同手机; only a real id identifies somebody.
_IDS = {
    "wechat": re.compile(r"[a-z][-_a-z0-9]{5,19}"),
    "whatsapp": re.compile(r"\+?[a-z0-9._-]{6,30}"),
    "qq": re.compile(r"[1-9]\d{4,10}"),
}
_LOOKED_UP_AT_ONCE = 2_000


class Suppressed(NamedTuple):
    """A client who has been given a contact point of somebody who was erased."""

    client_id: int
    client: str
    shown: str


def identity(kind: str, key: str, extension: str = "") -> str | None:
    """What is hashed of a contact point; None where it does not identify anybody.

    A phone that stands as a WhatsApp or WeChat id is the same number; with an extension it is another person.
    """
    if kind == "phone":
        return f"phone:{key}:{extension}"
    if kind == "email":
        return f"email:{key}"
    if kind == "whatsapp" and re.fullmatch(r"\+\d{7,15}", digits := re.sub(r"[\s()-]", "", key)):
        return f"phone:{digits}:"
    if kind == "wechat" and re.fullmatch(CHINESE_MOBILE, key):
        return f"phone:+86{key}:"
    return f"{kind}:{key}" if kind in _IDS and _IDS[kind].fullmatch(key) else None


def suppress(conn: sqlite3.Connection, points: Iterable[ContactPoint], at: str) -> int:
    """Keep hashes of these contact points, which nobody else may have; returns how many are new."""
    identities = {identity(point.kind, point.key, point.extension) for point in points} - {None}
    if not identities:
        return 0
    key = _key(conn) or _make_key(conn)
    rows = [(_hash(key, each), at) for each in sorted(filter(None, identities))]
    before = conn.total_changes
    conn.executemany("INSERT OR IGNORE INTO suppressions (hash, added_at) VALUES (?, ?)", rows)
    return conn.total_changes - before


def are_any(conn: sqlite3.Connection) -> bool:
    """Whether there is any hash."""
    return bool(conn.execute("SELECT EXISTS (SELECT 1 FROM suppressions)").fetchone()[0])


def suppressed(conn: sqlite3.Connection, points: Sequence[ContactPoint]) -> set[ContactPoint]:
    """Those of the points that belong to somebody who was erased."""
    key = _key(conn)
    if key is None or not are_any(conn):
        return set()
    found: set[ContactPoint] = set()
    for first in range(0, len(points), _LOOKED_UP_AT_ONCE):
        hashes: dict[str, list[ContactPoint]] = {}
        for point in points[first : first + _LOOKED_UP_AT_ONCE]:
            if (own := identity(point.kind, point.key, point.extension)) is not None:
                hashes.setdefault(_hash(key, own), []).append(point)
        query = "SELECT hash FROM suppressions WHERE hash IN (SELECT value FROM json_each(?))"
        for row in conn.execute(query, (json.dumps(list(hashes)),)).fetchall():
            found.update(hashes[row[0]])
    return found


def newly_given(conn: sqlite3.Connection, latest_event: str) -> list[Suppressed]:
    """The clients to whom the operation under way has given a contact point of somebody who was erased.

    Clients whose latest event, a query, is that they allow contact are left out: their consent outweighs an old hash.
    """
    if not are_any(conn):
        return []
    rows = conn.execute(
        f"""
        SELECT clients.id, name, contact_points.kind, value, shown, key, extension FROM changes
        JOIN contact_points ON contact_points.id = row_id JOIN clients ON clients.id = contact_points.client_id
        WHERE operation_id = (SELECT max(id) FROM operations) AND table_name = 'contact_points'
            AND action = 'insert' AND coalesce(({latest_event}), '') <> 'allowed'
        ORDER BY clients.id, contact_points.id
        """  # noqa: S608  # a query of recrm.clients.consents
    ).fetchall()
    points = [(row[0], row[1], ContactPoint(*tuple(row)[2:])) for row in rows]
    found = suppressed(conn, [point for _, _, point in points])
    given: dict[int, Suppressed] = {}
    for client_id, name, point in points:
        if point in found:
            given.setdefault(client_id, Suppressed(client_id, name, point.shown))
    return list(given.values())


def _hash(key: bytes, identity_text: str) -> str:
    return hmac.digest(key, identity_text.encode(), "sha256").hex()


def _key(conn: sqlite3.Connection) -> bytes | None:
    row = conn.execute("SELECT key FROM suppression_key").fetchone()
    return bytes.fromhex(row[0]) if row else None


def _make_key(conn: sqlite3.Connection) -> bytes:
    import secrets

    made = secrets.token_hex(32)
    conn.execute("INSERT INTO suppression_key (id, key) VALUES (1, ?)", (made,))
    return bytes.fromhex(made)
