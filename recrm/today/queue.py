"""The due queue: every due item of every part in one ranked list. Nothing else computes what is due."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from recrm.clients.due import BirthdaySource, ProfileSource
from recrm.complaints.due import CallBackSource, ComplaintSource
from recrm.contacts.due import InquirySource, TouchSource
from recrm.core.due import Count, DueItem, DueSource, Moment, Ranked, rank
from recrm.core.moments import is_overdue
from recrm.followups.due import FollowUpSource

SOURCES: tuple[DueSource, ...] = (
    ComplaintSource(),
    FollowUpSource(),
    CallBackSource(),
    InquirySource(),
    TouchSource(),
    BirthdaySource(),
    ProfileSource(),
)


class Queue(NamedTuple):
    """The most urgent items, and how many there are beside those shown."""

    moment: Moment
    ranked: list[Ranked]
    counts: dict[str, Count]
    breached: int

    @property
    def due(self) -> int:
        """How many items are due in all."""
        return sum(count.due for count in self.counts.values())

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(count.overdue for count in self.counts.values())

    def waiting(self, kind: str) -> int:
        """How many of a kind the daily cap holds back."""
        count = self.counts[kind]
        return max(0, count.due - count.cap) if count.cap is not None else 0

    @property
    def cut(self) -> int:
        """How many items the limit, not a cap, left out."""
        return self.due - sum(self.waiting(kind) for kind in self.counts) - len(self.ranked)


def due_queue(
    conn: sqlite3.Connection,
    moment: Moment,
    limit: int | None,
    *,
    capped: bool = True,
    kind: str | None = None,
) -> Queue:
    """Everything due within the moment's bounds, ranked; `limit` None for all, `capped` with the daily caps."""
    items: list[DueItem] = []
    counts: dict[str, Count] = {}
    for source in SOURCES:
        if kind not in (None, source.kind):
            continue
        count = source.count(conn, moment)
        counts[source.kind] = count if capped else Count(count.due, count.overdue)
        if not count.due:
            continue
        most = limit
        if (cap := counts[source.kind].cap) is not None:
            most = cap if limit is None else min(cap, limit)
        items += source.most_urgent(conn, moment, most)
    ranked = rank(items, moment.now, moment.settings)
    breached = sum(is_overdue(r.item.due, moment.now) for r in ranked if r.item.kind == "complaint")
    return Queue(moment, ranked if limit is None else ranked[:limit], counts, breached)
