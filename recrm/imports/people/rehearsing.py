"""A rehearsal's tables: what an import would write, kept aside, and seen by every question as if it were written.

They are temporary, so nothing of them reaches the database file, and SQLite keeps them on the disk once they are
large; views of the tables' own names lay them over what is there.
"""

# ruff: noqa: S608  # the names are this module's own

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

REHEARSED = "rehearsed_"
_DETAILS = {
    "contact_points": ("kind", "value", "extension", "shown", "key"),
    "client_tags": ("tag",),
    "client_types": ("type",),
}
_LATER = 1 << 60  # ids of what is not written yet come behind all that is


def lay_over(conn: sqlite3.Connection, columns: Sequence[str]) -> None:
    """Make the tables and views, empty; inside the caller's transaction, whose end removes them.

    `columns` are those of a client that are asked for.
    """
    own = ", ".join(columns)
    clients = f"temp.{REHEARSED}clients"
    conn.execute(f"CREATE TABLE {clients} (id INTEGER PRIMARY KEY, {own})")
    conn.execute(f"CREATE INDEX temp.{REHEARSED}names ON {REHEARSED}clients (name)")
    conn.execute(
        f"CREATE TEMP VIEW clients AS SELECT id, {own} FROM main.clients "
        f"WHERE id NOT IN (SELECT id FROM {clients}) UNION ALL SELECT id, {own} FROM {clients}"
    )
    for table, details in _DETAILS.items():
        aside, its = f"temp.{REHEARSED}{table}", ", ".join(details)
        conn.execute(f"CREATE TABLE {aside} (id INTEGER PRIMARY KEY, client_id, {its})")
        conn.execute(f"CREATE INDEX temp.{REHEARSED}{table}_of ON {REHEARSED}{table} (client_id)")
        conn.execute(
            f"CREATE TEMP VIEW {table} AS SELECT id, client_id, {its} FROM main.{table} "
            f"UNION ALL SELECT id + {_LATER}, client_id, {its} FROM {aside}"
        )
    conn.execute(f"CREATE INDEX temp.{REHEARSED}keys ON {REHEARSED}contact_points (key)")
