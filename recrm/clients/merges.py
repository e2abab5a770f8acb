"""Which clients were taken for one: whose lines of the journal are a client's, and whose the two of an undone merge."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

# SQL for the id :client and all ids that have become it, through as many merges as it took.
OWN_IDS = (
    "WITH RECURSIVE own(id) AS (VALUES (:client) UNION "
    "SELECT merged_id FROM merges JOIN own ON merges.client_id = own.id) SELECT id FROM own"
)


class UndoneMerge(NamedTuple):
    """A merge that was taken back: the operation that made it, the one that took it back, and who was kept in it.

    `is_kept` is whether that is the client who was asked for; else it is the other one.
    """

    since: int
    until: int
    kept_id: int
    is_kept: bool


def own_ids(conn: sqlite3.Connection, client_id: int) -> set[int]:
    """A client's id, and all that were merged into it."""
    return {row[0] for row in conn.execute(OWN_IDS, {"client": client_id}).fetchall()}


def undone_merges(conn: sqlite3.Connection, ids: Iterable[int]) -> list[UndoneMerge]:
    """The merges of a client, whom these ids mean, with another that were undone; each time, where it was redone."""
    # Where the kept one of a merge was merged itself, its line was changed, and the first one was a part of that, too.
    found = conn.execute(
        """
        SELECT
            (
                SELECT coalesce(max(made.operation_id), 0) FROM changes AS made
                WHERE made.table_name = 'merges' AND made.row_id = changes.row_id AND made.action = 'insert'
                    AND made.operation_id <= changes.operation_id
            ),
            operation_id, before ->> 'client_id', kept
        FROM (
            SELECT *, before ->> 'client_id' IN (SELECT value FROM json_each(:ids)) AS kept,
                before ->> 'merged_id' IN (SELECT value FROM json_each(:ids)) AS merged
            FROM changes WHERE table_name = 'merges' AND action <> 'insert'
        ) AS changes
        WHERE merged AND NOT kept OR kept AND NOT merged AND action = 'delete'
        """,
        {"ids": json.dumps(sorted(ids))},
    ).fetchall()
    return [UndoneMerge(row[0], row[1], row[2], bool(row[3])) for row in found]
