"""Calendar arithmetic beneath dates and recurrences: months that clip, clock times that are skipped, birthdays.

Everything here is exact and pure; a result outside the years 1 to 9999 is an OverflowError.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo


def position(word: str, names: tuple[str, ...]) -> int | None:
    """Where a word in lower case stands among the months or weekdays, written out or cut to three letters or more."""
    return next((at for at, name in enumerate(names) if len(word) >= 3 and name.lower().startswith(word)), None)


def month_length(year: int, month: int) -> int:
    """How many days a month has in the Gregorian calendar."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 + (month + month // 8) % 2


def add_months(day: date, count: int) -> date:
    """The same day of the month `count` months on, or that month's last: 31 Jan and one month is 28 Feb."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("month out of range")
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def at_clock(day: date, clock: time, zone: tzinfo) -> datetime:
    """The moment a wall clock shows `clock` on that day; where it shows it twice, the first of the two.

    Where the clocks skip that time, the moment comes back as they then read (02:30 as 03:30), so that a
    caller sees from `moment.replace(tzinfo=None)` that it does not exist.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)


@dataclass(frozen=True, slots=True)
class Birthday:
    """A solar birthday; many clients tell the day and keep the year to themselves."""

    month: int
    day: int
    year: int | None = None

    def iso(self) -> str:
        """As stored and exported: `1990-05-20`, or vCard's `--05-20` where the year is not known."""
        return f"{'-' if self.year is None else self.year}-{self.month:02}-{self.day:02}"


def next_occurrence(birthday_month: int, birthday_day: int, on_or_after: date) -> date:
    """The first day on or after the given one on which it is kept; 29 Feb on 28 Feb in common years."""
    this_year = _kept(birthday_month, birthday_day, on_or_after.year)
    return this_year if this_year >= on_or_after else _kept(birthday_month, birthday_day, on_or_after.year + 1)


def last_occurrence(birthday_month: int, birthday_day: int, on_or_before: date) -> date:
    """The latest day on or before the given one on which it was kept; 29 Feb as in `next_occurrence`."""
    this_year = _kept(birthday_month, birthday_day, on_or_before.year)
    return this_year if this_year <= on_or_before else _kept(birthday_month, birthday_day, on_or_before.year - 1)


def _kept(month: int, day: int, year: int) -> date:
    return date(year, month, min(day, month_length(year, month)))
