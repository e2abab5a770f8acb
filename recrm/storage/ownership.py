"""What belongs to a client, found by following the foreign keys: nothing that a later table adds is forgotten.

A row belongs to a client when its `client_id` says so, or when it points to a row that does (a step to its
complaint). Merging, erasing and handing over a person's data ask here, so a new table needs no line in any of them.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from recrm.storage.journal import journaled_tables


class OwnedTable(NamedTuple):
    """A table whose rows belong to clients. `rows` is a condition on them that takes the client's id once."""

    table: str
    rows: str
    is_direct: bool  # it has a `client_id` of its own


def client_tables(conn: sqlite3.Connection) -> list[OwnedTable]:
    """All of them, each after those it points to; delete in the reverse order."""
    references = {table: _references(conn, table) for table in journaled_tables(conn)}
    found = {"clients": OwnedTable("clients", "id = ?", False)}
    while True:
        # Reached through its client_id, else through a table that was reached before.
        for table, pointing in references.items():
            via = [(column, to) for column, to in pointing if to in found and (table, column) != ("clients", column)]
            if table not in found and via:
                column, to = min(via, key=lambda pair: pair[0] != "client_id")
                direct = column == "client_id"
                rows = "client_id = ?" if direct else f"{column} IN (SELECT id FROM {to} WHERE {found[to].rows})"
                found[table] = OwnedTable(table, rows, direct)
                break
        else:
            return _after_those_they_point_to(found, references)


def _after_those_they_point_to(
    found: dict[str, OwnedTable], references: dict[str, list[tuple[str, str]]]
) -> list[OwnedTable]:
    placed: dict[str, OwnedTable] = {}
    while len(placed) < len(found):
        for table, belonging in found.items():
            before = {to for _, to in references[table] if to in found and to != table}
            if table not in placed and before <= placed.keys():
                placed[table] = belonging
    return list(placed.values())


def _references(conn: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    """Column and the table it points to."""
    rows = conn.execute('SELECT "from", "table" FROM pragma_foreign_key_list(?)', (table,)).fetchall()
    return [(row[0], row[1]) for row in rows]
