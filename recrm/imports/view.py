"""What an import says: how the file is read, what came of its rows, as text or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from recrm.core import ui
from recrm.core.i18n import N_, NN_, _, ngettext
from recrm.core.ui import Cell, Output
from recrm.imports.columns.headers import FIELD_LABELS, field_label
from recrm.imports.columns.mapping import Column, Mapping
from recrm.imports.columns.sheet import Sheet
from recrm.imports.files.kinds import Kind
from recrm.imports.outcome import Outcome
from recrm.imports.people.who import client_label

MOST_LISTED = 5
_NOT_KEPT = frozenset({"id"})  # understood, and of no use to recrm
_SEPARATORS = {",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs"), "|": N_("bars"), " ": N_("blanks")}
_THINGS = {  # by the kind of file; else rows
    Kind.VCARD: NN_("{n} card", "{n} cards"),
    Kind.JSON: NN_("{n} client", "{n} clients"),
    "history": NN_("{n} conversation", "{n} conversations"),
}
_ROWS = NN_("{n} row", "{n} rows")
_ORDERS = {
    "dmy": N_("Birthdays are read as day, month, year, because some of them can be read only so."),
    "mdy": N_("Birthdays are read as month, day, year, because some of them can be read only so."),
}


def counted(kind: str, count: int) -> str:
    """`3 cards`: what is imported out of a file of this kind."""
    return ngettext(*_THINGS.get(kind, _ROWS), count)


def read_json(kind: str, **facts: Any) -> dict[str, Any]:
    """How a file was understood: the same keys for every kind."""
    nothing = dict.fromkeys(("encoding", "delimiter", "sheet", "layout"))
    return {"kind": kind, **nothing, "mapping": [], "skipped": [], **facts}


def sheet_json(kind: str, sheet: Sheet, mapping: Mapping) -> dict[str, Any]:
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
    facts = {
        "file": file.name,
        "layout": _("an export of {layout}", layout=layout) if layout else _("a plain sheet"),
        "things": counted(Kind.CSV, len(sheet.rows)),
    }
    if sheet.name:
        return _("{file}: {layout}, {things}, from the sheet “{sheet}”", sheet=sheet.name, **facts)
    known = _SEPARATORS.get(sheet.delimiter)
    separator = _(known) if known else f"“{sheet.delimiter}”"
    return _(
        "{file}: {layout}, {things}, {encoding}, separated by {separator}",
        encoding=sheet.encoding,
        separator=separator,
        **facts,
    )


def _becomes(column: Column, label: str) -> str:
    if column.guessed:
        return _("{field} (guessed)", field=label)
    return _("{field} (as told)", field=label) if column.explicit else label


def show_order_of_birthdays(out: Output, order: str) -> None:
    """How slashes in birthdays are read, where some of them settle it."""
    if order:
        out.say(_(_ORDERS[order]))


def show_result(out: Output, outcome: Outcome) -> None:
    """The outcome; the last line has counts that add up to the rows."""
    kind = outcome.read["kind"]
    if closed := outcome.read.get("asking_no_answer"):
        out.note(
            ngettext(
                "The last word of one client is old and was marked as asking for no answer.",
                "The last word of {n} clients is old and was marked as asking for no answer.",
                closed,
            )
        )
    if kept := outcome.names_kept:
        heading = N_("Other names than that of the client who has the phone or email, which stays: {things}.")
        lines = []
        for one in kept:
            client = client_label(one.client, one.client_id, one.client_line if outcome.dry_run else 0)
            lines.append(_("line {line}: {name}, who is {client}", line=one.line, name=one.name, client=client))
        _note_some(out, _(heading, things=counted(kind, len(kept))), lines)
    if rejected := outcome.rejected:
        if outcome.rejects_file:
            heading = N_("Handed back in {file}: {things}. Mend the file and import it.")
        else:
            heading = N_("To be handed back: {things}.") if outcome.dry_run else N_("Not taken: {things}.")
        things = counted(kind, len(rejected))
        lines = [_("line {line}: {reason}", line=source.line, reason=reason) for source, reason in rejected]
        _note_some(out, _(heading, file=outcome.rejects_file, things=things), lines)
    facts = {
        **outcome.counts,
        "total": sum(outcome.counts.values()),
        "things": counted(kind, outcome.rows),
    }
    if outcome.dry_run:
        template = N_(
            "Would add {added}, update {updated}, leave {unchanged} unchanged, reject {rejected}: "
            "{total} of {things}; nothing was written."
        )
    else:
        template = N_(
            "Added {added}, updated {updated}, unchanged {unchanged}, rejected {rejected}: {total} of {things}."
        )
    out.say(_(template, **facts))


def result_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "file": str(outcome.file),
        **outcome.read,
        "dry_run": outcome.dry_run,
        "rows": outcome.rows,
        **outcome.counts,
        "rejects_file": str(outcome.rejects_file) if outcome.rejects_file else None,
        "rejects": [{"line": source.line, "reason": reason} for source, reason in outcome.rejected],
        "names_kept": [
            {
                "line": kept.line,
                "name": kept.name,
                "client_id": None if outcome.dry_run and kept.client_line else kept.client_id,
                "client": kept.client,
            }
            for kept in outcome.names_kept
        ],
    }


def _note_some(out: Output, heading: str, lines: Sequence[str]) -> None:
    """A heading over the first few of these lines."""
    for text in (heading, *lines[:MOST_LISTED]):
        out.note(text)
    if len(lines) > MOST_LISTED:
        out.note(_("… and {count} more.", count=len(lines) - MOST_LISTED))
