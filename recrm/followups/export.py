"""What follow-ups give to an export."""

from __future__ import annotations

from datetime import UTC

from recrm.core.export import Entries, Entry, Row, Sheet, SheetColumn, moment, text
from recrm.core.i18n import N_, NN_, _
from recrm.core.moments import iso, when_of
from recrm.core.text import shorten
from recrm.followups.labels import status_label

SHEETS = (
    Sheet(
        "follow_ups",
        N_("Follow-ups"),
        (
            SheetColumn(N_("Due"), lambda row, zone: iso(when_of(row["due_day"], row["due_at"], zone), zone)),
            SheetColumn(N_("Reason"), text("reason"), is_long=True),
            SheetColumn(N_("Status"), lambda row, _zone: status_label(row["status"])),
            SheetColumn(N_("Every"), text("every")),
            SheetColumn(N_("Closed"), moment("closed_at")),
            SheetColumn(N_("Outcome"), text("outcome"), is_long=True),
            SheetColumn(N_("Agent"), text("agent")),
        ),
    ),
)


def _promise(row: Row) -> Entry:
    reason = shorten(row["reason"], 120) or _("follow up")
    return Entry(
        kind="follow-up",
        added=row["created_at"],
        summary=_("{client}: {text}", client=row["client"], text=reason),
        text=row["reason"],
        command=f"recrm done f{row['id']}",
        when=when_of(row["due_day"], row["due_at"], UTC),
        sequence=row["snoozes"],
    )


ENTRIES = (
    Entries(
        "follow_ups",
        NN_("{n} follow-up", "{n} follow-ups"),
        order=10,
        table="follow_ups",
        condition="+follow_ups.status = 'open'",
        entry=_promise,
    ),
)
