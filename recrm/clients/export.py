"""What clients give to a calendar: their birthdays."""

from __future__ import annotations

from datetime import date

from recrm.core.dates.calendar import month_length
from recrm.core.export import Entries, Entry, Row
from recrm.core.i18n import NN_, _

_EARLIEST_YEAR = 1900  # some calendars show nothing that began before


def _birthday(row: Row) -> Entry:
    year, month, day = row["birth_year"], row["birth_month"], row["birth_day"]
    is_known = year is not None and year >= _EARLIEST_YEAR
    if is_known:
        summary = _("{client}: birthday ({year})", client=row["client"], year=year)
    else:
        summary = _("{client}: birthday", client=row["client"])
    return Entry(
        kind="birthday",
        added=row["created_at"],
        summary=summary,
        text="",
        command=f"recrm show-client {row['id']}",
        when=_day(year if is_known else int(row["created_at"][:4]), month, day),
        yearly=True,
    )


def _day(year: int, month: int, day: int) -> date:
    """The day in that year; 29 February in the leap year before, so that the rule knows which day is meant."""
    while day > month_length(year, month):
        year -= 1
    return date(year, month, day)


ENTRIES = (
    Entries(
        "birthdays",
        NN_("{n} birthday", "{n} birthdays"),
        order=40,
        table="clients",
        # Of whom one may greet: neither archived nor asking not to be contacted.
        condition="+standing.birthday IS NOT NULL",
        entry=_birthday,
        join="CROSS JOIN standing ON standing.client_id = clients.id",
    ),
)
