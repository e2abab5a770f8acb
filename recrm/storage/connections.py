"""Connections to a file of ours: told apart from other files, opened plain or with a key, and set up the same way."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from recrm.core.errors import DatabaseTrouble, system_reason
from recrm.core.i18n import N_
from recrm.storage.errors import (
    IS_EMPTY,
    IS_FOLDER,
    IS_FOREIGN,
    IS_NO_FILE,
    IS_NOT_OURS,
    LOCK_SECONDS,
    DatabaseAbsent,
    NotADatabase,
)
from recrm.storage.migrations import APPLICATION_ID

if TYPE_CHECKING:
    from recrm.storage.keys import Keys

MAGIC = b"SQLite format 3\0"
# STRICT tables came with 3.37, the operator ->> with 3.38.
OLDEST_SQLITE = (3, 38)


def is_plain_file(path: Path) -> bool:
    """Whether the file is a plain database of ours; else it looks encrypted. Raises DatabaseTrouble for all others.

    A plain one begins with SQLite's magic bytes, and has our application id at offset 68 (sqlite.org/fileformat).
    """
    try:
        if not stat.S_ISREG(mode := path.stat().st_mode):  # opening a pipe would wait for ever
            raise NotADatabase(IS_FOLDER if stat.S_ISDIR(mode) else IS_NO_FILE, path)
        with path.open("rb") as file:
            header = file.read(100)
            rest = b"" if header.startswith(MAGIC) else file.read(4000)
    except FileNotFoundError:
        raise DatabaseAbsent(path) from None
    except OSError as error:
        raise DatabaseTrouble(
            N_("{path} cannot be read: {why}."),
            N_("Mend its permissions, or name another file with --db."),
            path=path,
            why=system_reason(error),
        ) from error
    if not header:
        raise NotADatabase(IS_EMPTY, path)
    if rest:
        from recrm.storage.cipher import looks_encrypted

        if looks_encrypted(header + rest):
            return False
    if not header.startswith(MAGIC) or len(header) < 100:
        raise NotADatabase(IS_NOT_OURS, path)
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise NotADatabase(IS_FOREIGN, path)
    return True


def unlock(path: Path, keys: Callable[[], Keys] | None) -> sqlite3.Connection:
    from recrm.storage import cipher

    return _prepared(cipher.unlock(path, keys() if keys else None))


def connect(path: Path, passphrase: str | None = None) -> sqlite3.Connection:
    if passphrase is not None:
        from recrm.storage import cipher

        return _prepared(cipher.connect(path, passphrase))
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise DatabaseTrouble(
            N_("This Python brings SQLite {version}, and recrm needs 3.38 or newer."),
            N_("Install recrm with a newer Python."),
            version=sqlite3.sqlite_version,
        )
    conn = sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
    conn.row_factory = sqlite3.Row
    return _prepared(conn)


def _prepared(conn: sqlite3.Connection) -> sqlite3.Connection:
    """A connection as every reader and writer wants it; closed again where the file refuses."""
    try:
        for pragma in ("foreign_keys=ON", "synchronous=EXTRA", "secure_delete=ON", "trusted_schema=OFF"):
            conn.execute(f"PRAGMA {pragma}")
    except BaseException:
        conn.close()
        raise
    return conn


def open_file(path: Path, keys: Callable[[], Keys] | None = None) -> sqlite3.Connection:
    """A connection to a file of ours as it is, not brought up to date. Raises DatabaseTrouble, sqlite3.Error."""
    return connect(path) if is_plain_file(path) else unlock(path, keys)


@contextmanager
def transaction(conn: sqlite3.Connection, *, writes: bool = True) -> Iterator[None]:
    """All that is written inside is kept, or, on any exception, none of it.

    It begins IMMEDIATE: two deferred writers would be refused as locked at once, without waiting for each other. Where
    only a temporary table or an attached file is written, `writes` False leaves the database to other writers. What
    has ended the transaction itself by a rollback is left as it is.
    """
    conn.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    try:
        yield
        if conn.in_transaction:
            conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.rollback()
        raise
