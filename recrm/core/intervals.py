"""Intervals after which something is due: `48h` counts hours to the second, `7d` counts local days."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from recrm.core.i18n import _
from recrm.core.moments import When, day_of, later, start_of, to_utc_text


class Interval(NamedTuple):
    """A stretch after which something is due: of hours, exact to the second, or of local days."""

    number: int
    in_days: bool

    @classmethod
    def of(cls, setting: str) -> Interval:
        """From a checked setting such as `48h` or `7d`."""
        return cls(int(setting[:-1]), setting.endswith("d"))

    def elapsed(self) -> timedelta:
        """Its length as elapsed time, a day being 24 hours."""
        return timedelta(days=self.number) if self.in_days else timedelta(hours=self.number)

    def setting(self) -> str:
        """As the config has it: `48h`, `7d`."""
        return f"{self.number}{'d' if self.in_days else 'h'}"

    def after(self, moment: datetime, zone: tzinfo) -> When:
        """The deadline that this interval sets from a moment: a moment for hours, a day for days."""
        if self.in_days:
            return day_of(moment, zone) + timedelta(days=self.number)
        return later(moment, timedelta(hours=self.number))

    def started_before(self, by: datetime, zone: tzinfo) -> str:
        """The bound, as stored text, before which a clock must have started to be due before `by`.

        What is due on a day is due before `by` when that whole day lies before `by`'s day.
        """
        if self.in_days:
            return to_utc_text(start_of(day_of(by, zone) - timedelta(days=self.number), zone))
        return to_utc_text(later(by, -timedelta(hours=self.number)))

    def label(self) -> str:
        """How often, for a person: `every 48 hours`, `every 7 days`, `every day`."""
        if self.in_days:
            return _("every day") if self.number == 1 else _("every {n} days", n=self.number)
        return _("every hour") if self.number == 1 else _("every {n} hours", n=self.number)


def is_interval(text: str) -> bool:
    """Whether `Interval.of` can take it."""
    return text[-1:] in ("h", "d") and text[:-1].isdecimal() and 0 < int(text[:-1]) < 10_000
