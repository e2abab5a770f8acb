"""The due source of follow-ups."""

from __future__ import annotations

import json
import sqlite3
from datetime import tzinfo
from typing import Any, NamedTuple

from recrm.clients.due_clocks import Range, most_urgent
from recrm.core.due import Count, Due, DueItem, DueSource, DueWindow, rank
from recrm.core.i18n import N_, _
from recrm.core.labels import due_label
from recrm.core.moments import When, day_of, days_overdue, iso, to_utc_text, when_of

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
_QUERIES = {
    column: tuple(query.replace("{open}", _OPEN).replace("{column}", column) for query in (_COUNT, _ALL, _OF_CLIENTS))
    for column in ("due_day", "due_at")
}


class PromiseClock(NamedTuple):
    """A deadline that is stored as such, as a day or as a moment."""

    column: str

    def range(self, _tier: str, window: DueWindow) -> Range:
        return Range(*_bounds(self.column, window))

    def deadline(self, _tier: str, value: str, zone: tzinfo) -> When:
        return when_of(value, None, zone) if self.column == "due_day" else when_of(None, value, zone)


class FollowUpSource(DueSource):
    """Open follow-ups: a promise for a day is good until the day ends, one for a moment until that moment."""

    def due(self, conn: sqlite3.Connection, window: DueWindow, limit: int | None) -> Due:
        count = Count(_how_many(conn, window), _how_many(conn, window._replace(by=window.now)))
        if not count.due or limit == 0:
            return Due(count, [])
        items: list[DueItem] = []
        for column, (_count, all_open, of_clients) in _QUERIES.items():
            bounds = _bounds(column, window)
            if window.since:
                rows = [tuple(row) for row in conn.execute(all_open, bounds).fetchall()]
            else:
                # The N most urgent promises belong to the N clients whose first promise is most urgent.
                first = most_urgent(conn, self.kind, f"next_{column}", PromiseClock(column), window, limit)
                clients = {r.item.client_id: (r.item.client, r.item.agent, r.item.tier, r.item.urgent) for r in first}
                promises = conn.execute(of_clients, (json.dumps(list(clients)), *bounds)).fetchall()
                rows = [(*row, *clients[row["client_id"]]) for row in promises]
            items += [self._item(row, window) for row in rows]
        return Due(count, rank(items, window.now, window.settings)[:limit])

    def describe(self, conn: sqlite3.Connection, window: DueWindow, item: DueItem) -> DueItem:
        text, days = item.payload, days_overdue(item.due, window.now)
        code = "promised-overdue" if days > 0 else "promised"
        template = _PROMISES[code][not text]
        reason = _(template, when=due_label(item.due, window.now), text=text)
        facts = {"due": iso(item.due, window.zone), "overdue_days": max(0, days), "text": text or None}
        return item.described(text or _("follow up"), code, reason, **facts)

    def _item(self, row: tuple[Any, ...], window: DueWindow) -> DueItem:
        number, day, at, text, agent, client, name, client_agent, tier, urgent = row
        due = when_of(day, at, window.zone)
        return DueItem(self.kind, number, client, name, due, tier, bool(urgent), agent or client_agent, payload=text)


# With what was promised, and where that was left open.
_PROMISES = {
    "promised": (N_("promised for {when}: {text}"), N_("promised for {when}")),
    "promised-overdue": (N_("promised {when}: {text}"), N_("promised {when}")),
}


def _how_many(conn: sqlite3.Connection, window: DueWindow) -> int:
    """One count a column, each over its own partial index."""
    return sum(conn.execute(queries[0], _bounds(column, window)).fetchone()[0] for column, queries in _QUERIES.items())


def _bounds(column: str, window: DueWindow) -> tuple[str, str]:
    """The window's bounds as the column stores them."""
    if column == "due_at":
        return to_utc_text(window.since) if window.since else "", to_utc_text(window.by)
    since = day_of(window.since, window.zone).isoformat() if window.since else ""
    return since, day_of(window.by, window.zone).isoformat()
