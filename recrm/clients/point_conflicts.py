"""What an undo must not put back: a phone or email that another client was given since."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable


def given_later(conn: sqlite3.Connection, since: int, settled: Iterable[int]) -> tuple[int, str, int] | None:
    """Of the contact points in `temp.first_lines` that were put back, one that an operation gave to another client.

    The operation comes after `since` and is none of those `settled`; the answer is its number, and the other's row.
    Two who share one because somebody said so (`--allow-duplicate`) go on sharing it.
    """
    row = conn.execute(
        """
        SELECT later.operation_id, 'contact_points', others.id
        FROM temp.first_lines
        JOIN contact_points AS ours ON ours.id = first_lines.row_id
        JOIN contact_points AS others USING (key, kind, extension)
        JOIN changes AS later ON later.table_name = 'contact_points' AND later.row_id = others.id
        WHERE first_lines.table_name = 'contact_points' AND was_there AND kind IN ('phone', 'email')
            AND others.client_id <> ours.client_id AND later.operation_id > :since
            AND later.operation_id NOT IN (SELECT value FROM json_each(:settled)) LIMIT 1
        """,
        {"since": since, "settled": json.dumps(list(settled))},
    ).fetchone()
    return (row[0], row[1], row[2]) if row else None
