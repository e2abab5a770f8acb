"""What was typed for a field as columns, contact points, types and tags: checked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

from recrm.app import App
from recrm.clients.fieldtable import BY_NAME, POINTS, Field, Kind
from recrm.clients.labels import types_label
from recrm.clients.model import ClientType, ContactPoint, TextTooLong, Tier, clean_name, parse_money
from recrm.clients.type_synonyms import split_types
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.moments import to_utc_text
from recrm.core.text import clean_line, clean_text, fold, quoted

MOST_TEXT = 10_000
MOST_POINT = 500
MOST_TAG = 100


@cache
def _phones() -> ModuleType:
    """Loaded by the commands that write a phone; bound once, because an import reads tens of thousands."""
    from recrm.clients import phones

    return phones


@cache
def _names() -> ModuleType:
    """Loaded by the commands that write a name."""
    from recrm.clients import names

    return names


def points_of(app: App, given: Mapping[str, Sequence[str] | None]) -> list[ContactPoint]:
    """The contact points among what was given, by kind. Raises UsageError for what is not one."""
    return [make_point(kind, text, app.region) for kind in POINTS for text in given.get(kind) or ()]


def make_point(kind: str, text: str, region: str) -> ContactPoint:
    """One contact point, in the form that two spellings of it share."""
    if kind == "phone":
        phone = _phones().parse_phone(text, region)
        return ContactPoint(kind, phone.e164, phone.shown, phone.e164, phone.extension)
    if kind == "email":
        email = _phones().parse_email(text)
        return ContactPoint(kind, email, email, fold(email))
    value = clean_line(text)
    if not value:
        raise UsageError(N_("Nothing readable is given as {kind}."), N_("Type it after --{option}."),
                         kind=_(POINTS[kind].label), option=kind)  # fmt: skip
    if len(value) > MOST_POINT:
        raise TextTooLong(value, MOST_POINT)
    return ContactPoint(kind, value, value, fold(value))


def name_columns(name: str, pinyin: str | None = None) -> dict[str, Any]:
    """The columns that follow from a name; `pinyin` is how the client says it, where that is not the usual reading."""
    name = clean_name(name)
    reading = _names().read_name(name, pinyin or None)
    return {
        "name": name,
        "pinyin": reading.pinyin,
        "pinyin_given": int(bool(pinyin)),
        "search_key": _names().search_key(name, reading),
    }


def text_column(text: str | None, *, lines: bool = False) -> str | None:
    """Free text as it is kept; None where nothing readable is left. Raises TextTooLong."""
    kept = (clean_text if lines else clean_line)(text or "")
    if len(kept) > MOST_TEXT:
        raise TextTooLong(kept, MOST_TEXT, N_("Keep it under {limit} characters; a document belongs in a file."))
    return kept or None


def columns(app: App, given: Mapping[str, Any], currency: str | None = None) -> dict[str, Any]:
    """Columns from the values of options; one left out (None) is no column, an empty one erases. Raises UsageError.

    Amounts are in the currency that the client's others have; without one, in the config's. Names and what has rows
    of its own (contact points, types, tags) are not columns of this kind.
    """
    made: dict[str, Any] = {}
    for name, value in given.items():
        field = BY_NAME.get(name)
        if value is None or field is None or field.kind not in _MAKERS:
            continue
        made |= _MAKERS[field.kind](app, field, value)
        if field.kind is Kind.MONEY:
            made["currency"] = currency or app.settings.text("currency")
    return made


def _text(_app: App, field: Field, value: str) -> dict[str, Any]:
    return {field.columns[0]: text_column(value, lines=field.kind is Kind.LINES)}


def _amount(_app: App, field: Field, value: str) -> dict[str, Any]:
    return {field.columns[0]: parse_money(value, "").minor if value.strip() else None}


def _day(app: App, field: Field, value: str) -> dict[str, Any]:
    return dict(zip(field.columns, birthday_typed(app, value), strict=True))


def _tier(app: App, field: Field, value: str) -> dict[str, Any]:
    tier = tier_of(value)
    # Its touches count from the moment at which it was set.
    return dict(zip(field.columns, (tier, to_utc_text(app.now) if tier else None), strict=True))


_MAKERS: dict[Kind, Callable[[App, Field, Any], dict[str, Any]]] = {
    Kind.TEXT: _text,
    Kind.LINES: _text,
    Kind.MONEY: _amount,
    Kind.DAY: _day,
    Kind.TIER: _tier,
    Kind.AGENT: lambda _app, field, value: {field.columns[0]: clean_line(value)},
    Kind.FLAG: lambda _app, field, value: {field.columns[0]: int(value)},
    Kind.COMPANY: lambda _app, field, value: {field.columns[0]: "company" if value else "person"},
    Kind.REFERRER: lambda _app, field, value: {field.columns[0]: value.id if value else None},
}


def birthday_typed(app: App, text: str) -> tuple[int | None, int | None, int | None]:
    """As `birthday_of`, slashes in the config's order; empty text is no birthday."""
    order = app.settings.text("date_order") or None
    return birthday_of(text, app.today, order) if text.strip() else (None, None, None)


def birthday_of(text: str, today: date, order: str | None) -> tuple[int | None, int, int]:
    """Year, month and day of a birthday, the year only where it is known. Raises WhenNotUnderstood, UsageError."""
    from recrm.core.dates import parse_birthday

    birthday = parse_birthday(text, order=order)
    if birthday.year and (birthday.year, birthday.month, birthday.day) > (today.year, today.month, today.day):
        raise UsageError(
            N_("A birthday on {day} is in the future."),
            N_("Type it as 1990-05-20, or 20 may where the year is not known."),
            day=birthday.iso(),
        )
    return birthday.year, birthday.month, birthday.day


def tier_of(text: str) -> str | None:
    """A, B or C; None for `none` and for empty text. Raises UsageError."""
    tier = fold(text).upper()
    if tier in ("", "NONE", "无"):
        return None
    if tier not in set(Tier):
        raise UsageError(
            N_("{text} is not a tier."),
            N_("A tier is A (hot and matched), B (promising), C (watching) or none."),
            text=quoted(text),
        )
    return tier


def types_of(texts: Iterable[str]) -> list[str]:
    """Types of client, `buyer,landlord` in one text as well, in either language. Raises UsageError."""
    found: dict[str, None] = {}
    for text in texts:
        kinds, others = split_types(text)
        if others:
            raise UsageError(
                N_("{text} is not a type of client."), N_("Types are {types}."),
                text=quoted(others[0]), types=types_label(ClientType),
            )  # fmt: skip
        found |= dict.fromkeys(kinds)
    return list(found)


def tags_of(texts: Iterable[str]) -> list[str]:
    """Tags as they are kept: one line, without a leading #; the same in another case is the same. Raises UsageError."""
    tags: dict[str, str] = {}
    for text in texts:
        for part in text.replace("，", ",").split(","):
            tag = clean_line(part).lstrip("#").strip()
            if not tag and part.strip():
                raise UsageError(
                    N_("{text} is not a tag."),
                    N_("A tag is a word, such as school-district or 学区房."),
                    text=quoted(part),
                )
            if len(tag) > MOST_TAG:
                raise TextTooLong(tag, MOST_TAG)
            if tag:
                key = fold(tag)
                tags.setdefault(key, key if key == "urgent" else tag)
    return list(tags.values())
