"""A whole export taken in again: into an empty database exactly as it was, into a filled one what is not there yet.

The file is read twice, first to judge all of it and then to write it, so that nothing is asked or written for a file
that is unfit, and a large one needs no memory.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from recrm.app import App
from recrm.clients import consents
from recrm.core import ui
from recrm.core.i18n import _
from recrm.core.labels import enumeration
from recrm.imports import view
from recrm.imports.execution import ImportOptions, confirm, database, import_transaction, report
from recrm.imports.files.kinds import Kind
from recrm.imports.full_dump import rows, store
from recrm.imports.outcome import ADDED, UNCHANGED, Outcome, rows_as_csv
from recrm.slices import rows_label
from recrm.storage import migrations
from recrm.storage.ownership import CLIENTS


def import_full_dump(app: App, path: Path, options: ImportOptions) -> None:
    """Import what `recrm export FILE.json` wrote; all of it or nothing.

    Raises FileUnreadable for a file that is no export of ours, is damaged or newer; Conflict where an id stands for
    somebody else here, or for the same client as they are no more.
    """
    with database(app) as one:
        types = store.types(one.conn)
        schema, rows_by_table = rows.survey(path, types, migrations.VERSION)
    clients = rows_by_table["clients"]
    if not app.out.json:
        _show(app, path, schema, rows_by_table)
    confirm(app, options, Kind.JSON, clients)
    total = rows_by_table.total()
    with ui.progress(_("Importing"), total) as advance, import_transaction(app, options.dry_run) as conn:
        taken = store.take(conn, rows.rows(path, types), advance)
    if not options.dry_run and not any(taken.added.values()):
        store.suppress_alone(app.db.conn, taken)
    read = view.read_json(Kind.JSON, encoding="utf-8", layout="recrm")
    outcome = Outcome(path, read, clients, rows_as_csv((), ","), options.dry_run)
    outcome.counts[ADDED] = taken.added.get("clients", 0)
    outcome.counts[UNCHANGED] = clients - outcome.counts[ADDED]
    outcome.notes += consents.messages(taken.forgotten)
    report(app, outcome)


def _show(app: App, path: Path, schema: int, rows_by_table: Counter[str]) -> None:
    app.out.heading(
        _(
            "{file}: a whole recrm database, {things}, schema {schema}",
            file=path.name,
            things=view.counted(Kind.JSON, rows_by_table["clients"]),
            schema=schema,
        )
    )
    counted = [rows_label(table, count) for table, count in rows_by_table.items() if table != CLIENTS]
    if counted:
        app.out.say(_("In it: {items}.", items=enumeration(counted)))
