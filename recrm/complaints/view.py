"""Complaints as JSON, rows and a card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from recrm.complaints.model import Complaint, Step, is_breached
from recrm.core import ui
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
        "minutes_left": int(elapsed(now, clock).total_seconds() // 60) if clock else None,
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
        return Cell("closed" if complaint.status == "closed" else complaint.status, ui.MUTED)
    what = f"{step.step} ({step.role})" if step and complaint.status == "open" else "ask whether satisfied"
    if is_overdue(clock, now):
        return Cell(
            f"BREACHED {clock_label(clock, now)}: {what}",
            "bold white on red" if complaint.status == "open" else ui.BAD,
        )
    return Cell(f"{clock_label(clock, now)}: {what}", ui.WARN if elapsed(now, clock).total_seconds() < 3600 else "")


def complaints_table(out: Output, complaints: Sequence[Complaint], total: int, now: datetime) -> None:
    """Complaints, one a row, the next clock first."""
    breached = sum(bool(c.clock and is_overdue(c.clock, now)) for c in complaints)
    out.heading(f"{total} complaints" if total != 1 else "1 complaint", ui.STRONG)
    if breached:
        out.heading(f"{breached} with a clock run out", ui.BAD)
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
                Cell(c.severity + (f" ×{c.round}" if c.reopened else ""), SEVERITY_STYLE[c.severity]),
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
        f"Complaint c{complaint.id}: {complaint.client} (#{complaint.client_id})",
        [
            ("Severity", Cell(complaint.severity, SEVERITY_STYLE[complaint.severity])),
            (
                "Status",
                complaint.status + (f", reopened {complaint.reopened}×" if complaint.reopened else ""),
            ),
            ("Next", next_cell(complaint, now) if complaint.clock else ""),
            ("What", complaint.text),
            ("Cause", complaint.cause or ""),
            ("Measures", complaint.measures or ""),
            ("Resolution", complaint.resolution or ""),
            ("Handler", complaint.handler or complaint.agent),
            ("Call back", _call_back(complaint, now)),
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
                s.step if s.round == 1 else f"{s.step} (round {s.round})",
                s.role,
                due_label(s.due, now) if s.done_at or s.round != complaint.round else clock_label(s.due, now),
                _done_cell(s, complaint, now),
                s.note or "",
            ]
            for s in complaint.steps
        ],
    )
    out.heading("History", ui.MUTED)
    for event in complaint.events:
        who = f" by {event.agent}" if event.agent else ""
        out.paragraph(Cell(f"{event.at:%Y-%m-%d %H:%M} {event.event}{who}: ", ui.MUTED), event.text)


def _done_cell(step: Step, complaint: Complaint, now: datetime) -> Cell:
    if step.done_at is None:
        if step.round != complaint.round:
            return Cell("left undone", ui.MUTED)
        return Cell("BREACHED", ui.BAD) if is_breached(step, now) else Cell("open")
    late = f" LATE by {span_label(-minutes_past(step.done_at, step.due))}" if step.is_late else ""
    return Cell(f"{step.done_at:%Y-%m-%d %H:%M}{late}", ui.BAD if step.is_late else ui.GOOD)


def _call_back(complaint: Complaint, now: datetime) -> str:
    if complaint.called_back_at:
        return f"made {ago_label(complaint.called_back_at, now)}"
    return due_label(complaint.call_back_due, now) if complaint.call_back_due else ""
