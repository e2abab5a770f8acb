"""Promises, complaints' clocks, call-backs and birthdays as an iCalendar file (RFC 5545) for any calendar.

Everything is an event, because to-dos are shown by few calendars: what is due on a day is an all-day event, what is
due at a moment one of half an hour, in UTC, which every calendar turns into its own zone. An entry keeps its name
(UID) for good and its SEQUENCE rises as it moves, so that a calendar that is given the file again updates instead of
doubling. Nothing in it comes from the clock: equal databases give equal files.

The lines are written as vCards' are, whose grammar is the same: icalendar takes a millisecond an event, two minutes
for the birthdays of a large shop, and reads the file in the tests instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO, NamedTuple

from recrm.core.dates.calendar import month_length
from recrm.core.moments import When, from_utc_text, when_of
from recrm.core.text import clean_line, shorten
from recrm.exports import store
from recrm.exports.identity import lasting_id
from recrm.exports.lines import line, text
from recrm.exports.store import Choice

LASTS = 30  # minutes
_EARLIEST_YEAR = 1900  # some calendars show nothing that began before


class Entry(NamedTuple):
    """One event. `sequence` rises whenever it moves; `changed` is when its row was last written."""

    uid: str
    summary: str
    description: str
    when: When
    sequence: int
    created: datetime
    changed: datetime
    yearly: bool = False


def write(sink: BinaryIO, chosen: Choice, advance: Callable[[int], None]) -> dict[str, int]:
    """Write all of it; how many entries of each kind there are."""
    sink.write(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//recrm//recrm//EN\r\nCALSCALE:GREGORIAN\r\n")
    sink.write(b"METHOD:PUBLISH\r\nX-WR-CALNAME:recrm\r\n")
    counts = {}
    for name, entries in (
        ("follow_ups", map(_follow_up, store.open_follow_ups(chosen))),
        ("complaints", map(_clock, store.running_complaints(chosen))),
        ("call_backs", map(_call_back, store.call_backs(chosen))),
        ("birthdays", map(_birthday, store.birthdays(chosen))),
    ):
        counts[name] = _write_all(sink, entries, advance)
    sink.write(b"END:VCALENDAR\r\n")
    return counts


def _write_all(sink: BinaryIO, entries: Iterable[Entry], advance: Callable[[int], None]) -> int:
    count = 0
    for entry in entries:
        sink.write(_event(entry))
        count += 1
        advance(1)
    return count


def _event(entry: Entry) -> bytes:
    return b"".join(line(name, value) for name, value in _properties(entry))


def _properties(entry: Entry) -> Iterator[tuple[str, str]]:
    """Names with their parameters, and values as they stand in the file."""
    yield "BEGIN", "VEVENT"
    yield "UID", entry.uid
    yield "SUMMARY", text(clean_line(entry.summary))
    if entry.description:
        yield "DESCRIPTION", text(entry.description)
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
    yield "CREATED", _moment(entry.created)
    yield "DTSTAMP", _moment(entry.changed)
    yield "LAST-MODIFIED", _moment(entry.changed)
    yield "SEQUENCE", str(entry.sequence)
    yield "END", "VEVENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _follow_up(row: Any) -> Entry:
    what = shorten(row["reason"], 120) or "follow up"
    return Entry(
        _uid("follow-up", row, row["created_at"]),
        f"{row['client']}: {what}",
        _lines(row["reason"], row["phone"], f"recrm done f{row['id']}"),
        when_of(row["due_day"], row["due_at"], UTC),
        row["snoozes"],
        *_moments(row, row["created_at"]),
    )


def _clock(row: Any) -> Entry:
    what = f"{row['step']} ({row['role']})" if row["status"] == "open" else "ask whether the client is satisfied"
    return Entry(
        _uid("complaint", row, row["opened_at"]),
        f"{row['client']}: {row['severity']} complaint: {what}",
        _lines(row["text"], row["phone"], f"recrm show-complaint c{row['id']}"),
        from_utc_text(row["clock"], UTC),
        row["events"],
        *_moments(row, row["opened_at"]),
    )


def _call_back(row: Any) -> Entry:
    return Entry(
        _uid("call-back", row, row["opened_at"]),
        f"{row['client']}: call back after the complaint",
        _lines(row["text"], row["phone"], f"recrm show-complaint c{row['id']}"),
        date.fromisoformat(row["call_back_due"]),
        row["events"],
        *_moments(row, row["opened_at"]),
    )


def _birthday(row: Any) -> Entry:
    year, month, day = row["birth_year"], row["birth_month"], row["birth_day"]
    is_known = year is not None and year >= _EARLIEST_YEAR
    first = year if is_known else int(row["client_created_at"][:4])
    summary = f"{row['client']}: birthday ({year})" if is_known else f"{row['client']}: birthday"
    added = row["client_created_at"]
    entry_day = _day(first, month, day)
    return Entry(
        _uid("birthday", row, added),
        summary,
        _lines("", row["phone"], f"recrm show-client {row['id']}"),
        entry_day,
        0,
        *_moments(row, added),
        yearly=True,
    )


def _day(year: int, month: int, day: int) -> date:
    """The day in that year; 29 February in the leap year before, so that the rule knows which day is meant."""
    while day > month_length(year, month):
        year -= 1
    return date(year, month, day)


def _uid(kind: str, row: Any, added: str) -> str:
    return f"{lasting_id(kind, row['id'], added, row['client_created_at'])}@recrm"


def _moments(row: Any, added: str) -> tuple[datetime, datetime]:
    """When it was made and when it last changed; sample data has no line in the journal."""
    return from_utc_text(added, UTC), from_utc_text(max(row["changed_at"] or added, added), UTC)


def _lines(*lines: str | None) -> str:
    return "\n".join(filter(None, lines))
