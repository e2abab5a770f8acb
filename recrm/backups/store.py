"""Finding backups, and putting one in the database's place so that nothing that was there is lost."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from recrm.backups.model import (
    LATEST,
    BackupBad,
    BackupForeign,
    BackupLocked,
    BackupNotFound,
    ChangedMeanwhile,
    Listed,
    NoGoodBackup,
    Restored,
    SameFile,
)
from recrm.core.errors import DatabaseTrouble, Failed, system_reason
from recrm.core.files import name_new
from recrm.core.i18n import N_
from recrm.storage import backup, connections, db, errors, integrity, migrations
from recrm.storage.backup_folder import BEFORE_RESTORE, BackupFile, BackupFolder, folder_for, older_copies, real
from recrm.storage.keys import Keys
from recrm.storage.migrations import APPLICATION_ID
from recrm.storage.reencryption import reencrypted_like

GetKeys = Callable[[], Keys]
# SQLite applies each of these to the database of that name: left beside another file, they would destroy it.
BESIDE = ("-journal", "-wal", "-shm")
TRIES = 3


def known(database: Path, named: str, *, elsewhere: bool) -> list[BackupFile]:
    """All backups by name, the newest first: those of the folder and, unless it is `elsewhere`, those of upgrades."""
    folder = folder_for(database, named)
    found = {saved.path: saved for saved in folder.backups()}
    if not elsewhere:
        found |= {saved.path: saved for saved in (*folder_for(database).backups(), *older_copies(database))}
    return sorted(found.values(), key=lambda saved: saved.age, reverse=True)


def listed(saved: BackupFile, keys: GetKeys) -> Listed | None:
    """A backup, opened and looked through page by page; None where it has been removed in the meantime."""
    try:
        size = saved.path.stat().st_size
        seen = integrity.inspect_file(saved.path, integrity.unasked(keys))
    except (OSError, errors.DatabaseAbsent):
        return None
    return Listed(saved.path, saved.at, saved.occasion, size, *seen)


def chosen(typed: str, database: Path, named: str, keys: GetKeys) -> Path:
    """The file meant: `latest`, a path, or a bare name in the folder. Raises NotFound, SameFile."""
    folder = folder_for(database, named)
    if typed == LATEST:
        return _latest(database, named, folder, keys)
    for path in (Path(typed).expanduser(), folder.path / typed):
        if path.exists():
            if database.exists() and path.samefile(database):
                raise SameFile(path)
            return path
    raise BackupNotFound(typed, folder.path)


def _latest(database: Path, named: str, folder: BackupFolder, keys: GetKeys) -> Path:
    """The newest good one. What a restoration replaced comes last: somebody wanted to be rid of it."""
    found = known(database, named, elsewhere=False)
    in_order = sorted(found, key=lambda saved: saved.occasion == BEFORE_RESTORE)
    some_locked = False
    for saved in in_order:
        with suppress(errors.DatabaseAbsent):
            state = integrity.inspect_file(saved.path, integrity.unasked(keys), references=True).state
            if state == integrity.GOOD:
                return saved.path
            some_locked = some_locked or state == integrity.LOCKED
    raise NoGoodBackup(folder.path, len(found), some_locked=some_locked)


def verified(path: Path, keys: GetKeys) -> integrity.FileReport:
    """What a good backup holds; any other is refused. Raises DatabaseTrouble."""
    seen = integrity.inspect_file(path, keys, references=True)
    if seen.state == integrity.NEWER:
        raise errors.DatabaseNewer(path, seen.version or 0, migrations.VERSION)
    if seen.state == integrity.FOREIGN:
        raise BackupForeign(path)
    if seen.state == integrity.LOCKED:
        raise BackupLocked(path)
    if seen.state == integrity.BAD:
        raise BackupBad(path, seen.why)
    return seen


def refuse_foreign(database: Path) -> None:
    """A folder, a device or another program's database is never replaced; any other file may be ours, damaged."""
    if database.exists() and not database.is_file():
        raise errors.NotADatabase(errors.IS_FOLDER if database.is_dir() else errors.IS_NO_FILE, database)
    with suppress(OSError), database.open("rb") as file:
        header = file.read(100)
        is_ours = int.from_bytes(header[68:72], "big") == APPLICATION_ID
        if header.startswith(connections.MAGIC) and len(header) == 100 and not is_ours:
            raise errors.NotADatabase(errors.IS_FOREIGN, database)


