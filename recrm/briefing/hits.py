"""A search's hits, as JSON and on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from recrm.briefing.search import Hit
from recrm.core import ui
from recrm.core.i18n import _
from recrm.core.labels import ago_label
from recrm.core.moments import iso
from recrm.core.text import fold, quoted, shorten, typed
from recrm.core.ui import Cell, Column, Output, tier_cell


def hits_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits, the best first."""
    return [
        {
            "id": hit.client_id,
            "client_id": hit.client_id,
            "client": hit.name,
            "tier": hit.tier or None,
            "phone": hit.phone or None,
            "where": hit.where,
            "match": hit.match or hit.name,
            "last_contact_at": iso(hit.last_contact_at, hit.last_contact_at.tzinfo)
            if hit.last_contact_at and hit.last_contact_at.tzinfo
            else None,
            "archived": hit.archived,
        }
        for hit in hits
    ]


def hits_table(out: Output, hits: Sequence[Hit], query: str, now: datetime) -> None:
    """Hits, one a row, with where it matched."""
    if not hits:
        out.say(_("Nothing answers to {query}.", query=quoted(query)))
        out.note(_("Add somebody new with `recrm add-client {query}`.", query=typed(query)))
        return
    out.table(
        [
            Column("#", right=True, style=ui.MUTED, keep=True),
            Column("Name", least=8, most=32),
            Column("Tier", keep=True),
            Column("Phone", keep=True),
            Column("Last contact", keep=True, leave_below=90),
            Column("Found in", wrap=True, least=20),
        ],
        [
            [
                str(hit.client_id),
                Cell(_("{client} (archived)", client=hit.name), ui.MUTED) if hit.archived else hit.name,
                tier_cell(hit.tier),
                hit.phone,
                ago_label(hit.last_contact_at, now) if hit.last_contact_at else Cell(_("never"), ui.MUTED),
                _("{place}: {text}", place=_(hit.where), text=around(hit.match, query)) if hit.match else _(hit.where),
            ]
            for hit in hits
        ],
    )


def around(text: str, query: str, width: int = 60) -> str:
    """The part of a text that holds the first word looked for."""
    line = " ".join(text.split())
    at = line.casefold().find((fold(query).split() or [""])[0])
    if at > width // 2:
        line = "…" + line[at - width // 3 :]
    return shorten(line, width)
