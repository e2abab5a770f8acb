"""What can be wrong with a database file, as sentences a person can act on; and the marker that stops writing to it.

Here is nothing that opens a file: `recrm.storage.db` does that, and everything that meets SQLite's refusals asks here.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from recrm.core.errors import DatabaseTrouble
from recrm.core.i18n import N_, _
from recrm.core.moments import to_utc_text

# How long SQLite waits for a lock before it gives up.
LOCK_SECONDS = 10


class DatabaseAbsent(DatabaseTrouble):
    """There is no file at the path. Only `init`, `demo` and a first write to the default path make one."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("There is no database at {path}."),
            N_("Type `recrm init` to create it, or `recrm demo` to look around first."),
            path=path,
        )


class NotADatabase(DatabaseTrouble):
    """The file is empty, belongs to another program, or is not an SQLite database at all; it was not touched."""

    def __init__(self, what: str, path: Path) -> None:
        """`what` is a template over `{path}`, marked for translation."""
        super().__init__(what, N_("Name recrm's own file with --db or RECRM_DB."), path=path)


# What a file can be instead of a database of ours.
IS_FOLDER = N_("{path} is a folder; it was left as it is.")
IS_NO_FILE = N_("{path} is not a file; it was left as it is.")
IS_EMPTY = N_("{path} is empty; it was left as it is.")
IS_NOT_OURS = N_("{path} is not a recrm database; it was left as it is.")
IS_FOREIGN = N_("{path} is a database of another program; it was left as it is.")


class DatabaseNewer(DatabaseTrouble):
    """The file was written by a newer recrm."""

    def __init__(self, path: Path, version: int, known: int) -> None:
        super().__init__(
            N_("{path} has version {version}, newer than the {known} this recrm knows; it was left as it is."),
            N_("Upgrade recrm and repeat the command."),
            path=path,
            version=version,
            known=known,
        )


class DatabaseReplaced(DatabaseTrouble):
    """Another command has encrypted, decrypted or restored the file since this one opened it."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            N_("Another command has replaced {path} in the meantime; nothing was changed."),
            N_("Repeat the command."),
            path=path,
        )


# What SQLite says of a file that it cannot read or write, where people meet it.
SQLITE_REASONS = (
    N_("database disk image is malformed"),
    N_("file is not a database"),
    N_("disk I/O error"),
)


class DatabaseDamaged(DatabaseTrouble):
    """Pages of the file cannot be read, or contradict one another. `reason` is SQLite's."""

    def __init__(self, path: Path | str, reason: object) -> None:
        super().__init__(
            N_("{path} is damaged: {reason}."),
            N_(
                "See how far it reaches with `recrm check`, or put the newest good backup in its place with "
                "`recrm restore latest`."
            ),
            path=path,
            reason=_(str(reason)),
        )
        self.path, self.reason = path, str(reason)


class WritingStopped(DatabaseTrouble):
    """The file was found damaged, and writing on would spread the damage; reading goes on as far as it can."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("{path} was found damaged, and nothing is written to it any more."),
            N_("Put the newest good backup in its place with `recrm restore latest`, or look with `recrm check`."),
            path=path,
        )


def marker_of(path: Path) -> Path:
    """The file beside a database that stops all writing to it."""
    return Path(f"{os.path.realpath(path)}.damaged")


def unmark(path: Path) -> None:
    """Allow writing to it again. A read-only disk refuses to remove even an absent file, and takes no writes anyway."""
    with suppress(OSError):
        marker_of(path).unlink()


def mark_damaged(path: Path, reason: str, at: datetime) -> None:
    """Leave the marker, one line that says when and why; where the folder is read-only nothing is written anyway."""
    with suppress(OSError):
        descriptor = os.open(marker_of(path), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{to_utc_text(at)} {' '.join(reason.split())}\n")


def is_text_index_error(error: sqlite3.Error) -> bool:
    """Whether only a full-text index is at fault, which can be rebuilt from the texts.

    SQLite's code says so; SQLCipher's module knows no such codes, but there FTS5 says its name.
    """
    return getattr(error, "sqlite_errorname", "") == "SQLITE_CORRUPT_VTAB" or str(error).startswith("fts5: corruption")


def from_sqlite_error(error: sqlite3.Error, path: Path | str) -> DatabaseTrouble:
    """SQLite's error as one that a person can act on."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseTrouble(
            N_("Another program has been writing to {path} for over {seconds} seconds; nothing was changed."),
            N_("Wait until it has finished and repeat the command."),
            path=path,
            seconds=LOCK_SECONDS,
        )
    if name == "SQLITE_READONLY_DBMOVED":
        return DatabaseReplaced(path)
    if name.startswith("SQLITE_READONLY"):
        return DatabaseTrouble(
            N_("{path} or its folder is read-only; nothing was changed."),
            N_("Give yourself write permission for both, or name another file with --db."),
            path=path,
        )
    if is_text_index_error(error):
        return DatabaseTrouble(
            N_("The text index in {path} is out of step with the texts; nothing was changed."),
            N_("Rebuild it with `recrm check --repair`."),
            path=path,
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DatabaseDamaged(path, error)
    if name.startswith("SQLITE_FULL"):
        return DatabaseTrouble(
            N_("The disk that holds {path} is full; nothing was changed."),
            N_("Free some space and repeat the command."),
            path=path,
        )
    return DatabaseTrouble(
        N_("{path} cannot be used: {why}; nothing was changed."),
        N_("Check the disk, the folder and their permissions, and repeat the command."),
        path=path,
        why=_(str(error)),
    )
