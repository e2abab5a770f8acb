"""What becomes of two clients who are one: the kept one's values stay, blanks are filled, and nothing is lost.

A value of the other that has no place beside the kept one's becomes a line of the note, under a heading that says
whose it was. The rules go over the columns that the row has, so that a column added later is filled or noted too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from recrm.clients.fieldtable import FIELDS, POINTS, Kind
from recrm.clients.labels import kind_label, types_label
from recrm.clients.model import Client, ContactPoint
from recrm.core.i18n import _
from recrm.core.labels import enumeration
from recrm.core.text import fold

Row = dict[str, Any]

BIRTHDAY = ("birth_year", "birth_month", "birth_day")
AMOUNTS = tuple(field.columns[0] for field in FIELDS if field.kind is Kind.MONEY)
NAME = ("name", "pinyin", "pinyin_given", "search_key")
# Columns with a rule of their own below, or that never speak to a person.
_RULED = {
    "id", *NAME, "kind", "tier", "tier_set_at", "referrer_id", *BIRTHDAY, *AMOUNTS, "currency", "avoid", "note",
    "consent", "do_not_contact", "agent", "origin", "created_at", "verified_at", "archived_at",
}  # fmt: skip


class Field(NamedTuple):
    """One line of what is shown before a merge; `is_noted` where the other's value goes to the note."""

    label: str
    kept: str
    other: str
    stays: str
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as the database has them: the client, and every column of their row."""

    client: Client
    row: Row
    inquiry_at: str | None  # since when an inquiry of theirs waits for an answer

    @property
    def label(self) -> str:
        """Who it is: `李娜 (#1)`."""
        return _("{client} (#{id})", client=self.client.name, id=self.client.id)


@dataclass(frozen=True, slots=True)
class Both:
    """All that a merge goes by; two readings that are equal have nothing changed between them."""

    keep: Side
    other: Side
    moving: dict[str, int]  # rows of the other's by table, `referrals` being the clients whom they sent
    # The referrer that stays: the kept one's, else the other's, but nobody whom the two have sent themselves.
    referrer_id: int | None
    referrer: str | None


@dataclass(slots=True)
class Merged:
    """The columns that change in the kept client's row, and every field as it is shown."""

    columns: Row = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)


def merge(both: Both, today: date) -> Merged:
    """How the kept client stands afterwards. `today` is the day of the heading in the note."""
    made = Merged()
    _name(made, both)
    _tier(made, both)
    _points(made, both)
    _listed(made, _("Types"), both.keep.client.types, both.other.client.types, types_label)
    _listed(made, _("Tags"), both.keep.client.tags, both.other.client.tags, enumeration)
    for column in both.keep.row:
        if column not in _RULED:
            _single(made, both, column)
    _referrer(made, both)
    _birthday(made, both)
    _amounts(made, both)
    _single(made, both, "agent")
    _united(made, both, "avoid", "\n")
    _united(made, both, "consent", "; ")
    _rest(made, both)
    _note(made, both, today)
    return made


def fresh_points(keep: Client, other: Client) -> list[ContactPoint]:
    """The other's contact points that the kept one lacks."""
    had = {(point.kind, point.key, point.extension) for point in keep.points}
    return [point for point in other.points if (point.kind, point.key, point.extension) not in had]


def fresh_tags(keep: Client, other: Client) -> list[str]:
    """The other's tags that the kept one lacks, in whatever case they were written."""
    had = {fold(tag) for tag in keep.tags}
    return [tag for tag in other.tags if fold(tag) not in had]


def _name(made: Merged, both: Both) -> None:
    keep, other = both.keep.row, both.other.row
    if fold(keep["name"]) == fold(other["name"]) and other["pinyin_given"] and not keep["pinyin_given"]:
        made.columns |= {column: other[column] for column in NAME if column != "name"}
    made.fields.append(Field(_("Name"), keep["name"], other["name"], keep["name"], keep["name"] != other["name"]))
    if keep["kind"] != other["kind"]:
        kept, others = kind_label(keep["kind"]), kind_label(other["kind"])
        made.fields.append(Field(_("Kind"), kept, others, kept, is_noted=True))


