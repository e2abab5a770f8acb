"""All SQL about complaints, their steps and events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from recrm.complaints.clock import with_clock
from recrm.complaints.model import Complaint, ComplaintNotFound, Event, PlannedStep, Step
from recrm.core.moments import from_utc_text, later, to_utc_text

if TYPE_CHECKING:
    import sqlite_utils

# What each sort puts first; the closed ones, which have no clock, are last by clock, the newest of them first.
SORTS: dict[str, Callable[[Complaint], Any]] = {
    "clock": lambda c: (c.clock is None, c.clock.timestamp() if c.clock else -(c.closed_at or c.opened_at).timestamp()),
    "opened": lambda c: (-c.opened_at.timestamp(), c.id),
    "severity": lambda c: (("major", "maintenance", "general").index(c.severity), c.id),
    "client": lambda c: (c.client, c.id),
}

_COMPLAINT = with_clock("""
    SELECT complaints.*, clients.name AS client, standing.tier, standing.urgent, {CLOCK} AS clock,
        coalesce(nullif(complaints.handler, ''), nullif(complaints.agent, ''), clients.agent) AS answers
    FROM complaints JOIN clients ON clients.id = complaints.client_id
        JOIN standing ON standing.client_id = complaints.client_id {NEXT_STEP}
""")
# Three questions, so that each reads its own index.
_OF_SEVERITY = " AND (:severity IS NULL OR severity = :severity)"
_OF_CLIENT = " WHERE complaints.client_id = :client AND (:closed OR complaints.status <> 'closed')" + _OF_SEVERITY
_RUNNING = " WHERE complaints.status <> 'closed'" + _OF_SEVERITY
_ALL = " WHERE 1" + _OF_SEVERITY


def add(db: sqlite_utils.Database, row: Mapping[str, Any], steps: Sequence[PlannedStep], now: datetime) -> int:
    """A new complaint's id; its clocks start now."""
    number = int(db.table("complaints").insert(dict(row)).last_pk)  # type: ignore[arg-type]  # an integer key
    add_steps(db, number, 1, steps, now)
    add_event(db, number, "recorded", str(row["text"]), str(row["agent"]), now)
    return number


def add_steps(
    db: sqlite_utils.Database, number: int, round_number: int, steps: Sequence[PlannedStep], now: datetime
) -> None:
    """The steps of a round, each with its deadline counted from now."""
    db.table("complaint_steps").insert_all(
        {
            "complaint_id": number,
            "round": round_number,
            "position": position,
            "step": planned.step,
            "role": planned.role,
            "due_at": to_utc_text(later(now, planned.within)),
        }
        for position, planned in enumerate(steps, start=1)
    )


def add_event(db: sqlite_utils.Database, number: int, event: str, text: str, agent: str, now: datetime) -> None:
    """One line of a complaint's history."""
    db.table("complaint_events").insert(
        {"complaint_id": number, "at": to_utc_text(now), "event": event, "text": text, "agent": agent}
    )


def finish_steps(db: sqlite_utils.Database, steps: Iterable[Step], note: str, agent: str, now: datetime) -> None:
    """Mark steps done."""
    for step in steps:
        db.table("complaint_steps").update(step.id, {"done_at": to_utc_text(now), "note": note, "agent": agent})


def update(db: sqlite_utils.Database, number: int, fields: Mapping[str, Any]) -> None:
    """Change columns of one complaint."""
    db.table("complaints").update(number, dict(fields))


def get(conn: sqlite3.Connection, number: int, zone: tzinfo) -> Complaint:
    """The complaint with this id, with its history. Raises ComplaintNotFound."""
    found = _complaints(
        conn, conn.execute(_COMPLAINT + " WHERE complaints.id = ?", (number,)).fetchall(), zone, events=True
    )
    if not found:
        raise ComplaintNotFound(number)
    return found[0]


