"""A workbook read by python-calamine in a process of its own, which prints its sheets and then one of them as JSON.

calamine lays a sheet out as a rectangle, so one value in the far corner of a crafted file asks for hundreds of
gigabytes, and Rust ends the process that cannot have them. Here that is this process, and nobody's database.

It is run as a script, by its path: it imports nothing of recrm and starts in 25 ms. It prints one line with all sheets
and the top of each, reads the number of the one that is wanted, and prints its rows. What goes wrong is a line
`{"error": code, "cell": …}`.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import IO, Any
from xml.etree import ElementTree  # only after every part was seen to declare no document type

_TOP = 20  # rows in which a header may stand
_MOST_MEMORY = 2_000_000_000
_MOST_TEXT = 100_000_000  # characters; an ODS repeats a row a million times in forty
_HEAD, _PIECE = 1 << 14, 1 << 20
_EXACT = 10**15  # Excel keeps fifteen digits
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA, _VALUE = re.compile(rb"<(?:\w+:)?f[\s>/]"), re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>\s*[^<\s]")
_PLACE = re.compile(rb'\br="(\w+)"')


class Refused(Exception):
    """Why the workbook is not read: a code, and the cell that it is about."""

    def __init__(self, code: str, cell: str = "") -> None:
        super().__init__(code)
        self.code, self.cell = code, cell


def text_of(value: Any) -> str:
    """A cell as the text that the same cell of a CSV file would be: a phone taken for a number is its digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return str(int(value)) if abs(value) < _EXACT and value == int(value) else f"{value:.15g}"
    if isinstance(value, datetime):
        value = value + timedelta(microseconds=500_000)
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return str(value.date()) if is_day else value.isoformat(" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value.isoformat(timespec="minutes") if isinstance(value, time) else str(value)


def rows_of(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Every row that holds anything, with its number."""
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = [text_of(value) for value in values]
        if any(map(str.strip, cells)):
            yield number, cells


def refuse_document_types(archive: zipfile.ZipFile) -> None:
    """No workbook of Excel's declares one, and it is the only way to entities that grow or fetch something."""
    for entry in archive.infolist():
        if entry.flag_bits & 1:
            raise Refused("password")
        if entry.filename.lower().endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                if b"<!DOCTYPE" in part.read(_HEAD).replace(b"\0", b""):
                    raise Refused("doctype")


def refuse_uncalculated(archive: zipfile.ZipFile, name: str) -> None:
    """A formula without a value, from a program that writes workbooks and calculates nothing, would read as blank."""
    if "xl/workbook.xml" not in archive.namelist():
        return
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # see its import
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
            number = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            target = targets.get(number, "")
            with archive.open(target.removeprefix("/") if target.startswith("/") else f"xl/{target}") as part:
                if cell := uncalculated_cell(part):
                    raise Refused("uncalculated", cell)


def uncalculated_cell(part: IO[bytes]) -> str:
    """The first cell of a sheet's XML with a formula and no value; empty where there is none."""
    rest = b""
    while piece := part.read(_PIECE):
        rest += piece
        end = max(rest.rfind(b"row "), 0) if len(piece) == _PIECE else len(rest)
        for cell in _CELL.finditer(rest, 0, end) if _FORMULA.search(rest, 0, end) else ():
            if _FORMULA.search(cell[2]) and not _VALUE.search(cell[2]) and b't="str"' not in cell[1]:
                place = _PLACE.search(cell[1])
                return place[1].decode() if place else "?"
        rest = rest[end:]
    return ""


def read(file: IO[bytes]) -> None:
    """Print the sheets, read which one is wanted, print its rows."""
    import python_calamine as calamine

    try:
        archive = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
        if archive:
            refuse_document_types(archive)
        file.seek(0)
        book = calamine.load_workbook(file)  # which goes by what is in a file, and for a path by the name's ending
        known = [sheet for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
        sheets = []
        for sheet in known:
            top = [cells for _, cells in islice(rows_of(book.get_sheet_by_name(sheet.name)), _TOP)]
            is_visible = sheet.visible == calamine.SheetVisibleEnum.Visible
            sheets.append({"name": sheet.name, "is_visible": is_visible, "top": top})
        say({"sheets": sheets})
        sys.stdout.flush()
        name = known[int(sys.stdin.readline())].name
        if archive:
            refuse_uncalculated(archive, name)
        size = 0
        for row in rows_of(book.get_sheet_by_name(name)):
            size += say(row)
            if size > _MOST_TEXT:
                raise Refused("too much")
        say({"end": True})
    except Refused as refused:
        say({"error": refused.code, "cell": refused.cell})
    except calamine.PasswordError:
        say({"error": "password"})


def say(line: object) -> int:
    """One line for the reader at the other end; its length."""
    return sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    try:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = _MOST_MEMORY if hard == resource.RLIM_INFINITY else min(hard, _MOST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, ValueError, OSError):
        pass  # Windows, which has no such limit
    with open(sys.argv[1], "rb") as file:  # noqa: PTH123  # pathlib costs 5 ms
        read(file)
