"""undo, redo, history: what was done, and taking it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from recrm.app import App
from recrm.clients.lookup import ClientOption
from recrm.core.errors import UsageError
from recrm.core.moments import When, day_of, start_of, to_utc_text
from recrm.core.params import Argument, LimitOption, Option, Resolver, limit_of, past_moment
from recrm.history import store, view
from recrm.history.model import (
    NOT_UNDOABLE,
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
        raise UsageError("A number and --steps contradict each other.", "Leave one of them out.")
    _ = app.db
    with app.write() as db:
        targets = [_undoable(db.conn, operation)] if operation else store.newest_in_effect(db.conn, steps or 1)
        if not targets:
            raise NothingToUndo
        number = _reverse(app, db, targets, targets, redo=False)
    _tell(app, number, done(app.db.conn, targets, app.zone), "Took back", "Type `recrm redo` to do it again.")


def redo(app: App, operation: OperationArgument = None) -> None:
    """Do again what was undone last, unless the same was changed since.

    Example: recrm redo
    """
    _ = app.db
    with app.write() as db:
        undos = store.undos_in_effect(db.conn)
        if operation is not None:
            undos = _undos_of(db.conn, undos, operation)
        if not undos:
            raise NothingToRedo
        targets = store.reversals(db.conn)[undos[0]]
        number = _reverse(app, db, undos[:1], targets, redo=True)
    again = done(app.db.conn, sorted(targets), app.zone)
    _tell(app, number, again, "Did again", "Type `recrm undo` to take it back.")


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
            f"Operation {number} is an undo or a redo itself.",
            "Type `recrm redo` to do again what was undone, or `recrm history` to see what is in effect.",
        )
    if (by := undone(found).get(number)) is not None:
        raise NotUndoable(
            f"Operation {number} was taken back already, by operation {by}.", "Type `recrm redo` to do it again."
        )
    if command in NOT_UNDOABLE or not store.has_changes(conn, number):
        raise NotUndoable(
            f"Operation {number} cannot be taken back: it was a {command}, or what it changed was erased since.",
            "See what can be taken back with `recrm history`.",
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
    """Reverse these operations as one; its number. Raises ChangedSince, in the words of what `targets` were."""
    from recrm.history.phrasing import affected
    from recrm.history.reversing import InTheWay, reverse

    conn = db.conn
    try:
        reverse(db, numbers)
    except InTheWay as error:
        later = error.later
        what = affected(conn, later.table, later.row_id, later.operation)
        told = done(conn, filter(None, [later.operation]), app.zone)
        raise ChangedSince(max(targets), what, told[0] if told else None, redo=redo) from None
    return store.record_reversal(db, numbers)


def _tell(app: App, number: int, operations: Sequence[Done], verb: str, hint: str) -> None:
    def human() -> None:
        for one in operations:
            app.out.say(f"{verb} operation {one.id}: {one.summary}")
        app.out.note(hint)

    app.out.show(lambda: {"operation": number, "operations": [view.operation_json(one) for one in operations]}, human)
