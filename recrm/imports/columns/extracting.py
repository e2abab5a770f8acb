"""A row of a sheet as what it says of a client: nothing is judged yet, and nothing it says is dropped unseen.

What other programs call a stage or a status is not recrm's tier, which promises a rhythm of touches: it
becomes a tag. A type that is none of buyer, seller, tenant or landlord becomes a tag as well; a tier that is
not A, B or C, a custom field and a fax number become lines of the notes, headed by their column's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field

from recrm.clients.fieldtable import POINTS
from recrm.clients.type_synonyms import split_types
from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.imports.columns.headers import KNOWN, key_of
from recrm.imports.columns.mapping import Column, Mapping
from recrm.imports.columns.sheet import TOO_LONG, Row
from recrm.imports.columns.values import (
    GOOGLE_JOINT,
    LUNAR,
    birthday_text,
    clean,
    is_cjk,
    is_no_point,
    is_summary,
    split_emails,
    split_joined,
    split_phones,
    split_tags,
    tier_of,
    truth_of,
)

_ADDRESS_ORDER = ("street", "extended", "district", "city", "region", "postal", "country")
_HAN_ADDRESS_ORDER = ("country", "region", "city", "district", "street", "extended", "postal")
_SPLITTERS = {"phone": split_phones, "email": split_emails}
_JOINED = {"family", "occupation", "avoid"}  # what several columns say stands together
_SUMMARY = (
    N_("This row looks like a total or a footer and not like a client."),
    N_("Leave it out, or add the phone of whom it names."),
)
MESSENGERS = frozenset({"wechat", "whatsapp", "qq"})
NO_VOICE = ("fax", "传真", "pager", "modem", "bbs", "telex", "tlx", "ttytdd")  # nobody can be called there


@dataclass(slots=True)
class Extracted:
    """What one row says, as written and in the row's order."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)  # what has one value, the pieces of a name among it
    points: dict[tuple[str, str], None] = field(default_factory=dict)  # kind, as written
    tags: dict[str, str] = field(default_factory=dict)  # by the small letters
    types: dict[str, None] = field(default_factory=dict)  # of buyer, seller, tenant, landlord
    notes: list[str] = field(default_factory=list)
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)  # their parts
    do_not_contact: bool | None = None

    @property
    def name(self) -> str:
        """Empty where the row names nobody."""
        return compose_name(self.fields)

    def add_points(self, kind: str, values: Iterable[str]) -> None:
        self.points.update(dict.fromkeys((kind, value) for value in values))

    def add_tags(self, tags: Iterable[str]) -> None:
        for tag in tags:
            self.tags.setdefault(tag.casefold(), tag)

    def note(self, heading: str, text: str) -> None:
        self.notes.append(f"{heading}: {text}" if heading else text)


def extract(row: Row, mapping: Mapping) -> Extracted:
    """Everything the row says under this mapping. Raises UsageError for one that cannot be a client's."""
    if row.too_long:
        raise UsageError(*TOO_LONG)
    said = Extracted(row.line)
    cells = row.cells
    for column in mapping.used:
        if (cell := cells[column.index]) and (text := clean(cell)):
            label = clean(cells[column.label]).lstrip("* ") if column.label is not None else ""
            _take(said, column, text, label)
    said.add_points("address", map(_address, said.addresses.values()))
    # A total may stand below the phones: “合计, 312”.
    if all(len(value) <= 6 for _kind, value in said.points) and is_summary(cells):
        raise UsageError(*_SUMMARY)
    return said


