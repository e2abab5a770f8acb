"""What a follow-up is: a promise with a deadline and a reason, and how a recurring one goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from recrm.core.errors import Conflict, NotFound, UsageError
from recrm.core.i18n import N_
from recrm.core.moments import When
from recrm.core.recurrence import Every, next_after


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a follow-up repeats: counted from its anchor, so that the 31st comes back after a short month.

    `time` is the local time of day of every occurrence, whatever one of them was moved to; None for whole days.
    """

    every: Every
    anchor: date
    scheduled: date
    until: date | None
    time: time | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A promise to act. `due` is a day, good until that day ends, or a moment."""

    id: int
    client_id: int
    client: str
    due: When
    reason: str
    status: str
    recurrence: Recurrence | None
    snoozes: int
    agent: str
    created_at: datetime
    closed_at: datetime | None
    outcome: str | None
    contact_id: int | None


def next_scheduled(recurrence: Recurrence, today: date) -> date | None:
    """The occurrence after this one that still lies ahead; None when the rule has ended.

    Done late, the occurrences missed meanwhile are not made up for; done early, the coming one is not repeated.
    """
    day = next_after(recurrence.anchor, recurrence.every, max(recurrence.scheduled, today))
    return None if recurrence.until and day > recurrence.until else day


class FollowUpNotFound(NotFound):
    """No follow-up has this id."""

    def __init__(self, number: int) -> None:
        super().__init__(N_("There is no follow-up {id}."), N_("See the open ones with `recrm agenda`."), id=number)


class FollowUpClosed(Conflict):
    """The follow-up is done or cancelled already."""

    def __init__(self, follow_up: FollowUp) -> None:
        super().__init__(
            N_("Follow-up {id} with {client} is done already.")
            if follow_up.status == "done"
            else N_("Follow-up {id} with {client} is cancelled already."),
            N_("Make a new promise with `recrm add-follow-up {client_id} WHEN`."),
            id=follow_up.id,
            client=follow_up.client,
            client_id=follow_up.client_id,
        )


class RecurrenceImpossible(UsageError):
    """A rule that never comes, or whose end lies before its beginning."""
