"""When a logged conversation was: the dates and times of other programs as instants, judged by their whole column.

Only what names one day for good is taken: “yesterday” in a file is yesterday of whoever wrote it. What a column
proves goes before the config: where 25/12/2026 stands in it, its 5/6/2026 is 5 June.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from recrm.core.dates.calendar import at_clock
from recrm.core.dates.request import Request, outside, tidy
from recrm.core.dates.when import moment_at, split_clock
from recrm.core.dates.written import read_written
from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.moments import FIRST_YEAR, LAST_YEAR, end_of, later, start_of, to_utc_text
from recrm.core.text import quoted
from recrm.imports.columns.values import clean, order_of

_ZONED = re.compile(r"(.*\d:\d\d(?: ?[ap]m)?) ?(?:z|utc|gmt|(?:utc|gmt)?([+-])(\d\d?)(?::?(\d\d))?)(?: ?\(.*\))?")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]* |(?<=\d) (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$")
_SHOWS_TIME = re.compile(  # which is not midnight
    r"(?<![\d:+-])(?!0?0:00(?::00)?(?!:?\d)|12:00(?::00)?\s*am)\d\d?:\d\d|[点點时]", re.IGNORECASE
)
_FRACTION = re.compile(r"(:\d\d:\d\d)[.,:]\d+")
_T = re.compile(r"(?<=\d)t(?=\d)| t(?=\d)")
_NEEDLESS_PM = re.compile(r"\b((?:1[3-9]|2\d):[\d:]+) ?pm")
_DAY_OF_EXCEL = re.compile("1899-12-3[01]|1900-01-0[01]|")  # beside a time that has none
_COUNTS = {  # how a whole column of bare numbers counts time
    "seconds": re.compile(r"\d{10}"),
    "milliseconds": re.compile(r"\d{13}"),
    "days": re.compile(r"[2-7]\d{4}(?:\.\d+)?"),  # Excel's, from 1954 to 2119
}
_BARE_NUMBER = re.compile(r"\d{5}(?:\.\d+)?|\d{9,}")
_EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001  # a clock on the wall, of no zone yet
_NOON, _MIDNIGHT = time(12), time()
_TYPE_DATE = N_("Type the date, such as 2026-11-21 14:30.")
_Parts = tuple[date, time | None, tzinfo | None]  # a day, and the clock and the zone written beside it


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


class DateReader:
    """Reads the cells of one date column, and of the time column beside it, by what all cells together say.

    `configured` is the config's order; `proven` is `dmy` or `mdy` where the column leaves no doubt, else empty.
    """

    def __init__(self, cells: Iterable[str], configured: str, now: datetime) -> None:
        self.now = now
        self.zone: tzinfo = now.tzinfo or UTC
        orders: set[str] = set()
        counts = set(_COUNTS)
        self.has_times = False
        for text in filter(None, map(clean, cells)):
            orders.add(order_of([text]))
            counts = {count for count in counts if _COUNTS[count].fullmatch(text)}
            self.has_times = self.has_times or bool(_SHOWS_TIME.search(text))
        orders.discard("")
        self.proven = next(iter(orders)) if len(orders) == 1 else ""
        self.order = self.proven or ("" if orders else configured) or None
        self.counted = next(iter(counts)) if len(counts) == 1 else ""  # where it holds bare numbers of one kind
        self._read = lru_cache(maxsize=1024)(self._moment)

    def read(self, cell: str, beside: str = "") -> Moment:
        """The moment of a date cell and the time cell beside it. Raises WhenNotUnderstood, UsageError."""
        return self._read(clean(cell), clean(beside))

    def _moment(self, text: str, beside: str) -> Moment:
        if not text:
            raise UsageError(N_("This row has no date."), N_("Fill in when it was, such as 2026-11-21 14:30."))
        request = Request(text, self.now, back=True, order=self.order)
        day, clock, zone = _counted(text, self.counted) if self.counted else _parts(request)
        if beside and clock in (None, _MIDNIGHT):
            clock, zone = self._clock_beside(beside), None
        elif clock == _MIDNIGHT and not self.has_times:
            clock = None  # a day that a spreadsheet wrote as its midnight
        if clock is None:
            # Noon, as nobody knows better; this moment for a day whose noon is still to come.
            moment = at_clock(day, _NOON, self.zone)
            moment = min(moment, self.now) if day == self.now.date() else moment
        elif zone is None:
            moment = moment_at(request, day, clock)
        else:
            moment = datetime.combine(day, clock, zone).astimezone(self.zone)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise outside(text)
        if moment.astimezone(UTC) > self.now.astimezone(UTC):
            raise UsageError(
                N_("{text} is in the future, and nothing has been said there yet."),
                N_("Correct the date, or take the row out."),
                text=quoted(text),
            )
        at, day = to_utc_text(moment), moment.date()
        first = last = at
        if clock is None:
            first = to_utc_text(start_of(day, self.zone))
            last = to_utc_text(later(end_of(day, self.zone), timedelta(seconds=-1)))
        return Moment(at, day.isoformat(), first, last)

    def _clock_beside(self, text: str) -> time:
        request = Request(text, self.now, back=True, order=None)
        clock, rest = split_clock(request, _tidy(text))
        if clock is None or not _DAY_OF_EXCEL.fullmatch(rest):
            what = N_("{text} is not understood as a time of day.")
            raise request.refusal(what, N_("Type the time as 14:30 or 2:30 pm."))
        return clock


def _tidy(text: str) -> str:
    """As `tidy`; without fractions of a second, a T before the time, and the pm of 14:30 pm."""
    typed = _T.sub(" ", tidy(_FRACTION.sub(r"\1", text)))
    return _NEEDLESS_PM.sub(r"\1", typed)


def _parts(request: Request) -> _Parts:
    text, typed, zone = request.text, _tidy(request.text), None
    if _BARE_NUMBER.fullmatch(typed):
        raise request.refusal(N_("{text} is a bare number, which is not a date."), _TYPE_DATE)
    if zoned := _ZONED.fullmatch(typed):
        typed, sign, hours, minutes = zoned.groups()
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        if offset > timedelta(hours=14):
            what = N_("{text} has a time zone that does not exist.")
            raise request.refusal(what, N_("Type the time as 14:30, or with an offset such as +08:00."))
        zone = timezone(-offset if sign == "-" else offset)
    clock, typed = split_clock(request, typed)
    written = read_written(_WEEKDAY.sub("", typed), text, request.order)
    if written is None:
        raise request.refusal(N_("{text} is not understood as a date."), _TYPE_DATE)
    year, month, day = written
    if year is None:
        raise request.refusal(N_("{text} has no year."), N_("Type the date with its year, such as 2026-11-21."))
    return date(year, month, day), clock, zone


def _counted(text: str, counted: str) -> _Parts:
    """The moment of a bare number, in a column of seconds, milliseconds or Excel's days."""
    if counted == "days":
        seconds = round(float(text) * 86400)
        moment = _EXCEL_BEGINS + timedelta(seconds=seconds)
        return moment.date(), moment.time() if seconds % 86400 else None, None
    moment = datetime.fromtimestamp(int(text) // (1000 if counted == "milliseconds" else 1), UTC)
    return moment.date(), moment.time(), UTC
