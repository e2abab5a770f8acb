"""Two due sources read off the log: touches that a tier calls for, and inquiries that wait for an answer."""

from __future__ import annotations

import sqlite3

from recrm.clients.due_clocks import due_from_standing
from recrm.core.due import TIERS, Due, DueItem, DueSource, DueWindow
from recrm.core.i18n import N_, _
from recrm.core.intervals import Interval
from recrm.core.labels import ago_label
from recrm.core.moments import from_utc_text, iso
from recrm.core.text import clean_line, shorten


class TouchSource(DueSource):
    """Computed at read time: the later of the last contact and the tier's setting, plus the tier's interval."""

    def due(self, conn: sqlite3.Connection, window: DueWindow, limit: int | None) -> Due:
        cap = window.settings.count("touch.daily_cap")
        return due_from_standing(conn, self.kind, "touch_from", window, _intervals(window), limit, cap)

    def describe(self, conn: sqlite3.Connection, window: DueWindow, item: DueItem) -> DueItem:
        since, every = from_utc_text(item.payload, window.zone), _intervals(window)[item.tier]
        last = _last_contact_at(conn, item.client_id)
        code = "touch-never" if last is None else "touch-tier-set" if last < item.payload else "touch"
        return item.described(
            _("keep in touch"),
            code,
            _(_TOUCHES[code], since=ago_label(since, window.now), tier=item.tier, every=every.label()),
            tier=item.tier,
            every=every.setting(),
            since=iso(since, window.zone),
            last_contact_at=iso(from_utc_text(last, window.zone), window.zone) if last else None,
        )


_TOUCHES = {
    "touch": N_("last contact {since} ({tier}: {every})"),
    "touch-never": N_("no contact yet, tier set {since} ({tier}: {every})"),
    "touch-tier-set": N_("no contact since the tier was set {since} ({tier}: {every})"),
}


class InquirySource(DueSource):
    """An incoming contact that no outgoing one has followed, or a client added by hand and never contacted."""

    def due(self, conn: sqlite3.Connection, window: DueWindow, limit: int | None) -> Due:
        within = Interval.of(window.settings.text("inquiry.answer_within"))
        return due_from_standing(conn, self.kind, "inquiry_at", window, dict.fromkeys(TIERS, within), limit)

    def describe(self, conn: sqlite3.Connection, window: DueWindow, item: DueItem) -> DueItem:
        since = from_utc_text(item.payload, window.zone)
        label, at = ago_label(since, window.now), iso(since, window.zone)
        text = _first_unanswered(conn, item.client_id, item.payload)
        if text is None:
            reason = _("added {since} and never contacted", since=label)
            return item.described(_("first contact"), "inquiry-new", reason, since=at)
        text = shorten(clean_line(text), 120)
        reason = _("asked {since}, not answered yet: {text}", since=label, text=text)
        return item.described(_("answer their inquiry"), "inquiry", reason, since=at, text=text)


def _intervals(window: DueWindow) -> dict[str, Interval]:
    return {tier: Interval.of(window.settings.text(f"touch.{tier}")) for tier in TIERS if tier}


def _last_contact_at(conn: sqlite3.Connection, client_id: int) -> str | None:
    """The stored instant of a client's last contact."""
    row = conn.execute("SELECT last_contact_at FROM standing WHERE client_id = ?", (client_id,)).fetchone()
    return row[0] if row else None


def _first_unanswered(conn: sqlite3.Connection, client_id: int, at: str) -> str | None:
    """What the client said in the incoming contact of that stored instant."""
    query = "SELECT text FROM contacts WHERE client_id = ? AND at = ? AND direction = 'in' ORDER BY id LIMIT 1"
    row = conn.execute(query, (client_id, at)).fetchone()
    return row[0] if row else None
