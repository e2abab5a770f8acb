"""Calendar arithmetic beneath words and recurrences: months that clip, clock times that are skipped.

Everything here is exact and pure; a result outside the years 1 to 9999 is an OverflowError.
"""

from __future__ import annotations

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
