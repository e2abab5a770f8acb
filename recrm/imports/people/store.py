"""All SQL of an import of clients: what the database knows of a file's rows, and the writing of what they add.

Rows go in by the hundred, one statement for many: under the journal's triggers that takes 0.6 s for 20,000
clients where a statement a row takes 1.7, most of it the savepoint that SQLite makes for each.
"""

# ruff: noqa: S608  # the names are the schema's; whatever a file says is bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from recrm.clients.fieldtable import BY_COLUMN
from recrm.core.text import fold
from recrm.imports.people.known import Known
from recrm.imports.people.matching import Directory
from recrm.imports.people.who import IDENTIFYING, Key, Who

_VALUES_OF_A_QUERY = 2_000
_VALUES_OF_AN_INSERT = 32_000  # SQLite takes at most 32,766
_COLUMNS = (*BY_COLUMN, "search_key", "origin")
_DETAILS = {
    "contact_points": ("client_id", "kind", "value", "extension", "shown", "key"),
    "client_tags": ("client_id", "tag"),
    "client_types": ("client_id", "type"),
}
_OWNERS = """
    SELECT kind, key, extension, client_id FROM contact_points
    WHERE key IN (SELECT value FROM json_each(?)) ORDER BY id
"""
# The first line of a search key is the folded name, so a range of the index finds it.
_NAMED = """
    SELECT wanted.value, clients.id, clients.name FROM json_each(?) AS wanted
    CROSS JOIN clients ON search_key >= wanted.value AND search_key < wanted.value || char(11)
    ORDER BY clients.id
"""
_MERGED = "SELECT merged_id, client_id FROM merges WHERE merged_id IN (SELECT value FROM json_each(?))"
_DETAILS_OF = """
    WITH wanted (id) AS (SELECT value FROM json_each(?))
    SELECT client_id, kind, key, extension FROM contact_points WHERE client_id IN wanted
    UNION ALL SELECT client_id, 'tag', tag, '' FROM client_tags WHERE client_id IN wanted
    UNION ALL SELECT client_id, 'type', type, '' FROM client_types WHERE client_id IN wanted
"""


def directory(
    conn: sqlite3.Connection, rows: Iterable[Who], names: Iterable[str], ids: Collection[int] = ()
) -> Directory:
    """The clients who have these rows' contact points, one of these names, folded, or one of these ids."""
    known = owners(conn, {key[1] for row in rows for key in row.identities})
    by_name: dict[str, list[int]] = {}
    for folded, client_id, name in named(conn, names):
        if fold(name) == folded:
            by_name.setdefault(folded, []).append(client_id)
    merged = {row[0]: row[1] for row in matching(conn, _MERGED, ids)}
    meant = {i for several in (*known.values(), *by_name.values()) for i in several}
    return Directory(known, by_name, _clients(conn, meant.union(ids, merged.values())), merged)


def owners(conn: sqlite3.Connection, keys: Iterable[str]) -> dict[Key, list[int]]:
    """Ids of the clients who have these phones, emails and ids, who had them first coming first."""
    found: dict[Key, list[int]] = {}
    for kind, key, extension, client_id in matching(conn, _OWNERS, keys):
        if kind in IDENTIFYING:
            found.setdefault((kind, key, extension), []).append(client_id)
    return found


def named(conn: sqlite3.Connection, folded: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """Clients whose names begin so, folded: that beginning, id and name."""
    return (tuple(row) for row in matching(conn, _NAMED, folded))


def referrer_of(conn: sqlite3.Connection, client_id: int) -> int | None:
    rows = conn.execute("SELECT referrer_id FROM clients WHERE id = ?", (client_id,)).fetchall()
    return rows[0][0] if rows else None


def _clients(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Known]:
    ids = sorted(ids)
    query = "SELECT * FROM clients WHERE id IN (SELECT value FROM json_each(?))"
    found = {
        row["id"]: Known(row["id"], {column: row[column] for column in _COLUMNS}, set(), is_written=True)
        for row in matching(conn, query, ids)
    }
    for client_id, kind, key, extension in matching(conn, _DETAILS_OF, ids):
        found[client_id].details.add((kind, key.lower() if kind == "tag" else key, extension))
    return found


def next_id(conn: sqlite3.Connection, table: str) -> int:
    """The id that the next new row of a table gets; nobody else takes it while this transaction lasts."""
    query = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = ?"
    return int(conn.execute(query, (table,)).fetchone()[0])


def write(conn: sqlite3.Connection, clients: Iterable[Known], details: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write what is new or changed of clients, and details by table; inside the caller's transaction."""
    conn.execute("PRAGMA defer_foreign_keys = ON")  # a referrer may stand further down in the file
    fresh = [client for client in clients if not client.is_written]
    given = set().union(*(client.columns for client in fresh))
    columns = [column for column in _COLUMNS if column in given]  # half of them are empty in most files
    insert(conn, "clients", ("id", *columns), ((it.id, *map(it.columns.get, columns)) for it in fresh))
    for table, rows in details.items():
        insert(conn, table, _DETAILS[table], rows)
    by_columns: dict[tuple[str, ...], list[Known]] = {}
    for client in clients:
        if client.changed:
            by_columns.setdefault(tuple(client.changed), []).append(client)
    for changed, several in by_columns.items():
        assigned = ", ".join(f"{column} = ?" for column in changed)
        values = ((*client.changed.values(), client.id) for client in several)
        conn.executemany(f"UPDATE clients SET {assigned} WHERE id = ?", values)


def insert(conn: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
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
