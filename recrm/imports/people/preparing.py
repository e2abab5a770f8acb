"""What a row says as what recrm keeps: checked, cleaned and keyed, all of it before the database is asked.

A row is taken whole or handed back whole. A second number with a digit too few is a reason to hand it back as
well: the agent mends one cell and imports again, where a number dropped in silence would never be missed
until it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from recrm.clients.fields import birthday_of, make_point, name_columns, tags_of, text_column
from recrm.clients.fieldtable import FIELDS, Kind
from recrm.clients.model import ContactPoint, NameMissing
from recrm.core.errors import RecrmError, UsageError
from recrm.core.i18n import N_
from recrm.core.moments import to_utc_text
from recrm.core.text import clean_line, quoted
from recrm.imports.columns.extracting import extract
from recrm.imports.columns.mapping import Mapping
from recrm.imports.columns.sheet import Row
from recrm.imports.columns.values import LUNAR, is_made_up, order_of
from recrm.imports.people.who import Key, Who, key_of_point

if TYPE_CHECKING:
    from recrm.imports.columns.cards import Card

Birthday = tuple[int | None, int, int]  # year, month, day

_SERIAL = re.compile(r"[1-4]\d{4}(?:\.\d+)?")  # days since 1900, or on old Macs since 1904
_TEXTS = [
    field
    for field in FIELDS
    if field.known_as and field.kind in (Kind.TEXT, Kind.LINES, Kind.AGENT) and field.name != "note"
]


@dataclass(slots=True)
class Prepared(Who):
    """One row, ready to be matched; `names` is empty where the row names nobody."""

    names: dict[str, Any]  # the columns that follow from a name
    columns: dict[str, Any]  # single values that the row gives, and nothing it leaves blank
    birthday: Birthday | None
    note: str
    lines: tuple[str, ...]  # what has no field of its own and joins the note
    tags: tuple[str, ...]
    types: tuple[str, ...]
    referrer: str
    is_company: bool
    do_not_contact: bool

    def details(self) -> Iterator[tuple[Key, str, tuple[str | None, ...]]]:
        """What has a row of its own: its key, the table, and the columns beside `client_id`."""
        for key, point in self.points.items():
            yield key, "contact_points", (point.kind, point.value, point.extension, point.shown, point.key)
        for tag in self.tags:
            yield ("tag", tag.lower(), ""), "client_tags", (tag,)
        for kind in self.types:
            yield ("type", kind, ""), "client_types", (kind,)


class ClientReader:
    """Rows and cards into `Prepared`; `order` settles 5/6/1990, `tags` go to every row."""

    def __init__(self, mapping: Mapping, region: str, today: date, order: str, tags: Iterable[str] = ()) -> None:
        self.mapping = mapping
        self.region = region
        self.today = today
        self.order = order or None
        self.tags = tuple(tags)

    def read(self, source: Row | Card) -> Prepared:
        """Raises RecrmError, which says why the row cannot be taken."""
        row = extract(source, self.mapping) if isinstance(source, Row) else source.said
        if isinstance(row, RecrmError):
            raise row
        fields, name = row.fields, row.name
        points: dict[Key, ContactPoint] = {}
        for kind, text in row.points:
            if kind == "email" and is_made_up(text):
                raise UsageError(
                    N_("{email} is a made-up address."),
                    N_("Leave the email out until you know it."),
                    email=quoted(text),
                )
            point = make_point(kind, text, self.region)
            points.setdefault(key_of_point(point), point)
        names = _names(name) if name else {}
        if names and not points and not any(map(str.isalpha, name)):
            raise UsageError(
                N_("{name} is a number and nobody's name."), N_("Type the name, or add a phone."), name=quoted(name)
            )
        is_company = bool(name) and name == fields.get("company")
        birthday = fields.get("birthday", "")
        lunar = bool(birthday and LUNAR.search(birthday))
        return Prepared(
            line=row.line,
            name=names.get("name", ""),
            points=points,
            names=names,
            columns=_columns(fields, is_company),
            birthday=self._birthday(birthday) if birthday and not lunar else None,
            note=(text_column("\n".join(row.notes), lines=True) or "") if row.notes else "",
            lines=(f"Birthday (lunar): {clean_line(birthday)}",) if lunar else (),
            tags=_tags((*row.tags.values(), *self.tags)) if row.tags or self.tags else (),
            types=tuple(row.types),
            referrer=clean_line(fields.get("referrer", "")),
            is_company=is_company,
            do_not_contact=row.do_not_contact is True,
        )

    def _birthday(self, text: str) -> Birthday:
        if _SERIAL.fullmatch(text):
            raise UsageError(
                N_("{text} is a day as spreadsheets count them, perhaps {day}."),
                N_("Format that column as a date in the spreadsheet, and export it again."),
                text=text,
                day=(date(1899, 12, 30) + timedelta(days=int(text[:5]))).isoformat(),
            )
        return birthday_of(text, self.today, self.order)


def date_order(rows: Iterable[Row], mapping: Mapping) -> str:
    """What the sheet's birthdays say of the order of their dates: `dmy`, `mdy`, or empty."""
    places = [column.index for column in mapping.used if column.field == "birthday"]
    return order_of(row.cells[place] for row in rows for place in places) if places else ""


@lru_cache(maxsize=4096)
def _names(name: str) -> dict[str, Any]:
    """The columns that follow from a name, for reading only: many clients have the same."""
    try:
        return name_columns(name)
    except NameMissing:
        return {}  # a dash or an emoji: it names nobody, but its phone may be known


def _columns(fields: dict[str, str], is_company: bool) -> dict[str, Any]:
    if "company" in fields and not is_company:  # what somebody does, and where
        occupation = "; ".join(filter(None, (fields.get("occupation"), fields["company"])))
        fields = {**fields, "occupation": occupation}
    typed = ((field, fields[field.name]) for field in _TEXTS if field.name in fields)
    columns = {field.name: text_column(text, lines=field.kind is Kind.LINES) for field, text in typed}
    columns |= {"created_at": _instant(fields.get("created", "")), "tier": fields.get("tier")}
    return {column: value for column, value in columns.items() if value}


def _instant(text: str) -> str:
    """A moment that says its zone, as recrm's own export writes it, as stored; empty for days and local times."""
    if "T" not in text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
        return to_utc_text(moment) if moment.tzinfo else ""
    except (ValueError, OverflowError):
        return ""


@lru_cache(maxsize=1024)
def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tags_of(tags))
