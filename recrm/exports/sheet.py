"""A client as a row of cells, in columns that recrm's own import knows, for a CSV file and a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from typing import NamedTuple

from recrm.clients import store as clients
from recrm.clients.model import POINT_KINDS, Client, ContactPoint
from recrm.clients.view import POINT_WORDS
from recrm.core.moments import iso
from recrm.exports import store
from recrm.exports.store import Choice

_AT_ONCE = 1_000
_ALWAYS = ("phone", "email", "wechat", "address")  # have a column even where nobody has one
_TAG_SIGNS = re.compile(r"([\\;；,，、|\n])")
_NO_TAG = re.compile(r"\*|my ?contacts$|starred|我的联系人$|(?:imported|restored) (?:on|from) ", re.IGNORECASE)
TAG_JOINT, TYPE_JOINT = "; ", "; "


class Person(NamedTuple):
    """A client, and what to call who sent them."""

    client: Client
    referrer: str


class Columns(NamedTuple):
    """The columns of one export: as many phones side by side as the client with the most of them has."""

    points: dict[str, int]

    @property
    def header(self) -> list[str]:
        return [
            *("Name", "Company", "Tier", "Type"),
            *(
                f"{POINT_WORDS[kind]} {number}" if number > 1 else POINT_WORDS[kind]
                for kind, most in self.points.items()
                for number in range(1, most + 1)
            ),
            *("Preferred channel", "Do not contact", "Birthday", "Tags", "Persona", "Source", "Referrer"),
            *("Family", "Occupation", "Topics to avoid", "Note", "Agent", "Created"),
        ]

    def cells(self, person: Person, zone: tzinfo) -> list[str]:
        """A client's cells, in the header's order."""
        c = person.client
        reach: list[str] = []
        for kind, most in self.points.items():
            shown = [written(point) for point in c.points if point.kind == kind]
            reach += shown + [""] * (most - len(shown))
        return [
            *(c.name, c.name if c.kind == "company" else "", c.tier or "", TYPE_JOINT.join(c.types)),
            *reach,
            *(c.preferred_channel or "", "yes" if c.do_not_contact else "", c.birthday or ""),
            TAG_JOINT.join(map(tag_word, c.tags)),
            *(c.persona or "", c.source or "", person.referrer, c.family or "", c.occupation or "", c.avoid or ""),
            *(c.note or "", c.agent, iso(c.created_at, zone)),
        ]

    def phones(self) -> set[int]:
        """The places of the phones among the cells."""
        first = self.header.index(POINT_WORDS["phone"])
        return set(range(first, first + self.points["phone"]))


def columns(chosen: Choice) -> Columns:
    """The columns that these clients need."""
    most = store.most_points(chosen)
    return Columns({kind: most.get(kind) or 1 for kind in POINT_KINDS if kind in most or kind in _ALWAYS})


def people(chosen: Choice, zone: tzinfo) -> Iterator[Person]:
    """The clients chosen, the lowest id first, a thousand in memory at a time."""
    for first in range(0, len(chosen.ids), _AT_ONCE):
        found = clients.get_many(chosen.conn, chosen.ids[first : first + _AT_ONCE], zone)
        referrers = store.referrer_words(chosen.conn, (c.referrer_id for c in found if c.referrer_id))
        for client in found:
            yield Person(client, referrers.get(client.referrer_id or 0, ""))


def written(point: ContactPoint) -> str:
    """A contact point as text that reads back as the same."""
    return point.shown if point.kind == "phone" else point.value


def tag_word(tag: str) -> str:
    """A tag as one of several in a cell: a backslash takes a separator's meaning, or a phone's own group's, away.

    >>> tag_word("a;b")
    'a\\\\;b'
    """
    word = _TAG_SIGNS.sub(r"\\\1", tag)
    return f"\\{word}" if _NO_TAG.match(word) else word


def is_wide(header: str) -> bool:
    """Whether a column holds text of many words."""
    return header in ("Note", "Family", "Topics to avoid") or header.startswith("Address")
