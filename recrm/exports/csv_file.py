"""A CSV file: UTF-8 with a byte order mark and CRLF, so that Excel opens Chinese text right; one row a client.

A spreadsheet runs a cell that begins with = + - @ as a formula. Such a cell gets an apostrophe before it, which
recrm's import takes away again. A phone keeps its +: with the blank after the country code, as recrm shows
phones, a spreadsheet takes it for text, neither for a formula nor for a number to be rounded.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import tzinfo
from typing import BinaryIO

from recrm.exports.sheet import columns, people
from recrm.exports.store import Choice
from recrm.imports.columns.values import clean

_RUN_AS_FORMULA = tuple("=+-@\t\r＝＋－＠")
PHONE_CELL = re.compile(r"\+\d{1,3} [\d() .#extEXT-]+", re.ASCII)


def write(sink: BinaryIO, chosen: Choice, zone: tzinfo, advance: Callable[[int], None]) -> dict[str, int]:
    """Write all of it; how many clients there were."""
    text = io.TextIOWrapper(sink, encoding="utf-8-sig", newline="")
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        layout = columns(chosen)
        phones = layout.phones()
        writer.writerow(layout.header)
        for person in people(chosen, zone):
            cells = layout.cells(person, zone)
            writer.writerow(
                [
                    cell if place in phones and PHONE_CELL.fullmatch(cell) else guarded(cell)
                    for place, cell in enumerate(cells)
                ]
            )
            advance(1)
        text.flush()
    finally:
        text.detach()
    return {"clients": len(chosen.ids)}


def guarded(cell: str) -> str:
    """The cell's text, with an apostrophe before what a spreadsheet would run, or an import take for something else.

    >>> guarded("=1+1"), guarded("Anna"), guarded("n/a")
    ("'=1+1", 'Anna', "'n/a")
    """
    return f"'{cell}" if cell and (cell.startswith(_RUN_AS_FORMULA) or clean(cell) != cell) else cell
