"""Commands about follow-ups: promise, keep, move, take back."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from recrm.app import App
from recrm.clients.fields import text_column
from recrm.clients.lookup import ClientArgument
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.labels import due_label
from recrm.core.moments import When, day_of, is_overdue
from recrm.core.params import Argument, Option, Resolver, WhenArgument, due_when
from recrm.core.recurrence import Every, next_after, parse_every
from recrm.core.text import quoted
from recrm.followups import store, view
from recrm.followups.model import FollowUp, Recurrence, RecurrenceImpossible
from recrm.followups.store import Promise


def follow_up_of(app: App, typed: str) -> FollowUp:
    """The follow-up meant by `12`, `f12` or `#12`. Raises UsageError, FollowUpNotFound."""
    number = re.fullmatch(r"[f#]?(\d{1,15})", typed.strip().lower())
    if number is None:
        raise UsageError(
            N_("{text} is not a follow-up."),
            N_("Type its id, as `recrm due-today` shows it: f12 or 12."),
            text=quoted(typed),
        )
    return store.get(app.db.conn, int(number[1]), app.zone)


FollowUpArgument = Annotated[
    FollowUp,
    Argument("ID", help="The follow-up's id, as lists show it: f12 or 12."),
    Resolver(follow_up_of),
]


def due_day(app: App, typed: str) -> date:
    """The day on which a rule ends."""
    return day_of(due_when(app, typed), app.zone)


def not_past(app: App, due: When) -> When:
    """A promise lies ahead. Raises UsageError for a deadline that has passed already."""
    if is_overdue(due, app.now):
        raise UsageError(
            N_("{when} has passed already."),
            N_("Move it ahead: type tomorrow, +3d or a date to come."),
            when=due_label(due, app.now),
        )
    return due


def add_follow_up(
    app: App,
    client: ClientArgument,
    when: WhenArgument,
    reason: Annotated[str, Argument("[REASON]", help="What was promised.")] = "",
    every: Annotated[
        Every | None,
        Option("--every", "-e", metavar="RULE", help="Comes back: 2w, 1m, yearly, 每两周 …"),
        Resolver(lambda app, typed: parse_every(typed)),  # noqa: ARG005  # a resolver is given the app
    ] = None,
    until: Annotated[
        date | None,
        Option("--until", metavar="WHEN", help="The last day it may come back."),
        Resolver(due_day),
    ] = None,
) -> None:
    """Promise to act by a day or a time: a follow-up, with its reason.

    Example: recrm add-follow-up 王丽 "fri 14:30" "send the floor plan"
    """
    what = text_column(reason, lines=True) or ""
    promise = Promise(client.id, when, what, app.agent or client.agent, _recurrence(app, when, every, until))
    with app.write() as db:
        number = store.add(db, promise, app.now)
    follow_up = store.get(app.db.conn, number, app.zone)
    app.out.show(
        lambda: view.follow_up_json(follow_up, app.now),
        lambda: app.out.say(
            _(
                "Follow-up f{id} with {client}, {promise}.",
                id=number,
                client=client.name,
                promise=view.promise_label(follow_up, app.now),
            )
        ),
    )
    if is_overdue(when, app.now):
        app.out.note(
            _("That day has passed: it stands as overdue. If another was meant, `recrm snooze f{id} WHEN`.", id=number)
        )


def done(
    app: App,
    follow_up: FollowUpArgument,
    note: Annotated[str, Argument("[NOTE]", help="How it went.")] = "",
) -> None:
    """Mark a follow-up done; a recurring one makes its next.

    Example: recrm done 12 "plan sent by WeChat"
    """
    outcome = text_column(note, lines=True)
    with app.write() as db:
        following = store.close(db, follow_up, app.now, outcome=outcome)
    sentence = _("Done: f{id} with {client}.", id=follow_up.id, client=follow_up.client)
    _show_closed(app, follow_up, sentence, following)


def snooze(app: App, follow_up: FollowUpArgument, when: WhenArgument) -> None:
    """Move a follow-up to another day or time.

    Example: recrm snooze 12 tomorrow
    """
    when = not_past(app, when)
    with app.write() as db:
        store.snooze(db, follow_up, when)
    moved = store.get(app.db.conn, follow_up.id, app.zone)
    app.out.show(
        lambda: view.follow_up_json(moved, app.now),
        lambda: app.out.say(
            _(
                "Moved f{id} with {client}, {promise}.",
                id=moved.id,
                client=moved.client,
                promise=view.promise_label(moved, app.now),
            )
        ),
    )


def cancel_follow_up(
    app: App,
    follow_up: FollowUpArgument,
    note: Annotated[str, Argument("[NOTE]", help="Why it is not needed.")] = "",
) -> None:
    """Take a follow-up back; a recurring one ends.

    Example: recrm cancel-follow-up 12 "bought elsewhere"
    """
    outcome = text_column(note, lines=True)
    with app.write() as db:
        store.close(db, follow_up, app.now, status="cancelled", outcome=outcome)
    sentence = _("Cancelled: f{id} with {client}.", id=follow_up.id, client=follow_up.client)
    _show_closed(app, follow_up, sentence, None)


def _recurrence(app: App, when: When, every: Every | None, until: date | None) -> Recurrence | None:
    day = day_of(when, app.zone)
    if every is None:
        if until:
            raise RecurrenceImpossible(N_("--until needs a rule to end."), N_("Add --every 2w, or leave --until out."))
        return None
    if until and next_after(day, every, day) > until:
        raise RecurrenceImpossible(
            N_("{every} from {day} does not come back by {until}."),
            N_("Choose a later --until, or leave --every out."),
            every=every.label().capitalize(),
            day=day,
            until=until,
        )
    at = when.astimezone(app.zone).time() if isinstance(when, datetime) else None
    return Recurrence(every, day, day, until, at)


def _show_closed(app: App, follow_up: FollowUp, sentence: str, following: int | None) -> None:
    closed = store.get(app.db.conn, follow_up.id, app.zone)
    again = store.get(app.db.conn, following, app.zone) if following else None

    def human() -> None:
        app.out.say(sentence)
        if again:
            app.out.say(_("Next: f{id}, {promise}.", id=again.id, promise=view.promise_label(again, app.now)))

    app.out.show(
        lambda: view.follow_up_json(closed, app.now) | {"next": view.follow_up_json(again, app.now) if again else None},
        human,
    )
