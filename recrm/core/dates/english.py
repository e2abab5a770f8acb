"""Days in English, seen from now: `tomorrow`, `next fri`, `+3d`, `eom`, `30th`, `30 nov`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from recrm.core.dates.calendar import add_months, month_length, position
from recrm.core.dates.request import Request
from recrm.core.dates.written import read_written
from recrm.core.i18n import N_
from recrm.core.labels import WEEKDAYS, full_day_label

_DAYS = {
    "today": 0,
    "tod": 0,
    "tomorrow": 1,
    "tom": 1,
    "tmr": 1,
    "day after tomorrow": 2,
    "yesterday": -1,
    "day before yesterday": -2,
}
_UNITS = {
    word: unit
    for unit, names in {
        "day": "d day days",
        "week": "w wk wks week weeks",
        "month": "m month months",
        "year": "y yr yrs year years",
        "hour": "h hr hrs hour hours",
        "minute": "min mins minute minutes",
    }.items()
    for word in names.split()
}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_PERIODS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
_WHICH = "((?:next )*|(?:last )*|this )"


def read_day(request: Request, typed: str) -> date | datetime:
    """The day that tidied text names, or the moment for `now` and a span of hours; refused for all else."""
    typed = typed.removeprefix("the ")
    if typed in _DAYS:
        return request.today + timedelta(days=_DAYS[typed])
    if typed == "now":
        return request.now
    for read in (_span, _weekday, _end_of_period, _day_of_month, _written, _written_with_weekday):
        found = read(request, typed)
        if found is not None:
            return found
    raise _not_understood(request, typed)


def _span(request: Request, typed: str) -> date | datetime | None:
    """`3d`, `+3d`, `in 3 days`, `3 days ago`, `-3d`; without a direction it goes where now looks."""
    match = re.fullmatch(r"(in |\+ ?|- ?)?(\d+|an? ) ?([a-z]+)( ago| later| from now| from today)?", typed)
    unit = _UNITS.get(match[3]) if match else None
    if not match or not unit or (match[1] and match[4]):
        return None
    backwards = request.back if not (match[1] or match[4]) else match[1] in ("-", "- ") or match[4] == " ago"
    count = (int(match[2]) if match[2].isdecimal() else 1) * (-1 if backwards else 1)
    if unit in ("hour", "minute"):
        elapsed = timedelta(hours=count) if unit == "hour" else timedelta(minutes=count)
        return (request.now.astimezone(UTC) + elapsed).astimezone(request.zone)
    if unit in ("day", "week"):
        return request.today + timedelta(days=count * (7 if unit == "week" else 1))
    return add_months(request.today, count * _MONTHS_IN[unit])


def _weekday(request: Request, typed: str) -> date | None:
    """`fri` strictly after or before today; `this`, `next` and `last fri` in weeks that start on Monday."""
    match = re.fullmatch(rf"{_WHICH}([a-z]+)", typed)
    weekday = position(match[2], WEEKDAYS) if match else None
    if not match or weekday is None:
        return None
    days = weekday - request.today.weekday()
    if not match[1]:
        return request.today + timedelta(days=-((-days - 1) % 7 + 1) if request.back else (days - 1) % 7 + 1)
    return _on_this_side(request, match[1], request.today + timedelta(days=days + 7 * _steps(match[1])))


def _end_of_period(request: Request, typed: str) -> date | None:
    """`eom`, `end of next month`: the last day of a week, month, quarter or year."""
    match = re.fullmatch(rf"eo([wmqy])|end of (?:the )?{_WHICH}(week|month|quarter|year)", typed)
    if not match:
        return None
    period, which = match[3] or _PERIODS[match[1]], match[2] or ""
    end = _period_end(request.today, period, _steps(which))
    if request.back and not which and end > request.today:
        end = _period_end(request.today, period, -1)
    return end


def _period_end(today: date, period: str, steps: int) -> date:
    if period == "week":
        return today + timedelta(days=6 - today.weekday() + 7 * steps)
    size = _MONTHS_IN[period]
    last_month = add_months(today.replace(day=1), size - 1 - (today.month - 1) % size + size * steps)
    return last_month.replace(day=month_length(last_month.year, last_month.month))


def _day_of_month(request: Request, typed: str) -> date | None:
    """`30th`, `5th next month`: the nearest month that has such a day, or the month named."""
    match = re.fullmatch(rf"(\d\d?)(?:st|nd|rd|th)(?: of)?(?: (?:the )?{_WHICH}month)?", typed)
    if not match or match[2] == "":
        return None
    number, first = int(match[1]), request.today.replace(day=1)
    ways = range(0, -3, -1) if request.back else range(3)
    for steps in (_steps(match[2]),) if match[2] else ways:
        month = add_months(first, steps)
        if 1 <= number <= month_length(month.year, month.month):
            day = month.replace(day=number)
            if match[2]:
                return _on_this_side(request, match[2], day)
            if day <= request.today if request.back else day >= request.today:
                return day
    raise request.refusal(
        N_("{text} is not a day that the month has."), N_("Type the date in full, such as 2026-11-30.")
    )


def _written(request: Request, typed: str) -> date | None:
    """`2026-11-30`, `30 nov`: without a year the nearest such day, today included."""
    found = read_written(typed, request.text, request.order, or_time=True)
    if found is None:
        return None
    year, month, day = found
    if year is not None:
        return date(year, month, day)
    # 29 February may be eight years away, around 1900 and 2100.
    years = range(request.today.year, request.today.year + (-9 if request.back else 9), -1 if request.back else 1)
    days = (date(year, month, day) for year in years if day <= month_length(year, month))
    return next(d for d in days if (d <= request.today if request.back else d >= request.today))


def _written_with_weekday(request: Request, typed: str) -> date | None:
    """`fri 27 nov`, `2026-11-27 fri`: a date with its weekday beside it, which must agree."""
    first, _, rest = typed.partition(" ")
    if position(first, WEEKDAYS) is None:
        rest, _, first = typed.rpartition(" ")
    weekday = position(first, WEEKDAYS)
    day = _written(request, rest) if rest and weekday is not None else None
    if day is not None and day.weekday() != weekday:
        raise request.refusal(
            N_("{text} does not agree with the calendar, where it is {day}."),
            N_("Type {date} if you mean that day, or the date of the day you mean."),
            day=full_day_label(day),
            date=day.isoformat(),
        )
    return day


def _steps(which: str) -> int:
    return which.count("next ") - which.count("last ")


def _on_this_side(request: Request, which: str, day: date) -> date:
    """A day of `this` week or month, refused where it lies behind a look ahead, or ahead of a look back."""
    if which == "this " and request.today > day and not request.back:
        raise request.refusal(
            N_("{text} is {day}, which is past."),
            N_("Type {date} if you mean that day, or say next instead of this."),
            day=full_day_label(day),
            date=day.isoformat(),
        )
    if which == "this " and request.today < day and request.back:
        raise request.refusal(
            N_("{text} is {day}, which is still to come."),
            N_("Type {date} if you mean that day, or say last instead of this."),
            day=full_day_label(day),
            date=day.isoformat(),
        )
    return day


def _not_understood(request: Request, typed: str) -> Exception:
    """The most helpful refusal of text that names no day."""
    soon = (request.today + timedelta(days=3)).isoformat()
    if re.fullmatch(r"[+-]? ?\d+", typed):
        return request.refusal(
            N_("{text} is a bare number, which could be a count, an hour or a day of the month."),
            N_("Type +3d for three days from now, 14:30 for a time, 30th for a day of the month, or {soon}."),
            soon=soon,
        )
    if re.search(r"\b(morning|afternoon|evening|night|tonight)$", typed):
        return request.refusal(
            N_("{text} names a part of a day, which is not a time."),
            N_("Type the hour instead, such as tomorrow 09:00, today 8pm or 明天上午9点."),
        )
    if re.search(r"\bmidnight\b", typed):
        return request.refusal(
            N_("{text} could be the midnight that begins the day or the one that ends it."),
            N_("Type 00:00 with the day that it begins, such as tomorrow 00:00."),
        )
    if re.fullmatch(rf"{_WHICH}(weekend|week|month|quarter|year)", typed):
        return request.refusal(
            N_("{text} could be any of several days."),
            N_("Type the day itself, such as next mon, eom or {soon}."),
            soon=soon,
        )
    return request.refusal(
        N_("{text} is not understood as a day or a time."),
        N_("Type a day such as {soon}, tomorrow, +3d, fri or 30 nov, with a time after it if need be."),
        soon=soon,
    )
