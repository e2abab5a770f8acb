"""Rows handed back: a file of them beside the source, as they were, with the reason in a last column.

It is UTF-8 with a byte order mark, which Excel needs, and separated as the source was, so that it can be
mended and imported like any other file. One that is there already is never written over: it may be half mended.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from recrm.core.files import write_whole
from recrm.imports.layouts import key_of
from recrm.imports.reading import Row, Sheet

REASON = "recrm: reason"
_KEY = key_of(REASON)
_OURS = re.compile(r"\.rejects(-\d+)?$")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken, and why."""

    row: Row
    reason: str


def is_reason(header: str) -> bool:
    """Whether this column is ours, from a file that comes back."""
    return key_of(header) == _KEY


def text_of(sheet: Sheet, rejects: Iterable[Reject]) -> str:
    """The file's text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sheet.delimiter, lineterminator="\r\n")
    kept = [place for place, header in enumerate(sheet.header) if not is_reason(header)]
    writer.writerow([*(sheet.header[place] for place in kept), REASON])
    width = len(sheet.header)
    for reject in rejects:
        cells = reject.row.cells
        writer.writerow([*(cells[place] for place in kept), *cells[width:], reject.reason])
    return "\ufeff" + text.getvalue()


def write(source: Path, second_folder: Path, text: str) -> Path:
    """Write them beside the source, or where that cannot be, in the second folder; where. Raises OSError."""
    try:
        return _write_in(source.parent, source.stem, text)
    except OSError:
        return _write_in(second_folder, source.stem, text)


def _write_in(folder: Path, stem: str, text: str) -> Path:
    base, number = _OURS.sub("", stem), 1
    while True:
        path = folder / f"{base}.rejects{f'-{number}' if number > 1 else ''}.csv"
        if not path.exists():
            write_whole(path, text)
            return path
        with suppress(OSError):
            if path.read_bytes() == text.encode():
                return path  # the same rows, handed back before
        number += 1
