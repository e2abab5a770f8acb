"""`recrm import`: read a whole file, show how it is understood, ask, and write it as one operation."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recrm.clients import options as o
from recrm.core import db, ui
from recrm.core.app import App
from recrm.core.errors import Failed, UsageError
from recrm.imports import rejects, view
from recrm.imports.mapping import Mapping, apply_override, guess_mapping, sample_of
from recrm.imports.preparing import Preparer, date_order
from recrm.imports.reading import Sheet, read_sheet
from recrm.imports.rejects import Reject
from recrm.imports.run import Run

if TYPE_CHECKING:
    import sqlite3

# Without one of these a row neither names anybody nor can be anybody.
_NEEDED = {"name", "family_name", "given_name", "company", "phone", "email", "wechat"}


def import_file(
    app: App,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV file, as a phone, spreadsheet or CRM exports it.")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Import without asking.")] = False,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", "-m", metavar='"HEADER=FIELD"', help="What a column is; no FIELD: leave it."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything but write: the same counts and reasons.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what differs; a blank cell never erases.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="utf-8, gb18030, utf-16, big5 …")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="SIGN", help="What separates the columns.")
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="A tag for every row.", autocompletion=o.complete_tag),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="TEXT", help="Where new clients come from, if not said.")
    ] = None,
    agent: Annotated[
        str | None, typer.Option("--agent", metavar="NAME", help="Who is responsible for new ones, if not said.")
    ] = None,
) -> None:
    """Import clients from a CSV file; a known phone or email updates that client, filling what is blank.

    Example: recrm import contacts.csv --dry-run
    """
    from recrm.clients.fields import columns, tags_of

    tags = tags_of(tag or ())
    defaults = columns(app, {"source": source, "agent": app.agent if agent is None else agent})
    if app.db_path.exists() or not app.is_default_path:
        _ = app.db  # refuse a file that is none of ours before anything is asked
    # Hundreds of thousands of small things are made from here on, none of them in a circle: looking for circles
    # among them, again and again, took a third of the time.
    gc.disable()
    sheet = read_sheet(file, encoding=encoding, delimiter=delimiter)
    mapping = _mapping(sheet, map_ or [])
    configured = app.settings.text("date_order")
    seen_order = "" if configured else date_order(sheet.rows, mapping)
    if not app.out.json:
        view.show_mapping(app.out, file, sheet, mapping, seen_order)
    _get_leave(app, len(sheet.rows), yes or dry_run)

    preparer = Preparer(mapping, app.region, app.today, configured or seen_order, tags)
    with ui.progress("Importing", len(sheet.rows)) as advance, _carried(app, dry_run) as conn:
        run = Run(app, conn, overwrite=overwrite, is_rehearsal=dry_run, defaults=defaults)
        run.take_all(preparer, sheet.rows, advance)
    handed_back = [Reject(sheet.rows[place], reason) for place, reason in sorted(run.refused.items())]
    report = view.Report(file, sheet, mapping, run.counts, handed_back, run.plan.names_kept, dry_run)
    if handed_back and not dry_run:
        report = replace(report, rejects_file=_hand_back(app, report))
    if app.out.json:
        app.out.emit(view.result_json(report))
    else:
        view.show_result(app.out, report)


def _mapping(sheet: Sheet, overrides: list[str]) -> Mapping:
    guessed = guess_mapping(sheet.header, sample_of(sheet.rows))
    ours = [
        replace(column, field=None, guessed=False) if rejects.is_reason(column.header) else column
        for column in guessed.columns
    ]
    mapping = apply_override(Mapping(guessed.layout, tuple(ours)), overrides)
    if not mapping.fields & _NEEDED:
        what = "None of the columns is known to be a name, a phone or an email."
        raise UsageError(what, f'Say which is which: --map "{sheet.header[0]}=name".')
    return mapping


def _get_leave(app: App, rows: int, given: bool) -> None:
    """Ask whether to go on, where somebody can answer."""
    if given or not rows:
        return
    if not app.out.is_interactive():
        what = "Nothing was imported, because there is no terminal to ask on."
        raise UsageError(what, "Add --yes to import, or --dry-run to see what would happen.")
    if not app.out.confirm(f"Import {rows} {'row' if rows == 1 else 'rows'}?"):
        raise typer.Abort


@contextmanager
def _carried(app: App, dry_run: bool) -> Iterator[sqlite3.Connection]:
    """One operation; or, for a rehearsal, one view of the database, where none was made yet of an empty one."""
    if not dry_run:
        with app.write() as tables:
            yield tables.conn
    elif app.is_default_path and not app.db_path.exists():
        with tempfile.TemporaryDirectory() as folder:
            rehearsal = db.create(Path(folder) / "recrm.db")
            yield rehearsal.conn
            rehearsal.close()
    else:
        conn = app.db.conn
        conn.execute("BEGIN")
        try:
            yield conn
        finally:
            conn.rollback()


def _hand_back(app: App, report: view.Report) -> Path:
    text = rejects.text_of(report.sheet, report.rejects)
    try:
        return rejects.write(report.file, app.db_path.parent, text)
    except OSError as error:
        view.show_result(app.out, report)
        what = f"The rows handed back could not be written to a file: {error.strerror or error}."
        raise Failed(what, "The others are imported; import the file again to be told of these.") from error
