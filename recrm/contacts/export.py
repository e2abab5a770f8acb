"""What contacts give to an export."""

from __future__ import annotations

from recrm.contacts.labels import channel_label, direction_label
from recrm.core.export import Sheet, SheetColumn, moment, text
from recrm.core.i18n import N_

SHEETS = (
    Sheet(
        "contacts",
        N_("Contacts"),
        (
            SheetColumn(N_("At"), moment("at")),
            SheetColumn(N_("Channel"), lambda row, _zone: channel_label(row["channel"])),
            SheetColumn(N_("Direction"), lambda row, _zone: direction_label(row["direction"])),
            SheetColumn(N_("Text"), text("text"), is_long=True),
            SheetColumn(N_("Feedback"), text("feedback"), is_long=True),
            SheetColumn(N_("Next step"), text("next_step"), is_long=True),
            SheetColumn(N_("Agent"), text("agent")),
        ),
    ),
)
