"""What can be wrong with a database file, in words a person can act on; and the mark that stops writing to it.

Here is nothing that opens a file: `recrm.storage.db` does that, and everything that meets SQLite's refusals asks here.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from recrm.core.errors import DatabaseTrouble
from recrm.core.moments import to_utc_text

# So long SQLite waits for a lock before it gives up.
LOCK_SECONDS = 10


class DatabaseAbsent(DatabaseTrouble):
    """There is no file at the path. Only `init`, `demo` and a first write to the default path make one."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no database at {path}.",
            "Type `recrm init` to create it, or `recrm demo` to look around first.",
        )


class NotADatabase(DatabaseTrouble):
    """The file is empty, of another program, or no SQLite database at all; it was not touched."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} {reason}; it was left as it is.", "Name recrm's own file with --db or RECRM_DB.")


class DatabaseNewer(DatabaseTrouble):
    """The file was written by a newer recrm."""

    def __init__(self, path: Path, version: int, known: int) -> None:
        super().__init__(
            f"{path} has version {version}, newer than the {known} this recrm knows; it was left as it is.",
            "Upgrade recrm and repeat the command.",
        )


class DatabaseReplaced(DatabaseTrouble):
    """Another command has encrypted, decrypted or restored the file since this one opened it."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            f"Another command has put a new file in the place of {path} meanwhile; nothing was changed.",
            "Repeat the command.",
        )


class DatabaseDamaged(DatabaseTrouble):
    """Pages of the file cannot be read, or contradict one another. `reason` is SQLite's."""

    def __init__(self, path: Path | str, reason: object) -> None:
        super().__init__(
            f"{path} is damaged: {reason}.",
            "Look how far it reaches with `recrm check`, or put the newest good backup in its place with "
            "`recrm restore latest`.",
        )
        self.path, self.reason = path, str(reason)


class WritingStopped(DatabaseTrouble):
    """The file was found damaged, and to write on would spread it: reading goes on as far as it can."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was found damaged, and nothing is written to it any more.",
            "Put the newest good backup in its place with `recrm restore latest`, or look with `recrm check`.",
        )


def marker_of(path: Path) -> Path:
    """The file beside a database that stops all writing to it."""
    return Path(f"{os.path.realpath(path)}.damaged")


def unmark(path: Path) -> None:
    """Let it be written to again. A read-only disk refuses to remove even what is not there, and takes no writes."""
    with suppress(OSError):
        marker_of(path).unlink()


def mark_damaged(path: Path, reason: str, at: datetime) -> None:
    """Leave the marker, one line that says when and why; where the folder is read-only nothing is written anyway."""
    with suppress(OSError):
        descriptor = os.open(marker_of(path), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{to_utc_text(at)} {' '.join(reason.split())}\n")


def is_of_words(error: sqlite3.Error) -> bool:
    """Whether only an index of words is at fault, which can be made anew from the texts.

    SQLite's code says so; SQLCipher's module knows no such codes, but there FTS5 says its name.
    """
    return getattr(error, "sqlite_errorname", "") == "SQLITE_CORRUPT_VTAB" or str(error).startswith("fts5: corruption")


def from_sqlite_error(error: sqlite3.Error, path: Path | str) -> DatabaseTrouble:
    """SQLite's refusal in words a person can act on."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseTrouble(
            f"Another program has been writing to {path} for over {LOCK_SECONDS} seconds; nothing was changed.",
            "Wait until it has finished and repeat the command.",
        )
    if name == "SQLITE_READONLY_DBMOVED":
        return DatabaseReplaced(path)
    if name.startswith("SQLITE_READONLY"):
        return DatabaseTrouble(
            f"{path} or its folder is read-only; nothing was changed.",
            "Give yourself write permission for both, or name another file with --db.",
        )
    if is_of_words(error):
        return DatabaseTrouble(
            f"The index of words in {path} is out of step with the texts; nothing was changed.",
            "Have it made anew with `recrm check --repair`.",
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DatabaseDamaged(path, error)
    if name.startswith("SQLITE_FULL"):
        return DatabaseTrouble(
            f"The disk that holds {path} is full; nothing was changed.",
            "Free some space and repeat the command.",
        )
    return DatabaseTrouble(
        f"{path} cannot be used: {error}; nothing was changed.",
        "Check the disk, the folder and their permissions, and repeat the command.",
    )