def _tier(made: Merged, both: Both) -> None:
    keep, other = both.keep.row, both.other.row
    if other["tier"] and not keep["tier"]:
        made.columns |= {"tier": other["tier"], "tier_set_at": other["tier_set_at"]}
    _add(made, _("Tier"), keep["tier"], other["tier"])


def _points(made: Merged, both: Both) -> None:
    fresh = fresh_points(both.keep.client, both.other.client)
    for kind, point_field in POINTS.items():
        kept = [point.shown for point in both.keep.client.points if point.kind == kind]
        other = [point.shown for point in both.other.client.points if point.kind == kind]
        stays = kept + [point.shown for point in fresh if point.kind == kind]
        if stays:
            made.fields.append(Field(_(point_field.label), "\n".join(kept), "\n".join(other), "\n".join(stays)))


def _listed(
    made: Merged, label: str, keep: tuple[str, ...], other: tuple[str, ...], shown: Callable[[Sequence[str]], str]
) -> None:
    had = {fold(word) for word in keep}
    stays = [*keep, *(word for word in other if fold(word) not in had)]
    if stays:
        made.fields.append(Field(label, shown(keep), shown(other), shown(stays)))


def _single(made: Merged, both: Both, column: str) -> None:
    """A column of one value: the kept one's, else the other's."""
    keep, other = both.keep.row[column], both.other.row[column]
    if _is_blank(keep) and not _is_blank(other):
        made.columns[column] = other
    _add(made, _label(column), keep, other)


def _referrer(made: Merged, both: Both) -> None:
    keep, other = both.keep.client, both.other.client
    if both.referrer_id != keep.referrer_id:
        made.columns["referrer_id"] = both.referrer_id
    stays = _who(both.referrer, both.referrer_id)
    kept, others = _who(keep.referrer, keep.referrer_id), _who(other.referrer, other.referrer_id)
    # That one of them sent the other falls away: nobody sends themselves.
    gone = {keep.id, other.id, None, both.referrer_id}
    lost = [text for text, who in ((kept, keep), (others, other)) if who.referrer_id not in gone]
    if kept or others:
        made.fields.append(Field(_("Referred by"), kept, enumeration(lost) or others, stays, bool(lost)))


def _who(name: str | None, number: int | None) -> str:
    return _("{client} (#{id})", client=name, id=number) if number else ""


def _birthday(made: Merged, both: Both) -> None:
    keep, other = both.keep.row, both.other.row
    own, others = both.keep.client.birthday, both.other.client.birthday
    agree = keep["birth_month"] is not None and all(keep[c] == other[c] for c in BIRTHDAY[1:])
    takes = bool(others) and (own is None or (agree and keep["birth_year"] is None))
    if takes and own != others:
        made.columns |= {column: other[column] for column in BIRTHDAY}
    is_lost = bool(own and others) and not takes and own != others and not (agree and other["birth_year"] is None)
    stays = (others if takes else own) or ""
    if stays:
        made.fields.append(Field(_("Birthday"), _day(own), _day(others), _day(stays), is_lost))


def _day(birthday: str | None) -> str:
    return (birthday or "").removeprefix("--")


def _amounts(made: Merged, both: Both) -> None:
    """Amounts of one client are in one currency, so one in another currency goes to the note."""
    keep, other = both.keep.row, both.other.row
    has_own = any(keep[column] is not None for column in AMOUNTS)
    same = not has_own or keep["currency"] == other["currency"]
    if not has_own and any(other[column] is not None for column in AMOUNTS):
        made.columns["currency"] = other["currency"]
    for column in AMOUNTS:
        name = column.removesuffix("_minor")
        own, others = getattr(both.keep.client, name), getattr(both.other.client, name)
        takes = own is None and others is not None and same
        if takes:
            made.columns[column] = other[column]
        if own or others:
            stays = others if takes else own
            kept, others_text, left = (money.label() if money else "" for money in (own, others, stays))
            is_lost = others is not None and not takes and own != others
            made.fields.append(Field(_label(column), kept, others_text, left, is_lost))


