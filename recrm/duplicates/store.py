"""All SQL of the search for duplicates, which compares only clients who have something in common.

A hundred thousand clients are five billion pairs. So clients are laid in blocks first, as record linkage calls them: by
contact point, by the letters of their name, by its likely typing errors, by birthday. A temporary table holds a
number for each client and block, and nothing readable of anybody; joined with itself it gives the pairs to compare.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from recrm.core.text import fold
from recrm.duplicates.model import MANY, Key, Pair, Person, Point, Rarity, evidence_of, score_pair
from recrm.duplicates.name_similarity import letters, name_of, typo_keys

_READ_AT_ONCE = 4_000

_TABLES = (
    # How each client's name reads, one way a row; the name and the birthday part those who read alike.
    "CREATE TEMP TABLE readings (reading INTEGER, name INTEGER, born INTEGER, client_id INTEGER)",
    "CREATE TEMP TABLE blocks (block INTEGER, part INTEGER, client_id INTEGER)",
    "CREATE TEMP TABLE places (block INTEGER, part INTEGER, place INTEGER, client_id INTEGER)",
    "CREATE UNIQUE INDEX temp.places_of_blocks ON places (block, part, place)",
    "CREATE TEMP TABLE pairs (one INTEGER, other INTEGER, PRIMARY KEY (one, other)) WITHOUT ROWID",
)
_INSERT_READINGS = """
    INSERT INTO readings SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)
"""
_INSERT_BLOCKS = "INSERT INTO blocks SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)"
_POINTS = """
    SELECT kind, key, client_id FROM contact_points
    WHERE kind <> 'website' AND key IN (
        SELECT key FROM contact_points GROUP BY key HAVING count(DISTINCT client_id) > 1
    )
    UNION ALL
    SELECT phones.kind, phones.key, owners.value
    FROM contact_points AS ids JOIN contact_points AS phones
        ON phones.kind = 'phone' AND phones.key = CASE ids.kind
            WHEN 'wechat' THEN '+86' || ids.key
            ELSE replace(replace(replace(replace(ids.key, ' ', ''), '-', ''), '(', ''), ')', '') END
    JOIN json_each(json_array(ids.client_id, phones.client_id)) AS owners
    WHERE ids.kind IN ('wechat', 'whatsapp') AND ids.key GLOB '[+0-9]*' AND ids.key <> phones.key
"""
_NAMES = """
    SELECT id, search_key, pinyin, coalesce(birth_month, 0) * 100 + coalesce(birth_day, 0)
    FROM clients WHERE id > ? ORDER BY id LIMIT ?
"""
# Those whose names read alike; where many do, those of the same name or the same birthday.
_BLOCKS_OF_NAMES = """
    WITH sized AS (
        SELECT *, count(*) OVER (PARTITION BY reading) AS alike,
            count(*) OVER (PARTITION BY reading, name) AS namesakes
        FROM readings WHERE reading IS NOT NULL
    )
    INSERT INTO blocks
    SELECT reading, 0, client_id FROM sized WHERE alike <= :many
    UNION ALL
    SELECT reading, name, client_id FROM sized WHERE alike > :many AND namesakes <= :many
    UNION ALL
    SELECT reading, born, client_id FROM sized WHERE alike > :many AND born > 0
"""
# Names in letters that few clients have: those may be somebody else's with a typing error.
_RARE_NAMES = """
    SELECT search_key, json_group_array(id) FROM clients WHERE pinyin = '' AND search_key > ?
    GROUP BY search_key ORDER BY search_key LIMIT ?
"""
# Those of one full birthday whose names begin alike.
_BLOCKS_OF_BIRTHDAYS = """
    INSERT INTO blocks
    SELECT birth_year * 10000 + birth_month * 100 + birth_day,
        coalesce(unicode(CASE pinyin WHEN '' THEN search_key ELSE pinyin END), 0), id
    FROM clients WHERE birth_year IS NOT NULL
