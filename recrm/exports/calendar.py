"""What lies ahead as an iCalendar file (RFC 5545) for any calendar: promises, clocks, birthdays, as each slice says.

Everything is an event, because to-dos are shown by few calendars: what is due on a day is an all-day event, what is
due at a moment one of half an hour, in UTC, which every calendar turns into its own zone. An entry keeps its name
(UID) for good and its SEQUENCE rises as it moves, so that a calendar that is given the file again updates instead of
doubling. Nothing in it comes from the clock: equal databases give equal files.

The lines are written as vCards' are, whose grammar is the same; icalendar reads the file in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from recrm import slices
from recrm.core.export import Entry
from recrm.core.moments import from_utc_text
from recrm.core.text import clean_line
from recrm.exports import store
from recrm.exports.identity import lasting_id
from recrm.exports.lines import line, text
from recrm.exports.store import Choice

LASTS = 30  # minutes


def write(sink: BinaryIO, chosen: Choice, advance: Callable[[int], None]) -> dict[str, int]:
    """Write all of it; how many entries of each kind there are."""
    sink.write(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//recrm//recrm//EN\r\nCALSCALE:GREGORIAN\r\n")
    sink.write(b"METHOD:PUBLISH\r\nX-WR-CALNAME:recrm\r\n")
    counts = {}
    for kind in slices.entries():
        counts[kind.name] = 0
        for row in store.entry_rows(chosen, kind):
            sink.write(_event(kind.entry(row), row))
            counts[kind.name] += 1
            advance(1)
    sink.write(b"END:VCALENDAR\r\n")
    return counts


def _event(entry: Entry, row: Any) -> bytes:
    return b"".join(line(name, value) for name, value in _properties(entry, row))


def _properties(entry: Entry, row: Any) -> Iterator[tuple[str, str]]:
    """Names with their parameters, and values as they stand in the file."""
    yield "BEGIN", "VEVENT"
    yield "UID", f"{lasting_id(entry.kind, row['id'], entry.added, row['client_created_at'])}@recrm"
    yield "SUMMARY", text(clean_line(entry.summary))
    yield "DESCRIPTION", text("\n".join(filter(None, (entry.text, row["phone"], entry.command))))
    if isinstance(entry.when, datetime):
        yield "DTSTART", _moment(entry.when)
        yield "DURATION", f"PT{LASTS}M"
    else:
        yield "DTSTART;VALUE=DATE", f"{entry.when:%Y%m%d}"
        yield "DTEND;VALUE=DATE", f"{entry.when + timedelta(days=1):%Y%m%d}"
        yield "TRANSP", "TRANSPARENT"  # the day stays free for appointments
        if entry.yearly:
            # 29 February is the last day of February, as `due-today` keeps it.
            is_leap_day = (entry.when.month, entry.when.day) == (2, 29)
            yield "RRULE", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" if is_leap_day else "FREQ=YEARLY"
    changed = from_utc_text(max(row["changed_at"] or entry.added, entry.added), UTC)  # sample data has no journal
    yield "CREATED", _moment(from_utc_text(entry.added, UTC))
    yield "DTSTAMP", _moment(changed)
    yield "LAST-MODIFIED", _moment(changed)
    yield "SEQUENCE", str(entry.sequence)
    yield "END", "VEVENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
