"""Deadlines that are clocks in `standing`: the most urgent of them, and their number, read off its indexes.

A clock starts at an instant that a column of `standing` holds, and runs for a time that the client's tier sets. Within
a bucket of equal tier and urgent tag the earlier deadline is always the more urgent. So the first N of each of the
eight buckets hold the first N of all, and an index gives them in 0.5 to 2 ms, however many are due.

One ORDER BY over the urgency would do the same in thirty lines fewer, but sorts all that are due, with their names. Of
100,000 clients that takes 1 to 2 ms on an ordinary morning, 30 ms once 6,000 touches are due, and 100 to 180 ms where a
shop has let 25,000 to 90,000 profiles wait: as much as all of `due-today`, whose time must not grow with what waits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import tzinfo
from operator import attrgetter
from typing import NamedTuple, Protocol

from recrm.core.due import TIERS, Count, Due, DueItem, DueWindow, Ranked, UrgencyWeights
from recrm.core.intervals import Interval
from recrm.core.moments import When, end_of, from_utc_text, start_of, to_utc_text
from recrm.core.slice import DueKind

BUCKETS = tuple((tier, urgent) for urgent in (True, False) for tier in TIERS)


# What is asked of a bucket: the first by the clock, the first by name, the clock in a certain place, how many.
_RANGE = "standing.tier = ? AND urgent = ? AND {column} IS NOT NULL AND {column} >= ? AND {column} < ?"
_FIRST = "SELECT client_id, name, agent, {column} FROM standing JOIN clients ON clients.id = client_id WHERE {range}"
_BY_CLOCK = _FIRST + " ORDER BY {column}, name, client_id LIMIT ?"
_BY_NAME = _FIRST + " ORDER BY name, {column}, client_id LIMIT ?"
_NTH = "SELECT {column} FROM standing WHERE {range} ORDER BY {column} LIMIT 1 OFFSET ?"
_COUNT = "SELECT count(*), count(CASE WHEN {column} < ? THEN 1 END) FROM standing WHERE {range}"


class Range(NamedTuple):
    """From when and before when a clock must have started; `days_of` a zone where its deadline is a local day."""

    since: str
    before: str
    days_of: tzinfo | None = None


class Clock(Protocol):
    """How a column of `standing`, which clocks start at, becomes a deadline, and back."""

    def range(self, tier: str, window: DueWindow) -> Range | None:
        """What the column must hold for a deadline within the window; None: this tier has none."""
        ...

    def deadline(self, tier: str, value: str, zone: tzinfo) -> When:
        """The deadline that a value of the column sets."""
        ...


class IntervalClock:
    """A deadline some time after the stored instant at which the clock started, by tier."""

    def __init__(self, intervals: Mapping[str, Interval]) -> None:
        self.intervals = intervals

    def range(self, tier: str, window: DueWindow) -> Range | None:
        if tier not in self.intervals:
            return None
        interval, zone = self.intervals[tier], window.zone
        since = interval.started_before(window.since, zone) if window.since else ""
        return Range(since, interval.started_before(window.by, zone), zone if interval.in_days else None)

    def deadline(self, tier: str, value: str, zone: tzinfo) -> When:
        return self.intervals[tier].after(from_utc_text(value, zone), zone)


def most_urgent(
    conn: sqlite3.Connection, kind: DueKind, column: str, clock: Clock, window: DueWindow, limit: int | None
) -> list[Ranked]:
    """The `limit` clients whose clock makes them most urgent; None for all. An item's payload is its clock's start."""
    weights = UrgencyWeights(window.now, window.settings)
    found: list[Ranked] = []
    for bucket in sorted(BUCKETS, key=lambda bucket: weights.most(kind, *bucket), reverse=True):
        if limit is not None and len(found) >= limit and found[-1].urgency.total > weights.most(kind, *bucket):
            break  # not even its most urgent one would come in
        within, items = clock.range(bucket[0], window), []
        for client, name, agent, value in _bucket(conn, column, bucket, within, limit) if within else ():
            due = clock.deadline(bucket[0], value, window.zone)
            items.append(DueItem(kind, client, client, name, due, bucket[0], bool(bucket[1]), agent, value))
        found = sorted(found + weights.rank(items), key=attrgetter("sort_key"))[:limit]
    return found


def _bucket(
    conn: sqlite3.Connection, column: str, bucket: tuple[str, bool], within: Range, limit: int | None
) -> list[sqlite3.Row]:
    """The rows of one bucket whose deadline comes first, then by name."""
    by_clock, by_name, nth = (_of(column, query) for query in (_BY_CLOCK, _BY_NAME, _NTH))
    since, before, zone = within
    most = -1 if limit is None else limit
    last = conn.execute(nth, (*bucket, since, before, most - 1)).fetchone() if zone and most > 0 else None
    if last is None or zone is None:
        return conn.execute(by_clock, (*bucket, since, before, most)).fetchall()
    # Deadlines of one day are equal: of the day that the limit falls on, the names decide.
    day = from_utc_text(last[0], zone).date()
    begins, ends = to_utc_text(start_of(day, zone)), to_utc_text(end_of(day, zone))
    earlier = conn.execute(by_clock, (*bucket, since, min(begins, before), most)).fetchall()
    of_the_day = (*bucket, max(begins, since), min(ends, before), most)
    return earlier + conn.execute(by_name, of_the_day).fetchall()


def _of(column: str, query: str) -> str:
    """The query about one of the columns of `standing`, whose names stand in the code alone."""
    return query.replace("{range}", _RANGE).replace("{column}", f"standing.{column}")


def counted(conn: sqlite3.Connection, column: str, clock: Clock, window: DueWindow) -> tuple[int, int]:
    """How many clients have a deadline within the window, and how many of those are overdue."""
    count, due, overdue = _of(column, _COUNT), 0, 0
    until_now = window._replace(by=window.now)
    for tier, urgent in BUCKETS:
        within, passed = clock.range(tier, window), clock.range(tier, until_now)
        if within and passed:
            row = conn.execute(count, (passed.before, tier, urgent, within.since, within.before)).fetchone()
            due, overdue = due + row[0], overdue + row[1]
    return due, overdue


def due_from_standing(
    conn: sqlite3.Connection,
    kind: DueKind,
    column: str,
    window: DueWindow,
    intervals: Mapping[str, Interval],
    limit: int | None,
    cap: int | None = None,
) -> Due:
    """A source's answer where its deadlines are clocks in `standing`; `cap` is the most that a day's list takes."""
    clock = IntervalClock(intervals)
    count = Count(*counted(conn, column, clock, window), cap=cap if window.capped else None)
    most = limit if count.cap is None else min(count.cap, count.cap if limit is None else limit)
    return Due(count, most_urgent(conn, kind, column, clock, window, most) if count.due and most != 0 else [])
