"""The only module that opens the database, and the only way to write to it.

A database that is absent, empty, foreign, damaged or newer is refused before anything touches it. Reading goes
straight through the sqlite3 connection; writing happens inside `Database.write`, one transaction that records
the operation, so that a killed process leaves the last whole operation and two processes never interleave.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from recrm.core.errors import DatabaseTrouble, system_reason
from recrm.core.i18n import N_
from recrm.core.moments import to_utc_text
from recrm.storage.connections import connect, is_plain_file, transaction, unlock
from recrm.storage.errors import (
    DatabaseDamaged,
    DatabaseNewer,
    DatabaseReplaced,
    WritingStopped,
    from_sqlite_error,
    mark_damaged,
    marker_of,
    unmark,
)
from recrm.storage.migrations import APPLICATION_ID, VERSION, all_migrations

if TYPE_CHECKING:
    import sqlite_utils

    from recrm.storage.keys import Keys


# Undoing an operation that changed nothing changes no row either, and must still be remembered as an undo.
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
        self._file = file or file_identity(path)

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

        from recrm.storage import journal, text_index

        conn = self.conn
        if marker_of(self.path).exists():
            raise WritingStopped(self.path)
        try:
            if not self._journaled:
                journal.install(conn)
                self._journaled = True
            with transaction(conn):
                cursor = conn.execute(
                    "INSERT INTO operations (command, agent, at) VALUES (?, ?, ?)",
                    (operation.command, operation.agent, to_utc_text(operation.at)),
                )
                number = int(cursor.lastrowid or 0)
                yield sqlite_utils.Database(conn, execute_plugins=False)
                if not conn.execute(_HAS_LINES, (number, number)).fetchone():
                    conn.rollback()
                else:
                    text_index.follow(conn, number)
                    if at_the_end:
                        at_the_end(conn, number)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            if file_identity(self.path) != self._file:  # ours is the old file, perhaps overwritten by now
                raise DatabaseReplaced(self.path) from error
            found = from_sqlite_error(error, self.path)
            if isinstance(found, DatabaseDamaged):
                mark_damaged(self.path, found.reason, operation.at)
            raise found from error

    @contextmanager
    def fill(self) -> Iterator[sqlite3.Connection]:
        """One transaction for sample data in bulk: outside the journal, derived tables rebuilt at its end."""
        from recrm.storage import text_index

        conn = self.conn
        with transaction(conn):
            kept = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in kept:
                conn.execute(f'DROP TRIGGER "{name}"')
            yield conn
            conn.execute("DELETE FROM standing")
            conn.execute("INSERT INTO standing SELECT * FROM standing_now")
            text_index.rebuild(conn)
            for _, statement in kept:
                conn.execute(statement)

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
    from recrm.core.files import draft_beside, name_new

    if os.path.lexists(path):
        raise FileExistsError(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft_beside(path) as draft:
            with closing(connect(draft, passphrase)) as conn:
                bring_up_to_date(conn, path)
            name_new(draft, path)
            unmark(path)  # the marker was about an earlier file
    except sqlite3.Error as error:
        raise from_sqlite_error(error, path) from error
    except OSError as error:
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        raise DatabaseTrouble(
            N_("{path} cannot be created: {why}."),
            N_("Name a folder you may write to with --db."),
            path=path,
            why=system_reason(error),
        ) from error
    return open_existing(path) if passphrase is None else Database(connect(path, passphrase), path)


def open_existing(path: Path, keys: Callable[[], Keys] | None = None) -> Database:
    """Open a database of ours, bringing an older one up to date. Raises DatabaseTrouble, the file untouched.

    An encrypted one takes its passphrase from `keys`, which are called for only then.
    """
    before = file_identity(path)
    is_plain = is_plain_file(path)
    try:
        with ExitStack() as unless_good:
            conn = unless_good.enter_context(closing(connect(path) if is_plain else unlock(path, keys)))
            version = conn.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise DatabaseNewer(path, version, VERSION)
            if version < VERSION:
                bring_up_to_date(conn, path)
            unless_good.pop_all()
    except (sqlite3.Error, DatabaseTrouble) as error:
        if file_identity(path) != before:  # encrypted, decrypted or restored while this command waited for the lock
            return open_existing(path, keys)
        if isinstance(error, DatabaseTrouble):
            raise
        raise from_sqlite_error(error, path) from error
    return Database(conn, path, before)


def file_identity(path: Path) -> tuple[int, int] | None:
    """Which file has this name now."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def bring_up_to_date(conn: sqlite3.Connection, path: Path) -> None:
    """Run the migrations that are missing, all or none; a file that holds data is backed up first."""
    conn.execute("PRAGMA foreign_keys=OFF")
    try:
        with transaction(conn):
            _run_missing(conn, path)
    finally:
        conn.execute("PRAGMA foreign_keys=ON")


def _run_missing(conn: sqlite3.Connection, path: Path) -> None:
    from recrm.storage import backup, backup_folder

    # Read under the lock: another process may have migrated while this one waited for it.
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise DatabaseNewer(path, version, VERSION)
    if 0 < version < VERSION:
        # By a second connection: SQLite cannot copy from one that is writing, and this one keeps others from it.
        with closing(connect(path, getattr(conn, "passphrase", None))) as reader:
            # The clock is not read: a backup holds the file as it has been since it was last written.
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            backup.save(reader, backup_folder.folder_for(path), backup_folder.BEFORE_UPGRADE, written)
    for migration in all_migrations()[version:]:
        for statement in migration():
            conn.execute(statement)
    broken: list[Any] = conn.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DatabaseTrouble(
            N_("{path} was not upgraded: {count} rows point to rows that are gone."),
            N_("Nothing was changed; keep the file and ask for help with this message."),
            path=path,
            count=len(broken),
        )
    conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version={VERSION}")
