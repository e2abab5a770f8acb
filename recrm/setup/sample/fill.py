"""Writes a sample shop into a new, empty database.

Contacts and follow-ups are made client by client but happened one after another, and so are their ids: they
wait in a temporary table to be put in order. That also lays a client's contacts all over the file, as years of
use do, which keeps what is measured on a sample honest. Indexes are built at the end, by sorting.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from recrm.setup.sample.shop import COLUMNS, Order, Shop
from recrm.storage.db import Database

_IN_ORDER = {"contacts": "at", "follow_ups": "created_at"}
_CACHE_KIB = 32_000  # for sorting; without it the indexes of a million contacts take twice as long


# Names of tables and columns are put in from this program, values never.
_COUNT = "SELECT count(*) FROM {table}"
_WAIT = "CREATE TEMP TABLE waiting_{table} AS SELECT {columns} FROM {table} WHERE 0"
_INSERT = "INSERT INTO {target} ({columns}) VALUES ({marks})"
_ORDER = "INSERT INTO {table} ({columns}) SELECT {columns} FROM temp.waiting_{table} ORDER BY {moment}, rowid"
_DROP = "DROP TABLE temp.waiting_{table}"


@dataclass(frozen=True, slots=True)
class Filled:
    """How many rows of each kind were written."""

    clients: int
    contacts: int
    follow_ups: int
    complaints: int


def fill_shop(database: Database, order: Order, progress: Callable[[int], None] = lambda _: None) -> Filled:
    """Write the shop, all or nothing; `progress` is told how many more clients are there."""
    with database.fill() as conn:
        (usual,) = conn.execute("PRAGMA cache_size").fetchone()
        conn.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        try:
            _write(conn, Shop(order), progress)
        finally:
            conn.execute(f"PRAGMA cache_size={usual}")
    tables = Filled.__dataclass_fields__
    return Filled(*(conn.execute(_COUNT.format(table=table)).fetchone()[0] for table in tables))


def _write(conn: sqlite3.Connection, shop: Shop, progress: Callable[[int], None]) -> None:
    indexes = conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name <> 'standing'"
    ).fetchall()
    for name, _ in indexes:
        conn.execute(f'DROP INDEX "{name}"')
    columns = {table: ", ".join(names.split()) for table, names in COLUMNS.items()}
    inserts = {}
    for table, names in columns.items():
        target = f"temp.waiting_{table}" if table in _IN_ORDER else table
        marks = ", ".join("?" for _ in names.split(","))
        inserts[table] = _INSERT.format(target=target, columns=names, marks=marks)
    for table in _IN_ORDER:
        conn.execute(_WAIT.format(table=table, columns=columns[table]))
    for rows in shop.batches():
        for table, some in rows.items():
            conn.executemany(inserts[table], some)
        progress(len(rows["clients"]))
    for table, moment in _IN_ORDER.items():
        conn.execute(_ORDER.format(table=table, columns=columns[table], moment=moment))
        conn.execute(_DROP.format(table=table))
    for _, statement in indexes:
        conn.execute(statement)
    # A kept promise names the conversation that kept it.
    conn.execute(
        "UPDATE follow_ups SET contact_id = (SELECT min(id) FROM contacts "
        "WHERE contacts.client_id = follow_ups.client_id AND at = closed_at) WHERE status = 'done'"
    )
