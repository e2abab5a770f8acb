"""Workbooks as programs write them, and as nobody should."""

from __future__ import annotations

import base64
import struct
import zipfile
import zlib
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


# 姓名, 手机, 生日 and one client, as Excel 97 has them.
_XLS = (
    "eNrtWE1IVFEU/u59M85P82tjoIUNUmami2hRBPpMLBcxg0VgalBODhITYwy1qEVZNssgaFW0MWzRxgqiH2pRuxaBkVAQBDNFq1ZBQgud17ln"
    "3ovRChwowbjf455z7jn33Hve/X33vZ6JFibvNxSxBJ0wULJ8qKnQCUo+JxMB2S1LiQ73UrI0VhV8XhrIGjeeBl951Biq8S5C4p7rBVHgI6Uj"
    "OIXkWDYdX0F0cwzDQsXQQVTgJmlCqOeoapkeZ7qW6V0u+YxpF2uuMO2gsgUxiBkz2brLnsWHZRPbQlD1PmKf96zZjjq8VLP4wlVRLuvGntyJ"
    "4ZOrzNDoCmAKNKC96Ww6p/Jh3IYfGCC0JxLtPT0FxGiwpzBnxYFvzqp+Htf6ldULkP77Yr3nD3ovDeJS/TXpAsZhHeNFkkcAa1zKIsWtoZ2p"
    "eWyCyqpE9tmB4CFi+1O7R4klRzcMEtt45nPar7Z23goii7aCIC+RANERhFmO8kKJUCzzd76+SaT6zKOsGeftv3xIbFYxwcJF5UHOIbZIpgal"
    "Vpa3Mb3Eta5nuYFpjGYx8ea+OlvYN8FlLrO1mdrZwZg1t1TILSTnvxx43Jj/ZG4lebq3eC42/c6cRBMdWiPkr54JtIk2ceO6whPT4cLeUD4w"
    "rf9lc/HKiB27ZZ+EYSyo5USIMi3nVO+InzlJOcP2Fr/xFuyt6jeohwR7Uz+2ZB74us9LZZcU11tDolPW4iF3X1fFceyHhoaGhoaGhoaGRpUQ"
    "9oe5YV8S3PaHv8f+r7NAqaR/k/y3OIgxek7TpXIvssRzOFvV/FkHt3DqEsv0cf4XKvRT6zlkkOI4MlXPX7q4icr3WbZj5O8toWrbL1UT5z9u"
    "/we1gdDM"
)


def xls(path: Path) -> Path:
    """An old workbook of one client: 李娜, a number as her phone, a day."""
    path.write_bytes(zlib.decompress(base64.b64decode(_XLS)))
    return path


def ods(path: Path, *cells: str) -> Path:
    """An OpenDocument sheet called 客户, with one row of these `table:table-cell`s below 姓名, 手机."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    header = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in ("姓名", "手机")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="客户"><table:table-row>{header}</table:table-row>'
        f"<table:table-row>{''.join(cells)}</table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<a/>")
    return path


def xlsb(path: Path) -> Path:
    """A binary workbook of one client, record by record."""

    def record(number: int, data: bytes = b"") -> bytes:
        kind = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
        return kind + bytes([len(data)]) + data

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def text(column: int, value: str) -> bytes:
        return record(6, struct.pack("<II", column, 0) + wide(value))

    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("客户"))
    book += record(144) + record(132)
    rows = [text(0, "姓名") + text(1, "手机"), text(0, "李娜") + record(5, struct.pack("<IId", 1, 0, 13800138000))]
    sheet = record(129) + record(148, struct.pack("<IIII", 0, 1, 0, 1)) + record(145)
    for number, cells in enumerate(rows):
        sheet += record(0, struct.pack("<I", number) + bytes(21)) + cells
    sheet += record(146) + record(130)
    relation = '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.bin"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{relation}</Relationships>")
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path
