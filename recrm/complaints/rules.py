"""What `check` holds true of complaints: their clocks run, and their rounds agree with their history."""

from __future__ import annotations

from datetime import timedelta

from recrm.app import App
from recrm.core.i18n import N_
from recrm.core.moments import from_utc_text
from recrm.core.rules import REPAIR_HINT, Function, Rule, Rules


def _functions(app: App) -> tuple[Function, ...]:
    after, zone = timedelta(days=app.settings.count("complaint.call_back_days")), app.zone

    def call_back_of(closed_at: str) -> str:
        return (from_utc_text(closed_at, zone).date() + after).isoformat()

    return (Function("call_back_of", 1, call_back_of),)


RULES = Rules(
    (
        Rule(
            "open-step",
            """
            SELECT id FROM complaints WHERE status = 'open' AND NOT EXISTS (
                SELECT 1 FROM complaint_steps
                WHERE complaint_id = complaints.id AND complaint_steps.round = complaints.round AND done_at IS NULL
            )
            """,
            N_("Open complaints without an open step, so that their clocks stand still: {count}."),
            N_('Resolve each with `recrm resolve-complaint ID "how"`.'),
        ),
        Rule(
            "late-step",
            """
            SELECT id FROM complaints WHERE EXISTS (
                SELECT 1 FROM complaint_steps WHERE complaint_id = complaints.id AND done_at IS NULL
                    AND (complaints.status <> 'open' OR complaint_steps.round < complaints.round)
            )
            """,
            N_("Complaints that are over, or in a later round, with a step still open: {count}."),
            N_('Reopen each with `recrm reopen-complaint ID "why"` if it is not over.'),
        ),
        Rule(
            "round",
            """
            SELECT id FROM complaints WHERE round <> 1 + (
                SELECT count(*) FROM complaint_events WHERE complaint_id = complaints.id AND event = 'reopened'
            ) OR round <> (SELECT count(DISTINCT round) FROM complaint_steps WHERE complaint_id = complaints.id)
            OR NOT EXISTS (SELECT 1 FROM complaint_events WHERE complaint_id = complaints.id AND event = 'recorded')
            """,
            N_("Complaints whose rounds do not agree with their steps and their history: {count}."),
            N_("Look at each with `recrm show-complaint ID`, and write down what is missing with `recrm log`."),
        ),
        Rule(
            "confirmation",
            "SELECT id FROM complaints WHERE status = 'resolved' AND confirm_by IS NULL",
            N_("Resolved complaints without a moment by which to ask the client: {count}."),
            N_("Close each as the client says: `recrm close-complaint ID --satisfied`, or --unsatisfied."),
        ),
        Rule(
            "call-back",
            "SELECT id FROM complaints WHERE status = 'closed' AND call_back_due IS NULL",
            N_("Closed complaints without a day on which to call the client back: {count}."),
            REPAIR_HINT,
            "UPDATE complaints SET call_back_due = call_back_of(closed_at)",
        ),
    ),
    _functions,
)
