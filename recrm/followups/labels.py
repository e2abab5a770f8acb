"""What the states of a follow-up are called by a person, in the language spoken."""

from __future__ import annotations

from recrm.core.i18n import N_, _

_STATUSES = {"open": N_("open"), "done": N_("done"), "cancelled": N_("cancelled")}


def status_label(status: str) -> str:
    """`open`, `done`, `cancelled`."""
    return _(_STATUSES[status])
