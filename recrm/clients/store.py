"""All SQL about clients: who they are, how to reach them, what they are tagged with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from recrm.clients.fieldtable import FIELDS, Kind
from recrm.clients.model import Client, ClientGone, ContactPoint, Money, PointTaken
from recrm.core.moments import from_utc_text, to_utc_text
from recrm.core.text import fold

if TYPE_CHECKING:
    import sqlite_utils

SORTS = {
    "name": "clients.pinyin || clients.name COLLATE NOCASE, clients.id",
    "tier": "coalesce(clients.tier, 'Z'), clients.name, clients.id",
    "added": "clients.created_at DESC, clients.id DESC",
    "last-contact": "standing.last_contact_at IS NOT NULL, standing.last_contact_at, clients.id",
    "id": "clients.id",
}

# Two clients have no phone or email in common, unless that was asked for.
UNIQUE_POINTS = ("phone", "email")

# A list of ids goes into SQL as one JSON array, so that the text of a query never depends on values.
_CLIENT = """
    SELECT clients.*, standing.last_contact_at,
        (SELECT name FROM clients AS referrers WHERE referrers.id = clients.referrer_id) AS referrer
    FROM clients JOIN standing ON standing.client_id = clients.id
    WHERE clients.id IN (SELECT value FROM json_each(?))
"""
_LISTED = """
    FROM clients JOIN standing ON standing.client_id = clients.id
    WHERE (:archived IS NULL OR (archived_at IS NOT NULL) = :archived)
        AND (:tier IS NULL OR coalesce(clients.tier, '') = :tier)
        AND (:agent IS NULL OR clients.agent = :agent)
        AND (:type IS NULL OR clients.id IN (SELECT client_id FROM client_types WHERE type = :type))
        AND (:tags IS NULL OR clients.id IN (
            SELECT client_id FROM client_tags WHERE tag IN (SELECT value FROM json_each(:tags))
        ))
"""


def get(conn: sqlite3.Connection, client_id: int, zone: tzinfo) -> Client:
    """The client with this id, who was there when they were looked up. Raises ClientGone."""
    found = get_many(conn, [client_id], zone)
    if not found:
        raise ClientGone(client_id)
    return found[0]


def get_many(conn: sqlite3.Connection, ids: Iterable[int], zone: tzinfo) -> list[Client]:
    """The clients with these ids, in the order of the ids."""
    ids = list(ids)
    rows = {row["id"]: row for row in conn.execute(_CLIENT, (json.dumps(ids),)).fetchall()}
    details = _details(conn, ids)
    return [_client(rows[i], *details[i], zone) for i in ids if i in rows]


def listed(
    conn: sqlite3.Connection,
    zone: tzinfo,
    *,
    tier: str | None = None,
    client_type: str | None = None,
    tags: Sequence[str] | None = None,
    agent: str | None = None,
    archived: bool = False,
    sort: str = "name",
    limit: int | None = None,
) -> tuple[list[Client], int]:
    """Clients that pass every filter, and how many there are in all. `sort` is a key of SORTS, `tags` are exact."""
    params = _params(tier, client_type, tags, agent, archived) | {"most": -1 if limit is None else limit}
    total = conn.execute("SELECT count(*) " + _LISTED, params).fetchone()[0]
    rows = conn.execute("SELECT clients.id " + _LISTED + " ORDER BY " + SORTS[sort] + " LIMIT :most", params).fetchall()
    return get_many(conn, (row[0] for row in rows), zone), total


def ids_of(
    conn: sqlite3.Connection,
    *,
    tier: str | None = None,
    client_type: str | None = None,
    tags: Sequence[str] | None = None,
    agent: str | None = None,
    archived: bool | None = None,
) -> list[int]:
    """Ids of all clients who pass every filter, the lowest first; `archived` None takes both kinds."""
    params = _params(tier, client_type, tags, agent, archived)
    return [row[0] for row in conn.execute("SELECT clients.id " + _LISTED + " ORDER BY clients.id", params).fetchall()]


def _params(
    tier: str | None, client_type: str | None, tags: Sequence[str] | None, agent: str | None, archived: bool | None
) -> dict[str, Any]:
    return {
        "archived": None if archived is None else int(archived),
        "tier": tier,
        "agent": agent,
        "type": client_type,
        "tags": None if tags is None else json.dumps(list(tags)),
    }


def owner_of(conn: sqlite3.Connection, point: ContactPoint, *, other_than: int | None = None) -> tuple[int, str] | None:
    """Id and name of a client who has this contact point; for phones, the extension counts too."""
    row = conn.execute(
        "SELECT clients.id, clients.name FROM contact_points JOIN clients ON clients.id = client_id "
        "WHERE contact_points.key = ? AND contact_points.kind = ? AND extension = ? AND clients.id IS NOT ? "
        "ORDER BY archived_at IS NOT NULL, clients.id LIMIT 1",
        (point.key, point.kind, point.extension, other_than),
    ).fetchone()
    return (row[0], row[1]) if row else None


def add(
    db: sqlite_utils.Database,
    fields: Mapping[str, Any],
    *,
    types: Iterable[str] = (),
    tags: Iterable[str] = (),
    points: Sequence[ContactPoint] = (),
    allow_duplicate: bool = False,
) -> int:
    """A new client's id. Raises PointTaken when somebody has the phone or email, unless duplicates are allowed."""
    if not allow_duplicate:
        _refuse_taken(db.conn, points)
    client_id = int(db.table("clients").insert(dict(fields)).last_pk)  # type: ignore[arg-type]  # an integer key
    add_details(db, client_id, types=types, tags=tags, points=points)
    return client_id


