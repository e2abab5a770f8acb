"""What belongs to a client, found by following the foreign keys: nothing that a later table adds is forgotten.

A row belongs to a client when its `client_id` says so, or when it points to a row that does (a step to its
complaint). The journal, merging, erasing and handing over a person's data ask here, so a new table needs no line in
any of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from recrm.storage.schema import Reference, journaled_tables, references

CLIENTS = "clients"


class OwnedTable(NamedTuple):
    """A table whose rows belong to clients. `rows` is a condition on them that takes the client's id once.

    `column` is what says whose a row is: its own id, its client_id, or what points to a row of `parent`.
    """

    table: str
    rows: str
    column: str
    parent: OwnedTable | None = None

    @property
    def is_direct(self) -> bool:
        """Whether its rows have a `client_id` of their own."""
        return self.column == "client_id"

    def owner(self, row: str) -> str:
        """SQL for the id of the client to whom a row belongs; `row` is the name it goes by, the table's or OLD.

        A parent that is gone already, or not back yet, is one that the journal knows.
        """
        if self.parent is None:
            return f'{row}."{self.column}"'
        to, key = self.parent.table, f'{row}."{self.column}"'
        return (
            f'coalesce((SELECT {self.parent.owner(to)} FROM "{to}" WHERE "{to}".id = {key}), '
            f"(SELECT client_id FROM changes WHERE table_name = '{to}' AND row_id = {key} ORDER BY id DESC LIMIT 1))"
        )


def client_tables(conn: sqlite3.Connection) -> list[OwnedTable]:
    """All of them, each after those it points to; delete in the reverse order."""
    pointing = {table: references(conn, table) for table in journaled_tables(conn)}
    found = {CLIENTS: OwnedTable(CLIENTS, "id = ?", "id")}
    while True:
        # Reached through its client_id, else through a table that was reached before.
        for table, keys in pointing.items():
            via = [each for each in keys if each.to in found and table != CLIENTS]
            if table not in found and via:
                found[table] = _reached(table, min(via, key=lambda each: each.column != "client_id"), found)
                break
        else:
            return _after_those_they_point_to(found, pointing)


def _reached(table: str, key: Reference, found: Mapping[str, OwnedTable]) -> OwnedTable:
    if key.column == "client_id":
        return OwnedTable(table, "client_id = ?", key.column)
    rows = f'"{key.column}" IN (SELECT id FROM "{key.to}" WHERE {found[key.to].rows})'
    return OwnedTable(table, rows, key.column, found[key.to])


def _after_those_they_point_to(
    found: Mapping[str, OwnedTable], pointing: Mapping[str, list[Reference]]
) -> list[OwnedTable]:
    placed: dict[str, OwnedTable] = {}
    while len(placed) < len(found):
        for table, owned in found.items():
            before = {each.to for each in pointing[table] if each.to in found and each.to != table}
            if table not in placed and before <= placed.keys():
                placed[table] = owned
    return list(placed.values())
