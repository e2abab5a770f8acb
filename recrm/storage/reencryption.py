"""A database's copy under another key, every row of it compared with the original."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from recrm.core.errors import DatabaseTrouble, Failed
from recrm.core.files import draft_beside
from recrm.core.i18n import N_
from recrm.storage import cipher
from recrm.storage.connections import is_plain_file, transaction
from recrm.storage.keys import Keys


class CopyDiffers(Failed):
    """The copy is not the original; the original stays as it was."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("The new copy of {path} does not agree with it; nothing was changed."),
            N_("Check the disk, then try again."),
            path=path,
        )


def copy(conn: sqlite3.Connection, draft: Path, passphrase: str | None) -> None:
    """Write all of a database into an empty file, encrypted, or plain where there is no passphrase."""
    conn.execute("ATTACH DATABASE ? AS draft KEY ?", (str(draft), passphrase or ""))
    try:
        if passphrase:
            conn.execute("PRAGMA draft.cipher_compatibility=4")
        # A draft that is not finished is worth nothing, so it needs no journal, which a killed one would leave behind.
        conn.execute("PRAGMA draft.journal_mode=OFF")
        conn.execute("PRAGMA draft.synchronous=OFF")
        with transaction(conn, writes=False):
            conn.execute("SELECT sqlcipher_export('draft')").fetchall()
            for name in ("application_id", "user_version"):
                value = int(conn.execute(f"PRAGMA main.{name}").fetchone()[0])
                conn.execute(f"PRAGMA draft.{name}={value}")
    except BaseException:
        with suppress(sqlite3.Error):  # the first error is the one to report
            conn.execute("DETACH DATABASE draft")
        raise
    conn.execute("DETACH DATABASE draft")


def verify(conn: sqlite3.Connection, path: Path, draft: Path, passphrase: str | None) -> None:
    """Open the copy by its key alone and compare it with the original, row by row. Raises CopyDiffers."""
    with closing(cipher.connect(draft, passphrase)) as made:
        made.row_factory = None
        is_healthy = made.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        if passphrase:
            is_healthy = is_healthy and not made.execute("PRAGMA cipher_integrity_check").fetchall()
        if not is_healthy or any(_facts(made, query) != _facts(conn, query) for query in _WHOLE):
            raise CopyDiffers(path)
        for table, is_without_rowid in conn.execute(_TABLES).fetchall():
            columns = "*" if is_without_rowid else "rowid, *"
            query = f'SELECT {columns} FROM main."{table}"'  # noqa: S608  # the schema's own names
            try:
                if any(row != other for row, other in zip(conn.execute(query), made.execute(query), strict=True)):
                    raise CopyDiffers(path)
            except ValueError:  # one has more rows
                raise CopyDiffers(path) from None


_WHOLE = (
    "PRAGMA application_id",
    "PRAGMA user_version",
    "SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY type, name",
)
_TABLES = """
    SELECT name, wr FROM pragma_table_list
    WHERE schema = 'main' AND type IN ('table', 'shadow') AND name NOT LIKE 'sqlite_schema'
    ORDER BY name
"""


def _facts(conn: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    return conn.execute(query).fetchall()


@contextmanager
def reencrypted_like(database: Path, file: Path, keys: Callable[[], Keys] | None) -> Iterator[Path]:
    """The file, such as a backup; or, where the database is under another key or none, a copy under the database's.

    The copy is gone at the end. Raises DatabaseTrouble, Failed, OSError, sqlite3.Error.
    """
    given = passphrase_of(file, keys)
    try:
        wanted = passphrase_of(database, keys)
    except (DatabaseTrouble, sqlite3.Error):  # absent or damaged: then as the file is
        wanted = given
    if wanted == given:
        yield file
        return
    with draft_beside(database) as draft, closing(cipher.connect(file, given)) as conn:
        conn.row_factory = None
        copy(conn, draft, wanted)
        verify(conn, file, draft, wanted)
        yield draft


def passphrase_of(path: Path, keys: Callable[[], Keys] | None) -> str | None:
    """What opens a file of ours; None for a plain one. Raises DatabaseTrouble, sqlite3.Error."""
    if is_plain_file(path):
        return None
    with closing(cipher.unlock(path, keys() if keys else None)) as conn:
        return str(conn.passphrase)  # type: ignore[attr-defined]  # of cipher's own class
