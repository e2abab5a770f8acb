"""Clients as JSON, as rows and as cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from recrm.clients.fieldtable import CARD, FIELDS, FINANCES, POINTS, Field, Kind, in_order, small
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
    for field in _FIRST_IN_JSON:
        made |= _IN_JSON.get(field.kind, _plain_json)(client, field)
    made["contact_points"] = [
        {"kind": p.kind, "value": p.value, "extension": p.extension or None, "shown": p.shown} for p in client.points
    ]
    for field in _LAST_IN_JSON:
        made |= _IN_JSON.get(field.kind, _plain_json)(client, field)
    return made | {"last_contact_at": _instant(client, client.last_contact_at)}


_LAST_POINT = max(at for at, field in enumerate(FIELDS) if field.kind is Kind.POINT)
_FIRST_IN_JSON = [field for field in FIELDS[: _LAST_POINT + 1] if field.in_json]
_LAST_IN_JSON = [field for field in FIELDS[_LAST_POINT + 1 :] if field.in_json]


def _plain_json(client: Client, field: Field) -> dict[str, Any]:
    return {field.key: client.value(field.key)}


def _point_json(client: Client, field: Field) -> dict[str, Any]:
    point = client.first(field.name)
    return {field.key: point.value if point else None}


def _amount_json(client: Client, field: Field) -> dict[str, Any]:
    money = client.value(field.key)
    return {field.key: money.minor / 100 if money else None}


def _currency_json(client: Client, field: Field) -> dict[str, Any]:
    money = next((money for money in map(client.value, _AMOUNTS) if money), None)
    return {field.key: money.currency if money else None}


def _instant(client: Client, moment: datetime | None) -> str | None:
    return iso(moment, client.created_at.tzinfo) if moment and client.created_at.tzinfo else None


_AMOUNTS = [field.key for field in FIELDS if field.kind is Kind.MONEY]
_IN_JSON: dict[Kind, Callable[[Client, Field], dict[str, Any]]] = {
    Kind.POINT: _point_json,
    Kind.TIER: lambda client, _field: {"tier": client.tier, "tier_set_at": _instant(client, client.tier_set_at)},
    Kind.TYPES: lambda client, field: {field.key: list(client.types)},
    Kind.TAGS: lambda client, field: {field.key: list(client.tags)},
    Kind.REFERRER: lambda client, _field: {"referrer_id": client.referrer_id, "referrer": client.referrer},
    Kind.MONEY: _amount_json,
    Kind.CURRENCY: _currency_json,
    Kind.AGENT: lambda client, field: {field.key: client.value(field.key) or None},
    Kind.MOMENT: lambda client, field: {field.key: _instant(client, client.value(field.key))},
}


def reach_fields(client: Client) -> list[tuple[str, Cell | str]]:
    """How to reach a client, and by what they like to be reached."""
    fields: list[tuple[str, Cell | str]] = [
        (_(POINTS[point.kind].label), Cell(point.shown, ui.STRONG if point.kind == "phone" else ""))
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
    Kind.REFERRER: lambda client, name: f"{name} (#{client.referrer_id})" if client.referrer_id else "",
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
                enumeration(client.types),
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
