"""due-today, overdue, agenda: whom to call, in which order, and why."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from recrm.app import App
from recrm.core.due import DueWindow, Ranked
from recrm.core.i18n import _
from recrm.core.moments import day_of, deadline, end_of, start_of
from recrm.core.params import AsOfOption, LimitOption, Option, limit_of
from recrm.today.phrasing import foot_lines, item_json
from recrm.today.queue import Queue, due_queue


class DueSort(StrEnum):
    """In which order the most urgent items stand."""

    URGENCY = "urgency"
    DUE = "due"
    CLIENT = "client"


Sort = Annotated[DueSort, Option("--sort", help="How to order what is shown.")]
Explain = Annotated[bool, Option("--explain", help="Show the parts of each urgency.")]
All = Annotated[bool, Option("--all", "-a", help="Without the daily caps on touches and profiles.")]


def due_today(
    app: App,
    as_of: AsOfOption = None,
    limit: LimitOption = None,
    explain: Explain = False,
    everything: All = False,
    sort: Sort = DueSort.URGENCY,
) -> None:
    """Whom to call first today, and why.

    Example: recrm due-today --explain
    """
    now = app.as_of(as_of)
    window = DueWindow(now, end_of(now.date(), app.zone), app.settings, capped=not everything)
    queue = sorted_by(due_queue(app.db.conn, window, limit_of(app, limit)), sort)
    _show(app, queue, explain, _("Nothing is due. `recrm agenda` shows what lies ahead."))


def overdue(
    app: App,
    as_of: AsOfOption = None,
    limit: LimitOption = None,
    explain: Explain = False,
    everything: All = False,
    sort: Sort = DueSort.URGENCY,
) -> None:
    """What should have been done before now; it stays until it is.

    Example: recrm overdue --limit 10
    """
    now = app.as_of(as_of)
    window = DueWindow(now, now, app.settings, capped=not everything)
    queue = sorted_by(due_queue(app.db.conn, window, limit_of(app, limit)), sort)
    _show(app, queue, explain, _("Nothing is overdue. Well kept."))


def agenda(
    app: App,
    days: Annotated[int, Option("--days", "-d", min=1, max=366, help="How many days, today included.")] = 7,
    as_of: AsOfOption = None,
    sort: Annotated[DueSort, Option("--sort", help="What comes first within a day.")] = DueSort.DUE,
    limit: LimitOption = None,
) -> None:
    """What lies ahead, day by day.

    Example: recrm agenda --days 14
    """
    now = app.as_of(as_of)
    today = start_of(now.date(), app.zone)
    ahead = DueWindow(now, end_of(now.date() + timedelta(days=days - 1), app.zone), app.settings, today, capped=False)
    queue = due_queue(app.db.conn, ahead, None)  # the caps are a day's, and no backlog lies ahead
    chosen = sorted_by(queue, DueSort.DUE).ranked[: limit_of(app, limit)]
    queue = by_day(queue._replace(ranked=chosen), sort)
    before = ahead._replace(by=today, since=None)
    overdue_before = due_queue(app.db.conn, before, 0).due

    def human() -> None:
        from recrm.today import view

        view.agenda_table(app.out, queue, _phones(app, queue.ranked), overdue_before)

    app.out.show(lambda: [item_json(ranked, now) for ranked in queue.ranked], human)


def sorted_by(queue: Queue, sort: DueSort) -> Queue:
    """The same items, the most urgent there are, in another order."""
    if sort is DueSort.DUE:
        zone = queue.window.zone
        return queue._replace(ranked=sorted(queue.ranked, key=lambda r: deadline(r.item.due, zone)))
    if sort is DueSort.CLIENT:
        return queue._replace(ranked=sorted(queue.ranked, key=lambda r: r.item.client))
    return queue._replace(ranked=sorted(queue.ranked, key=lambda r: r.sort_key))


def by_day(queue: Queue, sort: DueSort) -> Queue:
    """The same items by their days, ordered within each."""
    zone = queue.window.zone
    return queue._replace(ranked=sorted(sorted_by(queue, sort).ranked, key=lambda r: day_of(r.item.due, zone)))


def show_due_today(app: App) -> None:
    """The list of today as `recrm due-today` prints it."""
    due_today(app)


def _show(app: App, queue: Queue, explain: bool, empty: str) -> None:
    now = queue.window.now

    def human() -> None:
        from recrm.today import view

        view.queue_table(app.out, queue, _phones(app, queue.ranked), explain=explain, empty=empty)

    app.out.show(lambda: [item_json(ranked, now, explain=explain) for ranked in queue.ranked], human)
    if app.out.json:
        for line in foot_lines(queue):
            app.out.note(line)


def _phones(app: App, ranked: list[Ranked]) -> dict[int, str]:
    from recrm.clients.matching import phones

    return phones(app.db.conn, {r.item.client_id for r in ranked})
