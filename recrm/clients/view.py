"""Clients as JSON, as rows and as cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from recrm.clients.fieldtable import CARD, FIELDS, FINANCES, Kind, in_order, small
from recrm.clients.labels import point_label, types_label
from recrm.clients.model import Client, Near
from recrm.core import ui
from recrm.core.i18n import _, ngettext
from recrm.core.labels import ago_label, enumeration
from recrm.core.moments import iso
from recrm.core.text import quoted
from recrm.core.ui import Cell, Column, Output, tier_cell


def client_json(client: Client) -> dict[str, Any]:
    """One client, the stable shape of every command that shows one."""
    made: dict[str, Any] = {"id": client.id}
    for key, put in _FIRST_IN_JSON:
        put(made, client, key)
    made["contact_points"] = [
        {"kind": p.kind, "value": p.value, "extension": p.extension or None, "shown": p.shown} for p in client.points
    ]
    for key, put in _LAST_IN_JSON:
        put(made, client, key)
    made["last_contact_at"] = _instant(client, client.last_contact_at)
    return made


Put = Callable[[dict[str, Any], Client, str], None]


def _put_value(made: dict[str, Any], client: Client, key: str) -> None:
    made[key] = client.value(key)


def _put_point(made: dict[str, Any], client: Client, key: str) -> None:
    point = client.first(key)
    made[key] = point.value if point else None


def _put_tier(made: dict[str, Any], client: Client, _key: str) -> None:
    made["tier"], made["tier_set_at"] = client.tier, _instant(client, client.tier_set_at)


def _put_list(made: dict[str, Any], client: Client, key: str) -> None:
    made[key] = list(client.value(key))


def _put_referrer(made: dict[str, Any], client: Client, _key: str) -> None:
    made["referrer_id"], made["referrer"] = client.referrer_id, client.referrer


def _put_amount(made: dict[str, Any], client: Client, key: str) -> None:
    money = client.value(key)
    made[key] = money.minor / 100 if money else None


def _put_currency(made: dict[str, Any], client: Client, key: str) -> None:
    money = next(filter(None, map(client.value, _AMOUNTS)), None)
    made[key] = money.currency if money else None


def _put_agent(made: dict[str, Any], client: Client, key: str) -> None:
    made[key] = client.value(key) or None


def _put_instant(made: dict[str, Any], client: Client, key: str) -> None:
    made[key] = _instant(client, client.value(key))


def _instant(client: Client, moment: datetime | None) -> str | None:
    return iso(moment, client.created_at.tzinfo) if moment and client.created_at.tzinfo else None


_PUTS: dict[Kind, Put] = {
    Kind.POINT: _put_point,
    Kind.TIER: _put_tier,
    Kind.TYPES: _put_list,
    Kind.TAGS: _put_list,
    Kind.REFERRER: _put_referrer,
    Kind.MONEY: _put_amount,
    Kind.CURRENCY: _put_currency,
    Kind.AGENT: _put_agent,
    Kind.MOMENT: _put_instant,
}
# Worked out once, as lists of clients are long; the contact points stand behind those that have a key of their own.
_AMOUNTS = [field.key for field in FIELDS if field.kind is Kind.MONEY]
_LAST_POINT = max(at for at, field in enumerate(FIELDS) if field.kind is Kind.POINT)
_FIRST_IN_JSON, _LAST_IN_JSON = (
    [(field.key, _PUTS.get(field.kind, _put_value)) for field in fields if field.in_json]
    for fields in (FIELDS[: _LAST_POINT + 1], FIELDS[_LAST_POINT + 1 :])
)


def reach_fields(client: Client) -> list[tuple[str, Cell | str]]:
    """How to reach a client, and by what they like to be reached."""
    fields: list[tuple[str, Cell | str]] = [
        (point_label(point.kind), Cell(point.shown, ui.STRONG if point.kind == "phone" else ""))
        for point in client.points
    ]
    if client.preferred_channel:
        fields.append((_("Prefers"), client.preferred_channel))
    return fields


def profile_fields(client: Client) -> list[tuple[str, Cell | str]]:
    """What is known of a client beside how to reach them; all amounts together."""
    shown: dict[str, list[str]] = {}
    for field in in_order(CARD):
        if field.kind is Kind.POINT or field.card == "":
            continue
        label, value = field.label if field.card is None else field.card, client.value(field.key)
        if field.kind is Kind.MONEY:
            amounts = shown.setdefault(FINANCES, [])
            if value:
                amounts.append(f"{small(_(label))} {value.label()}")
        else:
            shown[label] = [_ON_CARD.get(field.kind, _plain_text)(client, value)]
    return [(_(label), enumeration(texts)) for label, texts in shown.items()]


def _plain_text(_client: Client, value: Any) -> str:
    return value or ""


_ON_CARD: dict[Kind, Callable[[Client, Any], str]] = {
    Kind.REFERRER: lambda client, name: (
        _("{client} (#{id})", client=name, id=client.referrer_id) if client.referrer_id else ""
    ),
    Kind.DAY: lambda _client, day: (day or "").removeprefix("--"),
    Kind.FLAG: lambda _client, is_on: _("yes") if is_on else "",
}


def clients_table(out: Output, clients: Sequence[Client], total: int, now: datetime) -> None:
    """Clients, one a row."""
    out.heading(ngettext("{n} client", "{n} clients", total))
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
                types_label(client.types),
                enumeration(client.tags),
                ago_label(client.last_contact_at, now) if client.last_contact_at else Cell(_("never"), ui.MUTED),
                (client.note or "").replace("\n", " "),
            ]
            for client in clients
        ],
    )
    out.shown(len(clients), total)


def choices_table(out: Output, query: str, matches: Sequence[Near], total: int) -> None:
    """Several clients answer: one numbered row each."""
    out.heading(_("{query} could be {total} clients:", query=quoted(query), total=total))
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
        out.say(_("Shown: {shown} of {total}; type more of the name, or an id.", shown=len(matches), total=total))
