"""`recrm import --history`: another program's log of conversations, as one operation.

Only contacts are written. Nothing that is due is completed by them: a promise of yesterday is not kept by a call
of last year. Nor is an old word of a client, which nobody answered there, an inquiry of today: the last such word
of each client is followed, at the same moment, by a line that says so. Only what came in within the last week, and
was not answered, waits for an answer here as well. The touch clock runs from the newest conversation, as always.
"""

from __future__ import annotations

from pathlib import Path

from recrm.app import App
from recrm.core import ui
from recrm.imports import rejects, view
from recrm.imports.columns.mapping import Mapping
from recrm.imports.columns.sheet import Sheet
from recrm.imports.conversations.dates import DateColumn, DateReader
from recrm.imports.conversations.headers import looks_like_history, map_history, ranked
from recrm.imports.conversations.reading import EntryReader
from recrm.imports.conversations.writing import HistoryRun
from recrm.imports.execution import ImportOptions, carried, confirm_import, tell

__all__ = ["import_history", "looks_like_history"]


def import_history(app: App, sheet: Sheet, overrides: list[str], *, file: Path, dry_run: bool, yes: bool) -> None:
    """Show how the sheet is read, ask, and write its conversations; rows that cannot be taken are handed back."""
    _ = app.db  # without clients there is nobody whose history this could be
    mapping = map_history(sheet.header, sheet.sample, overrides)
    dates = _dates_of(sheet, mapping)
    if not app.out.json:
        view.show_mapping(app.out, file, sheet, mapping, "")
        app.out.say("Every row is read as a conversation with a client.")
        _say_order(app, dates.order)
    confirm_import(app, len(sheet.rows), ImportOptions(yes=yes, dry_run=dry_run), "conversation", "conversations")

    reader = EntryReader(mapping, DateReader(dates, app.settings.text("date_order"), app.now), app.region)
    handing = rejects.RejectedRows(sheet.header, sheet.delimiter)
    with ui.progress("Importing", len(sheet.rows)) as advance, carried(app, dry_run) as conn:
        run = HistoryRun(conn, reader, handing, app.now, dry_run)
        run.take_all(sheet.rows, advance)
    read = view.read_json(
        "history",
        encoding=sheet.encoding or None,
        delimiter=None if sheet.name else sheet.delimiter,
        sheet=sheet.name or None,
        layout=mapping.layout or None,
        mapping=[{"header": column.header, "field": column.field} for column in mapping.columns],
    )
    if run.closed and not app.out.json:
        clients = "one client" if run.closed == 1 else f"{run.closed} clients"
        app.out.note(f"The last word of {clients} is old and was marked as asking for no answer.")
    read["asking_no_answer"] = None if dry_run else run.closed
    tell(app, view.Report(file, read, len(sheet.rows), dict(run.counts), handing, run.names_kept, dry_run))
    if len(handing) and not dry_run and not looks_like_history(sheet.header):
        app.out.note("Add --history again when you import what was handed back: its columns could be those of clients.")


def _dates_of(sheet: Sheet, mapping: Mapping) -> DateColumn:
    """What the date column as a whole says of how to read it; it takes a look at every row."""
    place = ranked(mapping, "date")[0]
    return DateColumn().see_all(row.cells[place] for row in sheet.rows)


def _say_order(app: App, order: str) -> None:
    if order:
        words = "day, month, year" if order == "dmy" else "month, day, year"
        app.out.say(f"Dates are read as {words}, because some of them can be read only so.")
