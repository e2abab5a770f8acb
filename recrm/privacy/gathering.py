"""All that is held about one person as data: their rows, what the journal remembers, and how others are tied to them.

It is theirs to have, and only theirs: whom they sent and who sent them are ids here, without a name, and lines that
tell of others stay out.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import tzinfo
from itertools import pairwise
from typing import Any

from recrm.app import App
from recrm.core.moments import from_utc_text, iso
from recrm.privacy import traces
from recrm.privacy.traces import Line, Traces
from recrm.storage.ownership import CLIENTS

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def gather(app: App, client_id: int) -> dict[str, Any]:
    """Everything, in the stable shape of `export-person --json`."""
    conn, zone = app.db.conn, app.zone
    held = traces.find(conn, client_id)
    records = {table: _rows(conn, table, ids, zone) for table, ids in held.rows.items() if ids}
    profile = next(iter(records.pop(CLIENTS)))
    return {
        "id": client_id,
        "name": profile["name"],
        "exported_at": iso(app.now, zone),
        "ids": sorted(held.ids),
        "profile": profile,
        "records": records,
        "referred_by": _referrer(conn, client_id),
        "has_sent": [row[0] for row in conn.execute("SELECT id FROM clients WHERE referrer_id = ?", (client_id,))],
        "earlier": _earlier(conn, held, zone),
    }


def _rows(conn: sqlite3.Connection, table: str, ids: list[int], zone: tzinfo) -> list[dict[str, Any]]:
    query = f'SELECT * FROM "{table}" WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id'
    return [_localized(dict(row), zone) for row in conn.execute(query, (traces.as_json(ids),)).fetchall()]


def _referrer(conn: sqlite3.Connection, client_id: int) -> int | None:
    row = conn.execute("SELECT referrer_id FROM clients WHERE id = ?", (client_id,)).fetchone()
    return row[0] if row else None


def _earlier(conn: sqlite3.Connection, held: Traces, zone: tzinfo) -> list[dict[str, Any]]:
    """What the journal remembers, the oldest first; `was` are the columns that the change gave another value."""
    ids = traces.as_json({line.operation_id for line in held.lines})
    rows = conn.execute(
        "SELECT id, command, agent, at FROM operations WHERE id IN (SELECT value FROM json_each(?))", (ids,)
    ).fetchall()
    done = {row[0]: row for row in rows}
    was = _differences(conn, held)
    return [
        {
            "at": iso(from_utc_text(done[line.operation_id]["at"], zone), zone),
            "command": done[line.operation_id]["command"],
            "agent": done[line.operation_id]["agent"] or None,
            "table": line.table,
            "row": line.row_id,
            "action": line.action,
            "was": _localized(was[line.id], zone) if line.before else None,
        }
        for line in held.lines
    ]


def _differences(conn: sqlite3.Connection, held: Traces) -> dict[int, dict[str, Any]]:
    """Of each line, what the row held before and no longer held after: all of it, where the row went."""
    by_row: dict[tuple[str, int], list[Line]] = {}
    for line in held.lines:
        by_row.setdefault((line.table, line.row_id), []).append(line)
    found: dict[int, dict[str, Any]] = {}
    for (table, row_id), lines in by_row.items():
        query = f'SELECT * FROM "{table}" WHERE id = ?'
        row = conn.execute(query, (row_id,)).fetchone() if row_id in held.rows[table] else None
        states = [*(line.before for line in lines), dict(row) if row else None]
        for line, (before, after) in zip(lines, pairwise(states), strict=True):
            ended = after is None or line.action == "delete"
            found[line.id] = {
                column: value
                for column, value in (before or {}).items()
                if (value not in (None, "") if ended else value != (after or {}).get(column))
            }
    return found


def _localized(row: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    """Stored instants as those of the agent's zone; all else as it is stored."""
    return {
        column: iso(from_utc_text(value, zone), zone) if isinstance(value, str) and _INSTANT.fullmatch(value) else value
        for column, value in row.items()
    }
