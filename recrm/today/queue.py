"""The due queue: every due item of every part in one ranked list. Nothing else computes what is due."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from recrm.clients.due import BirthdaySource, ProfileSource
from recrm.complaints.due import CallBackSource, ComplaintSource
from recrm.contacts.due import InquirySource, TouchSource
from recrm.core.due import Count, DueItem, DueSource, Moment, Ranked
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

    @property
    def breached(self) -> int:
        """How many complaint clocks have run out."""
        return self.counts["complaint"].overdue if "complaint" in self.counts else 0

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


def due_queue(conn: sqlite3.Connection, moment: Moment, limit: int | None, *, kind: str | None = None) -> Queue:
    """What is due within the moment's bounds, of one kind or of all, ranked; `limit` None for all of it."""
    answers = {source: source.due(conn, moment, limit) for source in SOURCES if kind in (None, source.kind)}
    ranked = [(one, source) for source, due in answers.items() for one in due.ranked]
    ranked.sort(key=lambda pair: pair[0].place)
    # Only what is shown is put into words.
    shown = [one._replace(item=_urgent(source.worded(conn, moment, one.item))) for one, source in ranked[:limit]]
    shown = _marked(conn, shown)
    counts = {source.kind: due.counted for source, due in answers.items()}
    return Queue(moment, shown, counts)


def _urgent(item: DueItem) -> DueItem:
    """The tag says why a thing stands so high, so the reason names it."""
    return item._replace(reason=f"urgent, {item.reason}") if item.urgent else item


def _marked(conn: sqlite3.Connection, shown: list[Ranked]) -> list[Ranked]:
    """What is owed to a client stays on the list when they want to be left alone, and says so before all else."""
    ids = json.dumps([one.item.client_id for one in shown])
    query = "SELECT id FROM clients WHERE do_not_contact AND id IN (SELECT value FROM json_each(?))"
    forbidden = {row[0] for row in conn.execute(query, (ids,)).fetchall()}
    return [
        one._replace(item=one.item._replace(reason=f"DO NOT CONTACT, {one.item.reason}"))
        if one.item.client_id in forbidden
        else one
        for one in shown
    ]
