"""When a logged conversation was: the dates and times of other programs as instants, judged by their whole column.

Only what names one day for good is taken: “yesterday” in a file is yesterday of whoever wrote it. What a column
proves goes before the config: where 25/12/2026 stands in it, its 5/6/2026 is 5 June.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from recrm.core.dates.calendar import at_clock
from recrm.core.dates.request import outside, tidy
from recrm.core.dates.written import read_written
from recrm.core.errors import UsageError, WhenNotUnderstood
from recrm.core.i18n import N_
from recrm.core.moments import FIRST_YEAR, LAST_YEAR, end_of, start_of, to_utc_text
from recrm.core.text import quoted
from recrm.imports.columns.values import clean
from recrm.imports.people.preparing import order_of

_CLOCK = r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,:]\d+)?)?"
_OFFSET = r"(?P<offset>z|(?:utc|gmt)?[+-]\d\d?(?::?\d\d)?|utc|gmt)"
_TIME = re.compile(rf"{_CLOCK} ?(?P<half>am|pm)?")
_PLAIN = re.compile(
    rf"(?P<year>\d{{4}})([-/.])(?P<month>\d\d?)\2(?P<day>\d\d?)(?:[T ]+{_CLOCK}(?P<half>) ?{_OFFSET}?)?", re.IGNORECASE
)
_WRITTEN = re.compile(rf"(?P<date>.+?)(?:[t ]+{_CLOCK} ?(?P<half>am|pm)?(?: ?{_OFFSET}(?: ?\(.*\))?)?)?")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]* |(?<=\d) (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$")
_SHOWN_TIME = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?\s*(am|pm)?|[点點时]", re.IGNORECASE)
_DAY_OF_EXCEL = re.compile(r"^(?:1899-12-3[01]|1900-01-0[01])[ t]")
_COUNTS = {  # how a whole column of bare numbers counts time
    "seconds": re.compile(r"\d{10}"),
    "milliseconds": re.compile(r"\d{13}"),
    "days": re.compile(r"[2-7]\d{4}(?:\.\d+)?"),  # Excel's, from 1954 to 2119
}
_EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001  # a clock on the wall, of no zone yet


class Moment(NamedTuple):
    """An instant as stored, its local day, and the first and last instant it could be: of the day, without a time."""

    at: str
    day: str
    first: str
    last: str

    @property
    def is_day(self) -> bool:
        """Whether nobody noted the time."""
        return self.first != self.last


@dataclass(slots=True)
class DateColumn:
    """What all cells of a date column together say of how to read each."""

    orders: set[str] = field(default_factory=set)
    counts: set[str] = field(default_factory=lambda: set(_COUNTS))
    has_times: bool = False

    def see(self, cell: str) -> None:
        """Take in one cell."""
        text = clean(cell)
        if not text:
            return
        if found := order_of([text]):
            self.orders.add(found)
        self.counts = {count for count in self.counts if _COUNTS[count].fullmatch(text)} if self.counts else self.counts
        if not self.has_times:
            shown = _SHOWN_TIME.search(text)
            self.has_times = shown is not None and not _is_midnight(shown)

    def see_all(self, cells: Iterable[str]) -> DateColumn:
        """Take in many; itself."""
        for cell in cells:
            self.see(cell)
        return self

    @property
    def order(self) -> str:
        """`dmy` or `mdy` where the column proves one; empty where it proves nothing, or both."""
        return next(iter(self.orders)) if len(self.orders) == 1 else ""

    def order_with(self, configured: str) -> str | None:
        """The order to read slashes by: the column's, the config's, or none where the column has both."""
        return self.order or (configured if not self.orders else "") or None

    @property
    def counted(self) -> str:
        """What the column counts, where it holds bare numbers of one kind; else empty."""
        return next(iter(self.counts)) if len(self.counts) == 1 else ""


def _is_midnight(shown: re.Match[str]) -> bool:
    hour, minute, second, half = shown.groups()
    if hour is None:  # 14点
        return False
    return int(minute) + int(second or 0) == 0 and (
        int(hour) == 0 or (int(hour) == 12 and (half or "").lower() == "am")
    )


class DateReader:
    """Reads the cells of one date column, and of the time column beside it."""

    def __init__(self, column: DateColumn, configured: str, now: datetime) -> None:
        self.now = now
        self.zone: tzinfo = now.tzinfo or UTC
        self.order = column.order_with(configured)
        self.counted = column.counted
        self.has_times = column.has_times
        self._read = lru_cache(maxsize=1024)(self._moment)

    def read(self, cell: str, beside: str = "") -> Moment:
        """The moment of a date cell and the time cell beside it. Raises WhenNotUnderstood, UsageError."""
        return self._read(clean(cell), clean(beside))

    def _moment(self, text: str, beside: str) -> Moment:
        if not text:
            raise UsageError(N_("This row has no date."), N_("Fill in when it was, such as 2026-11-21 14:30."))
        day, clock, offset = self._parts(text)
        if beside and (clock is None or clock == time()):
            clock, offset = _clock_beside(beside), None
        elif clock == time() and not self.has_times:
            clock, offset = None, None  # a day that a spreadsheet wrote as its midnight
        if clock is None:
            return self._of_day(day, text)
        moment = self._at(day, clock, offset, text)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise outside(text)
        if moment.astimezone(UTC) > self.now.astimezone(UTC):
            raise _in_future(text)
        at = to_utc_text(moment)
        return Moment(at, moment.date().isoformat(), at, at)

    def _of_day(self, day: date, text: str) -> Moment:
        """Noon, as nobody knows better; this moment for a day whose noon is still to come."""
        today = self.now.date()
        if day > today:
            raise _in_future(text)
        noon = at_clock(day, time(12), self.zone)
        at = min(noon.astimezone(UTC), self.now.astimezone(UTC))
        last = end_of(day, self.zone).astimezone(UTC) - timedelta(seconds=1)
        return Moment(to_utc_text(at), day.isoformat(), to_utc_text(start_of(day, self.zone)), to_utc_text(last))

    def _at(self, day: date, clock: time, offset: tzinfo | None, text: str) -> datetime:
        if offset is not None:
            try:
                return datetime.combine(day, clock, offset).astimezone(UTC).astimezone(self.zone)
            except OverflowError:
                raise outside(text) from None
        moment = at_clock(day, clock, self.zone)
        if moment.replace(tzinfo=None, fold=0) != datetime.combine(day, clock):
            what = N_("{text} does not exist, because the clocks skip that time on that day.")
            raise WhenNotUnderstood(text, what, N_("Type {moment} instead."), moment=f"{moment:%Y-%m-%d %H:%M}")
        return moment

    def _parts(self, text: str) -> tuple[date, time | None, tzinfo | None]:
        if self.counted:
            return self._counted(text)
        if found := _PLAIN.fullmatch(text):
            year, month, day = (int(found[name]) for name in ("year", "month", "day"))
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise outside(text)
            try:
                return date(year, month, day), _clock_of(found, text), _offset_of(found["offset"], text)
            except ValueError:
                pass  # said better below
        typed = tidy(text)
        if re.fullmatch(r"\d{5}(?:\.\d+)?|\d{9,}", typed):
            what = N_("{text} is a bare number, which is no date.")
            raise WhenNotUnderstood(text, what, N_("Type the date, such as 2026-11-21 14:30."))
        found = _WRITTEN.fullmatch(typed)
        day_text = _WEEKDAY.sub("", found["date"]) if found else ""
        written = read_written(day_text, text, self.order)
        if found is None or written is None:
            what = N_("{text} is not understood as a date.")
            raise WhenNotUnderstood(text, what, N_("Type the date, such as 2026-11-21 14:30."))
        written_year, month, day = written
        if written_year is None:
            what = N_("{text} has no year.")
            raise WhenNotUnderstood(text, what, N_("Type the date with its year, such as 2026-11-21."))
        return date(written_year, month, day), _clock_of(found, text), _offset_of(found["offset"], text)

    def _counted(self, text: str) -> tuple[date, time | None, tzinfo | None]:
        if self.counted == "days":
            seconds = round(float(text) * 86400)
            moment = _EXCEL_BEGINS + timedelta(seconds=seconds)
            return moment.date(), moment.time() if seconds % 86400 else None, None
        seconds = int(text) // (1000 if self.counted == "milliseconds" else 1)
        moment = datetime.fromtimestamp(seconds, UTC)
        return moment.date(), moment.time(), UTC


def _in_future(text: str) -> UsageError:
    what = N_("{text} is in the future, and nothing has been said there yet.")
    return UsageError(what, N_("Correct the date, or take the row out."), text=quoted(text))


def _clock_of(found: re.Match[str], text: str) -> time | None:
    """The time of a match, where it has one. Raises WhenNotUnderstood."""
    if found["hour"] is None:
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    half = found["half"] or ""
    if half and hour > 12:
        half = ""  # 14:30 PM
    if hour > 23 or minute > 59 or second > 59 or (half and hour == 0):
        what = N_("{text} holds no time that a clock shows.")
        raise WhenNotUnderstood(text, what, N_("Type the time as 14:30 or 2:30 pm."))
    return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute, second)


def _clock_beside(text: str) -> time:
    typed = _DAY_OF_EXCEL.sub("", tidy(text))
    clock = _clock_of(found, text) if (found := _TIME.fullmatch(typed)) else None
    if clock is None:
        what = N_("{text} is not understood as a time of day.")
        raise WhenNotUnderstood(text, what, N_("Type the time as 14:30 or 2:30 pm."))
    return clock


def _offset_of(offset: str | None, text: str) -> tzinfo | None:
    """The zone of `Z`, `+08:00`, `+0800`, `+08` or `gmt+8`; None where nothing is said."""
    if not offset:
        return None
    signed = offset.lower().removeprefix("utc").removeprefix("gmt")
    if signed in ("", "z"):
        return UTC
    digits = signed[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        what = N_("{text} has a time zone that does not exist.")
        raise WhenNotUnderstood(text, what, N_("Type the time as 14:30, or with an offset such as +08:00."))
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if signed[0] == "-" else 1))
