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
from recrm.core.i18n import _, ngettext
from recrm.core.labels import enumeration
from recrm.imports import view
from recrm.imports.execution import ImportOptions, confirm, database, import_transaction
from recrm.imports.full_dump import rows, store
from recrm.imports.people.plan import ADDED, REJECTED, UNCHANGED, UPDATED
from recrm.imports.rejects import rejected_rows
from recrm.slices import rows_label
from recrm.storage import migrations
from recrm.storage.ownership import CLIENTS


def import_full_dump(app: App, path: Path, *, dry_run: bool, yes: bool) -> None:
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
    question = ngettext("Import {n} client?", "Import {n} clients?", clients)
    confirm(app, ImportOptions(yes=yes, dry_run=dry_run), clients, question)
    with ui.progress(_("Importing"), rows_by_table.total()) as advance, import_transaction(app, dry_run) as conn:
        taken = store.take(conn, rows.rows(path, types), advance)
    if not dry_run and not any(taken.added.values()):
        store.suppress_alone(app.db.conn, taken)
    for sentence in consents.messages(taken.forgotten):
        app.out.note(sentence)
    added = taken.added.get("clients", 0)
    counts = {ADDED: added, UPDATED: 0, UNCHANGED: clients - added, REJECTED: 0}
    read = view.read_json("json", encoding="utf-8", layout="recrm")
    report = view.Report(path, read, clients, counts, rejected_rows((), ","), [], dry_run)
    app.out.show(lambda: view.result_json(report), lambda: view.show_result(app.out, report))


def _show(app: App, path: Path, schema: int, rows_by_table: Counter[str]) -> None:
    app.out.heading(
        ngettext(
            "{file}: a whole recrm database, {n} client, schema {schema}",
            "{file}: a whole recrm database, {n} clients, schema {schema}",
            rows_by_table["clients"],
            file=path.name,
            schema=schema,
        )
    )
    counted = [rows_label(table, count) for table, count in rows_by_table.items() if table != CLIENTS]
    if counted:
        app.out.say(_("In it: {items}.", items=enumeration(counted)))
