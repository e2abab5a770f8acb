"""What is due, and how urgent: one shape for every deadline, one formula, one protocol for the parts that have any.

The urgency is a sum of four explainable parts (due, kind, tier, urgent tag), highest first; ties go to the
earlier deadline, then to the client's name. Days are local calendar days, so that a promise for today weighs
the same at eight in the morning and at six in the evening.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, tzinfo
from math import ceil
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from recrm.core.moments import When, days_overdue, deadline, is_overdue, zone_of
from recrm.core.settings import Settings

TIERS = ("A", "B", "C", "")

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


class Ranked(NamedTuple):
    """An item with what made its place; `place` sorts ranked items of several sources into one list."""

    item: DueItem
    urgency: Urgency
    place: tuple[float, datetime, str, str, int]


class Due(NamedTuple):
    """What a source answers."""

    counted: Count
    ranked: list[Ranked]


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


def nearness(days: int) -> float:
    """The deadline's share, 0.2 at 14 or more days ahead, rising linearly to 1.0 at 7 or more days overdue."""
    return min(1.0, max(0.2, (days + 14) * 0.8 / 21 + 0.2))


class UrgencyWeights:
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
    return UrgencyWeights(now, settings).rank(items)


def urgency(item: DueItem, now: datetime, settings: Settings) -> Urgency:
    """The urgency of one item."""
    return rank([item], now, settings)[0].urgency
