"""Two due sources read off the profile: birthdays, and profiles to be verified again."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta

from recrm.core.due import TIERS, Count, DueItem, Moment, bounds, clock_count, clock_item, leaders
from recrm.core.intervals import Interval
from recrm.core.moments import ago_words, day_of, from_utc_text, short_day, start_of, to_utc_text

_BORN = """
    FROM standing JOIN clients ON clients.id = client_id
    WHERE birthday IN (?, ?) AND coalesce(last_contact_at, '') < ?
"""
_BORN_FIRST = (
    "SELECT clients.id, name, birth_year, standing.tier, urgent, agent " + _BORN + " "
    "ORDER BY urgent DESC, CASE standing.tier WHEN '' THEN 'Z' ELSE standing.tier END, name, client_id LIMIT ?"
)


class ProfileSource:
    """Profiles that nobody has looked through for half a year."""

    kind = "profile"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        cap = moment.settings.count("profile.daily_cap")
        return clock_count(conn, "verified_at", moment, _every(moment), cap)

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        every = _every(moment)
        items = []
        for leader in leaders(conn, "verified_at", bounds(moment, every), limit):
            verified = ago_words(from_utc_text(leader.value, moment.zone), moment.now)
            reason = f"profile last verified {verified} (every {every[leader.tier].words()})"
            items.append(clock_item(self.kind, leader, "verify the profile", reason, every[leader.tier], moment))
        return items


class BirthdaySource:
    """Birthdays some days ahead, on the day, and, until a word has been said, some days after.

    An occasion is no promise: a greeting three weeks late is none, so a birthday without a word leaves the list
    after `birthday.belated_days`.
    """

    kind = "birthday"

    def count(self, conn: sqlite3.Connection, moment: Moment) -> Count:
        days = _days(moment)
        found = {day: self._on(conn, day, moment, count=True)[0][0] for day in days}
        today = moment.now.date()
        return Count(due=sum(found.values()), overdue=sum(n for day, n in found.items() if day < today))

    def most_urgent(self, conn: sqlite3.Connection, moment: Moment, limit: int | None) -> list[DueItem]:
        items = []
        for day in _days(moment):
            items += [
                DueItem(
                    kind=self.kind,
                    id=row["id"],
                    client_id=row["id"],
                    client=row["name"],
                    title="birthday",
                    reason=_birthday_reason(day, row["birth_year"], moment.now.date()),
                    due=day,
                    tier=row["tier"],
                    urgent=bool(row["urgent"]),
                    agent=row["agent"],
                )
                for row in self._on(conn, day, moment, limit=limit)
            ]
        return items

    def _on(
        self,
        conn: sqlite3.Connection,
        day: date,
        moment: Moment,
        *,
        count: bool = False,
        limit: int | None = None,
    ) -> list[sqlite3.Row]:
        """Those born on a day of whom nobody has spoken to since it began; 29 February is kept on the 28th."""
        born = f"{day:%m-%d}"
        or_born = "02-29" if born == "02-28" and (day + timedelta(days=1)).day == 1 else born
        begun = to_utc_text(start_of(day, moment.zone))
        if count:
            return conn.execute("SELECT count(*) " + _BORN, (born, or_born, begun)).fetchall()
        most = -1 if limit is None else limit
        return conn.execute(_BORN_FIRST, (born, or_born, begun, most)).fetchall()


def _every(moment: Moment) -> dict[str, Interval]:
    return dict.fromkeys(TIERS, Interval(moment.settings.count("profile.verify_days"), in_days=True))


def _days(moment: Moment) -> list[date]:
    """The days whose birthdays are asked for: a list of today's also looks ahead, an agenda as far as it goes."""
    today = moment.now.date()
    first = today - timedelta(days=moment.settings.count("birthday.belated_days"))
    last = day_of(moment.by, moment.zone) - timedelta(days=1)
    if moment.since:
        first = max(first, day_of(moment.since, moment.zone))
    elif last >= today:
        last = max(last, today + timedelta(days=moment.settings.count("birthday.notice_days")))
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, 365))]


def _birthday_reason(day: date, birth_year: int | None, today: date) -> str:
    away = (day - today).days
    when = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away) or (
        f"{short_day(day, today)}, in {away} days" if away > 0 else f"{-away} days ago, nothing said yet"
    )
    if birth_year is None or not 0 < day.year - birth_year < 130:
        return f"birthday {when}"
    return f"turns {day.year - birth_year} {when}" if away >= 0 else f"turned {day.year - birth_year} {when}"
