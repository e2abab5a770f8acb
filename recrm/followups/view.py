"""Follow-ups as JSON and as words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from recrm.core import ui
from recrm.core.i18n import _
from recrm.core.labels import due_label
from recrm.core.moments import days_overdue, is_overdue, iso, zone_of
from recrm.core.ui import Cell
from recrm.followups.model import FollowUp


def follow_up_json(follow_up: FollowUp, now: datetime) -> dict[str, Any]:
    """One follow-up, the stable shape."""
    zone = zone_of(now)
    recurrence = follow_up.recurrence
    return {
        "id": follow_up.id,
        "client_id": follow_up.client_id,
        "client": follow_up.client,
        "due": iso(follow_up.due, zone),
        "reason": follow_up.reason,
        "status": follow_up.status,
        "overdue_days": max(0, days_overdue(follow_up.due, now)) if follow_up.status == "open" else 0,
        "every": recurrence.every.short() if recurrence else None,
        "anchor": recurrence.anchor.isoformat() if recurrence else None,
        "until": recurrence.until.isoformat() if recurrence and recurrence.until else None,
        "snoozes": follow_up.snoozes,
        "agent": follow_up.agent or None,
        "created_at": iso(follow_up.created_at, zone),
        "closed_at": iso(follow_up.closed_at, zone) if follow_up.closed_at else None,
        "outcome": follow_up.outcome,
        "contact_id": follow_up.contact_id,
    }


def due_cell(follow_up: FollowUp, now: datetime) -> Cell:
    """When, in red once it is broken."""
    return Cell(due_label(follow_up.due, now), ui.BAD if is_overdue(follow_up.due, now) else "")


def text_label(follow_up: FollowUp) -> str:
    """What was promised, and how it repeats: `send the plan (every 2 weeks)`."""
    text = follow_up.reason or _("follow up")
    if follow_up.recurrence:
        return _("{text} ({every})", text=text, every=follow_up.recurrence.every.label())
    return text


def promise_label(follow_up: FollowUp, now: datetime) -> str:
    """One line: when, what for, and how it repeats."""
    return _("{when}: {text}", when=due_label(follow_up.due, now), text=text_label(follow_up))
