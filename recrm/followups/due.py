"""The due source of follow-ups."""

from __future__ import annotations

import json
import sqlite3

from recrm.core.due import TIERS, Count, DueItem, Moment, Range, foremost, leaders
from recrm.core.moments import When, day_of, days_overdue, due_words, to_utc_text, when_of

_ITEM = """
    SELECT follow_ups.id, follow_ups.client_id, name, due_day, due_at, reason, standing.tier, urgent,
        coalesce(nullif(follow_ups.agent, ''), clients.agent) AS agent
    FROM follow_ups JOIN standing USING (client_id) JOIN clients ON clients.id = follow_ups.client_id
    WHERE status = 'open' AND {column} IS NOT NULL AND {column} >= ? AND {column} < ? {rest}
"""
_COUNT = """
    SELECT count(*) FROM follow_ups
    WHERE status = 'open' AND {column} IS NOT NULL AND {column} >= ? AND {column} < ?
"""
# For either column: how many there are, the earliest of all, those of certain clients.
_EARLIEST = _ITEM.replace("{rest}", "ORDER BY {column}, name LIMIT ?")
_OF_CLIENTS = _ITEM.replace("{rest}", "AND follow_ups.client_id IN (SELECT value FROM json_each(?))")
_QUESTIONS = {
    column: tuple(question.replace("{column}", column) for question in (_COUNT, _EARLIEST, _OF_CLIENTS))
    for column in ("due_day", "due_at")
}


class FollowUpSource:
    """Open follow-ups: a promise for a day is good until the day ends, one for a moment until that moment."""

    kind = "follow-up"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        def within(asked: Moment) -> int:
            # One count a column, each over its own partial index.
            return sum(conn.execute(_QUESTIONS[c][0], (since, by)).fetchone()[0] for c, since, by in _ranges(asked))

        return Count(due=within(moment), overdue=within(moment._replace(by=moment.now)))

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        items: list[DueItem] = []
        for column, since, by in _ranges(moment):
            _, earliest, of_clients = _QUESTIONS[column]
            if since:
                rows = conn.execute(earliest, (since, by, -1 if limit is None else limit)).fetchall()
            else:
                # The N earliest promises of a bucket belong to its N clients with the earliest promise.
                first = leaders(conn, f"next_{column}", dict.fromkeys(TIERS, Range("", by)), limit)
                ids = json.dumps([leader.client_id for leader in first])
                rows = conn.execute(of_clients, ("", by, ids)).fetchall()
            items += [self._item(row, moment) for row in rows]
        return [
            item._replace(title=item.reason or "follow up", reason=promise_reason(item.due, item.reason, moment))
            for item in foremost(items, moment, limit)
        ]

    def _item(self, row: sqlite3.Row, moment: Moment) -> DueItem:
        """An item whose reason is still only what was promised."""
        due = when_of(row["due_day"], row["due_at"], moment.zone)
        urgent = bool(row["urgent"])
        return DueItem(
            self.kind,
            row["id"],
            row["client_id"],
            row["name"],
            "",
            row["reason"],
            due,
            row["tier"],
            urgent,
            row["agent"],
        )


def promise_reason(due: When, what: str, moment: Moment) -> str:
    """Why a promise is on the list: `promised 3 days ago: send the floor plan`."""
    when = due_words(due, moment.now)
    if days_overdue(due, moment.now) <= 0:
        when = f"for {when}"
    return f"promised {when}: {what}" if what else f"promised {when}"


def _ranges(moment: Moment) -> list[tuple[str, str, str]]:
    """Each deadline column with its bounds as stored text."""
    day_from = day_of(moment.since, moment.zone).isoformat() if moment.since else ""
    at_from = to_utc_text(moment.since) if moment.since else ""
    return [
        ("due_day", day_from, day_of(moment.by, moment.zone).isoformat()),
        ("due_at", at_from, to_utc_text(moment.by)),
    ]
