"""Two due sources read off the log: touches that a tier calls for, and inquiries that wait for an answer."""

from __future__ import annotations

import sqlite3

from recrm.clients.due_clocks import due_from_standing
from recrm.core.due import TIERS, Due, DueItem, Moment
from recrm.core.intervals import Interval
from recrm.core.labels import ago_label
from recrm.core.moments import from_utc_text
from recrm.core.text import clean_line, shorten


class TouchSource:
    """Computed at read time: the later of the last contact and the tier's setting, plus the tier's interval."""

    kind = "touch"

    def due(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> Due:
        cap = moment.settings.count("touch.daily_cap")
        return due_from_standing(conn, self.kind, "touch_from", moment, _intervals(moment), limit, cap)

    def worded(self, conn: sqlite3.Connection, moment: Moment, item: DueItem) -> DueItem:
        since = ago_label(from_utc_text(item.told, moment.zone), moment.now)
        every = f"{item.tier}: {_intervals(moment)[item.tier].label()}"
        last = _last_contact_at(conn, item.client_id)
        if last is None:
            reason = f"no contact yet, tier set {since} ({every})"
        elif last < item.told:
            reason = f"no contact since the tier was set {since} ({every})"
        else:
            reason = f"last contact {since} ({every})"
        return item._replace(title="keep in touch", reason=reason)


class InquirySource:
    """An incoming contact that no outgoing one has followed, or a client added by hand and never contacted."""

    kind = "inquiry"

    def due(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> Due:
        within = Interval.of(moment.settings.text("inquiry.answer_within"))
        return due_from_standing(conn, self.kind, "inquiry_at", moment, dict.fromkeys(TIERS, within), limit)

    def worded(self, conn: sqlite3.Connection, moment: Moment, item: DueItem) -> DueItem:
        since = ago_label(from_utc_text(item.told, moment.zone), moment.now)
        asked = _first_unanswered(conn, item.client_id, item.told)
        if asked is None:
            return item._replace(title="first contact", reason=f"added {since} and never contacted")
        reason = f"asked {since}, not answered yet: {shorten(clean_line(asked), 120)}"
        return item._replace(title="answer their inquiry", reason=reason)


def _intervals(moment: Moment) -> dict[str, Interval]:
    return {tier: Interval.of(moment.settings.text(f"touch.{tier}")) for tier in TIERS if tier}


def _last_contact_at(conn: sqlite3.Connection, client_id: int) -> str | None:
    """The stored instant of a client's last contact."""
    row = conn.execute("SELECT last_contact_at FROM standing WHERE client_id = ?", (client_id,)).fetchone()
    return row[0] if row else None


def _first_unanswered(conn: sqlite3.Connection, client_id: int, at: str) -> str | None:
    """What the client said in the incoming contact of that stored instant."""
    query = "SELECT text FROM contacts WHERE client_id = ? AND at = ? AND direction = 'in' ORDER BY id LIMIT 1"
    row = conn.execute(query, (client_id, at)).fetchone()
    return row[0] if row else None
