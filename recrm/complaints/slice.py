"""What complaints are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.settings import count, interval, steps, weight
from recrm.core.slice import DueKind, HistoryLine, Slice, Table, Texts

SLICE = Slice(
    tables=(
        Table(
            "complaints",
            N_("complaint"),
            N_("a complaint"),
            NN_("{n} complaint", "{n} complaints"),
            columns=Texts(
                personal=("text", "cause", "measures", "resolution"), lines=("text", "cause", "measures", "resolution")
            ),
            labels={
                "severity": N_("Severity"),
                "cause": N_("Cause"),
                "measures": N_("What was done"),
                "handler": N_("Handled by"),
                "round": N_("Round"),
                "opened_at": N_("Recorded"),
                "resolved_at": N_("Resolved"),
                "resolution": N_("How it was resolved"),
                "confirm_by": N_("To be confirmed by"),
                "call_back_due": N_("Call back on"),
                "called_back_at": N_("Called back"),
            },
        ),
        Table(
            "complaint_steps",
            N_("complaint step"),
            N_("a complaint's step"),
            NN_("{n} complaint step", "{n} complaint steps"),
            columns=Texts(personal=("step", "note"), lines=("note",)),
            labels={
                "round": N_("Round"),
                "position": N_("Place among the steps"),
                "step": N_("Step"),
                "role": N_("Whose step it is"),
                "done_at": N_("Done"),
            },
            shown={"step": "recrm.complaints.labels:step_name"},
        ),
        Table(
            "complaint_events",
            N_("complaint event"),
            N_("a complaint's history"),
            NN_("{n} complaint event", "{n} complaint events"),
            columns=Texts(personal=("text",), lines=("text",)),
            labels={"event": N_("What happened")},
            shown={
                "event": "recrm.complaints.labels:event_label",
                "text": "recrm.complaints.labels:event_text",
            },
        ),
    ),
    due=(
        DueKind(
            "complaint",
            NN_("{n} complaint", "{n} complaints"),
            source="recrm.complaints.due:ComplaintSource",
            order=10,
            weight="urgency.complaint",
            weight_overdue="urgency.breached",
            style="bold red",
            letter="c",
            alarm=NN_("{n} complaint clock has run out", "{n} complaint clocks have run out"),
            ahead=True,
        ),
        DueKind(
            "call-back",
            NN_("{n} call-back", "{n} call-backs"),
            source="recrm.complaints.due:CallBackSource",
            order=30,
            style="magenta",
            letter="c",
            ahead=True,
        ),
    ),
    settings={
        "complaint.general": steps(
            N_("steps of a general complaint"),
            (N_("respond to the client"), N_("agent"), "2h"),
            (N_("resolve"), N_("agent"), "24h"),
        ),
        "complaint.major": steps(
            N_("steps of a major complaint"),
            (N_("manager on site"), N_("manager"), "1h"),
            (N_("director's plan"), N_("director"), "2h"),
            (N_("principal speaks to the client"), N_("principal"), "24h"),
            (N_("resolve"), N_("manager"), "72h"),
        ),
        "complaint.maintenance": steps(
            N_("steps of a maintenance complaint"),
            (N_("respond to the client"), N_("agent"), "2h"),
            (N_("repair plan"), N_("maintenance"), "24h"),
            (N_("repair done"), N_("maintenance"), "72h"),
        ),
        "complaint.confirm_within": interval("24h", N_("after a resolution the client is asked within this")),
        "complaint.call_back_days": count(7, N_("a closed complaint is called back after so many days"), 1),
        "urgency.complaint": weight(9, N_("weight of a complaint step")),
        "urgency.breached": weight(15, N_("weight of a complaint step whose clock has run out")),
    },
    history={
        "record-complaint": HistoryLine(N_("Recorded complaint c{id} of {client}: {text}"), about="complaints"),
        "progress-complaint": HistoryLine(
            N_("Went on with complaint c{complaint_id} of {client}: {text}"), about="complaint_events"
        ),
        "resolve-complaint": HistoryLine(
            N_("Resolved complaint c{id} of {client}: {text}"), about="complaints", text="resolution"
        ),
        "reopen-complaint": HistoryLine(N_("Reopened complaint c{id} of {client}: {text}"), about="complaints"),
        "close-complaint": HistoryLine(N_("Closed complaint c{id} of {client}: {text}"), about="complaints"),
    },
    checks="recrm.complaints.rules:RULES",
    sheets="recrm.complaints.export:SHEETS",
    entries="recrm.complaints.export:ENTRIES",
    brief="recrm.complaints.brief:brief",
)
