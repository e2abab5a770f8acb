"""All SQL of the search for duplicates, which compares only clients who have something in common.

A hundred thousand clients are five billion pairs. So clients are laid in heaps first: by contact point, by the
letters of their name, by its likely typing errors, by birthday. Only those of one heap are compared, and their
particulars read, a few thousand at a time, so that memory stays small however many there are.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from recrm.core.text import fold
from recrm.duplicates.model import MANY, Key, Pair, Person, Point, Rarity, evidence_of, judge
from recrm.duplicates.name_similarity import letters, name_of, slips

Heap = list[int]
_READ_AT_ONCE = 4_000
# A heap of more has no pair by itself: a switchboard, a city written as an address.
_MOST_IN_A_HEAP = 60


class Search:
    """One search through all clients; `only` asks for the pairs of one of them."""

    def __init__(self, conn: sqlite3.Connection, least: int, only: int | None = None) -> None:
        self.conn = conn
        self.least = least
        self.only = only
        self.names: Counter[int] = Counter()
        self.readings: Counter[int] = Counter()
        self.shared: dict[Key, int] = {}

    def pairs(self) -> list[Pair]:
        """All pairs that score enough, best first."""
        found: dict[tuple[int, int], Pair] = {}
        for heaps in _portions(self._heaps()):
            people = self._people({number for heap in heaps for number in heap})
            for heap in heaps:
                for a, b in combinations(sorted(heap), 2):
                    if (
                        (self.only is None or self.only in (a, b))
                        and (a, b) not in found
                        and a in people
                        and b in people
                    ):
                        score, reasons = judge(people[a], people[b], self._rarity(people[a], people[b]))
                        if score >= self.least and reasons:
                            found[a, b] = Pair(score, tuple(reasons), (a, b))
        return sorted(found.values(), key=lambda pair: (-pair.score, pair.ids))

    def _rarity(self, one: Person, other: Person) -> Rarity:
        names = max(self.names[hash(one.name.compact)], self.names[hash(other.name.compact)])
        shared = [self.readings[hash(way)] for way in letters(one.name) & letters(other.name)]
        return Rarity(names, max(shared, default=0), self.shared)

    def _heaps(self) -> Iterator[Heap]:
        """Names are counted first, because how rare one is counts in every comparison."""
        by_name = list(self._by_name())
        yield from self._by_point()
        yield from by_name
        yield from self._by_slip()
        yield from self._by_birthday()

    def _by_point(self) -> Iterator[Heap]:
        """Those who share a contact point."""
        asked = """
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
        heaps: dict[Key, set[int]] = {}
        for kind, key, number in self.conn.execute(asked).fetchall():
            if proof := evidence_of(kind, key):
                heaps.setdefault(proof, set()).add(number)
        self.shared = {proof: len(heap) for proof, heap in heaps.items() if len(heap) > 1}
        for proof in self.shared:
            yield from self._small(heaps[proof])

    def _by_name(self) -> Iterator[Heap]:
        """Those whose names read alike; where many do, those of the same name or the same birthday."""
        ids, names, days = array("q"), array("q"), array("q")
        heaps: dict[int, int | list[int]] = {}  # most readings are one client's: a place, and no list of one
        asked = """
            SELECT id, search_key, pinyin, coalesce(birth_month, 0) * 100 + coalesce(birth_day, 0)
            FROM clients WHERE id > ?
        """
        for place, (number, search_key, pinyin, day) in enumerate(self._rows(asked)):
            name = name_of(search_key, pinyin)
            ids.append(number)
            names.append(hash(name.compact))
            days.append(day)
            self.names[names[-1]] += 1
            for way in map(hash, letters(name)):
                self.readings[way] += 1
                heap = heaps.get(way)
                if heap is None:
                    heaps[way] = place
                elif isinstance(heap, int):
                    heaps[way] = [heap, place]
                else:
                    heap.append(place)
        for heap in heaps.values():
            if isinstance(heap, int):
                continue
            if len(heap) <= MANY or self.only is not None:
                yield from self._small(ids[place] for place in heap)
                continue
            named: dict[int, list[int]] = {}
            born: dict[int, list[int]] = {}
            for place in heap:
                named.setdefault(names[place], []).append(ids[place])
                if days[place]:
                    born.setdefault(days[place], []).append(ids[place])
            for part in (*(part for part in named.values() if len(part) <= MANY), *born.values()):
                yield from self._small(part)

    def _by_slip(self) -> Iterator[Heap]:
        """Those whose long names in letters may differ by typing errors.

        Most forms of a name are nobody else's. A first round marks in a field of bits which of them come twice, so that
        the second has to remember only those: a dozen forms of each of many names would take far more room.
        """
        bits = 1 << 23
        once, twice = bytearray(bits // 8), bytearray(bits // 8)
        for compact, _ in self._rare_names():
            for form in slips(compact):
                place, bit = divmod(hash(form) % bits, 8)
                if once[place] & (1 << bit):
                    twice[place] |= 1 << bit
                else:
                    once[place] |= 1 << bit
        alike: dict[int, list[str]] = {}
        for compact, listed in self._rare_names():
            for form in slips(compact):
                place, bit = divmod(hash(form) % bits, 8)
                if twice[place] & (1 << bit):
                    alike.setdefault(hash(form), []).append(listed)
        for names in {tuple(names) for names in alike.values() if len(names) > 1}:
            yield from self._small(int(number) for listed in names for number in listed.split(","))

    def _rare_names(self) -> Iterator[tuple[str, str]]:
        """Names in letters that few clients have, and those clients' ids."""
        last = ""
        asked = """
            SELECT search_key, group_concat(id), count(*) FROM clients WHERE pinyin = '' AND search_key > ?
            GROUP BY search_key ORDER BY search_key LIMIT ?
        """
        while rows := self.conn.execute(asked, (last, _READ_AT_ONCE)).fetchall():
            for search_key, listed, count in rows:
                if count <= MANY:
                    yield "".join(filter(str.isalnum, search_key.partition("\n")[0])), listed
            last = rows[-1][0]

    def _by_birthday(self) -> Iterator[Heap]:
        """Those of one full birthday whose names begin alike."""
        asked = """
            SELECT group_concat(id) FROM clients WHERE birth_year IS NOT NULL
            GROUP BY birth_year, birth_month, birth_day,
                substr(CASE pinyin WHEN '' THEN search_key ELSE pinyin END, 1, 1)
            HAVING count(*) > 1
        """
        for (listed,) in self.conn.execute(asked).fetchall():
            yield from self._small(map(int, listed.split(",")))

    def _small(self, heap: Iterable[int]) -> Iterator[Heap]:
        """The heap, where it is none of a crowd; of a crowd, each with the few who came next."""
        members = sorted(set(heap))
        if len(members) < 2 or (self.only is not None and self.only not in members):
            return
        if self.only is not None:
            yield from ([self.only, number] for number in members if number != self.only)
        elif len(members) <= _MOST_IN_A_HEAP:
            yield members
        else:
            for at in range(0, len(members), _MOST_IN_A_HEAP // 2):
                yield members[at : at + _MOST_IN_A_HEAP]

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
        asked = """
            SELECT id, search_key, pinyin, kind, birth_year, birth_month, birth_day, occupation, referrer_id
            FROM clients WHERE id IN (SELECT value FROM json_each(?))
        """
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
            for row in self.conn.execute(asked, wanted).fetchall()
        }

    def _rows(self, asked: str) -> Iterator[sqlite3.Row]:
        """All rows of a query by id, read a few thousand at a time: a half-read one would keep others from writing."""
        last = 0
        while rows := self.conn.execute(f"{asked} ORDER BY id LIMIT {_READ_AT_ONCE}", (last,)).fetchall():
            yield from rows
            last = rows[-1][0]


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


def _portions(heaps: Iterator[Heap]) -> Iterator[list[Heap]]:
    """Heaps by the thousand."""
    portion: list[Heap] = []
    size = 0
    for heap in heaps:
        portion.append(heap)
        size += len(heap)
        if size >= _READ_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
