"""What is due, and how urgent: one shape for every deadline, one formula, one protocol for the parts that have any.

The urgency is a sum of four explainable parts (due, kind, tier, urgent tag), highest first; ties go to the
earlier deadline, then to the client's name. Days are local calendar days, so that a promise for today weighs
the same at eight in the morning and at six in the evening.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from math import ceil
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from recrm.core.intervals import Interval
from recrm.core.moments import (
    When,
    days_overdue,
    deadline,
    end_of,
    from_utc_text,
    is_overdue,
    start_of,
    to_utc_text,
    zone_of,
)
from recrm.core.settings import Settings

# Buckets of equal tier and urgent tag: within one, the earlier deadline is always the more urgent, so the
# first N of each bucket, read off an index, hold the first N of all.
TIERS = ("A", "B", "C", "")
BUCKETS = tuple((tier, urgent) for urgent in (1, 0) for tier in TIERS)

KIND_WEIGHTS = {
    "complaint": "urgency.complaint",
    "viewing": "urgency.appointment",
    "milestone": "urgency.appointment",
    "follow-up": "urgency.follow_up",
    "churn": "urgency.churn",
    "touch": "urgency.touch",
}
# Farther ahead than any list looks, in days.
_LONG = 100_000
CARE = frozenset({"birthday", "anniversary", "care"})


class DueItem(NamedTuple):
    """One thing with a deadline, whatever part of recrm it comes from."""

    kind: str
    id: int
    client_id: int
    client: str
    title: str
    reason: str
    due: When
    tier: str
    urgent: bool
    agent: str
    told: Any = None  # what its source knows beside, to find the title and the reason once the item is shown

    def is_breached(self, now: datetime) -> bool:
        """Whether a complaint's clock has run out."""
        return self.kind == "complaint" and is_overdue(self.due, now)


class Urgency(NamedTuple):
    """The parts of one item's urgency, each already weighted."""

    due: float
    kind: float
    tier: float
    urgent: float

    @property
    def total(self) -> float:
        """Their sum, to two decimals."""
        return round(self.due + self.kind + self.tier + self.urgent, 2)


class Moment(NamedTuple):
    """What a source needs to know of the world: now, and the deadlines it is asked for, from `since` to before `by`.

    Both bounds are either now or the beginning of a local day; `since` None means however long ago. `capped` says
    whether the daily caps hold.
    """

    now: datetime
    by: datetime
    settings: Settings
    since: datetime | None = None
    capped: bool = True

    @property
    def zone(self) -> tzinfo:
        return zone_of(self.now)


class Count(NamedTuple):
    """How many items of a source are due, how many of them are overdue, and the most a day's list takes."""

    due: int
    overdue: int
    cap: int | None = None


