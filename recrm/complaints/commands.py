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
from recrm.complaints.labels import SATISFIED, SEVERITIES, STATES, UNSATISFIED
from recrm.complaints.model import (
    SEVERITY_SYNONYMS,
    Complaint,
    ComplaintEmpty,
    ComplaintState,
    PlannedStep,
    Severity,
    planned_steps,
)
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.intervals import Interval
from recrm.core.labels import due_label
from recrm.core.moments import later, to_utc_text
from recrm.core.params import Argument, LimitOption, Option, Resolver, limit_of
from recrm.core.text import clean_line, quoted

ComplaintSort = StrEnum("ComplaintSort", {key: key for key in store.SORTS})  # type: ignore[misc]  # the table's names

BY_CLOCK = ComplaintSort("clock")


def complaint_of(app: App, typed: str) -> Complaint:
    """The complaint meant by `3`, `c3` or `#3`. Raises UsageError, ComplaintNotFound."""
    number = re.fullmatch(r"[c#]?(\d{1,15})", typed.strip().lower())
    if number is None:
        raise UsageError(
            N_("{text} is not a complaint."),
            N_("Type its id, as `recrm list-complaints` shows it: c3 or 3."),
            text=quoted(typed),
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
        Severity, Option("--severity", "-s", help="Decides the steps and their clocks.", synonyms=SEVERITY_SYNONYMS)
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
        "text": _needed(text, N_("What the client complains of is missing.")),
        "cause": text_column(cause),
        "handler": clean_line(handler or ""),
        "opened_at": to_utc_text(app.now),
        "agent": app.agent or client.agent,
    }
    with app.write() as db:
        number = store.add(db, row, _steps_of(app, severity.value), app.now)
    severity_label = _(SEVERITIES[severity.value])
    _tell(
        app,
        number,
        _("Recorded c{id}, {severity}, of {client}.", id=number, severity=severity_label, client=client.name),
    )


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
    note = _needed(text, N_("What was done is missing."))
    with app.write() as db:
        complaint = store.get(db.conn, complaint.id, app.zone)
        step = complaint.next_step
        if complaint.status != "open" or step is None:
            raise _not_open(complaint)
        store.finish_steps(db, [step], note, app.agent, app.now)
        changes = _about(cause, measures) | ({"handler": clean_line(handler)} if handler else {})
        is_last = step == complaint.steps[-1]
        store.add_event(db, complaint.id, "resolved" if is_last else "progressed", note, app.agent, app.now)
        if is_last:
            changes |= _resolution(app, note)
        if changes:
            store.update(db, complaint.id, changes)
    done = N_("Done: {step} (c{id}, {client}).")
    if step.due < app.now:
        done = N_("Done: {step} (c{id}, {client}). It was late, and stays marked so.")
    _tell(app, complaint.id, _(done, step=_(step.step), id=complaint.id, client=complaint.client))


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
    note = _needed(text, N_("How it was resolved is missing."))
    with app.write() as db:
        complaint = store.get(db.conn, complaint.id, app.zone)
        if complaint.status != "open":
            raise _not_open(complaint)
        left = [s for s in complaint.steps if s.round == complaint.round and s.done_at is None]
        store.finish_steps(db, left, note, app.agent, app.now)
        store.add_event(db, complaint.id, "resolved", note, app.agent, app.now)
        store.update(db, complaint.id, _about(cause, measures) | _resolution(app, note))
    _tell(app, complaint.id, _("Resolved c{id} of {client}.", id=complaint.id, client=complaint.client))


