"""Operations as JSON and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from recrm.core import ui
from recrm.core.i18n import _
from recrm.core.labels import ago_label
from recrm.core.moments import iso, zone_of
from recrm.core.ui import Cell, Column, Output
from recrm.history.model import Done


def operation_json(one: Done) -> dict[str, Any]:
    """One operation, the stable shape of `history`."""
    return {
        "id": one.id,
        "at": iso(one.at, zone_of(one.at)),
        "agent": one.agent,
        "command": one.command,
        "summary": one.summary,
        "undone": one.undone_by is not None,
        "undone_by": one.undone_by,
        "reverses": list(one.reverses),
        "rows": one.rows,
    }


def history_table(out: Output, operations: Sequence[Done], total: int, now: datetime) -> None:
    """What was done, with what is undone struck out of the day."""
    if not operations:
        out.say(_("Nothing was done yet."))
        return
    has_agents = len({one.agent for one in operations}) > 1
    columns = [
        Column("#", right=True, keep=True, style=ui.MUTED),
        Column("When", keep=True),
        Column("Agent", most=16, leave_below=100 if has_agents else 10_000),
        Column("What", wrap=True, least=20),
        Column("Undone", keep=True, leave_below=60),
    ]
    rows: list[list[Cell | str]] = []
    for one in operations:
        style = ui.MUTED if one.undone_by or one.reverses else ""
        undone = _("by {number}", number=one.undone_by) if one.undone_by else ""
        rows.append([str(one.id), ago_label(one.at, now), one.agent, Cell(one.summary, style), Cell(undone, ui.WARN)])
    out.table(columns, rows)
    out.shown(len(operations), total)
