"""A client's briefing, as JSON and on the screen."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any

from recrm.briefing.store import Briefing
from recrm.clients.labels import types_label
from recrm.clients.view import client_json, profile_fields, reach_fields
from recrm.core import ui
from recrm.core.i18n import _
from recrm.core.labels import ago_label, enumeration
from recrm.core.ui import Cell, Output, tier_cell


def briefing_json(briefing: Briefing) -> dict[str, Any]:
    """The client's own JSON with what surrounds it."""
    made = client_json(briefing.client)
    for brief in briefing.briefs:
        made |= brief.json
    return made | {"referrals": [{"client_id": number, "client": name} for number, name in briefing.referrals]}


def briefing_card(out: Output, briefing: Briefing, now: datetime) -> None:
    """Who they are, then what must not be said, what burns, what was promised, what was said last, and the rest."""
    client = briefing.client
    labels = [label for label in (types_label(client.types), " ".join(f"#{tag}" for tag in client.tags)) if label]
    out.paragraph(
        Cell(client.name, ui.STRONG),
        Cell(f"  #{client.id}", ui.MUTED),
        *((Cell(f"  {_('tier')} ", ui.MUTED), tier_cell(client.tier)) if client.tier else ()),
        f"  {'  '.join(labels)}" if labels else "",
        Cell(f"  {_('archived')}", ui.WARN) if client.archived_at else "",
    )
    if client.do_not_contact:
        out.paragraph(Cell(_("DO NOT CONTACT"), "bold white on red"))
    if client.avoid:
        out.paragraph(Cell(_("AVOID: {text}", text=client.avoid), ui.BAD))
    out.card("", reach_fields(client))
    for brief in sorted(briefing.briefs, key=attrgetter("order")):
        brief.draw(out)
    profile = [field for field in profile_fields(client) if (field[1].text if isinstance(field[1], Cell) else field[1])]
    if profile or briefing.referrals:
        out.say()
        sent = enumeration(_("{client} (#{id})", client=name, id=number) for number, name in briefing.referrals)
        verified = ago_label(client.verified_at, now)
        out.card(_("Profile"), [*profile, (_("Has sent"), sent), (_("Verified"), verified)])
