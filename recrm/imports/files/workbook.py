"""A sheet of a workbook (XLSX, XLS, XLSB, ODS) as a table: the text that the same cell of a CSV file would be.

Anybody may have made the file: its archive is measured before it is unpacked, and it is read in a process of its own
with bounded memory, whose end by a crash is an ordinary refusal here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.text import quoted
from recrm.imports.files.archives import open_archive
from recrm.imports.files.errors import FileUnreadable, UnpacksTooMuch, WorkbookLocked
from recrm.imports.files.kinds import head_of
from recrm.imports.files.table import IsHeader, Record, Table

_PROCESS = Path(__file__).with_name("workbook_process.py")
_NOTHING = N_("Check that it is the right file.")


def read_workbook(path: Path, name: str | None, is_header: IsHeader) -> Table:
    """The sheet called so, else the first visible one with the names of columns.

    Raises FileUnreadable, and UsageError where no sheet is called so.
    """
    if head_of(path).startswith(b"PK"):
        with path.open("rb") as file:
            open_archive(file).close()
    command = [sys.executable, "-P", str(_PROCESS), str(path)]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing, encoding="utf-8") as process:  # noqa: S603  # our own script
        try:
            if process.stdin is None or process.stdout is None:
                raise ValueError(process)
            sheets = _line(process.stdout)["sheets"]
            wanted = _chosen(sheets, name, is_header)
            process.stdin.write(f"{sheets.index(wanted)}\n")
            process.stdin.flush()
            records: list[Record] = []
            while isinstance(row := _line(process.stdout), list):
                records.append((row[0], row[1]))
        except OSError:
            raise _damaged() from None
        finally:
            process.kill()
    return Table(records, sheet=wanted["name"])


def _line(lines: Iterable[str]) -> Any:
    """The next line. Raises FileUnreadable for a refusal, and where the process has come to nothing."""
    try:
        line = json.loads(next(iter(lines)))
    except (StopIteration, ValueError):
        raise _damaged() from None
    match line:
        case {"error": "password"}:
            raise WorkbookLocked
        case {"error": "too much"}:
            raise UnpacksTooMuch
        case {"error": "doctype"}:
            raise FileUnreadable(
                N_("This workbook declares a document type, as no workbook of Excel's does, so it was not opened."),
                N_("Open it in the program it came from, and save it again as XLSX."),
            )
        case {"error": _, "cell": cell}:
            raise FileUnreadable(
                N_("Cell {cell} holds a formula that was never calculated, so its value is not in the file."),
                N_("Open the workbook in Excel or WPS, save it, and import it again."),
                cell=cell,
            )
    return line


def _damaged() -> FileUnreadable:
    return FileUnreadable(
        N_("This workbook is damaged, or was not made as XLSX, XLS, XLSB or ODS, so nothing was imported."),
        N_("Open it, save it again as XLSX, and import that."),
    )


def _chosen(sheets: list[dict[str, Any]], name: str | None, is_header: IsHeader) -> dict[str, Any]:
    if name is not None:
        folded = name.strip().casefold()
        for fits in (
            [sheet for sheet in sheets if name in (sheet["name"], sheet["name"].strip())],
            [sheet for sheet in sheets if sheet["name"].strip().casefold() == folded],
        ):
            if fits:
                return fits[0]
        raise UsageError(
            N_("The workbook has no sheet called {name}."),
            N_("Its sheets are: {sheets}."),
            name=quoted(name),
            sheets=", ".join(f"“{sheet['name']}”" for sheet in sheets),
        )
    known = [(max(sum(map(is_header, row)) for row in sheet["top"]), sheet) for sheet in sheets if _has_rows(sheet)]
    for least in (2, 1, 0):
        for count, sheet in known:
            if count >= least:
                return sheet
    raise FileUnreadable(N_("No sheet of this workbook holds anything."), _NOTHING)


def _has_rows(sheet: dict[str, Any]) -> bool:
    return bool(sheet["is_visible"] and sheet["top"])
