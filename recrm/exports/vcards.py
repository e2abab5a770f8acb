"""Clients as vCards, 4.0 (RFC 6350) or 3.0 (RFC 2426), for phones and address books.

A card holds what an address book shows: names, ways to reach somebody, birthday, tags, occupation, note. What is
the shop's own (tier, topics to avoid, finances) stays here. A client who is not to be contacted is in it, so that a
phone knows who calls, in the category `do-not-contact`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import BinaryIO

from recrm.clients.fieldtable import POINTS, VCARD, Field, Kind, in_order
from recrm.clients.model import CHINESE_MOBILE, Client, ContactPoint
from recrm.clients.surnames import split_name
from recrm.core.moments import to_utc_text
from recrm.exports.identity import lasting_id
from recrm.exports.lines import line, text
from recrm.exports.sheet import people
from recrm.exports.store import Choice

DO_NOT_CONTACT = "do-not-contact"

_IN_A_URI = re.compile(r"[A-Za-z0-9._@+-]+")
_APPLE_NO_YEAR = 1604  # a leap year, which Apple's and Android's address books take for none
_CHINESE_MOBILE = re.compile(rf"\+86{CHINESE_MOBILE}")


def write(sink: BinaryIO, chosen: Choice, zone: tzinfo, version: int, advance: Callable[[int], None]) -> dict[str, int]:
    """Write a card a client, of version 4 or 3; how many there were."""
    for person in people(chosen, zone):
        sink.write(card(person.client, version))
        advance(1)
    return {"clients": len(chosen.ids)}


def card(client: Client, version: int) -> bytes:
    """One client's card."""
    return b"".join(line(name, value) for name, value in _properties(client, version))


def _properties(client: Client, version: int) -> Iterator[tuple[str, str]]:
    """Names with their parameters, and values as they stand in the file."""
    is_4 = version == 4
    yield "BEGIN", "VCARD"
    yield "VERSION", f"{version}.0"
    yield "PRODID", "-//recrm//recrm//EN"
    yield "UID", _uid(client, is_4)
    yield from _naming(client, is_4)
    for point in client.points:
        yield from _reach(point, is_4)
    for field in _FIELDS:
        yield from _field(client, field, is_4)
    yield "END", "VCARD"


# Names and contact points have lines of their own.
_FIELDS = [
    field for field in in_order(VCARD) if field.vcard and field.kind in (Kind.TEXT, Kind.LINES, Kind.TAGS, Kind.DAY)
]


def _field(client: Client, field: Field, is_4: bool) -> Iterator[tuple[str, str]]:
    if field.kind is Kind.TAGS:
        is_banned = client.do_not_contact and DO_NOT_CONTACT not in client.tags
        if tags := [*client.tags, *([DO_NOT_CONTACT] if is_banned else [])]:
            yield field.vcard, ",".join(map(text, tags))
    elif value := client.value(field.key):
        yield _birthday(value, is_4) if field.kind is Kind.DAY else (field.vcard, text(value))


def _uid(client: Client, is_4: bool) -> str:
    added = to_utc_text(client.created_at)
    uid = lasting_id("client", client.id, added, added)
    return f"urn:uuid:{uid}" if is_4 else str(uid)


def _naming(client: Client, is_4: bool) -> Iterator[tuple[str, str]]:
    if client.kind == "company":
        if is_4:
            yield "KIND", "org"
        else:
            yield "X-ABSHOWAS", "COMPANY"
        yield "FN", text(client.name)
        yield "N", ";;;;"
        yield "ORG", text(client.name)
        return
    family, given = split_name(client.name)
    yield "FN", text(client.name)
    yield "N", f"{text(family)};{text(given)};;;"


def _reach(point: ContactPoint, is_4: bool) -> Iterator[tuple[str, str]]:
    if point.kind == "phone":
        kind = "cell" if _CHINESE_MOBILE.fullmatch(point.key) else "voice"
        yield f"TEL;TYPE={kind if is_4 else kind.upper()}", text(point.shown)
    elif point.kind == "email":
        yield "EMAIL" if is_4 else "EMAIL;TYPE=INTERNET", text(point.value)
    elif point.kind == "address":
        yield "ADR", f";;{text(point.value)};;;;"
    elif point.kind == "website":
        yield "URL", point.value
    else:  # a messenger: its service and URI scheme, and the older X- property
        field = POINTS[point.kind]
        if _IN_A_URI.fullmatch(point.value):
            yield f"IMPP;X-SERVICE-TYPE={field.label}", f"{field.name}:{point.value}"
        yield field.vcard, text(point.value)


def _birthday(birthday: str, is_4: bool) -> tuple[str, str]:
    if is_4:
        return "BDAY", f"--{birthday[2:].replace('-', '')}" if birthday.startswith("--") else birthday.replace("-", "")
    if birthday.startswith("--"):
        return f"BDAY;X-APPLE-OMIT-YEAR={_APPLE_NO_YEAR}", f"{_APPLE_NO_YEAR}-{birthday[2:]}"
    return "BDAY", birthday
