"""A table of clients, from a CSV file or a workbook: its columns understood, shown, and imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from recrm.app import App
from recrm.core.errors import UsageError
from recrm.imports import rejects, view
from recrm.imports.columns.mapping import Mapping, apply_override, guess_mapping
from recrm.imports.columns.sheet import Sheet
from recrm.imports.execution import ImportOptions, carry, confirm_import, tell
from recrm.imports.files.kinds import Kind
from recrm.imports.people.preparing import Preparer, date_order

# Without one of these a row neither names anybody nor can be anybody.
_NEEDED = {"name", "family_name", "given_name", "company", "phone", "email", "wechat"}


def import_table(
    app: App, file: Path, kind: Kind, sheet: Sheet, wishes: ImportOptions, overrides: Sequence[str]
) -> None:
    """Show how the table is read, ask, and import its rows."""
    mapping = _mapping(sheet, overrides)
    configured = app.settings.text("date_order")
    seen_order = "" if configured else date_order(sheet.rows, mapping)
    if not app.out.json:
        view.show_mapping(app.out, file, sheet, mapping, seen_order)
    confirm_import(app, len(sheet.rows), wishes)
    preparer = Preparer(mapping, app.region, app.today, configured or seen_order, wishes.tags)
    handing = rejects.RejectedRows(sheet.header, sheet.delimiter)
    run = carry(app, wishes, preparer, sheet.rows, handing)
    read = view.read_json(
        kind,
        encoding=sheet.encoding or None,
        delimiter=None if sheet.name else sheet.delimiter,
        sheet=sheet.name or None,
        layout=mapping.layout or None,
        mapping=[{"header": column.header, "field": view.field_of(column)} for column in mapping.columns],
    )
    tell(app, view.Report(file, read, len(sheet.rows), run.counts, handing, run.plan.names_kept, wishes.dry_run))


def _mapping(sheet: Sheet, overrides: Sequence[str]) -> Mapping:
    guessed = guess_mapping(sheet.header, sheet.sample)
    ours = [
        replace(column, field=None, guessed=False) if rejects.is_reason(column.header) else column
        for column in guessed.columns
    ]
    mapping = apply_override(Mapping(guessed.layout, tuple(ours)), overrides)
    if not mapping.fields & _NEEDED:
        what = "None of the columns is known to be a name, a phone or an email."
        raise UsageError(what, f'Say which is which: --map "{sheet.header[0]}=name".')
    return mapping
