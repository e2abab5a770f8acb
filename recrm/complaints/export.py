"""What complaints give to an export."""

from __future__ import annotations

from datetime import UTC, date

from recrm.complaints.clock import CLOCK, NEXT_STEP
from recrm.complaints.labels import SEVERITIES, STATES, step_label
from recrm.core.export import Entries, Entry, Row, Sheet, SheetColumn, moment, text
from recrm.core.i18n import N_, NN_, _
from recrm.core.moments import from_utc_text

SHEETS = (
    Sheet(
        "complaints",
        N_("Complaints"),
        (
            SheetColumn(N_("Opened"), moment("opened_at")),
            SheetColumn(N_("Severity"), lambda row, _zone: _(SEVERITIES[row["severity"]])),
            SheetColumn(N_("Complaint"), text("text"), is_long=True),
            SheetColumn(N_("Status"), lambda row, _zone: _(STATES[row["status"]])),
            SheetColumn(N_("Cause"), text("cause")),
            SheetColumn(N_("Measures"), text("measures"), is_long=True),
            SheetColumn(N_("Handler"), text("handler")),
            SheetColumn(N_("Resolved"), moment("resolved_at")),
            SheetColumn(N_("Resolution"), text("resolution"), is_long=True),
            SheetColumn(N_("Closed"), moment("closed_at")),
            SheetColumn(N_("Call back"), text("call_back_due")),
            SheetColumn(N_("Agent"), text("agent")),
        ),
    ),
)


def _clock(row: Row) -> Entry:
    severity = _(SEVERITIES[row["severity"]])
    if row["status"] == "open":
        step = step_label(row["step"], row["role"])
        summary = _("{client}: {severity} complaint: {step}", client=row["client"], severity=severity, step=step)
    else:
        summary = _(
            "{client}: {severity} complaint: ask whether the client is satisfied",
            client=row["client"],
            severity=severity,
        )
    return Entry(
        kind="complaint",
        added=row["opened_at"],
        summary=summary,
        text=row["text"],
        command=f"recrm show-complaint c{row['id']}",
        when=from_utc_text(row["clock"], UTC),
        sequence=row["events"],
    )


def _call_back(row: Row) -> Entry:
    return Entry(
        kind="call-back",
        added=row["opened_at"],
        summary=_("{client}: call back after the complaint", client=row["client"]),
        text=row["text"],
        command=f"recrm show-complaint c{row['id']}",
        when=date.fromisoformat(row["call_back_due"]),
        sequence=row["events"],
    )


_EVENTS = "(SELECT count(*) FROM complaint_events WHERE complaint_id = complaints.id) AS events"

ENTRIES = (
    Entries(
        "complaints",
        NN_("{n} complaint", "{n} complaints"),
        order=20,
        table="complaints",
        condition="+complaints.status <> 'closed' AND clock IS NOT NULL",
        entry=_clock,
        more=f"{_EVENTS}, next_step.step, next_step.role, {CLOCK} AS clock",
        join=NEXT_STEP,
    ),
    Entries(
        "call_backs",
        NN_("{n} call-back", "{n} call-backs"),
        order=30,
        table="complaints",
        condition="+call_back_due IS NOT NULL AND called_back_at IS NULL",
        entry=_call_back,
        more=_EVENTS,
    ),
)
