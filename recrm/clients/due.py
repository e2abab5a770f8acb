"""Two due sources read off the profile: birthdays, and profiles to be verified again."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta

from recrm.clients.due_clocks import due_from_standing
from recrm.core.due import TIERS, Count, Due, DueItem, DueSource, DueWindow, UrgencyWeights
from recrm.core.i18n import N_, _
from recrm.core.intervals import Interval
from recrm.core.labels import ago_label, day_label
from recrm.core.moments import day_of, from_utc_text, iso, start_of, to_utc_text

# The days asked for go in as JSON, each with its `MM-DD` and the moment it begins.
_BORN = """
    FROM json_each(?) AS days JOIN standing ON birthday = days.value ->> 0
    WHERE coalesce(last_contact_at, '') < days.value ->> 1
"""
_BORN_COUNTED = "SELECT days.value ->> 2 AS day, tier, urgent, count(*) " + _BORN + " GROUP BY 1, 2, 3"
_BORN_IN_GROUP = """
    SELECT clients.id, name, birth_year, agent
    FROM json_each(?) AS days JOIN standing ON birthday = days.value ->> 0 JOIN clients ON clients.id = client_id
    WHERE coalesce(last_contact_at, '') < days.value ->> 1
        AND days.value ->> 2 = ? AND standing.tier = ? AND urgent = ?
    ORDER BY name, client_id LIMIT ?
"""


class ProfileSource(DueSource):
    """Profiles that nobody has looked through for half a year."""

    def due(self, conn: sqlite3.Connection, window: DueWindow, limit: int | None) -> Due:
        cap = window.settings.count("profile.daily_cap")
        return due_from_standing(conn, self.kind, "verified_at", window, _every(window), limit, cap)

    def describe(self, conn: sqlite3.Connection, window: DueWindow, item: DueItem) -> DueItem:
        verified, every = from_utc_text(item.payload, window.zone), _every(window)[item.tier]
        reason = _(
            "profile last verified {since} ({every})", since=ago_label(verified, window.now), every=every.label()
        )
        return item.described(
            _("verify the profile"),
            "profile",
            reason,
            verified_at=iso(verified, window.zone),
            every_days=every.number,
        )


class BirthdaySource(DueSource):
    """Birthdays some days ahead, on the day, and, until a word has been said, some days after.

    An occasion is no promise: a greeting three weeks late is none, so a birthday without a word leaves the list
    after `birthday.belated_days`.
    """

    def due(self, conn: sqlite3.Connection, window: DueWindow, limit: int | None) -> Due:
        days, today = _days(window), window.now.date().isoformat()
        groups = conn.execute(_BORN_COUNTED, (days,)).fetchall()
        count = Count(sum(row[3] for row in groups), sum(row[3] for row in groups if row[0] < today))
        # One item stands for all of a group: equal in all but their names, they are equally urgent.
        alike = [
            DueItem(self.kind, number, 0, "", date.fromisoformat(day), tier, bool(urgent), "")
            for number, (day, tier, urgent, _count) in enumerate(groups)
        ]
        weights = UrgencyWeights(window.now, window.settings)
        items: list[DueItem] = []
        for like in (ranked.item for ranked in weights.rank(alike)):
            left = -1 if limit is None else limit - len(items)
            if left == 0:
                break
            params = (days, like.due.isoformat(), like.tier, int(like.urgent), left)
            items += [
                like._replace(id=row[0], client_id=row[0], client=row[1], agent=row[3], payload=row[2])
                for row in conn.execute(_BORN_IN_GROUP, params).fetchall()
            ]
        return Due(count, weights.rank(items))

    def describe(self, conn: sqlite3.Connection, window: DueWindow, item: DueItem) -> DueItem:
        day, today, birth_year = day_of(item.due, window.zone), window.now.date(), item.payload
        away = (day - today).days
        age = day.year - birth_year if birth_year and 0 < day.year - birth_year < 130 else None
        case = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away) or ("ahead" if away > 0 else "belated")
        template = _BIRTHDAYS[case][age is None]
        reason = _(template, age=age, day=day_label(day, today), days=away)
        code = "birthday-today" if away == 0 else "birthday" if away > 0 else "birthday-belated"
        return item.described(_("birthday"), code, reason, day=day.isoformat(), days=away, age=age)


# By how far it is: with the age, and where nobody knows it.
_BIRTHDAYS = {
    "today": (N_("turns {age} today"), N_("birthday today")),
    "tomorrow": (N_("turns {age} tomorrow"), N_("birthday tomorrow")),
    "yesterday": (N_("turned {age} yesterday"), N_("birthday yesterday")),
    "ahead": (N_("turns {age} on {day}, in {days} days"), N_("birthday on {day}, in {days} days")),
    "belated": (N_("turned {age} on {day}, nothing said yet"), N_("birthday on {day}, nothing said yet")),
}


def _every(window: DueWindow) -> dict[str, Interval]:
    return dict.fromkeys(TIERS, Interval(window.settings.count("profile.verify_days"), in_days=True))


def _days(window: DueWindow) -> str:
    """The days whose birthdays are asked for: a list of today's also looks ahead, an agenda as far as it goes.

    29 February is kept on the 28th in common years.
    """
    today = window.now.date()
    first = today - timedelta(days=window.settings.count("birthday.belated_days"))
    last = day_of(window.by, window.zone) - timedelta(days=1)
    if window.since:
        first = max(first, day_of(window.since, window.zone))
    elif last >= today:
        last = max(last, today + timedelta(days=window.settings.count("birthday.notice_days")))
    days = []
    for day in (first + timedelta(days=n) for n in range(min((last - first).days + 1, 365))):
        begins = to_utc_text(start_of(day, window.zone))
        days.append((f"{day:%m-%d}", begins, day.isoformat()))
        if days[-1][0] == "02-28" and (day + timedelta(days=1)).day == 1:
            days.append(("02-29", begins, day.isoformat()))
    return json.dumps(days)
