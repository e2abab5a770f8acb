"""How days, deadlines and stretches of time read, in the language spoken: `Fri 27 Nov`, `3 days ago`, `2 h left`.

A label is one fact of a sentence, `{when}`. The names of days and months stand here alone; what people type is
recognised by them too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from recrm.core.i18n import N_, _, ngettext
from recrm.core.moments import When, day_of, days_overdue, elapsed, zone_of

MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)
WEEKDAYS = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday")),
    *(N_("Saturday"), N_("Sunday")),
)
# English cuts a name to three letters; a Chinese one, 周五 or 11月, has no more.
_SHORT = 3


def day_label(day: date, today: date) -> str:
    """A day as a person writes it, whatever the locale: `Fri 27 Nov`, with the year unless it is today's."""
    weekday, month = _(WEEKDAYS[day.weekday()])[:_SHORT], _(MONTHS[day.month - 1])[:_SHORT]
    if day.year == today.year:
        return _("{weekday} {day} {month}", weekday=weekday, day=day.day, month=month)
    return _("{weekday} {day} {month} {year}", weekday=weekday, day=day.day, month=month, year=day.year)


def full_day_label(day: date) -> str:
    """A day with nothing cut: `Friday 27 November 2026`."""
    weekday, month = _(WEEKDAYS[day.weekday()]), _(MONTHS[day.month - 1])
    return _("{weekday} {day} {month} {year}", weekday=weekday, day=day.day, month=month, year=day.year)


def due_label(when: When, now: datetime) -> str:
    """A deadline seen from now, short enough for a column: `3 days ago`, `today 14:30`, `tomorrow`, `Fri 27 Nov`."""
    late = days_overdue(when, now)
    if late > 1:
        return _("{n} days ago", n=late)
    if not isinstance(when, datetime):
        return _(_NAMED[late]) if late in _NAMED else day_label(when, now.date())
    zone = zone_of(now)
    clock = f"{when.astimezone(zone):%H:%M}"
    if late in _NAMED_AT:
        return _(_NAMED_AT[late], clock=clock)
    return _("{day} {clock}", day=day_label(day_of(when, zone), now.date()), clock=clock)


_NAMED = {1: N_("yesterday"), 0: N_("today"), -1: N_("tomorrow")}
_NAMED_AT = {1: N_("yesterday {clock}"), 0: N_("today {clock}"), -1: N_("tomorrow {clock}")}


def ago_label(moment: datetime, now: datetime) -> str:
    """How long ago something was, by local days beyond today: `just now`, `40 min ago`, `3 h ago`, `9 days ago`."""
    days = days_overdue(moment, now)
    minutes = int(elapsed(moment, now).total_seconds() // 60)
    if days <= 0 or minutes < 12 * 60:
        if minutes < 1:
            return _("just now")
        return _("{n} min ago", n=minutes) if minutes < 60 else _("{n} h ago", n=minutes // 60)
    if days == 1:
        return _("yesterday")
    return _("{n} days ago", n=days) if days < 60 else _("on {day}", day=day_label(moment.date(), now.date()))


def span_label(minutes: int) -> str:
    """A stretch of time, in its two largest units: `35 min`, `3 h 20 min`, `2 d 4 h`. `minutes` is not negative."""
    days, rest = divmod(minutes, 24 * 60)
    hours, mins = divmod(rest, 60)
    if days:
        return _("{days} d {hours} h", days=days, hours=hours) if hours else _("{days} d", days=days)
    if hours:
        return _("{hours} h {minutes} min", hours=hours, minutes=mins) if mins else _("{hours} h", hours=hours)
    return _("{minutes} min", minutes=mins)


def rough_span_label(minutes: int) -> str:
    """A stretch of time for a sentence, in its largest unit alone: `35 minutes`, `3 hours`, `2 days`."""
    if minutes >= 24 * 60:
        return ngettext("{n} day", "{n} days", minutes // (24 * 60))
    if minutes >= 60:
        return ngettext("{n} hour", "{n} hours", minutes // 60)
    return ngettext("{n} minute", "{n} minutes", minutes)


def minutes_past(start: datetime, end: datetime) -> int:
    """Whole minutes from one moment to another, rounded down; negative where the other comes first."""
    return int(elapsed(start, end).total_seconds() // 60)


def clock_label(due: datetime, now: datetime) -> str:
    """A running clock: `1 h 20 min left`, or `3 h 5 min over` once it has run out."""
    minutes = minutes_past(now, due)
    if minutes >= 0:
        return _("{span} left", span=span_label(minutes))
    return _("{span} over", span=span_label(-minutes))


def enumeration(items: Iterable[str]) -> str:
    """Things one after another: `tier, birthday`."""
    return _(", ").join(items)
