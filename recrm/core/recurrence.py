"""How often a promise comes back, and when next: counted from its anchor, so that nothing drifts.

The third occurrence of a month from 31 January is 31 March, not 28 March: every occurrence is the anchor plus
a whole number of intervals, clipped at the end of its own month. 29 February comes back in leap years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from recrm.core.dates.calendar import add_months
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.text import quoted

Unit = Literal["day", "week", "month", "year"]

_HUNDRED_YEARS: dict[Unit, int] = {"day": 36_525, "week": 5_217, "month": 1_200, "year": 100}
_UNITS: dict[str, tuple[int, Unit]] = {
    "d": (1, "day"),
    "day": (1, "day"),
    "w": (1, "week"),
    "wk": (1, "week"),
    "week": (1, "week"),
    "m": (1, "month"),
    "month": (1, "month"),
    "quarter": (3, "month"),
    "y": (1, "year"),
    "yr": (1, "year"),
    "year": (1, "year"),
}
_ADVERBS: dict[str, tuple[int, Unit]] = {
    "daily": (1, "day"),
    "weekly": (1, "week"),
    "fortnightly": (2, "week"),
    "monthly": (1, "month"),
    "quarterly": (3, "month"),
    "yearly": (1, "year"),
    "annually": (1, "year"),
}
_CHINESE_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month"}
_CHINESE_UNITS |= {"季度": "quarter", "季": "quarter", "年": "year"}
_TOO_SHORT = re.compile(r"h|hr|hrs|hours?|hourly|min|mins|minutes?|s|sec|secs|seconds?|小时|分钟")


class EveryNotUnderstood(UsageError):
    """Text that names no interval, or one that no promise can have."""

    def __init__(self, text: str, why: str) -> None:
        """`why` is a template with {text} for what was typed."""
        super().__init__(
            why, N_("Type an interval such as 3d, 2w, 1m, 1y, monthly or every 2 weeks."), text=quoted(text)
        )
        self.text = text


@dataclass(frozen=True, slots=True)
class Every:
    """An interval of whole days, weeks, months or years; `count` is 1 or more and spans at most 100 years."""

    count: int
    unit: Unit

    def short(self) -> str:
        """As stored: `2w`; `parse_every` reads it back."""
        return f"{self.count}{self.unit[0]}"

    def label(self) -> str:
        """For a person: `every month`, `every 2 weeks`; `parse_every` reads it back in every language."""
        return _(_EVERY[self.unit]) if self.count == 1 else _(_EVERY_N[self.unit], n=self.count)


_EVERY: dict[Unit, str] = {
    "day": N_("every day"),
    "week": N_("every week"),
    "month": N_("every month"),
    "year": N_("every year"),
}
_EVERY_N: dict[Unit, str] = {
    "day": N_("every {n} days"),
    "week": N_("every {n} weeks"),
    "month": N_("every {n} months"),
    "year": N_("every {n} years"),
}


def parse_every(text: str) -> Every:
    """The interval in `2w`, `every 2 weeks`, `monthly` or 每两周; a quarter is three months.

    Raises EveryNotUnderstood for anything else: no interval or a negative one, hours, more than 100 years.
    """
    typed = _tidy(text)
    if typed in _ADVERBS:
        return Every(*_ADVERBS[typed])
    match = re.fullmatch(r"(?:every |each )?(other )?([+-]?)(?:(\d+) ?|an? )?([^\W\d_]+)", typed)
    if not match or len(typed) > 100 or (match[1] and (match[2] or match[3])):
        raise EveryNotUnderstood(text, N_("{text} is not understood as an interval."))
    other, sign, digits, name = match.groups()
    if _TOO_SHORT.fullmatch(name):
        raise EveryNotUnderstood(text, N_("{text} is shorter than a day, the shortest interval there is."))
    found = _UNITS.get(name) or _UNITS.get(name.removesuffix("s") if len(name) > 2 else name)
    if found is None or (len(name) == 1 and not digits):
        raise EveryNotUnderstood(text, N_("{text} is not understood as an interval."))
    size, unit = found
    count = size * (2 if other else int(digits or 1))
    if sign == "-" or count == 0:
        raise EveryNotUnderstood(text, N_("{text} would never come back, because an interval is at least a day."))
    if count > _HUNDRED_YEARS[unit]:
        raise EveryNotUnderstood(text, N_("{text} is longer than a hundred years."))
    return Every(count, unit)


def next_after(anchor: date, every: Every, after: date) -> date:
    """The first occurrence strictly after the given day; the anchor is the first of all.

    Takes the same time however long ago the anchor lies. Past the year 9999 it is an OverflowError.
    """
    if after < anchor:
        return anchor
    if every.unit in ("day", "week"):
        step = every.count * (7 if every.unit == "week" else 1)
        return anchor + timedelta(days=((after - anchor).days // step + 1) * step)
    step = every.count * (12 if every.unit == "year" else 1)
    passed = (after.year - anchor.year) * 12 + after.month - anchor.month
    in_or_before_that_month = add_months(anchor, passed // step * step)
    if in_or_before_that_month > after:
        return in_or_before_that_month
    return add_months(anchor, (passed // step + 1) * step)


def _tidy(text: str) -> str:
    """Lower case, single spaces, and 每两周 as `every 2 week`."""
    typed = text.strip()
    if not typed.isascii():
        from unicodedata import normalize

        from recrm.core.dates.chinese import arabic

        typed = arabic(normalize("NFKC", typed)).replace("半年", "6个月")
        if match := re.fullmatch("每 ?([0-9]*) ?个?(.+?)(?:1次)?", typed):
            typed = f"every {match[1] or 1} {_CHINESE_UNITS.get(match[2], match[2])}"
    return " ".join(typed.lower().split())
