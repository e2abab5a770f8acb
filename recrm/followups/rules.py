"""What `check` holds true of follow-ups."""

from __future__ import annotations

from datetime import date

from recrm.app import App
from recrm.core.errors import RecrmError
from recrm.core.i18n import N_
from recrm.core.recurrence import parse_every
from recrm.core.rules import REPAIR_HINT, Function, Rule, Rules


def _functions(_app: App) -> tuple[Function, ...]:
    return (Function("recurs_so", 3, _recurs_so),)


def _recurs_so(every: str, anchor_day: str | None, scheduled_day: str | None) -> bool:
    """Whether a recurring follow-up says how often it comes back, and from which day that counts."""
    try:
        parse_every(every)
        date.fromisoformat(anchor_day or "")
        date.fromisoformat(scheduled_day or "")
    except (RecrmError, ValueError):
        return False
    return True


RULES = Rules(
    (
        Rule(
            "recurrence",
            "SELECT id FROM follow_ups WHERE every IS NOT NULL AND NOT recurs_so(every, anchor_day, scheduled_day)",
            N_("Recurring follow-ups that do not say how often they come back, or counted from which day: {count}."),
            N_("Cancel each with `recrm cancel-follow-up ID` and promise it again with `--every`."),
        ),
        Rule(
            "closing",
            "SELECT id FROM follow_ups WHERE closed_at < created_at",
            N_("Follow-ups closed before they were made, because a clock was wrong: {count}."),
            REPAIR_HINT,
            "UPDATE follow_ups SET closed_at = created_at",
        ),
        Rule(
            "kept-by",
            """
            SELECT follow_ups.id FROM follow_ups JOIN contacts ON contacts.id = contact_id
            WHERE contacts.client_id <> follow_ups.client_id
            """,
            N_("Follow-ups marked as kept by a contact with somebody else: {count}."),
            REPAIR_HINT,
            "UPDATE follow_ups SET contact_id = NULL",
        ),
    ),
    _functions,
)
