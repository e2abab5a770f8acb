"""Two due sources of complaints: the next clock of every running one, and the call-back after it was closed."""

from __future__ import annotations

import sqlite3

from recrm.complaints import store
from recrm.complaints.model import Complaint
from recrm.core.due import Count, DueItem, Moment
from recrm.core.moments import When, ago_words, clock_words, day_of, days_overdue, due_words
from recrm.core.text import clean_line, shorten


class ComplaintSource:
    """Running complaints: their next open step, or, once resolved, asking whether the client is satisfied."""

    kind = "complaint"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        due = [c.clock for c in _running(conn, moment) if c.clock]
        return Count(due=len(due), overdue=sum(clock < moment.now for clock in due))

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:  # noqa: ARG002  # few run at a time
        return [
            _item(
                self.kind,
                complaint,
                _next_action(complaint),
                _reason(complaint, moment),
                complaint.clock or moment.now,
            )
            for complaint in _running(conn, moment)
        ]


class CallBackSource:
    """Closed complaints: after a week the client is asked whether it stayed good."""

    kind = "call-back"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        found = self.most_urgent(conn, moment, None)
        return Count(due=len(found), overdue=sum(days_overdue(item.due, moment.now) > 0 for item in found))

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:  # noqa: ARG002  # few at a time
        items = []
        for complaint in store.call_backs(conn, day_of(moment.by, moment.zone).isoformat(), moment.zone):
            if complaint.call_back_due is None or complaint.closed_at is None:
                continue  # the query leaves none such
            if moment.since and complaint.call_back_due < day_of(moment.since, moment.zone):
                continue
            about = shorten(clean_line(complaint.text), 60)
            reason = f"complaint c{complaint.id} closed {ago_words(complaint.closed_at, moment.now)}, call back {due_words(complaint.call_back_due, moment.now)}: {about}"
            items.append(_item(self.kind, complaint, "call back after the complaint", reason, complaint.call_back_due))
        return items


def _running(conn: sqlite3.Connection, moment: Moment) -> list[Complaint]:
    """Complaints whose next clock runs out within the asked time."""
    return [
        complaint
        for complaint in store.running(conn, moment.zone)
        if complaint.clock and complaint.clock < moment.by and (moment.since is None or complaint.clock >= moment.since)
    ]


def _next_action(complaint: Complaint) -> str:
    if complaint.next_step and complaint.status == "open":
        return f"{complaint.next_step.step} ({complaint.next_step.role})"
    return "ask whether the client is satisfied"


def _reason(complaint: Complaint, moment: Moment) -> str:
    due = complaint.clock or moment.now
    clock = clock_words(due, moment.now)
    about = shorten(clean_line(complaint.text), 80)
    again = f", reopened {complaint.reopened}×" if complaint.reopened else ""
    if complaint.status == "resolved":
        return (
            f"{complaint.severity} complaint resolved, {clock} to ask whether the client is satisfied{again}: {about}"
        )
    breached = "BREACHED, " if due < moment.now else ""
    return f"{breached}{complaint.severity} complaint, {clock} for: {_next_action(complaint)}{again}: {about}"


def _item(kind: str, complaint: Complaint, title: str, reason: str, due: When) -> DueItem:
    return DueItem(
        kind=kind,
        id=complaint.id,
        client_id=complaint.client_id,
        client=complaint.client,
        title=title,
        reason=reason,
        due=due,
        tier=complaint.tier,
        urgent=complaint.urgent,
        agent=complaint.agent,
    )