def listed(
    conn: sqlite3.Connection,
    zone: tzinfo,
    *,
    client_id: int | None = None,
    severity: str | None = None,
    closed: bool = False,
    sort: str = "clock",
) -> list[Complaint]:
    """Complaints that pass every filter, the closed ones too if `closed`. `sort` is a key of SORTS."""
    params = {"client": client_id, "severity": severity, "closed": int(closed)}
    which = _OF_CLIENT if client_id is not None else _ALL if closed else _RUNNING
    rows = conn.execute(_COMPLAINT + which, params).fetchall()
    return sorted(_complaints(conn, rows, zone), key=SORTS[sort])


def open_for_client(conn: sqlite3.Connection, client_id: int, zone: tzinfo) -> list[Complaint]:
    """A client's running complaints, the next clock first."""
    return listed(conn, zone, client_id=client_id)


def call_back_done(db: sqlite_utils.Database, client_id: int, moment: datetime, text: str, agent: str) -> list[int]:
    """A conversation on `moment`'s local day makes the client's call-backs due by then; ids of their complaints."""
    rows = db.conn.execute(
        "SELECT id FROM complaints WHERE client_id = ? AND call_back_due <= ? AND called_back_at IS NULL",
        (client_id, moment.date().isoformat()),
    ).fetchall()
    for (number,) in [tuple(row) for row in rows]:
        update(db, number, {"called_back_at": to_utc_text(moment)})
        add_event(db, number, "called-back", text, agent, moment)
    return [row[0] for row in rows]


def _complaints(
    conn: sqlite3.Connection, rows: Sequence[sqlite3.Row], zone: tzinfo, *, events: bool = False
) -> list[Complaint]:
    ids = [row["id"] for row in rows]
    steps: dict[int, list[Step]] = {i: [] for i in ids}
    happened: dict[int, list[Event]] = {i: [] for i in ids}
    wanted = (json.dumps(ids),)
    for row in conn.execute(
        "SELECT * FROM complaint_steps WHERE complaint_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY complaint_id, round, position",
        wanted,
    ).fetchall():
        steps[row["complaint_id"]].append(_step(row, zone))
    if events:
        for row in conn.execute(
            "SELECT * FROM complaint_events WHERE complaint_id IN (SELECT value FROM json_each(?)) ORDER BY at, id",
            wanted,
        ).fetchall():
            happened[row["complaint_id"]].append(
                Event(from_utc_text(row["at"], zone), row["event"], row["text"], row["agent"])
            )
    return [_complaint(row, tuple(steps[row["id"]]), tuple(happened[row["id"]]), zone) for row in rows]


def _step(row: sqlite3.Row, zone: tzinfo) -> Step:
    return Step(
        id=row["id"],
        round=row["round"],
        position=row["position"],
        step=row["step"],
        role=row["role"],
        due=from_utc_text(row["due_at"], zone),
        done_at=from_utc_text(row["done_at"], zone) if row["done_at"] else None,
        note=row["note"],
        agent=row["agent"],
    )


def _complaint(row: sqlite3.Row, steps: tuple[Step, ...], events: tuple[Event, ...], zone: tzinfo) -> Complaint:
    def moment(column: str) -> datetime | None:
        return from_utc_text(row[column], zone) if row[column] else None

    return Complaint(
        id=row["id"],
        client_id=row["client_id"],
        client=row["client"],
        tier=row["tier"],
        urgent=bool(row["urgent"]),
        severity=row["severity"],
        text=row["text"],
        cause=row["cause"],
        measures=row["measures"],
        handler=row["handler"],
        status=row["status"],
        round=row["round"],
        opened_at=from_utc_text(row["opened_at"], zone),
        resolved_at=moment("resolved_at"),
        resolution=row["resolution"],
        confirm_by=moment("confirm_by"),
        closed_at=moment("closed_at"),
        call_back_due=date.fromisoformat(row["call_back_due"]) if row["call_back_due"] else None,
        called_back_at=moment("called_back_at"),
        agent=row["answers"] or "",
        clock=moment("clock"),
        steps=steps,
        events=events,
    )
