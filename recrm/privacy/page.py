"""A person's data as one HTML page that they can read and print: whole words, every value escaped, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any, NamedTuple

from recrm import slices
from recrm.clients.fieldtable import FIELDS
from recrm.clients.model import Money
from recrm.core.i18n import N_, _, language, ngettext
from recrm.core.labels import day_label
from recrm.core.slice import load
from recrm.core.text import clean_text
from recrm.storage.ownership import CLIENTS

# Numbers of rows and what is only derived from what stands beside it say nothing to a reader; the JSON has them.
HIDDEN = frozenset({"id", "search_key", "pinyin_given", "key", "value", "currency"})
# Columns of clients that say more than their field's label, and those that many tables have; a slice names its own.
_OF_CLIENTS = {field.columns[0]: field.label for field in FIELDS if field.columns and field.label} | {
    "tier_set_at": N_("Tier set"),
    "birth_year": N_("Birth year"),
    "birth_month": N_("Birth month"),
    "birth_day": N_("Day of birth"),
    "do_not_contact": N_("Not to be contacted"),
    "referrer_id": N_("Referred by"),
    "kind": N_("Kind"),
    "origin": N_("How it came here"),
    "verified_at": N_("Last verified"),
    "archived_at": N_("Put to rest"),
}
_COMMON = {
    "at": N_("When"),
    "created_at": N_("Written down"),
    "agent": N_("Who in the shop"),
    "due_at": N_("Due at"),
    "closed_at": N_("Closed"),
    "status": N_("Status"),
    "text": N_("What was said"),
    "note": N_("Note"),
}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


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

    sections = [Section(_("Profile"), [Entry("", _fields(CLIENTS, data["profile"]))])]
    sections += [
        Section(slices.rows_label(table, len(rows)), [Entry("", _fields(table, row)) for row in rows])
        for table, rows in data["records"].items()
    ]
    # That something was added then stands in it as it is now; what it was before stands nowhere else.
    earlier = [Entry(_earlier(line), _fields(line["table"], line["was"])) for line in data["earlier"] if line["was"]]
    sections.append(Section(_("What stood there before"), [entry for entry in earlier if entry.fields]))
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files("recrm.privacy").joinpath("person.html.jinja").read_text("utf-8")
    drawn = environment.from_string(template).render(
        language=language().replace("_", "-"),
        title=_("What is held about {name}", name=clean_text(data["name"])),
        paragraphs=_paragraphs(data),
        sections=[section for section in sections if section.entries],
    )
    return drawn + "\n"


def labels_of(table: str) -> dict[str, str]:
    """What the columns of a table are called, templates by column; for clients, and as its slice says for others."""
    if table == CLIENTS:
        return _COMMON | _OF_CLIENTS
    described = slices.tables().get(table)
    return _COMMON | dict(described.labels if described else {})


def is_shown(table: str, column: str) -> bool:
    """Whether a column says anything to a reader: no number of a row does, but that of somebody else."""
    return column not in HIDDEN and (not column.endswith("_id") or column in labels_of(table))


def _paragraphs(data: Mapping[str, Any]) -> list[str]:
    taken = _(
        "Taken out on {when}. Nothing is left out but what tells of other people: they stand here as “somebody else”. "
        "The file of the same name that ends in .json holds the same with every number and in full detail.",
        when=_moment(data["exported_at"]),
    )
    paragraphs = [taken]
    if data["referred_by"] is not None:
        paragraphs.append(_("Somebody else is recorded as having sent this person."))
    if sent := len(data["has_sent"]):
        paragraphs.append(
            ngettext(
                "This person is recorded as having sent {n} other person.",
                "This person is recorded as having sent {n} other people.",
                sent,
            )
        )
    return paragraphs


def _earlier(line: Mapping[str, Any]) -> str:
    described = slices.tables().get(line["table"])
    row, when = _(described.label) if described else line["table"], _moment(line["at"])
    if line["action"] == "delete":
        return _("{when}: {row} removed. Until then:", when=when, row=row)
    return _("{when}: {row} changed. Until then:", when=when, row=row)


def _fields(table: str, row: Mapping[str, Any]) -> list[Field]:
    labels = labels_of(table)
    return [
        Field(_(labels.get(column, column)), _value(table, column, value, row))
        for column, value in row.items()
        if value not in (None, "") and is_shown(table, column)
    ]


def _value(table: str, column: str, value: Any, row: Mapping[str, Any]) -> str:
    if column == "referrer_id":
        return _("somebody else")
    if column.endswith("_minor"):
        return Money(int(value), row.get("currency") or "").label()
    if column == "do_not_contact":
        return _("yes") if value else _("no")
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return _moment(value)
    text = clean_text(str(value))
    described = slices.tables().get(table)
    if described and column in described.shown:
        return str(load(described.shown[column])(text))
    # What nobody typed is one of a table's codes, and each of those has its word.
    return text if described is None or column in described.texts.personal else _(text)


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return _("{day}, {clock}", day=day_label(moment.date(), date.min), clock=f"{moment:%H:%M}")
