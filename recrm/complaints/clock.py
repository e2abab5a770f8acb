"""A complaint's clock, the one definition, in SQL: the deadline of the first open step of its round or, once it is
resolved, of asking whether the client is satisfied.

A query FROM complaints joins NEXT_STEP and selects CLOCK; it can select `next_step.step` and `next_step.role` beside
it. They are NULL where no step of the round is open.
"""

from __future__ import annotations

NEXT_STEP = """
    LEFT JOIN complaint_steps AS next_step ON next_step.complaint_id = complaints.id
        AND next_step.round = complaints.round AND next_step.position = (
            SELECT min(position) FROM complaint_steps AS step
            WHERE step.complaint_id = complaints.id AND step.round = complaints.round AND step.done_at IS NULL
        )
"""
CLOCK = "CASE complaints.status WHEN 'open' THEN next_step.due_at ELSE complaints.confirm_by END"


def with_clock(query: str) -> str:
    """The query with the two filled in where {CLOCK} and {NEXT_STEP} stand."""
    return query.replace("{CLOCK}", CLOCK).replace("{NEXT_STEP}", NEXT_STEP)