def compose_name(fields: MappingABC[str, str]) -> str:
    """A person's name from its pieces: 李 and 娜 are 李娜; Anna, M. and Smith are Anna M. Smith.

    Where nobody is named, the company is. Chinese pieces win over a whole name, because phones set to a
    Western language show 李娜 as 娜 李. A bare surname takes its title along: 李 and 先生 are 李先生.
    """
    whole = fields.get("name", "")
    family, middle, given = (fields.get(part, "") for part in ("family_name", "middle_name", "given_name"))
    pieces = [piece for piece in (family, middle, given) if piece]
    if pieces and all(map(is_cjk, pieces)) and (not whole or len(pieces) > 1):
        titles = [title for title in (fields.get("suffix", ""), fields.get("prefix", "")) if is_cjk(title)]
        return "".join(pieces) + (titles[0] if titles and not given else "")
    if whole or not pieces:
        return whole or fields.get("company", "")
    return " ".join(piece for piece in (given, middle, family, fields.get("suffix", "")) if piece)


def _take(said: Extracted, column: Column, text: str, label: str) -> None:
    kind = column.field or ""
    if label and kind != "address" and (meant := KNOWN.get(key_of(label))) and _fits_label(kind, meant.field):
        kind = meant.field  # a custom field called WeChat, a relation called Referred by
    match kind:
        case "phone" if any(word in label.casefold() for word in NO_VOICE):
            said.note(label, text)
        case "address":
            _address_part(said, column, text)
        case "tag" if column.word:
            said.add_tags([column.word] if truth_of(text) else ())
        case "tag":
            said.add_tags(split_tags(text))
        case "type":
            types, others = split_types(text)
            said.types.update(dict.fromkeys(types))
            said.add_tags(others)
        case "tier":
            if tier := tier_of(text):
                said.fields.setdefault(kind, tier)
            else:
                said.note(column.header, text)
        case "birthday":
            if day := birthday_text(text):
                is_lunar = LUNAR.search(column.header) and not LUNAR.search(day)
                said.fields.setdefault(kind, f"农历{day}" if is_lunar else day)
        case "note" if column.plain:
            said.note("", text)
        case "note":
            if text := birthday_text(text):  # an anniversary may be 0/0/00 too
                said.note(label or column.header, text)
        case "do_not_contact":
            if (truth := truth_of(text)) is None:
                said.note(column.header, text)  # “晚上9点后勿扰” is a wish, not a ban
            else:
                said.do_not_contact = truth or bool(said.do_not_contact)
        case _ if kind in POINTS:
            values = _SPLITTERS.get(kind, split_joined)(text)
            said.add_points(kind, (value for value in values if not is_no_point(value)))
        case _ if kind in _JOINED:
            heading = label or ("" if column.plain or kind != "family" else column.header)
            line = f"{heading}: {text}" if heading else text
            said.fields[kind] = "; ".join(filter(None, (said.fields.get(kind), line)))
        case _:
            said.fields.setdefault(kind, text)


def _fits_label(kind: str, meant: str) -> bool:
    """A number labelled WhatsApp is one; a phone labelled “company” stays a phone."""
    if kind == "phone":
        return meant in MESSENGERS
    return kind in {"note", "family"} and meant not in {"name", "label", "family", "id"}


def _address_part(said: Extracted, column: Column, text: str) -> None:
    if GOOGLE_JOINT in text and column.part == "formatted":
        said.add_points("address", map(_one_line, split_joined(text)))
        return
    part = column.part or "street"
    group = column.group if column.part else column.header
    if part == "street" and not column.header.isascii() and part in said.addresses.get(group, ()):
        group = column.header  # 家庭住址 and 联系地址 are two addresses, though either may follow 省 and 市
    parts = said.addresses.setdefault(group, {})
    parts[part] = ", ".join(filter(None, (parts.get(part), _one_line(text))))


def _address(parts: dict[str, str]) -> str:
    if "formatted" in parts:
        return parts["formatted"]
    if all(not text.isascii() for part, text in parts.items() if part not in {"postal", "country"}):
        return "".join(parts[part] for part in _HAN_ADDRESS_ORDER if part in parts)
    return ", ".join(parts[part] for part in _ADDRESS_ORDER if part in parts)


def _one_line(text: str) -> str:
    return ", ".join(line.strip(" ,") for line in text.split("\n") if line.strip(" ,"))
