"""A cell of a workbook as text: a phone that Excel took for a number is its digits, a date is its ISO form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element  # only read here

from recrm.imports.decoding import SheetUnreadable

if TYPE_CHECKING:
    from openpyxl import Workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_VALUE, _FORMULA, _INLINE, _TEXT, _RUN = f"{MAIN}v", f"{MAIN}f", f"{MAIN}is", f"{MAIN}t", f"{MAIN}r"
_MOST_COLUMNS = 16_384
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EXACT = 10**15  # Excel keeps fifteen digits


class CellReader:
    """Reads the cells of one workbook."""

    def __init__(self, book: Workbook, texts: Sequence[str]) -> None:
        self._texts = texts
        self._epoch = book.epoch
        self._dates: set[int] = book._date_formats  # type: ignore[attr-defined]
        self._spans: set[int] = book._timedelta_formats  # type: ignore[attr-defined]

    def texts(self, cells: Iterable[Element]) -> list[str]:
        """A row's texts, each in its column."""
        row: list[str] = []
        for cell in cells:
            text = self._text(cell)
            place = _column_of(cell.get("r", ""))
            if place is None:
                row.append(text)
            elif text:
                if place >= _MOST_COLUMNS:
                    raise ValueError(place)
                row += [""] * (place + 1 - len(row))
                row[place] = text
        return row

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(_INLINE)
            return _unescaped(_plain(inline)) if inline is not None else ""
        value = cell.findtext(_VALUE)
        if value is None or not value.strip():
            if kind != "str" and cell.find(_FORMULA) is not None:
                raise _Uncalculated(cell.get("r", "?"))
            return ""
        if kind == "s":
            return self._texts[int(value)]
        if kind == "str":
            return _unescaped(value)
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind == "e":
            return ""  # #N/A: nobody knows
        if kind == "d":
            return _iso(datetime.fromisoformat(value.strip()))
        return self._number(value.strip(), int(cell.get("s") or 0))

    def _number(self, value: str, style: int) -> str:
        if style in self._dates:
            return self._date(float(value), style)
        if value.isdecimal():
            return value
        number = float(value)
        if number.is_integer():
            return str(int(number)) if abs(number) < _EXACT else value
        return f"{number:.15g}"

    def _date(self, value: float, style: int) -> str:
        from openpyxl.utils.datetime import from_excel

        try:
            return _iso(from_excel(value, self._epoch, timedelta=style in self._spans))
        except (OverflowError, ValueError):
            return ""  # Excel shows ##### for it


class _Uncalculated(SheetUnreadable):
    """A formula whose value nobody has worked out: the file was written by a program and never opened in Excel."""

    def __init__(self, place: str) -> None:
        what = f"Cell {place} holds a formula that was never calculated, so its value is not in the file."
        super().__init__(what, "Open the workbook in Excel or WPS, save it, and import it again.")


def _column_of(place: str) -> int | None:
    """The column, from 0, of a cell's place such as AB12; None where it does not say."""
    column = 0
    for sign in place:
        if not "A" <= sign <= "Z":
            break
        column = column * 26 + ord(sign) - 64
    return column - 1 if column else None


def _plain(text: Element) -> str:
    """A text without its formatting, and without the reading aids (rPh) of Japanese."""
    own = [piece.text or "" for piece in text.findall(_TEXT)]
    runs = [piece.text or "" for run in text.findall(_RUN) for piece in run.findall(_TEXT)]
    return "".join(own + runs)


def _unescaped(text: str) -> str:
    """Excel writes a control character as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _iso(value: date | datetime | time | timedelta | None) -> str:
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if is_day else value.isoformat(" ", timespec="seconds")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return str(value) if value is not None else ""