def add_details(
    db: sqlite_utils.Database,
    client_id: int,
    *,
    types: Iterable[str] = (),
    tags: Iterable[str] = (),
    points: Iterable[ContactPoint] = (),
) -> None:
    """Add types, tags and contact points; what the client already has, a tag in whatever case, stays as it is."""
    db.table("client_types").insert_all(({"client_id": client_id, "type": t} for t in types), ignore=True)
    had = {fold(row["tag"]) for row in list(db.table("client_tags").rows_where("client_id = ?", [client_id]))}
    fresh = [{"client_id": client_id, "tag": tag} for tag in tags if fold(tag) not in had]
    db.table("client_tags").insert_all(fresh, ignore=True)
    db.table("contact_points").insert_all((point_row(client_id, point) for point in points), ignore=True)


def point_row(client_id: int, point: ContactPoint) -> dict[str, Any]:
    """A contact point as a row."""
    return {
        "client_id": client_id,
        "kind": point.kind,
        "value": point.value,
        "extension": point.extension,
        "shown": point.shown,
        "key": point.key,
    }


def add_points(
    db: sqlite_utils.Database,
    client_id: int,
    points: Sequence[ContactPoint],
    *,
    allow_duplicate: bool = False,
) -> None:
    """Add contact points to a client. Raises PointTaken as `add` does."""
    if not allow_duplicate:
        _refuse_taken(db.conn, points, other_than=client_id)
    add_details(db, client_id, points=points)


def remove_point(db: sqlite_utils.Database, client_id: int, point: ContactPoint) -> None:
    """Take a contact point away; the same number with another extension stays."""
    db.table("contact_points").delete_where(
        "client_id = ? AND kind = ? AND key = ? AND extension = ?", [client_id, point.kind, point.key, point.extension]
    )


def update(db: sqlite_utils.Database, client_id: int, fields: Mapping[str, Any]) -> None:
    """Change columns of one client."""
    if fields:
        db.table("clients").update(client_id, dict(fields))


def set_types(db: sqlite_utils.Database, client_id: int, types: Iterable[str]) -> None:
    """Let the client be exactly these types."""
    wanted = set(types)
    for row in list(db.table("client_types").rows_where("client_id = ?", [client_id])):
        if row["type"] not in wanted:
            db.table("client_types").delete(row["id"])
    add_details(db, client_id, types=sorted(wanted))


def remove_tags(db: sqlite_utils.Database, client_id: int, tags: Sequence[str]) -> None:
    """Take tags away, in whatever case they were written."""
    unwanted = {fold(tag) for tag in tags}
    for row in list(db.table("client_tags").rows_where("client_id = ?", [client_id])):
        if fold(row["tag"]) in unwanted:
            db.table("client_tags").delete(row["id"])


def referrals_of(conn: sqlite3.Connection, client_id: int) -> list[tuple[int, str]]:
    """Ids and names of those whom this client referred."""
    rows = conn.execute("SELECT id, name FROM clients WHERE referrer_id = ? ORDER BY id", (client_id,)).fetchall()
    return [(row[0], row[1]) for row in rows]


def referrers_of(conn: sqlite3.Connection, client_id: int) -> list[int]:
    """Ids of who referred this client, who referred them, and so on."""
    rows = conn.execute(
        "WITH RECURSIVE chain(id) AS (SELECT referrer_id FROM clients WHERE id = ? UNION "
        "SELECT referrer_id FROM clients JOIN chain USING (id)) SELECT id FROM chain WHERE id IS NOT NULL",
        (client_id,),
    ).fetchall()
    return [row[0] for row in rows]


