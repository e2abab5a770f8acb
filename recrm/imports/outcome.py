"""What becomes of a file's rows, whatever kind of file it is: their counts, and what is handed back and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from recrm.core.errors import RecrmError
from recrm.imports.rejects import Rejects, Source

ADDED, UPDATED, UNCHANGED, REJECTED = "added", "updated", "unchanged", "rejected"
_Row = TypeVar("_Row")
_Made = TypeVar("_Made")


class NameKept(NamedTuple):
    """A row that goes by another name than the client it updated."""

    line: int
    name: str
    client_id: int
    client: str
    client_line: int  # of the row that adds them, else 0


@dataclass(slots=True)
class Outcome:
    """An import under way or done; `read` is how the file was understood, for JSON; `counts` add up to the rows."""

    file: Path
    read: dict[str, Any]
    rows: int
    rejects: Rejects
    dry_run: bool
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((ADDED, UPDATED, UNCHANGED, REJECTED), 0))
    names_kept: list[NameKept] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rejects_file: Path | None = None

    def take_each(
        self, sources: Iterable[Source], rows: Iterable[_Made | RecrmError], take: Callable[[_Made], str]
    ) -> None:
        """Take what was made of each row; `take` gives what became of it, or raises RecrmError."""
        for source, row in zip(sources, rows, strict=True):
            try:
                if isinstance(row, RecrmError):
                    raise row
                became = take(row)
            except RecrmError as error:
                self.rejects.add(source, error.in_full())
                became = REJECTED
            self.counts[became] += 1


def each_or_error(read: Callable[[_Row], _Made], rows: Iterable[_Row]) -> list[_Made | RecrmError]:
    """What is made of each row, or why it cannot be taken."""
    made: list[_Made | RecrmError] = []
    for row in rows:
        try:
            made.append(read(row))
        except RecrmError as error:
            # Where it was raised is of no use, and would hold on to everything made beside it.
            error.__traceback__ = error.__context__ = error.__cause__ = None
            made.append(error)
    return made
