"""What stands in a digest: today's due queue as `due-today` ranks it, and a short look at tomorrow."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recrm.clients import store as clients
from recrm.clients.model import ContactPoint
from recrm.core.due import Moment, Ranked, rank
from recrm.core.moments import deadline, end_of, start_of
from recrm.today.queue import Queue, due_queue

#: What was promised for tomorrow; touches and profiles can wait until they are due, birthdays stand above.
AHEAD_KINDS = ("complaint", "follow-up", "call-back")
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
    conn: sqlite3.Connection, moment: Moment, limit: int | None, missed_since: date | None, generated_at: datetime
) -> Digest:
    """The digest of the moment's day, of at most `limit` items; a complaint's breached clock is never cut off."""
    queue = due_queue(conn, moment, limit)
    listed = {(r.item.kind, r.item.id) for r in queue.ranked}
    running = (r.item for r in due_queue(conn, moment, None, kind="complaint").ranked)
    cut_off = [item for item in running if item.is_breached(moment.now) and (item.kind, item.id) not in listed]
    if cut_off:
        items = [*(r.item for r in queue.ranked), *cut_off]
        queue = queue._replace(ranked=rank(items, moment.now, moment.settings))

    day = moment.now.date() + timedelta(days=1)
    next_day = Moment(moment.now, end_of(day, moment.zone), moment.settings, since=start_of(day, moment.zone))
    ahead = [due_queue(conn, next_day, AHEAD_ROWS, kind=kind) for kind in AHEAD_KINDS]
    first = rank([r.item for part in ahead for r in part.ranked], moment.now, moment.settings)[:AHEAD_ROWS]
    first.sort(key=lambda r: deadline(r.item.due, moment.zone))
    return Digest(
        queue=queue,
        tomorrow=first,
        tomorrow_due=sum(part.due for part in ahead),
        phones=_phones(conn, moment, [*queue.ranked, *first]),
        missed_since=missed_since,
        generated_at=generated_at,
    )


def _phones(conn: sqlite3.Connection, moment: Moment, ranked: list[Ranked]) -> dict[int, ContactPoint]:
    found = clients.get_many(conn, {r.item.client_id for r in ranked}, moment.zone)
    return {client.id: phone for client in found if (phone := client.first("phone"))}
