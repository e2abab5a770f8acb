"""Carrying an import out, whatever the file: the person is asked, all rows are one operation, the outcome is shown."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from recrm.app import App
from recrm.core import ui
from recrm.core.errors import Declined, Failed, UsageError, system_reason
from recrm.core.i18n import N_, _
from recrm.imports import view
from recrm.imports.files.kinds import Kind
from recrm.imports.outcome import Outcome, hand_back
from recrm.storage import db
from recrm.storage.db import Database, Operation

if TYPE_CHECKING:
    import sqlite3

    from recrm.imports.outcome import Source

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the agent asked for, whatever the file; `defaults` are columns of a new client where a row is silent."""

    yes: bool = False
    dry_run: bool = False
    overwrite: bool = False
    tags: Sequence[str] = ()
    defaults: dict[str, Any] = field(default_factory=dict)


class Writer(Protocol):
    """What takes the rows of one import and writes them, inside its transaction."""

    def take(self, rows: Sequence[Any], /) -> None: ...

    def end(self) -> None: ...  # when all rows are there


class _DryRun(Exception):  # nothing went wrong
    """What takes a dry run back, once all of it is done."""


def confirm(app: App, options: ImportOptions, kind: str, count: int) -> None:
    """Ask whether to go on, where somebody can answer. Raises UsageError where nobody can, Declined on a no."""
    if options.yes or options.dry_run or not count:
        return
    if not app.out.is_interactive():
        raise UsageError(
            N_("Nothing was imported, because there is no terminal to ask on."),
            N_("Add --yes to import, or --dry-run to see what would happen."),
        )
    if not app.out.confirm(_("Import {things}?", things=view.counted(kind, count))):
        raise Declined


def run_import(
    app: App, outcome: Outcome, rows: Sequence[Source], writer: Callable[[sqlite3.Connection], Writer]
) -> None:
    """Take every row, as one operation, and report; what cannot be taken goes to the outcome's rejected."""
    # Hundreds of thousands of small things are made from here on, none of them in a circle: looking for circles
    # among them, again and again, took a third of the time.
    gc.disable()
    with ui.progress(_("Importing"), len(rows)) as advance, import_transaction(app, outcome.dry_run) as conn:
        write = writer(conn)
        for first in range(0, len(rows), BATCH):
            batch = rows[first : first + BATCH]
            write.take(batch)
            advance(len(batch))
        write.end()
    report(app, outcome)


def report(app: App, outcome: Outcome) -> None:
    """Hand back what could not be taken, and say what came of the rest."""
    for note in outcome.notes:
        app.out.note(note)
    if outcome.rejected and not outcome.dry_run:
        ending = ".vcf" if outcome.read["kind"] == Kind.VCARD else ".csv"
        try:
            outcome.rejects_file = hand_back(outcome, ending, app.db_path.parent)
        except OSError as error:
            view.show_result(app.out, outcome)
            raise Failed(
                N_("The rows handed back could not be written to a file: {why}."),
                N_("The others are imported; import the file again to be told of these."),
                why=system_reason(error),
            ) from error
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
