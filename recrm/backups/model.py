"""What a backup, a restoration and a finding are, and the ways in which a backup is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from recrm.core.errors import Conflict, DatabaseTrouble, NotFound
from recrm.core.i18n import N_

# What `restore` takes for the newest good backup.
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Listed:
    """A backup as it was found: its name's facts, and what opening it showed. `size` in bytes."""

    path: Path
    at: datetime
    occasion: str
    size: int
    state: str
    version: int | None
    clients: int | None
    why: str
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoration did; `kept` is where the replaced file is now, None where there was none.

    `is_bared` says that it was encrypted, and what has its place is not.
    """

    file: Path
    database: Path
    version: int
    clients: int
    kept: Path | None
    kept_whole: bool
    encrypted: bool
    is_bared: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: how many rows, the first of their ids, and two sentences: what is wrong and what to do."""

    check: str
    count: int
    what: str
    hint: str
    repairable: bool
    ids: tuple[int, ...] = ()


class BackupNotFound(NotFound):
    """No file has the name that was typed, neither here nor in the folder of backups."""

    def __init__(self, typed: str, folder: Path) -> None:
        super().__init__(
            N_("There is no backup {text}, neither here nor in {folder}."),
            N_("See those there are with `recrm list-backups`."),
            text=typed,
            folder=folder,
        )


class NoGoodBackup(NotFound):
    """The folder holds no backup of this database that can be opened."""

    def __init__(self, folder: Path, bad: int, *, some_locked: bool) -> None:
        super().__init__(
            N_("None of the backups in {folder} can be opened ({bad} tried).")
            if bad
            else N_("There is no backup of this database in {folder}."),
            N_("Some are encrypted with another passphrase: give it in RECRM_KEY_FILE, or name one, and you are asked.")
            if some_locked
            else N_("Name the file: `recrm restore FILE`; `recrm list-backups --from FOLDER` looks elsewhere."),
            folder=folder,
            bad=bad,
        )


class BackupBad(DatabaseTrouble):
    """The file that was to be restored is damaged."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            N_("The backup {path} is damaged, so nothing was replaced: {why}."),
            N_("See which ones are good with `recrm list-backups`."),
            path=path,
            why=why,
        )


class BackupForeign(DatabaseTrouble):
    """What was to be restored is a folder, or a file that recrm did not write."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("{path} is not a backup of recrm's; it was left as it is, and nothing was replaced."),
            N_("Name a backup; `recrm list-backups` shows them."),
            path=path,
        )


class FolderNotFound(NotFound):
    """No folder has the name that was typed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            N_("There is no folder {folder}."),
            N_("Name the one that holds the backups, or leave --from out for the usual one."),
            folder=folder,
        )


class BackupLocked(DatabaseTrouble):
    """The file that was to be restored is encrypted with a passphrase that was not given."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("The backup {path} is encrypted, and the passphrase at hand does not open it; nothing was replaced."),
            N_("Give the passphrase it was made with: in RECRM_KEY_FILE, or on a terminal, which asks."),
            path=path,
        )


class SameFile(Conflict):
    """The file that was to be restored is the database itself."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("{path} is the database itself."), N_("Name a backup; `recrm list-backups` shows them."), path=path
        )


class ChangedMeanwhile(Conflict):
    """Others kept writing while the backup of what they wrote was being made."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("Other programs keep writing to {path}, so nothing was replaced."),
            N_("Let them finish (cron, other terminals) and repeat the command."),
            path=path,
        )
