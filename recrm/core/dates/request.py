"""What was typed and what its reading rests on: tidied before it is read, quoted where it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from recrm.core.errors import WhenNotUnderstood
from recrm.core.i18n import N_
from recrm.core.moments import FIRST_YEAR, LAST_YEAR

_LONGEST = 100
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


def tidy(text: str, this_year: int | None = None) -> str:
    """What was typed in lower case, in one width, with single spaces, and with Chinese as English.

    `this_year` gives a meaning to 今年 and 明年. Raises WhenNotUnderstood where nothing, or far too much,
    is typed.
    """
    typed = text.strip()
    if not typed:
        raise WhenNotUnderstood(text, N_("The date is empty."), N_("Type a day, such as 2026-11-30 or 30 nov 2026."))
    if len(typed) > _LONGEST:
        raise WhenNotUnderstood(
            text,
            N_("{text} is too long to be a date."),
            N_("Type only the day, such as 2026-11-30 or 30 nov 2026."),
        )
    if not typed.isascii():
        from unicodedata import normalize

        from recrm.core.dates.chinese import to_english

        typed = to_english(normalize("NFKC", typed).translate(_DASHES), this_year)
    typed = typed.lower().replace("a.m.", "am").replace("p.m.", "pm").replace(",", " ")
    return " ".join(re.sub(r"(?<=[a-z])\.|\.(?= |$)", " ", typed).split())


def outside(text: str) -> WhenNotUnderstood:
    """The refusal of a day in a year that no client's life touches."""
    return WhenNotUnderstood(
        text,
        N_("{text} lies outside the years {first} to {last}."),
        N_("Type a day in those years, such as 2026-11-30."),
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed, and what its reading rests on."""

    text: str
    now: datetime
    back: bool
    order: str | None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> tzinfo:
        if self.now.tzinfo is None:
            raise ValueError("now must be an aware datetime")
        return self.now.tzinfo

    def refusal(self, why: str, hint: str, **facts: object) -> WhenNotUnderstood:
        """The error for this request, from two templates and their facts; {text} is what was typed."""
        return WhenNotUnderstood(self.text, why, hint, **facts)
