"""A complaint's clock: one definition in SQL, the same for lists, the due queue and exports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from recrm.complaints import store
from recrm.complaints.clock import with_clock
from recrm.complaints.model import Complaint
from recrm.core.moments import to_utc_text
from tests.storage.kit import a_client, insert, ram_shop

MORNING = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Drawn(NamedTuple):
    """A complaint as chance would have it: hours to each step's deadline by round, and whether it is done."""

    status: str
    rounds: list[list[tuple[int, bool]]]
    confirm_in: int


COMPLAINTS = st.builds(
    Drawn,
    st.sampled_from(["open", "resolved", "closed"]),
    st.lists(st.lists(st.tuples(st.integers(-200, 200), st.booleans()), max_size=4), min_size=1, max_size=3),
    st.integers(-100, 100),
)


def at(hours: int) -> str:
    return to_utc_text(MORNING + timedelta(hours=hours))


def expected(complaint: Complaint) -> datetime | None:
    """The rule once more, in Python: the open step's deadline, else that of asking the client."""
    if complaint.status == "open":
        return complaint.next_step.due if complaint.next_step else None
    return complaint.confirm_by


@settings(max_examples=60)
@given(st.lists(COMPLAINTS, min_size=1, max_size=5))
def test_the_clock_read_is_that_of_the_next_open_step_or_of_asking_the_client(drawn: list[Drawn]) -> None:
    conn = ram_shop().conn
    client = a_client(conn)
    for one in drawn:
        number = insert(
            conn,
            "complaints",
            client_id=client,
            severity="general",
            text="it leaks",
            status=one.status,
            round=len(one.rounds),
            opened_at=at(-300),
            agent="",
            resolved_at=None if one.status == "open" else at(-1),
            confirm_by=at(one.confirm_in) if one.status == "resolved" else None,
            closed_at=at(0) if one.status == "closed" else None,
        )
        for round_number, steps in enumerate(one.rounds, start=1):
            for position, (hours, done) in enumerate(steps, start=1):
                insert(
                    conn,
                    "complaint_steps",
                    complaint_id=number,
                    round=round_number,
                    position=position,
                    step="respond",
                    role="agent",
                    due_at=at(hours),
                    done_at=at(hours - 1) if done else None,
                )
    listed = store.listed(conn, UTC, closed=True)
    assert len(listed) == len(drawn)
    assert [c.clock for c in listed] == [expected(c) for c in listed]
    query = with_clock("SELECT complaints.id, {CLOCK}, next_step.position FROM complaints {NEXT_STEP}")
    open_steps = {c.id: c.next_step.position if c.next_step else None for c in listed}
    assert {row[0]: row[2] for row in conn.execute(query)} == open_steps
