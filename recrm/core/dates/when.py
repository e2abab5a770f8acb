"""A day, a time of day (`14:30`, `3pm`), or both, put together into the one day or moment meant.

The rules stand in `recrm.core.dates`; days of 23, 24 and 25 hours are minded here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from recrm.core.dates.calendar import at_clock
from recrm.core.dates.english import read_day
from recrm.core.dates.request import Request, outside, tidy
from recrm.core.errors import WhenNotUnderstood
from recrm.core.i18n import N_
from recrm.core.labels import full_day_label
from recrm.core.moments import FIRST_YEAR, LAST_YEAR

# A number is a time only with minutes, am, pm or o'clock behind it.
_CLOCK = (
    r"(?:at )?(?=\d+(?::\d| ?[ap]m| ?o'clock))"
    r"(?P<hours>\d+)(?::(?P<minutes>\d+)(?::(?P<seconds>\d+))?)? ?(?P<suffix>am|pm|o'clock)?"
)


def parse_when(
    text: str, *, now: datetime, look: Literal["ahead", "back"] = "ahead", order: str | None = None
) -> date | datetime:
    """The day, or the moment where a time was given, that `text` names by the rules of `recrm.core.dates`.

    `now` is aware and in the agent's zone; a moment comes back in that zone. `order` is the config's
    `date_order` (`dmy`, `mdy`, `ymd` or None). Raises WhenNotUnderstood, and nothing else, for any text
    without one clear meaning.
    """
    request = Request(text, now, look == "back", order)
    try:
        found = _read(request)
    except OverflowError:
        raise outside(text) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise outside(text)
    return found


def parse_day(text: str, *, now: datetime, look: Literal["ahead", "back"] = "ahead", order: str | None = None) -> date:
    """As `parse_when`, where only a day makes sense: a time is refused with the day to type instead."""
    found = parse_when(text, now=now, look=look, order=order)
    if isinstance(found, datetime):
        raise WhenNotUnderstood(
            text,
            N_("{text} names a time, and only a day makes sense here."),
            N_("Type the day alone, such as {date}."),
            date=found.date().isoformat(),
        )
    return found


def _read(request: Request) -> date | datetime:
    typed = tidy(request.text, request.now.year)
    typed = re.sub(r"(?<=\d)t(?=\d)", " ", re.sub(r"^on |(?<= )on ", "", typed)).replace("noon", "12:00")
    moment = _instant(request, typed)
    if moment is not None:
        return moment
    clock, typed = split_clock(request, typed)
    if clock is None:
        return read_day(request, typed)
    if not typed:
        return _nearest(request, clock)
    day = read_day(request, typed)
    if isinstance(day, datetime):
        raise request.refusal(N_("{text} names two times."), N_("Type one time, such as +48h or tomorrow 14:30."))
    return moment_at(request, day, clock)


def _instant(request: Request, typed: str) -> datetime | None:
    """`2026-11-30 14:30:00.5+08:00`: an ISO moment with an offset or a fraction, in the zone of now."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(z|[+-]\d\d(?::?\d\d)?)?", typed)
    if not match:
        return None
    try:
        moment = datetime.fromisoformat(match[1] + (match[2] or "").upper())
    except ValueError:
        raise request.refusal(
            N_("{text} is not a date and time that any calendar and clock have."),
            N_("Check the month, the day and the hour, or type them as 2026-11-30 14:30."),
        ) from None
    if moment.tzinfo is None:
        return moment_at(request, moment.date(), moment.time())
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise outside(request.text)
    return moment.astimezone(UTC).astimezone(request.zone)


def split_clock(request: Request, typed: str) -> tuple[time | None, str]:
    """The time at either end of the text, and the text without it."""
    match = re.fullmatch(rf"(?P<rest>.+?) {_CLOCK}", typed) or re.fullmatch(rf"{_CLOCK}(?: (?P<rest>.+))?", typed)
    return (_time(request, match), match["rest"] or "") if match else (None, typed)


def _time(request: Request, match: re.Match[str]) -> time:
    hour, minute, second = (int(match[name] or 0) for name in ("hours", "minutes", "seconds"))
    suffix = match["suffix"]
    # 24-hour clocks read 0 to 23; am, pm and o'clock go with 1 to 12, and o'clock says nothing of which half.
    if hour > 23 or minute > 59 or second > 59 or (suffix and not 1 <= hour <= 12):
        raise request.refusal(N_("{text} holds no time that a clock shows."), N_("Type the time as 14:30 or 2:30pm."))
    if suffix == "o'clock":
        early, late = (f"{half + hour % 12:02}:{minute:02}" for half in (0, 12))
        raise request.refusal(
            N_("{text} could be {early} or {late}."), N_("Type the time as {early} or {late}."), early=early, late=late
        )
    if suffix:
        hour = hour % 12 + (12 if suffix == "pm" else 0)
    return time(hour, minute, second)


def moment_at(request: Request, day: date, clock: time) -> datetime:
    """The moment of that time on that day, refused where the clocks skip it."""
    moment = at_clock(day, clock, request.zone)
    if moment.replace(tzinfo=None, fold=0) != datetime.combine(day, clock):
        raise request.refusal(
            N_("{text} does not exist, because the clocks skip {clock} on {day}."),
            N_("Type {moment} instead."),
            clock=f"{clock:%H:%M}",
            day=full_day_label(day),
            moment=f"{moment:%Y-%m-%d %H:%M}",
        )
    return moment


def _nearest(request: Request, clock: time) -> datetime:
    """A time typed alone: its next coming, now included, or looking back its latest."""
    now, day = request.now.astimezone(UTC), timedelta(days=1)
    today = datetime.combine(request.today, clock, request.zone)
    if request.back:
        return moment_at(request, request.today if today.astimezone(UTC) <= now else request.today - day, clock)
    if today.astimezone(UTC) >= now:
        return moment_at(request, request.today, clock)
    again = today.replace(fold=1)  # where clocks go back, the same time comes once more
    return again if again.astimezone(UTC) >= now else moment_at(request, request.today + day, clock)
