"""What an operation is to the agent, which of them are in effect, and why one cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from recrm.core.errors import Conflict, NotFound, UsageError
from recrm.core.i18n import N_, _


class Done(NamedTuple):
    """One operation as history tells it. `reverses` are the operations it took back, `rows` counts rows by table."""

    id: int
    command: str
    agent: str
    at: datetime
    summary: str
    undone_by: int | None
    reverses: tuple[int, ...]
    rows: dict[str, int]


def undone(reversals: Mapping[int, Iterable[int]]) -> dict[int, int]:
    """Which operations are not in effect, each with the one that took it back.

    `reversals` names, for every undo and redo, its targets. Who takes back is always newer than what is taken
    back, so from the newest to the oldest each is settled before its own targets are.

    >>> undone({7: [5], 8: [7], 9: [6]})
    {6: 9, 7: 8}
    """
    gone: dict[int, int] = {}
    for operation in sorted(reversals, reverse=True):
        if operation not in gone:
            gone.update(dict.fromkeys(reversals[operation], operation))
    return dict(sorted(gone.items()))


class NothingToUndo(NotFound):
    """No operation is left that could be taken back."""

    def __init__(self) -> None:
        super().__init__(N_("There is nothing to take back."), N_("See what was done with `recrm history`."))


class NothingToRedo(NotFound):
    """No undo is left that could be taken back."""

    def __init__(self) -> None:
        super().__init__(N_("There is nothing to do again: nothing was undone."), N_("See `recrm history`."))


class OperationNotFound(NotFound):
    """No operation has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(N_("There is no operation {number}."), N_("See them with `recrm history`."), number=number)


class NotUndoable(UsageError):
    """An operation that cannot be taken back by itself, or is undone already."""


class NotUndone(UsageError):
    """An operation that is to be done again, and is in effect."""

    def __init__(self, number: int) -> None:
        super().__init__(
            N_("Operation {number} cannot be done again: it is not an undo, and was not taken back."),
            N_("See what is undone with `recrm history`."),
            number=number,
        )


class ChangedSince(Conflict):
    """What would be taken back was changed since, or something builds upon it; `later` is None for sample data."""

    def __init__(self, target: int, affected: str, later: Done | None, *, redo: bool) -> None:
        super().__init__()
        self.target, self.affected, self.later, self.redo = target, affected, later, redo

    def what(self) -> str:
        facts = {"number": self.target, "row": self.affected}
        if self.later is None:
            return _("Operation {number} cannot be taken back: {row} builds upon it.", **facts)
        facts |= {"later": self.later.id, "summary": self.later.summary}
        if self.redo:
            return _(
                "The redo of operation {number} is lost: {row} was changed since by operation {later}: {summary}",
                **facts,
            )
        return _(
            "Operation {number} cannot be taken back: {row} was changed since by operation {later}: {summary}",
            **facts,
        )

    def hint(self) -> str:
        if self.later is None:
            return _("Nothing was changed.")
        return _("Nothing was changed. Take that one back first: recrm undo {later}", later=self.later.id)
