"""Clients as JSON, as rows and as cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from recrm.clients.model import Client, Money, Near
from recrm.core import ui
from recrm.core.labels import ago_label
from recrm.core.moments import iso
from recrm.core.text import quoted
from recrm.core.ui import Cell, Column, Output, tier_cell

POINT_WORDS = {
    "phone": "Phone",
    "email": "Email",
    "wechat": "WeChat",
    "whatsapp": "WhatsApp",
    "qq": "QQ",
    "address": "Address",
    "website": "Website",
}


def client_json(client: Client) -> dict[str, Any]:
    """One client, the stable shape of every command that shows one."""

    def at(moment: datetime | None) -> str | None:
        return iso(moment, client.created_at.tzinfo) if moment and client.created_at.tzinfo else None

    def amount(money: Money | None) -> float | None:
        return money.minor / 100 if money else None

    money = client.income or client.debts or client.down_payment
    shown = {kind: client.first(kind) for kind in ("phone", "email", "wechat")}
    return {
        "id": client.id,
        "name": client.name,
        "kind": client.kind,
        "pinyin": client.pinyin,
        "phone": shown["phone"].value if shown["phone"] else None,
        "email": shown["email"].value if shown["email"] else None,
        "wechat": shown["wechat"].value if shown["wechat"] else None,
        "contact_points": [
            {"kind": p.kind, "value": p.value, "extension": p.extension or None, "shown": p.shown}
            for p in client.points
        ],
        "tier": client.tier,
        "tier_set_at": at(client.tier_set_at),
        "types": list(client.types),
        "tags": list(client.tags),
        "persona": client.persona,
        "source": client.source,
        "referrer_id": client.referrer_id,
        "referrer": client.referrer,
        "family": client.family,
        "occupation": client.occupation,
        "preferred_channel": client.preferred_channel,
        "birthday": client.birthday,
        "avoid": client.avoid,
        "note": client.note,
        "income": amount(client.income),
        "debts": amount(client.debts),
        "down_payment": amount(client.down_payment),
        "currency": money.currency if money else None,
        "credit_note": client.credit_note,
        "consent": client.consent,
        "do_not_contact": client.do_not_contact,
        "agent": client.agent or None,
        "created_at": at(client.created_at),
        "verified_at": at(client.verified_at),
        "archived_at": at(client.archived_at),
        "last_contact_at": at(client.last_contact_at),
    }


def reach_fields(client: Client) -> list[tuple[str, Cell | str]]:
    """How to reach a client, the preferred channel first in words."""
    fields: list[tuple[str, Cell | str]] = [
        (POINT_WORDS[point.kind], Cell(point.shown, ui.STRONG if point.kind == "phone" else ""))
        for point in client.points
    ]
    if client.preferred_channel:
        fields.append(("Prefers", client.preferred_channel))
    return fields


def profile_fields(client: Client) -> list[tuple[str, Cell | str]]:
    """What is known of a client beside how to reach them."""
    finances = [
        f"{name} {money.words()}"
        for name, money in (
            ("income", client.income),
            ("debts", client.debts),
            ("down payment", client.down_payment),
        )
        if money
    ]
    return [
        ("Pinyin", client.pinyin),
        ("Persona", client.persona or ""),
        ("Source", client.source or ""),
        ("Referred by", f"{client.referrer} (#{client.referrer_id})" if client.referrer_id else ""),
        ("Family", client.family or ""),
        ("Occupation", client.occupation or ""),
        ("Birthday", (client.birthday or "").removeprefix("--")),
        ("Finances", ", ".join(finances)),
        ("Credit", client.credit_note or ""),
        ("Consent", client.consent or ""),
        ("Agent", client.agent),
        ("Note", client.note or ""),
    ]


def clients_table(out: Output, clients: Sequence[Client], total: int, now: datetime) -> None:
    """Clients, one a row."""
    out.heading(f"{total} clients" if total != 1 else "1 client")
    if not clients:
        return
    out.table(
        [
            Column("#", right=True, style=ui.MUTED, keep=True),
            Column("Name", least=8),
            Column("Tier", keep=True),
            Column("Phone", keep=True),
            Column("Type", leave_below=80),
            Column("Tags", leave_below=100),
            Column("Last contact", leave_below=70, keep=True),
            Column("Note", leave_below=120),
        ],
        [
            [
                str(client.id),
                client.name,
                tier_cell(client.tier),
                phone.shown if (phone := client.first("phone")) else "",
                ", ".join(client.types),
                ", ".join(client.tags),
                ago_label(client.last_contact_at, now) if client.last_contact_at else Cell("never", ui.MUTED),
                (client.note or "").replace("\n", " "),
            ]
            for client in clients
        ],
    )
    out.shown(len(clients), total)


def choices_table(out: Output, words: str, matches: Sequence[Near], total: int) -> None:
    """Several clients answer: one numbered row each."""
    out.heading(f"{quoted(words)} could be {total} clients:")
    out.table(
        [
            Column("", right=True, style=ui.STRONG),
            Column("Name"),
            Column("Tier"),
            Column("Phone"),
            Column("id", right=True, style=ui.MUTED),
        ],
        [
            [str(number), match.name, tier_cell(match.tier), match.phone, f"#{match.id}"]
            for number, match in enumerate(matches, start=1)
        ],
    )
    if total > len(matches):
        out.say(f"Shown: {len(matches)} of {total}; type more of the name, or an id.")