def restore(file: Path, database: Path, folder: BackupFolder, now: datetime, keys: GetKeys) -> Restored:
    """Put a verified backup in the database's place, keep what was there, and bring an older one up to date.

    Raises Failed, DatabaseTrouble, ChangedMeanwhile; the database is then as it was.
    """
    target = real(database)
    with reencrypted_like(target, file, keys) as kin, closing(connections.open_file(kin, keys)) as source:
        found = integrity.inspect_file(target, keys) if target.exists() else None
        try:
            if not found:
                kept, whole = _put_new(source, target, now), False
            elif found.state in (integrity.GOOD, integrity.NEWER):
                kept, whole = _pour(source, target, folder, now, keys), False
            else:
                kept, whole = _put_instead(source, target, now), True
        except sqlite3.Error as error:
            raise errors.from_sqlite_error(error, database) from error
    errors.unmark(target)
    now_there = db.open_existing(database, keys)
    with closing(now_there.conn) as conn:
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        clients = conn.execute("SELECT count(*) FROM clients").fetchone()[0]
    is_bared = bool(found and found.encrypted) and not now_there.is_encrypted
    return Restored(file, database, version, clients, kept, whole, now_there.is_encrypted, is_bared)


def _pour(source: sqlite3.Connection, target: Path, folder: BackupFolder, now: datetime, keys: GetKeys) -> Path:
    """Pour it into a database that opens, after a verified backup of that one; the backup's path."""
    with closing(connections.open_file(target, keys)) as conn:
        for _try in range(TRIES):
            (seen,) = conn.execute("PRAGMA data_version").fetchone()
            kept = backup.save(conn, folder, BEFORE_RESTORE, now).path
            if conn.execute("PRAGMA data_version").fetchone()[0] == seen:
                break
            kept.unlink()  # somebody has written in the meantime, and that would be in neither file
        else:
            raise ChangedMeanwhile(target)
        if _can_take_pages(source, conn):
            backup.pour(source, conn)
            return kept
        conn.execute("BEGIN EXCLUSIVE")
        with backup.copied(source, target) as draft:
            draft.replace(target)
        backup.sync_folder(target.parent)
        return kept


def _can_take_pages(source: sqlite3.Connection, conn: sqlite3.Connection) -> bool:
    """SQLite copies into an open file only pages of its own size, and none between a plain and an encrypted one."""
    is_plain = [isinstance(each, sqlite3.Connection) for each in (source, conn)]
    sizes = [each.execute("PRAGMA page_size").fetchone()[0] for each in (source, conn)]
    return is_plain[0] == is_plain[1] and sizes[0] == sizes[1]


def _put_new(source: sqlite3.Connection, target: Path, now: datetime) -> Path | None:
    """Put it where there is no database; a journal left behind is moved aside, or SQLite would apply it to this one."""
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with backup.copied(source, target) as draft:
            aside = _free_name(target, now)
            moved = _move_companions(target, aside)
            name_new(draft, target)
        backup.sync_folder(target.parent)
    except OSError as error:
        raise _cannot(target, error) from error
    return moved


def _put_instead(source: sqlite3.Connection, target: Path, now: datetime) -> Path:
    """Put it in place of a damaged file, which is kept beside it with everything SQLite may need to mend it."""
    lock = _locked(target)
    try:
        with backup.copied(source, target) as draft:
            aside = _free_name(target, now)
            # First its companions, so that none of them is ever beside the new file.
            _move_companions(target, aside)
            try:
                os.link(target, aside)
            except OSError:  # no hard links on this disk: for a moment the name is free
                target.rename(aside)
            draft.replace(target)
        backup.sync_folder(target.parent)
    except OSError as error:
        raise _cannot(target, error) from error
    finally:
        if lock:
            lock.close()
    return aside


def _locked(target: Path) -> sqlite3.Connection | None:
    """Keep others from writing to a file that is about to be put aside, as far as it can still be opened.

    Raises DatabaseTrouble where somebody keeps it locked for over ten seconds.
    """
    try:
        conn = connections.open_file(target)
    except (DatabaseTrouble, sqlite3.Error):
        return None
    try:
        conn.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        conn.close()
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise errors.from_sqlite_error(error, target) from error
        return None
    return conn


def _free_name(target: Path, now: datetime) -> Path:
    """An unused name beside the file, for the file that was there until now."""
    for number in range(1, 1_000_000):
        more = f"-{number}" if number > 1 else ""
        aside = target.with_name(f"{target.name}.replaced-{now:%Y-%m-%dT%H%M%S}{more}")
        if not any(os.path.lexists(f"{aside}{suffix}") for suffix in ("", *BESIDE)):
            return aside
    raise AssertionError("a million names in one second")


def _move_companions(target: Path, aside: Path) -> Path | None:
    """Move the journals along with the file put aside, where SQLite looks for them; the first one's new path."""
    found = [suffix for suffix in BESIDE if os.path.lexists(f"{target}{suffix}")]
    moved = [Path(f"{target}{suffix}").rename(f"{aside}{suffix}") for suffix in found]
    return moved[0] if moved else None


def _cannot(target: Path, error: OSError) -> Failed:
    return Failed(
        N_("Nothing can be put in the place of {target}: {why}."),
        N_("Mend the folder's permissions, or free some space, and repeat the command."),
        target=target,
        why=system_reason(error),
    )
