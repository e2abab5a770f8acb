"""What is handed back: a file of it beside the source, as it was, with the reason, to be mended and imported again.

Rows go to a CSV file, also those of a workbook: UTF-8 with a byte order mark, which Excel needs, separated as
the source was, the reason in a last column. A file that is there already is never written over: it may be half
mended.
"""

from __future__ import annotations

import csv
import filecmp
import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from recrm.core.files import draft_beside
from recrm.imports.columns.headers import key_of
from recrm.imports.columns.sheet import Row

REASON = "recrm: reason"
_KEY = key_of(REASON)
_OURS = re.compile(r"\.rejects(-\d+)?$")


class RejectSink(Protocol):
    """What is handed back, in the order of the file; iterating gives each line and reason."""

    def add(self, thing: object, reason: str) -> None:
        """Hand this back, whatever the file is made of."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[tuple[int, str]]: ...

    def write(self, source: Path, second_folder: Path) -> Path:
        """Write them beside the source, or where that cannot be, in the second folder; where. Raises OSError."""


def is_reason(header: str) -> bool:
    """Whether this column is ours, from a file that comes back."""
    return key_of(header) == _KEY


class RejectedRows:
    """Rows of a table."""

    def __init__(self, header: Sequence[str], delimiter: str) -> None:
        self._header = header
        self._delimiter = delimiter
        self._kept: list[tuple[int, str, list[str]]] = []

    def add(self, thing: object, reason: str) -> None:
        """Keep a row and its reason."""
        if not isinstance(thing, Row):
            raise TypeError(thing)
        self._kept.append((thing.line, reason, thing.cells))

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return ((line, reason) for line, reason, _ in self._kept)

    def write(self, source: Path, second_folder: Path) -> Path:
        """Write them beside the source, or where that cannot be, in the second folder; where. Raises OSError."""
        return write(source, second_folder, self.text, ".csv")

    def text(self) -> Iterator[bytes]:
        """The file, a row at a time."""
        width = len(self._header)
        kept = [place for place, header in enumerate(self._header) if not is_reason(header)]
        yield b"\xef\xbb\xbf"
        yield self._line([*(self._header[place] for place in kept), REASON])
        for _, reason, cells in self._kept:
            yield self._line([*(cells[place] for place in kept), *cells[width:], reason])

    def _line(self, cells: Sequence[str]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self._delimiter, lineterminator="\r\n").writerow(cells)
        return text.getvalue().encode()


Text = Callable[[], Iterator[bytes]]  # a file's bytes, from the beginning each time it is called


def write(source: Path, second_folder: Path, text: Text, ending: str) -> Path:
    """Write them beside the source, or where that cannot be, in the second folder; where. Raises OSError."""
    try:
        return _write_in(source.parent, source.stem, text, ending)
    except OSError:
        return _write_in(second_folder, source.stem, text, ending)


def _write_in(folder: Path, stem: str, text: Text, ending: str) -> Path:
    base, number = _OURS.sub("", stem), 1
    with draft_beside(folder / base) as draft:
        with draft.open("wb") as file:
            file.writelines(text())
            file.flush()
            os.fsync(file.fileno())
        while True:
            path = folder / f"{base}.rejects{f'-{number}' if number > 1 else ''}{ending}"
            if not path.exists():
                draft.replace(path)
                return path
            if path.is_file() and filecmp.cmp(draft, path, shallow=False):
                return path  # the same rows, handed back before
            number += 1
