"""The only module that opens the database, and the only way to write to it.

A database that is absent, empty, foreign, damaged or newer is refused before anything touches it. Reading goes
straight through the sqlite3 connection; writing happens inside `Database.write`, one transaction that records
the operation, so that a killed process leaves the last whole operation and two processes never interleave.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from recrm.core.errors import DatabaseTrouble
from recrm.core.files import draft_beside
from recrm.core.migrations import APPLICATION_ID, MIGRATIONS
from recrm.core.moments import to_utc_text

if TYPE_CHECKING:
    import sqlite_utils

VERSION = len(MIGRATIONS)
LOCK_SECONDS = 10
# STRICT tables came with 3.37, the operator ->> with 3.38.
OLDEST_SQLITE = (3, 38)


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

    def __init__(self, path: Path, version: int) -> None:
        super().__init__(
            f"{path} has version {version}, newer than the {VERSION} this recrm knows; it was left as it is.",
            "Upgrade recrm: pip install --upgrade recrm.",
        )


def trouble(error: sqlite3.Error, path: Path | str) -> DatabaseTrouble:
    """SQLite's refusal in words a person can act on."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseTrouble(
            f"Another program has been writing to {path} for over {LOCK_SECONDS} seconds; nothing was changed.",
            "Wait until it has finished and repeat the command.",
        )
    if name.startswith("SQLITE_READONLY"):
        return DatabaseTrouble(
            f"{path} or its folder is read-only; nothing was changed.",
            "Give yourself write permission for both, or name another file with --db.",
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DatabaseTrouble(
            f"{path} is damaged: {error}.",
            "Stop writing, keep a copy of the file, and put the latest backup in its place.",
        )
    if name.startswith("SQLITE_FULL"):
        return DatabaseTrouble(
            f"The disk that holds {path} is full; nothing was changed.",
            "Free some space and repeat the command.",
        )
    return DatabaseTrouble(
        f"{path} cannot be used: {error}; nothing was changed.",
        "Check the disk, the folder and their permissions, and repeat the command.",
    )


class Operation(NamedTuple):
    """What is being done, by whom and when: the header of its lines in the journal."""

    command: str
    agent: str
    at: datetime


class Database:
    """One open database file."""

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        self.conn = conn
        self.path = path
        self._journaled = False

    @contextmanager
    def write(self, operation: Operation) -> Iterator[sqlite_utils.Database]:
        """One transaction and one operation: all of it is kept, or, on any exception, none.

        An operation that changed nothing leaves no line in the journal. Raises DatabaseTrouble when the file is
        locked for 10 seconds, read-only, damaged, or its disk full.
        """
        import sqlite_utils

        from recrm.core import journal, search

        conn = self.conn
        try:
            if not self._journaled:
                journal.install(conn)
                self._journaled = True
            conn.execute("BEGIN IMMEDIATE")
            try:
                cursor = conn.execute(
                    "INSERT INTO operations (command, agent, at) VALUES (?, ?, ?)",
                    (operation.command, operation.agent, to_utc_text(operation.at)),
                )
                number = int(cursor.lastrowid or 0)
                yield sqlite_utils.Database(conn, execute_plugins=False)
                if not conn.execute("SELECT 1 FROM changes WHERE operation_id = ?", (number,)).fetchone():
                    conn.rollback()
                else:
                    search.follow(conn, number)
                    conn.execute("COMMIT")
            except BaseException:
                if conn.in_transaction:
                    conn.rollback()
                raise
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise trouble(error, self.path) from error

    @contextmanager
    def fill(self) -> Iterator[sqlite3.Connection]:
        """One transaction for sample data in bulk: outside the journal, derived tables rebuilt at its end."""
        from recrm.core import search

        conn = self.conn
        conn.execute("BEGIN IMMEDIATE")
        try:
            kept = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in kept:
                conn.execute(f'DROP TRIGGER "{name}"')
            yield conn
            conn.execute("DELETE FROM standing")
            conn.execute("INSERT INTO standing SELECT * FROM standing_now")
            search.rebuild(conn)
            for _, statement in kept:
                conn.execute(statement)
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.rollback()
            raise

    def close(self) -> None:
        self.conn.close()


def create(path: Path) -> Database:
    """Make a new database, 0600 in a 0700 folder; an existing file is never touched (FileExistsError).

    It gets its name when it is whole, so that a killed process leaves no half-made one and of two at once one wins.
    """
    if os.path.lexists(path):
        raise FileExistsError(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft_beside(path) as draft:
            conn = _connect(draft)
            try:
                _migrate(conn, path)
            finally:
                conn.close()
            _name_new(draft, path)
    except sqlite3.Error as error:
        raise trouble(error, path) from error
    except OSError as error:
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        raise DatabaseTrouble(
            f"{path} cannot be created: {error.strerror}.", "Name a folder you may write to with --db."
        ) from error
    return open_existing(path)


def _name_new(draft: Path, path: Path) -> None:
    """Give a finished draft its name, never that of an existing file. Raises OSError."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # no hard links here: claim the name, then take it
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        draft.replace(path)


def open_existing(path: Path) -> Database:
    """Open a database of ours, bringing an older one up to date. Raises DatabaseTrouble, the file untouched."""
    _refuse_strangers(path)
    try:
        conn = _connect(path)
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise DatabaseNewer(path, version)
        if version < VERSION:
            _migrate(conn, path)
    except sqlite3.Error as error:
        raise trouble(error, path) from error
    return Database(conn, path)


def _refuse_strangers(path: Path) -> None:
    """Look at the first hundred bytes: SQLite's magic, and our application id at offset 68 (sqlite.org/fileformat)."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        raise DatabaseAbsent(path) from None
    except IsADirectoryError:
        raise NotADatabase(path, "is a folder") from None
    except OSError as error:
        raise DatabaseTrouble(
            f"{path} cannot be read: {error.strerror}.",
            "Mend its permissions, or name another file with --db.",
        ) from error
    if not header:
        raise NotADatabase(path, "is empty")
    if not header.startswith(b"SQLite format 3\0") or len(header) < 100:
        raise NotADatabase(path, "is not a recrm database")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise NotADatabase(path, "is a database of another program")


def _connect(path: Path) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise DatabaseTrouble(
            f"This Python brings SQLite {sqlite3.sqlite_version}, and recrm needs 3.38 or newer.",
            "Install recrm with a newer Python.",
        )
    conn = sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
    for pragma in ("foreign_keys=ON", "synchronous=EXTRA", "secure_delete=ON", "trusted_schema=OFF"):
        conn.execute(f"PRAGMA {pragma}")
    conn.row_factory = sqlite3.Row
    return conn


def _migrate(conn: sqlite3.Connection, path: Path) -> None:
    """Run what is missing, all or nothing; a file that holds data is backed up first."""
    from recrm.core import backup

    conn.execute("PRAGMA foreign_keys=OFF")
    conn.execute("BEGIN IMMEDIATE")
    try:
        # Asked under the lock: another process may have migrated while this one waited for it.
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise DatabaseNewer(path, version)
        if 0 < version < VERSION:
            # By a second connection: SQLite copies none that is inside a write, and this one keeps others from writing.
            with closing(_connect(path)) as reader:
                backup.take(reader, path.with_name(f"{path.name}.before-version-{VERSION}"))
        for migration in MIGRATIONS[version:]:
            for statement in migration():
                conn.execute(statement)
        broken: list[Any] = conn.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise DatabaseTrouble(
                f"{path} was not upgraded: {len(broken)} rows point to rows that are gone.",
                "Nothing was changed; keep the file and ask for help with this message.",
            )
        conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
        conn.execute(f"PRAGMA user_version={VERSION}")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.rollback()
        raise
    finally:
        conn.execute("PRAGMA foreign_keys=ON")
