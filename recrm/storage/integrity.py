"""Looking at a file of ours, page by page: whether it is sound, and what stands in the way of using it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recrm.core.errors import DatabaseTrouble
from recrm.core.i18n import _, ngettext
from recrm.storage.cipher import CannotOpen
from recrm.storage.connections import open_file
from recrm.storage.errors import DatabaseAbsent, NotADatabase, is_text_index_error
from recrm.storage.migrations import VERSION

if TYPE_CHECKING:
    from recrm.storage.keys import Keys

# What SQLite reports of a row that breaks the schema on a sound page: a copy of it is as good as the original.
BROKEN_ROW = re.compile(r"CHECK constraint failed in |(?:non-)?\w+ value in ")
# What newer versions report of a full-text index as well, which is not a damaged page either.
BROKEN_INDEX = re.compile(r"fts5: |(?:malformed|unable to validate the) inverted index for FTS5 table ")

GOOD, BAD, NEWER, FOREIGN, LOCKED = "good", "bad", "newer", "foreign", "locked"


class FileReport(NamedTuple):
    """What a file turned out to be: good, bad, newer, foreign, or locked because its key is not known; `why` says in
    SQLite's words why it is not good.
    """

    state: str
    version: int | None = None
    clients: int | None = None
    why: str = ""
    encrypted: bool = False


def inspect_file(path: Path, keys: Callable[[], Keys] | None = None, *, references: bool = False) -> FileReport:
    """Look at a file that should be a backup, page by page, and, if asked, at every reference between its rows.

    Raises DatabaseAbsent.
    """
    try:
        conn = open_file(path, keys)
    except DatabaseAbsent:
        raise
    except NotADatabase as error:
        is_empty = path.is_file() and not path.stat().st_size
        return FileReport(BAD, why=_("the file is empty")) if is_empty else FileReport(FOREIGN, why=error.what())
    except CannotOpen as error:
        return FileReport(LOCKED, why=error.what(), encrypted=True)
    except (DatabaseTrouble, sqlite3.Error, OSError) as error:
        return FileReport(BAD, why=str(error))
    version = None
    encrypted = getattr(conn, "passphrase", None) is not None
    with closing(conn):
        try:
            version = int(conn.execute("PRAGMA user_version").fetchone()[0])
            why = first_fault(conn)
            if not why and references and (broken := len(conn.execute("PRAGMA foreign_key_check").fetchall())):
                why = ngettext("{n} row points to a row that is gone", "{n} rows point to rows that are gone", broken)
            has_clients = conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'clients'").fetchone()
            clients = conn.execute("SELECT count(*) FROM clients").fetchone()[0] if has_clients else 0
        except sqlite3.Error as error:
            return FileReport(BAD, version, why=str(error), encrypted=encrypted)
    if why or version < 1:
        return FileReport(BAD, version, clients, why or _("it holds no tables of recrm"), encrypted)
    return FileReport(NEWER if version > VERSION else GOOD, version, clients, encrypted=encrypted)


def faults(conn: sqlite3.Connection, *, full: bool = False) -> list[str]:
    """What SQLite finds wrong with a database's pages, in its words; with `full`, with every index too."""
    pragma = "PRAGMA integrity_check" if full else "PRAGMA quick_check"
    lines: list[str] = []
    try:
        lines.extend(str(row[0]) for row in conn.execute(pragma))
    except sqlite3.DatabaseError as error:
        if not getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise
        lines.append(f"fts5: {error}" if is_text_index_error(error) else str(error))
    return [] if lines == ["ok"] else [line for each in lines for line in each.splitlines() if line]


def first_fault(conn: sqlite3.Connection, *, full: bool = False) -> str:
    """The first line about damaged pages; empty where there is none, even if a row or a full-text index is wrong."""
    lines = faults(conn, full=full)
    return next((line for line in lines if not BROKEN_ROW.match(line) and not BROKEN_INDEX.match(line)), "")


def unasked(keys: Callable[[], Keys] | None) -> Callable[[], Keys] | None:
    """The same keys, but nobody is asked for a passphrase: for looking at many files."""
    return (lambda: keys().unasked()) if keys else None
