"""Erasing a person from the backups of one database: each is rewritten beside, checked, and put in the old one's place.

The same number may mean somebody else in a file of another history, a restored or a copied one. So a backup is
touched only where the client of that number was added at the same moment; and where nobody knows that moment any
more, only if everything that was ever done in it was done in the database, too.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from recrm.core.errors import RecrmError, system_reason
from recrm.core.i18n import _
from recrm.privacy import traces
from recrm.privacy.erasing import erase, rewrite
from recrm.storage import db, errors
from recrm.storage.backup_folder import folder_for, older_copies
from recrm.storage.connections import transaction
from recrm.storage.db import Operation
from recrm.storage.integrity import first_fault
from recrm.storage.keys import Keys

ERASED, CLEAN, LEFT = "erased", "clean", "left"
_WORKSHOP = ".recrm-erasing-"
_DAY_SECONDS = 24 * 3600


class Outcome(NamedTuple):
    """What became of one backup: erased, clean (nothing of them was in it) or left as it was, with the reason."""

    path: Path
    state: str
    why: str = ""


class Sought(NamedTuple):
    """Who is to be erased from backups: their ids with the moments they were added, as far as anybody knows them;
    and the database's own operations and suppressions, which a rewritten backup is measured by and given.
    """

    added: dict[int, str | None]
    operations: frozenset[tuple[int, str, str, str]]
    suppressions: tuple[tuple[str, str], ...]
    key: str | None


def backups_of(database: Path, folder: str) -> list[Path]:
    """Every backup of a database that lies where backups are put, the newest first. Raises OSError."""
    return [saved.path for saved in (*folder_for(database, folder).backups(), *older_copies(database))]


def sought(conn: sqlite3.Connection, client_id: int) -> Sought:
    """What there is to know of them in the database, before they are erased from it."""
    found = traces.find(conn, client_id)
    added: dict[int, str | None] = dict.fromkeys(sorted(found.ids))
    for line in found.lines:
        if line.table == "clients" and line.before:
            added[line.row_id] = line.before["created_at"]
    for number, at in conn.execute("SELECT id, created_at FROM clients").fetchall() if found.rows["clients"] else ():
        if number in added:
            added[number] = at
    return Sought(added, _operations(conn), (), None)


def with_suppressions(wanted: Sought, conn: sqlite3.Connection) -> Sought:
    """The same with what the erasure has left, so that a restored backup knows it, too."""
    hashes = tuple((row[0], row[1]) for row in conn.execute("SELECT hash, added_at FROM suppressions").fetchall())
    key = conn.execute("SELECT key FROM suppression_key").fetchone()
    return wanted._replace(suppressions=hashes, key=key[0] if key else None)


def erase_from(
    paths: Iterable[Path], wanted: Sought, operation: Operation, keys: Callable[[], Keys] | None
) -> list[Outcome]:
    """Rewrite each of these backups without the person; what cannot be rewritten is left as it was, and named."""
    outcomes = []
    for path in paths:
        _sweep(path.parent, operation.at.timestamp())
        try:
            outcomes.append(_erase_from_one(path, wanted, operation, keys))
        except RecrmError as error:
            outcomes.append(Outcome(path, LEFT, _of_it(path, error)))
        except sqlite3.Error as error:
            outcomes.append(Outcome(path, LEFT, errors.from_sqlite_error(error, path).what()))
        except OSError as error:
            why = _("It cannot be rewritten: {error}.", error=system_reason(error))
            outcomes.append(Outcome(path, LEFT, why))
    return outcomes


def _of_it(path: Path, error: RecrmError) -> str:
    """What is wrong with a backup, for a line that names it: the path of the draft it was worked on is left out."""
    draft = rf"{re.escape(str(path.parent / _WORKSHOP))}[^/\\]*.{re.escape(path.name)}"
    return re.sub(draft, _("It"), error.what())


def _erase_from_one(path: Path, wanted: Sought, operation: Operation, keys: Callable[[], Keys] | None) -> Outcome:
    # A folder of its own, because an older file is upgraded as it is opened, and then leaves a copy beside itself.
    with tempfile.TemporaryDirectory(prefix=_WORKSHOP, dir=path.parent) as workshop:
        draft = Path(workshop) / path.name
        shutil.copyfile(path, draft)
        draft.chmod(0o600)
        database = db.open_existing(draft, keys)
        with closing(database):
            conn = database.conn
            if fault := first_fault(conn):
                return Outcome(path, LEFT, _("It is damaged: {fault}.", fault=fault))
            ids, foreign = _theirs(conn, wanted)
            if foreign:
                return Outcome(path, LEFT, foreign)
            held = [found for one in ids if (found := traces.find(conn, one)).count or found.lines or found.beside]
            if not held:
                return Outcome(path, CLEAN)
            for one in ids:
                erase(database, one, operation, suppress=False, keep_operation=False)
            _hand_on(conn, wanted)
            rewrite(database)
            if fault := first_fault(conn):
                return Outcome(path, LEFT, _("Its rewritten copy failed the check: {fault}.", fault=fault))
            if any(_is_held(conn, one) for one in ids):
                return Outcome(path, LEFT, _("Its rewritten copy failed the check: it still holds them."))
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        times = path.stat()
        os.utime(draft, ns=(times.st_atime_ns, times.st_mtime_ns))  # it is still the backup of that day
        draft.replace(path)
    return Outcome(path, ERASED)


def _theirs(conn: sqlite3.Connection, wanted: Sought) -> tuple[list[int], str]:
    """The ids that mean the same person in a backup; or why that cannot be said."""
    ids = []
    for number, added in wanted.added.items():
        row = conn.execute("SELECT created_at FROM clients WHERE id = ?", (number,)).fetchone()
        if row and added and row[0] != added:
            return [], _(
                "Its client #{id} is somebody else, added on {day}; it is of another history.",
                id=number,
                day=row[0][:10],
            )
        if not (row and added) and not _operations(conn) <= wanted.operations:
            if not row and not _is_held(conn, number):
                continue
            return [], _(
                "Whether its client #{id} is the same person cannot be known; it is of another history.", id=number
            )
        ids.append(number)
    return ids, ""


def _is_held(conn: sqlite3.Connection, number: int) -> bool:
    found = traces.find(conn, number)
    return bool(found.count or found.lines)


def _hand_on(conn: sqlite3.Connection, wanted: Sought) -> None:
    """Who was erased stays suppressed where this backup is restored. Its own key goes on, if it has one."""
    if wanted.key is None:
        return
    with transaction(conn):
        conn.execute("INSERT OR IGNORE INTO suppression_key (id, key) VALUES (1, ?)", (wanted.key,))
        if conn.execute("SELECT key FROM suppression_key").fetchone()[0] == wanted.key:
            conn.executemany("INSERT OR IGNORE INTO suppressions (hash, added_at) VALUES (?, ?)", wanted.suppressions)


def _operations(conn: sqlite3.Connection) -> frozenset[tuple[int, str, str, str]]:
    rows = conn.execute("SELECT id, command, agent, at FROM operations").fetchall()
    return frozenset((row[0], row[1], row[2], row[3]) for row in rows)


def _sweep(folder: Path, now: float) -> None:
    """Remove what a killed erasure left half done, long ago."""
    with suppress(OSError):
        for left in folder.glob(f"{_WORKSHOP}*"):
            if now - left.stat().st_mtime > _DAY_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
