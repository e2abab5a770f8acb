"""Words for days: `tomorrow`, `next fri`, `+3d`, `eom`, `30th`, `30 nov`, seen from now."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from recrm.core.dates.calendar import add_months, month_length, position
from recrm.core.dates.parse_request import Asked
from recrm.core.dates.written import read_written
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
    for unit, words in {
        "day": "d day days",
        "week": "w wk wks week weeks",
        "month": "m month months",
        "year": "y yr yrs year years",
        "hour": "h hr hrs hour hours",
        "minute": "min mins minute minutes",
    }.items()
    for word in words.split()
}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_PERIODS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
_WHICH = "((?:next )*|(?:last )*|this )"


def read_day(asked: Asked, words: str) -> date | datetime:
    """The day that tidied words name, or the moment for `now` and a span of hours; refused for all else."""
    words = words.removeprefix("the ")
    if words in _DAYS:
        return asked.today + timedelta(days=_DAYS[words])
    if words == "now":
        return asked.now
    for read in (_span, _weekday, _end_of_period, _day_of_month, _written, _written_with_weekday):
        found = read(asked, words)
        if found is not None:
            return found
    raise _not_understood(asked, words)


def _span(asked: Asked, words: str) -> date | datetime | None:
    """`3d`, `+3d`, `in 3 days`, `3 days ago`, `-3d`; without a direction it goes where now looks."""
    match = re.fullmatch(r"(in |\+ ?|- ?)?(\d+|an? ) ?([a-z]+)( ago| later| from now| from today)?", words)
    unit = _UNITS.get(match[3]) if match else None
    if not match or not unit or (match[1] and match[4]):
        return None
    backwards = asked.back if not (match[1] or match[4]) else match[1] in ("-", "- ") or match[4] == " ago"
    count = (int(match[2]) if match[2].isdecimal() else 1) * (-1 if backwards else 1)
    if unit in ("hour", "minute"):
        elapsed = timedelta(hours=count) if unit == "hour" else timedelta(minutes=count)
        return (asked.now.astimezone(UTC) + elapsed).astimezone(asked.zone)
    if unit in ("day", "week"):
        return asked.today + timedelta(days=count * (7 if unit == "week" else 1))
    return add_months(asked.today, count * _MONTHS_IN[unit])


def _weekday(asked: Asked, words: str) -> date | None:
    """`fri` strictly after or before today; `this`, `next` and `last fri` in weeks that start on Monday."""
    match = re.fullmatch(rf"{_WHICH}([a-z]+)", words)
    weekday = position(match[2], WEEKDAYS) if match else None
    if not match or weekday is None:
        return None
    days = weekday - asked.today.weekday()
    if not match[1]:
        return asked.today + timedelta(days=-((-days - 1) % 7 + 1) if asked.back else (days - 1) % 7 + 1)
    return _on_this_side(asked, match[1], asked.today + timedelta(days=days + 7 * _steps(match[1])))


def _end_of_period(asked: Asked, words: str) -> date | None:
    """`eom`, `end of next month`: the last day of a week, month, quarter or year."""
    match = re.fullmatch(rf"eo([wmqy])|end of (?:the )?{_WHICH}(week|month|quarter|year)", words)
    if not match:
        return None
    period, which = match[3] or _PERIODS[match[1]], match[2] or ""
    end = _period_end(asked.today, period, _steps(which))
    if asked.back and not which and end > asked.today:
        end = _period_end(asked.today, period, -1)
    return end


def _period_end(today: date, period: str, steps: int) -> date:
    if period == "week":
        return today + timedelta(days=6 - today.weekday() + 7 * steps)
    size = _MONTHS_IN[period]
    last_month = add_months(today.replace(day=1), size - 1 - (today.month - 1) % size + size * steps)
    return last_month.replace(day=month_length(last_month.year, last_month.month))


def _day_of_month(asked: Asked, words: str) -> date | None:
    """`30th`, `5th next month`: the nearest month that has such a day, or the month named."""
    match = re.fullmatch(rf"(\d\d?)(?:st|nd|rd|th)(?: of)?(?: (?:the )?{_WHICH}month)?", words)
    if not match or match[2] == "":
        return None
    number, first = int(match[1]), asked.today.replace(day=1)
    ways = range(0, -3, -1) if asked.back else range(3)
    for steps in (_steps(match[2]),) if match[2] else ways:
        month = add_months(first, steps)
        if 1 <= number <= month_length(month.year, month.month):
            day = month.replace(day=number)
            if match[2]:
                return _on_this_side(asked, match[2], day)
            if day <= asked.today if asked.back else day >= asked.today:
                return day
    raise asked.refusal("{text} is not a day that the month has.", "Type the date in full, such as 2026-11-30.")


def _written(asked: Asked, words: str) -> date | None:
    """`2026-11-30`, `30 nov`: without a year the nearest such day, today included."""
    found = read_written(words, asked.text, asked.order, or_time=True)
    if found is None:
        return None
    year, month, day = found
    if year is not None:
        return date(year, month, day)
    # 29 February may be eight years away, around 1900 and 2100.
    years = range(asked.today.year, asked.today.year + (-9 if asked.back else 9), -1 if asked.back else 1)
    days = (date(year, month, day) for year in years if day <= month_length(year, month))
    return next(d for d in days if (d <= asked.today if asked.back else d >= asked.today))


def _written_with_weekday(asked: Asked, words: str) -> date | None:
    """`fri 27 nov`, `2026-11-27 fri`: a date with its weekday beside it, which must agree."""
    first, _, rest = words.partition(" ")
    if position(first, WEEKDAYS) is None:
        rest, _, first = words.rpartition(" ")
    weekday = position(first, WEEKDAYS)
    day = _written(asked, rest) if rest and weekday is not None else None
    if day is not None and day.weekday() != weekday:
        raise asked.refusal(
            f"{{text}} does not agree with the calendar, where it is {full_day_label(day)}.",
            f"Type {day.isoformat()} if you mean that day, or the date of the day you mean.",
        )
    return day


def _steps(which: str) -> int:
    return which.count("next ") - which.count("last ")


def _on_this_side(asked: Asked, which: str, day: date) -> date:
    """A day of `this` week or month, refused where it lies behind a look ahead, or ahead of a look back."""
    if which == "this " and asked.today > day and not asked.back:
        raise asked.refusal(
            f"{{text}} is {full_day_label(day)}, which is past.",
            f"Type {day.isoformat()} if you mean that day, or say next instead of this.",
        )
    if which == "this " and asked.today < day and asked.back:
        raise asked.refusal(
            f"{{text}} is {full_day_label(day)}, which is still to come.",
            f"Type {day.isoformat()} if you mean that day, or say last instead of this.",
        )
    return day


def _not_understood(asked: Asked, words: str) -> Exception:
    """The most helpful refusal of words that name no day."""
    soon = (asked.today + timedelta(days=3)).isoformat()
    if re.fullmatch(r"[+-]? ?\d+", words):
        return asked.refusal(
            "{text} is a bare number, which could be a count, an hour or a day of the month.",
            f"Type +3d for three days from now, 14:30 for a time, 30th for a day of the month, or {soon}.",
        )
    if re.search(r"\b(morning|afternoon|evening|night|tonight)$", words):
        return asked.refusal(
            "{text} names a part of a day, which is not a time.",
            "Type the hour instead, such as tomorrow 09:00, today 8pm or 明天上午9点.",
        )
    if re.search(r"\bmidnight\b", words):
        return asked.refusal(
            "{text} could be the midnight that begins the day or the one that ends it.",
            "Type 00:00 with the day that it begins, such as tomorrow 00:00.",
        )
    if re.fullmatch(rf"{_WHICH}(weekend|week|month|quarter|year)", words):
        return asked.refusal(
            "{text} could be any of several days.", f"Type the day itself, such as next mon, eom or {soon}."
        )
    return asked.refusal(
        "{text} is not understood as a day or a time.",
        f"Type a day such as {soon}, tomorrow, +3d, fri or 30 nov, with a time after it if need be.",
    )
