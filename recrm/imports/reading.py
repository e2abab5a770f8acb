"""A CSV file as a `Sheet`: its header, and its rows with their line numbers, verbatim.

A file is read twice. The first reading goes to its end, because an import of half a file is worse than none, and
keeps what the header and the mapping need to know; the second gives the rows one by one, so that a file of any
length takes the same memory. The csv module runs in strict mode: a quote that does not close would otherwise
swallow a hundred clients into one note.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

from recrm.core.errors import UsageError
from recrm.imports.decoding import SheetUnreadable, find_encoding
from recrm.imports.kinds import FileMistyped, head_of
from recrm.imports.layouts import is_known
from recrm.imports.sheet import Record, Row, Sheet, survey

__all__ = ["FileMistyped", "Row", "Sheet", "read_sheet"]

DELIMITERS = ",;\t|"
LONGEST_CELL = 10_000_000
_SEP_LINE = re.compile(r'"?sep=(.)"?[^\S\r\n]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SAMPLE_CHARACTERS, _SAMPLE_RECORDS = 1 << 16, 300


def read_sheet(path: str | Path, *, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """Read the whole file, or raise an error that says on which line it cannot be read and what to do."""
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        what = f"“{delimiter}” cannot separate columns."
        raise UsageError(what, "Give one character, for example --delimiter ';'.")
    path = Path(path)
    head_of(path)
    with path.open("rb") as file:
        found, signs = find_encoding(file, encoding), _signs(file)
    with _text(path, found) as text:
        sample = text.read(_SAMPLE_CHARACTERS).removeprefix("\ufeff")
    sep = _SEP_LINE.match(sample)
    if sep:
        delimiter = delimiter or (sep[1] if sep[1] != '"' else None)
    skip_blank = False
    if delimiter is None:
        delimiter, skip_blank = _sniff(sample[sep.end() if sep else 0 :], len(sample) < _SAMPLE_CHARACTERS)
    given = (delimiter, skip_blank)

    def records() -> Iterator[Record]:
        with _text(path, found) as text:
            first = text.readline().removeprefix("\ufeff")
            yield from _records(text if sep else chain([first], text), *given, first_line=2 if sep else 1)
            if _signs(text) != signs:
                raise _changed()

    return survey(records, encoding=found, delimiter=delimiter)


def _text(path: Path, encoding: str) -> IO[str]:
    try:
        return path.open(encoding=encoding, newline="")  # line ends as they are
    except OSError as error:
        raise _changed() from error


def _changed() -> SheetUnreadable:
    what = "The file was changed while it was read, so nothing was imported."
    return SheetUnreadable(what, "Import it again as it is now.")


def _signs(file: IO[Any]) -> tuple[int, ...]:
    """What tells one state of a file from another."""
    seen = os.fstat(file.fileno())
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns


def _records(lines: Iterable[str], delimiter: str, skip_blank: bool, first_line: int = 1) -> Iterator[Record]:
    """Every record that holds anything, with the line it begins on."""
    csv.field_size_limit(LONGEST_CELL)  # a note may be longer than the module's 128 KB
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=skip_blank)
    begin = first_line
    try:
        for cells in reader:
            if cells and any(cells) and not "".join(cells).isspace():
                yield begin, cells
            begin = reader.line_num + first_line
    except csv.Error as error:
        if "field limit" in str(error):
            most = LONGEST_CELL // 1_000_000
            what = f"A cell of the row that begins on line {begin} has over {most} million characters."
        elif "unexpected end" in str(error):
            what = f"A quote opened in the row that begins on line {begin} is never closed."
        else:
            what = f"The quotes do not match in the row that begins on line {begin}."
        hint = "Correct that line and import again; nothing was imported."
        raise SheetUnreadable(what, hint, line=begin) from error


def _sniff(sample: str, is_whole: bool) -> tuple[str, bool]:
    """The delimiter under which the file is most of a table, and whether blanks follow it before a quote.

    What counts, in this order: known column names, sound quotes, rows of equal width, many columns.
    """
    best, choice = (0, False, 0.0, 0, False), (",", False)
    for delimiter in DELIMITERS:
        for skip_blank in (False, True):
            if skip_blank and f'{delimiter} "' not in sample:
                continue
            fit = (*_fit(sample, delimiter, skip_blank, is_whole), not skip_blank)
            if fit[3] > 1 and fit > best:
                best, choice = fit, (delimiter, skip_blank)
    return choice


def _fit(sample: str, delimiter: str, skip_blank: bool, is_whole: bool) -> tuple[int, bool, float, int]:
    records: list[list[str]] = []
    sound = True
    try:
        for _, cells in _records(io.StringIO(sample, newline=""), delimiter, skip_blank):
            records.append(cells)
            if len(records) > _SAMPLE_RECORDS:
                break
    except SheetUnreadable as error:  # a sample may end inside quotes
        sound = not is_whole and "never closed" in error.what()
    if not records:
        return 0, False, 0.0, 0
    known = max(sum(map(is_known, cells)) for cells in records[:3])
    width, count = Counter(map(len, records)).most_common(1)[0]
    return known if width > 1 else 0, sound, count / len(records), width
