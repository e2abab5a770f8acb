"""The options that add-client and edit-client share, each written once."""

from __future__ import annotations

from typing import Annotated

from recrm.app import App
from recrm.core.params import Option


def complete_tag(app: App, incomplete: str) -> list[str]:
    """Shell completion of tags in use."""
    import sqlite3

    from recrm.clients.matching import known_tags
    from recrm.core.errors import RecrmError
    from recrm.core.text import typed

    try:
        tags = known_tags(app.db.conn)
        # A shell evaluates what it is offered, so a tag with signs or blanks is left to be typed.
        return [tag for tag in tags if tag.lower().startswith(incomplete.lower()) and typed(tag) == tag]
    except (RecrmError, sqlite3.Error):
        return []


def _words(*names: str, help: str, metavar: str = "TEXT", panel: str = "Profile") -> Option:  # noqa: A002
    return Option(*names, help=help, metavar=metavar, panel=panel)


REACH = "How to reach them"
Phones = Annotated[
    list[str] | None,
    _words("--phone", "-p", help="A phone, in any format; repeat for more.", metavar="PHONE", panel=REACH),
]
Emails = Annotated[list[str] | None, _words("--email", "-e", help="An email address.", metavar="EMAIL", panel=REACH)]
Wechats = Annotated[list[str] | None, _words("--wechat", "-w", help="A WeChat id.", metavar="ID", panel=REACH)]
Whatsapps = Annotated[
    list[str] | None, _words("--whatsapp", help="A WhatsApp number or name.", metavar="ID", panel=REACH)
]
Qqs = Annotated[list[str] | None, _words("--qq", help="A QQ number.", metavar="ID", panel=REACH)]
Addresses = Annotated[list[str] | None, _words("--address", help="A postal address.", panel=REACH)]
Preferred = Annotated[
    str | None, _words("--preferred-channel", help="How they like to be reached: call, wechat …", panel=REACH)
]
DoNotContact = Annotated[
    bool | None,
    Option(
        "--do-not-contact/--may-contact",
        help="Nothing reaches out to them by itself.",
        panel=REACH,
        show_default=False,
    ),
]

TierOption = Annotated[
    str | None,
    _words("--tier", "-t", help="A hot and matched, B promising, C watching, none.", metavar="A|B|C"),
]
Types = Annotated[
    list[str] | None,
    _words("--type", help="buyer, seller, tenant or landlord; repeat for several.", metavar="TYPE"),
]
Tags = Annotated[
    list[str] | None,
    Option(
        "--tag",
        help="A tag; `urgent` lifts them up the list.",
        metavar="TAG",
        panel="Profile",
        complete=complete_tag,
    ),
]
Note = Annotated[str | None, _words("--note", "-n", help="Anything worth remembering.")]
Avoid = Annotated[str | None, _words("--avoid", help="Topics to avoid; shown in plain sight.")]
Birthday = Annotated[
    str | None, _words("--birthday", "-b", help="1990-05-20, or 20 may where the year is not known.", metavar="DAY")
]
Persona = Annotated[str | None, _words("--persona", help="first home, upgrade, investor …")]
Source = Annotated[str | None, _words("--source", help="Where they came from: walk-in, portal …")]
Family = Annotated[str | None, _words("--family", help="Who decides, who moves in.")]
Occupation = Annotated[str | None, _words("--occupation", help="What they do for a living.")]
Pinyin = Annotated[str | None, _words("--pinyin", help="How the name is said, where it is not the usual reading.")]
AgentOption = Annotated[str | None, _words("--agent", help="Who in the shop is responsible.", metavar="NAME")]
Consent = Annotated[str | None, _words("--consent", help="What they agreed to, when and how.")]
MONEY = "Finances"
Income = Annotated[str | None, _words("--income", help="Income a year: 350k, 35万 …", metavar="AMOUNT", panel=MONEY)]
Debts = Annotated[str | None, _words("--debts", help="Debts.", metavar="AMOUNT", panel=MONEY)]
DownPayment = Annotated[
    str | None, _words("--down-payment", help="Money for a down payment.", metavar="AMOUNT", panel=MONEY)
]
CreditNote = Annotated[str | None, _words("--credit-note", help="What is known of their credit.", panel=MONEY)]
AllowDuplicate = Annotated[bool, Option("--allow-duplicate", help="Also where another client has this phone or email.")]
