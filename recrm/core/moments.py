"""Days and moments: what a deadline is, where a local day begins and ends, how both are stored.

A `When` is either a `date` (a promise for that day, good until the day ends) or an aware `datetime` (a
promise for a moment). Days belong to the agent's zone and may last 23 or 25 hours, so nothing here adds 24
hours to get to tomorrow.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

When = date | datetime

# The years that a client's life and a shop's promises can touch; what lies outside is a slip of the finger.
FIRST_YEAR, LAST_YEAR = 1900, 2199


def to_utc_text(moment: datetime) -> str:
    """An aware moment as it is stored: `2026-11-25T06:30:00Z`, whole seconds, sortable as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_utc_text(text: str, zone: tzinfo) -> datetime:
    """A stored instant as a moment in the agent's zone."""
    return datetime.fromisoformat(text).astimezone(zone)


def when_of(day: str | None, at: str | None, zone: tzinfo) -> When:
    """A deadline from its two stored columns, of which one is filled."""
    return from_utc_text(at, zone) if at else date.fromisoformat(day or "")


def later(moment: datetime, span: timedelta) -> datetime:
    """The moment after so much elapsed time, in the same zone; `moment + span` would turn the clock on the wall."""
    return (moment.astimezone(UTC) + span).astimezone(moment.tzinfo)


def elapsed(start: datetime, end: datetime) -> timedelta:
    """The time between two moments; `end - start` of one zone would read it off the clock on the wall."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def start_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of a local day."""
    return datetime.combine(day, time(), zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The first moment after a local day."""
    return start_of(day + timedelta(days=1), zone)


def day_of(when: When, zone: tzinfo) -> date:
    """The local day that a deadline falls on."""
    return when.astimezone(zone).date() if isinstance(when, datetime) else when


def deadline(when: When, zone: tzinfo) -> datetime:
    """The moment after which a promise is broken, in UTC: the moment itself, or the end of its day."""
    return (when if isinstance(when, datetime) else end_of(when, zone)).astimezone(UTC)


def zone_of(now: datetime) -> tzinfo:
    """The zone that `now` brings along, the agent's. Raises ValueError for a naive one, which is a bug."""
    if now.tzinfo is None:
        raise ValueError("now has no zone")
    return now.tzinfo


def is_overdue(when: When, now: datetime) -> bool:
    """Whether a promise is already broken at `now` (aware, in the agent's zone)."""
    if isinstance(when, datetime):
        return when.astimezone(UTC) < now.astimezone(UTC)
    return when < now.date()


def days_overdue(when: When, now: datetime) -> int:
    """Local calendar days from the deadline's day to today; negative when it lies ahead."""
    return (now.date() - day_of(when, zone_of(now))).days


def iso(when: When, zone: tzinfo) -> str:
    """A deadline or a moment for JSON: `2026-11-25`, or `2026-11-25T14:30:00+08:00`."""
    if isinstance(when, datetime):
        return when.astimezone(zone).isoformat(timespec="seconds")
    return when.isoformat()
