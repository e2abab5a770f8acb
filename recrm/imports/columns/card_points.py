"""How a client is reached, as a card says it: phones, emails, addresses, chats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from recrm.imports.columns.card_row import CardRow
from recrm.imports.columns.extracting import MESSENGERS, NO_VOICE
from recrm.imports.columns.headers import target_of
from recrm.imports.files.vcard_lines import Property

_ADDRESS_PARTS = ("extended", "extended", "street", "city", "region", "postal", "country")
_PLAIN_TYPES = frozenset(
    "home work cell mobile voice text textphone video msg iphone main pref other internet dom intl parcel postal "
    "car isdn pcs x400 applelink attmail cis eworld ibmmail mcimail powershare prodigy personal business "
    "individual family uri apple watch airpods x-mobile x-internet charset=utf-8 utf-8 8bit 7bit".split()
)
_VOICE = {"cell", "voice", "mobile"}
_URI_PARAMETER = re.compile(r";(?!ext=)[^;]*")


def phone(row: CardRow, prop: Property, label: str) -> None:
    """TEL; what nobody can call, such as a fax, keeps its type as a label."""
    types = prop.head.types
    text = prop.text.strip()
    scheme, colon, number = text.partition(":")
    if colon and scheme.lower() in ("tel", "sms", "callto"):
        number = _URI_PARAMETER.sub("", unquote(number))
        text = re.sub(r";ext=", " ext. ", number, count=1, flags=re.IGNORECASE)
    if not label and not _VOICE.intersection(types) and any(kind in NO_VOICE for kind in types):
        label = " ".join(kind for kind in types if kind in ("home", "work", *NO_VOICE)).capitalize()
    row.put("phone", text, label=label or _own_type(types))


def _own_type(types: Sequence[str]) -> str:
    """A type that is somebody's own word, WeChat, and none of the format's."""
    return next((kind.removeprefix("x-") for kind in types if kind not in _PLAIN_TYPES), "")


def email(row: CardRow, prop: Property, _label: str) -> None:
    """EMAIL; an address inside Exchange, which nobody outside can write to, is a line of the notes."""
    text = prop.text.strip()
    inside = text.lower().startswith("/o=")
    row.put("note" if inside else "email", text, header="Email" if inside else "")


def address(row: CardRow, prop: Property, _label: str) -> None:
    """ADR: its parts, which make one line; where they are all empty, its label waits to be used."""
    group = prop.head.group or f"#{len(row.cells)}"
    pieces = [piece.strip() for piece in prop.pieces()]
    if not any(pieces):
        row.letters.append((group, prop.head.parameters.get("LABEL", "").replace("\\n", "\n")))
    for part, piece in zip(_ADDRESS_PARTS, pieces, strict=False):
        row.put("address", piece, part=part, group=group)


def district(row: CardRow, prop: Property, _label: str) -> None:
    """Apple's part of an address that the format lacks."""
    row.put("address", prop.text, part="district", group=prop.head.group)


def letter(row: CardRow, prop: Property, _label: str) -> None:
    """LABEL: an address as it is written on a letter, used where there is no ADR."""
    lines = (line.strip(" ,") for line in prop.text.splitlines())
    row.letters.append((f"#{len(row.letters)}", ", ".join(filter(None, lines))))


def chat(row: CardRow, prop: Property, label: str) -> None:
    """IMPP and profiles: an id of WeChat, WhatsApp or QQ; other services are a line of the notes."""
    parameters = prop.head.parameters
    scheme, colon, user = prop.text.strip().partition(":")
    if not colon:
        scheme, user = "", scheme
    user = parameters.get("X-USER") or unquote(user.removeprefix("//"))
    own = parameters.get("X-SERVICE-TYPE") or parameters.get("SERVICE-TYPE") or _own_type(prop.head.types)
    for service in filter(None, (own, label, scheme)):
        if (target := target_of(service)) and target.field in MESSENGERS:
            row.put(target.field, user)
            return
    if scheme.lower() in ("http", "https") and not own:
        row.put("website", prop.text)
    else:
        row.put("note", user, header=(own or label or scheme or "IM").removeprefix("x-"))
