"""A verified copy of an open database, whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from recrm.core.errors import Failed
from recrm.core.files import draft_beside


def take(conn: sqlite3.Connection, target: Path) -> None:
    """Copy the database to `target` (0600): written beside it, checked page by page, counted, synced, renamed.

    Raises Failed when the copy cannot be made or does not agree with the original; no file is left behind then.
    """
    try:
        with draft_beside(target) as draft:
            copy = sqlite3.connect(draft, isolation_level=None)
            try:
                conn.backup(copy)
                healthy = [tuple(row) for row in copy.execute("PRAGMA quick_check").fetchall()] == [("ok",)]
                if not healthy or _row_counts(copy) != _row_counts(conn):
                    raise Failed(
                        f"The backup {target} does not agree with the database.",
                        "Check the disk, then try again.",
                    )
            finally:
                copy.close()
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise Failed(
            f"The backup {target} could not be written: {error}.",
            "Free some space, or mend the folder's permissions.",
        ) from error


def _row_counts(conn: sqlite3.Connection) -> dict[str, int]:
    tables = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    return {name: conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}
