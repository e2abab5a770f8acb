"""A client's briefing and a search's hits, as JSON and on the screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from recrm.briefing.store import Briefing
from recrm.clients.view import client_json, profile_fields, reach_fields
from recrm.complaints.view import SEVERITY_STYLE, complaint_json, next_cell
from recrm.contacts.view import contact_json, said, when_words
from recrm.core import ui
from recrm.core.labels import ago_label
from recrm.core.ui import Cell, Output, tier_cell
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
        out.card("Profile", [*profile, ("Has sent", sent), ("Verified", ago_label(client.verified_at, now))])


def _complaints(out: Output, briefing: Briefing, now: datetime) -> None:
    if not briefing.complaints:
        return
    out.say()
    out.heading("Open complaints", ui.BAD)
    for complaint in briefing.complaints:
        again = f", reopened {complaint.reopened}×" if complaint.reopened else ""
        out.paragraph(
            Cell(f"c{complaint.id} {complaint.severity}{again}, ", SEVERITY_STYLE[complaint.severity]),
            next_cell(complaint, now),
        )
        out.paragraph(complaint.text)


def _promises(out: Output, briefing: Briefing, now: datetime) -> None:
    if not briefing.follow_ups:
        return
    out.say()
    out.heading("Promised")
    for follow_up in briefing.follow_ups:
        every = f" ({follow_up.recurrence.every.label()})" if follow_up.recurrence else ""
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
