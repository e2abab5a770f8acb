"""A sheet of a workbook (XLSX, XLS, XLSB, ODS) as a table: the text that the same cell of a CSV file would be.

Anybody may have made the file, so it is read in a process of its own with bounded memory, whose end by a crash is an
ordinary refusal here. `files.kinds` has measured its archive before.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.labels import enumeration
from recrm.core.text import quoted
from recrm.imports.files.errors import LOCKED, UNPACKS_TOO_MUCH, FileUnreadable
from recrm.imports.files.kinds import head_of
from recrm.imports.files.table import IsHeader, Table

_PROCESS = Path(__file__).with_name("workbook_process.py")
_TOP = 20  # rows in which a header may stand
_REFUSALS = {
    "password": LOCKED,
    "too much": UNPACKS_TOO_MUCH,
    "document type": (
        N_("This workbook declares a document type, as no workbook of Excel's does, so it was not opened."),
        N_("Open it in the program it came from, and save it again as XLSX."),
    ),
}


def read_workbook(path: Path, name: str | None, is_header: IsHeader) -> Table:
    """The sheet called so, else the first visible one with the names of columns.

    Raises FileUnreadable, and UsageError where no sheet is called so.
    """
    head_of(path)
    sheets = _sheets_of(path)
    sheet = _named(sheets, name) if name is not None else _first_with_columns(sheets, is_header)
    if sheet["uncalculated"]:
        raise FileUnreadable(
            N_("Cell {cell} holds a formula that was never calculated, so its value is not in the file."),
            N_("Open the workbook in Excel or WPS, save it, and import it again."),
            cell=sheet["uncalculated"],
        )
    return Table([(line, cells) for line, cells in sheet["rows"]], sheet=sheet["name"])


def _sheets_of(path: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-P", str(_PROCESS), str(path)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603  # our own script
    try:
        answer = json.loads(ran.stdout)
    except ValueError:  # it has crashed
        raise FileUnreadable(
            N_("This workbook is damaged, or was not made as XLSX, XLS, XLSB or ODS, so nothing was imported."),
            N_("Open it, save it again as XLSX, and import that."),
        ) from None
    if isinstance(answer, dict):
        raise FileUnreadable(*_REFUSALS[answer["refused"]])
    return list(answer)


def _named(sheets: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for same in (str.strip, lambda text: text.strip().casefold()):
        for sheet in sheets:
            if same(sheet["name"]) == same(name):
                return sheet
    raise UsageError(
        N_("The workbook has no sheet called {name}."),
        N_("Its sheets are: {sheets}."),
        name=quoted(name),
        sheets=enumeration(f"“{sheet['name']}”" for sheet in sheets),
    )


def _first_with_columns(sheets: list[dict[str, Any]], is_header: IsHeader) -> dict[str, Any]:
    """The first with a row of two known columns, or of one, or at least with anything."""
    filled = [sheet for sheet in sheets if sheet["is_visible"] and sheet["rows"]]
    if not filled:
        raise FileUnreadable(N_("No sheet of this workbook holds anything."), N_("Check that it is the right file."))
    return max(
        filled, key=lambda sheet: min(2, max(sum(map(is_header, cells)) for _line, cells in sheet["rows"][:_TOP]))
    )
