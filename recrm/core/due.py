"""What is due, and how urgent: one shape for every deadline, one formula, one protocol for the parts that have any.

The urgency is a sum of four explainable parts (due, kind, tier, urgent tag), highest first; ties go to the
earlier deadline, then to the client's name. Days are local calendar days, so that a promise for today weighs
the same at eight in the morning and at six in the evening.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Protocol

from recrm.core.intervals import Interval
from recrm.core.moments import When, days_overdue, deadline, from_utc_text, is_overdue, zone_of
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


@dataclass(frozen=True, slots=True)
class DueItem:
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


@dataclass(frozen=True, slots=True)
class Urgency:
    """The parts of one item's urgency, each already weighted."""

    due: float
    kind: float
    tier: float
    urgent: float

    @property
    def total(self) -> float:
        """Their sum, to two decimals."""
        return round(self.due + self.kind + self.tier + self.urgent, 2)


@dataclass(frozen=True, slots=True)
class Moment:
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


@dataclass(frozen=True, slots=True)
class Count:
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

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        """At least the `limit` most urgent of them, in any order; None for all."""
        ...


@dataclass(frozen=True, slots=True)
class Leader:
    """A client at the head of a bucket, with the value of the column that was asked for."""

    client_id: int
    client: str
    agent: str
    tier: str
    urgent: bool
    value: str
    last_contact_at: str | None


# The columns of `standing` that clocks start at, each with its two questions.
_HEADS = """
    SELECT client_id, name, agent, standing.tier, urgent, standing.{column}, last_contact_at
    FROM standing JOIN clients ON clients.id = client_id
    WHERE standing.tier = ? AND urgent = ? AND standing.{column} IS NOT NULL
        AND standing.{column} >= ? AND standing.{column} < ?
    ORDER BY standing.{column}, name, client_id LIMIT ?
"""
_COUNT = """
    SELECT count(*) FROM standing
    WHERE tier = ? AND urgent = ? AND {column} IS NOT NULL AND {column} >= ? AND {column} < ?
"""
CLOCKS = {
    column: (_HEADS.replace("{column}", column), _COUNT.replace("{column}", column))
    for column in ("next_due_day", "next_due_at", "inquiry_at", "touch_from", "verified_at")
}
Bounds = Mapping[str, tuple[str, str]]


def bounds(moment: Moment, intervals: Mapping[str, Interval]) -> Bounds:
    """For each tier with an interval, from when and before when its clock must have started to be due."""
    return {
        tier: (
            interval.started_before(moment.since, moment.zone) if moment.since else "",
            interval.started_before(moment.by, moment.zone),
        )
        for tier, interval in intervals.items()
    }


def leaders(conn: sqlite3.Connection, column: str, within: Bounds, limit: int | None) -> list[Leader]:
    """The first `limit` clients of every bucket whose clock lies within their tier's bounds; None for all.

    A tier without bounds has none. One index range a bucket: the time does not grow with the number of clients,
    nor with how many of them are due.
    """
    heads, most = CLOCKS[column][0], -1 if limit is None else limit
    found: list[Leader] = []
    for tier, urgent in BUCKETS:
        if tier in within:
            rows = conn.execute(heads, (tier, urgent, *within[tier], most)).fetchall()
            found += [Leader(*tuple(row)) for row in rows]
    return found


def how_many(conn: sqlite3.Connection, column: str, within: Bounds) -> int:
    """How many clients have their clock within their tier's bounds."""
    count, asked = CLOCKS[column][1], [bucket for bucket in BUCKETS if bucket[0] in within]
    return sum(conn.execute(count, (*bucket, *within[bucket[0]])).fetchone()[0] for bucket in asked)


def clock_count(
    conn: sqlite3.Connection,
    column: str,
    moment: Moment,
    intervals: Mapping[str, Interval],
    cap: int | None = None,
) -> Count:
    """How many clocks that started at `column` run out in time, and how many of them have already."""
    return Count(
        due=how_many(conn, column, bounds(moment, intervals)),
        overdue=how_many(conn, column, bounds(replace(moment, by=moment.now), intervals)),
        cap=cap,
    )


def nearness(days: int) -> float:
    """The deadline's share, 0.2 at 14 or more days ahead, rising linearly to 1.0 at 7 or more days overdue."""
    return min(1.0, max(0.2, (days + 14) * 0.8 / 21 + 0.2))


def urgency(item: DueItem, now: datetime, settings: Settings) -> Urgency:
    """The urgency of one item at `now` (aware, in the agent's zone), with the config's weights."""
    days = days_overdue(item.due, now)
    if item.is_breached(now):
        key = "urgency.breached"
    elif item.kind in CARE and days == 0:
        key = "urgency.care"
    else:
        key = KIND_WEIGHTS.get(item.kind, "urgency.other")
    return Urgency(
        due=settings.weight("urgency.due") * nearness(days),
        kind=settings.weight(key),
        tier=settings.weight(f"urgency.tier_{item.tier}") if item.tier else 0.0,
        urgent=settings.weight("urgency.urgent") if item.urgent else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item with its place's reason."""

    item: DueItem
    urgency: Urgency


def rank(items: Sequence[DueItem], now: datetime, settings: Settings) -> list[Ranked]:
    """Items, the most urgent first."""
    zone = zone_of(now)
    ranked = [Ranked(item, urgency(item, now, settings)) for item in items]
    ranked.sort(key=lambda r: (-r.urgency.total, deadline(r.item.due, zone), r.item.client, r.item.kind, r.item.id))
    return ranked


def clock_item(kind: str, leader: Leader, title: str, reason: str, interval: Interval, moment: Moment) -> DueItem:
    """The due item of a client whose clock started at the leader's value; its id is the client's."""
    return DueItem(
        kind=kind,
        id=leader.client_id,
        client_id=leader.client_id,
        client=leader.client,
        title=title,
        reason=reason,
        due=interval.after(from_utc_text(leader.value, moment.zone), moment.zone),
        tier=leader.tier,
        urgent=bool(leader.urgent),
        agent=leader.agent,
    )
