"""A client as a row of cells, in columns that recrm's own import knows, for a CSV file and a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import NamedTuple

from recrm.clients import store as clients
from recrm.clients.fieldtable import POINTS, SHEET, Field, Kind, in_order
from recrm.clients.model import Client, ContactPoint
from recrm.clients.tag_cells import JOINT, tag_word
from recrm.core.i18n import _
from recrm.core.moments import iso
from recrm.exports import store
from recrm.exports.store import Choice

_AT_ONCE = 1_000
_ALWAYS = ("phone", "email", "wechat", "address")  # have a column even where nobody has one
TYPE_JOINT = "; "


class Person(NamedTuple):
    """A client, and what to call who referred them."""

    client: Client
    referrer: str


class Column(NamedTuple):
    """A column: its field, and, of contact points, which of those that a client has, from 1."""

    field: Field
    number: int = 1

    @property
    def header(self) -> str:
        """Its heading, in the language spoken."""
        label = _(self.field.label)
        return f"{label} {self.number}" if self.number > 1 else label

    @property
    def is_wide(self) -> bool:
        """Whether it holds text of many words."""
        return self.field.kind is Kind.LINES or self.field.name == "address"


class Columns:
    """The columns of one export: as many phones side by side as the client with the most of them has."""

    def __init__(self, columns: list[Column]) -> None:
        self.columns = columns
        self._cells = [(_CELLS.get(each.field.kind, _value), each.field.key, each.number) for each in columns]

    @property
    def header(self) -> list[str]:
        return [column.header for column in self.columns]

    @property
    def wide(self) -> set[str]:
        """The headings of those that hold text of many words."""
        return {column.header for column in self.columns if column.is_wide}

    def cells(self, person: Person, zone: tzinfo) -> list[str]:
        """A client's cells, in the header's order."""
        return [cell(person, key, number, zone) for cell, key, number in self._cells]

    def phones(self) -> set[int]:
        """The places of the phones among the cells."""
        return {place for place, column in enumerate(self.columns) if column.field.name == "phone"}


def columns(chosen: Choice) -> Columns:
    """The columns that these clients need."""
    most = store.most_points(chosen)
    needed: list[Column] = []
    for field in in_order(SHEET):
        if field.name in POINTS and not (field.name in most or field.name in _ALWAYS):
            continue
        if field.in_sheet:
            needed += [Column(field, number) for number in range(1, most.get(field.name, 1) + 1)]
    return Columns(needed)


def _value(person: Person, key: str, _number: int, _zone: tzinfo) -> str:
    return person.client.value(key) or ""


def _company(person: Person, _key: str, _number: int, _zone: tzinfo) -> str:
    return person.client.name if person.client.kind == "company" else ""


def _types(person: Person, _key: str, _number: int, _zone: tzinfo) -> str:
    return TYPE_JOINT.join(person.client.types)


def _tags(person: Person, _key: str, _number: int, _zone: tzinfo) -> str:
    return JOINT.join(map(tag_word, person.client.tags))


def _point(person: Person, kind: str, number: int, _zone: tzinfo) -> str:
    for point in person.client.points:
        if point.kind == kind:
            number -= 1
            if not number:
                return written(point)
    return ""


def _flag(person: Person, key: str, _number: int, _zone: tzinfo) -> str:
    return "yes" if person.client.value(key) else ""


def _referrer(person: Person, _key: str, _number: int, _zone: tzinfo) -> str:
    return person.referrer


def _amount(person: Person, key: str, _number: int, _zone: tzinfo) -> str:
    money = person.client.value(key)
    return f"{money.minor // 100}.{money.minor % 100:02d}" if money else ""


def _moment(person: Person, key: str, _number: int, zone: tzinfo) -> str:
    return iso(person.client.value(key), zone)


_CELLS: dict[Kind, Callable[[Person, str, int, tzinfo], str]] = {
    Kind.COMPANY: _company,
    Kind.TYPES: _types,
    Kind.TAGS: _tags,
    Kind.POINT: _point,
    Kind.FLAG: _flag,
    Kind.REFERRER: _referrer,
    Kind.MONEY: _amount,
    Kind.MOMENT: _moment,
}


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
