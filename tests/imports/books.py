"""Workbooks as programs write them, and as nobody should."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl

Cells = Sequence[Sequence[object]]
SHEET = "xl/worksheets/sheet1.xml"


def book(path: Path, **sheets: Cells) -> Path:
    """A workbook with these sheets, their cells typed as Excel would."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one part changed, or added where there is none."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


def with_rows(path: Path, rows: str) -> Path:
    """The workbook with its first sheet's rows written by hand."""

    def change(xml: bytes) -> bytes:
        head, tail = xml.split(b"<sheetData>")[0], xml.split(b"</sheetData>")[1]
        return head + b"<sheetData>" + rows.encode() + b"</sheetData>" + tail

    return with_part(path, SHEET, change)
