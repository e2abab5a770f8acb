"""Two due sources of complaints: the next clock of every running one, and the call-back after it was closed."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

from recrm.core.due import Count, DueItem, Moment, foremost
from recrm.core.moments import When, ago_words, clock_words, day_of, due_words, from_utc_text, is_overdue, to_utc_text
from recrm.core.text import clean_line, shorten

# A running complaint's clock is that of its first open step or, once resolved, of asking the client.
_RUNNING = """
    SELECT * FROM (
        SELECT complaints.id, complaints.client_id, name, standing.tier, urgent, severity, text, status,
            complaints.round, step, role,
            CASE status WHEN 'open' THEN due_at ELSE confirm_by END AS clock,
            coalesce(nullif(handler, ''), nullif(complaints.agent, ''), clients.agent) AS agent
        FROM complaints JOIN clients ON clients.id = complaints.client_id
            JOIN standing ON standing.client_id = complaints.client_id
            LEFT JOIN complaint_steps AS steps ON steps.complaint_id = complaints.id AND steps.round = complaints.round
                AND steps.position = (
                    SELECT min(position) FROM complaint_steps AS left
                    WHERE left.complaint_id = complaints.id AND left.round = complaints.round AND left.done_at IS NULL
                )
        WHERE status <> 'closed'
    ) WHERE clock >= ? AND clock < ?
"""
_CALL_BACKS = """
    SELECT complaints.id, complaints.client_id, name, standing.tier, urgent, text, closed_at, call_back_due,
        coalesce(nullif(handler, ''), nullif(complaints.agent, ''), clients.agent) AS agent
    FROM complaints JOIN clients ON clients.id = complaints.client_id
        JOIN standing ON standing.client_id = complaints.client_id
    WHERE call_back_due IS NOT NULL AND called_back_at IS NULL AND call_back_due >= ? AND call_back_due < ?
"""
_NEVER = "9999"


class ComplaintSource:
    """Running complaints: their next open step, or, once resolved, asking whether the client is satisfied."""

    kind = "complaint"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        clocks = [row["clock"] for row in _running(conn, moment)]
        now = to_utc_text(moment.now)
        return Count(due=len(clocks), overdue=sum(clock < now for clock in clocks))

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        items = []
        for row in _running(conn, moment):
            clock = from_utc_text(row["clock"], moment.zone)
            items.append(_item(self.kind, row, _next_action(row), _reason(row, clock, moment.now), clock))
        return foremost(items, moment, limit)


class CallBackSource:
    """Closed complaints: after a week the client is asked whether it stayed good."""

    kind = "call-back"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        days = [row["call_back_due"] for row in _call_backs(conn, moment)]
        today = moment.now.date().isoformat()
        return Count(due=len(days), overdue=sum(day < today for day in days))

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        items = []
        for row in _call_backs(conn, moment):
            due = date.fromisoformat(row["call_back_due"])
            closed = ago_words(from_utc_text(row["closed_at"], moment.zone), moment.now)
            about = shorten(clean_line(row["text"]), 60)
            reason = f"complaint c{row['id']} closed {closed}, call back {due_words(due, moment.now)}: {about}"
            items.append(_item(self.kind, row, "call back after the complaint", reason, due))
        return foremost(items, moment, limit)


def _running(conn: sqlite3.Connection, moment: Moment) -> list[sqlite3.Row]:
    """Those whose clock lies within the bounds; today's list shows all, until they are closed."""
    since = to_utc_text(moment.since) if moment.since else ""
    is_today = moment.since is None and moment.by > moment.now
    return conn.execute(_RUNNING, (since, _NEVER if is_today else to_utc_text(moment.by))).fetchall()


def _call_backs(conn: sqlite3.Connection, moment: Moment) -> list[sqlite3.Row]:
    since = day_of(moment.since, moment.zone).isoformat() if moment.since else ""
    return conn.execute(_CALL_BACKS, (since, day_of(moment.by, moment.zone).isoformat())).fetchall()


def _next_action(row: sqlite3.Row) -> str:
    return f"{row['step']} ({row['role']})" if row["status"] == "open" else "ask whether the client is satisfied"


def _reason(row: sqlite3.Row, clock: datetime, now: datetime) -> str:
    left, about = clock_words(clock, now), shorten(clean_line(row["text"]), 80)
    again = f", reopened {row['round'] - 1}×" if row["round"] > 1 else ""
    breached = "BREACHED, " if is_overdue(clock, now) else ""
    if row["status"] == "resolved":
        return f"{breached}{row['severity']} complaint resolved, {left} for: {_next_action(row)}{again}: {about}"
    return f"{breached}{row['severity']} complaint, {left} for: {_next_action(row)}{again}: {about}"


def _item(kind: str, row: sqlite3.Row, title: str, reason: str, due: When) -> DueItem:
    return DueItem(
        kind=kind,
        id=row["id"],
        client_id=row["client_id"],
        client=row["name"],
        title=title,
        reason=reason,
        due=due,
        tier=row["tier"],
        urgent=bool(row["urgent"]),
        agent=row["agent"],
    )
