"""What consents and erasures are to the rest of the program; their tables are described with the clients."""

from __future__ import annotations

from recrm.core.i18n import N_
from recrm.core.slice import HistoryLine, Slice

SLICE = Slice(
    history={
        # A consent may find an older one to note down first: its own row is the newest.
        "consent": HistoryLine(
            N_("{client} allows: {text}"),
            about="consents",
            text="what",
            newest=True,
            cases=(
                "event",
                {
                    "do-not-contact": N_("{client} is not to be contacted."),
                    "withdrawn": N_("{client} no longer allows: {text}"),
                },
            ),
        ),
        "erase-client": HistoryLine(N_("Erased a client for good."), about="", undoable=False),
    },
)
