"""A client's briefing and a search's hits, as JSON and on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from recrm.briefing.store import Briefing, Hit
from recrm.clients.view import client_json, profile_fields, reach_fields, tier_cell
from recrm.complaints.view import SEVERITY_STYLE, complaint_json, next_cell
from recrm.contacts.view import contact_json, said, when_words
from recrm.core import ui
from recrm.core.moments import ago_words, iso
from recrm.core.text import fold, shorten
from recrm.core.ui import Cell, Column, Output
from recrm.followups.view import due_cell, follow_up_json


def briefing_json(briefing: Briefing, now: datetime) -> dict[str, Any]:
    """The client's own JSON with what surrounds it."""
    return client_json(briefing.client) | {
        "contacts": [contact_json(contact) for contact in briefing.contacts],
        "contacts_in_all": briefing.contacts_in_all,
        "follow_ups": [follow_up_json(follow_up, now) for follow_up in briefing.follow_ups],
        "complaints": [complaint_json(complaint, now) for complaint in briefing.complaints],
        "referrals": [{"client_id": number, "client": name} for number, name in briefing.referrals],
    }


def briefing_card(out: Output, briefing: Briefing, now: datetime) -> None:
    """Who they are, then what must not be said, what burns, what was promised, what was said last, and the rest."""
    client = briefing.client
    words = [word for word in (", ".join(client.types), " ".join(f"#{tag}" for tag in client.tags)) if word]
    out.paragraph(
        Cell(client.name, ui.STRONG),
        Cell(f"  #{client.id}", ui.MUTED),
        *((Cell("  tier ", ui.MUTED), tier_cell(client.tier)) if client.tier else ()),
        f"  {'  '.join(words)}" if words else "",
        Cell("  archived", ui.WARN) if client.archived_at else "",
    )
    if client.do_not_contact:
        out.paragraph(Cell("DO NOT CONTACT", "bold white on red"))
    if client.avoid:
        out.paragraph(Cell("AVOID: ", ui.BAD), Cell(client.avoid, ui.BAD))
    out.card("", reach_fields(client))
    _complaints(out, briefing, now)
    _promises(out, briefing, now)
    _contacts(out, briefing, now)
    profile = [field for field in profile_fields(client) if (field[1].text if isinstance(field[1], Cell) else field[1])]
    if profile or briefing.referrals:
        out.say()
        sent = ", ".join(f"{name} (#{number})" for number, name in briefing.referrals)
        out.card("Profile", [*profile, ("Has sent", sent), ("Verified", ago_words(client.verified_at, now))])


def _complaints(out: Output, briefing: Briefing, now: datetime) -> None:
    if not briefing.complaints:
        return
    out.say()
    out.heading("Open complaints", ui.BAD)
    for complaint in briefing.complaints:
        again = f", reopened {complaint.reopened}×" if complaint.reopened else ""
        out.paragraph(
            Cell(f"c{complaint.id} {complaint.severity}{again}: ", SEVERITY_STYLE[complaint.severity]),
            complaint.text,
            "  ",
            next_cell(complaint, now),
        )


def _promises(out: Output, briefing: Briefing, now: datetime) -> None:
    if not briefing.follow_ups:
        return
    out.say()
    out.heading("Promised")
    for follow_up in briefing.follow_ups:
        every = f" ({follow_up.recurrence.every.words()})" if follow_up.recurrence else ""
        out.paragraph(
            Cell(f"f{follow_up.id} ", ui.MUTED),
            due_cell(follow_up, now),
            f": {follow_up.reason or 'follow up'}{every}",
        )


def _contacts(out: Output, briefing: Briefing, now: datetime) -> None:
    out.say()
    if not briefing.contacts_in_all:
        out.heading("Never contacted", ui.MUTED)
        return
    if not briefing.contacts:
        return
    more = (
        f"Last {len(briefing.contacts)} of {briefing.contacts_in_all} contacts"
        if briefing.contacts_in_all > len(briefing.contacts)
        else "Contacts"
    )
    out.heading(more)
    for contact in briefing.contacts:
        out.paragraph(Cell(f"{when_words(contact, now)}: ", ui.MUTED), said(contact))


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
        out.say(f"Nothing answers to {query!r}.")
        out.note(f"Add somebody new with `recrm add-client {query}`.")
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
                Cell(f"{hit.name} (archived)", ui.MUTED) if hit.archived else hit.name,
                tier_cell(hit.tier),
                hit.phone,
                ago_words(hit.last_contact_at, now) if hit.last_contact_at else Cell("never", ui.MUTED),
                f"{hit.where}: {around(hit.match, query)}" if hit.match else hit.where,
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
