"""What the queries of `checks` ask of Python: whether a row says what follows from it, and what it would say.

None of the questions raises an error, for a strange row is a finding.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta, tzinfo

from recrm.clients.fields import make_point, name_columns
from recrm.core.errors import RecrmError
from recrm.core.moments import from_utc_text
from recrm.core.recurrence import parse_every
from recrm.core.text import fold


def install(conn: sqlite3.Connection, region: str, zone: tzinfo, call_back_days: int) -> None:
    """Give a connection the functions that the queries call."""

    def call_back_of(closed_at: str) -> str | None:
        return (from_utc_text(closed_at, zone).date() + timedelta(days=call_back_days)).isoformat()

    def shown_of(kind: str, value: str, extension: str, shown: str) -> str:
        return _remade(kind, value, extension, region)[1] or shown

    def key_of(kind: str, value: str, key: str) -> str:
        return _remade(kind, value, "", region)[0] or key

    for name, arguments, function in (
        ("named_so", 4, _named_so),
        ("search_key_of", 3, lambda *row: _name(*row)["search_key"]),
        ("pinyin_of", 3, lambda *row: _name(*row)["pinyin"]),
        ("pointed_so", 5, _pointed_so),
        ("key_of", 3, key_of),
        ("shown_of", 4, shown_of),
        ("recurs_so", 3, _recurs_so),
        ("call_back_of", 1, call_back_of),
    ):
        conn.create_function(name, arguments, function, deterministic=True)


def _name(name: str, pinyin: str, given: int) -> dict[str, str]:
    """The columns that follow from a name; a reading that a person gave stays."""
    made = name_columns(name, pinyin if given else None)
    return {"search_key": str(made["search_key"]), "pinyin": pinyin if given else str(made["pinyin"])}


def _named_so(name: str, pinyin: str, given: int, search_key: str) -> bool:
    """Whether a client is found by their name and its reading. Of a given reading only that it is searched for."""
    try:
        made = _name(name, pinyin, given)
    except RecrmError:
        return False
    if given:
        lines = search_key.split("\n")
        return lines[0] == fold(name) and (not pinyin or pinyin in lines)
    return made == {"search_key": search_key, "pinyin": pinyin}


def _pointed_so(kind: str, value: str, extension: str, shown: str, key: str) -> bool:
    """Whether a contact point is searched by what it is. How a phone is spaced may change with phonenumbers."""
    if kind != "phone":
        return key == fold(value) and bool(shown)
    is_e164 = value.startswith("+") and value[1:].isascii() and value[1:].isdigit() and 5 <= len(value) <= 18
    digits = "".join(character for character in shown if character.isdigit())
    return is_e164 and key == value and digits == value[1:] + extension


def _remade(kind: str, value: str, extension: str, region: str) -> tuple[str, str]:
    """Key and shown form of a contact point; empty where its value is none."""
    try:
        point = make_point(kind, f"{value} ext. {extension}" if extension else value, region)
    except RecrmError:
        return "", ""
    return point.key, point.shown


def _recurs_so(every: str, anchor_day: str | None, scheduled_day: str | None) -> bool:
    try:
        parse_every(every)
        date.fromisoformat(anchor_day or "")
        date.fromisoformat(scheduled_day or "")
    except (RecrmError, ValueError):
        return False
    return True
