"""A table with its header found: where it stands, how wide the rows are, and what a sample of them holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from recrm.core.i18n import N_, _
from recrm.imports.columns.headers import is_known
from recrm.imports.columns.values import clean, is_email, is_phone
from recrm.imports.files.csv_file import read_csv
from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.table import Record, Table
from recrm.imports.files.workbook import read_workbook

TOO_LONG = (
    N_("This row has more cells than the header has columns."),
    N_("Put a value that holds the separator into quotes."),
)
_TITLES_AT_MOST = 5
_SAMPLED = 400
_LONG_NUMBER = re.compile(r"\d\d\d")  # in nearly every row of a client, and in no header


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
    name: str = ""  # of a workbook's sheet

    @property
    def sample(self) -> list[list[str]]:
        """The cells of some rows, spread over the whole sheet."""
        return [row.cells for row in self.rows[:: len(self.rows) // _SAMPLED + 1]]

    def first_value(self, column: int) -> str:
        """The first value of a column, cleaned; empty where it has none."""
        return next((value for row in self.rows if (value := clean(row.cells[column]))), "")


def read_sheet(path: str | Path, *, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """A CSV file. Raises FileUnreadable, UsageError."""
    return sheet_of(read_csv(Path(path), encoding, delimiter, is_known))


def read_workbook_sheet(path: str | Path, name: str | None = None) -> Sheet:
    """The sheet of a workbook called so, else the first of clients. Raises FileUnreadable, UsageError."""
    return sheet_of(read_workbook(Path(path), name, is_known))


def sheet_of(table: Table) -> Sheet:
    """The table's header and rows. Raises FileUnreadable where it is empty, or is two tables."""
    records = table.records
    if not records:
        raise FileUnreadable(N_("The file is empty."), N_("Export it again, and check that it holds your contacts."))
    titles = _title_lines(records)
    header_line, names = records[titles]
    has_header = not any(is_email(cell) or is_phone(cell) for cell in map(clean, names))
    if not has_header:
        header_line, names = 0, []
    # A record that says just what the header says is the header again, from exports put together.
    records = [record for record in records[titles + has_header :] if record[1] != names]
    if has_header:
        _refuse_second_header(records, header_line)
    width = _width(names, records) if has_header else max(len(cells) for _line, cells in records)
    header = _unique([" ".join(clean(cell).split()) for cell in (names + [""] * width)[:width]])
    rows = [_row(line, cells, width) for line, cells in records]
    return Sheet(table.encoding, table.delimiter, header, header_line, rows, table.sheet)


def _width(names: list[str], records: Sequence[Record]) -> int:
    """The columns of the header that have a name or, in any row, a value."""
    named = max((place for place, cell in enumerate(names, 1) if cell.strip()), default=0)
    for place in range(len(names), named, -1):
        if any(len(cells) >= place and cells[place - 1].strip() for _line, cells in records):
            return place
    return max(named, 1)


def _refuse_second_header(records: Sequence[Record], header_line: int) -> None:
    for line, cells in records:
        if not _LONG_NUMBER.search("".join(cells)) and _is_header(cells):
            raise FileUnreadable(
                N_("Line {line} names other columns than line {first} does: two tables stand in this file."),
                N_("Put each into a file of its own, and import them one by one."),
                line=line,
                first=header_line,
            )


def _is_header(cells: list[str]) -> bool:
    """Whether a row further down names columns: all its cells do, or nearly all of many."""
    filled = {cell.strip() for cell in cells} - {""}
    known = sum(map(is_known, filled))
    return known > 1 and (known == len(filled) or (known > 3 and known * 4 >= len(filled) * 3))


def _title_lines(records: Sequence[Record]) -> int:
    """How many lines such as “客户名单,,,” stand above the header: one cell each, and not a column's name."""
    for position, (_line, cells) in enumerate(records[:_TITLES_AT_MOST]):
        if sum(map(is_known, cells)) > 1:
            return position
        full = [cell for cell in cells if cell.strip()]
        if len(full) > 1 or is_known(full[0]):
            break
    return 0


def _unique(names: list[str]) -> list[str]:
    """Names for `--map` to tell apart: “Phone”, “Phone (2)”; a column without one is called by its number."""
    names = [name or _("Column {number}", number=number) for number, name in enumerate(names, 1)]
    taken: set[str] = set()
    for position, name in enumerate(names):
        count = 1
        while names[position] in taken:
            count += 1
            names[position] = f"{name} ({count})"
        taken.add(names[position])
    return names


def _row(line: int, cells: list[str], width: int) -> Row:
    if len(cells) <= width:
        return Row(line, cells + [""] * (width - len(cells)) if len(cells) < width else cells)
    if not "".join(cells[width:]).strip():
        return Row(line, cells[:width])
    return Row(line, cells, too_long=True)
