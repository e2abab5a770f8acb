"""All SQL of taking a whole export in: rows keep their ids, and nothing that is there is ever changed."""

# ruff: noqa: S608  # the names are those of the schema; values are bound

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from recrm.clients.consents import LATEST
from recrm.clients.suppression import Suppressed, are_any, newly_given
from recrm.core.errors import Conflict
from recrm.core.i18n import N_
from recrm.imports.full_dump.rows import Row, RowUnfit, Types
from recrm.storage.connections import transaction
from recrm.storage.ownership import client_tables
from recrm.storage.schema import journaled_tables, unjournaled_tables

_PAGE = 1_000
SUPPRESSIONS, KEY = "suppressions", "suppression_key"
_CONSTRAINTS = {
    "UNIQUE": N_("there is one like it already, by {column}"),
    "NOT NULL": N_("{column} is missing"),
    "CHECK": N_("it breaks the rule {column}"),
}


class RowTaken(Conflict):
    """A row whose id stands here for something else."""

    def __init__(self, what: str, **facts: object) -> None:
        hint = N_("Import into a new file: `recrm --db new.db init`, then `recrm --db new.db import FILE`.")
        super().__init__(what, hint, **facts)


@dataclass
class Taken:
    """How many rows of each table were new, whom not to call, and clients who have the number of one of them."""

    added: Counter[str] = field(default_factory=Counter)
    suppressions: list[dict[str, Any]] = field(default_factory=list)
    key: str | None = None  # what the hashes of those suppressions were made with
    forgotten: list[Suppressed] = field(default_factory=list)


def types(conn: sqlite3.Connection) -> Types:
    """The columns of each table that an export has, and their types."""
    return {
        table: {row[1]: row[2] for row in conn.execute("SELECT * FROM pragma_table_info(?)", (table,)).fetchall()}
        for table in (*journaled_tables(conn), *unjournaled_tables())
    }


def take(conn: sqlite3.Connection, rows: Iterable[Row], advance: Callable[[int], None]) -> Taken:
    """Write what is not there yet, inside the caller's transaction. Raises RowTaken, RowUnfit."""
    conn.execute("PRAGMA defer_foreign_keys = ON")  # a row may point to one further down
    ours = {owned.table for owned in client_tables(conn)}
    taken = Taken()
    for table, of_table in groupby(rows, key=lambda row: row.table):
        if table == KEY:
            taken.key = next(of_table).columns.get("key")
        elif table == SUPPRESSIONS:
            taken.suppressions += [row.columns for row in of_table]
        else:
            while page := list(islice(of_table, _PAGE)):
                taken.added[table] += _take_page(conn, table, page, belongs=table in ours)
                advance(len(page))
    if broken := conn.execute("PRAGMA foreign_key_check").fetchone():
        table, number, parent = tuple(broken)[:3]
        raise RowUnfit(table, 0, number, N_("it points to a row of {parent} that is not there"), parent=parent)
    if taken.added["clients"]:
        taken.forgotten = newly_given(conn, LATEST)
        forbidden = [(one.client_id,) for one in taken.forgotten]
        conn.executemany("UPDATE clients SET do_not_contact = 1 WHERE id = ?", forbidden)
    _suppress(conn, taken)
    return taken


def suppress_alone(conn: sqlite3.Connection, taken: Taken) -> None:
    """Take over whom not to call where nothing else was new: the operation has left nothing then, this included."""
    with transaction(conn):
        _suppress(conn, taken)


def _take_page(conn: sqlite3.Connection, table: str, page: list[Row], *, belongs: bool) -> int:
    """How many of the rows were new. What belongs to no client (which digest was sent) is this shop's own."""
    ids = json.dumps([row.columns["id"] for row in page])
    query = f'SELECT * FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))'
    there = {row["id"]: row for row in conn.execute(query, (ids,)).fetchall()}
    for row in page:
        known = there.get(row.columns["id"])
        if known is None:
            _insert(conn, row, "INSERT" if belongs else "INSERT OR IGNORE")
        elif belongs and any(known[column] != value for column, value in row.columns.items()):
            raise _clash(table, row.columns, known)
    return len(page) - len(there)


def _insert(conn: sqlite3.Connection, row: Row, verb: str) -> None:
    columns = row.columns
    names, marks = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
    try:
        conn.execute(f'{verb} INTO "{row.table}" ({names}) VALUES ({marks})', tuple(columns.values()))
    except sqlite3.IntegrityError as error:
        kind, _colon, column = str(error).partition(" constraint failed: ")
        why = _CONSTRAINTS.get(kind, N_("SQLite says: {column}"))
        raise RowUnfit(row.table, row.number, columns["id"], why, column=column or kind) from error


def _clash(table: str, row: dict[str, Any], known: sqlite3.Row) -> RowTaken:
    number, name = row["id"], row.get("name")
    if table != "clients":
        what = N_("Row {number} of {table} is not what stands here under that number; nothing was imported.")
        return RowTaken(what, number=number, table=table)
    if (name, row.get("created_at")) == (known["name"], known["created_at"]):
        what = N_("{name} (#{number}) has changed since the file was written, or the file has; nothing was imported.")
    else:
        what = N_("Client #{number} is {name_in_file} in the file and {name} here; nothing was imported.")
    return RowTaken(what, number=number, name=known["name"], name_in_file=name)


def _suppress(conn: sqlite3.Connection, taken: Taken) -> None:
    """Take over whom not to call. The hashes mean nothing without the key they were made with."""
    if not taken.suppressions and taken.key is None:
        return
    own = conn.execute(f"SELECT key FROM {KEY}").fetchone()
    if own is None and taken.key is None:
        raise RowUnfit(SUPPRESSIONS, 1, None, N_("the key it was made with is missing"))
    if own is None:
        conn.execute(f"INSERT INTO {KEY} (id, key) VALUES (1, ?)", (taken.key,))
    elif own[0] != taken.key:
        if not taken.suppressions:
            return  # nothing was made with the other key
        if are_any(conn):
            raise RowTaken(
                N_(
                    "Both the file and this database know people who were erased, each by a key of its own; "
                    "nothing was imported."
                )
            )
        conn.execute(f"UPDATE {KEY} SET key = ?", (taken.key,))
    conn.executemany(
        f"INSERT INTO {SUPPRESSIONS} (id, hash, added_at) SELECT :id, :hash, :added_at "
        f"WHERE NOT EXISTS (SELECT 1 FROM {SUPPRESSIONS} WHERE hash = :hash)",
        taken.suppressions,
    )
