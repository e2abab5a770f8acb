"""What a complaint's severity, state, steps and events are called by a person, in the language spoken."""

from __future__ import annotations

from recrm.core.i18n import N_, _

SEVERITIES = {"general": N_("general"), "major": N_("major"), "maintenance": N_("maintenance")}
STATES = {"open": N_("open"), "resolved": N_("resolved"), "closed": N_("closed")}
_EVENTS = {
    "recorded": N_("recorded"),
    "progressed": N_("progressed"),
    "resolved": N_("resolved"),
    "reopened": N_("reopened"),
    "closed": N_("closed"),
    "called-back": N_("called back"),
}
# What a history says where the client's words were not given.
SATISFIED = N_("the client is satisfied")
UNSATISFIED = N_("the client is not satisfied")


def step_label(step: str, role: str) -> str:
    """A step with who answers for it: `repair plan (maintenance)`. The config's own steps are shown as they are."""
    return _("{step} ({role})", step=_(step), role=_(role))


def complaint_label(severity: str, reopened: int) -> str:
    """A complaint as a sentence takes it: `major complaint`, `major complaint (reopened 2×)`."""
    if reopened:
        return _("{severity} complaint (reopened {n}×)", severity=_(SEVERITIES[severity]), n=reopened)
    return _("{severity} complaint", severity=_(SEVERITIES[severity]))


def step_name(step: str) -> str:
    """A step alone: `repair plan`."""
    return _(step)


def event_label(event: str) -> str:
    """What happened: `recorded`, `called back`."""
    return _(_EVENTS[event])


def event_text(text: str) -> str:
    """What an event says: anybody's words, or one of the program's own."""
    return _(text) if text in (SATISFIED, UNSATISFIED) else text
