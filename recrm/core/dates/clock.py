"""Times of day: `14:30`, `3pm`, `3 o'clock`, on days of 23, 24 and 25 hours."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from recrm.core.dates.calendar import at_clock
from recrm.core.dates.parse_request import Asked, outside
from recrm.core.labels import full_day_label
from recrm.core.moments import FIRST_YEAR, LAST_YEAR

# A number is a time only with minutes, am, pm or o'clock behind it.
_CLOCK = (
    r"(?:at )?(?=\d+(?::\d| ?[ap]m| ?o'clock))"
    r"(?P<hours>\d+)(?::(?P<minutes>\d+)(?::(?P<seconds>\d+))?)? ?(?P<suffix>am|pm|o'clock)?"
)


def instant(asked: Asked, words: str) -> datetime | None:
    """`2026-11-30 14:30:00.5+08:00`: an ISO moment with an offset or a fraction, in the zone of now."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(z|[+-]\d\d(?::?\d\d)?)?", words)
    if not match:
        return None
    try:
        moment = datetime.fromisoformat(match[1] + (match[2] or "").upper())
    except ValueError:
        raise asked.refusal(
            "{text} is not a date and time that any calendar and clock have.",
            "Check the month, the day and the hour, or type them as 2026-11-30 14:30.",
        ) from None
    if moment.tzinfo is None:
        return at(asked, moment.date(), moment.time())
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise outside(asked.text)
    return moment.astimezone(UTC).astimezone(asked.zone)


def split_clock(asked: Asked, words: str) -> tuple[time | None, str]:
    """The time at either end of the words, and the words without it."""
    match = re.fullmatch(rf"(?P<rest>.+?) {_CLOCK}", words) or re.fullmatch(rf"{_CLOCK}(?: (?P<rest>.+))?", words)
    return (_time(asked, match), match["rest"] or "") if match else (None, words)


def _time(asked: Asked, match: re.Match[str]) -> time:
    hour, minute, second = (int(match[name] or 0) for name in ("hours", "minutes", "seconds"))
    suffix = match["suffix"]
    # 24-hour clocks read 0 to 23; am, pm and o'clock go with 1 to 12, and o'clock says nothing of which half.
    if hour > 23 or minute > 59 or second > 59 or (suffix and not 1 <= hour <= 12):
        raise asked.refusal("{text} holds no time that a clock shows.", "Type the time as 14:30 or 2:30pm.")
    if suffix == "o'clock":
        early, late = (f"{half + hour % 12:02}:{minute:02}" for half in (0, 12))
        raise asked.refusal(f"{{text}} could be {early} or {late}.", f"Type the time as {early} or {late}.")
    if suffix:
        hour = hour % 12 + (12 if suffix == "pm" else 0)
    return time(hour, minute, second)


def at(asked: Asked, day: date, clock: time) -> datetime:
    """The moment of that time on that day, refused where the clocks skip it."""
    moment = at_clock(day, clock, asked.zone)
    if moment.replace(tzinfo=None, fold=0) != datetime.combine(day, clock):
        raise asked.refusal(
            f"{{text}} does not exist, because the clocks skip {clock:%H:%M} on {full_day_label(day)}.",
            f"Type {moment:%Y-%m-%d %H:%M} instead.",
        )
    return moment


def nearest(asked: Asked, clock: time) -> datetime:
    """A time typed alone: its next coming, now included, or looking back its latest."""
    now, day = asked.now.astimezone(UTC), timedelta(days=1)
    today = datetime.combine(asked.today, clock, asked.zone)
    if asked.back:
        return at(asked, asked.today if today.astimezone(UTC) <= now else asked.today - day, clock)
    if today.astimezone(UTC) >= now:
        return at(asked, asked.today, clock)
    again = today.replace(fold=1)  # where clocks go back, the same time comes once more
    return again if again.astimezone(UTC) >= now else at(asked, asked.today + day, clock)
