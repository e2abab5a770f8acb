"""Carrying an import out, whatever kind of file it comes from: the person is asked, and all of it is one operation."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrm.app import App
from recrm.clients import consents
from recrm.core import ui
from recrm.core.errors import Declined, Failed, UsageError, system_reason
from recrm.core.i18n import N_, _
from recrm.imports import view
from recrm.imports.columns.sheet import Row
from recrm.imports.people.preparing import Preparer
from recrm.imports.people.run import Run
from recrm.imports.rejects import Rejects
from recrm.storage import db
from recrm.storage.db import Database, Operation

if TYPE_CHECKING:
    import sqlite3

    from recrm.imports.columns.cards import Card


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the agent asked for, whatever the file; `defaults` are columns of a new client where a row is silent."""

    yes: bool = False
    dry_run: bool = False
    overwrite: bool = False
    tags: Sequence[str] = ()
    defaults: dict[str, Any] = field(default_factory=dict)


class _DryRun(Exception):  # nothing went wrong
    """What takes a dry run back, once all of it is done."""


def confirm(app: App, options: ImportOptions, count: int, question: str) -> None:
    """Ask whether to go on, where somebody can answer. Raises UsageError where nobody can, Declined on a no."""
    if options.yes or options.dry_run or not count:
        return
    if not app.out.is_interactive():
        raise UsageError(
            N_("Nothing was imported, because there is no terminal to ask on."),
            N_("Add --yes to import, or --dry-run to see what would happen."),
        )
    if not app.out.confirm(question):
        raise Declined


def run_import(
    app: App, options: ImportOptions, preparer: Preparer, rows: Sequence[Row | Card], rejects: Rejects
) -> Run:
    """Take every row, as one operation; what cannot be taken goes to `rejects`."""
    # Hundreds of thousands of small things are made from here on, none of them in a circle: looking for circles
    # among them, again and again, took a third of the time.
    gc.disable()
    with ui.progress(_("Importing"), len(rows)) as advance, import_transaction(app, options.dry_run) as conn:
        run = Run(app, conn, rejects, overwrite=options.overwrite, defaults=options.defaults)
        run.take_all(preparer, rows, advance)
        suppressed = consents.follow(conn, app.command, app.agent, app.now)
    if suppressed and options.dry_run:
        app.out.note(
            _(
                "Contact points of people who asked to be forgotten, who would be marked do-not-contact: {count}.",
                count=len(suppressed),
            )
        )
    for sentence in () if options.dry_run else consents.messages(suppressed):
        app.out.note(sentence)
    return run


def report(app: App, outcome: view.Report) -> None:
    """Hand back what could not be taken, and say what came of the rest."""
    if len(outcome.rejects) and not outcome.dry_run:
        try:
            written = outcome.rejects.write(outcome.file, app.db_path.parent)
        except OSError as error:
            view.show_result(app.out, outcome)
            raise Failed(
                N_("The rows handed back could not be written to a file: {why}."),
                N_("The others are imported; import the file again to be told of these."),
                why=system_reason(error),
            ) from error
        outcome = replace(outcome, rejects_file=written)
    app.out.show(lambda: view.result_json(outcome), lambda: view.show_result(app.out, outcome))


@contextmanager
def database(app: App) -> Iterator[Database]:
    """The database to import into; an empty one like it where it is yet to be made."""
    if app.is_default_path and not app.db_path.exists():
        with tempfile.TemporaryDirectory() as folder:
            made = db.create(Path(folder) / "recrm.db")
            yield made
            made.close()
    else:
        yield app.db


@contextmanager
def import_transaction(app: App, dry_run: bool) -> Iterator[sqlite3.Connection]:
    """One operation, after a backup of a database that has clients; a dry run is the same operation, taken back."""
    if not dry_run:
        from recrm.storage import backup

        backup.before(app, "before-import")
        with app.write() as tables:
            yield tables.conn
        return
    with database(app) as one, suppress(_DryRun), one.write(Operation(app.command, app.agent, app.now)) as tables:
        yield tables.conn
        raise _DryRun
