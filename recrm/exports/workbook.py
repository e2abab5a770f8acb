"""A workbook for Excel and its like: clients first, as recrm's import reads them, then what was said and promised.

Every cell is text, by its type and not by an apostrophe: nothing in it can run as a formula, no phone loses its
zeros, and a birthday may lack its year. Rows are written as they come, so that a long history takes no memory.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, BinaryIO

from recrm import slices
from recrm.core.export import Sheet
from recrm.core.i18n import _
from recrm.core.moments import zone_of
from recrm.core.text import clean_text
from recrm.exports import store
from recrm.exports.sheet import columns, people
from recrm.exports.store import Choice
from recrm.imports.columns.values import clean

if TYPE_CHECKING:
    from openpyxl import Workbook

# What Excel takes: rows of a sheet, and characters of a cell.
MOST_ROWS = 1_048_576
_MOST_CHARACTERS = 32_767
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x000D_ as a line end


def write(sink: BinaryIO, chosen: Choice, now: datetime, advance: Callable[[int], None]) -> dict[str, int]:
    """Write all of it; how many there are of each thing. `now` is the workbook's date."""
    try:
        return _write(sink, chosen, now, advance)
    except OSError:
        # Sheets that could not be written complain once more when they are let go, in a page of traceback.
        sys.unraisablehook = lambda _unraisable: None
        raise


def _write(sink: BinaryIO, chosen: Choice, now: datetime, advance: Callable[[int], None]) -> dict[str, int]:
    from openpyxl import Workbook

    zone = zone_of(now)
    book = Workbook(write_only=True)
    book.properties.created = now.astimezone(UTC).replace(tzinfo=None)
    layout = columns(chosen)

    def clients() -> Iterable[list[str]]:
        for person in people(chosen, zone):
            advance(1)
            yield layout.cells(person, zone)

    counts = {"clients": write_sheet(book, _("Clients"), layout.header, clients(), layout.wide)}
    for sheet in slices.sheets():
        header = [_("Client"), _("Client id"), *(_(column.header) for column in sheet.columns)]
        long = {_(column.header) for column in sheet.columns if column.is_long}
        counts[sheet.table] = write_sheet(book, _(sheet.title), header, _cells(sheet, chosen, zone), long)
    book.save(sink)
    return counts


def _cells(sheet: Sheet, chosen: Choice, zone: tzinfo) -> Iterator[list[str]]:
    for row in store.sheet_rows(chosen, sheet.table):
        yield [row["client"], str(row["client_id"]), *(column.cell(row, zone) or "" for column in sheet.columns)]


def write_sheet(
    book: Workbook,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    long: Collection[str] = (),
) -> int:
    """A sheet and, beyond what one can hold, more of them; how many rows there were."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    def begin(number: int) -> Any:
        sheet = book.create_sheet(title if number == 1 else f"{title} {number}")
        sheet.freeze_panes = "A2"
        for place, name in enumerate(header, 1):
            wide = name in long
            sheet.column_dimensions[get_column_letter(place)].width = 48 if wide else max(12, min(24, len(name) + 10))
        heads = [WriteOnlyCell(sheet, name) for name in header]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        return sheet

    def cell(value: str) -> Any:
        value = _LIKE_AN_ESCAPE.sub("_x005F_", clean_text(value))
        if value.startswith(("'", '="')) and clean(value) != value:
            value = f"'{value}"  # an import would take it for a wrapping
        value = shorten_cell(value)
        if not value.startswith(("=", "#")):
            return value or None
        plain = WriteOnlyCell(sheet, value)
        plain.data_type = "s"  # openpyxl takes =… for a formula and #N/A for an error
        return plain

    sheet, count = begin(1), 0
    for row in rows:
        if count and count % (MOST_ROWS - 1) == 0:
            sheet = begin(count // (MOST_ROWS - 1) + 1)
        sheet.append([cell(value) for value in row])
        count += 1
    return count


def shorten_cell(value: str) -> str:
    """Text that a cell can hold; Excel refuses a whole file for one that is too long."""
    return value if len(value) <= _MOST_CHARACTERS else value[: _MOST_CHARACTERS - 1] + "…"
