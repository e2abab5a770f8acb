"""A person's data as one HTML page that they can read and print: whole words, every value escaped, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any, NamedTuple

from recrm.clients.model import Money
from recrm.core.labels import day_label
from recrm.core.text import clean_text
from recrm.privacy.view import TABLE_WORDS

# Numbers of rows and what is only derived from what stands beside it say nothing to a reader; the JSON has them.
_HIDDEN = frozenset({"id", "client_id", "complaint_id", "contact_id", "search_key", "pinyin_given", "key", "value"})
_LABELS = {
    "at": "When",
    "shown": "Address or number",
    "text": "What was said",
    "created_at": "Written down",
    "verified_at": "Last verified",
    "archived_at": "Put to rest",
    "do_not_contact": "Not to be contacted",
    "due_day": "Due on",
    "due_at": "Due at",
    "confirm_by": "To be confirmed by",
    "call_back_due": "Call back on",
    "how": "How they said it",
    "origin": "How it came here",
    "what": "What it is about",
    "agent": "Who in the shop",
    "avoid": "Topics to avoid",
    "kind": "Kind",
    "referrer_id": "Referred by",
    "merged_id": "Number of the earlier entry",
}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_COMMANDS = {"insert": "added", "update": "changed", "delete": "removed"}


class Field(NamedTuple):
    """A label and what stands there."""

    label: str
    value: str


class Entry(NamedTuple):
    """One thing that is held: a heading, which may be empty, and its fields."""

    head: str
    fields: list[Field]


class Section(NamedTuple):
    """Entries of one kind."""

    title: str
    entries: list[Entry]


def page(data: Mapping[str, Any]) -> str:
    """The whole page."""
    from jinja2 import Environment, StrictUndefined

    sections = [Section("Profile", [Entry("", _fields(data["profile"]))])]
    sections += [
        Section(_title(table), [Entry("", _fields(row)) for row in rows]) for table, rows in data["records"].items()
    ]
    earlier = [_earlier(line) for line in data["earlier"]]
    # That something was added then stands in it as it is now; what it was before stands nowhere else.
    sections.append(Section("What stood there before", [entry for entry in earlier if entry.fields]))
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files("recrm.privacy").joinpath("person.html.jinja").read_text("utf-8")
    drawn = environment.from_string(template).render(
        name=clean_text(data["name"]),
        day=_moment(data["exported_at"]),
        sections=[section for section in sections if section.entries],
        sent=len(data["has_sent"]),
        is_referred=data["referred_by"] is not None,
    )
    return drawn + "\n"


def _earlier(line: Mapping[str, Any]) -> Entry:
    one, _ = TABLE_WORDS.get(line["table"], (line["table"].replace("_", " "), ""))
    said = f"{_moment(line['at'])}: {one} {_COMMANDS[line['action']]}"
    return Entry(f"{said}. Until then:", _fields(line["was"] or {}))


def _title(table: str) -> str:
    _, many = TABLE_WORDS.get(table, ("", table.replace("_", " ")))
    return many[:1].upper() + many[1:]


def _fields(row: Mapping[str, Any]) -> list[Field]:
    return [
        Field(_LABELS.get(column) or _words(column), _said(column, value, row))
        for column, value in row.items()
        if column not in _HIDDEN and value not in (None, "")
    ]


def _words(column: str) -> str:
    words = column.removesuffix("_minor").removesuffix("_at").replace("_", " ")
    return words[:1].upper() + words[1:]


def _said(column: str, value: Any, row: Mapping[str, Any]) -> str:
    if column == "referrer_id":
        return "somebody else"
    if column.endswith("_minor"):
        return Money(int(value), row.get("currency") or "").label()
    if column == "do_not_contact":
        return "yes" if value else "no"
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return _moment(value)
    return clean_text(str(value))


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    day = moment.date()
    return f"{day_label(day, day)} {day.year}, {moment:%H:%M}"
