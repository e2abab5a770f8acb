"""The shop's calendar, seen from one given now: working hours of local days, in whole seconds since 1970.

A million moments are made here, so they are plain integers until they are written; the zone is asked once a
day, at its noon, which no change to summer time ever touches.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

OPENS, SHUTS = 9 * 60, 20 * 60


class Clock:
    """Days are counted backwards from today: `ago` 1 is yesterday, -1 tomorrow."""

    def __init__(self, now: datetime) -> None:
        self.zone = now.tzinfo
        self.today = now.date()
        self.now = int(now.timestamp())
        self._noons: dict[int, int] = {}

    def day(self, ago: int) -> date:
        """The local day."""
        return self.today - timedelta(days=ago)

    def at(self, ago: int, minute: int) -> int:
        """A minute of a local day, counted from its midnight."""
        noon = self._noons.get(ago)
        if noon is None:
            noon = int(datetime.combine(self.day(ago), time(12), self.zone).timestamp())
            self._noons[ago] = noon
        return noon + (minute - 720) * 60

    def ago(self, moment: int) -> int:
        """How many days back a moment within working hours lies."""
        return round((self.at(0, 720) - moment) / 86_400)

    def working(self, rng: Random, ago: int) -> int:
        """A moment of that day when people talk, in the past: before the shop opens, today becomes yesterday."""
        if ago <= 0:
            opened = self.at(0, OPENS)
            if self.now <= opened:
                return self.working(rng, 1)
            return opened + int(rng.random() * (min(self.now, self.at(0, SHUTS)) - opened))
        length = SHUTS - OPENS + (120 if rng.random() < 0.15 else 0)  # now and then an evening
        return self.at(ago, OPENS) + int(rng.random() * length * 60)

    def waking(self, moment: int) -> int:
        """The moment itself, or, if people slept then, the end of the working day before it."""
        ago = round((self.at(0, 720) - moment) / 86_400)
        if moment < self.at(ago, 8 * 60):
            return self.at(ago + 1, 17 * 60 + 40)
        return min(moment, self.at(ago, 21 * 60))


def stored(moment: int) -> str:
    """A moment as the database keeps it."""
    return datetime.fromtimestamp(moment, UTC).isoformat()[:19] + "Z"
