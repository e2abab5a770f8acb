"""All SQL about digests: who has been sent which day's, and who is sending one now."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from typing import TYPE_CHECKING

from recrm.core.moments import from_utc_text, to_utc_text, zone_of
from recrm.digest.model import Claim, is_held

if TYPE_CHECKING:
    import sqlite_utils


def is_settled(conn: sqlite3.Connection, recipient: str, day: date, now: datetime) -> bool:
    """Whether the day's digest was sent, or another run is sending it."""
    row = _of_day(conn, recipient, day)
    return row is not None and _is_taken(row, now)


def claim(db: sqlite_utils.Database, recipient: str, day: date, now: datetime) -> Claim | None:
    """Take the day, inside the caller's transaction; None where another run was first."""
    row = _of_day(db.conn, recipient, day)
    if row is None:
        taken = {"recipient": recipient, "day": day.isoformat(), "claimed_at": to_utc_text(now)}
        return Claim(int(db.table("digests").insert(taken).last_pk), now)  # type: ignore[arg-type]  # an integer key
    if _is_taken(row, now):
        return None
    db.table("digests").update(row["id"], {"claimed_at": to_utc_text(now)})
    return Claim(int(row["id"]), now)


def mark_sent(db: sqlite_utils.Database, mine: Claim, now: datetime) -> None:
    """The digest has gone out. A claim that another run took over meanwhile is that run's to mark."""
    db.conn.execute(
        "UPDATE digests SET sent_at = ? WHERE id = ? AND claimed_at = ? AND sent_at IS NULL",
        (to_utc_text(now), mine.id, to_utc_text(mine.at)),
    )


def release(db: sqlite_utils.Database, mine: Claim) -> None:
    """Give the day back, so that the next run tries again at once."""
    db.conn.execute(
        "DELETE FROM digests WHERE id = ? AND claimed_at = ? AND sent_at IS NULL", (mine.id, to_utc_text(mine.at))
    )


def last_sent(conn: sqlite3.Connection, recipient: str, before: date) -> date | None:
    """The latest day before `before` whose digest went out."""
    query = "SELECT max(day) FROM digests WHERE recipient = ? AND day < ? AND sent_at IS NOT NULL"
    day = conn.execute(query, (recipient, before.isoformat())).fetchone()[0]
    return date.fromisoformat(day) if day else None


def _of_day(conn: sqlite3.Connection, recipient: str, day: date) -> sqlite3.Row | None:
    query = "SELECT id, claimed_at, sent_at FROM digests WHERE recipient = ? AND day = ?"
    row: sqlite3.Row | None = conn.execute(query, (recipient, day.isoformat())).fetchone()
    return row


def _is_taken(row: sqlite3.Row, now: datetime) -> bool:
    return bool(row["sent_at"]) or is_held(from_utc_text(row["claimed_at"], zone_of(now)), now)
