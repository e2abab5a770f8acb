"""Birthdays: text to a month, a day and perhaps a year, and the days on which one is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from recrm.core.dates.calendar import month_length
from recrm.core.dates.parse_request import tidy
from recrm.core.dates.written import read_written
from recrm.core.errors import WhenNotUnderstood
from recrm.core.text import quoted


@dataclass(frozen=True, slots=True)
class Birthday:
    """A solar birthday; many clients tell the day and keep the year to themselves."""

    month: int
    day: int
    year: int | None = None

    def iso(self) -> str:
        """As stored and exported: `1990-05-20`, or vCard's `--05-20` where the year is not known."""
        return f"{'-' if self.year is None else self.year}-{self.month:02}-{self.day:02}"


def parse_birthday(text: str, *, order: str | None = None) -> Birthday:
    """A birthday from `1990-05-20`, `--05-20`, `20 May 1990`, `5月20日` or `5/20/1990`, the year optional.

    `order` is the config's `date_order`, which settles what could be two days. A midnight that a
    spreadsheet glued to the day is ignored, and the year 1604 is Apple's way to say that the year is not
    known. Whether the day lies in the future is the caller's to ask. Raises WhenNotUnderstood for
    everything else, blank included.
    """
    if not text.strip():
        raise WhenNotUnderstood(text, "The birthday is empty.", "Type one such as 1990-05-20 or 20 may.")
    words = re.sub(r"(?<=\d)[t ]0?0:?00(?::?00(?:\.0+)?)?z?$", "", tidy(text))
    if re.fullmatch(r"[0\W_]+", words):
        raise WhenNotUnderstood(
            text,
            f"{quoted(text)} is what other programs write where they know no birthday.",
            "Leave the birthday blank, or type one such as 1990-05-20.",
        )
    found = read_written(re.sub(r"^1604(-?)(?=\d\d-?\d\d$)", "--", words), text, order)
    if found is None:
        raise WhenNotUnderstood(
            text,
            f"{quoted(text)} is not understood as a birthday.",
            "Type it as 1990-05-20 or 20 may 1990, or as --05-20 where the year is not known.",
        )
    year, month, day = found
    return Birthday(month, day, year)


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