"""
_PLACES = """
    INSERT INTO places SELECT block, part, place, client_id FROM (
        SELECT *, row_number() OVER (PARTITION BY block, part ORDER BY client_id) - 1 AS place,
            count(*) OVER (PARTITION BY block, part) AS size
        FROM (SELECT DISTINCT block, part, client_id FROM blocks)
    ) WHERE size > 1
"""
# A crowd has no pair by itself (a switchboard, a city written as an address): of more than 60, each is compared only
# with those of the next few places.
_PAIRS = """
    INSERT OR IGNORE INTO pairs SELECT first.client_id, second.client_id
    FROM places AS first JOIN places AS second ON second.block = first.block AND second.part = first.part
        AND second.place > first.place AND second.place < first.place / 30 * 30 + 60
"""
_PAIRS_OF_ONE = """
    INSERT OR IGNORE INTO pairs SELECT min(first.client_id, second.client_id), max(first.client_id, second.client_id)
    FROM places AS first JOIN places AS second ON second.block = first.block AND second.part = first.part
    WHERE first.client_id = :only AND second.client_id <> :only
"""
_PEOPLE = """
    SELECT id, search_key, pinyin, kind, birth_year, birth_month, birth_day, occupation, referrer_id
    FROM clients WHERE id IN (SELECT value FROM json_each(?))
