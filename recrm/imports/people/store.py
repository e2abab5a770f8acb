"""All SQL of an import of clients: what the database knows of a file's rows, and the writing of a plan.

Rows go in by the hundred, one statement for many: under the journal's triggers that takes 0.6 s for 20,000
clients where a statement a row takes 1.7, most of it the savepoint that SQLite makes for each.
"""

# ruff: noqa: S608  # the names are the schema's; whatever a file says is bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from recrm.clients.fieldtable import BY_COLUMN
from recrm.imports.people.merging import Known
from recrm.imports.people.plan import Plan
from recrm.imports.people.preparing import IDENTIFYING, Key

_VALUES_OF_A_QUERY = 2_000
_VALUES_OF_AN_INSERT = 32_000  # SQLite takes at most 32,766
_COLUMNS = (*BY_COLUMN, "search_key", "origin")
_POINT = ("client_id", "kind", "value", "extension", "shown", "key")


def owners(conn: sqlite3.Connection, keys: Iterable[str]) -> dict[Key, list[int]]:
    """Ids of the clients who have these phones, emails and ids, who had them first coming first."""
    query = (
        "SELECT kind, key, extension, client_id FROM contact_points "
        "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY id"
    )
    found: dict[Key, list[int]] = {}
    for kind, key, extension, client_id in matching(conn, query, keys):
        if kind in IDENTIFYING:
            found.setdefault((kind, key, extension), []).append(client_id)
    return found


def named(conn: sqlite3.Connection, names: Iterable[str]) -> dict[str, list[int]]:
    """Ids of the clients of exactly these names."""
    return _ids_by(
        conn, "SELECT name, id FROM clients WHERE name IN (SELECT value FROM json_each(?)) ORDER BY id", names
    )


def with_phones(conn: sqlite3.Connection, phones: Iterable[str]) -> dict[str, list[int]]:
    """Ids of the clients with these phones, whatever the extension."""
    query = (
        "SELECT key, client_id FROM contact_points "
        "WHERE key IN (SELECT value FROM json_each(?)) AND kind = 'phone' ORDER BY client_id"
    )
    return _ids_by(conn, query, phones)


def _ids_by(conn: sqlite3.Connection, query: str, values: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for value, client_id in matching(conn, query, values):
        found.setdefault(value, []).append(client_id)
    return found


def referrer_of(conn: sqlite3.Connection, client_id: int) -> int | None:
    """Who sent this client."""
    rows = conn.execute("SELECT referrer_id FROM clients WHERE id = ?", (client_id,)).fetchall()
    return rows[0][0] if rows else None


def clients(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Known]:
    """Clients as they stand."""
    ids = sorted(set(ids))
    some = "IN (SELECT value FROM json_each(?))"
    found = {}
    for row in matching(conn, f"SELECT * FROM clients WHERE id {some}", ids):
        found[row["id"]] = Known(row["id"], {column: row[column] for column in _COLUMNS}, [], [], [], is_written=True)
    details = f"SELECT client_id, kind, key, extension FROM contact_points WHERE client_id {some}"
    for row in matching(conn, details, ids):
        found[row[0]].keys.append((row[1], row[2], row[3]))
    for row in matching(conn, f"SELECT client_id, tag FROM client_tags WHERE client_id {some}", ids):
        found[row[0]].tags.append(row[1].lower())
    for row in matching(conn, f"SELECT client_id, type FROM client_types WHERE client_id {some}", ids):
        found[row[0]].types.append(row[1])
    return found


def next_id(conn: sqlite3.Connection, table: str) -> int:
    """The id that the next new row of a table gets; nobody else takes it while this transaction lasts."""
    query = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = ?"
    return int(conn.execute(query, (table,)).fetchone()[0])


def write(conn: sqlite3.Connection, plan: Plan) -> None:
    """Write what was planned since the last time; inside the caller's transaction."""
    conn.execute("PRAGMA defer_foreign_keys = ON")  # a referrer may stand further down in the file
    given = set().union(*(client.columns for client in plan.fresh))
    columns = [column for column in _COLUMNS if column in given]  # half of them are empty in most files
    insert(conn, "clients", ("id", *columns), ((it.id, *map(it.columns.get, columns)) for it in plan.fresh))
    points = ((i, p.kind, p.value, p.extension, p.shown, p.key) for i, p in plan.points)
    insert(conn, "contact_points", _POINT, points)
    insert(conn, "client_tags", ("client_id", "tag"), plan.tags)
    insert(conn, "client_types", ("client_id", "type"), plan.types)
    by_columns: dict[tuple[str, ...], list[Known]] = {}
    for client in plan.changed:
        by_columns.setdefault(tuple(client.changed), []).append(client)
    for changed, several in by_columns.items():
        assigned = ", ".join(f"{column} = ?" for column in changed)
        rows = ((*client.changed.values(), client.id) for client in several)
        conn.executemany(f"UPDATE clients SET {assigned} WHERE id = ?", rows)
    plan.written()


def insert(conn: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows, many with one statement."""
    into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    marks = f"({', '.join('?' * len(columns))})"
    rest = iter(rows)
    while some := list(islice(rest, _VALUES_OF_AN_INSERT // len(columns))):
        conn.execute(into + ", ".join([marks] * len(some)), list(chain.from_iterable(some)))


def matching(conn: sqlite3.Connection, query: str, values: Iterable[object]) -> Iterator[sqlite3.Row]:
    """Rows of a query that takes a list of values, for however many."""
    rest = iter(values)
    while some := list(islice(rest, _VALUES_OF_A_QUERY)):
        yield from conn.execute(query, (json.dumps(some, ensure_ascii=False),)).fetchall()
