"""Two due sources of complaints: the next clock of every running one, and the call-back after it was closed."""

from __future__ import annotations

import sqlite3
from datetime import date

from recrm.complaints.clock import with_clock
from recrm.complaints.labels import complaint_label, step_label
from recrm.core.due import Count, Due, DueItem, DueSource, DueWindow, rank
from recrm.core.i18n import N_, _
from recrm.core.labels import ago_label, clock_label, due_label, minutes_past, rough_span_label
from recrm.core.moments import When, day_of, from_utc_text, is_overdue, iso, to_utc_text
from recrm.core.slice import DueKind
from recrm.core.text import clean_line, shorten

_RUNNING = with_clock("""
    SELECT * FROM (
        SELECT complaints.id, complaints.client_id, name, standing.tier, urgent, severity, complaints.text, status,
            complaints.round, next_step.step, next_step.role, {CLOCK} AS clock,
            coalesce(nullif(handler, ''), nullif(complaints.agent, ''), clients.agent) AS agent
        FROM complaints JOIN clients ON clients.id = complaints.client_id
            JOIN standing ON standing.client_id = complaints.client_id {NEXT_STEP}
        WHERE status <> 'closed'
    ) WHERE clock >= ? AND clock < ?
""")
_CALL_BACKS = """
    SELECT complaints.id, complaints.client_id, name, standing.tier, urgent, text, closed_at, call_back_due,
        coalesce(nullif(handler, ''), nullif(complaints.agent, ''), clients.agent) AS agent
    FROM complaints JOIN clients ON clients.id = complaints.client_id
        JOIN standing ON standing.client_id = complaints.client_id
    WHERE call_back_due IS NOT NULL AND called_back_at IS NULL AND call_back_due >= ? AND call_back_due < ?
"""
_NEVER = "9999"

# By whether the complaint is open, and whether its clock has run out.
_REASONS = {
    (True, False): N_("{complaint}, {left} for: {step}: {text}"),
    (True, True): N_("BREACHED, {complaint}, {step} is {late} late: {text}"),
    (False, False): N_("{complaint} resolved, {left} to ask whether the client is satisfied: {text}"),
    (False, True): N_("BREACHED, {complaint} resolved, asking whether the client is satisfied is {late} late: {text}"),
}


class ComplaintSource(DueSource):
    """Running complaints: their next open step, or, once resolved, asking whether the client is satisfied."""

    def due(self, conn: sqlite3.Connection, window: DueWindow, limit: int | None) -> Due:
        rows, now = _running(conn, window), to_utc_text(window.now)
        items = [_item(self.kind, row, from_utc_text(row["clock"], window.zone)) for row in rows]
        count = Count(len(rows), sum(row["clock"] < now for row in rows))
        return Due(count, rank(items, window.now, window.settings)[:limit])

    def describe(self, conn: sqlite3.Connection, window: DueWindow, item: DueItem) -> DueItem:
        row, clock = item.payload, from_utc_text(item.payload["clock"], window.zone)
        is_open, is_late = row["status"] == "open", is_overdue(clock, window.now)
        text = shorten(clean_line(row["text"]), 80)
        title = step_label(row["step"], row["role"]) if is_open else _("ask whether the client is satisfied")
        reason = _(
            _REASONS[is_open, is_late],
            complaint=complaint_label(row["severity"], row["round"] - 1),
            left=clock_label(clock, window.now),
            late=rough_span_label(-minutes_past(window.now, clock)) if is_late else "",
            step=title,
            text=text,
        )
        return item.described(
            title,
            ("complaint-step" if is_open else "complaint-confirm") + ("-breached" if is_late else ""),
            reason,
            severity=row["severity"],
            step=row["step"] if is_open else None,
            role=row["role"] if is_open else None,
            due=iso(clock, window.zone),
            reopened=row["round"] - 1,
            text=text,
        )


class CallBackSource(DueSource):
    """Closed complaints: after a week the client is asked whether it stayed good."""

    def due(self, conn: sqlite3.Connection, window: DueWindow, limit: int | None) -> Due:
        rows, today = _call_backs(conn, window), window.now.date().isoformat()
        items = [_item(self.kind, row, date.fromisoformat(row["call_back_due"])) for row in rows]
        count = Count(len(rows), sum(row["call_back_due"] < today for row in rows))
        return Due(count, rank(items, window.now, window.settings)[:limit])

    def describe(self, conn: sqlite3.Connection, window: DueWindow, item: DueItem) -> DueItem:
        closed_at = from_utc_text(item.payload["closed_at"], window.zone)
        closed, due = ago_label(closed_at, window.now), due_label(item.due, window.now)
        text = shorten(clean_line(item.payload["text"]), 60)
        reason = _(
            "complaint c{id} closed {closed}, call back {due}: {text}", id=item.id, closed=closed, due=due, text=text
        )
        facts = {"closed_at": iso(closed_at, window.zone), "due": iso(item.due, window.zone), "text": text}
        return item.described(_("call back after the complaint"), "call-back", reason, **facts)


def _running(conn: sqlite3.Connection, window: DueWindow) -> list[sqlite3.Row]:
    """Those whose clock lies within the window; today's list shows all, until they are closed."""
    since = to_utc_text(window.since) if window.since else ""
    is_today = window.since is None and window.by > window.now
    return conn.execute(_RUNNING, (since, _NEVER if is_today else to_utc_text(window.by))).fetchall()


def _call_backs(conn: sqlite3.Connection, window: DueWindow) -> list[sqlite3.Row]:
    since = day_of(window.since, window.zone).isoformat() if window.since else ""
    return conn.execute(_CALL_BACKS, (since, day_of(window.by, window.zone).isoformat())).fetchall()


def _item(kind: DueKind, row: sqlite3.Row, due: When) -> DueItem:
    client, name, tier, urgent = row["client_id"], row["name"], row["tier"], bool(row["urgent"])
    return DueItem(kind, row["id"], client, name, due, tier, urgent, row["agent"], row)
