"""What contacts, the log of conversations, are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.settings import count, interval, weight
from recrm.core.slice import DueKind, HistoryLine, Slice, Table, TextIndex, Texts

SLICE = Slice(
    tables=(
        Table(
            "contacts",
            N_("contact"),
            N_("a contact"),
            NN_("{n} contact", "{n} contacts"),
            columns=Texts(personal=("text", "feedback", "next_step"), lines=("text", "feedback", "next_step")),
            labels={
                "direction": N_("Direction"),
                "channel": N_("How"),
                "feedback": N_("How they took it"),
                "next_step": N_("What comes next"),
            },
            shown={"direction": "recrm.contacts.labels:direction_label"},
        ),
    ),
    texts=(TextIndex("contact_words", "contacts", ("text", "feedback"), N_("contact"), order=20, newest="at"),),
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
    settings={
        "touch.A": interval("48h", N_("a hot and matched client hears from you at least this often")),
        "touch.B": interval("7d", N_("the same for a promising client")),
        "touch.C": interval("30d", N_("the same for a client who is watching")),
        "touch.daily_cap": count(20, N_("touches on one day's list, so that a backlog does not bury the rest")),
        "inquiry.answer_within": interval("24h", N_("an inquiry is answered within this")),
        "urgency.touch": weight(2, N_("weight of a touch")),
    },
    history={
        "log": HistoryLine(N_("Logged with {client}: {text}"), about="contacts"),
    },
    sheets="recrm.contacts.export:SHEETS",
    brief="recrm.contacts.brief:brief",
)
