"""The only module that opens the database, and the only way to write to it.

A database that is absent, empty, foreign, damaged or newer is refused before anything touches it. Reading goes
straight through the sqlite3 connection; writing happens inside `Database.write`, one transaction that records
the operation, so that a killed process leaves the last whole operation and two processes never interleave.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from recrm.core.errors import DatabaseTrouble
from recrm.core.files import draft_beside, name_new
from recrm.core.migrations import APPLICATION_ID, MIGRATIONS
from recrm.core.moments import to_utc_text
from recrm.core.troubles import (
    LOCK_SECONDS,
    DatabaseAbsent,
    DatabaseDamaged,
    DatabaseNewer,
    DatabaseReplaced,
    NotADatabase,
    WritingStopped,
    mark_damaged,
    marker_of,
    trouble,
    unmark,
)

if TYPE_CHECKING:
    import sqlite_utils

    from recrm.core.keys import Keys

VERSION = len(MIGRATIONS)
MAGIC = b"SQLite format 3\0"
# STRICT tables came with 3.37, the operator ->> with 3.38.
OLDEST_SQLITE = (3, 38)


# Taking back what had come to nothing changes no row, and is to be known as taken back all the same.
_HAS_LINES = """
    SELECT 1 FROM changes WHERE operation_id = ? UNION ALL SELECT 1 FROM reversals WHERE operation_id = ? LIMIT 1
"""


class Operation(NamedTuple):
    """What is being done, by whom and when: the header of its lines in the journal."""

    command: str
    agent: str
    at: datetime


class Database:
    """One open database file."""

    def __init__(self, conn: sqlite3.Connection, path: Path, file: tuple[int, int] | None = None) -> None:
        self.conn = conn
        self.path = path
        self._journaled = False
        self._file = file or _identity(path)

    @contextmanager
    def write(
        self, operation: Operation, *, at_the_end: Callable[[sqlite3.Connection, int], None] | None = None
    ) -> Iterator[sqlite_utils.Database]:
        """One transaction and one operation: all of it is kept, or, on any exception, none.

        An operation that changed nothing leaves no line in the journal. `at_the_end` is given the operation's number
        once the text indexes have followed it: an erasure then forgets what the journal remembers. Raises
        DatabaseTrouble when the file is locked for 10 seconds, read-only, damaged, or its disk full.
        """
        import sqlite_utils

        from recrm.core import journal, search

        conn = self.conn
        if marker_of(self.path).exists():
            raise WritingStopped(self.path)
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
                if not conn.execute(_HAS_LINES, (number, number)).fetchone():
                    conn.rollback()
                else:
                    search.follow(conn, number)
                    if at_the_end:
                        at_the_end(conn, number)
                    conn.execute("COMMIT")
            except BaseException:
                if conn.in_transaction:
                    conn.rollback()
                raise
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            if _identity(self.path) != self._file:  # what we hold is the old file, its bytes perhaps overwritten
                raise DatabaseReplaced(self.path) from error
            found = trouble(error, self.path)
            if isinstance(found, DatabaseDamaged):
                mark_damaged(self.path, found.reason, operation.at)
            raise found from error

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

    @property
    def is_encrypted(self) -> bool:
        """Whether the file is encrypted as a whole; its connection then is SQLCipher's and remembers the key."""
        return getattr(self.conn, "passphrase", None) is not None

    def close(self) -> None:
        self.conn.close()