class DueSource(Protocol):
    """One part's deadlines, asked in SQL over an index."""

    kind: str

    def due(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> Due:
        """How many items are due within the moment's bounds, and the `limit` most urgent of them; None for all.

        The items are in their order, and still without title and reason.
        """
        ...

    def worded(self, conn: sqlite3.Connection, moment: Moment, item: DueItem) -> DueItem:
        """The item with its title and reason, which only those that are shown are given."""
        ...


# The columns of `standing` that clocks start at, each with its questions: the first by the clock, the first by
# name, the clock in a certain place, how many.
_RANGE = "standing.tier = ? AND urgent = ? AND {column} IS NOT NULL AND {column} >= ? AND {column} < ?"
_LEADERS = """
    SELECT client_id, name, agent, {column}
    FROM standing JOIN clients ON clients.id = client_id WHERE {range}
"""
_QUESTIONS = (
    _LEADERS + " ORDER BY {column}, name, client_id LIMIT ?",
    _LEADERS + " ORDER BY name, {column}, client_id LIMIT ?",
    "SELECT {column} FROM standing WHERE {range} ORDER BY {column} LIMIT 1 OFFSET ?",
    "SELECT count(*), count(CASE WHEN {column} < ? THEN 1 END) FROM standing WHERE {range}",
)
CLOCKS = {
    column: tuple(
        question.replace("{range}", _RANGE).replace("{column}", f"standing.{column}") for question in _QUESTIONS
    )
    for column in ("next_due_day", "next_due_at", "inquiry_at", "touch_from", "verified_at")
}


class Range(NamedTuple):
    """From when and before when a clock must have started; `days_of` a zone where its deadline is a local day."""

    since: str
    before: str
    days_of: tzinfo | None = None


class Clock(Protocol):
    """How a column of `standing` becomes a deadline, and back."""

    def range(self, tier: str, moment: Moment) -> Range | None:
        """What the column must hold for a deadline within the moment's bounds; None: this tier has none."""
        ...

    def deadline(self, tier: str, value: str, zone: tzinfo) -> When:
        """The deadline that a value of the column sets."""
        ...


class IntervalClock(NamedTuple):
    """A deadline some time after the stored instant at which the clock started, by tier."""

    intervals: Mapping[str, Interval]

    def range(self, tier: str, moment: Moment) -> Range | None:
        if tier not in self.intervals:
            return None
        interval, zone = self.intervals[tier], moment.zone
        since = interval.started_before(moment.since, zone) if moment.since else ""
        return Range(since, interval.started_before(moment.by, zone), zone if interval.in_days else None)

    def deadline(self, tier: str, value: str, zone: tzinfo) -> When:
        return self.intervals[tier].after(from_utc_text(value, zone), zone)


def leaders(
    conn: sqlite3.Connection, kind: str, column: str, clock: Clock, moment: Moment, limit: int | None
) -> list[Ranked]:
    """The `limit` clients whose clock makes them most urgent; None for all. `told` of each item is the clock's start.

    Bucket after bucket, the weightiest first, and of each only what could still come in among the first: so the
    time grows neither with the number of clients nor with how many of them are due.
    """
    scale = Scale(moment.now, moment.settings)
    found: list[Ranked] = []
    for tier, urgent in sorted(BUCKETS, key=scale.bucket_weight, reverse=True):
        asked = moment
        if limit is not None and len(found) >= limit:
            days = scale.days_needed(kind, (tier, urgent), found[-1].urgency.total)
            if days is None:
                continue
            latest = start_of(moment.now.date() - timedelta(days=days - 1), moment.zone)
            asked = moment._replace(by=min(moment.by, latest))
        within = clock.range(tier, asked)
        if within is None:
            continue
        rows = _bucket(conn, CLOCKS[column], (tier, urgent), within, limit)
        items = []
        for client, name, agent, value in rows:
            due = clock.deadline(tier, value, moment.zone)
            items.append(DueItem(kind, client, client, name, "", "", due, tier, bool(urgent), agent, value))
        found = sorted(found + scale.rank(items), key=attrgetter("place"))[:limit]
    return found


def _bucket(
    conn: sqlite3.Connection, questions: tuple[str, ...], bucket: tuple[str, int], within: Range, limit: int | None
) -> list[sqlite3.Row]:
    """The rows of one bucket whose deadline comes first, then by name."""
    by_clock, by_name, nth, _ = questions
    since, before, zone = within
    most = -1 if limit is None else limit
    last = conn.execute(nth, (*bucket, since, before, most - 1)).fetchone() if zone and most > 0 else None
    if last is None or zone is None:
        return conn.execute(by_clock, (*bucket, since, before, most)).fetchall()
    # Deadlines of one day are equal: of the day that the limit falls on, the names decide.
    day = from_utc_text(last[0], zone).date()
    begins, ends = to_utc_text(start_of(day, zone)), to_utc_text(end_of(day, zone))
    earlier = conn.execute(by_clock, (*bucket, since, min(begins, before), most)).fetchall()
    return earlier + conn.execute(by_name, (*bucket, max(begins, since), min(ends, before), most)).fetchall()


def counted(conn: sqlite3.Connection, column: str, clock: Clock, moment: Moment) -> tuple[int, int]:
    """How many clients have a deadline within the moment's bounds, and how many of those are overdue."""
    count, due, overdue = CLOCKS[column][-1], 0, 0
    until_now = moment._replace(by=moment.now)
    for tier, urgent in BUCKETS:
        within, passed = clock.range(tier, moment), clock.range(tier, until_now)
        if within and passed:
            row = conn.execute(count, (passed.before, tier, urgent, within.since, within.before)).fetchone()
            due, overdue = due + row[0], overdue + row[1]
    return due, overdue


def clocks_due(
    conn: sqlite3.Connection,
    kind: str,
    column: str,
    moment: Moment,
    intervals: Mapping[str, Interval],
    limit: int | None,
    cap: int | None = None,
) -> Due:
    """A source's answer where its deadlines are clocks in `standing`; `cap` is the most that a day's list takes."""
    clock = IntervalClock(intervals)
    count = Count(*counted(conn, column, clock, moment), cap=cap if moment.capped else None)
    most = limit if count.cap is None else min(count.cap, count.cap if limit is None else limit)
    return Due(count, leaders(conn, kind, column, clock, moment, most) if count.due and most != 0 else [])


def nearness(days: int) -> float:
    """The deadline's share, 0.2 at 14 or more days ahead, rising linearly to 1.0 at 7 or more days overdue."""
    return min(1.0, max(0.2, (days + 14) * 0.8 / 21 + 0.2))


class Ranked(NamedTuple):
    """An item with what made its place; `place` sorts ranked items of several sources into one list."""

    item: DueItem
    urgency: Urgency
    place: tuple[float, datetime, str, str, int]


class Scale:
    """The config's weights at one moment, with what they make of a deadline."""

    def __init__(self, now: datetime, settings: Settings) -> None:
        self.now, self.zone, self.settings = now, zone_of(now), settings
        self.due, self.urgent = settings.weight("urgency.due"), settings.weight("urgency.urgent")
        self.tiers = {tier: settings.weight(f"urgency.tier_{tier}") if tier else 0.0 for tier in TIERS}
        self.dates: dict[When, tuple[float, int, datetime]] = {}  # many items share a day

    def kind(self, kind: str) -> float:
        """The weight of a kind, breached clocks and occasions on the day aside."""
        return self.settings.weight(KIND_WEIGHTS.get(kind, "urgency.other"))

    def bucket_weight(self, bucket: tuple[str, int]) -> float:
        """What tier and tag alone add."""
        return self.tiers[bucket[0]] + (self.urgent if bucket[1] else 0.0)

    def days_needed(self, kind: str, bucket: tuple[str, int], total: float) -> int | None:
        """How many days overdue an item of a bucket is at the least if it reaches a total; None if it never does.

        Below 14 days ahead it needs none: the deadline then counts the same however far it lies.
        """
        rest = total - 0.01 - self.kind(kind) - self.bucket_weight(bucket)  # totals are rounded
        if rest > self.due:
            return None
        need = rest / self.due if self.due else 0.0
        return ceil((need - 0.2) * 21 / 0.8 - 14) if need > 0.2 else -_LONG

    def rank(self, items: Iterable[DueItem]) -> list[Ranked]:
        """Items with their urgency, the most urgent first."""
        kinds: dict[str, float] = {}
        ranked = []
        for item in items:
            kind, due = item.kind, item.due
            if kind not in kinds:
                kinds[kind] = self.kind(kind)
            if due not in self.dates:
                days = days_overdue(due, self.now)
                self.dates[due] = (self.due * nearness(days), days, deadline(due, self.zone))
            near, days, ends = self.dates[due]
            weight = kinds[kind]
            if kind == "complaint" and is_overdue(due, self.now):
                weight = self.settings.weight("urgency.breached")
            elif days == 0 and kind in CARE:
                weight = self.settings.weight("urgency.care")
            parts = Urgency(near, weight, self.tiers[item.tier], self.urgent if item.urgent else 0.0)
            ranked.append(Ranked(item, parts, (-parts.total, ends, item.client, kind, item.id)))
        ranked.sort(key=attrgetter("place"))
        return ranked


def rank(items: Iterable[DueItem], now: datetime, settings: Settings) -> list[Ranked]:
    """Items with their urgency at `now` (aware, in the agent's zone) by the config's weights, the most urgent first."""
    return Scale(now, settings).rank(items)


def urgency(item: DueItem, now: datetime, settings: Settings) -> Urgency:
    """The urgency of one item."""
    return rank([item], now, settings)[0].urgency


class Due(NamedTuple):
    """What a source answers."""

    counted: Count
    ranked: list[Ranked]
