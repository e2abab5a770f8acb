"""consent: what a client allowed, took back or forbade, and whether they may be contacted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from recrm.app import App
from recrm.clients import consents, store
from recrm.clients.consents import EVERYTHING, Consent, Event
from recrm.clients.lookup import ClientArgument
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.params import Option, Resolver, past_moment
from recrm.core.text import clean_line
from recrm.privacy import view

MOST_TEXT = 500


def consent(
    app: App,
    client: ClientArgument,
    allow: Annotated[
        str | None,
        Option("--allow", metavar="WHAT", help="They allowed it: calls and WeChat about flats …"),
    ] = None,
    withdraw: Annotated[
        str | None, Option("--withdraw", metavar="WHAT", help="They no longer allow it: the newsletter …")
    ] = None,
    do_not_contact: Annotated[
        bool, Option("--do-not-contact", help="They want to hear nothing more; `--allow` lifts it.")
    ] = False,
    how: Annotated[
        str | None, Option("--how", metavar="TEXT", help="How they said it: in writing, by phone, on a form …")
    ] = None,
    at: Annotated[
        datetime | None,
        Option("--at", metavar="WHEN", help="When they said it; by default now."),
        Resolver(past_moment),
    ] = None,
) -> None:
    """Show or record what a client allowed or took back; or that they want to be left alone.

    Example: recrm consent 王丽 --allow "calls and WeChat about flats" --how "in writing"
    """
    entry = _entry(app, allow, withdraw, do_not_contact, how, at)
    if entry is None:
        history = consents.listed(app.db.conn, client.id, app.zone)
        app.out.show(
            lambda: view.consents_json(client, history), lambda: view.consents_table(app.out, client, history, app.now)
        )
        return
    was = client.do_not_contact
    with app.write() as db:
        consents.record(db.conn, client.id, entry)
    client = store.get(app.db.conn, client.id, app.zone)
    history = consents.listed(app.db.conn, client.id, app.zone)

    def human() -> None:
        facts = {"name": client.name, "id": client.id}
        app.out.say(_("Recorded for {name} (#{id}): {entry}.", entry=entry.line(), **facts))
        app.out.say(view.permission_label(client, was))
        if entry.event == Event.DO_NOT_CONTACT and (promised := store.open_promises(app.db.conn, client.id)):
            app.out.say(
                _(
                    "What was promised to them stays on the list, marked: {count} open. See `recrm show-client {id}`.",
                    count=promised,
                    id=client.id,
                )
            )

    app.out.show(lambda: view.consents_json(client, history), human)


def _entry(
    app: App, allow: str | None, withdraw: str | None, do_not_contact: bool, how: str | None, at: datetime | None
) -> Consent | None:
    """What is to be recorded; None where nothing is. Raises UsageError."""
    given = [
        (event, what)
        for event, what in (
            (Event.ALLOWED, allow),
            (Event.WITHDRAWN, withdraw),
            (Event.DO_NOT_CONTACT, EVERYTHING if do_not_contact else None),
        )
        if what is not None
    ]
    if len(given) > 1:
        raise UsageError(
            N_("--allow, --withdraw and --do-not-contact contradict each other."),
            N_("Record one at a time, in their order."),
        )
    if not given:
        if how is not None or at is not None:
            raise UsageError(
                N_("--how and --at say how and when, but not what."),
                N_("Add --allow WHAT, --withdraw WHAT or --do-not-contact."),
            )
        return None
    event, what = given[0]
    return Consent(0, at or app.now, event, _text("what", what), _text("how", how or ""), app.agent, app.now)


def _text(name: str, typed: str) -> str:
    """One line, cleaned. Raises UsageError where it is far too long, or names nothing."""
    text = clean_line(typed)
    if name == "what" and not text:
        raise UsageError(
            N_("What they allowed or took back is missing."), N_('Say it, such as --allow "calls about flats".')
        )
    if len(text) > MOST_TEXT:
        raise UsageError(
            N_("That is {count} characters."),
            N_("Keep it under {most}; a letter belongs in a file."),
            count=len(text),
            most=MOST_TEXT,
        )
    return text
