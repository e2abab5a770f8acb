"""What an import says: how the file is read, what came of its rows, as text or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from recrm.core import ui
from recrm.core.i18n import N_, NN_, _, ngettext
from recrm.core.ui import Cell, Output
from recrm.imports.columns.headers import FIELD_LABELS, field_label
from recrm.imports.columns.mapping import Column, Mapping
from recrm.imports.columns.sheet import Sheet
from recrm.imports.files.kinds import Kind
from recrm.imports.people.merging import client_label
from recrm.imports.people.plan import ADDED, REJECTED, UNCHANGED, UPDATED, NameKept
from recrm.imports.rejects import Rejects

MOST_LISTED = 5
_NOT_KEPT = frozenset({"id"})  # understood, and of no use to recrm
_SEPARATORS = {",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs"), "|": N_("bars"), " ": N_("blanks")}
_HEADINGS = {  # by whether a program is known, and whether it is a workbook
    (True, True): NN_(
        "{file}: an export of {layout}, {n} row, from the sheet “{sheet}”",
        "{file}: an export of {layout}, {n} rows, from the sheet “{sheet}”",
    ),
    (False, True): NN_(
        "{file}: a plain sheet, {n} row, from the sheet “{sheet}”",
        "{file}: a plain sheet, {n} rows, from the sheet “{sheet}”",
    ),
    (True, False): NN_(
        "{file}: an export of {layout}, {n} row, {encoding}, separated by {separator}",
        "{file}: an export of {layout}, {n} rows, {encoding}, separated by {separator}",
    ),
    (False, False): NN_(
        "{file}: a plain sheet, {n} row, {encoding}, separated by {separator}",
        "{file}: a plain sheet, {n} rows, {encoding}, separated by {separator}",
    ),
}
_RESULTS = {  # by whether they are cards, and whether it is a dry run
    (False, False): NN_(
        "Added {added}, updated {updated}, unchanged {unchanged}, rejected {rejected}: {total} of {n} row.",
        "Added {added}, updated {updated}, unchanged {unchanged}, rejected {rejected}: {total} of {n} rows.",
    ),
    (True, False): NN_(
        "Added {added}, updated {updated}, unchanged {unchanged}, rejected {rejected}: {total} of {n} card.",
        "Added {added}, updated {updated}, unchanged {unchanged}, rejected {rejected}: {total} of {n} cards.",
    ),
    (False, True): NN_(
        "Would add {added}, update {updated}, leave {unchanged} unchanged, reject {rejected}: "
        "{total} of {n} row; nothing was written.",
        "Would add {added}, update {updated}, leave {unchanged} unchanged, reject {rejected}: "
        "{total} of {n} rows; nothing was written.",
    ),
    (True, True): NN_(
        "Would add {added}, update {updated}, leave {unchanged} unchanged, reject {rejected}: "
        "{total} of {n} card; nothing was written.",
        "Would add {added}, update {updated}, leave {unchanged} unchanged, reject {rejected}: "
        "{total} of {n} cards; nothing was written.",
    ),
}
_NAMES_KEPT = {
    False: NN_(
        "One row goes by another name than the client who has that phone or email; the client's name stays.",
        "{n} rows go by another name than the client who has that phone or email; the client's name stays.",
    ),
    True: NN_(
        "One card goes by another name than the client who has that phone or email; the client's name stays.",
        "{n} cards go by another name than the client who has that phone or email; the client's name stays.",
    ),
}
_REJECTED = {
    (False, "written"): NN_(
        "One row was handed back in {file}; mend the file and import it.",
        "{n} rows were handed back in {file}; mend the file and import it.",
    ),
    (True, "written"): NN_(
        "One card was handed back in {file}; mend the file and import it.",
        "{n} cards were handed back in {file}; mend the file and import it.",
    ),
    (False, "dry run"): NN_("One row would be handed back.", "{n} rows would be handed back."),
    (True, "dry run"): NN_("One card would be handed back.", "{n} cards would be handed back."),
    (False, "lost"): NN_("One row could not be taken.", "{n} rows could not be taken."),
    (True, "lost"): NN_("One card could not be taken.", "{n} cards could not be taken."),
}


@dataclass(frozen=True, slots=True)
class Report:
    """An import that was carried out, or a dry run of one; `read` is how the file was understood, for JSON."""

    file: Path
    read: dict[str, Any]
    rows: int
    counts: dict[str, int]
    rejects: Rejects
    names_kept: Sequence[NameKept]
    dry_run: bool
    rejects_file: Path | None = None

    @property
    def is_of_cards(self) -> bool:
        return bool(self.read["kind"] == Kind.VCARD)


def read_json(kind: str, **facts: Any) -> dict[str, Any]:
    """How a file was understood: the same keys for every kind."""
    nothing = dict.fromkeys(("encoding", "delimiter", "sheet", "layout"))
    return {"kind": kind, **nothing, "mapping": [], "skipped": [], **facts}


def sheet_json(kind: str, sheet: Sheet, mapping: Mapping) -> dict[str, Any]:
    """How a table was understood."""
    return read_json(
        kind,
        encoding=sheet.encoding or None,
        delimiter=None if sheet.name else sheet.delimiter,
        sheet=sheet.name or None,
        layout=mapping.layout or None,
        mapping=[{"header": column.header, "field": _kept_field(column)} for column in mapping.columns],
    )


def _kept_field(column: Column) -> str | None:
    return None if column.field in _NOT_KEPT else column.field


def show_mapping(
    out: Output, file: Path, sheet: Sheet, mapping: Mapping, labels: dict[str, str] = FIELD_LABELS
) -> None:
    """How the file is read: a line for every column that holds anything; `labels` are what the fields are called."""
    out.heading(_heading(file, sheet, mapping.layout))
    rows: list[list[Cell | str]] = []
    for column in mapping.columns:
        if sample := sheet.first_value(column.index):
            field = _kept_field(column)
            style = ui.MUTED if field is None else ui.WARN if column.guessed else ""
            rows.append(
                [
                    column.header,
                    Cell(_becomes(column, field_label(field, labels) if field else _("not imported")), style),
                    Cell(sample[:200], ui.MUTED),
                ]
            )
    if rows:
        out.table([ui.Column("Column", most=32), ui.Column("Becomes", keep=True), ui.Column("Such as")], rows)
    if len(rows) < len(mapping.columns):
        out.say(_("Columns without a value: {count}.", count=len(mapping.columns) - len(rows)))


def _heading(file: Path, sheet: Sheet, layout: str) -> str:
    known = _SEPARATORS.get(sheet.delimiter)
    return ngettext(
        *_HEADINGS[bool(layout), bool(sheet.name)],
        len(sheet.rows),
        file=file.name,
        layout=layout,
        sheet=sheet.name,
        encoding=sheet.encoding,
        separator=_(known) if known else f"“{sheet.delimiter}”",
    )


def _becomes(column: Column, label: str) -> str:
    if column.guessed:
        return _("{field} (guessed)", field=label)
    return _("{field} (as told)", field=label) if column.explicit else label


def show_order_of_birthdays(out: Output, order: str) -> None:
    """How slashes in birthdays are read, where some of them settle it."""
    if order == "dmy":
        out.say(_("Birthdays are read as day, month, year, because some of them can be read only so."))
    elif order:
        out.say(_("Birthdays are read as month, day, year, because some of them can be read only so."))


def show_result(out: Output, report: Report) -> None:
    """The outcome; the last line has counts that add up to the rows."""
    _note_names(out, report)
    _note_rejects(out, report)
    counts = report.counts
    facts = {name: counts[name] for name in (ADDED, UPDATED, UNCHANGED, REJECTED)} | {"total": sum(counts.values())}
    out.say(ngettext(*_RESULTS[report.is_of_cards, report.dry_run], report.rows, **facts))


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


def _note_names(out: Output, report: Report) -> None:
    if not report.names_kept:
        return
    out.note(ngettext(*_NAMES_KEPT[report.is_of_cards], len(report.names_kept)))
    for kept in report.names_kept[:MOST_LISTED]:
        client = client_label(kept.client, kept.client_id, kept.client_line if report.dry_run else 0)
        out.note(_("line {line}: {name}, who is {client}", line=kept.line, name=kept.name, client=client))
    _note_rest(out, len(report.names_kept))


def _note_rejects(out: Output, report: Report) -> None:
    count = len(report.rejects)
    if not count:
        return
    case = "written" if report.rejects_file else "dry run" if report.dry_run else "lost"
    out.note(ngettext(*_REJECTED[report.is_of_cards, case], count, file=report.rejects_file))
    for line, reason in islice(report.rejects, MOST_LISTED):
        out.note(_("line {line}: {reason}", line=line, reason=reason))
    _note_rest(out, count)


def _note_rest(out: Output, count: int) -> None:
    if count > MOST_LISTED:
        out.note(_("… and {count} more.", count=count - MOST_LISTED))
