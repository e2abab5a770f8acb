"""When a day's digest is claimed, when such a claim no longer holds, and which days went without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

#: A run that was killed leaves its claim behind; after so long another run takes it over.
CLAIM_HOLDS = timedelta(minutes=10)


class Format(StrEnum):
    """What a digest is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Claim:
    """One run's right to send one recipient's digest of one day, taken at a moment."""

    id: int
    at: datetime


def is_held(claimed_at: datetime, now: datetime) -> bool:
    """Whether the run that claimed may still be at work; a claim from the future was made by a wrong clock."""
    return abs(now - claimed_at) < CLAIM_HOLDS


def missed_since(last_sent: date | None, day: date) -> date | None:
    """The day of the last digest, if any day between it and `day` went without one."""
    return last_sent if last_sent and (day - last_sent).days > 1 else None
