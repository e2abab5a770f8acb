"""A workbook read by python-calamine in a process of its own, which prints its sheets and then one of them as JSON.

calamine lays a sheet out as a rectangle, so one value in the far corner of a crafted file asks for hundreds of
gigabytes, and Rust ends the process that cannot have them. Here that is this process, and nobody's database.

It is run as a script, by its path: it imports nothing of recrm and starts in 25 ms. It prints all sheets, because a
second run for the wanted one alone would take as long again, or `{"refused": why}`.
"""

from __future__ import annotations

import json
import posixpath
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree import ElementTree  # only after every part was seen to declare no document type

_MOST_MEMORY = 2_000_000_000
_MOST_TEXT = 100_000_000  # characters; an ODS repeats a row a million times in forty
_HEAD = 1 << 14
_EXACT = 10**15  # Excel keeps fifteen digits
# A cell with a formula and no value, its attributes as the group.
_UNCALCULATED = re.compile(
    rb"<P?c\b([^>]*)>\s*<P?f\b(?:[^<>]*/>|[^<]*</P?f>)\s*(?:<P?v\s*/>|<P?v>\s*</P?v>)?\s*</P?c>".replace(
        b"P", rb"(?:\w+:)"
    )
)
_PLACE = re.compile(rb'\br="(\w+)"')


class Refused(Exception):
    """Why the workbook is not read."""


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
    size = 0
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = [text_of(value) for value in values]
        if any(map(str.strip, cells)):
            size += sum(map(len, cells))
            if size > _MOST_TEXT:
                raise Refused("too much")
            yield number, cells


def refuse_document_types(archive: zipfile.ZipFile) -> None:
    """No workbook of Excel's declares one, and it is the only way to entities that grow or fetch something."""
    for entry in archive.infolist():
        if entry.flag_bits & 1:
            raise Refused("password")
        if entry.filename.lower().endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                if b"<!DOCTYPE" in part.read(_HEAD).replace(b"\0", b""):
                    raise Refused("document type")


def uncalculated_cell(archive: zipfile.ZipFile, name: str) -> str:
    """A formula without a value, from a program that writes workbooks and calculates nothing, would read as blank."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # see its import
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
            target = next(targets[value] for key, value in sheet.items() if key.endswith("}id"))
            for cell in _UNCALCULATED.finditer(archive.read(posixpath.join("xl", target).lstrip("/"))):
                if b't="str"' not in cell[1]:  # which may well be an empty text
                    place = _PLACE.search(cell[1])
                    return place[1].decode() if place else "?"
    return ""


def sheets_of(file: IO[bytes]) -> Iterator[dict[str, object]]:
    import python_calamine as calamine

    archive = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
    if archive:
        refuse_document_types(archive)
    file.seek(0)
    try:
        book = calamine.load_workbook(file)  # which goes by what is in a file, and for a path by the name's ending
    except calamine.PasswordError:
        raise Refused("password") from None
    has_formulas = archive and "xl/workbook.xml" in archive.namelist()
    for sheet in book.sheets_metadata:
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            yield {
                "name": sheet.name,
                "is_visible": sheet.visible == calamine.SheetVisibleEnum.Visible,
                "rows": list(rows_of(book.get_sheet_by_name(sheet.name))),
                "uncalculated": uncalculated_cell(archive, sheet.name) if archive and has_formulas else "",
            }


if __name__ == "__main__":
    try:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = _MOST_MEMORY if hard == resource.RLIM_INFINITY else min(hard, _MOST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, ValueError, OSError):
        pass  # Windows, which has no such limit
    try:
        with open(sys.argv[1], "rb") as file:  # noqa: PTH123  # pathlib costs 5 ms
            json.dump(list(sheets_of(file)), sys.stdout)
    except Refused as refused:
        json.dump({"refused": str(refused)}, sys.stdout)
