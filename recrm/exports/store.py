"""All SQL of an export: one view of the database, read by pages, so that a million rows take no more memory than ten.

The view is a read transaction, which keeps writers waiting until it ends. So nothing inside it may wait for a
person: what is to be printed is written to a temporary file first.
"""

# ruff: noqa: S608  # the names are those of the schema; values are bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from recrm.clients import store as clients
from recrm.clients.filters import Wanted
from recrm.core.export import Entries
from recrm.storage.ownership import client_tables
from recrm.storage.schema import journaled_tables, unjournaled_tables

_PAGE = 2_000
_CHOSEN = "IN (SELECT id FROM temp.exported)"


class Choice:
    """The clients of one export. `ids` are theirs, the lowest first; `is_everybody` where nobody was left out."""

    def __init__(self, conn: sqlite3.Connection, ids: list[int], is_everybody: bool) -> None:
        self.conn = conn
        self.ids = ids
        self.is_everybody = is_everybody


@contextmanager
def choice(conn: sqlite3.Connection, wanted: Wanted, archived: bool | None) -> Iterator[Choice]:
    """The clients wanted, in one view of the database that holds until the block ends."""
    conn.execute("BEGIN")
    try:
        ids = clients.ids_of(conn, **wanted._asdict(), archived=archived)
        conn.execute("CREATE TEMP TABLE exported (id INTEGER PRIMARY KEY)")
        conn.executemany("INSERT INTO temp.exported VALUES (?)", ((i,) for i in ids))
        yield Choice(conn, ids, wanted.is_everybody and archived is None)
    finally:
        conn.rollback()


def version(conn: sqlite3.Connection) -> int:
    """The schema's version."""
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def tables(conn: sqlite3.Connection) -> list[str]:
    """The tables of a whole export; without what an erasure leaves behind, it would forget whom not to call."""
    return sorted([*journaled_tables(conn), *unjournaled_tables()])


def whole_rows(chosen: Choice, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table that belong to the clients chosen, by id; all rows, where everybody was chosen."""
    conn = chosen.conn
    condition = None if chosen.is_everybody else _of_the_chosen(conn).get(table, "0")
    for row in _pages(conn, f'SELECT * FROM "{table}"', f'"{table}".id', condition):
        made = dict(row)
        if table == "clients" and condition and made["referrer_id"] and not _is_chosen(conn, made["referrer_id"]):
            made["referrer_id"] = None
        yield made


def how_many(chosen: Choice, names: Iterable[str]) -> int:
    """How many rows `whole_rows` gives of these tables in all."""
    conditions = {} if chosen.is_everybody else _of_the_chosen(chosen.conn)
    queries = (
        f'SELECT count(*) FROM "{name}" WHERE {"1" if chosen.is_everybody else conditions.get(name, "0")}'
        for name in names
    )
    return sum(chosen.conn.execute(query).fetchone()[0] for query in queries)


def most_points(chosen: Choice) -> dict[str, int]:
    """The most contact points of a kind that one of the clients has."""
    rows = chosen.conn.execute(
        "SELECT kind, max(number) FROM (SELECT kind, count(*) AS number FROM contact_points "
        f"WHERE client_id {_CHOSEN} GROUP BY client_id, kind) GROUP BY kind"
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def referrer_words(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    """What to call each of these so that an import finds nobody else: the name, else a phone, else the name still."""
    import json

    rows = conn.execute(
        "SELECT id, name, (SELECT count(*) FROM clients AS others WHERE others.name = clients.name) AS namesakes, ("
        " SELECT shown FROM contact_points AS points WHERE client_id = clients.id AND kind = 'phone' AND NOT EXISTS ("
        "  SELECT 1 FROM contact_points AS same WHERE same.key = points.key AND same.kind = 'phone'"
        "  AND same.client_id <> clients.id"
        " ) ORDER BY id LIMIT 1) AS phone FROM clients WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(ids))),),
    ).fetchall()
    return {row["id"]: row["name"] if row["namesakes"] == 1 or not row["phone"] else row["phone"] for row in rows}


def sheet_rows(chosen: Choice, table: str) -> Iterator[sqlite3.Row]:
    """The rows of a table whose rows belong to clients, with the client's name."""
    joined = f"{table} CROSS JOIN clients ON clients.id = {table}.client_id"
    query = f"SELECT {table}.*, clients.name AS client FROM {joined}"
    return _pages(chosen.conn, query, f"{table}.id", f"+{table}.client_id {_CHOSEN}")


def entry_rows(chosen: Choice, entries: Entries) -> Iterator[sqlite3.Row]:
    """The rows behind entries of a calendar, with the client's name, phone and creation, and when the row changed."""
    table, more = entries.table, f", {entries.more}" if entries.more else ""
    owner, joined = ("clients.id", "") if table == "clients" else (f"{table}.client_id", "CROSS JOIN clients ON ")
    joined += f"clients.id = {owner}" if joined else ""
    query = (
        f"SELECT {table}.*, clients.name AS client, {_PHONE} AS phone, clients.created_at AS client_created_at,"
        f" {_changed(table)} AS changed_at{more} FROM {table} {joined} {entries.join}"
    )
    return _pages(chosen.conn, query, f"{table}.id", f"+{owner} {_CHOSEN} AND {entries.condition}")


_PHONE = (
    "(SELECT shown FROM contact_points WHERE contact_points.client_id = clients.id AND kind = 'phone'"
    " ORDER BY contact_points.id LIMIT 1)"
)


def _changed(table: str) -> str:
    """When a row was last written, by the journal; an import counts as one writing."""
    return (
        f"(SELECT max(at) FROM changes JOIN operations ON operations.id = operation_id"
        f" WHERE table_name = '{table}' AND row_id = {table}.id)"
    )


def _pages(conn: sqlite3.Connection, query: str, key: str, condition: str | None) -> Iterator[sqlite3.Row]:
    """Rows by their id; each page is read to its end before the first of it is given out.

    The key alone leads through the table: a `+` before every other column keeps SQLite from its index, by which it
    would find and sort all rows anew for each page.
    """
    query = f"{query} WHERE {key} > ? AND ({condition or '1'}) ORDER BY {key} LIMIT {_PAGE}"
    rows: Sequence[sqlite3.Row]
    last = 0
    while rows := conn.execute(query, (last,)).fetchall():
        yield from rows
        last = rows[-1]["id"]


def _of_the_chosen(conn: sqlite3.Connection) -> dict[str, str]:
    """For each table whose rows belong to clients, the condition that they belong to those chosen."""
    return {b.table: "+" + b.rows.replace("= ?", _CHOSEN) for b in client_tables(conn)}


def _is_chosen(conn: sqlite3.Connection, client_id: int) -> bool:
    return bool(conn.execute("SELECT 1 FROM temp.exported WHERE id = ?", (client_id,)).fetchone())
