"""What follow-ups are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.settings import weight
from recrm.core.slice import DueKind, HistoryLine, Slice, Table, Texts

SLICE = Slice(
    tables=(
        Table(
            "follow_ups",
            N_("follow-up"),
            N_("a follow-up"),
            NN_("{n} follow-up", "{n} follow-ups"),
            columns=Texts(personal=("reason", "outcome"), lines=("reason", "outcome")),
            labels={
                "due_day": N_("Due on"),
                "reason": N_("Reason"),
                "every": N_("Repeated every"),
                "anchor_day": N_("Repeated from"),
                "anchor_time": N_("Repeated at"),
                "scheduled_day": N_("First due on"),
                "until_day": N_("Repeated until"),
                "snoozes": N_("Times put off"),
                "outcome": N_("Outcome"),
            },
        ),
    ),
    due=(
        DueKind(
            "follow-up",
            NN_("{n} follow-up", "{n} follow-ups"),
            source="recrm.followups.due:FollowUpSource",
            order=20,
            weight="urgency.follow_up",
            style="bold",
            letter="f",
            ahead=True,
        ),
    ),
    settings={"urgency.follow_up": weight(5, N_("weight of a follow-up"))},
    history={
        "add-follow-up": HistoryLine(N_("Promised {client}, f{id}: {text}"), about="follow_ups", text="reason"),
        "done": HistoryLine(N_("Done for {client}, f{id}: {text}"), about="follow_ups", text="reason"),
        "snooze": HistoryLine(N_("Moved f{id} of {client} to {due}: {text}"), about="follow_ups", text="reason"),
        "cancel-follow-up": HistoryLine(N_("Cancelled f{id} of {client}: {text}"), about="follow_ups", text="reason"),
    },
    checks="recrm.followups.rules:RULES",
    sheets="recrm.followups.export:SHEETS",
    entries="recrm.followups.export:ENTRIES",
    brief="recrm.followups.brief:brief",
)
