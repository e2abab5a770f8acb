"""Options of add-client and edit-client as columns and contact points, checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from types import ModuleType
from typing import Any

from recrm.app import App
from recrm.clients.model import ClientType, ContactPoint, Tier, clean_name, parse_money
from recrm.core.errors import UsageError
from recrm.core.moments import to_utc_text
from recrm.core.text import clean_line, clean_text, fold, quoted

MOST_TEXT = 10_000
TEXTS = (
    "persona",
    "source",
    "family",
    "occupation",
    "preferred_channel",
    "avoid",
    "note",
    "credit_note",
    "consent",
)
AMOUNTS = ("income", "debts", "down_payment")


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


def points_of(app: App, given: dict[str, Sequence[str]]) -> list[ContactPoint]:
    """Contact points from the words of the options, by kind. Raises UsageError for what is none."""
    return [make_point(kind, words, app.region) for kind, values in given.items() for words in values or ()]


def make_point(kind: str, words: str, region: str) -> ContactPoint:
    """One contact point, in the form that two spellings of it share."""
    if kind == "phone":
        phone = _phones().parse_phone(words, region)
        return ContactPoint(kind, phone.e164, phone.shown, phone.e164, phone.extension)
    if kind == "email":
        email = _phones().parse_email(words)
        return ContactPoint(kind, email, email, fold(email))
    value = clean_line(words)
    if not value or len(value) > 500:
        raise UsageError(f"{quoted(value)} is no {kind} id.", f"Type it after --{kind}, in at most 500 characters.")
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


def text_column(name: str, words: str | None, *, lines: bool = False) -> str | None:
    """Free text as it is kept; None where nothing readable is left. Raises UsageError when it is far too long."""
    kept = (clean_text if lines else clean_line)(words or "")
    if len(kept) > MOST_TEXT:
        raise UsageError(
            f"The {name} has {len(kept)} characters.",
            f"Keep it under {MOST_TEXT}; a document belongs in a file.",
        )
    return kept or None


def columns(app: App, given: dict[str, str | None], currency: str | None = None) -> dict[str, Any]:
    """Columns from option values; an option left out (None) is no column, an empty one erases. Raises UsageError.

    Amounts are in the currency that the client's others have; without one, in the config's.
    """
    currency = currency or app.settings.text("currency")
    made: dict[str, Any] = {}
    for name in TEXTS:
        if given.get(name) is not None:
            made[name] = text_column(name, given[name], lines=name in ("note", "avoid", "family"))
    for name in AMOUNTS:
        if (words := given.get(name)) is not None:
            made[f"{name}_minor"] = parse_money(words, currency).minor if words.strip() else None
            made["currency"] = currency
    if (words := given.get("birthday")) is not None:
        made |= birthday_columns(app, words)
    if (words := given.get("tier")) is not None:
        made |= tier_columns(app, words)
    if given.get("agent") is not None:
        made["agent"] = clean_line(given["agent"] or "")
    return made


def birthday_columns(app: App, words: str) -> dict[str, Any]:
    """A birthday's three columns; empty words erase it. Raises WhenNotUnderstood."""
    if not words.strip():
        return {"birth_year": None, "birth_month": None, "birth_day": None}
    from recrm.core.dates import parse_birthday

    birthday = parse_birthday(words, order=app.settings.text("date_order") or None)
    today = app.today
    if birthday.year and (birthday.year, birthday.month, birthday.day) > (today.year, today.month, today.day):
        raise UsageError(
            f"A birthday on {birthday.year}-{birthday.month:02d}-{birthday.day:02d} is in the future.",
            "Type it as 1990-05-20, or 20 may where the year is not known.",
        )
    return {"birth_year": birthday.year, "birth_month": birthday.month, "birth_day": birthday.day}


def tier_columns(app: App, words: str) -> dict[str, Any]:
    """The tier and the moment it was set, from which its touches count; `none` takes it away."""
    if words.strip().lower() in ("", "none"):
        return {"tier": None, "tier_set_at": None}
    tier = words.strip().upper()
    if tier not in set(Tier):
        raise UsageError(
            f"{quoted(words)} is no tier.", "A tier is A (hot and matched), B (promising), C (watching) or none."
        )
    return {"tier": tier, "tier_set_at": to_utc_text(app.now)}


def types_of(words: Iterable[str]) -> list[str]:
    """Client types from words, `buyer,landlord` in one as well. Raises UsageError."""
    found = [part.strip().lower() for word in words for part in word.split(",") if part.strip()]
    for word in found:
        if word not in set(ClientType):
            raise UsageError(f"{quoted(word)} is no type of client.", f"Types are {', '.join(ClientType)}.")
    return list(dict.fromkeys(found))


def tags_of(words: Iterable[str]) -> list[str]:
    """Tags as they are kept: one line, without a leading #; the same in another case is the same. Raises UsageError."""
    tags: dict[str, str] = {}
    for word in words:
        for part in word.replace("，", ",").split(","):
            tag = clean_line(part).lstrip("#").strip()
            if not tag and part.strip():
                raise UsageError(f"{quoted(part)} is no tag.", "A tag is a word, such as school-district or 学区房.")
            if len(tag) > 100:
                raise UsageError(f"A tag of {len(tag)} characters is too long.", "Keep it under 100.")
            if tag:
                key = fold(tag)
                tags.setdefault(key, key if key == "urgent" else tag)
    return list(tags.values())
