"""All SQL of a merge: the two as they stand, and everything of the one moved to the other."""

# ruff: noqa: S608  # tables and columns are the schema's own; whatever a person says is bound

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from recrm.clients import consents
from recrm.clients import store as clients
from recrm.clients.model import ClientGone
from recrm.core.moments import to_utc_text
from recrm.duplicates.merge_rules import Both, Side, fresh_points, fresh_tags
from recrm.storage.schema import journaled_tables

if TYPE_CHECKING:
    import sqlite_utils

# Sets, of which the kept client has a part already: what they lack is added behind their own, so that their first
# phone stays the one that lists show.
_SETS = ("client_types", "client_tags", "contact_points")


def read(conn: sqlite3.Connection, keep_id: int, other_id: int, zone: tzinfo) -> Both:
    """The two as they stand now. Raises ClientGone."""
    keep, other = _side(conn, keep_id, zone), _side(conn, other_id, zone)
    moving = {
        _name_of(table, column): int(
            conn.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}" = ?', (other_id,)).fetchone()[0]
        )
        for table, column in _pointing(conn)
    }
    moving["client_types"] = len(set(other.client.types) - set(keep.client.types))
    moving["client_tags"] = len(fresh_tags(keep.client, other.client))
    moving["contact_points"] = len(fresh_points(keep.client, other.client))
    moving["referrals"] -= int(keep.client.referrer_id == other_id)
    referrer_id = _referrer(conn, keep, other)
    named = conn.execute("SELECT name FROM clients WHERE id = ?", (referrer_id,)).fetchone()
    return Both(keep, other, moving, referrer_id, named[0] if named else None)


def write(db: sqlite_utils.Database, both: Both, columns: Mapping[str, Any], agent: str, now: datetime) -> None:
    """Make one client of the two; inside the caller's operation, in which `both` was read."""
    conn, keep, other = db.conn, both.keep.client, both.other.client
    _keep_consents(conn, both)
    clients.update(db, keep.id, columns)
    clients.add_details(db, keep.id, types=other.types, tags=other.tags)
    _move_points(conn, keep.id, other.id)
    for table, column in _pointing(conn):
        moved = f'"{table}" SET "{column}" = ? WHERE "{column}" = ?'
        if column != "client_id":
            conn.execute(f"UPDATE {moved}", (keep.id, other.id))
            continue
        if table not in _SETS:
            conn.execute(f"UPDATE OR IGNORE {moved}", (keep.id, other.id))
        # What the kept client has already would clash: it stayed with the other, and goes with them.
        conn.execute(f'DELETE FROM "{table}" WHERE client_id = ?', (other.id,))
    conn.execute("DELETE FROM clients WHERE id = ?", (other.id,))
    conn.execute(
        "INSERT INTO merges (client_id, merged_id, at) VALUES (?, ?, ?)", (keep.id, other.id, to_utc_text(now))
    )
    _keep_the_ban(conn, keep.id, agent, now)


def _keep_consents(conn: sqlite3.Connection, both: Both) -> None:
    """What one of them agreed to in words alone gets its row: the rows of the other are about to speak for both."""
    query = "SELECT count(*) FROM consents WHERE client_id IN (?, ?)"
    if conn.execute(query, (both.keep.client.id, both.other.client.id)).fetchone()[0]:
        for client in (both.keep.client, both.other.client):
            if client.consent and not consents.listed(conn, client.id, UTC):
                consents.record_line(conn, client.id, client.consent, client.agent, client.created_at)


def _keep_the_ban(conn: sqlite3.Connection, keep_id: int, agent: str, now: datetime) -> None:
    """A ban holds though the other of the two, as the record has it now, allowed something later: it is said again."""
    query = f"SELECT do_not_contact AND coalesce(({consents.LATEST}), '') = 'allowed' FROM clients WHERE id = ?"
    if conn.execute(query, (keep_id,)).fetchone()[0]:
        ban = consents.Event.DO_NOT_CONTACT
        again = consents.Consent(0, now, ban, consents.EVERYTHING, "merge-clients", agent, now)
        consents.record(conn, keep_id, again)


def _side(conn: sqlite3.Connection, number: int, zone: tzinfo) -> Side:
    client = clients.get(conn, number, zone)
    found = conn.execute("SELECT * FROM clients WHERE id = ?", (number,)).fetchone()
    waits = conn.execute("SELECT inquiry_at FROM standing WHERE client_id = ?", (number,)).fetchone()
    if not found or not waits:
        raise ClientGone(number)
    return Side(client, dict(found), waits["inquiry_at"])


def _pointing(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """Every table and column that points to clients, by the foreign keys: a later table needs no line here."""
    query = """SELECT "from" FROM pragma_foreign_key_list(?) WHERE "table" = 'clients'"""
    return [(table, row[0]) for table in journaled_tables(conn) for row in conn.execute(query, (table,)).fetchall()]


def _name_of(table: str, column: str) -> str:
    if (table, column) == ("clients", "referrer_id"):
        return "referrals"
    return table if column == "client_id" else f"{table}_{column}"


def _move_points(conn: sqlite3.Connection, keep_id: int, other_id: int) -> None:
    names = [
        row[0]
        for row in conn.execute("SELECT name FROM pragma_table_info('contact_points')").fetchall()
        if row[0] not in ("id", "client_id")
    ]
    listed = ", ".join(f'"{name}"' for name in names)
    conn.execute(
        f"INSERT OR IGNORE INTO contact_points (client_id, {listed}) "
        f"SELECT ?, {listed} FROM contact_points WHERE client_id = ? ORDER BY id",
        (keep_id, other_id),
    )


def _referrer(conn: sqlite3.Connection, keep: Side, other: Side) -> int | None:
    """Who sent the one person that the two are: nobody whom they have sent, straight or by way of others."""
    both = {keep.client.id, other.client.id}
    for candidate in (keep.client.referrer_id, other.client.referrer_id):
        if candidate is not None and both.isdisjoint((candidate, *clients.referrers_of(conn, candidate))):
            return candidate
    return None
