"""Two due sources read off the profile: birthdays, and profiles to be verified again."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta

from recrm.core.due import TIERS, Count, DueItem, Moment, clock_count, clock_items, rank
from recrm.core.intervals import Interval
from recrm.core.moments import ago_words, day_of, from_utc_text, short_day, start_of, to_utc_text

# The days asked for go in as JSON, each with its `MM-DD` and the moment it begins.
_BORN = """
    FROM json_each(?) AS days JOIN standing ON birthday = days.value ->> 0
    WHERE coalesce(last_contact_at, '') < days.value ->> 1
"""
_BORN_COUNTED = "SELECT days.value ->> 2 AS day, tier, urgent, count(*) " + _BORN + " GROUP BY 1, 2, 3"
_BORN_IN_GROUP = """
    SELECT clients.id, name, birth_year, standing.tier, urgent, agent
    FROM json_each(?) AS days JOIN standing ON birthday = days.value ->> 0 JOIN clients ON clients.id = client_id
    WHERE coalesce(last_contact_at, '') < days.value ->> 1
        AND days.value ->> 2 = ? AND standing.tier = ? AND urgent = ?
    ORDER BY name, client_id LIMIT ?
"""


class ProfileSource:
    """Profiles that nobody has looked through for half a year."""

    kind = "profile"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        cap = moment.settings.count("profile.daily_cap")
        return clock_count(conn, "verified_at", moment, _every(moment), cap)

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        every = _every(moment)
        items = []
        for item, leader in clock_items(conn, self.kind, "verified_at", moment, every, limit):
            verified = ago_words(from_utc_text(leader.value, moment.zone), moment.now)
            reason = f"profile last verified {verified} (every {every[leader.tier].words()})"
            items.append(item._replace(title="verify the profile", reason=reason))
        return items


class BirthdaySource:
    """Birthdays some days ahead, on the day, and, until a word has been said, some days after.

    An occasion is no promise: a greeting three weeks late is none, so a birthday without a word leaves the list
    after `birthday.belated_days`.
    """

    kind = "birthday"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        groups = conn.execute(_BORN_COUNTED, (_days(moment),)).fetchall()
        today = moment.now.date().isoformat()
        return Count(due=sum(row[3] for row in groups), overdue=sum(row[3] for row in groups if row[0] < today))

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        days = _days(moment)
        groups: list[DueItem] = []
        for day, tier, urgent, _ in conn.execute(_BORN_COUNTED, (days,)).fetchall():
            # One item stands for all of a group: equal in all but their names, they are equally urgent.
            like = DueItem(
                self.kind, len(groups), 0, "", "birthday", "", date.fromisoformat(day), tier, bool(urgent), ""
            )
            groups.append(like)
        items: list[DueItem] = []
        for like in (ranked.item for ranked in rank(groups, moment.now, moment.settings)):
            left = -1 if limit is None else limit - len(items)
            if left == 0:
                break
            asked = (days, like.due.isoformat(), like.tier, int(like.urgent), left)
            items += [
                like._replace(
                    id=row["id"],
                    client_id=row["id"],
                    client=row["name"],
                    reason=_birthday_reason(day_of(like.due, moment.zone), row["birth_year"], moment.now.date()),
                    agent=row["agent"],
                )
                for row in conn.execute(_BORN_IN_GROUP, asked).fetchall()
            ]
        return items


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
        f"{short_day(day, today)}, in {away} days" if away > 0 else f"{-away} days ago, nothing said yet"
    )
    if birth_year is None or not 0 < day.year - birth_year < 130:
        return f"birthday {when}"
    return f"turns {day.year - birth_year} {when}" if away >= 0 else f"turned {day.year - birth_year} {when}"
