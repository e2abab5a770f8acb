"""The due queue as JSON and as sentences; `recrm.today.view` draws it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from recrm.core.due import DueItem, Ranked
from recrm.core.labels import day_label
from recrm.core.moments import days_overdue, iso, zone_of
from recrm.today.queue import Queue

# One and many of each kind, as whole words.
KIND_WORDS = {
    "complaint": ("complaint", "complaints"),
    "follow-up": ("follow-up", "follow-ups"),
    "call-back": ("call-back", "call-backs"),
    "inquiry": ("inquiry", "inquiries"),
    "touch": ("touch", "touches"),
    "birthday": ("birthday", "birthdays"),
    "profile": ("profile", "profiles"),
}
ID_LETTER = {"complaint": "c", "call-back": "c", "follow-up": "f"}


def item_json(ranked: Ranked, now: datetime, *, explain: bool = False) -> dict[str, Any]:
    """One due item, the stable shape."""
    item, zone = ranked.item, zone_of(now)
    made: dict[str, Any] = {
        "kind": item.kind,
        "id": item.id,
        "client_id": item.client_id,
        "client": item.client,
        "title": item.title,
        "reason": item.reason,
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
    return f"{ID_LETTER.get(item.kind, '#')}{item.id}"


def head_words(queue: Queue) -> str:
    """`Sat 21 Nov: 34 due, 12 of them overdue`."""
    day = day_label(queue.moment.now.date(), queue.moment.now.date())
    if not queue.due:
        return f"{day}: nothing is due"
    return f"{day}: {queue.due} due, {queue.overdue} of them overdue" if queue.overdue else f"{day}: {queue.due} due"


def counts_words(queue: Queue) -> str:
    """`1 complaint, 9 follow-ups, 12 touches`: what there is, kind by kind."""
    return ", ".join(
        f"{count.due} {KIND_WORDS[kind][count.due != 1]}" for kind, count in queue.counts.items() if count.due
    )


def breached_words(queue: Queue) -> str:
    """Empty, or how many complaint clocks have run out."""
    if not queue.breached:
        return ""
    return "1 complaint clock has run out" if queue.breached == 1 else f"{queue.breached} complaint clocks have run out"


def foot_words(queue: Queue) -> list[str]:
    """What was cut off, and how to see it."""
    said = []
    for kind, count in queue.counts.items():
        if waiting := queue.waiting(kind):
            more = f"{waiting} more {KIND_WORDS[kind][waiting != 1]}"
            said.append(f"{more} behind today's cap of {count.cap}: `--all` shows all.")
    if queue.cut > 0:
        said.append(f"Shown: {len(queue.ranked)} of {len(queue.ranked) + queue.cut}; `--limit 0` shows all.")
    return said


def urgency_words(ranked: Ranked) -> str:
    """`19.8 = due 8.8 + kind 5 + tier 6`."""
    parts = ranked.urgency
    named = (("due", parts.due), ("kind", parts.kind), ("tier", parts.tier), ("urgent", parts.urgent))
    return f"{parts.total:g} = " + " + ".join(f"{name} {value:.3g}" for name, value in named if value)
