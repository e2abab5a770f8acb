"""What becomes of a file's rows, whatever kind of file it is: their counts, and what is handed back and why.

What cannot be taken goes into a file beside the source, as it was, with the reason, to be mended and imported again.
Rows go to a CSV file, also those of a workbook: UTF-8 with a byte order mark, which Excel needs, separated as the
source was, the reason in a last column. A file that is there already is never written over: it may be half mended.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from recrm.core.errors import RecrmError
from recrm.core.files import draft_beside
from recrm.imports.columns.headers import REASON, key_of
from recrm.imports.columns.sheet import Row

ADDED, UPDATED, UNCHANGED, REJECTED = "added", "updated", "unchanged", "rejected"
_OURS = re.compile(r"\.rejects(-\d+)?$")
_Row = TypeVar("_Row")
_Made = TypeVar("_Made")


class Source(Protocol):
    """What stands for one client or conversation in a file: a row, a card."""

    @property
    def line(self) -> int: ...


class NameKept(NamedTuple):
    """A row that goes by another name than the client it updated."""

    line: int
    name: str
    client_id: int
    client: str
    client_line: int  # of the row that adds them, else 0


@dataclass(slots=True)
class Outcome:
    """An import under way or done; `read` is how the file was understood, for JSON; `counts` add up to the rows.

    `text_of` makes a file of what was rejected, each with its reason.
    """

    file: Path
    read: dict[str, Any]
    rows: int
    text_of: Callable[[Sequence[Any]], bytes]
    dry_run: bool
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((ADDED, UPDATED, UNCHANGED, REJECTED), 0))
    rejected: list[tuple[Source, str]] = field(default_factory=list)  # in the file's order
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
                self.rejected.append((source, error.in_full()))
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


def rows_as_csv(header: Sequence[str], delimiter: str) -> Callable[[Sequence[tuple[Row, str]]], bytes]:
    """What makes a file of rows of a table with this header."""
    kept = [place for place, name in enumerate(header) if key_of(name) != key_of(REASON)]

    def text_of(rows: Sequence[tuple[Row, str]]) -> bytes:
        made = io.StringIO(newline="")
        lines = csv.writer(made, delimiter=delimiter, lineterminator="\r\n")
        lines.writerow([*(header[place] for place in kept), REASON])
        for row, reason in rows:
            lines.writerow([*(row.cells[place] for place in kept), *row.cells[len(header) :], reason])
        return made.getvalue().encode("utf-8-sig")

    return text_of


def hand_back(outcome: Outcome, ending: str, second_folder: Path) -> Path:
    """Write what was rejected beside the source, or where that cannot be, in the second folder. Raises OSError."""
    data, stem = outcome.text_of(outcome.rejected), outcome.file.stem
    try:
        return _write_in(outcome.file.parent, stem, data, ending)
    except OSError:
        return _write_in(second_folder, stem, data, ending)


def _write_in(folder: Path, stem: str, data: bytes, ending: str) -> Path:
    base, number = _OURS.sub("", stem), 1
    while (path := folder / f"{base}.rejects{f'-{number}' if number > 1 else ''}{ending}").exists():
        if path.is_file() and path.read_bytes() == data:
            return path  # the same rows, handed back before
        number += 1
    with draft_beside(path) as draft:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return path
