"""What merged clients are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.slice import HistoryLine, Slice, Table

SLICE = Slice(
    tables=(
        Table(
            "merges",
            N_("merge"),
            N_("a merge"),
            NN_("{n} earlier merge", "{n} earlier merges"),
            labels={"merged_id": N_("Number of the earlier entry")},
        ),
    ),
    history={
        # A merge moves earlier ones along: its own row is the newest.
        "merge-clients": HistoryLine(N_("Merged #{merged_id} into {client}."), about="merges", newest=True),
    },
    checks="recrm.duplicates.rules:RULES",
)
