"""What consents and erasures are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.slice import HistoryLine, Slice, Table

SLICE = Slice(
    tables=(
        Table(
            "consents",
            N_("consent"),
            N_("a consent"),
            NN_("{n} consent", "{n} consents"),
            personal=("what", "how"),
            lines=("what", "how"),
        ),
        # Hashes that name nobody, and the key to them.
        Table("suppressions", N_("suppression"), N_("a suppression"), NN_("{n} suppression", "{n} suppressions")),
        Table(
            "suppression_key",
            N_("suppression key"),
            N_("a suppression key"),
            NN_("{n} suppression key", "{n} suppression keys"),
        ),
    ),
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
