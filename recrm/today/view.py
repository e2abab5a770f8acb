"""The due queue as JSON and as a table: counts at the head, the reason on every row, what was cut off at the foot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recrm.clients.view import tier_cell
from recrm.core import ui
from recrm.core.due import DueItem, Ranked
from recrm.core.moments import WEEKDAYS, days_overdue, due_words, is_overdue, iso, short_day, zone_of
from recrm.core.ui import Cell, Column, Output
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
KIND_STYLE = {
    "complaint": "bold red",
    "follow-up": "bold",
    "call-back": "magenta",
    "inquiry": "cyan",
    "birthday": "green",
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
    day = short_day(queue.moment.now.date(), queue.moment.now.date())
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
            said.append(
                f"{waiting} more {KIND_WORDS[kind][waiting != 1]} wait behind today's cap of {count.cap}: `--all` shows them."
            )
    if queue.cut > 0:
        said.append(f"{queue.cut} more due items are not shown: `--limit 0` shows them.")
    return said


def queue_table(
    out: Output, queue: Queue, phones: Mapping[int, str], *, explain: bool = False, empty: str = ""
) -> None:
    """The ranked list."""
    now = queue.moment.now
    out.heading(head_words(queue))
    if not queue.ranked:
        out.say(empty)
        return
    out.heading(counts_words(queue), ui.MUTED)
    if queue.breached:
        out.heading(f"{breached_words(queue)}.", "bold white on red")
    columns = [
        Column("Client", least=8, most=24),
        Column("Tier", keep=True, leave_below=70),
        Column("Phone", keep=True),
        Column("Due", keep=True, leave_below=100),
        Column("Why", wrap=True, least=20),
        Column("id", keep=True, style=ui.MUTED),
    ]
    if explain:
        columns.insert(0, Column("Urgency", wrap=True, least=8, most=20))
    rows = []
    for ranked in queue.ranked:
        item = ranked.item
        late = is_overdue(item.due, now)
        row: list[Cell | str] = [
            Cell(item.client, KIND_STYLE.get(item.kind, "")),
            tier_cell(item.tier),
            phones.get(item.client_id, ""),
            Cell(due_words(item.due, now), ui.BAD if late else ""),
            Cell(item.reason, "bold white on red" if item.is_breached(now) else ""),
            short_id(item),
        ]
        rows.append([urgency_words(ranked), *row] if explain else row)
    out.table(columns, rows)
    for line in foot_words(queue):
        out.note(line)


def urgency_words(ranked: Ranked) -> str:
    """`19.8 = due 8.8 + kind 5 + tier 6`."""
    parts = ranked.urgency
    named = (("due", parts.due), ("kind", parts.kind), ("tier", parts.tier), ("urgent", parts.urgent))
    return f"{parts.total:g} = " + " + ".join(f"{name} {value:.3g}" for name, value in named if value)


def agenda_tables(out: Output, queue: Queue, phones: Mapping[int, str], overdue: int) -> None:
    """What lies ahead, day by day."""
    zone = queue.moment.zone
    if overdue:
        out.heading(f"{overdue} overdue before all this: see `recrm overdue`.", ui.BAD)
    if not queue.ranked:
        out.say("Nothing is planned in these days.")
    days: dict[str, list[DueItem]] = {}
    for ranked in queue.ranked:
        days.setdefault(iso(ranked.item.due, zone)[:10], []).append(ranked.item)
    for day in sorted(days):
        date = datetime.fromisoformat(day).date()
        out.heading(f"{WEEKDAYS[date.weekday()]} {day}")
        out.table(
            [
                Column("Time", least=5),
                Column("Client", least=8, most=24),
                Column("Phone", keep=True),
                Column("Why", wrap=True, least=20),
                Column("id", keep=True, style=ui.MUTED),
            ],
            [
                [
                    f"{item.due.astimezone(zone):%H:%M}" if isinstance(item.due, datetime) else "",
                    Cell(item.client, KIND_STYLE.get(item.kind, "")),
                    phones.get(item.client_id, ""),
                    item.reason,
                    short_id(item),
                ]
                for item in sorted(days[day], key=lambda i: (iso(i.due, zone)[10:] or "T24", i.client))
            ],
        )
    for line in foot_words(queue):
        out.note(line)