"""


class Search:
    """One search through all clients; `only` asks for the pairs of one of them."""

    def __init__(self, conn: sqlite3.Connection, least: int, only: int | None = None) -> None:
        self.conn = conn
        self.least = least
        self.only = only
        self.names: dict[int, int] = {}  # how many bear a name, or a reading of one, where more than one does
        self.readings: dict[int, int] = {}
        self.shared: dict[Key, int] = {}

    def pairs(self) -> list[Pair]:
        """All pairs that score enough, best first."""
        with self._tables():
            self._add_names()
            self._add_points()
            self._add_typos()
            self.conn.execute(_BLOCKS_OF_BIRTHDAYS)
            self.conn.execute(_PLACES)
            self.conn.execute(_PAIRS if self.only is None else _PAIRS_OF_ONE, {"only": self.only})
            return sorted(self._scored(), key=lambda pair: (-pair.score, pair.ids))

    def _scored(self) -> Iterator[Pair]:
        for pairs in self._pages(
            "SELECT one, other FROM pairs WHERE (one, other) > (?, ?) ORDER BY 1, 2 LIMIT ?", 0, 0
        ):
            people = self._people({number for pair in pairs for number in pair})
            for a, b in pairs:
                if a in people and b in people:
                    score, reasons = score_pair(people[a], people[b], self._rarity(people[a], people[b]))
                    if score >= self.least and reasons:
                        yield Pair(score, tuple(reasons), (a, b))

    def _rarity(self, one: Person, other: Person) -> Rarity:
        names = max(self.names.get(hash(person.name.compact), 1) for person in (one, other))
        shared = [self.readings.get(hash(way), 1) for way in letters(one.name) & letters(other.name)]
        return Rarity(names, max(shared, default=0), self.shared)

    def _add_names(self) -> None:
        """Those whose names read alike. How rare a name is counts in every comparison."""
        for rows in self._pages(_NAMES, 0):
            readings: list[tuple[int | None, int, int, int]] = []
            for number, search_key, pinyin, born in rows:
                name = name_of(search_key, pinyin)
                ways: list[int | None] = [hash(way) for way in letters(name)]
                readings += [(way, hash(name.compact), born, number) for way in ways or [None]]
            self.conn.execute(_INSERT_READINGS, (json.dumps(readings),))
        count = "SELECT {0}, count(DISTINCT client_id) FROM readings GROUP BY {0} HAVING count(*) > 1"
        self.names = dict(map(tuple, self.conn.execute(count.format("name")).fetchall()))
        self.readings = dict(map(tuple, self.conn.execute(count.format("reading")).fetchall()))
        many = MANY if self.only is None else sys.maxsize
        self.conn.execute(_BLOCKS_OF_NAMES, {"many": many})

    def _add_points(self) -> None:
        """Those who share a contact point."""
        owners: dict[Key, set[int]] = {}
        for kind, key, number in self.conn.execute(_POINTS).fetchall():
            if proof := evidence_of(kind, key):
                owners.setdefault(proof, set()).add(number)
        self.shared = {proof: len(numbers) for proof, numbers in owners.items() if len(numbers) > 1}
        blocks = [(hash(proof), 0, number) for proof in self.shared for number in owners[proof]]
        self.conn.execute(_INSERT_BLOCKS, (json.dumps(blocks),))

    def _add_typos(self) -> None:
        """Those whose long names in letters may differ by typing errors."""
        for rows in self._pages(_RARE_NAMES, ""):
            blocks = []
            for search_key, ids in rows:
                numbers = json.loads(ids)
                if len(numbers) <= MANY:
                    compact = "".join(filter(str.isalnum, search_key.partition("\n")[0]))
                    blocks += [(hash(("typo", key)), 0, number) for key in typo_keys(compact) for number in numbers]
            self.conn.execute(_INSERT_BLOCKS, (json.dumps(blocks),))

    def _people(self, ids: set[int]) -> dict[int, Person]:
        wanted = (json.dumps(sorted(ids)),)
        points: dict[int, dict[Key, Point]] = {number: {} for number in ids}
        for number, kind, key, extension, shown in self.conn.execute(
            "SELECT client_id, kind, key, extension, shown FROM contact_points "
            "WHERE client_id IN (SELECT value FROM json_each(?))",
            wanted,
        ).fetchall():
            if proof := evidence_of(kind, key):
                known = points[number].get(proof)
                extensions = known.extensions if known else frozenset()
                points[number][proof] = Point(shown, extensions | {extension})
        return {
            row["id"]: Person(
                row["id"],
                name_of(row["search_key"], row["pinyin"]),
                row["kind"] == "company",
                (row["birth_year"], row["birth_month"], row["birth_day"]) if row["birth_month"] else None,
                fold(row["occupation"] or ""),
                row["referrer_id"],
                points[row["id"]],
            )
            for row in self.conn.execute(_PEOPLE, wanted).fetchall()
        }

    def _pages(self, query: str, *first: object) -> Iterator[list[sqlite3.Row]]:
        """All rows of a query by its leading columns, a few thousand at a time: a half-read one would keep others from
        writing."""
        last = first
        while rows := self.conn.execute(query, (*last, _READ_AT_ONCE)).fetchall():
            yield rows
            last = tuple(rows[-1])[: len(first)]

    @contextmanager
    def _tables(self) -> Iterator[None]:
        try:
            for statement in _TABLES:
                self.conn.execute(statement)
            yield
        finally:
            for table in ("readings", "blocks", "places", "pairs"):
                self.conn.execute(f"DROP TABLE IF EXISTS temp.{table}")


def with_the_better_first(conn: sqlite3.Connection, pairs: list[Pair]) -> list[Pair]:
    """Each pair with the one first who is more worth keeping: not archived, spoken with more often, known longer."""
    ids = json.dumps([number for pair in pairs for number in pair.ids])
    rows = conn.execute(
        "SELECT id, archived_at IS NOT NULL, -(SELECT count(*) FROM contacts WHERE client_id = clients.id), created_at "
        "FROM clients WHERE id IN (SELECT value FROM json_each(?))",
        (ids,),
    ).fetchall()
    worth = {row[0]: (*tuple(row)[1:], row[0]) for row in rows}
    return [
        Pair(pair.score, pair.reasons, (first, second))
        for pair in pairs
        for first, second in [sorted(pair.ids, key=lambda number: worth[number])]
    ]
