"""Two due sources read off the log: touches that a tier calls for, and inquiries that wait for an answer."""

from __future__ import annotations

import sqlite3

from recrm.contacts import store
from recrm.core.due import TIERS, Count, DueItem, Leader, Moment, bounds, clock_count, clock_item, leaders
from recrm.core.intervals import Interval
from recrm.core.moments import ago_words, from_utc_text
from recrm.core.text import clean_line, shorten


class TouchSource:
    """Computed at read time: the later of the last contact and the moment the tier was set, plus the tier's interval."""

    kind = "touch"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        cap = moment.settings.count("touch.daily_cap")
        return clock_count(conn, "touch_from", moment, _intervals(moment), cap)

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        intervals = _intervals(moment)
        return [
            clock_item(
                self.kind,
                leader,
                "keep in touch",
                _touch_reason(leader, intervals[leader.tier], moment),
                intervals[leader.tier],
                moment,
            )
            for leader in leaders(conn, "touch_from", bounds(moment, intervals), limit)
        ]


class InquirySource:
    """An incoming contact that no outgoing one has followed, or a client added by hand and never contacted."""

    kind = "inquiry"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        return clock_count(conn, "inquiry_at", moment, dict.fromkeys(TIERS, _answer_within(moment)))

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        interval = _answer_within(moment)
        items = []
        for leader in leaders(conn, "inquiry_at", bounds(moment, dict.fromkeys(TIERS, interval)), limit):
            since = ago_words(from_utc_text(leader.value, moment.zone), moment.now)
            asked = store.first_unanswered(conn, leader.client_id, leader.value) if leader.last_contact_at else None
            if asked is None:
                title, reason = "first contact", f"added {since} and never contacted"
            else:
                title = "answer their inquiry"
                reason = f"asked {since}, not answered yet: {shorten(clean_line(asked), 120)}"
            items.append(clock_item(self.kind, leader, title, reason, interval, moment))
        return items


def _intervals(moment: Moment) -> dict[str, Interval]:
    return {tier: Interval.of(moment.settings.text(f"touch.{tier}")) for tier in TIERS if tier}


def _answer_within(moment: Moment) -> Interval:
    return Interval.of(moment.settings.text("inquiry.answer_within"))


def _touch_reason(leader: Leader, interval: Interval, moment: Moment) -> str:
    since = ago_words(from_utc_text(leader.value, moment.zone), moment.now)
    every = f"tier {leader.tier}, every {interval.words()}"
    if leader.last_contact_at is None:
        return f"no contact yet, tier set {since} ({every})"
    if leader.last_contact_at < leader.value:
        return f"no contact since the tier was set {since} ({every})"
    return f"last contact {since} ({every})"
