"""A CSV file as a `Sheet`: its header, and its rows with their line numbers, verbatim.

A file is read to its end before anything is returned, because an import of half a file is worse than none.
The csv module runs in strict mode: a quote that does not close would otherwise swallow a hundred clients into
one note.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from recrm.core.errors import UsageError
from recrm.imports.decoding import SheetUnreadable, decode
from recrm.imports.layouts import is_known
from recrm.imports.values import clean, is_email, is_phone

MAX_BYTES = 200_000_000
DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r'"?sep=(.)"?[^\S\r\n]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SAMPLE_CHARACTERS, _SAMPLE_RECORDS = 1 << 16, 300


class Row(NamedTuple):
    """One record: the line it begins on, its cells verbatim (at least as many as the header has)."""

    line: int
    cells: list[str]
    too_long: bool = False  # more cells than the header: it cannot be known which one slipped


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file; `header_line` is 0 where the file has no header and `header` was made up."""

    encoding: str
    delimiter: str
    header: list[str]
    header_line: int
    rows: list[Row]


class FileMistyped(UsageError):
    """A path that leads to nothing, or to a folder."""


def read_sheet(path: str | Path, *, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """Read the whole file, or raise an error that says on which line it cannot be read and what to do."""
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        what = f"“{delimiter}” cannot separate columns."
        raise UsageError(what, "Give one character, for example --delimiter ';'.")
    text, found = decode(_read_bytes(Path(path)), encoding)
    sep = _SEP_LINE.match(text)
    if sep:
        text = text[sep.end() :]
        delimiter = delimiter or (sep[1] if sep[1] != '"' else None)
    skip_blank = False
    if delimiter is None:
        delimiter, skip_blank = _sniff(text)
    return _sheet(text, found, delimiter, skip_blank, first_line=2 if sep else 1)


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        hint = "Check the name, or drag the file into the terminal."
        raise FileMistyped(f"There is no file “{path}”.", hint) from error
    except (IsADirectoryError, NotADirectoryError) as error:
        raise FileMistyped(f"“{path}” is not a file.", "Name the CSV file itself.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        hint = "Check its permissions, or copy it elsewhere."
        raise SheetUnreadable(f"“{path}” cannot be read: {why}.", hint) from error
    if len(data) > MAX_BYTES:
        what = f"“{path}” is larger than {MAX_BYTES // 1_000_000} MB."
        raise SheetUnreadable(what, "Split it, and import the parts one by one.")
    return data


def _records(text: str, delimiter: str, skip_blank: bool, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Every record that holds anything, with the line it begins on."""
    csv.field_size_limit(MAX_BYTES)  # a note may be longer than the module's 128 KB
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=skip_blank)
    begin = first_line
    try:
        for cells in reader:
            if cells and not "".join(cells).isspace() and any(cells):
                yield begin, cells
            begin = reader.line_num + first_line
    except csv.Error as error:
        if "unexpected end" in str(error):
            what = f"A quote opened in the row that begins on line {begin} is never closed."
        else:
            what = f"The quotes do not match in the row that begins on line {begin}."
        hint = "Correct that line and import again; nothing was imported."
        raise SheetUnreadable(what, hint, line=begin) from error


def _sniff(text: str) -> tuple[str, bool]:
    """The delimiter under which the file is most of a table, and whether blanks follow it before a quote.

    What counts, in this order: known column names, sound quotes, rows of equal width, many columns.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    best, choice = (0, False, 0.0, 0, False), (",", False)
    for delimiter in DELIMITERS:
        for skip_blank in (False, True):
            if skip_blank and f'{delimiter} "' not in sample:
                continue
            fit = (*_fit(sample, delimiter, skip_blank, whole=len(sample) == len(text)), not skip_blank)
            if fit[3] > 1 and fit > best:
                best, choice = fit, (delimiter, skip_blank)
    return choice


def _fit(sample: str, delimiter: str, skip_blank: bool, whole: bool) -> tuple[int, bool, float, int]:
    records: list[list[str]] = []
    sound = True
    try:
        for _, cells in _records(sample, delimiter, skip_blank):
            records.append(cells)
            if len(records) > _SAMPLE_RECORDS:
                break
    except SheetUnreadable as error:  # a sample may end inside quotes
        sound = not whole and "never closed" in error.what()
    if not records:
        return 0, False, 0.0, 0
    known = max(sum(map(is_known, cells)) for cells in records[:3])
    width, count = Counter(map(len, records)).most_common(1)[0]
    return known if width > 1 else 0, sound, count / len(records), width


def _sheet(text: str, encoding: str, delimiter: str, skip_blank: bool, first_line: int) -> Sheet:
    records = list(_records(text, delimiter, skip_blank, first_line))
    if not records:
        raise SheetUnreadable("The file is empty.", "Export it again, and check that it holds your contacts.")
    del records[: _title_lines(records)]
    header_line, cells = records[0]
    if any(is_email(cell) or is_phone(cell) for cell in map(clean, cells)):
        header_line, cells = 0, [""] * max(len(cells) for _, cells in records)  # a client
    else:
        del records[0]
        cells = cells[: _used_width(cells, records)]
    header = _unique([" ".join(clean(cell).split()) for cell in cells])
    width = len(header)
    rows = [Row(line, row) if len(row) == width else _fitted(line, row, width) for line, row in records]
    return Sheet(encoding, delimiter, header, header_line, rows)


def _blank_from(cells: list[str], column: int) -> bool:
    return not "".join(cells[column:]).strip()


def _used_width(header: list[str], records: list[tuple[int, list[str]]]) -> int:
    """How many columns have a name, or something in them: spreadsheets export empty ones behind the last."""
    width = len(header)
    while width > 1 and not header[width - 1].strip() and all(_blank_from(row, width - 1) for _, row in records):
        width -= 1
    return width


def _title_lines(records: list[tuple[int, list[str]]]) -> int:
    """How many lines such as “客户名单,,,” stand above the header: one cell each, and not a column's name."""
    for position, (_, cells) in enumerate(records[:5]):
        if sum(map(is_known, cells)) > 1:
            return position
        full = [cell for cell in cells if cell.strip()]
        if len(full) > 1 or is_known(full[0]):
            break
    return 0


def _unique(names: list[str]) -> list[str]:
    """Names for `--map` to tell apart: “Phone”, “Phone (2)”; a column without one is called by its number."""
    names = [name or f"Column {number}" for number, name in enumerate(names, 1)]
    taken: set[str] = set()
    for position, name in enumerate(names):
        count = 1
        while names[position] in taken:
            count += 1
            names[position] = f"{name} ({count})"
        taken.add(names[position])
    return names


def _fitted(line: int, cells: list[str], width: int) -> Row:
    if len(cells) < width:
        return Row(line, cells + [""] * (width - len(cells)))
    if _blank_from(cells, width):
        return Row(line, cells[:width])
    return Row(line, cells, too_long=True)
