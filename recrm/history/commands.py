"""undo, redo, history: what was done, and taking it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from recrm.app import App
from recrm.clients.lookup import ClientOption
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.moments import When, day_of, start_of, to_utc_text
from recrm.core.params import Argument, LimitOption, Option, Resolver, limit_of, past_moment
from recrm.history import store, view
from recrm.history.model import (
    ChangedSince,
    Done,
    NothingToRedo,
    NothingToUndo,
    NotUndoable,
    NotUndone,
    OperationNotFound,
    undone,
)
from recrm.history.phrasing import done

if TYPE_CHECKING:
    import sqlite_utils

HistorySort = StrEnum("HistorySort", {key: key for key in store.SORTS})  # type: ignore[misc]  # names from the one table

NEWEST = HistorySort("newest")
OperationArgument = Annotated[
    int | None, Argument("[OPERATION]", min=1, help="Its number in `recrm history`; by default the last.")
]


def undo(
    app: App,
    operation: OperationArgument = None,
    steps: Annotated[
        int | None, Option("--steps", "-n", min=1, max=1000, help="Take back so many, the last first.")
    ] = None,
) -> None:
    """Take back the last command, or one of `recrm history`: all that it changed, an import included.

    Example: recrm undo --steps 2
    """
    if operation is not None and steps is not None:
        raise UsageError(N_("A number and --steps contradict each other."), N_("Leave one of them out."))
    conn = app.db.conn  # refuses an absent database; `write` would make one
    with app.write() as db:
        targets = [_undoable(conn, operation)] if operation else store.newest_in_effect(conn, steps or 1)
        if not targets:
            raise NothingToUndo
        number = _reverse(app, db, targets, targets, redo=False)
    _report(app, number, done(conn, targets, app.zone), redo=False)


def redo(app: App, operation: OperationArgument = None) -> None:
    """Do again what was undone last, unless the same was changed since.

    Example: recrm redo
    """
    conn = app.db.conn  # as in `undo`
    with app.write() as db:
        undos = store.undos_in_effect(conn)
        if operation is not None:
            undos = _undos_of(conn, undos, operation)
        if not undos:
            raise NothingToRedo
        targets = store.reversals(conn)[undos[0]]
        number = _reverse(app, db, undos[:1], targets, redo=True)
    _report(app, number, done(conn, sorted(targets), app.zone), redo=True)


def history(
    app: App,
    client: ClientOption = None,
    since: Annotated[
        When | None, Option("--since", metavar="WHEN", help="Only from then on."), Resolver(past_moment)
    ] = None,
    sort: Annotated[HistorySort, Option("--sort", help="What comes first.")] = NEWEST,
    limit: LimitOption = None,
) -> None:
    """List what was done: every command that wrote, by whom and when, and what is undone.

    Example: recrm history --client 王丽 --since 2w
    """
    conn = app.db.conn
    numbers, total = store.listed(
        conn,
        client_id=client.id if client else None,
        since=to_utc_text(start_of(day_of(since, app.zone), app.zone)) if since else None,
        sort=sort.value,
        limit=limit_of(app, limit),
    )
    operations = done(conn, numbers, app.zone)
    app.out.show(
        lambda: [view.operation_json(one) for one in operations],
        lambda: view.history_table(app.out, operations, total, app.now),
    )


def _undoable(conn: sqlite3.Connection, number: int) -> int:
    """The operation with this number, if it can be taken back by itself. Raises OperationNotFound, NotUndoable."""
    command = store.command_of(conn, number)
    if command is None:
        raise OperationNotFound(number)
    found = store.reversals(conn)
    if number in found:
        raise NotUndoable(
            N_("Operation {number} is an undo or a redo itself."),
            N_("Type `recrm redo` to do again what was undone, or `recrm history` to see what is in effect."),
            number=number,
        )
    if (by := undone(found).get(number)) is not None:
        raise NotUndoable(
            N_("Operation {number} was taken back already, by operation {by}."),
            N_("Type `recrm redo` to do it again."),
            number=number,
            by=by,
        )
    if command in store.not_undoable() or not store.has_changes(conn, number):
        raise NotUndoable(
            N_("Operation {number} cannot be taken back: it was {command}, or what it changed was erased since."),
            N_("See what can be taken back with `recrm history`."),
            number=number,
            command=command,
        )
    return number


def _undos_of(conn: sqlite3.Connection, undos: Sequence[int], number: int) -> list[int]:
    """Those of the undos in effect that have this number or took this operation back. Raises NotFound, NotUndone."""
    if store.command_of(conn, number) is None:
        raise OperationNotFound(number)
    found = store.reversals(conn)
    meant = [undo for undo in undos if number in (undo, *found[undo])]
    if not meant:
        raise NotUndone(number)
    return meant


def _reverse(app: App, db: sqlite_utils.Database, numbers: Sequence[int], targets: Sequence[int], *, redo: bool) -> int:
    """Reverse these operations as one; its number. Raises ChangedSince, worded by what `targets` did."""
    from recrm.history.phrasing import affected
    from recrm.history.reversing import InTheWay, reverse

    conn = db.conn
    try:
        reverse(db, numbers)
    except InTheWay as error:
        later = error.later
        what = affected(conn, later.table, later.row_id, later.operation)
        by = done(conn, [later.operation], app.zone)[0] if later.operation else None
        raise ChangedSince(max(targets), what, by, redo=redo) from None
    return store.record_reversal(db, numbers)


def _report(app: App, number: int, operations: Sequence[Done], *, redo: bool) -> None:
    def human() -> None:
        for one in operations:
            if redo:
                app.out.say(_("Did again operation {number}: {summary}", number=one.id, summary=one.summary))
            else:
                app.out.say(_("Took back operation {number}: {summary}", number=one.id, summary=one.summary))
        app.out.note(_("Type `recrm undo` to take it back.") if redo else _("Type `recrm redo` to do it again."))

    app.out.show(lambda: {"operation": number, "operations": [view.operation_json(one) for one in operations]}, human)
