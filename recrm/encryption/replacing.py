"""Putting a database under another key in its own place: whole or not at all, and nothing legible left behind.

The order matters. Others are locked out, the copy is made beside the file and compared with it, synced, and renamed
over it. A command killed before that leaves the old file, one killed after it the new one. Only then are the old
bytes overwritten, through a handle that was opened before, while the lock still keeps others from reading them.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from recrm.core.errors import Failed, system_reason
from recrm.core.files import draft_beside
from recrm.core.i18n import N_
from recrm.storage import cipher, connections, errors, reencryption
from recrm.storage.cipher import draft_name, drafts_left

ZEROS = bytes(1 << 20)


def rewrite(path: Path, old: str | None, new: str | None) -> bool:
    """Encrypt the database `path` with `new` instead of `old`, where None means plain; a link stays one.

    Says whether the old bytes were overwritten; they are not where another name still leads to them. Raises
    DatabaseTrouble or Failed, the file then as it was.
    """
    target = Path(os.path.realpath(path))
    before = target.stat()
    try:
        conn = _hold(target, old)
        try:
            found = target.stat()
            if (found.st_dev, found.st_ino) != (before.st_dev, before.st_ino):
                raise errors.DatabaseReplaced(path)
            for left in drafts_left(target, "encrypting", "decrypting"):
                left.unlink(missing_ok=True)  # left by a killed command: the lock is ours, so nobody is working on it
            return _replace(conn, target, before, new)
        finally:
            conn.close()
    except sqlite3.Error as error:
        if connections.is_plain_file(target) != (old is None):  # others did the same while this one waited
            raise errors.DatabaseReplaced(path) from error
        raise errors.from_sqlite_error(error, path) from error
    except OSError as error:
        raise Failed(
            N_("{path} could not be written anew: {why}; it is as it was."),
            N_("Free as much space as the database takes, or mend the folder's permissions."),
            path=path,
            why=system_reason(error),
        ) from error


def _hold(path: Path, passphrase: str | None) -> sqlite3.Connection:
    """A connection that keeps every other process from the file until it is closed. Raises sqlite3.Error."""
    conn = cipher.connect(path, passphrase)
    try:
        conn.row_factory = None
        conn.execute("PRAGMA locking_mode=EXCLUSIVE")
        conn.execute("PRAGMA journal_mode=DELETE")
        conn.execute("BEGIN EXCLUSIVE")
        conn.execute("COMMIT")
    except BaseException:
        conn.close()
        raise
    return conn


def _replace(conn: sqlite3.Connection, target: Path, before: os.stat_result, new: str | None) -> bool:
    with draft_beside(draft_name(target, "encrypting" if new else "decrypting")) as draft:
        reencryption.copy(conn, draft, new)
        reencryption.verify(conn, target, draft, new)
        os.utime(draft, ns=(before.st_atime_ns, before.st_mtime_ns))  # to the agent, nothing was changed
        _sync(draft)
        if os.name == "nt":  # which cannot rename over an open file
            conn.close()
            draft.replace(target)
            return False
        handle = os.open(target, os.O_RDWR)
        try:
            draft.replace(target)
            with suppress(OSError):  # some file systems cannot sync a folder
                _sync(target.parent)
            return overwrite(handle)
        finally:
            conn.close()  # first: closing any handle of a file gives up the process's locks on it
            os.close(handle)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def overwrite(handle: int) -> bool:
    """Fill a file without a name with zeros. What has another name, such as a snapshot's, is left as it is."""
    if os.fstat(handle).st_nlink:
        return False
    try:
        left = os.fstat(handle).st_size
        while left > 0:
            left -= os.write(handle, ZEROS[:left])
        os.fsync(handle)
    except OSError:
        return False
    return True
