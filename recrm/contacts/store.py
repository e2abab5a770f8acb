"""All SQL about contacts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from recrm.contacts.model import Contact
from recrm.core.moments import from_utc_text

if TYPE_CHECKING:
    import sqlite_utils

SORTS = {
    "newest": "contacts.at DESC, contacts.id DESC",
    "oldest": "contacts.at, contacts.id",
}

_CONTACT = "SELECT contacts.*, clients.name AS client FROM contacts JOIN clients ON clients.id = client_id"
_COUNT = "SELECT count(*) FROM contacts"
_FILTERS = "(:channel IS NULL OR channel = :channel) AND contacts.at >= coalesce(:since, '')"
_OF_CLIENT = "WHERE contacts.client_id = :client AND " + _FILTERS
_OF_ALL = "WHERE " + _FILTERS


def add(db: sqlite_utils.Database, row: Mapping[str, Any]) -> int:
    """A new contact's id."""
    return int(db.table("contacts").insert(dict(row)).last_pk)  # type: ignore[arg-type]  # an integer key


def get(conn: sqlite3.Connection, number: int, zone: tzinfo) -> Contact:
    """The contact with this id, which exists."""
    return _contact(conn.execute(_CONTACT + " WHERE contacts.id = ?", (number,)).fetchone(), zone)


def listed(
    conn: sqlite3.Connection,
    zone: tzinfo,
    *,
    client_id: int | None = None,
    channel: str | None = None,
    since: str | None = None,
    sort: str = "newest",
    limit: int | None = None,
) -> tuple[list[Contact], int]:
    """Contacts that pass every filter, and how many there are in all. `since` is a stored instant."""
    params = {"client": client_id, "channel": channel, "since": since, "most": -1 if limit is None else limit}
    which = _OF_CLIENT if client_id is not None else _OF_ALL
    total = conn.execute(_COUNT + " " + which, params).fetchone()[0]
    rows = conn.execute(_CONTACT + " " + which + " ORDER BY " + SORTS[sort] + " LIMIT :most", params).fetchall()
    return [_contact(row, zone) for row in rows], total


def _contact(row: sqlite3.Row, zone: tzinfo) -> Contact:
    return Contact(
        id=row["id"],
        client_id=row["client_id"],
        client=row["client"],
        at=from_utc_text(row["at"], zone),
        direction=row["direction"],
        channel=row["channel"],
        text=row["text"],
        feedback=row["feedback"],
        next_step=row["next_step"],
        agent=row["agent"],
    )
