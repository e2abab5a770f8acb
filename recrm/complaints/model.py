"""What a complaint is: a grievance with the dated steps that its severity demands, and what late means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from recrm.core.errors import Conflict, NotFound, UsageError
from recrm.core.i18n import N_
from recrm.core.intervals import Interval
from recrm.core.moments import is_overdue

# As they may be typed in Chinese.
SEVERITY_SYNONYMS = {"一般": "general", "重大": "major", "维修": "maintenance"}


class Severity(StrEnum):
    """How grave a complaint is; it decides the steps and their clocks."""

    GENERAL = "general"
    MAJOR = "major"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a severity: what, who answers for it, and within what time of the round's start."""

    step: str
    role: str
    within: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """A step of one complaint. Done late, it stays marked late."""

    id: int
    round: int
    position: int
    step: str
    role: str
    due: datetime
    done_at: datetime | None
    note: str | None
    agent: str | None

    @property
    def is_late(self) -> bool:
        """Whether it was done after its deadline."""
        return self.done_at is not None and self.done_at > self.due


def is_breached(step: Step, now: datetime) -> bool:
    """Whether an open step's clock has run out."""
    return step.done_at is None and is_overdue(step.due, now)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a complaint, and what was said of it."""

    at: datetime
    event: str
    text: str
    agent: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """A grievance. Every reopening is a new round with its own steps; those of earlier rounds stay."""

    id: int
    client_id: int
    client: str
    tier: str
    urgent: bool
    severity: str
    text: str
    cause: str | None
    measures: str | None
    handler: str
    status: str
    round: int
    opened_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    confirm_by: datetime | None
    closed_at: datetime | None
    call_back_due: date | None
    called_back_at: datetime | None
    agent: str
    clock: datetime | None  # the next deadline, by `recrm.complaints.clock`
    steps: tuple[Step, ...]
    events: tuple[Event, ...] = ()

    @property
    def reopened(self) -> int:
        """How many times the client was not satisfied."""
        return self.round - 1

    @property
    def next_step(self) -> Step | None:
        """The first open step of the present round."""
        return next((s for s in self.steps if s.round == self.round and s.done_at is None), None)


def planned_steps(setting: list[dict[str, str]]) -> list[PlannedStep]:
    """The steps of a severity, from its checked setting."""
    return [PlannedStep(step["step"], step["role"], Interval.of(step["within"]).elapsed()) for step in setting]


class ComplaintNotFound(NotFound):
    """No complaint has this id."""

    def __init__(self, number: int) -> None:
        super().__init__(
            N_("There is no complaint {number}."), N_("See them with `recrm list-complaints --all`."), number=number
        )


class ComplaintState(Conflict):
    """The complaint is not in a state in which this can be done."""


class ComplaintEmpty(UsageError):
    """A complaint, or what was done about it, without a word."""

    def __init__(self, what: str) -> None:
        super().__init__(what, N_("Type it in quotes after the client or the id."))
