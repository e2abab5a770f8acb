"""vCard files as what their cards say of clients, so that they go the way of a sheet's rows from there.

A card becomes a row that brings its own columns: what a column called Referred by means, how 李 and 娜 make a
name and an address one line, stands in one place for both. One card that cannot be read costs no other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from recrm.core.errors import RecrmError, UsageError
from recrm.core.i18n import N_, _
from recrm.imports.columns.card_properties import is_used, person
from recrm.imports.columns.extracting import Extracted
from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.vcard_file import Cut, Encoding, as_bytes, cards_of, is_wide
from recrm.imports.files.vcard_lines import Property, content_lines, decoded

REASON = b"X-RECRM-REASON"
_OUR_REASON = re.compile(
    rb"(?<![^\r\n])" + REASON + rb"[^\r\n]*+(?:\r\n?|\n|\Z)(?:[ \t][^\r\n]*+(?:\r\n?|\n|\Z))*+", re.IGNORECASE
)
_END = re.compile(rb"(?<![^\r\n])END[ \t]*:[ \t]*VCARD[ \t]*[\r\n]*\Z", re.IGNORECASE)
_MOST_LINES = 5_000  # the fullest card of a person has some fifty; more is an attack or a file without ends
_VERSION = re.compile(rb"(?<![^\r\n])VERSION[^:\r\n]*+:[ \t]*(2\.1|3\.0|4\.0)", re.IGNORECASE)
_FAULTS = {
    "BEGIN": (
        N_("These lines stand in no card."),
        N_("Put BEGIN:VCARD before them and END:VCARD behind."),
    ),
    "END": (
        N_("This card is cut off: the file ends before its END:VCARD."),
        N_("Export the file again, or complete the card."),
    ),
}


class Card(NamedTuple):
    """One card: where it begins, its text, and what it says, or why it cannot be read or is no client's."""

    line: int
    raw: bytes  # as in the file, or its text as UTF-8 where nothing in the card says which encoding it is in
    said: Extracted | RecrmError


@dataclass(frozen=True, slots=True)
class Cards:
    """A whole file."""

    version_label: str
    encoding: str
    cards: list[Card]


def read_cards(data: bytes, *, encoding: str | None = None) -> Cards:
    """Every card of the file. Raises FileUnreadable where there is none, EncodingUnknown for an unknown encoding."""
    narrow, name = as_bytes(data, encoding)
    cuts = list(cards_of(narrow))
    if all(cut.fault == "BEGIN" for cut in cuts):
        raise FileUnreadable(
            N_("There is no card in this file."),
            N_("A card begins with a line BEGIN:VCARD; export the contacts again as vCard."),
        )
    encodings = Encoding(cuts, "utf-8" if is_wide(name) else name)
    versions: Counter[str] = Counter()
    cards = [_card(cut, encodings, versions) for cut in cuts]
    return Cards(_label_of(versions), name if is_wide(name) else encodings.name, cards)


def _label_of(versions: Iterable[str]) -> str:
    known = sorted(version for version in versions if version)
    if not known:
        return "vCard"
    return "vCard " + reduce(lambda first, second: _("{first} and {second}", first=first, second=second), known)


def _card(cut: Cut, encoding: Encoding, versions: Counter[str]) -> Card:
    line, raw, fault = cut
    if fault:
        return Card(line, raw, UsageError(*_FAULTS[fault]))
    found = _VERSION.search(raw)
    version = found[1].decode() if found else ""
    versions[version] += 1
    is_old = version == "2.1" or (not version and b"QUOTED-PRINTABLE" in raw.upper())
    lines = content_lines(raw, is_old=is_old)
    if len(lines) > _MOST_LINES:
        what, hint = N_("This card has more than {most} lines."), N_("Split it, or leave it out.")
        return Card(line, raw, UsageError(what, hint, most=_MOST_LINES))

    def decode(value: bytes, charset: str) -> str:
        return encoding.decode(value, charset, raw)

    said: Extracted | RecrmError
    try:
        used = [Property(head, decoded(head, value, decode), is_old) for head, value in lines if is_used(head.name)]
        said = person(line, used)
    except RecrmError as error:
        said = error.with_traceback(None)
    except ValueError:
        what = N_("This card holds text that is damaged or not {encoding}.")
        hint = N_("Correct it, or name the file's encoding, for example --encoding gb18030.")
        return Card(line, raw, UsageError(what, hint, encoding=encoding.name.upper()))
    return Card(line, encoding.as_utf8(raw), said)


def rejects_text(cards: Iterable[tuple[Card, str]]) -> bytes:
    """Cards handed back as they were, each with its reason in a property that is ignored when they come again."""
    return b"".join(_with_reason(card, reason) for card, reason in cards)


def _with_reason(card: Card, reason: str) -> bytes:
    newline = b"\r\n" if b"\r\n" in card.raw else b"\n" if b"\n" in card.raw else b"\r"
    text = _OUR_REASON.sub(b"", card.raw)
    end = _END.search(text)
    body = (text[: end.start()] if end else text).rstrip(b"\r\n")
    # A card that was cut off stays so: with an END it would be taken as complete the next time.
    close = b"END:VCARD" if end or isinstance(card.said, Extracted) else b""
    line = REASON + b":" + " ".join(reason.split()).encode("utf-8", "replace")
    return newline.join(part for part in (body, line, close) if part) + newline
