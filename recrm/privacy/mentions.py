"""Where else a person is named: texts of other clients that hold their name or number.

Nobody can know whether "Lina" in another client's note is this Lina, so nothing of it is touched: an agent who is
shown the places can decide.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from recrm import slices
from recrm.clients.matching import literal
from recrm.clients.model import Client
from recrm.privacy.traces import as_json
from recrm.storage.ownership import client_tables

MOST_SHOWN = 20
# Chinese family names alone, and the like, stand in too many texts.
_SHORTEST = 2
# Found in texts with their separators taken out; a shorter one may be part of any other.
_FEWEST_DIGITS = 7


class Mention(NamedTuple):
    """A row of another client that holds the name or a number."""

    client_id: int
    client: str
    table: str
    id: int
    text: str


def mentions(conn: sqlite3.Connection, client: Client, ids: Collection[int]) -> tuple[list[Mention], int]:
    """The first places, by table and row, and how many there are; `ids` are the person's own."""
    plain, digits = _needles(client)
    if not plain and not digits:
        return [], 0
    found: list[Mention] = []
    total = 0
    for table, owner, columns in _texts(conn):
        text = " || ' ' || ".join(f"coalesce(\"{column}\", '')" for column in columns)
        bare = f"replace(replace(replace(replace(replace({text}, ' ', ''), '-', ''), '(', ''), ')', ''), '.', '')"
        # To take signs out of every text takes twice as long as to look whether it has the digits in their order.
        tests = [f"({text}) LIKE ? ESCAPE '\\'"] * len(plain) + [f"({text}) LIKE ? AND {bare} LIKE ?"] * len(digits)
        rows = conn.execute(
            f"SELECT owner, (SELECT name FROM clients WHERE clients.id = owner), id, text FROM ("
            f'SELECT {owner} AS owner, "{table}".id, {text} AS text FROM "{table}" WHERE {" OR ".join(tests)}'
            f") WHERE owner NOT IN (SELECT value FROM json_each(?))",
            (
                *(f"%{literal(each)}%" for each in plain),
                *(like for each in digits for like in (f"%{'%'.join(each)}%", f"%{each}%")),
                as_json(ids),
            ),
        ).fetchall()
        total += len(rows)
        found += [
            Mention(row[0], row[1], table, row[2], _around(row[3], plain)) for row in rows[: MOST_SHOWN - len(found)]
        ]
    return found, total


def _around(text: str, needles: list[str]) -> str:
    """One line of a text, from shortly before what was found in it."""
    line = " ".join(text.split())
    places = [at for needle in needles if (at := line.lower().find(needle.lower())) > 0]
    at = min(places, default=0)
    return f"…{line[at - 15 :]}" if at > 20 else line


def _needles(client: Client) -> tuple[list[str], list[str]]:
    plain = [client.name] if len(client.name) >= _SHORTEST else []
    digits: list[str] = []
    for point in client.points:
        if point.kind == "phone":
            digits.append(_national_digits(point.value))
        elif point.kind in ("email", "wechat", "whatsapp", "qq") and len(point.value) >= 5:
            plain.append(point.value)
    return plain, sorted({each for each in digits if len(each) >= _FEWEST_DIGITS})


def _national_digits(e164: str) -> str:
    """A number without its country code, as it stands in most texts."""
    from phonenumbers import NumberParseException, parse

    try:
        return str(parse(e164).national_number)
    except NumberParseException:
        return e164.lstrip("+")


def _texts(conn: sqlite3.Connection) -> list[tuple[str, str, tuple[str, ...]]]:
    """Tables of clients, whose each row is, and their columns in which a person may be named."""
    described = slices.tables()
    personal = {table: described[table].texts.personal for table in described}
    return [
        (owned.table, owned.owner(f'"{owned.table}"'), personal[owned.table])
        for owned in client_tables(conn)
        if personal.get(owned.table)
    ]
