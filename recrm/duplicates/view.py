"""Clients who may be one, and what a merge makes of two, as words or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from recrm import slices
from recrm.clients.fieldtable import small
from recrm.clients.model import Client
from recrm.clients.view import client_json
from recrm.core import ui
from recrm.core.i18n import NN_, _, ngettext
from recrm.core.labels import ago_label, enumeration
from recrm.core.moments import iso
from recrm.core.text import display_width, shorten
from recrm.core.ui import Cell, Column, Output
from recrm.duplicates.merge_rules import Both, Merged
from recrm.duplicates.model import Pair

_NAME_WIDTH = 22
_MOST_SHOWN = 200  # characters of a note: the whole of it stands with the client


def pairs_table(
    out: Output, pairs: Sequence[Pair], people: Mapping[int, Client], total: int, least: int, now: datetime
) -> None:
    """Pairs, one a row of two lines."""
    if not pairs:
        if least > 20:
            text = _(
                "No two clients score {least} or more; `--least {lower}` looks for weaker signs.",
                least=least,
                lower=least - 20,
            )
        else:
            text = _("No two clients score {least} or more.", least=least)
        out.paragraph(text)
        return
    out.heading(ngettext("{n} pair of clients may be one", "{n} pairs of clients may be one", total))
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
                _("; ").join(pair.reasons),
            ]
            for pair in pairs
        ],
    )
    out.shown(len(pairs), total)
    first, second = pairs[0].ids
    out.paragraph(
        _("Make one of two, the first staying: `recrm merge-clients {first} {second}`.", first=first, second=second)
    )


def _cells(client: Client, now: datetime) -> tuple[str, str, str, str]:
    """A client's line: id, name, phone, last contact."""
    phone = client.first("phone")
    name = client.name
    if client.archived_at:
        mark = _("{name} (archived)", name="")
        name = _("{name} (archived)", name=shorten(client.name, _NAME_WIDTH - display_width(mark)))
    last = ago_label(client.last_contact_at, now) if client.last_contact_at else _("never")
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
    out.heading(_("{other} becomes part of {keep}", other=both.other.label, keep=both.keep.label))
    out.table(
        [
            Column("", style=ui.MUTED, keep=True),
            Column(_("#{id} has", id=keep.id), wrap=True, least=12),
            Column(_("#{id} has", id=other.id), wrap=True, least=12),
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
    if any(line.is_noted and line.label != _("Name") for line in merged.fields):
        noted = enumeration(small(line.label) for line in merged.fields if line.is_noted and line.label != _("Name"))
        out.paragraph(_("They differ in: {noted}. What #{id} has is kept in the note.", noted=noted, id=other.id))
    out.paragraph(_("What moves to #{id}: {moved}.", id=keep.id, moved=moved_text(both.moving)))
    if _ends_an_inquiry(both):
        out.paragraph(
            _(
                "The inquiry of {client} counts as answered, because #{id} has been contacted before.",
                client=both.other.label,
                id=keep.id,
            )
        )


def tell_merged(out: Output, both: Both) -> None:
    """What was done."""
    out.paragraph(
        _(
            "Merged {other} into {keep}; moved: {moved}.",
            other=both.other.label,
            keep=both.keep.label,
            moved=moved_text(both.moving),
        )
    )
    out.paragraph(
        _(
            "The id {id} finds {name} from now on; `recrm undo` takes it back.",
            id=both.other.client.id,
            name=both.keep.client.name,
        )
    )


def moved_text(moving: Mapping[str, int]) -> str:
    """How many rows of each kind."""
    called = {name: table.counted for name, table in slices.tables().items()} | {"referrals": _REFERRALS}
    moved = [ngettext(*called[table], count) for table, count in moving.items() if count]
    return enumeration(moved) or _("nothing")


# The clients whom the other one sent, which are not rows of theirs.
_REFERRALS = NN_("{n} client whom they sent", "{n} clients whom they sent")


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