def merged_into(conn: sqlite3.Connection, client_id: int) -> int | None:
    """Whom a client that is no more has become, by however many merges; None where there was none."""
    row = conn.execute(
        "WITH RECURSIVE heirs(id) AS (SELECT client_id FROM merges WHERE merged_id = ? UNION "
        "SELECT client_id FROM merges JOIN heirs ON merged_id = heirs.id) "
        "SELECT clients.id FROM heirs JOIN clients USING (id)",
        (client_id,),
    ).fetchone()
    return int(row[0]) if row else None


def open_promises(conn: sqlite3.Connection, client_id: int) -> int:
    """How many follow-ups of a client are open."""
    count = "SELECT count(*) FROM follow_ups WHERE client_id = ? AND status = 'open'"
    return int(conn.execute(count, (client_id,)).fetchone()[0])


def _refuse_taken(conn: sqlite3.Connection, points: Sequence[ContactPoint], other_than: int | None = None) -> None:
    for point in points:
        if point.kind in UNIQUE_POINTS and (owner := owner_of(conn, point, other_than=other_than)):
            raise PointTaken(point, *owner)


Details = tuple[tuple[str, ...], tuple[str, ...], tuple[ContactPoint, ...]]


def _details(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Details]:
    wanted = (json.dumps(ids),)
    types: dict[int, list[str]] = {i: [] for i in ids}
    tags: dict[int, list[str]] = {i: [] for i in ids}
    points: dict[int, list[ContactPoint]] = {i: [] for i in ids}
    for row in conn.execute(
        "SELECT client_id, type FROM client_types WHERE client_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        wanted,
    ).fetchall():
        types[row[0]].append(row[1])
    for row in conn.execute(
        "SELECT client_id, tag FROM client_tags WHERE client_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        wanted,
    ).fetchall():
        tags[row[0]].append(row[1])
    for row in conn.execute(
        "SELECT client_id, kind, value, shown, key, extension FROM contact_points "
        "WHERE client_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        wanted,
    ).fetchall():
        points[row[0]].append(ContactPoint(*tuple(row)[1:]))
    return {i: (tuple(types[i]), tuple(tags[i]), tuple(points[i])) for i in ids}


def birthday_text(row: Mapping[str, Any] | sqlite3.Row) -> str | None:
    """`1990-05-20`, or `--05-20` where the year is unknown (ISO 8601's truncated form, as vCard writes it)."""
    if row["birth_month"] is None:
        return None
    year = f"{row['birth_year']:04d}" if row["birth_year"] is not None else "-"
    return f"{year}-{row['birth_month']:02d}-{row['birth_day']:02d}"


def _client(
    row: sqlite3.Row,
    types: tuple[str, ...],
    tags: tuple[str, ...],
    points: tuple[ContactPoint, ...],
    zone: tzinfo,
) -> Client:
    known: dict[str, Any] = {key: row[column] for key, column in _AS_STORED}
    for key, column, read in _READ:
        known[key] = read(row, column, zone)
    return Client(
        id=row["id"],
        tier_set_at=_moment(row, "tier_set_at", zone),
        referrer_id=row["referrer_id"],
        last_contact_at=_moment(row, "last_contact_at", zone),
        types=types,
        tags=tags,
        points=points,
        more={key: known.pop(key) for key in _WITHOUT_ATTRIBUTE},
        **known,
    )


def _moment(row: sqlite3.Row, column: str, zone: tzinfo) -> datetime | None:
    return from_utc_text(row[column], zone) if row[column] else None


def _amount(row: sqlite3.Row, column: str, _zone: tzinfo) -> Money | None:
    return Money(row[column], row["currency"] or "") if row[column] is not None else None


_READERS: dict[Kind, Callable[[sqlite3.Row, str, tzinfo], Any]] = {
    Kind.MONEY: _amount,
    Kind.DAY: lambda row, _column, _zone: birthday_text(row),
    Kind.FLAG: lambda row, column, _zone: bool(row[column]),
    Kind.MOMENT: _moment,
    Kind.REFERRER: lambda row, _column, _zone: row["referrer"],  # the name, which the query looks up
}
# Worked out once, as lists of clients are long: keys and columns of the fields, and how those of some kinds are read.
_STORED = [field for field in FIELDS if field.columns and field.kind is not Kind.CURRENCY]
_AS_STORED = [(field.key, field.columns[0]) for field in _STORED if field.kind not in _READERS]
_READ = [(field.key, field.columns[0], _READERS[field.kind]) for field in _STORED if field.kind in _READERS]
_WITHOUT_ATTRIBUTE = [field.key for field in _STORED if field.key not in Client.__slots__]


def new_fields(named: Mapping[str, Any], *, origin: str, now: datetime) -> dict[str, Any]:
    """The columns that every new client has: the name's, where they came from and when."""
    at = to_utc_text(now)
    return {**named, "origin": origin, "created_at": at, "verified_at": at}
