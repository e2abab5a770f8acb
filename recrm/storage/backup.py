"""Verified copies of a database: taken while others write, thinned, and poured back.

A copy gets its name when it is whole: it is written beside, checked page by page, its rows are counted against
the original's, and it is synced. Whatever goes wrong, nothing that was there before is gone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from recrm.core.errors import DatabaseTrouble, Failed, system_reason
from recrm.core.files import draft_beside, name_new
from recrm.core.i18n import N_
from recrm.core.settings import Settings
from recrm.storage.backup_folder import BackupFile, BackupFolder, folder_for, kept
from recrm.storage.connections import connect
from recrm.storage.errors import LOCK_SECONDS, DatabaseDamaged, from_sqlite_error
from recrm.storage.integrity import GOOD, first_fault, inspect_file, unasked

if TYPE_CHECKING:
    from recrm.storage.keys import Keys

# How many pages are copied between two checks for a lock on the other side: 4 MB of the usual size.
PAGES_AT_ONCE = 1_000


class Opened(Protocol):
    """What a backup needs of the open database."""

    @property
    def conn(self) -> sqlite3.Connection: ...


class Surroundings(Protocol):
    """What a backup needs of the App, which this layer does not know."""

    @property
    def db(self) -> Opened: ...
    @property
    def db_path(self) -> Path: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def now(self) -> datetime: ...
    @property
    def keys(self) -> Keys: ...


def before(app: Surroundings, occasion: str) -> Path | None:
    """A backup before something that could go wrong; None for a database that holds no clients yet.

    Older ones are thinned afterwards. Raises Failed, with nothing changed, when it cannot be made.
    """
    if not app.db_path.exists() or not app.db.conn.execute("SELECT 1 FROM clients LIMIT 1").fetchone():
        return None
    return keep_copy(app, occasion).path


def keep_copy(app: Surroundings, occasion: str, *, to: str = "", keep: int = 0) -> BackupFile:
    """A verified backup in the folder named, else in the config's; then the older ones are thinned. Raises Failed."""
    folder = folder_for(app.db_path, to or app.settings.text("backup.folder"))
    saved = save(app.db.conn, folder, occasion, app.now)
    thin(folder, saved, app.now, keep or app.settings.count("backup.keep"), lambda: app.keys)
    return saved


def take(conn: sqlite3.Connection, target: Path) -> None:
    """Copy the database to `target` (0600), whole or not at all; a file of that name is replaced.

    Raises Failed when the copy cannot be made or does not agree with the original; no file is left behind then.
    """
    with copied(conn, target) as draft:
        draft.replace(target)


def save(conn: sqlite3.Connection, folder: BackupFolder, occasion: str, at: datetime) -> BackupFile:
    """Put a verified copy in the folder, never over another, not even one of the same second. Raises Failed."""
    try:
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(
            N_("The folder {folder} for backups cannot be made: {why}."),
            N_("Name another with --to, or with `recrm config set backup.folder FOLDER`."),
            folder=folder.path,
            why=system_reason(error),
        ) from error
    with copied(conn, folder.path_for(at, occasion)) as draft:
        for number in count(1):
            target = folder.path_for(at, occasion, number)
            with suppress(FileExistsError):
                name_new(draft, target)
                break
        sync_folder(folder.path)
    return BackupFile(target, at, occasion, number)


def thin(
    folder: BackupFolder, newest: BackupFile, now: datetime, keep: int, keys: Callable[[], Keys] | None = None
) -> list[Path]:
    """Remove the backups that `kept` no longer keeps, once `newest` is made and verified; returns what was removed.

    Where none of the others that would stay can be opened, the newest good one of those that would go stays too.
    """
    keys = unasked(keys)
    found = folder.backups()
    staying = kept(found, now, keep) | {newest}
    leaving = [saved for saved in found if saved not in staying]
    others = [saved for saved in found if saved in staying and saved != newest]
    if leaving and others and not any(inspect_file(saved.path, keys).state == GOOD for saved in others):
        rescued = next((saved for saved in leaving if inspect_file(saved.path, keys).state == GOOD), None)
        leaving = [saved for saved in leaving if saved != rescued]
    removed = []
    for path in [*(saved.path for saved in leaving), *folder.leftovers(now)]:
        with suppress(OSError):
            path.unlink()
            removed.append(path)
    return removed


def pour(source: sqlite3.Connection, conn: sqlite3.Connection) -> None:
    """Replace the whole content of one open database by that of another, in one transaction of SQLite's.

    Others see the old content or the new one; a killed process leaves a journal that brings the old one back.
    Raises DatabaseTrouble when another process keeps the database locked, sqlite3.Error for the rest.
    """
    source.backup(conn, pages=PAGES_AT_ONCE, progress=refuse_locked)


@contextmanager
def copied(conn: sqlite3.Connection, target: Path) -> Iterator[Path]:
    """A verified and synced draft of the database beside `target`, 0600, gone at the end unless it was renamed.

    Raises Failed when it cannot be made, DatabaseDamaged when what is wrong with it is wrong with the original.
    """
    try:
        with draft_beside(target) as draft:
            with closing(_beside(conn, draft)) as copy:
                # A draft is thrown away when something goes wrong, so it needs no journal; it is synced at the end.
                copy.execute("PRAGMA journal_mode=OFF")
                copy.execute("PRAGMA synchronous=OFF")
                counts = _snapshot(conn, copy)
                why = first_fault(copy)
                if why and (fault := first_fault(conn)):
                    raise DatabaseDamaged(_path_of(conn), fault)
                if why or row_counts(copy) != counts:
                    raise Failed(
                        N_("The backup {target} does not agree with the database."),
                        N_("Check the disk, then try again."),
                        target=target,
                    )
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            yield draft
    except (OSError, sqlite3.Error) as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_BUSY", "SQLITE_LOCKED")):
            raise from_sqlite_error(error, _path_of(conn)) from error  # type: ignore[arg-type]  # it has SQLite's name
        raise Failed(
            N_("The backup {target} could not be written: {why}."),
            N_("Free some space, or mend the folder's permissions."),
            target=target,
            why=system_reason(error) if isinstance(error, OSError) else error,
        ) from error


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _beside(conn: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """A connection to a new file that `conn` can be copied to: by the same library and, if it has one, the same key."""
    return connect(path, getattr(conn, "passphrase", None))


def _snapshot(conn: sqlite3.Connection, copy: sqlite3.Connection) -> dict[str, int]:
    """Copy all pages and count all rows as of one moment: a reader's lock keeps others from writing in between."""
    reads_already = conn.in_transaction
    if not reads_already:
        conn.execute("BEGIN")
    try:
        counts = row_counts(conn)
        conn.backup(copy, pages=PAGES_AT_ONCE, progress=refuse_locked)
    finally:
        if not reads_already and conn.in_transaction:
            conn.rollback()
    return counts


def refuse_locked(status: int, _remaining: int, _total: int) -> None:
    """Python would try a locked database again for ever; SQLite has waited its ten seconds by now."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise DatabaseTrouble(
            N_("Another program has been using the database for over {seconds} seconds; nothing was changed."),
            N_("Wait until it has finished and repeat the command."),
            seconds=LOCK_SECONDS,
        )


def _path_of(conn: sqlite3.Connection) -> Path:
    return Path(conn.execute("PRAGMA database_list").fetchone()[2])


def row_counts(conn: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    return {name: conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}
