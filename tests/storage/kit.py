"""A shop inside the test's own process, for what thousands of runs have to show."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from recrm import slices
from recrm.core.moments import to_utc_text
from recrm.core.settings import Settings, check
from recrm.storage import connections, db
from recrm.storage.db import Database, Operation
from tests.conftest import NOW, ZONE
from tests.opening import until_the_test_ends

HERE = ZoneInfo(ZONE)
MORNING = datetime.fromisoformat(NOW).replace(tzinfo=HERE)


def ram_shop() -> Database:
    """A migrated database that never touches the disk; it is closed when the test ends."""
    shop = until_the_test_ends(Database(connections.connect(Path(":memory:")), Path(":memory:")))
    db.bring_up_to_date(shop.conn, shop.path)
    return shop


def done_now(command: str = "test") -> Operation:
    """An operation of the fixed morning."""
    return Operation(command, "Mei", MORNING)


def settings(**values: Any) -> Settings:
    """The defaults but for some values; a key's dot is written as two underscores."""
    known = slices.settings()
    named = {key.replace("__", "."): value for key, value in values.items()}
    return Settings(Path("config.toml"), {key: check(key, value, known) for key, value in named.items()}, known)


def insert(conn: sqlite3.Connection, table: str, **row: Any) -> int:
    """A row, given only the columns that matter."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    return int(conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values())).lastrowid or 0)


def a_client(conn: sqlite3.Connection, **row: Any) -> int:
    """A client who asks for nothing by themselves: imported, without a tier, verified this morning."""
    at = to_utc_text(MORNING)
    known = {"name": "王丽", "search_key": "x", "origin": "import", "created_at": at, "verified_at": at}
    if row.get("tier"):
        known["tier_set_at"] = at
    return insert(conn, "clients", **(known | row))


def ago(**span: float) -> str:
    """A stored instant so long before the fixed morning."""
    return to_utc_text(MORNING - timedelta(**span))


def statements(conn: sqlite3.Connection, run: Callable[[], object]) -> list[str]:
    """The SQL that something runs, its values filled in."""
    seen: list[str] = []
    conn.set_trace_callback(seen.append)
    try:
        run()
    finally:
        conn.set_trace_callback(None)
    return seen


def plans(conn: sqlite3.Connection, queries: Iterable[str]) -> dict[str, list[str]]:
    """How SQLite goes about each SELECT."""
    selects = [" ".join(sql.split()) for sql in queries if sql.lstrip().upper().startswith(("SELECT", "WITH"))]
    return {sql: [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()] for sql in selects}


def tables(conn: sqlite3.Connection, names: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of these tables."""
    return {name: [tuple(row) for row in conn.execute(f'SELECT * FROM "{name}" ORDER BY 1')] for name in names}
