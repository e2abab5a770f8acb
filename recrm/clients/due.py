"""Two due sources read off the profile: birthdays, and profiles to be verified again."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta

from recrm.clients.due_clocks import due_from_standing
from recrm.core.due import TIERS, Count, Due, DueItem, Moment, UrgencyWeights
from recrm.core.intervals import Interval
from recrm.core.labels import ago_label, day_label
from recrm.core.moments import day_of, from_utc_text, start_of, to_utc_text

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


class ProfileSource:
    """Profiles that nobody has looked through for half a year."""

    kind = "profile"

    def due(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> Due:
        cap = moment.settings.count("profile.daily_cap")
        return due_from_standing(conn, self.kind, "verified_at", moment, _every(moment), limit, cap)

    def worded(self, conn: sqlite3.Connection, moment: Moment, item: DueItem) -> DueItem:
        verified = ago_label(from_utc_text(item.told, moment.zone), moment.now)
        reason = f"profile last verified {verified} ({_every(moment)[item.tier].label()})"
        return item._replace(title="verify the profile", reason=reason)


class BirthdaySource:
    """Birthdays some days ahead, on the day, and, until a word has been said, some days after.

    An occasion is no promise: a greeting three weeks late is none, so a birthday without a word leaves the list
    after `birthday.belated_days`.
    """

    kind = "birthday"

    def due(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> Due:
        days, today = _days(moment), moment.now.date().isoformat()
        groups = conn.execute(_BORN_COUNTED, (days,)).fetchall()
        count = Count(sum(row[3] for row in groups), sum(row[3] for row in groups if row[0] < today))
        # One item stands for all of a group: equal in all but their names, they are equally urgent.
        alike = [
            DueItem(self.kind, number, 0, "", "birthday", "", date.fromisoformat(day), tier, bool(urgent), "")
            for number, (day, tier, urgent, _) in enumerate(groups)
        ]
        scale = UrgencyWeights(moment.now, moment.settings)
        items: list[DueItem] = []
        for like in (ranked.item for ranked in scale.rank(alike)):
            left = -1 if limit is None else limit - len(items)
            if left == 0:
                break
            asked = (days, like.due.isoformat(), like.tier, int(like.urgent), left)
            items += [
                like._replace(id=row[0], client_id=row[0], client=row[1], agent=row[3], told=row[2])
                for row in conn.execute(_BORN_IN_GROUP, asked).fetchall()
            ]
        return Due(count, scale.rank(items))

    def worded(self, conn: sqlite3.Connection, moment: Moment, item: DueItem) -> DueItem:
        return item._replace(reason=_birthday_reason(day_of(item.due, moment.zone), item.told, moment.now.date()))


def _every(moment: Moment) -> dict[str, Interval]:
    return dict.fromkeys(TIERS, Interval(moment.settings.count("profile.verify_days"), in_days=True))


def _days(moment: Moment) -> str:
    """The days whose birthdays are asked for: a list of today's also looks ahead, an agenda as far as it goes.

    29 February is kept on the 28th in common years.
    """
    today = moment.now.date()
    first = today - timedelta(days=moment.settings.count("birthday.belated_days"))
    last = day_of(moment.by, moment.zone) - timedelta(days=1)
    if moment.since:
        first = max(first, day_of(moment.since, moment.zone))
    elif last >= today:
        last = max(last, today + timedelta(days=moment.settings.count("birthday.notice_days")))
    asked = []
    for day in (first + timedelta(days=n) for n in range(min((last - first).days + 1, 365))):
        begins = to_utc_text(start_of(day, moment.zone))
        asked.append((f"{day:%m-%d}", begins, day.isoformat()))
        if asked[-1][0] == "02-28" and (day + timedelta(days=1)).day == 1:
            asked.append(("02-29", begins, day.isoformat()))
    return json.dumps(asked)


def _birthday_reason(day: date, birth_year: int | None, today: date) -> str:
    away = (day - today).days
    when = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away) or (
        f"on {day_label(day, today)}, in {away} days" if away > 0 else f"on {day_label(day, today)}, nothing said yet"
    )
    if birth_year is None or not 0 < day.year - birth_year < 130:
        return f"birthday {when}"
    return f"turns {day.year - birth_year} {when}" if away >= 0 else f"turned {day.year - birth_year} {when}"
