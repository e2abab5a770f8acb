"""`recrm import --history`: another program's log of conversations, as one operation.

Only contacts are written. Nothing that is due is completed by them: a promise of yesterday is not kept by a call
of last year. Nor is an old word of a client, which nobody answered there, an inquiry of today: the last such word
of each client is followed, at the same moment, by a line that says so. Only what came in within the last week, and
was not answered, waits for an answer here as well. The touch clock runs from the newest conversation, as always.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from recrm.app import App
from recrm.core.i18n import N_, _
from recrm.imports import view
from recrm.imports.columns.sheet import Sheet
from recrm.imports.conversations.dates import DateReader
from recrm.imports.conversations.headers import LABELS, looks_like_history, map_history, ranked
from recrm.imports.conversations.reading import EntryReader
from recrm.imports.conversations.writing import HistoryWriter
from recrm.imports.execution import ImportOptions, confirm, run_import
from recrm.imports.outcome import Outcome, rows_as_csv

_ORDERS = {
    "dmy": N_("Dates are read as day, month, year, because some of them can be read only so."),
    "mdy": N_("Dates are read as month, day, year, because some of them can be read only so."),
}


def import_history(app: App, sheet: Sheet, overrides: list[str], *, file: Path, options: ImportOptions) -> None:
    """Show how the sheet is read, ask, and write its conversations; rows that cannot be taken are handed back."""
    _database = app.db  # without clients there is nobody whose history this could be
    mapping = map_history(sheet.header, sheet.sample, overrides)
    place = ranked(mapping, "date")[0]
    dates = DateReader((row.cells[place] for row in sheet.rows), app.settings.text("date_order"), app.now)
    if not app.out.json:
        view.show_mapping(app.out, file, sheet, mapping, LABELS)
        app.out.say(_("Every row is read as a conversation with a client."))
        if dates.proven:
            app.out.say(_(_ORDERS[dates.proven]))
    read = view.sheet_json("history", sheet, mapping)
    confirm(app, options, read["kind"], len(sheet.rows))
    reader = EntryReader(mapping, dates, app.region)
    outcome = Outcome(file, read, len(sheet.rows), rows_as_csv(sheet.header, sheet.delimiter), options.dry_run)
    run_import(app, outcome, sheet.rows, partial(HistoryWriter, outcome=outcome, reader=reader, now=app.now))
    if outcome.rejected and not options.dry_run and not looks_like_history(sheet.header):
        app.out.note(
            _("Add --history again when you import what was handed back: its columns could be those of clients.")
        )
