"""The due queue as tables: counts at the head, the reason on every row, what was cut off at the foot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from recrm.core import ui
from recrm.core.i18n import _
from recrm.core.labels import day_label, due_label
from recrm.core.moments import day_of, is_overdue
from recrm.core.ui import Cell, Column, Output, tier_cell
from recrm.today.phrasing import alarm_text, counts_text, foot_lines, head_text, short_id, urgency_text
from recrm.today.queue import Queue


def queue_table(
    out: Output, queue: Queue, phones: Mapping[int, str], *, explain: bool = False, empty: str = ""
) -> None:
    """The ranked list."""
    now = queue.window.now
    out.heading(head_text(queue))
    if not queue.ranked:
        out.say(empty)
        return
    out.heading(counts_text(queue), ui.MUTED)
    if queue.breached:
        out.heading(_("{clause}.", clause=alarm_text(queue)), "bold white on red")
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
            Cell(item.client, item.kind.style),
            tier_cell(item.tier),
            phones.get(item.client_id, ""),
            Cell(due_label(item.due, now), ui.BAD if late else ""),
            Cell(item.reason, "bold white on red" if item.is_breach(now) else ""),
            short_id(item),
        ]
        rows.append([urgency_text(ranked), *row] if explain else row)
    out.table(columns, rows)
    for line in foot_lines(queue):
        out.note(line)


def agenda_table(out: Output, queue: Queue, phones: Mapping[int, str], overdue: int) -> None:
    """What lies ahead, day by day: the day stands where it begins, what has no hour comes after what has."""
    zone, today = queue.window.zone, queue.window.now.date()
    if overdue:
        out.heading(_("{count} overdue before all this: see `recrm overdue`.", count=overdue), ui.BAD)
    if not queue.ranked:
        out.say(_("Nothing is planned in these days."))
        return
    rows: list[list[Cell | str]] = []
    day = None
    for item in (ranked.item for ranked in queue.ranked):
        new_day = day_of(item.due, zone)
        rows.append(
            [
                Cell(day_label(new_day, today) if new_day != day else "", ui.STRONG),
                f"{item.due.astimezone(zone):%H:%M}" if isinstance(item.due, datetime) else "",
                Cell(item.client, item.kind.style),
                phones.get(item.client_id, ""),
                item.reason,
                short_id(item),
            ]
        )
        day = new_day
    out.table(
        [
            Column("Day", keep=True),
            Column("Time", least=5),
            Column("Client", least=8, most=24),
            Column("Phone", keep=True, leave_below=70),
            Column("Why", wrap=True, least=20),
            Column("id", keep=True, style=ui.MUTED),
        ],
        rows,
    )
    for line in foot_lines(queue):
        out.note(line)
