"""Carrying an import out, whatever kind of file it comes from: leave is asked, and all of it is one operation."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrm.app import App
from recrm.clients import consents
from recrm.core import ui
from recrm.core.errors import Declined, Failed, UsageError
from recrm.imports import rejects, view
from recrm.imports.people.preparing import Preparer, Source
from recrm.imports.people.rehearsing import REHEARSED
from recrm.imports.people.run import Run
from recrm.storage import db

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the agent asked for, whatever the file; `defaults` are columns of a new client where a row is silent."""

    yes: bool = False
    dry_run: bool = False
    overwrite: bool = False
    tags: Sequence[str] = ()
    defaults: dict[str, Any] = field(default_factory=dict)


def confirm_import(app: App, rows: int, wishes: ImportOptions, one: str = "row", several: str = "rows") -> None:
    """Ask whether to go on, where somebody can answer. Raises UsageError where nobody can, Abort on a no."""
    if wishes.yes or wishes.dry_run or not rows:
        return
    if not app.out.is_interactive():
        what = "Nothing was imported, because there is no terminal to ask on."
        raise UsageError(what, "Add --yes to import, or --dry-run to see what would happen.")
    if not app.out.confirm(f"Import {rows} {one if rows == 1 else several}?"):
        raise Declined


def carry(
    app: App, wishes: ImportOptions, preparer: Preparer, rows: Sequence[Source], handing: rejects.RejectSink
) -> Run:
    """Take every row, as one operation; what cannot be taken goes to `handing`."""
    # Hundreds of thousands of small things are made from here on, none of them in a circle: looking for circles
    # among them, again and again, took a third of the time.
    gc.disable()
    with ui.progress("Importing", len(rows)) as advance, carried(app, wishes.dry_run) as conn:
        run = Run(app, conn, handing, overwrite=wishes.overwrite, is_rehearsal=wishes.dry_run, defaults=wishes.defaults)
        run.take_all(preparer, rows, advance)
        if wishes.dry_run:
            warned = consents.foretold(conn, f"temp.{REHEARSED}contact_points")
        else:
            warned = consents.messages(consents.follow(conn, app.command, app.agent, app.now))
    for sentence in warned:
        app.out.note(sentence)
    return run


def tell(app: App, report: view.Report) -> None:
    """Hand back what could not be taken, and say what came of the rest."""
    if len(report.rejects) and not report.dry_run:
        try:
            back = report.rejects.write(report.file, app.db_path.parent)
        except OSError as error:
            view.show_result(app.out, report)
            what = f"The rows handed back could not be written to a file: {error.strerror or error}."
            raise Failed(what, "The others are imported; import the file again to be told of these.") from error
        report = replace(report, rejects_file=back)
    app.out.show(lambda: view.result_json(report), lambda: view.show_result(app.out, report))


@contextmanager
def opened(app: App) -> Iterator[sqlite3.Connection]:
    """The database to import into; an empty one like it where it is yet to be made."""
    if app.is_default_path and not app.db_path.exists():
        with tempfile.TemporaryDirectory() as folder:
            made = db.create(Path(folder) / "recrm.db")
            yield made.conn
            made.close()
    else:
        yield app.db.conn


@contextmanager
def carried(app: App, dry_run: bool) -> Iterator[sqlite3.Connection]:
    """One operation, after a backup; for a rehearsal, a transaction that is rolled back."""
    if not dry_run:
        _keep_copy(app)
        with app.write() as tables:
            yield tables.conn
        return
    with opened(app) as conn:
        conn.execute("BEGIN")
        try:
            yield conn
        finally:
            conn.rollback()


def _keep_copy(app: App) -> None:
    """A backup of a database that has clients, before an import writes to it. Raises Failed, with nothing changed."""
    from recrm.storage import backup

    backup.before(app, "before-import")
