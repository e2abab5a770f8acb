"""A whole export taken in again: into an empty database exactly as it was, into a filled one what is not there yet.

The file is read twice, first to judge all of it and then to write it, so that nothing is asked or written for a file
that is unfit, and a large one needs no memory.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recrm.clients import consents
from recrm.core import db, ui
from recrm.core.app import App
from recrm.imports import view, whole_rows, whole_store
from recrm.imports.carrying import Wishes, get_leave, keep_copy
from recrm.imports.plan import ADDED, REJECTED, UNCHANGED, UPDATED
from recrm.imports.rejects import RejectedRows
from recrm.imports.whole_rows import Contents
from recrm.imports.whole_store import Taken


def import_whole(app: App, path: Path, *, dry_run: bool, yes: bool) -> None:
    """Import what `recrm export FILE.json` wrote; all of it or nothing.

    Raises SheetUnreadable for a file that is no export of ours, is damaged or newer; Conflict where an id stands for
    somebody else here, or for the same client as they are no more.
    """
    with _schema_of(app) as conn:
        types = whole_store.types(conn)
        contents = whole_rows.survey(path, types, db.VERSION)
    if not app.out.json:
        _show(app, path, contents)
    get_leave(app, contents.clients, Wishes(yes=yes, dry_run=dry_run), "client", "clients")
    with ui.progress("Importing", contents.rows) as advance, _carried(app, dry_run) as conn:
        taken = whole_store.take(conn, whole_rows.rows(path, types), advance)
    if not dry_run and not any(taken.added.values()):
        whole_store.suppress_alone(app.db.conn, taken)
    for sentence in consents.told(taken.forgotten):
        app.out.note(sentence)
    report = _report(path, contents, taken, dry_run)
    app.out.show(lambda: view.result_json(report), lambda: view.show_result(app.out, report))


@contextmanager
def _schema_of(app: App) -> Iterator[sqlite3.Connection]:
    """The database to import into; one like it where it is yet to be made."""
    if app.is_default_path and not app.db_path.exists():
        with tempfile.TemporaryDirectory() as folder:
            made = db.create(Path(folder) / "recrm.db")
            yield made.conn
            made.close()
    else:
        yield app.db.conn


@contextmanager
def _carried(app: App, dry_run: bool) -> Iterator[sqlite3.Connection]:
    """One operation; for a rehearsal, a transaction that is rolled back."""
    if not dry_run:
        keep_copy(app)
        with app.write() as tables:
            yield tables.conn
        return
    with _schema_of(app) as conn:
        conn.execute("BEGIN")
        try:
            yield conn
        finally:
            conn.rollback()


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