def create(path: Path, passphrase: str | None = None) -> Database:
    """Make a new database, 0600 in a 0700 folder; an existing file is never touched (FileExistsError).

    With a passphrase it is encrypted from its first byte. It gets its name when it is whole, so that a killed process
    leaves no half-made one and of two at once one wins.
    """
    if os.path.lexists(path):
        raise FileExistsError(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft_beside(path) as draft:
            conn = _connect(draft, passphrase)
            try:
                _migrate(conn, path)
            finally:
                conn.close()
            name_new(draft, path)
            unmark(path)  # what was found damaged is not this file
    except sqlite3.Error as error:
        raise trouble(error, path) from error
    except OSError as error:
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        raise DatabaseTrouble(
            f"{path} cannot be created: {error.strerror}.", "Name a folder you may write to with --db."
        ) from error
    return open_existing(path) if passphrase is None else Database(_connect(path, passphrase), path)


def open_existing(path: Path, keys: Callable[[], Keys] | None = None) -> Database:
    """Open a database of ours, bringing an older one up to date. Raises DatabaseTrouble, the file untouched.

    An encrypted one takes its passphrase from `keys`, which are called for only then.
    """
    before = _identity(path)
    is_plain = is_plain_file(path)
    try:
        conn = _connect(path) if is_plain else _unlock(path, keys)
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise DatabaseNewer(path, version, VERSION)
        if version < VERSION:
            _migrate(conn, path)
    except (sqlite3.Error, DatabaseTrouble) as error:
        if _identity(path) != before:  # encrypted, decrypted or restored while this command waited for the lock
            return open_existing(path, keys)
        if isinstance(error, DatabaseTrouble):
            raise
        raise trouble(error, path) from error
    return Database(conn, path, before)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file has this name now."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_plain_file(path: Path) -> bool:
    """Whether the file is a plain database of ours; else it looks encrypted. Raises DatabaseTrouble for all others.

    A plain one begins with SQLite's magic bytes, and has our application id at offset 68 (sqlite.org/fileformat).
    """
    try:
        if not stat.S_ISREG(mode := path.stat().st_mode):  # to open a pipe would wait for ever
            raise NotADatabase(path, "is a folder" if stat.S_ISDIR(mode) else "is no file")
        with path.open("rb") as file:
            header = file.read(100)
            rest = b"" if header.startswith(MAGIC) else file.read(4000)
    except FileNotFoundError:
        raise DatabaseAbsent(path) from None
    except OSError as error:
        raise DatabaseTrouble(
            f"{path} cannot be read: {error.strerror}.",
            "Mend its permissions, or name another file with --db.",
        ) from error
    if not header:
        raise NotADatabase(path, "is empty")
    if rest:
        from recrm.core.cipher import looks_encrypted

        if looks_encrypted(header + rest):
            return False
    if not header.startswith(MAGIC) or len(header) < 100:
        raise NotADatabase(path, "is not a recrm database")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise NotADatabase(path, "is a database of another program")
    return True


def _unlock(path: Path, keys: Callable[[], Keys] | None) -> sqlite3.Connection:
    from recrm.core import cipher

    return _prepared(cipher.unlock(path, keys() if keys else None))


def _connect(path: Path, passphrase: str | None = None) -> sqlite3.Connection:
    if passphrase is not None:
        from recrm.core import cipher

        return _prepared(cipher.connect(path, passphrase))
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise DatabaseTrouble(
            f"This Python brings SQLite {sqlite3.sqlite_version}, and recrm needs 3.38 or newer.",
            "Install recrm with a newer Python.",
        )
    conn = sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
    conn.row_factory = sqlite3.Row
    return _prepared(conn)


def _prepared(conn: sqlite3.Connection) -> sqlite3.Connection:
    """A connection as every reader and writer wants it."""
    for pragma in ("foreign_keys=ON", "synchronous=EXTRA", "secure_delete=ON", "trusted_schema=OFF"):
        conn.execute(f"PRAGMA {pragma}")
    return conn


def _migrate(conn: sqlite3.Connection, path: Path) -> None:
    """Run what is missing, all or nothing; a file that holds data is backed up first."""
    from recrm.core import backup, shelf

    conn.execute("PRAGMA foreign_keys=OFF")
    conn.execute("BEGIN IMMEDIATE")
    try:
        # Asked under the lock: another process may have migrated while this one waited for it.
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise DatabaseNewer(path, version, VERSION)
        if 0 < version < VERSION:
            # By a second connection: SQLite copies none that is inside a write, and this one keeps others from writing.
            with closing(_connect(path, getattr(conn, "passphrase", None))) as reader:
                # No clock is read here: a backup holds the file as it has been since it was last written.
                written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                backup.save(reader, shelf.shelf_of(path), shelf.BEFORE_UPGRADE, written)
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
