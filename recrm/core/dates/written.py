"""Dates and birthdays written out, in numerals or with the month's name, to year, month and day.

What could be two days is refused with both readings, unless the config's `date_order` settles it; so are
years of two digits and days that no calendar has.
"""

from __future__ import annotations

import re

from recrm.core.dates.calendar import Birthday, month_length, position
from recrm.core.dates.request import outside, tidy
from recrm.core.errors import WhenNotUnderstood
from recrm.core.i18n import N_, _
from recrm.core.labels import MONTHS
from recrm.core.moments import FIRST_YEAR, LAST_YEAR

# Year where one is written, month, day: a day that exists in that year, without one in a leap year.
Written = tuple[int | None, int, int]


def read_written(typed: str, text: str, order: str | None, *, or_time: bool = False) -> Written | None:
    """The date in tidied text, or None where it is not a written date; `text` is quoted in refusals.

    `or_time` says that a time could be meant too: 11.30 is half past eleven in half of Europe.
    """
    if match := re.fullmatch(r"(\d{4})(?:([-/.])(\d\d?)\2(\d\d?)|(\d\d)(\d\d))", typed):
        year, _sign, month, day, month8, day8 = match.groups()
        return _checked(text, year, int(month or month8), int(day or day8))
    if match := re.fullmatch(r"--(\d\d?)-?(\d\d)", typed):
        return _checked(text, None, int(match[1]), int(match[2]))
    ordinal = r"(\d\d?)(?:st|nd|rd|th)?"
    if match := re.fullmatch(rf"{ordinal}[ -]?(?:of )?([a-z]{{3,9}})(?:[ -](\d+))?", typed):
        number, name, year = match.groups()
    elif match := re.fullmatch(rf"([a-z]{{3,9}})[ -]?{ordinal}(?:[ -](\d+))?", typed):
        name, number, year = match.groups()
    elif match := re.fullmatch(r"(\d\d?)([-/.])(\d\d?)(?:\2(\d+))?", typed):
        return _numeric(text, order, match, or_time)
    else:
        return None
    named = position(name, MONTHS)
    return None if named is None else _checked(text, year, named + 1, int(number))


def _numeric(text: str, order: str | None, match: re.Match[str], or_time: bool) -> Written:
    """`5/6`, `13/6/2026`: the one way to read it, or the one that the order settles."""
    first, second, written_year = int(match[1]), int(match[3]), match[4]
    day_first, month_first = (second, first), (first, second)
    # A year at the end contradicts year-month-day, so that order settles only what has no year.
    settled = {"dmy": day_first, "mdy": month_first, "ymd": None if written_year else month_first}.get(order or "")
    year = _year(text, written_year)
    possible = [pair for pair in dict.fromkeys((day_first, month_first)) if _exists(year, *pair)]
    if settled in possible:
        return year, settled[0], settled[1]
    readings = [_("{day} {month}", day=day, month=_(MONTHS[month - 1])) for month, day in possible]
    examples = [f"{year}-{m:02}-{d:02}" if year else _example(m, d) for m, d in possible]
    dotted = or_time and match[2] == "." and len(match[3]) == 2 and not (written_year or settled)
    if dotted and first < 24 and second < 60:
        readings.append(f"{first:02}:{second:02}")
        examples.append(readings[-1])
    if len(readings) > 1:
        hint = N_("Type {examples}, or settle the order for good with date_order in the config.")
        raise WhenNotUnderstood(
            text,
            N_("{text} could be {readings}."),
            hint if order is None else N_("Type {examples}."),
            readings=_either(readings),
            examples=_either(examples),
        )
    return _checked(text, written_year, *(possible[0] if possible else day_first))


def _example(month: int, day: int) -> str:
    """A day without a year as it can be typed: `5 jun`, 6月5日."""
    return _("{day} {month}", day=day, month=_(MONTHS[month - 1])[:3].lower())


def _either(choices: list[str]) -> str:
    """Two or three choices as one fact: `5 June or 6 May`."""
    if len(choices) == 2:
        return _("{first} or {second}", first=choices[0], second=choices[1])
    return _("{first} or {second} or {third}", first=choices[0], second=choices[1], third=choices[2])


def _checked(text: str, written_year: str | None, month: int, day: int) -> Written:
    year = _year(text, written_year)
    if not _exists(year, month, day):
        raise WhenNotUnderstood(
            text,
            N_("{text} is not a day that any calendar has."),
            N_("Check the month and the day, or type the date as year-month-day, such as 2026-11-30."),
        )
    return year, month, day


def _year(text: str, written: str | None) -> int | None:
    if written is None:
        return None
    if len(written) == 2:
        raise WhenNotUnderstood(
            text,
            N_("{text} has a year of two digits, which could be of this century or the last."),
            N_("Type the year with four digits, such as 2026-11-30."),
        )
    if len(written) != 4 or not FIRST_YEAR <= int(written) <= LAST_YEAR:
        raise outside(text)
    return int(written)


def _exists(year: int | None, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= month_length(year or 2000, month)


def parse_birthday(text: str, *, order: str | None = None) -> Birthday:
    """A birthday from `1990-05-20`, `--05-20`, `20 May 1990`, `5月20日` or `5/20/1990`, the year optional.

    `order` is the config's `date_order`, which settles what could be two days. A midnight that a
    spreadsheet glued to the day is ignored, and the year 1604 is Apple's way to say that the year is not
    known. Whether the day lies in the future is the caller's to ask. Raises WhenNotUnderstood for
    everything else, blank included.
    """
    if not text.strip():
        raise WhenNotUnderstood(text, N_("The birthday is empty."), N_("Type one such as 1990-05-20 or 20 may."))
    typed = re.sub(r"(?<=\d)[t ]0?0:?00(?::?00(?:\.0+)?)?z?$", "", tidy(text))
    if re.fullmatch(r"[0\W_]+", typed):
        raise WhenNotUnderstood(
            text,
            N_("{text} is what other programs write where they do not know the birthday."),
            N_("Leave the birthday blank, or type one such as 1990-05-20."),
        )
    found = read_written(re.sub(r"^1604(-?)(?=\d\d-?\d\d$)", "--", typed), text, order)
    if found is None:
        raise WhenNotUnderstood(
            text,
            N_("{text} is not understood as a birthday."),
            N_("Type it as 1990-05-20 or 20 may 1990, or as --05-20 where the year is not known."),
        )
    year, month, day = found
    return Birthday(month, day, year)