def _united(made: Merged, both: Both, column: str, between: str) -> None:
    """Text that adds up: topics to avoid and what was agreed hold for the one person, whoever wrote them down."""
    keep, other = both.keep.row[column] or "", both.other.row[column] or ""
    stays = keep if _has(keep, other, between) else other if not keep else f"{keep}{between}{other}"
    if stays != keep:
        made.columns[column] = stays
    if stays:
        made.fields.append(Field(_label(column), keep, other, stays))


def _rest(made: Merged, both: Both) -> None:
    """Bans, clocks and where they came from."""
    keep, other = both.keep.row, both.other.row
    if other["do_not_contact"] and not keep["do_not_contact"]:
        made.columns["do_not_contact"] = 1
    if keep["do_not_contact"] or other["do_not_contact"]:
        made.fields.append(Field(_("Do not contact"), *_yes(keep["do_not_contact"], other["do_not_contact"], True)))
    archived = keep["archived_at"] and other["archived_at"]
    if keep["archived_at"] and not archived:
        made.columns["archived_at"] = None
    if keep["archived_at"] or other["archived_at"]:
        made.fields.append(Field(_("Archived"), *_yes(keep["archived_at"], other["archived_at"], archived)))
    added = min(keep["created_at"], other["created_at"])
    if keep["origin"] != other["origin"]:
        made.columns["origin"] = "manual"
        if not (both.keep.client.last_contact_at or both.other.client.last_contact_at):
            # Added by hand and never contacted, they wait for an answer since then, not since an old import.
            added = keep["created_at"] if keep["origin"] == "manual" else other["created_at"]
    verified = max(keep["verified_at"], other["verified_at"])
    made.columns |= {"created_at": added, "verified_at": verified}
    made.columns = {column: value for column, value in made.columns.items() if value != keep[column]}


def _yes(keep: Any, other: Any, stays: Any) -> tuple[str, str, str]:
    keep, other, stays = (_("yes") if value else _("no") for value in (keep, other, stays))
    return keep, other, stays


def _note(made: Merged, both: Both, today: date) -> None:
    """The kept one's note, then the other's and what else has no place, under a line that says whose it was."""
    keep, other = both.keep.row["note"] or "", both.other.row["note"] or ""
    lines = [
        _("{field}: {value}", field=line.label, value=line.other)
        for line in made.fields
        if line.is_noted and line.label != _("Name")
    ]
    parts = [keep]
    if keep and not _has(keep, other, "\n"):
        lines.append(other)
    elif not keep:
        parts.append(other)
    if lines:
        parts += [_("Merged with {client} on {day}:", client=both.other.label, day=today.isoformat()), *lines]
    elif any(line.is_noted for line in made.fields):  # only the other name is to be remembered
        parts.append(_("Merged with {client} on {day}.", client=both.other.label, day=today.isoformat()))
    note = "\n".join(filter(None, parts))
    if note != keep:
        made.columns["note"] = note
    if note:
        made.fields.append(Field(_("Note"), keep, other, note))


def _has(keep: str, other: str, between: str) -> bool:
    """Whether the other text stands in the kept one already, as a whole part of it."""
    return f"{between}{fold_lines(other)}{between}" in f"{between}{fold_lines(keep)}{between}" or not other.strip()


def fold_lines(text: str) -> str:
    """Text for comparing: each line without the blanks at its ends."""
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def _add(made: Merged, label: str, keep: Any, other: Any) -> None:
    if _is_blank(keep) and _is_blank(other):
        return
    kept, others = ("" if _is_blank(value) else str(value) for value in (keep, other))
    made.fields.append(Field(label, kept, others, kept or others, bool(kept and others) and fold(kept) != fold(others)))


def _label(column: str) -> str:
    """What people call a column; a later version's goes by its own name."""
    label = next((field.label for field in FIELDS if column in field.columns), "")
    return _(label) if label else column.replace("_", " ").capitalize()


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