def reopen_complaint(
    app: App,
    complaint: ComplaintArgument,
    text: Annotated[str, Argument("TEXT", help="What is still wrong.")],
) -> None:
    """Reopen a complaint: its clocks start anew, and the reopening counts.

    Example: recrm reopen-complaint 3 "it leaks again"
    """
    note = _needed(text, N_("What is still wrong is missing."))
    with app.write() as db:
        complaint = store.get(db.conn, complaint.id, app.zone)
        if complaint.status == "open":
            raise ComplaintState(
                N_("Complaint c{id} is open already."),
                N_("See its clock with `recrm show-complaint {id}`."),
                id=complaint.id,
            )
        _reopen(app, db, complaint, note)
    _tell(app, complaint.id, _reopened(complaint))


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
            raise UsageError(
                N_("Closing a complaint takes the client's word."), N_("Add --satisfied, or --unsatisfied to reopen.")
            )
        satisfied = app.out.confirm(_("Is {client} satisfied?", client=complaint.client))
    given = text_column(note, lines=True)
    with app.write() as db:
        complaint = store.get(db.conn, complaint.id, app.zone)
        if complaint.status != "resolved":
            raise ComplaintState(
                N_("Complaint c{id} is {status}, and only a resolved one can be closed."),
                N_("See what comes next with `recrm show-complaint {id}`."),
                id=complaint.id,
                status=_(STATES[complaint.status]),
            )
        if not satisfied:
            _reopen(app, db, complaint, given or UNSATISFIED)
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
            store.add_event(db, complaint.id, "closed", given or SATISFIED, app.agent, app.now)
    if satisfied:
        _tell(app, complaint.id, _("Closed c{id} of {client}.", id=complaint.id, client=complaint.client))
    else:
        _tell(app, complaint.id, _reopened(complaint))


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
    severity: Annotated[
        Severity | None, Option("--severity", "-s", help="Only these.", show_default=False, synonyms=SEVERITY_SYNONYMS)
    ] = None,
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


def _needed(text: str, missing: str) -> str:
    """The text as it is kept. Raises ComplaintEmpty with the template `missing` where nothing readable is left."""
    kept = text_column(text, lines=True)
    if not kept:
        raise ComplaintEmpty(missing)
    return kept


def _steps_of(app: App, severity: str) -> list[PlannedStep]:
    return planned_steps(app.settings[f"complaint.{severity}"])


def _about(cause: str | None, measures: str | None) -> dict[str, Any]:
    """Cause and measures, where they were given; what was not given stays."""
    given = {"cause": text_column(cause), "measures": text_column(measures, lines=True)}
    return {name: text for name, text in given.items() if text}


def _resolution(app: App, note: str) -> dict[str, Any]:
    confirm_by = later(app.now, Interval.of(app.settings.text("complaint.confirm_within")).elapsed())
    return {
        "status": "resolved",
        "resolved_at": to_utc_text(app.now),
        "resolution": note,
        "confirm_by": to_utc_text(confirm_by),
    }


def _reopen(app: App, db: Any, complaint: Complaint, note: str) -> None:
    cleared = dict.fromkeys(("resolved_at", "resolution", "confirm_by", "closed_at", "call_back_due", "called_back_at"))
    store.update(db, complaint.id, {**cleared, "status": "open", "round": complaint.round + 1})
    store.add_steps(db, complaint.id, complaint.round + 1, _steps_of(app, complaint.severity), app.now)
    store.add_event(db, complaint.id, "reopened", note, app.agent, app.now)


def _reopened(complaint: Complaint) -> str:
    return _("Reopened c{id} of {client}; its clocks start anew.", id=complaint.id, client=complaint.client)


def _not_open(complaint: Complaint) -> ComplaintState:
    if complaint.status == "resolved":
        return ComplaintState(
            N_("Complaint c{id} is resolved already."),
            N_("Type `recrm close-complaint {id} --satisfied`, or --unsatisfied to reopen."),
            id=complaint.id,
        )
    return ComplaintState(
        N_("Complaint c{id} is closed."),
        N_('Type `recrm reopen-complaint {id} "why"` if it is not over.'),
        id=complaint.id,
    )


def _tell(app: App, number: int, sentence: str) -> None:
    complaint = store.get(app.db.conn, number, app.zone)

    def human() -> None:
        app.out.say(sentence)
        if complaint.clock and complaint.status == "open":
            app.out.say(_("Next: {what}.", what=view.next_cell(complaint, app.now).text))
        elif complaint.clock:
            by = due_label(complaint.clock, app.now)
            app.out.say(_("Next: ask whether {client} is satisfied, by {by}.", client=complaint.client, by=by))
        elif complaint.call_back_due:
            when = due_label(complaint.call_back_due, app.now)
            app.out.say(_("Next: call {client} back {when}.", client=complaint.client, when=when))

    app.out.show(lambda: view.complaint_json(complaint, app.now), human)
