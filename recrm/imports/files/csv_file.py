"""A CSV file as a table, its cells verbatim.

It is read to its end before anything is asked or written, because an import of half a file is worse than none. The
csv module runs in strict mode: a quote that does not close would otherwise swallow a hundred clients into one note.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.imports.files.decoding import decode
from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.kinds import bytes_of
from recrm.imports.files.table import IsHeader, Record, Table

DELIMITERS = ",;\t|"
LONGEST_CELL = 10_000_000
_SEP_LINE = re.compile(r'"?sep=(.)"?[^\S\r\n]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SAMPLE_CHARACTERS, _SAMPLE_RECORDS = 1 << 16, 300


def read_csv(path: Path, encoding: str | None, delimiter: str | None, is_header: IsHeader) -> Table:
    """Read the whole file, or raise an error that says on which line it cannot be read and what to do."""
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        raise UsageError(
            N_("“{delimiter}” cannot separate columns."),
            N_("Give one character, for example --delimiter ';'."),
            delimiter=delimiter,
        )
    text, encoding = decode(bytes_of(path), encoding)
    sep = _SEP_LINE.match(text)
    if sep:
        text = text[sep.end() :]
        delimiter = delimiter or (sep[1] if sep[1] != '"' else None)
    skip_blank = False
    if delimiter is None:
        delimiter, skip_blank = _sniff(text[:_SAMPLE_CHARACTERS], len(text) < _SAMPLE_CHARACTERS, is_header)
    lines = io.StringIO(text, newline="")
    return Table(list(_records(lines, delimiter, skip_blank, 2 if sep else 1)), encoding, delimiter)


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
            what = N_("A cell of the row that begins on line {line} has over {most} million characters.")
        elif "unexpected end" in str(error):
            what = N_("A quote opened in the row that begins on line {line} is never closed.")
        else:
            what = N_("The quotes do not match in the row that begins on line {line}.")
        hint = N_("Correct that line and import again; nothing was imported.")
        raise FileUnreadable(what, hint, line=begin, most=LONGEST_CELL // 1_000_000) from error


def _sniff(sample: str, is_whole: bool, is_header: IsHeader) -> tuple[str, bool]:
    """The delimiter under which the file is most of a table, and whether blanks follow it before a quote.

    What counts, in this order: known column names, sound quotes, rows of equal width, many columns.
    """
    best, choice = (0, False, 0.0, 0, False), (",", False)
    for delimiter in DELIMITERS:
        for skip_blank in (False, True):
            if skip_blank and f'{delimiter} "' not in sample:
                continue
            fit = (*_fit(sample, delimiter, skip_blank, is_whole, is_header), not skip_blank)
            if fit[3] > 1 and fit > best:
                best, choice = fit, (delimiter, skip_blank)
    return choice


def _fit(
    sample: str, delimiter: str, skip_blank: bool, is_whole: bool, is_header: IsHeader
) -> tuple[int, bool, float, int]:
    records: list[list[str]] = []
    is_sound = True
    try:
        for _line, cells in _records(io.StringIO(sample, newline=""), delimiter, skip_blank):
            records.append(cells)
            if len(records) > _SAMPLE_RECORDS:
                break
    except FileUnreadable as error:  # a sample may end inside quotes
        is_sound = not is_whole and "never closed" in error.templates[0]
    if not records:
        return 0, False, 0.0, 0
    known = max(sum(map(is_header, cells)) for cells in records[:3])
    width, count = Counter(map(len, records)).most_common(1)[0]
    return known if width > 1 else 0, is_sound, count / len(records), width
