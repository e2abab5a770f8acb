"""What contacts, the log of conversations, are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.slice import DueKind, HistoryLine, Slice, Table, TextIndex

SLICE = Slice(
    tables=(
        Table(
            "contacts",
            N_("contact"),
            N_("a contact"),
            NN_("{n} contact", "{n} contacts"),
            personal=("text", "feedback", "next_step"),
            lines=("text", "feedback", "next_step"),
        ),
    ),
    texts=(TextIndex("contact_words", "contacts", ("text", "feedback")),),
    due=(
        DueKind(
            "inquiry",
            NN_("{n} inquiry", "{n} inquiries"),
            source="recrm.contacts.due:InquirySource",
            order=40,
            style="cyan",
        ),
        DueKind(
            "touch",
            NN_("{n} touch", "{n} touches"),
            source="recrm.contacts.due:TouchSource",
            order=50,
            weight="urgency.touch",
        ),
    ),
    history={
        "log": HistoryLine(N_("Logged with {client}: {text}"), about="contacts"),
    },
)
