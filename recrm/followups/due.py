"""The due source of follow-ups."""

from __future__ import annotations

import json
import sqlite3
from datetime import tzinfo
from typing import Any, NamedTuple

from recrm.clients.due_clocks import Range, most_urgent
from recrm.core.due import Count, Due, DueItem, Moment, rank
from recrm.core.labels import due_label
from recrm.core.moments import When, day_of, days_overdue, to_utc_text, when_of

_OPEN = "status = 'open' AND {column} IS NOT NULL AND {column} >= ? AND {column} < ?"
_COUNT = "SELECT count(*) FROM follow_ups WHERE {open}"
_ALL = """
    SELECT follow_ups.id, due_day, due_at, reason, follow_ups.agent, client_id, name, clients.agent, standing.tier,
        urgent
    FROM follow_ups JOIN standing USING (client_id) JOIN clients ON clients.id = client_id WHERE {open}
"""
_OF_CLIENTS = """
    SELECT id, due_day, due_at, reason, agent, client_id FROM follow_ups
    WHERE client_id IN (SELECT value FROM json_each(?)) AND {open}
"""
# For either column: how many there are, all of them, those of certain clients.
_QUESTIONS = {
    column: tuple(
        question.replace("{open}", _OPEN).replace("{column}", column) for question in (_COUNT, _ALL, _OF_CLIENTS)
    )
    for column in ("due_day", "due_at")
}


class PromiseClock(NamedTuple):
    """A deadline that is stored as such, as a day or as a moment."""

    column: str

    def range(self, _tier: str, moment: Moment) -> Range:
        return Range(*_bounds(self.column, moment))

    def deadline(self, _tier: str, value: str, zone: tzinfo) -> When:
        return when_of(value, None, zone) if self.column == "due_day" else when_of(None, value, zone)


class FollowUpSource:
    """Open follow-ups: a promise for a day is good until the day ends, one for a moment until that moment."""

    kind = "follow-up"

    def due(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> Due:
        count = Count(_how_many(conn, moment), _how_many(conn, moment._replace(by=moment.now)))
        if not count.due or limit == 0:
            return Due(count, [])
        items: list[DueItem] = []
        for column, (_, all_open, of_clients) in _QUESTIONS.items():
            bounds = _bounds(column, moment)
            if moment.since:
                rows = [tuple(row) for row in conn.execute(all_open, bounds).fetchall()]
            else:
                # The N most urgent promises belong to the N clients whose first promise is most urgent.
                first = most_urgent(conn, self.kind, f"next_{column}", PromiseClock(column), moment, limit)
                clients = {r.item.client_id: (r.item.client, r.item.agent, r.item.tier, r.item.urgent) for r in first}
                promises = conn.execute(of_clients, (json.dumps(list(clients)), *bounds)).fetchall()
                rows = [(*row, *clients[row["client_id"]]) for row in promises]
            items += [self._item(row, moment) for row in rows]
        return Due(count, rank(items, moment.now, moment.settings)[:limit])

    def worded(self, conn: sqlite3.Connection, moment: Moment, item: DueItem) -> DueItem:
        return item._replace(title=item.told or "follow up", reason=promise_reason(item.due, item.told, moment))

    def _item(self, row: tuple[Any, ...], moment: Moment) -> DueItem:
        number, day, at, what, agent, client, name, client_agent, tier, urgent = row
        due = when_of(day, at, moment.zone)
        return DueItem(
            self.kind, number, client, name, "", "", due, tier, bool(urgent), agent or client_agent, told=what
        )


def promise_reason(due: When, what: str, moment: Moment) -> str:
    """Why a promise is on the list: `promised 3 days ago: send the floor plan`."""
    when = due_label(due, moment.now)
    if days_overdue(due, moment.now) <= 0:
        when = f"for {when}"
    return f"promised {when}: {what}" if what else f"promised {when}"


def _how_many(conn: sqlite3.Connection, moment: Moment) -> int:
    """One count a column, each over its own partial index."""
    return sum(conn.execute(asked[0], _bounds(column, moment)).fetchone()[0] for column, asked in _QUESTIONS.items())


def _bounds(column: str, moment: Moment) -> tuple[str, str]:
    """The moment's bounds as the column stores them."""
    if column == "due_at":
        return to_utc_text(moment.since) if moment.since else "", to_utc_text(moment.by)
    since = day_of(moment.since, moment.zone).isoformat() if moment.since else ""
    return since, day_of(moment.by, moment.zone).isoformat()
