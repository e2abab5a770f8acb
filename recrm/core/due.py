"""What is due, and how urgent: one shape for every deadline, one formula, one protocol for the parts that have any.

The urgency is a sum of four explainable parts (due, kind, tier, urgent tag), highest first; ties go to the
earlier deadline, then to the client's name. Days are local calendar days, so that a promise for today weighs
the same at eight in the morning and at six in the evening.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import NamedTuple, Protocol

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

    Both bounds are either now or the beginning of a local day; `since` None means however long ago.
    """

    now: datetime
    by: datetime
    settings: Settings
    since: datetime | None = None

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

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        """How many items have a deadline before `moment.by`."""
        ...

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None, /) -> list[DueItem]:
        """Exactly the `limit` most urgent of them, in any order; None for all."""
        ...


class Leader(NamedTuple):
    """A client at the head of a bucket, with the value of the column that was asked for."""

    client_id: int
    client: str
    agent: str
    tier: str
    urgent: bool
    value: str
    last_contact_at: str | None


# The columns of `standing` that clocks start at, each with its questions: the first by the clock, the first by
# name, the clock in a certain place, how many.
_RANGE = "standing.tier = ? AND urgent = ? AND {column} IS NOT NULL AND {column} >= ? AND {column} < ?"
_LEADERS = """
    SELECT client_id, name, agent, standing.tier, urgent, {column}, last_contact_at
    FROM standing JOIN clients ON clients.id = client_id WHERE {range}
"""
_QUESTIONS = (
    _LEADERS + " ORDER BY {column}, name, client_id LIMIT ?",
    _LEADERS + " ORDER BY name, {column}, client_id LIMIT ?",
    "SELECT {column} FROM standing WHERE {range} ORDER BY {column} LIMIT 1 OFFSET ?",
    "SELECT count(*) FROM standing WHERE {range}",
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


Bounds = Mapping[str, Range]


def bounds(moment: Moment, intervals: Mapping[str, Interval]) -> Bounds:
    """For each tier with an interval, when its clock must have started to be due in time."""
    return {
        tier: Range(
            interval.started_before(moment.since, moment.zone) if moment.since else "",
            interval.started_before(moment.by, moment.zone),
            moment.zone if interval.in_days else None,
        )
        for tier, interval in intervals.items()
    }


def leaders(conn: sqlite3.Connection, column: str, within: Bounds, limit: int | None) -> list[Leader]:
    """Of every bucket the `limit` clients whose deadline comes first, then by name; None for all.

    A tier without a range has none. One index range a bucket: the time grows neither with the number of clients
    nor with how many of them are due.
    """
    by_clock, by_name, nth, _ = CLOCKS[column]
    rows: list[sqlite3.Row] = []
    for tier, urgent in BUCKETS:
        if tier not in within:
            continue
        since, before, zone = within[tier]
        last = None
        if limit and zone:
            last = conn.execute(nth, (tier, urgent, since, before, limit - 1)).fetchone()
        if last is None or zone is None:
            rows += conn.execute(by_clock, (tier, urgent, since, before, -1 if limit is None else limit)).fetchall()
            continue
        # Deadlines of one day are equal: of the day that the limit falls on, the names decide.
        day = from_utc_text(last[0], zone).date()
        begins, ends = to_utc_text(start_of(day, zone)), to_utc_text(end_of(day, zone))
        rows += conn.execute(by_clock, (tier, urgent, since, min(begins, before), limit)).fetchall()
        rows += conn.execute(by_name, (tier, urgent, max(begins, since), min(ends, before), limit)).fetchall()
    return [Leader(*tuple(row)) for row in rows]


def how_many(conn: sqlite3.Connection, column: str, within: Bounds) -> int:
    """How many clients have their clock within their tier's range."""
    count = CLOCKS[column][-1]
    return sum(
        conn.execute(count, (tier, urgent, within[tier].since, within[tier].before)).fetchone()[0]
        for tier, urgent in BUCKETS
        if tier in within
    )


def clock_count(
    conn: sqlite3.Connection, column: str, moment: Moment, intervals: Mapping[str, Interval], cap: int | None = None
) -> Count:
    """How many clocks that started at `column` run out in time, and how many of them have already."""
    return Count(
        due=how_many(conn, column, bounds(moment, intervals)),
        overdue=how_many(conn, column, bounds(moment._replace(by=moment.now), intervals)),
        cap=cap,
    )


def clock_items(
    conn: sqlite3.Connection,
    kind: str,
    column: str,
    moment: Moment,
    intervals: Mapping[str, Interval],
    limit: int | None,
) -> list[tuple[DueItem, Leader]]:
    """The `limit` most urgent clocks of a kind that run out in time: each an item, its id the client's, yet to be
    given its title and reason, and the leader it was made from.
    """
    made: dict[int, tuple[DueItem, Leader]] = {}
    for leader in leaders(conn, column, bounds(moment, intervals), limit):
        due = intervals[leader.tier].after(from_utc_text(leader.value, moment.zone), moment.zone)
        client = leader.client_id
        item = DueItem(kind, client, client, leader.client, "", "", due, leader.tier, bool(leader.urgent), leader.agent)
        made[client] = (item, leader)
    items = foremost([item for item, _ in made.values()], moment, limit)
    return [(item, made[item.id][1]) for item in items]


def nearness(days: int) -> float:
    """The deadline's share, 0.2 at 14 or more days ahead, rising linearly to 1.0 at 7 or more days overdue."""
    return min(1.0, max(0.2, (days + 14) * 0.8 / 21 + 0.2))


class Ranked(NamedTuple):
    """An item with what made its place."""

    item: DueItem
    urgency: Urgency


def rank(items: Iterable[DueItem], now: datetime, settings: Settings) -> list[Ranked]:
    """Items with their urgency at `now` (aware, in the agent's zone) by the config's weights, the most urgent first."""
    zone = zone_of(now)
    due, urgent = settings.weight("urgency.due"), settings.weight("urgency.urgent")
    breached, care = settings.weight("urgency.breached"), settings.weight("urgency.care")
    tiers = {tier: settings.weight(f"urgency.tier_{tier}") for tier in TIERS if tier} | {"": 0.0}
    kinds: dict[str, float] = {}
    order: list[tuple[float, datetime, str, str, int, Ranked]] = []
    for item in items:
        if item.kind not in kinds:
            kinds[item.kind] = settings.weight(KIND_WEIGHTS.get(item.kind, "urgency.other"))
        days = days_overdue(item.due, now)
        weight = kinds[item.kind]
        if item.kind == "complaint":
            weight = breached if is_overdue(item.due, now) else weight
        elif days == 0 and item.kind in CARE:
            weight = care
        parts = Urgency(due * nearness(days), weight, tiers[item.tier], urgent if item.urgent else 0.0)
        order.append((-parts.total, deadline(item.due, zone), item.client, item.kind, item.id, Ranked(item, parts)))
    order.sort()
    return [entry[-1] for entry in order]


def urgency(item: DueItem, now: datetime, settings: Settings) -> Urgency:
    """The urgency of one item."""
    return rank([item], now, settings)[0].urgency


def foremost(items: list[DueItem], moment: Moment, limit: int | None) -> list[DueItem]:
    """The `limit` most urgent of some items; None for all."""
    if limit is None or len(items) <= limit:
        return items
    return [ranked.item for ranked in rank(items, moment.now, moment.settings)[:limit]]
