"""The due queue as JSON and as sentences; `recrm.today.view` draws it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from recrm.core.due import DueItem, Ranked
from recrm.core.i18n import N_, _, ngettext
from recrm.core.labels import day_label, enumeration
from recrm.core.moments import days_overdue, iso, zone_of
from recrm.today.queue import Queue


def item_json(ranked: Ranked, now: datetime, *, explain: bool = False) -> dict[str, Any]:
    """One due item, the stable shape."""
    item, zone = ranked.item, zone_of(now)
    made: dict[str, Any] = {
        "kind": item.kind.name,
        "id": item.id,
        "client_id": item.client_id,
        "client": item.client,
        "title": item.title,
        "reason": item.reason,
        "reason_code": item.reason_code,
        "reason_facts": item.reason_facts,
        "due": iso(item.due, zone),
        "overdue_days": max(0, days_overdue(item.due, now)),
        "urgency": ranked.urgency.total,
        "agent": item.agent or None,
    }
    if explain:
        parts = ranked.urgency
        made["explain"] = {
            "due": round(parts.due, 2),
            "kind": parts.kind,
            "tier": parts.tier,
            "urgent": parts.urgent,
        }
    return made


def short_id(item: DueItem) -> str:
    """The id as other commands take it: f12, c3, or #7 for a client."""
    return f"{item.kind.letter or '#'}{item.id}"


def head_text(queue: Queue) -> str:
    """`Sat 21 Nov: 34 due, 12 of them overdue`."""
    today = queue.window.now.date()
    day = day_label(today, today)
    if not queue.due:
        return _("{day}: nothing is due", day=day)
    if not queue.overdue:
        return _("{day}: {due} due", day=day, due=queue.due)
    return _("{day}: {due} due, {overdue} of them overdue", day=day, due=queue.due, overdue=queue.overdue)


def counts_text(queue: Queue) -> str:
    """`1 complaint, 9 follow-ups, 12 touches`: what there is, kind by kind."""
    return enumeration(ngettext(*kind.counted, count.due) for kind, count in queue.by_kind() if count.due)


def alarm_text(queue: Queue) -> str:
    """Empty, or how many of the things that never may be overdue are: `2 complaint clocks have run out`."""
    alarms = ((kind.alarm, count.overdue) for kind, count in queue.by_kind())
    return enumeration(ngettext(*alarm, overdue) for alarm, overdue in alarms if alarm and overdue)


def foot_lines(queue: Queue) -> list[str]:
    """What was cut off, and how to see it."""
    lines = []
    for kind, count in queue.by_kind():
        if waiting := queue.waiting(kind.name):
            items = ngettext(*kind.counted, waiting)
            lines.append(_("Today's cap of {cap} holds back {items}: `--all` shows all.", cap=count.cap, items=items))
    if queue.cut > 0:
        shown = len(queue.ranked)
        lines.append(_("Shown: {count} of {total}; `--limit 0` shows all.", count=shown, total=shown + queue.cut))
    return lines


def urgency_text(ranked: Ranked) -> str:
    """`19.8 = due 8.8 + kind 5 + tier 6`."""
    parts = zip(_PARTS, ranked.urgency, strict=True)
    return f"{ranked.urgency.total:g} = " + " + ".join(_(part, value=f"{value:.3g}") for part, value in parts if value)


_PARTS = (N_("due {value}"), N_("kind {value}"), N_("tier {value}"), N_("urgent {value}"))
