"""What was typed and what its reading rests on: tidied before it is read, quoted where it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from recrm.core.errors import WhenNotUnderstood
from recrm.core.moments import FIRST_YEAR, LAST_YEAR
from recrm.core.text import quoted

_LONGEST = 100
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


def tidy(text: str, this_year: int | None = None) -> str:
    """Typed words in lower case, in one width, with single spaces, and with Chinese as English words.

    `this_year` gives a meaning to 今年 and 明年. Raises WhenNotUnderstood where nothing, or far too much,
    is typed.
    """
    words = text.strip()
    if not words:
        raise WhenNotUnderstood(text, "The date is empty.", "Type a day, such as 2026-11-30 or 30 nov 2026.")
    if len(words) > _LONGEST:
        raise WhenNotUnderstood(
            text,
            f"{quoted(text)} is too long to be a date.",
            "Type only the day, such as 2026-11-30 or 30 nov 2026.",
        )
    if not words.isascii():
        from unicodedata import normalize

        from recrm.core.dates.chinese import to_english

        words = to_english(normalize("NFKC", words).translate(_DASHES), this_year)
    words = words.lower().replace("a.m.", "am").replace("p.m.", "pm").replace(",", " ")
    return " ".join(re.sub(r"(?<=[a-z])\.|\.(?= |$)", " ", words).split())


def outside(text: str) -> WhenNotUnderstood:
    """The refusal of a day in a year that no client's life touches."""
    return WhenNotUnderstood(
        text,
        f"{quoted(text)} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.",
        "Type a day in those years, such as 2026-11-30.",
    )


@dataclass(frozen=True, slots=True)
class Asked:
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

    def refusal(self, why: str, hint: str) -> WhenNotUnderstood:
        """`why` is a sentence with {text} where what was typed belongs."""
        return WhenNotUnderstood(self.text, why.replace("{text}", quoted(self.text)), hint)
