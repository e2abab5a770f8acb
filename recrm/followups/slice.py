"""What follow-ups are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.slice import DueKind, Sentence, Slice, Table

SLICE = Slice(
    tables=(
        Table(
            "follow_ups",
            N_("a follow-up"),
            NN_("{n} follow-up", "{n} follow-ups"),
            personal=("reason", "outcome"),
            lines=("reason", "outcome"),
        ),
    ),
    due=(
        DueKind(
            "follow-up",
            NN_("{n} follow-up", "{n} follow-ups"),
            source="recrm.followups.due:FollowUpSource",
            weight="urgency.follow_up",
            style="bold",
            letter="f",
        ),
    ),
    history={
        "add-follow-up": Sentence(N_("Promised {client}, f{id}: {text}"), about="follow_ups"),
        "done": Sentence(N_("Done for {client}, f{id}: {text}"), about="follow_ups"),
        "snooze": Sentence(N_("Moved f{id} of {client} to {due}: {text}"), about="follow_ups"),
        "cancel-follow-up": Sentence(N_("Cancelled f{id} of {client}: {text}"), about="follow_ups"),
    },
)
