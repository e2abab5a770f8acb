"""A table of clients, from a CSV file or a workbook: its columns understood, shown, and imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recrm.app import App
from recrm.core.i18n import N_, ngettext
from recrm.imports import view
from recrm.imports.columns.mapping import Need, apply_override, check_needs, guess_mapping
from recrm.imports.columns.sheet import Sheet
from recrm.imports.execution import ImportOptions, confirm, report, run_import
from recrm.imports.files.kinds import Kind
from recrm.imports.people.preparing import Preparer, date_order
from recrm.imports.rejects import rejected_rows

# Without one of these a row neither names anybody nor can be anybody.
_NEED = Need(
    {"name", "family_name", "given_name", "company", "phone", "email", "wechat"},
    N_("None of the columns is known to be a name, a phone or an email."),
    N_('Say which is which: --map "{header}=name".'),
)


def import_table(
    app: App, file: Path, kind: Kind, sheet: Sheet, options: ImportOptions, overrides: Sequence[str]
) -> None:
    """Show how the table is read, ask, and import its rows."""
    mapping = apply_override(guess_mapping(sheet.header, sheet.sample), overrides)
    check_needs(mapping, [_NEED])
    configured = app.settings.text("date_order")
    seen_order = "" if configured else date_order(sheet.rows, mapping)
    if not app.out.json:
        view.show_mapping(app.out, file, sheet, mapping)
        view.show_order_of_birthdays(app.out, seen_order)
    count = len(sheet.rows)
    confirm(app, options, count, ngettext("Import {n} row?", "Import {n} rows?", count))
    preparer = Preparer(mapping, app.region, app.today, configured or seen_order, options.tags)
    rejects = rejected_rows(sheet.header, sheet.delimiter)
    run = run_import(app, options, preparer, sheet.rows, rejects)
    read = view.sheet_json(kind, sheet, mapping)
    report(app, view.Report(file, read, count, run.counts, rejects, run.plan.names_kept, options.dry_run))
