"""All SQL of an import: what the database knows of a file's rows, and the writing of a plan.

Rows go in by the hundred, one statement for many: under the journal's triggers that takes 0.6 s for 20,000
clients where a statement a row takes 1.7, most of it the savepoint that SQLite makes for each.
"""

# ruff: noqa: S608  # the names are this module's own; whatever a file says is bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from recrm.imports.people.merging import Known
from recrm.imports.people.plan import Plan
from recrm.imports.people.preparing import IDENTIFYING, Key
from recrm.imports.people.rehearsing import REHEARSED, lay_over

_ASKED_AT_ONCE = 2_000
_INSERTED_AT_ONCE = 32_000  # values of one statement, which takes at most 32,766
_COLUMNS = (
    "name", "kind", "pinyin", "pinyin_given", "search_key", "tier", "tier_set_at", "persona", "source",
    "referrer_id", "family", "occupation", "preferred_channel", "birth_year", "birth_month", "birth_day",
    "avoid", "note", "do_not_contact", "agent", "origin", "created_at", "verified_at",
)  # fmt: skip
_POINT = ("client_id", "kind", "value", "extension", "shown", "key")


def owners(conn: sqlite3.Connection, keys: Iterable[str]) -> dict[Key, list[int]]:
    """Ids of the clients who have these phones, emails and ids, who had them first coming first."""
    found: dict[Key, list[int]] = {}
    for kind, key, extension, client_id in _matching(
        conn,
        "SELECT kind, key, extension, client_id FROM contact_points "
        "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY id",
        keys,
    ):
        if kind in IDENTIFYING:
            found.setdefault((kind, key, extension), []).append(client_id)
    return found


def named(conn: sqlite3.Connection, names: Iterable[str]) -> dict[str, list[int]]:
    """Ids of the clients of exactly these names."""
    found: dict[str, list[int]] = {}
    query = "SELECT name, id FROM clients WHERE name IN (SELECT value FROM json_each(?)) ORDER BY id"
    for name, client_id in _matching(conn, query, names):
        found.setdefault(name, []).append(client_id)
    return found


def with_phones(conn: sqlite3.Connection, phones: Iterable[str]) -> dict[str, list[int]]:
    """Ids of the clients with these phones, whatever the extension."""
    found: dict[str, list[int]] = {}
    query = (
        "SELECT key, client_id FROM contact_points "
        "WHERE key IN (SELECT value FROM json_each(?)) AND kind = 'phone' ORDER BY client_id"
    )
    for key, client_id in _matching(conn, query, phones):
        found.setdefault(key, []).append(client_id)
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
    for row in _matching(conn, f"SELECT * FROM clients WHERE id {some}", ids):
        columns = {column: row[column] for column in (*_COLUMNS, "archived_at")}
        found[row["id"]] = Known(row["id"], columns, [], [], [], is_written=True)
    for row in _matching(
        conn, f"SELECT client_id, kind, key, extension FROM contact_points WHERE client_id {some}", ids
    ):
        found[row[0]].keys.append((row[1], row[2], row[3]))
    for row in _matching(conn, f"SELECT client_id, tag FROM client_tags WHERE client_id {some}", ids):
        found[row[0]].tags.append(row[1].lower())
    for row in _matching(conn, f"SELECT client_id, type FROM client_types WHERE client_id {some}", ids):
        found[row[0]].types.append(row[1])
    return found


def has_clients(conn: sqlite3.Connection) -> bool:
    """Whether there is anybody yet."""
    return bool(conn.execute("SELECT EXISTS (SELECT 1 FROM clients)").fetchone()[0])


def next_id(conn: sqlite3.Connection) -> int:
    """The id that the next new client gets; nobody else takes it while this transaction lasts."""
    query = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'clients'"
    return int(conn.execute(query).fetchone()[0])


def write(conn: sqlite3.Connection, plan: Plan, *, is_rehearsal: bool) -> None:
    """Write what was planned since the last time; inside the caller's transaction."""
    into = REHEARSED if is_rehearsal else ""
    conn.execute("PRAGMA defer_foreign_keys = ON")  # a referrer may stand further down in the file
    given = set().union(*(client.columns for client in plan.fresh))
    columns = [column for column in _COLUMNS if column in given]  # half of them are empty in most files
    rows = ((client.id, *map(client.columns.get, columns)) for client in plan.fresh)
    _insert(conn, f"{into}clients", ("id", *columns), rows)
    points = ((i, p.kind, p.value, p.extension, p.shown, p.key) for i, p in plan.points)
    _insert(conn, f"{into}contact_points", _POINT, points)
    _insert(conn, f"{into}client_tags", ("client_id", "tag"), plan.tags)
    _insert(conn, f"{into}client_types", ("client_id", "type"), plan.types)
    if is_rehearsal:
        _rehearse_changes(conn, plan.changed)
    else:
        _write_changes(conn, plan.changed)
    plan.written()


def _write_changes(conn: sqlite3.Connection, clients: Iterable[Known]) -> None:
    by_columns: dict[tuple[str, ...], list[Known]] = {}
    for client in clients:
        by_columns.setdefault(tuple(client.changed), []).append(client)
    for columns, changed in by_columns.items():
        if not set(columns) <= set(_COLUMNS):
            raise ValueError(f"clients have no columns {columns}")
        assigned = ", ".join(f"{column} = ?" for column in columns)
        conn.executemany(
            f"UPDATE clients SET {assigned} WHERE id = ?",
            ((*client.changed.values(), client.id) for client in changed),
        )


def rehearse(conn: sqlite3.Connection) -> None:
    """Let what is written from here on be kept aside; inside the caller's transaction."""
    lay_over(conn, (*_COLUMNS, "archived_at"))


def _rehearse_changes(conn: sqlite3.Connection, clients: Iterable[Known]) -> None:
    columns = ("id", *_COLUMNS, "archived_at")
    changed = list(clients)
    conn.execute(
        f"DELETE FROM {REHEARSED}clients WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([client.id for client in changed]),),
    )
    rows = ((client.id, *map(client.columns.get, columns[1:])) for client in changed)
    _insert(conn, f"{REHEARSED}clients", columns, rows)


def _insert(conn: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    marks = f"({', '.join('?' * len(columns))})"
    rest = iter(rows)
    while some := list(islice(rest, _INSERTED_AT_ONCE // len(columns))):
        conn.execute(into + ", ".join([marks] * len(some)), list(chain.from_iterable(some)))


def _matching(conn: sqlite3.Connection, query: str, values: Iterable[object]) -> Iterator[sqlite3.Row]:
    """Rows of a query that takes a list of values, for however many."""
    rest = iter(values)
    while some := list(islice(rest, _ASKED_AT_ONCE)):
        yield from conn.execute(query, (json.dumps(some, ensure_ascii=False),)).fetchall()
