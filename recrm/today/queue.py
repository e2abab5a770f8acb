"""The due queue: every due item of every slice in one ranked list. Nothing else computes what is due."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from recrm import slices
from recrm.core.due import Count, DueItem, DueSource, DueWindow, Ranked
from recrm.core.i18n import _
from recrm.core.slice import DueKind, load


class Queue(NamedTuple):
    """The most urgent items, and how many there are beside those shown."""

    window: DueWindow
    ranked: list[Ranked]
    counts: dict[str, Count]

    @property
    def breached(self) -> int:
        """How many items are overdue that never may be, such as a complaint's step."""
        return sum(count.overdue for kind, count in self.by_kind() if kind.alarm)

    @property
    def due(self) -> int:
        """How many items are due in all."""
        return sum(count.due for count in self.counts.values())

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(count.overdue for count in self.counts.values())

    def by_kind(self) -> Iterator[tuple[DueKind, Count]]:
        """The counts, each with its kind."""
        kinds = slices.due_kinds()
        return ((kinds[name], count) for name, count in self.counts.items())

    def waiting(self, kind: str) -> int:
        """How many of a kind the daily cap holds back."""
        count = self.counts[kind]
        return max(0, count.due - count.cap) if count.cap is not None else 0

    @property
    def cut(self) -> int:
        """How many items the limit, not a cap, left out."""
        return self.due - sum(self.waiting(kind) for kind in self.counts) - len(self.ranked)


def due_queue(
    conn: sqlite3.Connection, window: DueWindow, limit: int | None, kinds: list[DueKind] | None = None
) -> Queue:
    """What is due within the window, of some kinds or of all, ranked; `limit` None for all of it."""
    chosen = slices.due_kinds().values() if kinds is None else kinds
    sources: list[DueSource] = [load(kind.source)(kind) for kind in chosen]
    answers = {source: source.due(conn, window, limit) for source in sources}
    ranked = [(one, source) for source, due in answers.items() for one in due.ranked]
    ranked.sort(key=lambda pair: pair[0].sort_key)
    shown = [one._replace(item=source.describe(conn, window, one.item)) for one, source in ranked[:limit]]
    counts = {source.kind.name: due.counted for source, due in answers.items()}
    return Queue(window, _marked(conn, shown), counts)


def _marked(conn: sqlite3.Connection, shown: list[Ranked]) -> list[Ranked]:
    """What is owed to a client stays on the list when they want to be left alone, and says so before all else."""
    ids = json.dumps([one.item.client_id for one in shown])
    query = "SELECT id FROM clients WHERE do_not_contact AND id IN (SELECT value FROM json_each(?))"
    forbidden = {row[0] for row in conn.execute(query, (ids,)).fetchall()}
    return [one._replace(item=_with_warnings(one.item, one.item.client_id in forbidden)) for one in shown]


def _with_warnings(item: DueItem, do_not_contact: bool) -> DueItem:
    """The urgent tag says why a thing stands so high, so the reason names it; so it does the wish to be left alone."""
    reason = _("urgent, {reason}", reason=item.reason) if item.urgent else item.reason
    if do_not_contact:
        reason = _("DO NOT CONTACT, {reason}", reason=reason)
    facts = {**item.reason_facts, "urgent": item.urgent, "do_not_contact": do_not_contact}
    return item._replace(reason=reason, reason_facts=facts)
