"""What an export says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

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
    people = f"{result.clients} {'client' if result.clients == 1 else 'clients'}"
    out.say(f"Exported {people} to {result.file}.")
    more = {name: count for name, count in result.counts.items() if count and name != "clients"}
    if more:
        told = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in more.items())
        out.say(f"In it: {told}.")
    if result.format is Format.JSON:
        out.note("It holds everything, finances and whom not to call included: keep it as safe as the database.")
