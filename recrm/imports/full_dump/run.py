"""A whole export taken in again: into an empty database exactly as it was, into a filled one what is not there yet.

The file is read twice, first to judge all of it and then to write it, so that nothing is asked or written for a file
that is unfit, and a large one needs no memory.
"""

from __future__ import annotations

from pathlib import Path

from recrm.app import App
from recrm.clients import consents
from recrm.core import ui
from recrm.imports import view
from recrm.imports.execution import ImportOptions, carried, confirm_import, opened
from recrm.imports.full_dump import rows as full_dump_rows
from recrm.imports.full_dump import store as full_dump_store
from recrm.imports.full_dump.rows import Contents
from recrm.imports.full_dump.store import Taken
from recrm.imports.people.plan import ADDED, REJECTED, UNCHANGED, UPDATED
from recrm.imports.rejects import RejectedRows
from recrm.storage import migrations


def import_whole(app: App, path: Path, *, dry_run: bool, yes: bool) -> None:
    """Import what `recrm export FILE.json` wrote; all of it or nothing.

    Raises FileUnreadable for a file that is no export of ours, is damaged or newer; Conflict where an id stands for
    somebody else here, or for the same client as they are no more.
    """
    with opened(app) as conn:
        types = full_dump_store.types(conn)
        contents = full_dump_rows.survey(path, types, migrations.VERSION)
    if not app.out.json:
        _show(app, path, contents)
    confirm_import(app, contents.clients, ImportOptions(yes=yes, dry_run=dry_run), "client", "clients")
    with ui.progress("Importing", contents.rows) as advance, carried(app, dry_run) as conn:
        taken = full_dump_store.take(conn, full_dump_rows.rows(path, types), advance)
    if not dry_run and not any(taken.added.values()):
        full_dump_store.suppress_alone(app.db.conn, taken)
    for sentence in consents.messages(taken.forgotten):
        app.out.note(sentence)
    report = _report(path, contents, taken, dry_run)
    app.out.show(lambda: view.result_json(report), lambda: view.show_result(app.out, report))


def _show(app: App, path: Path, contents: Contents) -> None:
    clients = f"{contents.clients} {'client' if contents.clients == 1 else 'clients'}"
    app.out.heading(f"{path.name}: a whole recrm database, {clients}, schema {contents.schema}")
    rows = [(table.replace("_", " "), str(count)) for table, count in contents.counts.items() if count]
    if rows:
        app.out.table([ui.Column("Table", keep=True), ui.Column("Rows", right=True, keep=True)], rows)


def _report(path: Path, contents: Contents, taken: Taken, dry_run: bool) -> view.Report:
    added = taken.added.get("clients", 0)
    counts = {ADDED: added, UPDATED: 0, UNCHANGED: contents.clients - added, REJECTED: 0}
    read = view.read_json("json", encoding="utf-8", layout="recrm")
    return view.Report(path, read, contents.clients, counts, RejectedRows((), ","), [], dry_run)
