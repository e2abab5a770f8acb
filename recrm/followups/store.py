"""All SQL about follow-ups."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any

from recrm.core.moments import When, from_utc_text, to_utc_text, when_of, zone_of
from recrm.core.recurrence import parse_every
from recrm.followups.model import FollowUp, FollowUpClosed, FollowUpNotFound, Recurrence, next_scheduled

if TYPE_CHECKING:
    import sqlite_utils

_FOLLOW_UP = "SELECT follow_ups.*, clients.name AS client FROM follow_ups JOIN clients ON clients.id = client_id"


def get(conn: sqlite3.Connection, number: int, zone: tzinfo) -> FollowUp:
    """The follow-up with this id. Raises FollowUpNotFound."""
    row = conn.execute(_FOLLOW_UP + " WHERE follow_ups.id = ?", (number,)).fetchone()
    if row is None:
        raise FollowUpNotFound(number)
    return _follow_up(row, zone)


def get_open(conn: sqlite3.Connection, number: int, zone: tzinfo) -> FollowUp:
    """The follow-up with this id, still open. Raises FollowUpNotFound, FollowUpClosed."""
    follow_up = get(conn, number, zone)
    if follow_up.status != "open":
        raise FollowUpClosed(follow_up)
    return follow_up


def open_for_client(conn: sqlite3.Connection, client_id: int, zone: tzinfo) -> list[FollowUp]:
    """A client's open follow-ups, the earliest first."""
    rows = conn.execute(
        _FOLLOW_UP + " WHERE client_id = ? AND status = 'open' ORDER BY coalesce(due_day, due_at), follow_ups.id",
        (client_id,),
    ).fetchall()
    return [_follow_up(row, zone) for row in rows]


@dataclass(frozen=True, slots=True)
class Promise:
    """A follow-up to be written."""

    client_id: int
    due: When
    reason: str
    agent: str
    recurrence: Recurrence | None = None


def add(db: sqlite_utils.Database, promise: Promise, now: datetime) -> int:
    """A new follow-up's id."""
    recurrence = promise.recurrence
    row = {
        "client_id": promise.client_id,
        "reason": promise.reason,
        "agent": promise.agent,
        "created_at": to_utc_text(now),
        **_due_columns(promise.due),
    }
    if recurrence:
        row |= {
            "every": recurrence.every.short(),
            "anchor_day": recurrence.anchor.isoformat(),
            "scheduled_day": recurrence.scheduled.isoformat(),
            "until_day": recurrence.until.isoformat() if recurrence.until else None,
            "anchor_time": f"{recurrence.time:%H:%M}" if recurrence.time else None,
        }
    return int(db.table("follow_ups").insert(row).last_pk)  # type: ignore[arg-type]  # an integer key


def close(
    db: sqlite_utils.Database,
    follow_up: FollowUp,
    now: datetime,
    *,
    status: str = "done",
    outcome: str | None = None,
    contact_id: int | None = None,
) -> int | None:
    """Mark a follow-up done or cancelled; the id of the next one, where a done one recurs.

    The row is read again first: another process may have closed it meanwhile (FollowUpClosed).
    """
    zone = zone_of(now)
    follow_up = get_open(db.conn, follow_up.id, zone)
    db.table("follow_ups").update(
        follow_up.id,
        {"status": status, "closed_at": to_utc_text(now), "outcome": outcome, "contact_id": contact_id},
    )
    recurrence = follow_up.recurrence
    if status != "done" or recurrence is None or (day := next_scheduled(recurrence, now.date())) is None:
        return None
    due: When = day if recurrence.time is None else datetime.combine(day, recurrence.time, zone)
    again = replace(recurrence, scheduled=day)
    return add(db, Promise(follow_up.client_id, due, follow_up.reason, follow_up.agent, again), now)


def snooze(db: sqlite_utils.Database, follow_up: FollowUp, due: When) -> None:
    """Move the deadline; a recurrence keeps counting from its anchor. Raises FollowUpClosed."""
    follow_up = get_open(db.conn, follow_up.id, zone_of(follow_up.created_at))
    moved = {"due_day": None, "due_at": None, **_due_columns(due), "snoozes": follow_up.snoozes + 1}
    db.table("follow_ups").update(follow_up.id, moved)


def _due_columns(due: When) -> dict[str, Any]:
    return {"due_at": to_utc_text(due)} if isinstance(due, datetime) else {"due_day": due.isoformat()}


def _follow_up(row: sqlite3.Row, zone: tzinfo) -> FollowUp:
    recurrence = None
    if row["every"]:
        recurrence = Recurrence(
            parse_every(row["every"]),
            date.fromisoformat(row["anchor_day"]),
            date.fromisoformat(row["scheduled_day"]),
            date.fromisoformat(row["until_day"]) if row["until_day"] else None,
            time.fromisoformat(row["anchor_time"]) if row["anchor_time"] else None,
        )
    return FollowUp(
        id=row["id"],
        client_id=row["client_id"],
        client=row["client"],
        due=when_of(row["due_day"], row["due_at"], zone),
        reason=row["reason"],
        status=row["status"],
        recurrence=recurrence,
        snoozes=row["snoozes"],
        agent=row["agent"],
        created_at=from_utc_text(row["created_at"], zone),
        closed_at=from_utc_text(row["closed_at"], zone) if row["closed_at"] else None,
        outcome=row["outcome"],
        contact_id=row["contact_id"],
    )
