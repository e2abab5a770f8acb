"""`recrm export`: clients into a file for a spreadsheet, a phone, a calendar, or another recrm."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

from recrm.app import App
from recrm.clients import filters as f
from recrm.core import ui
from recrm.core.errors import Failed, UsageError, system_reason
from recrm.core.files import whole_file
from recrm.core.i18n import N_, _
from recrm.core.params import Argument, Option
from recrm.exports import store, view
from recrm.exports.model import WITH_ARCHIVED, FileThere, Format, format_of
from recrm.exports.store import Choice

FormatOption = Annotated[
    Format | None,
    Option("--format", "-f", help="vcf is vCard 4, vcf3 vCard 3; by default what FILE's ending says."),
]


def export(
    app: App,
    file: Annotated[Path | None, Argument("[FILE]", help="Where to; without it, --format goes to stdout.")] = None,
    format_: FormatOption = None,
    force: Annotated[bool, Option("--force", help="Write over a file that is there.")] = False,
    tier: f.TierFilter = None,
    client_type: f.TypeFilter = None,
    tag: f.TagFilter = None,
    agent: f.AgentFilter = None,
    archived: f.ArchivedFilter = False,
) -> None:
    """Export clients as CSV, JSON, vCard, XLSX or iCalendar.

    Example: recrm export clients.xlsx --tier A
    """
    target = None if file is None or str(file) == "-" else file
    kind = format_of(target, format_)
    if target is None:
        _refuse_stdout(app, kind)
    else:
        _refuse_target(app, target, force)
    wanted = f.wanted(app, tier, client_type, tag, agent)
    shown = True if archived else None if kind in WITH_ARCHIVED else False
    if target is None:
        with tempfile.TemporaryFile() as spool:
            with store.choice(app.db.conn, wanted, shown) as chosen:
                _write(app, spool, kind, chosen)
            _print(spool)
        _note_legible(app)
        return
    with _kept(target, force) as sink, store.choice(app.db.conn, wanted, shown) as chosen:
        counts = _write(app, sink, kind, chosen)
        clients = len(chosen.ids)
    result = view.Result(target, kind, clients, counts)
    app.out.show(lambda: view.result_json(result), lambda: view.show_result(app.out, result))
    _note_legible(app)


def _note_legible(app: App) -> None:
    if app.db.is_encrypted:
        app.out.note(_("The export is not encrypted, unlike the database: whoever gets it can read it."))


def _write(app: App, sink: BinaryIO, kind: Format, chosen: Choice) -> dict[str, int]:
    """Write the export in its format; how many there are of each thing in it."""
    is_whole = kind is Format.JSON
    total = store.how_many(chosen, store.tables(chosen.conn)) if is_whole else len(chosen.ids)
    with ui.progress(_("Exporting"), total) as advance:
        if kind is Format.CSV:
            from recrm.exports import csv_file

            return csv_file.write(sink, chosen, app.zone, advance)
        if kind is Format.JSON:
            from recrm.exports import full_dump

            return full_dump.write(sink, chosen, advance)
        if kind is Format.XLSX:
            from recrm.exports import workbook

            return workbook.write(sink, chosen, app.now, advance)
        if kind is Format.ICS:
            from recrm.exports import calendar

            return calendar.write(sink, chosen, advance)
        from recrm.exports import vcards

        return vcards.write(sink, chosen, app.zone, 4 if kind is Format.VCF else 3, advance)


def _refuse_stdout(app: App, kind: Format) -> None:
    if app.out.json:
        raise UsageError(
            N_("The answer of --json and the export itself cannot both go to stdout."),
            N_("Name a file, such as `recrm export clients.{ending} --json`, or leave out --json."),
            ending=kind.value.rstrip("3"),
        )
    if kind is Format.XLSX and sys.stdout.isatty():
        raise UsageError(N_("A workbook cannot be read on a terminal."), N_("Type `recrm export clients.xlsx`."))


def _refuse_target(app: App, target: Path, force: bool) -> None:
    """What is plain before any work is done."""
    if target.is_dir():
        raise UsageError(N_("{file} is a folder."), N_("Name a file in it, such as clients.csv."), file=target)
    if not target.parent.is_dir():
        raise UsageError(
            N_("There is no folder {folder}."), N_("Make it first, or name another one."), folder=target.parent
        )
    if (target.is_symlink() or target.exists()) and not force:
        raise FileThere(target)
    if target.exists() and app.db_path.exists() and target.samefile(app.db_path):
        raise UsageError(
            N_("{file} is the database itself; it was left as it is."), N_("Name another file."), file=target
        )


@contextmanager
def _kept(target: Path, force: bool) -> Iterator[BinaryIO]:
    """The file, whole or not at all. Raises FileThere, Failed."""
    try:
        with whole_file(target, replace=force) as sink:
            yield sink
    except FileExistsError as error:
        raise FileThere(target) from error
    except OSError as error:
        raise Failed(
            N_("{file} could not be written: {reason}; nothing is left of it."),
            N_("Free some space, mend the folder's permissions, or name a file elsewhere."),
            file=target,
            reason=system_reason(error),
        ) from error


def _print(spool: BinaryIO) -> None:
    from shutil import copyfileobj

    spool.seek(0)
    sys.stdout.flush()
    copyfileobj(spool, sys.stdout.buffer)
    sys.stdout.buffer.flush()
