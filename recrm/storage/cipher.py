"""Databases encrypted as a whole by SQLCipher (extra `encrypt`): recognising and opening them.

Nothing here is imported for a plain database. An encrypted one has no magic bytes: its first page is noise like all
others, so that only the right key tells it from a file of another program. SQLCipher's own exceptions are made
kinds of sqlite3's, because everything that uses a connection catches those.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrm.core.errors import DatabaseTrouble
from recrm.core.i18n import N_
from recrm.storage.errors import LOCK_SECONDS
from recrm.storage.keys import Source
from recrm.storage.migrations import APPLICATION_ID

if TYPE_CHECKING:
    from recrm.storage.keys import Keys

PAGE = 4096
INSTALL = "pip install sqlcipher3 keyring"
ERRORS = (
    "DatabaseError", "DataError", "IntegrityError", "InterfaceError", "InternalError", "NotSupportedError",
    "OperationalError", "ProgrammingError",
)  # fmt: skip


class CannotOpen(DatabaseTrouble):
    """The file looks encrypted, and no key at hand opens it."""


class CipherMissing(CannotOpen):
    """The extra that brings SQLCipher is not installed."""

    def __init__(self, path: Path | None = None) -> None:
        cannot_open = N_("{path} is encrypted, or not a recrm database; this installation cannot open encrypted ones.")
        super().__init__(
            cannot_open if path else N_("This installation of recrm cannot encrypt."),
            N_("Install what encryption needs: `{command}`."),
            path=path,
            command=INSTALL,
        )


class NoKey(CannotOpen):
    """The file looks encrypted, and no source has a passphrase for it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("{path} is encrypted, or not a recrm database, and no passphrase was given; it was left as it is."),
            N_(
                "Name a file that holds the passphrase with RECRM_KEY_FILE, or run the command on a terminal, "
                "which asks."
            ),
            path=path,
        )


class WrongKey(CannotOpen):
    """The passphrase opens nothing; the same is seen where the file is foreign, or its first page damaged."""

    def __init__(self, path: Path, source: Source) -> None:
        super().__init__(
            _DOES_NOT_OPEN[source],
            N_(
                "Give the passphrase it was encrypted with; if you are sure of it, the file is damaged: "
                "restore a backup."
            ),
            path=path,
        )


_DOES_NOT_OPEN = {
    Source.EARLIER: N_(
        "The passphrase given before does not open {path}: it is another one's, or this is not a recrm database."
    ),
    Source.KEY_FILE: N_(
        "The passphrase in the key file does not open {path}: it is another one's, or this is not a recrm database."
    ),
    Source.KEYRING: N_(
        "The passphrase in the keyring does not open {path}: it is another one's, or this is not a recrm database."
    ),
    Source.PERSON: N_(
        "The passphrase typed does not open {path}: it is another one's, or this is not a recrm database."
    ),
}


def looks_encrypted(file_start: bytes) -> bool:
    """Whether a file's first page is noise: all but a few of the 256 bytes occur, and none of them often.

    In 4,096 random bytes one value of 256 is missing once in 35,000 files, and none occurs 60 times (16 is usual).
    Text, sheets, archives and pictures begin with headers and fail here.
    """
    counts = Counter(file_start[:PAGE])
    return len(file_start) >= PAGE and len(counts) >= 250 and max(counts.values()) < 60


def draft_name(path: Path, stage: str) -> Path:
    """The name of the draft that will take a database's place, while it is `encrypting` or `decrypting`."""
    return path.with_name(f"{path.name[:80]}.{stage}")


def drafts_left(path: Path, *stages: str) -> list[Path]:
    """Drafts of these stages beside a database; one that nobody is working on was left by a killed command."""
    from glob import escape

    return [left for stage in stages for left in path.parent.glob(f".{escape(draft_name(path, stage).name)}.*.tmp")]


@cache
def library() -> Any:
    """SQLCipher's module, its exceptions made subclasses of sqlite3's. Raises CipherMissing."""
    try:
        module: Any = import_module("sqlcipher3.dbapi2")
    except ImportError:
        raise CipherMissing from None
    for name in ERRORS:
        theirs, usual = getattr(module, name), getattr(sqlite3, name)
        if not issubclass(theirs, usual):
            theirs.__bases__ = (*theirs.__bases__, usual)

    class Connection(module.Connection):  # type: ignore[misc]  # known only at run time
        """A connection that remembers its key, so that a copy can be made with the same one."""

        passphrase: str | None = None

    module.RecrmConnection = Connection
    return module


def connect(path: Path, passphrase: str | None) -> sqlite3.Connection:
    """A bare connection by SQLCipher, to a plain file where there is no passphrase; nothing is read yet."""
    module = library()
    conn: Any = module.connect(
        os.path.abspath(path),  # noqa: PTH100  # SQLCipher would take a name `file:…` for a URI
        isolation_level=None,
        timeout=LOCK_SECONDS,
        factory=module.RecrmConnection,
    )
    conn.execute("PRAGMA cipher_log_level=NONE")  # or it writes to stderr by itself
    if passphrase is not None:
        # A pragma takes no parameters.
        conn.execute("PRAGMA key = '" + passphrase.replace("'", "''") + "'")
        conn.execute("PRAGMA cipher_compatibility=4")
        conn.passphrase = passphrase
    conn.execute("PRAGMA temp_store=MEMORY")
    conn.row_factory = module.Row
    opened: sqlite3.Connection = conn
    return opened


def unlock(path: Path, keys: Keys | None) -> sqlite3.Connection:
    """A connection by the first passphrase of these sources that opens the file; the file is not changed.

    Raises NoKey, WrongKey, another DatabaseTrouble where the file is not recrm's, or sqlite3.Error.
    """
    try:
        library()
    except CipherMissing:
        raise CipherMissing(path) from None
    real = Path(os.path.realpath(path))
    left = drafts_left(real, "decrypting")
    refused: WrongKey | None = None
    for source, passphrase in keys.passphrases(path) if keys else ():
        conn = try_key(path, passphrase)
        if conn:
            if keys:
                keys.opened(source, passphrase)
            # The database could be read, so no `decrypt` was running when these were seen: they are a killed one's.
            for draft in left:
                draft.unlink(missing_ok=True)
            return conn
        refused = WrongKey(path, source)
    raise refused or NoKey(path)


def try_key(path: Path, passphrase: str) -> sqlite3.Connection | None:
    """A connection by this passphrase; None where it opens nothing. Raises as `unlock` does."""
    conn = connect(path, passphrase)
    try:
        owner = conn.execute("PRAGMA application_id").fetchone()[0]
        if owner != APPLICATION_ID:
            raise DatabaseTrouble(
                N_("{path} is a database of another program; it was left as it is."),
                N_("Name recrm's own file with --db or RECRM_DB."),
                path=path,
            )
    except BaseException as error:
        conn.close()
        if isinstance(error, sqlite3.DatabaseError) and getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            return None
        raise
    return conn
