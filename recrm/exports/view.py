"""What an export says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from recrm import slices
from recrm.core.i18n import _, ngettext
from recrm.core.labels import enumeration
from recrm.core.ui import Output
from recrm.exports.model import Format


class Result(NamedTuple):
    """An export that was written; `counts` says how many there are of each thing in it."""

    file: Path
    format: Format
    clients: int
    counts: dict[str, int]


def result_json(result: Result) -> dict[str, Any]:
    """The outcome as one object."""
    return {
        "file": str(result.file),
        "format": result.format.value,
        "clients": result.clients,
        "counts": result.counts,
    }


def show_result(out: Output, result: Result) -> None:
    """The outcome in words."""
    out.say(
        ngettext("Exported {n} client to {file}.", "Exported {n} clients to {file}.", result.clients, file=result.file)
    )
    # Tables and entries of a calendar have one word for one thing.
    counted = {table.name: table.counted for table in slices.tables().values()}
    counted |= {kind.name: kind.counted for kind in slices.entries()} if result.format is Format.ICS else {}
    more = [ngettext(*counted[name], count) for name, count in result.counts.items() if count and name != "clients"]
    if more:
        out.say(_("In it: {items}.", items=enumeration(more)))
    if result.format is Format.JSON:
        out.note(_("It holds everything, finances and whom not to call included: keep it as safe as the database."))
