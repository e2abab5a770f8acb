"""What is handed back: a file of it beside the source, as it was, with the reason, to be mended and imported again.

Rows go to a CSV file, also those of a workbook: UTF-8 with a byte order mark, which Excel needs, separated as
the source was, the reason in a last column. A file that is there already is never written over: it may be half
mended.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from recrm.core.files import draft_beside
from recrm.imports.columns.headers import REASON, key_of
from recrm.imports.columns.sheet import Row

_OURS = re.compile(r"\.rejects(-\d+)?$")


class Source(Protocol):
    """What stands for one client or conversation in a file: a row, a card."""

    @property
    def line(self) -> int: ...


class Rejects:
    """Rows or cards that could not be taken, in the file's order; iterating gives the line and the reason of each."""

    def __init__(self, text: Callable[[Any], bytes], ending: str) -> None:
        """`text` makes a file of what was added, each with its reason."""
        self._kept: list[tuple[Source, str]] = []
        self._text = text
        self._ending = ending

    def add(self, thing: Source, reason: str) -> None:
        """Keep one and its reason."""
        self._kept.append((thing, reason))

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return ((thing.line, reason) for thing, reason in self._kept)

    def write(self, source: Path, second_folder: Path) -> Path:
        """Write them beside the source, or where that cannot be, in the second folder; where. Raises OSError."""
        return write(source, second_folder, self._text(self._kept), self._ending)


def rejected_rows(header: Sequence[str], delimiter: str) -> Rejects:
    """A place for rows of a table with this header."""
    kept = [place for place, name in enumerate(header) if key_of(name) != key_of(REASON)]

    def text(rows: list[tuple[Row, str]]) -> bytes:
        made = io.StringIO(newline="")
        lines = csv.writer(made, delimiter=delimiter, lineterminator="\r\n")
        lines.writerow([*(header[place] for place in kept), REASON])
        for row, reason in rows:
            lines.writerow([*(row.cells[place] for place in kept), *row.cells[len(header) :], reason])
        return made.getvalue().encode("utf-8-sig")

    return Rejects(text, ".csv")


def write(source: Path, second_folder: Path, data: bytes, ending: str) -> Path:
    """Write them beside the source, or where that cannot be, in the second folder; where. Raises OSError."""
    try:
        return _write_in(source.parent, source.stem, data, ending)
    except OSError:
        return _write_in(second_folder, source.stem, data, ending)


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
