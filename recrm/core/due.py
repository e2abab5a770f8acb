"""What is due, and how urgent: one shape for every deadline, one formula, one protocol for the parts that have any.

The urgency is a sum of four explainable parts (due, kind, tier, urgent tag), highest first; ties go to the
earlier deadline, then to the client's name. Days are local calendar days, so that a promise for today weighs
the same at eight in the morning and at six in the evening.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any, NamedTuple

from recrm.core.moments import When, days_overdue, deadline, is_overdue, zone_of
from recrm.core.settings import Settings
from recrm.core.slice import DueKind

TIERS = ("A", "B", "C", "")


class DueItem(NamedTuple):
    """One thing with a deadline, whatever part of recrm it comes from.

    `reason` is a complete clause in the language spoken; `reason_code` says the same to a program, whatever the
    language, with `reason_facts` that JSON can hold. A source leaves them, and the title, to `describe`.
    """

    kind: DueKind
    id: int
    client_id: int
    client: str
    due: When
    tier: str
    urgent: bool
    agent: str
    payload: Any = None  # what its source knows beside, to describe the item once it is shown
    title: str = ""
    reason: str = ""
    reason_code: str = ""
    reason_facts: Mapping[str, Any] = {}

    def described(self, title: str, code: str, reason: str, **facts: Any) -> DueItem:
        """The same with its words, and what they say as a code and facts that JSON can hold."""
        return self._replace(title=title, reason=reason, reason_code=code, reason_facts=facts)

    def is_breach(self, now: datetime) -> bool:
        """Whether it is overdue and of a kind of which that is an alarm, as a complaint's clock."""
        return self.kind.alarm is not None and is_overdue(self.due, now)


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


class DueWindow(NamedTuple):
    """What a source needs to know of the world: now, and the deadlines that are wanted, from `since` to before `by`.

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
    """An item with its urgency; `sort_key` brings ranked items of several sources into one list."""

    item: DueItem
    urgency: Urgency
    sort_key: tuple[float, datetime, str, str, int]


class Due(NamedTuple):
    """What a source answers."""

    counted: Count
    ranked: list[Ranked]


class DueSource:
    """One kind's deadlines, asked in SQL over an index."""

    def __init__(self, kind: DueKind) -> None:
        self.kind = kind

    def due(self, conn: sqlite3.Connection, window: DueWindow, limit: int | None) -> Due:
        """How many items are due within the window, and the `limit` most urgent of them, in order; None for all."""
        raise NotImplementedError

    def describe(self, conn: sqlite3.Connection, window: DueWindow, item: DueItem) -> DueItem:
        """The item with its title and its reason, which only those that are shown are given."""
        raise NotImplementedError


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
        self.kinds: dict[str, float] = {}  # by setting

    def most(self, kind: DueKind, tier: str, urgent: bool) -> float:
        """What an item of a kind, of a client of that tier, can weigh at the most."""
        weights = filter(None, (kind.weight, kind.weight_overdue, kind.weight_on_day))
        heaviest = max(map(self.settings.weight, weights))
        return self.due + heaviest + self.tiers[tier] + (self.urgent if urgent else 0.0)

    def rank(self, items: Iterable[DueItem]) -> list[Ranked]:
        """Items with their urgency, the most urgent first."""
        ranked = []
        for item in items:
            kind, due = item.kind, item.due
            if due not in self.dates:
                days = days_overdue(due, self.now)
                self.dates[due] = (self.due * nearness(days), days, deadline(due, self.zone))
            near, days, ends = self.dates[due]
            weight = kind.weight
            if kind.weight_overdue and is_overdue(due, self.now):
                weight = kind.weight_overdue
            elif kind.weight_on_day and days == 0:
                weight = kind.weight_on_day
            if weight not in self.kinds:
                self.kinds[weight] = self.settings.weight(weight)
            parts = Urgency(near, self.kinds[weight], self.tiers[item.tier], self.urgent if item.urgent else 0.0)
            ranked.append(Ranked(item, parts, (-parts.total, ends, item.client, kind.name, item.id)))
        ranked.sort(key=attrgetter("sort_key"))
        return ranked


def rank(items: Iterable[DueItem], now: datetime, settings: Settings) -> list[Ranked]:
    """Items with their urgency at `now` (aware, in the agent's zone) by the config's weights, the most urgent first."""
    return UrgencyWeights(now, settings).rank(items)


def urgency(item: DueItem, now: datetime, settings: Settings) -> Urgency:
    """The urgency of one item."""
    return rank([item], now, settings)[0].urgency
