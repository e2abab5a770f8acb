"""What clients are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.settings import count, weight
from recrm.core.slice import DueKind, HistoryLine, Slice, Table, TextIndex, Texts

SLICE = Slice(
    tables=(
        Table(
            "clients",
            N_("profile"),
            N_("the client"),
            NN_("{n} profile", "{n} profiles"),
            columns="recrm.clients.fieldtable:TEXTS",
            shown={"kind": "recrm.clients.labels:kind_label"},
        ),
        Table(
            "client_types",
            N_("type"),
            N_("a client's type"),
            NN_("{n} type", "{n} types"),
            labels={"type": N_("Type")},
        ),
        Table(
            "client_tags",
            N_("tag"),
            N_("a tag"),
            NN_("{n} tag", "{n} tags"),
            columns=Texts(personal=("tag",)),
            labels={"tag": N_("Tag")},
        ),
        Table(
            "contact_points",
            N_("contact point"),
            N_("a contact point"),
            NN_("{n} contact point", "{n} contact points"),
            columns=Texts(personal=("value", "extension", "shown")),
            labels={"kind": N_("Type"), "extension": N_("Extension"), "shown": N_("Address or number")},
            shown={"kind": "recrm.clients.labels:point_label"},
        ),
        Table(
            "consents",
            N_("consent"),
            N_("a consent"),
            NN_("{n} consent", "{n} consents"),
            columns=Texts(personal=("what", "how"), lines=("what", "how")),
            labels={
                "event": N_("What they said"),
                "what": N_("What it is about"),
                "how": N_("How they said it"),
            },
            shown={
                "event": "recrm.clients.consents:event_label",
                "what": "recrm.clients.consents:shown_text",
                "how": "recrm.clients.consents:shown_text",
            },
        ),
        # What an erasure leaves behind: hashes that name nobody, and the key to them.
        Table(
            "suppressions",
            N_("suppression"),
            N_("a suppression"),
            NN_("{n} suppression", "{n} suppressions"),
            journaled=False,
        ),
        Table(
            "suppression_key",
            N_("suppression key"),
            N_("a suppression key"),
            NN_("{n} suppression key", "{n} suppression keys"),
            journaled=False,
        ),
    ),
    texts=(TextIndex("client_words", "clients", ("note",), N_("note"), order=10, owner="id"),),
    due=(
        DueKind(
            "birthday",
            NN_("{n} birthday", "{n} birthdays"),
            source="recrm.clients.due:BirthdaySource",
            order=60,
            weight_on_day="urgency.care",
            style="green",
        ),
        DueKind("profile", NN_("{n} profile", "{n} profiles"), source="recrm.clients.due:ProfileSource", order=70),
    ),
    settings={
        "profile.verify_days": count(180, N_("a profile is verified again after so many days"), 1),
        "profile.daily_cap": count(20, N_("profiles on one day's list")),
        "birthday.notice_days": count(7, N_("a birthday is announced so many days ahead"), highest=180),
        "birthday.belated_days": count(7, N_("a birthday without a word stays on the list so many days"), highest=180),
        "urgency.care": weight(4, N_("weight of a birthday on the day")),
    },
    history={
        "add-client": HistoryLine(N_("Added {client}.")),
        "edit-client": HistoryLine(worded="recrm.clients.edited:edited"),
        "archive-client": HistoryLine(N_("Archived {client}.")),
        "unarchive-client": HistoryLine(N_("Brought {client} back from the archive.")),
        "tag": HistoryLine(N_("Tagged {client}: {texts}."), about="client_tags", text="tag"),
        "untag": HistoryLine(N_("Took tags from {client}: {texts}."), about="client_tags", text="tag"),
    },
    checks="recrm.clients.rules:RULES",
    entries="recrm.clients.export:ENTRIES",
)
