"""Where the backups of one database are, what they are called, and which of them are kept.

A backup's name says all that has to be known without opening it: `recrm-2026-11-21T090000+0800-manual.db` is the
file `recrm.db` as it was then, in the agent's zone. Days, weeks and months of the rule below are the agent's too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from recrm.core.moments import zone_of

MANUAL = "manual"
BEFORE_UPGRADE = "before-upgrade"
BEFORE_RESTORE = "before-restore"

_MOMENT = "%Y-%m-%dT%H%M%S%z"
_NAME = r"(?P<at>\d{4}-\d\d-\d\dT\d{6}[+-]\d{4}(?:\d\d)?)-(?P<occasion>[a-z]+(?:-[a-z]+)*)(?:-(?P<number>\d{1,6}))?\.db"
# Drafts older than this were left by a process that was killed; no backup takes so long.
_DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class BackupFile:
    """One backup as its name describes it; `number` counts those of the same second."""

    path: Path
    at: datetime
    occasion: str
    number: int = 1

    @property
    def age(self) -> tuple[datetime, int]:
        """The key to sort backups by, the newest last."""
        return self.at.astimezone(UTC), self.number


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """The folder that holds one database's backups; `base` begins their names. Other files in it are not ours."""

    path: Path
    base: str

    def path_for(self, at: datetime, occasion: str, number: int = 1) -> Path:
        """The file of a backup taken at that moment."""
        more = f"-{number}" if number > 1 else ""
        return self.path / f"{self.base}-{at.strftime(_MOMENT)}-{occasion}{more}.db"

    def backups(self) -> list[BackupFile]:
        """The backups in the folder, the newest first. Raises OSError where it cannot be read."""
        found = [self._saved(file, file.name) for file in self._files()]
        return sorted((saved for saved in found if saved), key=lambda saved: saved.age, reverse=True)

    def leftovers(self, now: datetime) -> list[Path]:
        """Drafts of backups that a killed process began more than a day ago."""
        old = []
        for file in self._files():
            draft = re.fullmatch(r"\.(.+\.db)\.\w+\.tmp(?:-journal)?", file.name)
            saved = self._saved(file, draft[1]) if draft else None
            if saved and (now.astimezone(UTC) - saved.at.astimezone(UTC)).total_seconds() > _DAY_SECONDS:
                old.append(file)
        return old

    def _files(self) -> list[Path]:
        try:
            return list(self.path.iterdir())
        except FileNotFoundError:
            return []

    def _saved(self, file: Path, name: str) -> BackupFile | None:
        found = re.fullmatch(re.escape(self.base) + "-" + _NAME, name)
        if found is None:
            return None
        try:
            at = datetime.strptime(found["at"], _MOMENT)  # noqa: DTZ007  # the name brings its zone
        except ValueError:
            return None
        return BackupFile(file, at, found["occasion"], int(found["number"] or 1))


def real(database: Path) -> Path:
    """The file behind a path, links followed: a file has one backup folder, whatever name it is opened by."""
    return Path(os.path.realpath(database)) if database.is_symlink() else database


def folder_for(database: Path, named: str = "") -> BackupFolder:
    """The backup folder of a database: the one named, else `backups` beside the file."""
    file = real(database)
    return BackupFolder(Path(named).expanduser() if named else file.parent / "backups", file.name.removesuffix(".db"))


def older_copies(database: Path) -> list[BackupFile]:
    """Copies that older versions of recrm made beside the file before they upgraded it, by the files' own dates."""
    file = real(database)
    try:
        beside = list(file.parent.iterdir())
    except OSError:
        return []
    return [
        BackupFile(copy, datetime.fromtimestamp(copy.stat().st_mtime, UTC), BEFORE_UPGRADE)
        for copy in beside
        if re.fullmatch(re.escape(file.name) + r"\.before-version-\d+", copy.name)
    ]


# How many days, weeks and months, each with the function that numbers them; the current one counts.
_PERIODS: tuple[tuple[int, Callable[[date], int]], ...] = (
    (7, date.toordinal),
    (4, lambda day: (day.toordinal() - 1) // 7),  # day 1 of the calendar was a Monday
    (12, lambda day: day.year * 12 + day.month),
)


def kept(backups: Iterable[BackupFile], now: datetime, keep: int) -> set[BackupFile]:
    """Which backups stay: the newest `keep`, the last of each of 7 days, of 4 weeks and of 12 months.

    `now` brings the agent's zone along. One that a wrong clock dated into the future stays, and counts as none.
    """
    everything = set(backups)
    zone = zone_of(now)
    until_now = sorted((saved for saved in everything if saved.at <= now), key=lambda saved: saved.age, reverse=True)
    staying = everything - set(until_now) | set(until_now[:keep])
    for count, number_of in _PERIODS:
        present = number_of(now.date())
        last_of: dict[int, BackupFile] = {}
        for saved in until_now:
            last_of.setdefault(number_of(saved.at.astimezone(zone).date()), saved)
        staying |= {saved for number, saved in last_of.items() if present - number < count}
    return staying
