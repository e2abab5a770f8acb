"""A day, a time, or both, put together into the one day or moment meant; the rules stand in `dates`."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from recrm.core.dates.clock import at, instant, nearest, split_clock
from recrm.core.dates.parse_request import Asked, outside, tidy
from recrm.core.dates.words import read_day
from recrm.core.errors import WhenNotUnderstood
from recrm.core.moments import FIRST_YEAR, LAST_YEAR
from recrm.core.text import quoted


def parse_when(
    text: str, *, now: datetime, look: Literal["ahead", "back"] = "ahead", order: str | None = None
) -> date | datetime:
    """The day, or the moment where a time was given, that `text` names by the rules of `recrm.core.dates`.

    `now` is aware and in the agent's zone; a moment comes back in that zone. `order` is the config's
    `date_order` (`dmy`, `mdy`, `ymd` or None). Raises WhenNotUnderstood, and nothing else, for any text
    without one clear meaning.
    """
    asked = Asked(text, now, look == "back", order)
    try:
        found = _read(asked)
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
            f"{quoted(text)} names a time, and only a day makes sense here.",
            f"Type the day alone, such as {found.date().isoformat()}.",
        )
    return found


def _read(asked: Asked) -> date | datetime:
    words = tidy(asked.text, asked.now.year)
    words = re.sub(r"(?<=\d)t(?=\d)", " ", re.sub(r"^on |(?<= )on ", "", words)).replace("noon", "12:00")
    moment = instant(asked, words)
    if moment is not None:
        return moment
    clock, words = split_clock(asked, words)
    if clock is None:
        return read_day(asked, words)
    if not words:
        return nearest(asked, clock)
    day = read_day(asked, words)
    if isinstance(day, datetime):
        raise asked.refusal("{text} names two times.", "Type one time, such as +48h or tomorrow 14:30.")
    return at(asked, day, clock)
