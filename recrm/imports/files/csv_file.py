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
from itertools import islice, product
from pathlib import Path

from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.imports.files.decoding import decode
from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.kinds import bytes_of
from recrm.imports.files.table import IsHeader, Record, Table

DELIMITERS = ",;\t|"
LONGEST_CELL = 10_000_000
_SEP_LINE = re.compile(r'"?sep=([^"])"?[^\S\r\n]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SAMPLE_CHARACTERS, _SAMPLE_RECORDS = 1 << 16, 300
_FAULTS = {  # by what the csv module says
    "field limit": N_("A cell of the row that begins on line {line} has over {most} million characters."),
    "unexpected end": N_("A quote opened in the row that begins on line {line} is never closed."),
    "": N_("The quotes do not match in the row that begins on line {line}."),
}


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
        text, delimiter = text[sep.end() :], delimiter or sep[1]
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
        what = next(sentence for sign, sentence in _FAULTS.items() if sign in str(error))
        hint = N_("Correct that line and import again; nothing was imported.")
        raise FileUnreadable(what, hint, line=begin, most=LONGEST_CELL // 1_000_000) from error


def _sniff(sample: str, is_whole: bool, is_header: IsHeader) -> tuple[str, bool]:
    """The delimiter under which the file is most of a table, and whether blanks follow it before a quote."""
    choices = [(sign, skip) for sign, skip in product(DELIMITERS, (False, True)) if not skip or f'{sign} "' in sample]
    return max(choices, key=lambda choice: _fit(sample, choice[0], choice[1], is_whole, is_header))


def _fit(sample: str, delimiter: str, skip_blank: bool, is_whole: bool, is_header: IsHeader) -> tuple[float, ...]:
    """What counts, in this order: known column names, sound quotes, rows of equal width, many columns."""
    records: list[list[str]] = []
    is_sound = True
    try:
        for _line, cells in islice(_records(io.StringIO(sample, newline=""), delimiter, skip_blank), _SAMPLE_RECORDS):
            records.append(cells)  # what came before a fault counts
    except FileUnreadable as error:  # a sample may end inside quotes
        is_sound = not is_whole and "unexpected end" in str(error.__cause__)
    width, count = Counter(map(len, records)).most_common(1)[0] if records else (1, 0)
    if width == 1:
        return ()
    return max(sum(map(is_header, cells)) for cells in records[:3]), is_sound, count / len(records), width
