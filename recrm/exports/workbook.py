"""A workbook for Excel and its like: clients first, as recrm's import reads them, then what was said and promised.

Every cell is text, by its type and not by an apostrophe: nothing in it can run as a formula, no phone loses its
zeros, and a birthday may lack its year. Rows are written as they come, so that a long history takes no memory.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, BinaryIO

from recrm.core.moments import from_utc_text, iso, when_of, zone_of
from recrm.core.text import clean_text
from recrm.exports import store
from recrm.exports.sheet import columns, people
from recrm.exports.store import Choice
from recrm.imports.columns.values import clean

if TYPE_CHECKING:
    from openpyxl import Workbook

# What Excel takes: rows of a sheet, and characters of a cell.
_MOST_ROWS = 1_048_576
_MOST_CHARACTERS = 32_767
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x000D_ as a line end

_CONTACTS = ("Client", "Client id", "At", "Channel", "Direction", "Text", "Feedback", "Next step", "Agent")
_FOLLOW_UPS = ("Client", "Client id", "Due", "Reason", "Status", "Every", "Closed", "Outcome", "Agent")
_COMPLAINTS = (
    *("Client", "Client id", "Opened", "Severity", "Complaint", "Status", "Cause", "Measures", "Handler"),
    *("Resolved", "Resolution", "Closed", "Call back", "Agent"),
)
_LONG = frozenset({"Text", "Feedback", "Next step", "Reason", "Outcome", "Complaint", "Measures", "Resolution"})


def write(sink: BinaryIO, chosen: Choice, now: datetime, advance: Callable[[int], None]) -> dict[str, int]:
    """Write all of it; how many there are of each thing. `now` is the workbook's date."""
    try:
        return _write(sink, chosen, now, advance)
    except OSError:
        # Sheets that could not be written complain once more when they are let go, in a page of traceback.
        sys.unraisablehook = lambda _: None
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

    counts = {
        "clients": _sheet(book, "Clients", layout.header, clients(), layout.wide),
        "contacts": _sheet(book, "Contacts", _CONTACTS, (_contact(row, zone) for row in store.contacts(chosen))),
        "follow_ups": _sheet(
            book, "Follow-ups", _FOLLOW_UPS, (_follow_up(row, zone) for row in store.follow_ups(chosen))
        ),
        "complaints": _sheet(
            book, "Complaints", _COMPLAINTS, (_complaint(row, zone) for row in store.complaints(chosen))
        ),
    }
    book.save(sink)
    return counts


def _sheet(
    book: Workbook,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    long: Collection[str] = _LONG,
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
        if count and count % (_MOST_ROWS - 1) == 0:
            sheet = begin(count // (_MOST_ROWS - 1) + 1)
        sheet.append([cell(value) for value in row])
        count += 1
    return count


def shorten_cell(value: str) -> str:
    """Text that a cell can hold; Excel refuses a whole file for one that is too long."""
    return value if len(value) <= _MOST_CHARACTERS else value[: _MOST_CHARACTERS - 1] + "…"


def _contact(row: Any, zone: tzinfo) -> list[str]:
    at = iso(from_utc_text(row["at"], zone), zone)
    direction = "they began" if row["direction"] == "in" else "we began"
    return [
        *(row["client"], str(row["client_id"]), at, row["channel"], direction, row["text"], row["feedback"] or ""),
        *(row["next_step"] or "", row["agent"]),
    ]


def _follow_up(row: Any, zone: tzinfo) -> list[str]:
    due = iso(when_of(row["due_day"], row["due_at"], zone), zone)
    return [
        *(row["client"], str(row["client_id"]), due, row["reason"], row["status"], row["every"] or ""),
        *(_moment(row["closed_at"], zone), row["outcome"] or "", row["agent"]),
    ]


def _complaint(row: Any, zone: tzinfo) -> list[str]:
    return [
        *(row["client"], str(row["client_id"]), _moment(row["opened_at"], zone), row["severity"], row["text"]),
        *(row["status"], row["cause"] or "", row["measures"] or "", row["handler"]),
        *(_moment(row["resolved_at"], zone), row["resolution"] or "", _moment(row["closed_at"], zone)),
        *(row["call_back_due"] or "", row["agent"]),
    ]


def _moment(stored: str | None, zone: tzinfo) -> str:
    return iso(from_utc_text(stored, zone), zone) if stored else ""
