"""What an import says: how the file is read, what came of its rows, as words or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from recrm.core import ui
from recrm.core.ui import Cell, Output
from recrm.imports.columns.mapping import Column, Mapping
from recrm.imports.columns.sheet import Sheet
from recrm.imports.files.kinds import Kind
from recrm.imports.people.plan import ADDED, REJECTED, UNCHANGED, UPDATED, NameKept
from recrm.imports.rejects import RejectSink

NOT_KEPT = frozenset({"id"})  # understood, and of no use to recrm
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "blanks"}
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Report:
    """An import that was carried out, or rehearsed; `read` is how the file was understood, for JSON."""

    file: Path
    read: dict[str, Any]
    rows: int
    counts: dict[str, int]
    rejects: RejectSink
    names_kept: Sequence[NameKept]
    dry_run: bool
    rejects_file: Path | None = None

    @property
    def things(self) -> tuple[str, str]:
        """What the file is made of: one of it, several."""
        return ("card", "cards") if self.read["kind"] == Kind.VCARD else ("row", "rows")


def read_json(kind: str, **told: Any) -> dict[str, Any]:
    """How a file was understood: the same keys for every kind."""
    known: dict[str, Any] = {
        "kind": kind,
        "encoding": None,
        "delimiter": None,
        "sheet": None,
        "layout": None,
        "mapping": [],
        "skipped": [],
    }
    return {**known, **told}


def field_of(column: Column) -> str | None:
    """The field that a column fills; None where it is not imported."""
    return None if column.field in NOT_KEPT else column.field


def show_mapping(out: Output, file: Path, sheet: Sheet, mapping: Mapping, order: str) -> None:
    """How the file is read: a line for every column that holds anything."""
    separator = _SEPARATORS.get(sheet.delimiter, f"“{sheet.delimiter}”")
    kind = f"an export of {mapping.layout}" if mapping.layout else "a plain sheet"
    count = f"{len(sheet.rows)} {'row' if len(sheet.rows) == 1 else 'rows'}"
    if sheet.name:
        out.heading(f"{file.name}: {kind}, {count}, from the sheet “{sheet.name}”")
    else:
        out.heading(f"{file.name}: {kind}, {count}, {sheet.encoding}, separated by {separator}")
    rows: list[list[Cell | str]] = []
    empty = 0
    for column in mapping.columns:
        sample = sheet.first_value(column.index)
        if not sample:
            empty += 1
            continue
        field = field_of(column)
        how = " (guessed)" if column.guessed else " (as told)" if column.told else ""
        style = ui.MUTED if field is None else ui.WARN if column.guessed else ""
        words = (field or "not imported").replace("_", " ")
        rows.append([column.header, Cell(words + how, style), Cell(sample[:200], ui.MUTED)])
    if rows:
        out.table([ui.Column("Column", most=32), ui.Column("Becomes", keep=True), ui.Column("Such as")], rows)
    if empty:
        out.say(f"Columns without a value: {empty}.")
    if order:
        words = "day, month, year" if order == "dmy" else "month, day, year"
        out.say(f"Birthdays are read as {words}, because some of them can be read only so.")


def show_result(out: Output, report: Report) -> None:
    """The outcome; the last line has counts that add up to the rows."""
    _tell_names(out, report)
    _tell_rejects(out, report)
    counts = report.counts
    total = sum(counts.values())
    of_rows = f"{total} of {report.rows} {report.things[report.rows != 1]}"
    told = [counts[name] for name in (ADDED, UPDATED, UNCHANGED, REJECTED)]
    if report.dry_run:
        words = "Would add {}, update {}, leave {} unchanged, reject {}: {}; nothing was written."
    else:
        words = "Added {}, updated {}, unchanged {}, rejected {}: {}."
    out.say(words.format(*told, of_rows))


def result_json(report: Report) -> dict[str, Any]:
    """The outcome as one object."""
    return {
        "file": str(report.file),
        **report.read,
        "dry_run": report.dry_run,
        "rows": report.rows,
        **report.counts,
        "rejects_file": str(report.rejects_file) if report.rejects_file else None,
        "rejects": [{"line": line, "reason": reason} for line, reason in report.rejects],
        "names_kept": [
            {
                "line": kept.line,
                "name": kept.name,
                "client_id": None if report.dry_run and kept.client_line else kept.client_id,
                "client": kept.client,
            }
            for kept in report.names_kept
        ],
    }


def _tell_names(out: Output, report: Report) -> None:
    if not report.names_kept:
        return
    count = len(report.names_kept)
    one, several = report.things
    rows = f"One {one} goes" if count == 1 else f"{count} {several} go"
    out.note(f"{rows} by another name than the client who has that phone or email; the client's name stays.")
    for kept in report.names_kept[:_MOST_TOLD]:
        is_new = report.dry_run and kept.client_line
        number = f"line {kept.client_line}" if is_new else f"#{kept.client_id}"
        out.note(f"line {kept.line}: {kept.name}, who is {kept.client} ({number})")
    _tell_rest(out, count)


def _tell_rejects(out: Output, report: Report) -> None:
    if not len(report.rejects):
        return
    count = len(report.rejects)
    one, several = report.things
    rows = f"One {one}" if count == 1 else f"{count} {several}"
    if report.rejects_file:
        were = "was" if count == 1 else "were"
        out.note(f"{rows} {were} handed back in {report.rejects_file}; mend the file and import it.")
    else:
        out.note(f"{rows} would be handed back." if report.dry_run else f"{rows} could not be taken.")
    for line, reason in islice(report.rejects, _MOST_TOLD):
        out.note(f"line {line}: {reason}")
    _tell_rest(out, count)


def _tell_rest(out: Output, count: int) -> None:
    if count > _MOST_TOLD:
        out.note(f"… and {count - _MOST_TOLD} more.")
