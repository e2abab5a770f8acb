"""log: one line a conversation. list-contacts: what was said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from recrm.app import App
from recrm.clients.fields import text_column
from recrm.clients.lookup import ClientArgument, OptionalClientArgument
from recrm.complaints import store as complaints
from recrm.contacts import store, view
from recrm.contacts.model import CHANNEL_SYNONYMS, DIRECTION_SYNONYMS, Channel, ContactEmpty, Direction
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.moments import When, day_of, deadline, end_of, start_of, to_utc_text
from recrm.core.params import Argument, LimitOption, Option, Resolver, due_when, limit_of, past_moment
from recrm.followups import store as followups
from recrm.followups.model import FollowUp
from recrm.followups.store import Promise
from recrm.followups.view import follow_up_json, promise_label

ContactSort = StrEnum("ContactSort", {key: key for key in store.SORTS})  # type: ignore[misc]  # names from the one table

NEWEST = ContactSort("newest")


def log(
    app: App,
    client: ClientArgument,
    text: Annotated[str, Argument("TEXT", help="What was said.")],
    channel: Annotated[
        Channel, Option("--channel", "-c", help="How you talked.", synonyms=CHANNEL_SYNONYMS)
    ] = Channel.CALL,
    feedback: Annotated[str | None, Option("--feedback", "-f", help="How the client took it.")] = None,
    incoming: Annotated[bool, Option("--in", "-i", help="The client began: an inquiry, until answered.")] = False,
    direction: Annotated[
        Direction | None,
        Option("--direction", help="The same as a word.", show_default=False, synonyms=DIRECTION_SYNONYMS),
    ] = None,
    next_when: Annotated[
        When | None,
        Option("--next", "-n", metavar="WHEN", help="Promise the next step for then."),
        Resolver(due_when),
    ] = None,
    next_note: Annotated[str | None, Option("--next-note", "-m", help="What the next step is.")] = None,
    at: Annotated[
        datetime | None,
        Option("--at", metavar="WHEN", help="When it was: yesterday, 9:30, fri …"),
        Resolver(past_moment),
    ] = None,
    keep_open: Annotated[bool, Option("--keep-open", help="Leave what was due open.")] = False,
) -> None:
    """Log a conversation: it completes what was due for the client and restarts the touch clock.

    Example: recrm log 王丽 "liked the balcony" --feedback "price too high" --next +3d --next-note "new offer"
    """
    summary = text_column(text, lines=True)
    if not summary:
        raise ContactEmpty
    if next_note and next_when is None:
        raise UsageError(N_("--next-note says what, but not by when."), N_("Add --next, such as --next +3d."))
    if incoming and direction is Direction.OUT:
        raise UsageError(N_("--in and --direction out contradict each other."), N_("Leave one of them out."))
    came_in = incoming or direction is Direction.IN
    moment = at or app.now
    row = {
        "client_id": client.id,
        "at": to_utc_text(moment),
        "direction": "in" if came_in else "out",
        "channel": channel.value,
        "text": summary,
        "feedback": text_column(feedback, lines=True),
        "next_step": text_column(next_note, lines=True),
        "agent": app.agent or client.agent,
        "created_at": to_utc_text(app.now),
    }
    completed: list[FollowUp] = []
    made: list[int] = []
    called_back: list[int] = []
    with app.write() as db:
        number = store.add(db, row)
        if not keep_open:
            for follow_up in due_by_now(app, followups.open_for_client(db.conn, client.id, app.zone), moment):
                following = followups.close(db, follow_up, app.now, outcome=summary, contact_id=number)
                completed.append(follow_up)
                made += [following] if following else []
            called_back = complaints.call_back_done(db, client.id, moment, summary, str(row["agent"]))
        if next_when is not None:
            promise = Promise(client.id, next_when, str(row["next_step"] or ""), str(row["agent"]))
            made.append(followups.add(db, promise, app.now))
    contact = store.get(app.db.conn, number, app.zone)
    promised = [followups.get(app.db.conn, one, app.zone) for one in made]

    def human() -> None:
        when = view.when_label(contact, app.now)
        app.out.say(_("Logged for {client} (#{id}): {when}.", client=client.name, id=client.id, when=when))
        for follow_up in completed:
            app.out.say(_("Done: f{id}, {promise}.", id=follow_up.id, promise=promise_label(follow_up, app.now)))
        for complaint in called_back:
            app.out.say(_("Called back about complaint c{id}.", id=complaint))
        for follow_up in promised:
            app.out.say(_("Next: f{id}, {promise}.", id=follow_up.id, promise=promise_label(follow_up, app.now)))

    app.out.show(
        lambda: (
            view.contact_json(contact)
            | {
                "completed": [follow_up.id for follow_up in completed],
                "called_back": called_back,
                "next": [follow_up_json(follow_up, app.now) for follow_up in promised],
            }
        ),
        human,
    )


def due_by_now(app: App, open_ones: list[FollowUp], moment: datetime) -> list[FollowUp]:
    """The promises that a conversation at `moment` keeps: due on its day or before, or by its time."""
    by = end_of(moment.date(), app.zone)
    return [
        f for f in open_ones if (f.due <= moment if isinstance(f.due, datetime) else deadline(f.due, app.zone) <= by)
    ]


def list_contacts(
    app: App,
    client: OptionalClientArgument = None,
    channel: Annotated[
        Channel | None, Option("--channel", "-c", help="Only these.", show_default=False, synonyms=CHANNEL_SYNONYMS)
    ] = None,
    since: Annotated[
        When | None, Option("--since", metavar="WHEN", help="Only from then on."), Resolver(past_moment)
    ] = None,
    sort: Annotated[ContactSort, Option("--sort", help="What comes first.")] = NEWEST,
    limit: LimitOption = None,
) -> None:
    """List what was said, with one client or all.

    Example: recrm list-contacts 王丽 --since 2w
    """
    contacts, total = store.listed(
        app.db.conn,
        app.zone,
        client_id=client.id if client else None,
        channel=channel.value if channel else None,
        since=to_utc_text(start_of(day_of(since, app.zone), app.zone)) if since else None,
        sort=sort.value,
        limit=limit_of(app, limit),
    )
    app.out.show(
        lambda: [view.contact_json(contact) for contact in contacts],
        lambda: view.contacts_table(app.out, contacts, total, app.now),
    )
