"""Clients who may be one, and what a merge makes of two, as words or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from recrm.clients.model import Client
from recrm.clients.view import client_json
from recrm.core import ui
from recrm.core.labels import ago_label
from recrm.core.moments import iso
from recrm.core.text import display_width, shorten
from recrm.core.ui import Cell, Column, Output
from recrm.duplicates.merge_rules import Both, Merged
from recrm.duplicates.model import Pair

# What rows of the tables are called to a person, one and many; a later version's go by their table's name.
_CALLED = {
    "client_tags": ("1 tag", "{} tags"),
    "client_types": ("1 type", "{} types"),
    "complaints": ("1 complaint", "{} complaints"),
    "consents": ("1 consent", "{} consents"),
    "contact_points": ("1 contact point", "{} contact points"),
    "contacts": ("1 contact", "{} contacts"),
    "follow_ups": ("1 follow-up", "{} follow-ups"),
    "merges": ("1 earlier merge", "{} earlier merges"),
    "referrals": ("1 client whom they sent", "{} clients whom they sent"),
}
_NAME_WIDTH = 22
_MOST_SHOWN = 200  # characters of a note: the whole of it stands with the client


def pairs_table(
    out: Output, pairs: Sequence[Pair], people: Mapping[int, Client], total: int, least: int, now: datetime
) -> None:
    """Pairs, one a row of two lines."""
    if not pairs:
        weaker = f"; `--least {least - 20}` looks for weaker signs" if least > 20 else ""
        out.paragraph(f"No two clients score {least} or more{weaker}.")
        return
    out.heading(f"{total} pairs of clients may be one" if total != 1 else "1 pair of clients may be one")
    out.table(
        [
            Column("Score", right=True, style=ui.STRONG, keep=True),
            Column("#", wrap=True, style=ui.MUTED, keep=True),
            Column("Client", wrap=True, least=8, most=_NAME_WIDTH),
            Column("Phone", wrap=True, leave_below=60, keep=True),
            Column("Last contact", wrap=True, leave_below=100, keep=True),
            Column("Why", wrap=True, least=14),
        ],
        [
            [
                str(pair.score),
                *(
                    "\n".join(cells)
                    for cells in zip(*(_cells(people[number], now) for number in pair.ids), strict=True)
                ),
                "; ".join(pair.reasons),
            ]
            for pair in pairs
        ],
    )
    out.shown(len(pairs), total)
    first, second = pairs[0].ids
    out.paragraph(f"Make one of two, the first staying: `recrm merge-clients {first} {second}`.")


def _cells(client: Client, now: datetime) -> tuple[str, str, str, str]:
    """A client's line: id, name, phone, last contact."""
    phone = client.first("phone")
    name = f"{client.name} (archived)" if client.archived_at else client.name
    if display_width(name) > _NAME_WIDTH and client.archived_at:
        name = f"{shorten(client.name, _NAME_WIDTH - 11)} (archived)"
    last = ago_label(client.last_contact_at, now) if client.last_contact_at else "never"
    # Never empty, because each stands beside its own client's line.
    return str(client.id), shorten(name, _NAME_WIDTH), phone.shown if phone else "-", last


def pair_json(pair: Pair, people: Mapping[int, Client]) -> dict[str, Any]:
    """A pair, the stable shape; `client` would stay and `other` become part of them."""
    keep, other = (people[number] for number in pair.ids)
    return {
        "score": pair.score,
        "reasons": list(pair.reasons),
        "client_id": keep.id,
        "client": keep.name,
        "other_id": other.id,
        "other": other.name,
        "clients": [_person_json(keep), _person_json(other)],
    }


def _person_json(client: Client) -> dict[str, Any]:
    zone = client.created_at.tzinfo
    points = {kind: client.first(kind) for kind in ("phone", "email", "wechat")}
    last = client.last_contact_at
    return {
        "id": client.id,
        "name": client.name,
        **{kind: point.value if point else None for kind, point in points.items()},
        "tier": client.tier,
        "birthday": client.birthday,
        "agent": client.agent or None,
        "last_contact_at": iso(last, zone) if last and zone else None,
        "archived": client.archived_at is not None,
    }


def show_merge(out: Output, both: Both, merged: Merged) -> None:
    """What each has, what stays, and what moves."""
    keep, other = both.keep.client, both.other.client
    out.heading(f"{both.other.words} becomes part of {both.keep.words}")
    out.table(
        [
            Column("", style=ui.MUTED, keep=True),
            Column(f"#{keep.id} has", wrap=True, least=12),
            Column(f"#{other.id} has", wrap=True, least=12),
            Column("Stays", wrap=True, least=12),
        ],
        [
            [
                line.label,
                shorten(line.kept, _MOST_SHOWN),
                Cell(shorten(line.other, _MOST_SHOWN), ui.WARN if line.is_noted else ""),
                shorten(line.stays, _MOST_SHOWN),
            ]
            for line in merged.fields
        ],
    )
    if any(line.is_noted and line.label != "Name" for line in merged.fields):
        noted = ", ".join(line.label.lower() for line in merged.fields if line.is_noted and line.label != "Name")
        out.paragraph(f"They differ in: {noted}. What #{other.id} has is kept in the note.")
    out.paragraph(f"What moves to #{keep.id}: {moved_words(both.moving)}.")
    if _ends_an_inquiry(both):
        out.paragraph(
            f"The inquiry of {both.other.words} counts as answered, because #{keep.id} has been contacted before."
        )


def tell_merged(out: Output, both: Both) -> None:
    """What was done."""
    out.paragraph(f"Merged {both.other.words} into {both.keep.words}; moved: {moved_words(both.moving)}.")
    out.paragraph(
        f"The id {both.other.client.id} finds {both.keep.client.name} from now on; `recrm undo` takes it back."
    )


def moved_words(moving: Mapping[str, int]) -> str:
    """How many rows of each kind."""
    said = []
    for table, count in moving.items():
        one, many = _CALLED.get(table, (f"{table.replace('_', ' ')} {count}",) * 2)
        said += [one if count == 1 else many.format(count)] if count else []
    return ", ".join(said) or "nothing"


def merged_json(client: Client, both: Both, *, dry_run: bool) -> dict[str, Any]:
    """The client that stays, as any client, and what was moved to them."""
    return {
        **client_json(client),
        "merged_id": both.other.client.id,
        "moved": both.moving,
        "dry_run": dry_run,
    }


def _ends_an_inquiry(both: Both) -> bool:
    """An inquiry that waits because nobody was ever contacted is gone once the record shows contacts."""
    one, other = both.other, both.keep
    return bool(one.inquiry_at and not one.client.last_contact_at and other.client.last_contact_at)
