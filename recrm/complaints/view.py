"""Complaints as JSON, rows and a card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from recrm.complaints.labels import SEVERITIES, STATES, event_label, event_text, step_label
from recrm.complaints.model import Complaint, Event, Step, is_breached
from recrm.core import ui
from recrm.core.i18n import _, ngettext
from recrm.core.labels import ago_label, clock_label, due_label, minutes_past, span_label
from recrm.core.moments import elapsed, is_overdue, iso, zone_of
from recrm.core.ui import Cell, Column, Output

SEVERITY_STYLE = {"major": "bold red", "maintenance": "yellow", "general": ""}


def complaint_json(complaint: Complaint, now: datetime) -> dict[str, Any]:
    """One complaint, the stable shape. `minutes_left` is negative once the next clock has run out."""
    zone = zone_of(now)

    def at(moment: datetime | None) -> str | None:
        return iso(moment, zone) if moment else None

    clock, step = complaint.clock, complaint.next_step if complaint.status == "open" else None
    return {
        "id": complaint.id,
        "client_id": complaint.client_id,
        "client": complaint.client,
        "severity": complaint.severity,
        "text": complaint.text,
        "cause": complaint.cause,
        "measures": complaint.measures,
        "handler": complaint.handler or None,
        "status": complaint.status,
        "reopened": complaint.reopened,
        "step": step.step if step else None,
        "role": step.role if step else None,
        "due": at(clock),
        "minutes_left": minutes_past(now, clock) if clock else None,
        "breached": bool(clock and is_overdue(clock, now)),
        "opened_at": at(complaint.opened_at),
        "resolved_at": at(complaint.resolved_at),
        "resolution": complaint.resolution,
        "closed_at": at(complaint.closed_at),
        "satisfied": True if complaint.status == "closed" else None,
        "call_back_due": complaint.call_back_due.isoformat() if complaint.call_back_due else None,
        "called_back_at": at(complaint.called_back_at),
        "agent": complaint.agent or None,
        "steps": [
            {
                "id": s.id,
                "round": s.round,
                "position": s.position,
                "step": s.step,
                "role": s.role,
                "due": at(s.due),
                "done_at": at(s.done_at),
                "late": s.is_late,
                "breached": is_breached(s, now),
                "note": s.note,
                "agent": s.agent or None,
            }
            for s in complaint.steps
        ],
        "events": [
            {"at": at(e.at), "event": e.event, "text": e.text, "agent": e.agent or None} for e in complaint.events
        ],
    }


def next_cell(complaint: Complaint, now: datetime) -> Cell:
    """What comes next and how long there is for it; unmistakable once the clock has run out."""
    clock, step = complaint.clock, complaint.next_step
    if clock is None:
        return Cell(_(STATES[complaint.status]), ui.MUTED)
    is_open = complaint.status == "open"
    what = step_label(step.step, step.role) if step and is_open else _("ask whether satisfied")
    label = clock_label(clock, now)
    if is_overdue(clock, now):
        text = _("BREACHED {over}: {what}", over=label, what=what)
        return Cell(text, "bold white on red" if is_open else ui.BAD)
    text = _("{left}: {what}", left=label, what=what)
    return Cell(text, ui.WARN if elapsed(now, clock).total_seconds() < 3600 else "")


def complaints_table(out: Output, complaints: Sequence[Complaint], total: int, now: datetime) -> None:
    """Complaints, one a row, the next clock first."""
    breached = sum(bool(c.clock and is_overdue(c.clock, now)) for c in complaints)
    out.heading(ngettext("{n} complaint", "{n} complaints", total), ui.STRONG)
    if breached:
        out.heading(_("{n} with a clock run out", n=breached), ui.BAD)
    if not complaints:
        return
    out.table(
        [
            Column("#", style=ui.MUTED, keep=True),
            Column("Client", least=8),
            Column("Severity", keep=True),
            Column("Next clock", wrap=True, least=20),
            Column("What", wrap=True, least=16),
            Column("Opened", leave_below=110),
            Column("Handler", leave_below=120),
        ],
        [
            [
                f"c{c.id}",
                c.client,
                Cell(_severity(c), SEVERITY_STYLE[c.severity]),
                next_cell(c, now),
                c.text,
                ago_label(c.opened_at, now),
                c.handler or c.agent,
            ]
            for c in complaints
        ],
    )
    out.shown(len(complaints), total)


def complaint_card(out: Output, complaint: Complaint, now: datetime) -> None:
    """One complaint, whole: what is next, its steps with what came late, its history."""
    out.card(
        _(
            "Complaint c{id}: {client} (#{client_id})",
            id=complaint.id,
            client=complaint.client,
            client_id=complaint.client_id,
        ),
        [
            (_("Severity"), Cell(_(SEVERITIES[complaint.severity]), SEVERITY_STYLE[complaint.severity])),
            (_("Status"), _status(complaint)),
            (_("Next"), next_cell(complaint, now) if complaint.clock else ""),
            (_("What"), complaint.text),
            (_("Cause"), complaint.cause or ""),
            (_("Measures"), complaint.measures or ""),
            (_("Resolution"), complaint.resolution or ""),
            (_("Handler"), complaint.handler or complaint.agent),
            (_("Call back"), _call_back(complaint, now)),
        ],
    )
    out.table(
        [
            Column("Step", wrap=True),
            Column("Who", keep=True),
            Column("Due", keep=True),
            Column("Done", wrap=True, least=12),
            Column("Note", wrap=True),
        ],
        [
            [
                _(s.step) if s.round == 1 else _("{step} (round {n})", step=_(s.step), n=s.round),
                _(s.role),
                due_label(s.due, now) if s.done_at or s.round != complaint.round else clock_label(s.due, now),
                _done_cell(s, complaint, now),
                s.note or "",
            ]
            for s in complaint.steps
        ],
    )
    out.heading(_("History"), ui.MUTED)
    for event in complaint.events:
        out.paragraph(Cell(_event_label(event), ui.MUTED), event_text(event.text))


def _severity(complaint: Complaint) -> str:
    severity = _(SEVERITIES[complaint.severity])
    return _("{severity} ×{n}", severity=severity, n=complaint.round) if complaint.reopened else severity


def _status(complaint: Complaint) -> str:
    status = _(STATES[complaint.status])
    return _("{status}, reopened {n}×", status=status, n=complaint.reopened) if complaint.reopened else status


def _event_label(event: Event) -> str:
    at, name = f"{event.at:%Y-%m-%d %H:%M}", event_label(event.event)
    if event.agent:
        return _("{at} {event} by {agent}: ", at=at, event=name, agent=event.agent)
    return _("{at} {event}: ", at=at, event=name)


def _done_cell(step: Step, complaint: Complaint, now: datetime) -> Cell:
    if step.done_at is None:
        if step.round != complaint.round:
            return Cell(_("left undone"), ui.MUTED)
        return Cell(_("BREACHED"), ui.BAD) if is_breached(step, now) else Cell(_("open"))
    at = f"{step.done_at:%Y-%m-%d %H:%M}"
    if not step.is_late:
        return Cell(at, ui.GOOD)
    return Cell(_("{at} LATE by {span}", at=at, span=span_label(-minutes_past(step.done_at, step.due))), ui.BAD)


def _call_back(complaint: Complaint, now: datetime) -> str:
    if complaint.called_back_at:
        return _("made {ago}", ago=ago_label(complaint.called_back_at, now))
    return due_label(complaint.call_back_due, now) if complaint.call_back_due else ""
