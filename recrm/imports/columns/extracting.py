"""A row of a sheet as what it says of a client: nothing is judged yet, and nothing it says is dropped unseen.

What other programs call a stage or a status is not recrm's tier, which promises a rhythm of touches: it
becomes a tag. A type that is none of buyer, seller, tenant or landlord becomes a tag as well; a tier that is
not A, B or C, a custom field and a fax number become lines of the notes, headed by their column's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from recrm.clients.fieldtable import POINTS
from recrm.clients.type_synonyms import split_types
from recrm.core.i18n import N_, _
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

_NAME_PARTS = {"name", "family_name", "given_name", "middle_name", "prefix", "suffix"}
_ADDRESS_ORDER = ("street", "extended", "district", "city", "region", "postal", "country")
_HAN_ADDRESS_ORDER = ("country", "region", "city", "district", "street", "extended", "postal")
_JOINED = {"family", "occupation", "avoid"}  # what several columns say stands together
_SUMMARY = (
    N_("This row looks like a total or a footer and not like a client."),
    N_("Leave it out, or add the phone of whom it names."),
)
MESSENGERS = frozenset({"wechat", "whatsapp", "qq"})
NO_VOICE = ("fax", "传真", "pager", "modem", "bbs", "telex", "tlx", "ttytdd")  # nobody can be called there


class Extracted(NamedTuple):
    """What one row says; `name` is empty where it names nobody, `reason` says why it cannot be taken."""

    line: int
    name: str
    points: tuple[tuple[str, str], ...]  # (kind, as written), in the row's order
    tags: tuple[str, ...]
    types: tuple[str, ...]  # of buyer, seller, tenant, landlord
    tier: str  # A, B, C or empty
    birthday: str  # as written, headed by 农历 where the column says so
    notes: str
    fields: dict[str, str]  # company, persona, source, referrer, family, occupation, …, each only if given
    do_not_contact: bool | None
    reason: str


@dataclass(slots=True)
class _Draft:
    """What was read of a row so far."""

    names: dict[str, str] = field(default_factory=dict)
    points: dict[tuple[str, str], None] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)  # by the small letters
    types: dict[str, None] = field(default_factory=dict)
    tier: str = ""
    birthday: str = ""
    notes: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    do_not_contact: bool | None = None

    def add_points(self, kind: str, values: Iterable[str]) -> None:
        self.points.update(dict.fromkeys((kind, value) for value in values))

    def add_tags(self, tags: Iterable[str]) -> None:
        for tag in tags:
            self.tags.setdefault(tag.casefold(), tag)

    def note(self, heading: str, text: str) -> None:
        self.notes.append(f"{heading}: {text}" if heading else text)


def extract(row: Row, mapping: Mapping) -> Extracted:
    """Everything the row says under this mapping."""
    draft = _Draft()
    cells = row.cells
    for column in mapping.used:
        if (cell := cells[column.index]) and (text := clean(cell)):
            label = clean(cells[column.label]).lstrip("* ") if column.label is not None else ""
            _take(draft, column, text, label)
    draft.add_points("address", map(_address, draft.addresses.values()))
    # A total may stand below the phones: “合计, 312”.
    may_be_total = all(len(value) <= 6 for _kind, value in draft.points)
    refusal = TOO_LONG if row.too_long else _SUMMARY if may_be_total and is_summary(cells) else ()
    return Extracted(
        line=row.line,
        name=compose_name(draft.names, draft.fields.get("company", "")),
        points=tuple(draft.points),
        tags=tuple(draft.tags.values()),
        types=tuple(draft.types),
        tier=draft.tier,
        birthday=draft.birthday,
        notes="\n".join(draft.notes),
        fields=draft.fields,
        do_not_contact=draft.do_not_contact,
        reason=_("{what} {hint}", what=_(refusal[0]), hint=_(refusal[1])) if refusal else "",
    )


def compose_name(parts: dict[str, str], company: str = "") -> str:
    """A person's name from its pieces: 李 and 娜 are 李娜; Anna, M. and Smith are Anna M. Smith.

    Where nobody is named, the company is. Chinese pieces win over a whole name, because phones set to a
    Western language show 李娜 as 娜 李. A bare surname takes its title along: 李 and 先生 are 李先生.
    """
    if len(parts) == 1 and "name" in parts:  # nearly always, in a plain sheet
        return parts["name"]
    family, given = parts.get("family_name", ""), parts.get("given_name", "")
    middle, whole = parts.get("middle_name", ""), parts.get("name", "")
    pieces = [piece for piece in (family, middle, given) if piece]
    if pieces and all(map(is_cjk, pieces)) and (not whole or len(pieces) > 1):
        titles = [title for title in (parts.get("suffix", ""), parts.get("prefix", "")) if is_cjk(title)]
        return "".join(pieces) + (titles[0] if titles and not given else "")
    western = " ".join(piece for piece in (given, middle, family, parts.get("suffix", "")) if piece)
    return whole or (western if pieces else "") or company


def _take(draft: _Draft, column: Column, text: str, label: str) -> None:
    kind = column.field or ""
    if label and kind != "address" and (meant := KNOWN.get(key_of(label))) and _fits_label(kind, meant.field):
        kind = meant.field  # a custom field called WeChat, a relation called Referred by
    if take := _TAKERS.get(kind):
        take(draft, column, text, label)
    elif kind == "phone" and any(word in label.casefold() for word in NO_VOICE):
        draft.note(label, text)
    elif kind in POINTS:
        values = _SPLITTERS.get(kind, split_joined)(text)
        draft.add_points(kind, (value for value in values if not is_no_point(value)))
    elif kind in _NAME_PARTS:
        draft.names.setdefault(kind, text)
    elif kind in _JOINED:
        heading = label or ("" if column.plain or kind != "family" else column.header)
        line = f"{heading}: {text}" if heading else text
        draft.fields[kind] = "; ".join(filter(None, (draft.fields.get(kind), line)))
    else:
        draft.fields.setdefault(kind, text)


def _fits_label(kind: str, meant: str) -> bool:
    """A number labelled WhatsApp is one; a phone labelled “company” stays a phone."""
    if kind == "phone":
        return meant in MESSENGERS
    return kind in {"note", "family"} and meant not in {"name", "label", "family", "id"}


def _address_part(draft: _Draft, column: Column, text: str, _label: str) -> None:
    if GOOGLE_JOINT in text and column.part == "formatted":
        draft.add_points("address", map(_one_line, split_joined(text)))
        return
    part = column.part or "street"
    group = column.group if column.part else column.header
    if part == "street" and not column.header.isascii() and part in draft.addresses.get(group, ()):
        group = column.header  # 家庭住址 and 联系地址 are two addresses, though either may follow 省 and 市
    parts = draft.addresses.setdefault(group, {})
    parts[part] = ", ".join(filter(None, (parts.get(part), _one_line(text))))


def _address(parts: dict[str, str]) -> str:
    if "formatted" in parts:
        return parts["formatted"]
    if all(not text.isascii() for part, text in parts.items() if part not in {"postal", "country"}):
        return "".join(parts[part] for part in _HAN_ADDRESS_ORDER if part in parts)
    return ", ".join(parts[part] for part in _ADDRESS_ORDER if part in parts)


def _one_line(text: str) -> str:
    return ", ".join(line.strip(" ,") for line in text.split("\n") if line.strip(" ,"))


def _tag(draft: _Draft, column: Column, text: str, _label: str) -> None:
    if not column.word:
        draft.add_tags(split_tags(text))
    elif truth_of(text):
        draft.add_tags([column.word])


def _type(draft: _Draft, _column: Column, text: str, _label: str) -> None:
    kinds, others = split_types(text)
    draft.types.update(dict.fromkeys(kinds))
    draft.add_tags(others)


def _tier(draft: _Draft, column: Column, text: str, _label: str) -> None:
    tier = tier_of(text)
    if tier:
        draft.tier = draft.tier or tier
    else:
        draft.note(column.header, text)


def _birthday(draft: _Draft, column: Column, text: str, _label: str) -> None:
    text = birthday_text(text)
    if text and LUNAR.search(column.header) and not LUNAR.search(text):
        text = "农历" + text
    draft.birthday = draft.birthday or text


def _note(draft: _Draft, column: Column, text: str, label: str) -> None:
    if text := text if column.plain else birthday_text(text):  # an anniversary may be 0/0/00 too
        draft.note("" if column.plain else label or column.header, text)


def _do_not_contact(draft: _Draft, column: Column, text: str, _label: str) -> None:
    truth = truth_of(text)
    if truth is None:
        draft.note(column.header, text)  # “晚上9点后勿扰” is a wish, not a ban
    else:
        draft.do_not_contact = truth or bool(draft.do_not_contact)


_SPLITTERS = {"phone": split_phones, "email": split_emails}
_TAKERS: dict[str, Callable[[_Draft, Column, str, str], None]] = {
    "address": _address_part,
    "tag": _tag,
    "type": _type,
    "tier": _tier,
    "birthday": _birthday,
    "note": _note,
    "do_not_contact": _do_not_contact,
}
