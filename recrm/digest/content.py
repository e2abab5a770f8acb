"""What stands in a digest: today's due queue as `due-today` ranks it, and a short look at tomorrow."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recrm import slices
from recrm.clients import store as clients
from recrm.clients.model import ContactPoint
from recrm.core.due import DueWindow, Ranked, rank
from recrm.core.moments import deadline, end_of, start_of
from recrm.today.queue import Queue, due_queue

AHEAD_ROWS = 5


@dataclass(frozen=True, slots=True)
class Digest:
    """One day's digest. `tomorrow` are the most urgent of `tomorrow_due`, the earliest first."""

    queue: Queue
    tomorrow: list[Ranked]
    tomorrow_due: int
    phones: Mapping[int, ContactPoint]
    missed_since: date | None
    generated_at: datetime


def gather(
    conn: sqlite3.Connection, window: DueWindow, limit: int | None, missed_since: date | None, generated_at: datetime
) -> Digest:
    """The digest of the window's day, of at most `limit` items; a complaint's breached clock is never cut off."""
    queue = due_queue(conn, window, limit)
    kinds = slices.due_kinds().values()
    listed = {(r.item.kind, r.item.id) for r in queue.ranked}
    running = (r.item for r in due_queue(conn, window, None, [kind for kind in kinds if kind.alarm]).ranked)
    cut_off = [item for item in running if item.is_breach(window.now) and (item.kind, item.id) not in listed]
    if cut_off:
        items = [*(r.item for r in queue.ranked), *cut_off]
        queue = queue._replace(ranked=rank(items, window.now, window.settings))

    day = window.now.date() + timedelta(days=1)
    next_day = DueWindow(window.now, end_of(day, window.zone), window.settings, since=start_of(day, window.zone))
    ahead = due_queue(conn, next_day, AHEAD_ROWS, [kind for kind in kinds if kind.ahead])
    first = sorted(ahead.ranked, key=lambda ranked: deadline(ranked.item.due, window.zone))
    return Digest(
        queue=queue,
        tomorrow=first,
        tomorrow_due=ahead.due,
        phones=_phones(conn, window, [*queue.ranked, *first]),
        missed_since=missed_since,
        generated_at=generated_at,
    )


def _phones(conn: sqlite3.Connection, window: DueWindow, ranked: list[Ranked]) -> dict[int, ContactPoint]:
    found = clients.get_many(conn, {r.item.client_id for r in ranked}, window.zone)
    return {client.id: phone for client in found if (phone := client.first("phone"))}
