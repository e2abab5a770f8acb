"""A sheet of an Excel workbook (XLSX) as a `Sheet`: each cell as the text that the same cell of a CSV file would be.

openpyxl knows the workbook's parts, its shared texts and which number formats are dates; the rows are taken from
the sheet's XML here, one at a time, for openpyxl keeps a trace of every row, and a sheet may have a million blank
ones. They wait in a file without a name until the import has read them again.

Anybody may have made the file: its archive is measured before it is unpacked, and a part that declares a document
type, the only way to entities that grow or that fetch something, is refused before it is parsed.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser  # see the module's words
from xml.parsers import expat

from recrm.core.errors import UsageError
from recrm.imports.archives import open_archive
from recrm.imports.decoding import SheetUnreadable
from recrm.imports.kinds import head_of
from recrm.imports.layouts import is_known
from recrm.imports.sheet import Record, Sheet, survey
from recrm.imports.spool import Spool
from recrm.imports.workbook_cells import MAIN, CellReader

if TYPE_CHECKING:
    from openpyxl import Workbook

_HELD = 150_000_000  # bytes of a part that is kept in memory: texts, styles
_PIECE, _REST_OF_A_ROW = 1 << 16, 1 << 20
_PEEKED = 20  # rows in which a header may stand
_ROW, _ROWS, _CELL = f"{MAIN}row", f"{MAIN}sheetData", f"{MAIN}c"
_ROWS_END = re.compile(rb"</(?:\w+:)?sheetData>")
_STRICT = b"purl.oclc.org/ooxml"


def read_workbook(path: str | Path, name: str | None = None) -> Sheet:
    """The sheet called so, else the first that holds a table of clients, read to its end.

    Raises SheetUnreadable, and UsageError where no sheet is called so.
    """
    head_of(Path(path))
    with Path(path).open("rb") as file, _understood(), open_archive(file) as archive:
        for entry in archive.infolist():
            _refuse_bombs(archive, entry)
        book = _opened(file)
        tables = {sheet.title: _Table(archive, book, sheet) for sheet in book.worksheets}
        table = _chosen(tables, name)
        spool = Spool()
        for record in table.records():
            spool.append(record)
    return survey(lambda: ((line, cells) for line, cells in spool), name=table.title)


@contextmanager
def _understood() -> Iterator[None]:
    """Whatever a damaged workbook makes of zipfile, expat and openpyxl, as one sentence."""
    wrong = (
        zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, expat.ExpatError, OSError, EOFError, KeyError, ValueError,
        TypeError, AttributeError, IndexError, NotImplementedError, RuntimeError, OverflowError,
    )  # fmt: skip
    import zlib

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, of charts and rules that nobody wants here
            yield
    except (*wrong, zlib.error) as error:
        raise SheetUnreadable(
            "This workbook is damaged, or was not made as Excel makes them, so nothing was imported.",
            "Open it, save it again as XLSX, and import that.",
        ) from error


def _refuse_bombs(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Raises SheetUnreadable for a part that declares a document type, or is too large to be held in memory."""
    if not entry.filename.lower().endswith((".xml", ".rels")):
        return
    is_sheet = "worksheets/" in entry.filename.replace("\\", "/").lower()
    if entry.file_size > _HELD and not is_sheet:
        raise SheetUnreadable(
            "This workbook holds more text than a computer can keep at once.", "Save its sheet as CSV and import that."
        )
    if entry.flag_bits & 1:
        raise SheetUnreadable("This workbook is locked with a password.", "Save it without one.")
    parser = expat.ParserCreate()
    begun = False

    def begin(*_: object) -> None:
        nonlocal begun
        begun = True

    def declare(*_: object) -> None:
        raise SheetUnreadable(
            "This workbook declares a document type, as no workbook of Excel's does, so it was not opened.",
            "Open it in the program it came from, and save it again as XLSX.",
        )

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = declare
    with archive.open(entry) as part:
        while not begun and (piece := part.read(1 << 14)):
            if entry.filename.endswith("workbook.xml") and _STRICT in piece:
                raise SheetUnreadable(
                    "This workbook was saved as Strict Open XML, which recrm does not read.",
                    "Save it again as an ordinary Excel workbook (XLSX).",
                )
            parser.Parse(piece, False)


def _opened(file: IO[bytes]) -> Workbook:
    import openpyxl

    return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)


class _Table:
    """One sheet, its rows not read yet."""

    def __init__(self, archive: zipfile.ZipFile, book: Workbook, sheet: Any) -> None:
        self.title: str = sheet.title
        self.is_hidden = sheet.sheet_state != "visible"
        self._archive = archive
        self._path: str = sheet._worksheet_path
        self._cells = CellReader(book, sheet._shared_strings)
        self._last: int | None = None

    def records(self) -> Iterator[Record]:
        """Every row that holds anything, with its number."""
        number = 0
        parser: Any = XMLPullParser(("start", "end"))
        rows: Element | None = None
        for piece in self._pieces():
            parser.feed(piece)
            for event, element in parser.read_events():
                if event == "start":
                    rows = element if element.tag == _ROWS else rows
                elif element.tag == _ROW:
                    number = int(float(element.get("r") or number + 1))
                    cells = self._cells.texts(element.iter(_CELL))
                    if any(map(str.strip, cells)):
                        yield number, cells
                    if rows is not None:
                        rows.clear()  # forget it
                elif element.tag == _ROWS:
                    return

    def _pieces(self) -> Iterator[bytes]:
        """The sheet's XML up to its last value, behind which a million rows may be formatted and blank."""
        if self._last is None:
            self._last = self._last_value()
        at = 0
        with self._archive.open(self._path) as part:
            while at <= self._last + _REST_OF_A_ROW and (piece := part.read(_PIECE)):
                yield piece
                at += len(piece)

    def _last_value(self) -> int:
        """Where the last value or text of a cell ends in the XML, which is read to its end and its checksum."""
        at, last, before, ended = 0, 0, b"", False
        with self._archive.open(self._path) as part:
            while piece := part.read(_PIECE):
                if not ended:
                    seen = before + piece
                    end = _ROWS_END.search(seen)
                    found = max(seen.rfind(sign, 0, end.start() if end else len(seen)) for sign in (b"v>", b"t>"))
                    last = at - len(before) + found if found >= 0 else last
                    before, ended = piece[-32:], end is not None
                at += len(piece)
        return last or at

    @property
    def names(self) -> int:
        """How many names of columns stand in its best row near the top; -1 where it holds nothing."""
        rows = [cells for _, cells in islice(self.records(), _PEEKED)]
        return max((sum(map(is_known, cells)) for cells in rows), default=-1)


def _chosen(tables: dict[str, _Table], name: str | None) -> _Table:
    if name is not None:
        same = [table for title, table in tables.items() if name in (title, title.strip())]
        same = same or [table for title, table in tables.items() if title.strip().casefold() == name.strip().casefold()]
        if same:
            return same[0]
        raise UsageError(f"The workbook has no sheet called “{name}”.", f"Its sheets are: {_listed(tables)}.")
    visible = [table for table in tables.values() if not table.is_hidden]
    counted = [(table.names, table) for table in visible]
    for least in (2, 1, 0):
        for names, table in counted:
            if names >= least:
                return table
    raise SheetUnreadable("No sheet of this workbook holds anything.", "Check that it is the right file.")


def _listed(titles: Iterable[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles) or "none"
