"""Commands about complaints: record, work through the steps, resolve, reopen, close."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from recrm.app import App
from recrm.clients.fields import text_column
from recrm.clients.lookup import ClientArgument, OptionalClientArgument
from recrm.complaints import store, view
from recrm.complaints.model import (
    Complaint,
    ComplaintEmpty,
    ComplaintState,
    PlannedStep,
    Severity,
    planned_steps,
)
from recrm.core.errors import UsageError
from recrm.core.intervals import Interval
from recrm.core.labels import due_label
from recrm.core.moments import later, to_utc_text
from recrm.core.params import Argument, LimitOption, Option, Resolver, limit_of
from recrm.core.text import clean_line, quoted

ComplaintSort = StrEnum("ComplaintSort", {key: key for key in store.SORTS})  # type: ignore[misc]  # the table's names

BY_CLOCK = ComplaintSort("clock")


def complaint_of(app: App, words: str) -> Complaint:
    """The complaint meant by `3`, `c3` or `#3`. Raises UsageError, ComplaintNotFound."""
    number = re.fullmatch(r"[c#]?(\d{1,15})", words.strip().lower())
    if number is None:
        raise UsageError(
            f"{quoted(words)} is no complaint.", "Type its id, as `recrm list-complaints` shows it: c3 or 3."
        )
    return store.get(app.db.conn, int(number[1]), app.zone)


ComplaintArgument = Annotated[
    Complaint,
    Argument("ID", help="The complaint's id, as lists show it: c3 or 3."),
    Resolver(complaint_of),
]
Cause = Annotated[str | None, Option("--cause", help="Why it came about; causes are counted.")]
Measures = Annotated[str | None, Option("--measures", help="What was done so that it does not happen again.")]


def record_complaint(
    app: App,
    client: ClientArgument,
    text: Annotated[str, Argument("TEXT", help="What the client complains of.")],
    severity: Annotated[
        Severity, Option("--severity", "-s", help="Decides the steps and their clocks.")
    ] = Severity.GENERAL,
    handler: Annotated[str | None, Option("--to", metavar="NAME", help="Who works on it.")] = None,
    cause: Cause = None,
) -> None:
    """Record a complaint; the clocks of its steps start now.

    Example: recrm record-complaint 王丽 "no heating since Monday" --severity maintenance --to Jonas
    """
    row = {
        "client_id": client.id,
        "severity": severity.value,
        "text": _needed(text, "What the client complains of"),
        "cause": text_column(cause),
        "handler": clean_line(handler or ""),
        "opened_at": to_utc_text(app.now),
        "agent": app.agent or client.agent,
    }
    with app.write() as db:
        number = store.add(db, row, _steps_of(app, severity.value), app.now)
    _tell(app, number, f"Recorded c{number}, {severity.value}, of {client.name}.")


def progress_complaint(
    app: App,
    complaint: ComplaintArgument,
    text: Annotated[str, Argument("TEXT", help="What was done.")],
    handler: Annotated[str | None, Option("--to", metavar="NAME", help="Who works on it from now on.")] = None,
    cause: Cause = None,
    measures: Measures = None,
) -> None:
    """Mark the next open step done; the last one resolves the complaint.

    Example: recrm progress-complaint 3 "plumber comes at four"
    """
    said = _needed(text, "What was done")
    with app.write() as db:
        complaint = store.get(db.conn, complaint.id, app.zone)
        step = complaint.next_step
        if complaint.status != "open" or step is None:
            raise _not_open(complaint)
        store.finish_steps(db, [step], said, app.agent, app.now)
        changes = _about(cause, measures) | ({"handler": clean_line(handler)} if handler else {})
        is_last = step == complaint.steps[-1]
        store.add_event(db, complaint.id, "resolved" if is_last else "progressed", said, app.agent, app.now)
        if is_last:
            changes |= _resolution(app, said)
        if changes:
            store.update(db, complaint.id, changes)
    late = " It was late, and stays marked so." if step.due < app.now else ""
    _tell(app, complaint.id, f"Done: {step.step} (c{complaint.id}, {complaint.client}).{late}")


def resolve_complaint(
    app: App,
    complaint: ComplaintArgument,
    text: Annotated[str, Argument("TEXT", help="How it was resolved.")],
    cause: Cause = None,
    measures: Measures = None,
) -> None:
    """Resolve a complaint: all its open steps are done; then ask whether the client is satisfied.

    Example: recrm resolve-complaint 3 "boiler replaced" --cause "old boiler" --measures "yearly service"
    """
    said = _needed(text, "How it was resolved")
    with app.write() as db:
        complaint = store.get(db.conn, complaint.id, app.zone)
        if complaint.status != "open":
            raise _not_open(complaint)
        left = [s for s in complaint.steps if s.round == complaint.round and s.done_at is None]
        store.finish_steps(db, left, said, app.agent, app.now)
        store.add_event(db, complaint.id, "resolved", said, app.agent, app.now)
        store.update(db, complaint.id, _about(cause, measures) | _resolution(app, said))
    _tell(app, complaint.id, f"Resolved c{complaint.id} of {complaint.client}.")


def reopen_complaint(
    app: App,
    complaint: ComplaintArgument,
    text: Annotated[str, Argument("TEXT", help="What is still wrong.")],
) -> None:
    """Reopen a complaint: its clocks start anew, and the reopening counts.

    Example: recrm reopen-complaint 3 "it leaks again"
    """
    said = _needed(text, "What is still wrong")
    with app.write() as db:
        complaint = store.get(db.conn, complaint.id, app.zone)
        if complaint.status == "open":
            raise ComplaintState(
                f"Complaint c{complaint.id} is open already.",
                f"See its clock with `recrm show-complaint {complaint.id}`.",
            )
        _reopen(app, db, complaint, said)
    _tell(app, complaint.id, f"Reopened c{complaint.id} of {complaint.client}; its clocks start anew.")


def close_complaint(
    app: App,
    complaint: ComplaintArgument,
    satisfied: Annotated[
        bool | None,
        Option("--satisfied/--unsatisfied", help="What the client says; unsatisfied reopens.", show_default=False),
    ] = None,
    note: Annotated[str, Option("--note", help="In the client's words.")] = "",
    cause: Cause = None,
    measures: Measures = None,
) -> None:
    """Close a resolved complaint as the client says: satisfied plans a call-back, unsatisfied reopens.

    Example: recrm close-complaint 3 --satisfied --cause "old boiler"
    """
    if satisfied is None:
        if not app.out.is_interactive():
            raise UsageError("Closing wants the client's word on it.", "Add --satisfied, or --unsatisfied to reopen.")
        satisfied = app.out.confirm(f"Is {complaint.client} satisfied?")
    said = text_column(note, lines=True)
    with app.write() as db:
        complaint = store.get(db.conn, complaint.id, app.zone)
        if complaint.status != "resolved":
            raise ComplaintState(
                f"Complaint c{complaint.id} is {complaint.status}, and only a resolved one is closed.",
                f"See what comes next with `recrm show-complaint {complaint.id}`.",
            )
        if not satisfied:
            _reopen(app, db, complaint, said or "the client is not satisfied")
        else:
            day = app.today + timedelta(days=app.settings.count("complaint.call_back_days"))
            closing = {
                "status": "closed",
                "closed_at": to_utc_text(app.now),
                "confirm_by": None,
                "call_back_due": day.isoformat(),
                "called_back_at": None,
            }
            store.update(db, complaint.id, _about(cause, measures) | closing)
            store.add_event(db, complaint.id, "closed", said or "the client is satisfied", app.agent, app.now)
    if satisfied:
        _tell(app, complaint.id, f"Closed c{complaint.id} of {complaint.client}.")
    else:
        _tell(app, complaint.id, f"Reopened c{complaint.id} of {complaint.client}; its clocks start anew.")


def show_complaint(app: App, complaint: ComplaintArgument) -> None:
    """Show a complaint whole: its clocks, steps, what came late, its history.

    Example: recrm show-complaint 3
    """
    app.out.show(
        lambda: view.complaint_json(complaint, app.now),
        lambda: view.complaint_card(app.out, complaint, app.now),
    )


def list_complaints(
    app: App,
    client: OptionalClientArgument = None,
    severity: Annotated[Severity | None, Option("--severity", "-s", help="Only these.", show_default=False)] = None,
    closed: Annotated[bool, Option("--all", "-a", help="The closed ones too.")] = False,
    sort: Annotated[ComplaintSort, Option("--sort", help="What comes first.")] = BY_CLOCK,
    limit: LimitOption = None,
) -> None:
    """List complaints: the next clock of each, and the time left on it.

    Example: recrm list-complaints --severity major
    """
    found = store.listed(
        app.db.conn,
        app.zone,
        client_id=client.id if client else None,
        severity=severity.value if severity else None,
        closed=closed,
        sort=sort.value,
    )
    shown = found[: limit_of(app, limit)]
    app.out.show(
        lambda: [view.complaint_json(complaint, app.now) for complaint in shown],
        lambda: view.complaints_table(app.out, shown, len(found), app.now),
    )


def _needed(text: str, wanted: str) -> str:
    said = text_column(text, lines=True)
    if not said:
        raise ComplaintEmpty(wanted)
    return said


def _steps_of(app: App, severity: str) -> list[PlannedStep]:
    return planned_steps(app.settings[f"complaint.{severity}"])


def _about(cause: str | None, measures: str | None) -> dict[str, Any]:
    """What was said of cause and measures; what was not said stays."""
    given = {"cause": text_column(cause), "measures": text_column(measures, lines=True)}
    return {name: words for name, words in given.items() if words}


def _resolution(app: App, said: str) -> dict[str, Any]:
    confirm_by = later(app.now, Interval.of(app.settings.text("complaint.confirm_within")).elapsed())
    return {
        "status": "resolved",
        "resolved_at": to_utc_text(app.now),
        "resolution": said,
        "confirm_by": to_utc_text(confirm_by),
    }


def _reopen(app: App, db: Any, complaint: Complaint, said: str) -> None:
    cleared = dict.fromkeys(("resolved_at", "resolution", "confirm_by", "closed_at", "call_back_due", "called_back_at"))
    store.update(db, complaint.id, {**cleared, "status": "open", "round": complaint.round + 1})
    store.add_steps(db, complaint.id, complaint.round + 1, _steps_of(app, complaint.severity), app.now)
    store.add_event(db, complaint.id, "reopened", said, app.agent, app.now)


def _not_open(complaint: Complaint) -> ComplaintState:
    if complaint.status == "resolved":
        return ComplaintState(
            f"Complaint c{complaint.id} is resolved already.",
            f"Type `recrm close-complaint {complaint.id} --satisfied`, or --unsatisfied to reopen.",
        )
    return ComplaintState(
        f"Complaint c{complaint.id} is closed.",
        f'Type `recrm reopen-complaint {complaint.id} "why"` if it is not over.',
    )


def _tell(app: App, number: int, sentence: str) -> None:
    complaint = store.get(app.db.conn, number, app.zone)

    def human() -> None:
        app.out.say(sentence)
        if complaint.clock and complaint.status == "open":
            app.out.say(f"Next: {view.next_cell(complaint, app.now).text}.")
        elif complaint.clock:
            app.out.say(f"Next: ask whether {complaint.client} is satisfied, by {due_label(complaint.clock, app.now)}.")
        elif complaint.call_back_due:
            app.out.say(f"Next: call {complaint.client} back {due_label(complaint.call_back_due, app.now)}.")

    app.out.show(lambda: view.complaint_json(complaint, app.now), human)
