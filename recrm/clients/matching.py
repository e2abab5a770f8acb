"""Names, contact points and tags searched for a query, without loading what a client is: a search has to be quick."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable

from recrm.core.text import fold

# How well a client answers: by the whole name, the whole pinyin or initials, the beginning of the name, the
# beginning of another way to write it, a part, all words somewhere.
NAME, WHOLE, BEGINNING, START, PART, WORDS = range(6)


_EXTENDED = re.compile(
    r"\d[\s()]*(?:;?\s*ext|x|#|[转轉]|分[机機]|,|;)\D{0,8}\d{1,7}[\s)#]*$|\d{2}\)?[- ]?\d{7,8}-\d{1,6}$"
)


def phone_with_extension(text: str, region: str) -> tuple[str, str] | None:
    """Number and extension, where the text is a phone with one; only what looks so is looked up in phonenumbers."""
    if not _EXTENDED.search(fold(text)):
        return None
    from recrm.clients.phones import PhoneNotUnderstood, parse_phone

    try:
        phone = parse_phone(text, region)
    except PhoneNotUnderstood:
        return None
    return (phone.e164, phone.extension) if phone.extension else None


def by_point(conn: sqlite3.Connection, query: str, region: str = "CN") -> list[tuple[int, str]]:
    """Id and contact point of clients with exactly this address or extension, or a phone that ends in these digits.

    Four digits or more match from the right, so that a number is found with its country code or without; where no
    phone ends in them, anywhere in it.
    """
    from recrm.clients.phones import digits_of

    exact = "SELECT client_id, shown FROM contact_points WHERE key = ? AND kind <> 'phone'"
    found = conn.execute(exact, (fold(query),)).fetchall()
    if not found and (extended := phone_with_extension(query, region)):
        whole = "SELECT client_id, shown FROM contact_points WHERE key = ? AND kind = 'phone' AND extension = ?"
        found = conn.execute(whole, extended).fetchall()
    digits = digits_of(query)
    if not found and digits and len(digits) >= 4:
        partly = (
            "SELECT client_id, shown FROM contact_points WHERE id IN ("
            "SELECT id FROM contact_points WHERE key > '+' AND key < ',' AND kind = 'phone' AND key LIKE ?)"
        )
        for pattern in (f"%{digits}", f"%{digits}%"):
            if found := conn.execute(partly, (pattern,)).fetchall():
                break
    return [(row[0], row[1]) for row in found]


def by_name(conn: sqlite3.Connection, query: str) -> list[tuple[int, int]]:
    """Id and grade of clients whose name, pinyin or initials hold every word of the query, the best first."""
    folded = fold(query)
    parts = folded.split()
    if not parts:
        return []
    # SQLite reads the index for the longest word; the few rows it leaves are looked through here for the others.
    rows = conn.execute(
        "SELECT id, search_key FROM clients WHERE search_key LIKE ? ESCAPE '\\'",
        (f"%{literal(max(parts, key=len))}%",),
    ).fetchall()
    graded = [(row[0], _grade(row[1], folded)) for row in rows if all(part in row[1] for part in parts)]
    return sorted(graded, key=lambda found: (found[1], found[0]))


def phones(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    """The first phone of each client, as a person reads it."""
    rows = conn.execute(
        "SELECT client_id, shown, min(id) FROM contact_points "
        "WHERE kind = 'phone' AND client_id IN (SELECT value FROM json_each(?)) GROUP BY client_id",
        (json.dumps(list(ids)),),
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def tags_like(conn: sqlite3.Connection, tags: Iterable[str]) -> list[str]:
    """The tags in use that these mean, in whatever case and with whatever accents they were written."""
    wanted = {fold(tag) for tag in tags}
    return [tag for tag in known_tags(conn) if fold(tag) in wanted]


def known_tags(conn: sqlite3.Connection) -> list[str]:
    """Every tag in use, each found from the one before it: a shop has many tagged clients and few tags."""
    rows = conn.execute(
        "WITH RECURSIVE known(tag) AS (SELECT min(tag) FROM client_tags UNION ALL "
        "SELECT (SELECT min(tag) FROM client_tags WHERE client_tags.tag > known.tag) FROM known "
        "WHERE known.tag IS NOT NULL) SELECT tag FROM known WHERE tag IS NOT NULL"
    ).fetchall()
    return [row[0] for row in rows]


def _grade(search_key: str, folded: str) -> int:
    lines = search_key.split("\n")
    if folded in lines:
        return NAME if folded == lines[0] else WHOLE
    if lines[0].startswith(folded):
        return BEGINNING
    if any(line.startswith(folded) for line in lines):
        return START
    return PART if any(folded in line for line in lines) else WORDS


def literal(text: str) -> str:
    """Text as LIKE takes it literally, with a backslash as its ESCAPE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
