"""find-duplicates and merge-clients: who may be one, and one of two, with all that is theirs kept together."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from recrm.app import App
from recrm.clients import consents
from recrm.clients import store as clients
from recrm.clients.lookup import ClientOption, complete_client, find_client
from recrm.clients.model import Client
from recrm.core.errors import Conflict, Declined, UsageError
from recrm.core.i18n import N_, _
from recrm.core.params import Argument, LimitOption, Option, Resolver, limit_of
from recrm.duplicates import merge_store, store, view
from recrm.duplicates.merge_rules import Both, merge
from recrm.duplicates.model import LEAST


class _Rehearsed(Exception):
    """A dry run for a program: everything is done, and taken back before it is kept."""


class ChangedSince(Conflict):
    """One of the two is no longer what the person saw when they said yes."""

    def __init__(self, both: Both) -> None:
        super().__init__(
            N_("{keep} or {other} has changed since they were shown; nothing was written."),
            N_("Look at them again with `recrm merge-clients {keep_id} {other_id}`."),
            keep=both.keep.label,
            other=both.other.label,
            keep_id=both.keep.client.id,
            other_id=both.other.client.id,
        )


def find_duplicates(
    app: App,
    client: ClientOption = None,
    least: Annotated[
        int,
        Option(
            "--least",
            metavar="SCORE",
            min=1,
            max=100,
            help="Only pairs that score so much; 100 is certain, 40 a family.",
        ),
    ] = LEAST,
    limit: LimitOption = None,
) -> None:
    """List pairs of clients who may be one, the likeliest first, each with its reasons.

    Example: recrm find-duplicates --least 70
    """
    found = store.Search(app.db.conn, least, client.id if client else None).pairs()
    shown = store.with_the_better_first(app.db.conn, found[: limit_of(app, limit)])
    people = {
        person.id: person
        for person in clients.get_many(app.db.conn, {number for pair in shown for number in pair.ids}, app.zone)
    }
    shown = [pair for pair in shown if people.keys() >= set(pair.ids)]
    app.out.show(
        lambda: [view.pair_json(pair, people) for pair in shown],
        lambda: view.pairs_table(app.out, shown, people, len(found), least, app.now),
    )


def merge_clients(
    app: App,
    keep: Annotated[
        Client,
        Argument(
            "KEEP",
            help="Who stays: an id, phone, email, WeChat id, name, pinyin or initials.",
            complete=complete_client,
        ),
        Resolver(find_client),
    ],
    other: Annotated[
        Client,
        Argument("OTHER", help="Who becomes part of them.", complete=complete_client),
        Resolver(find_client),
    ],
    yes: Annotated[bool, Option("--yes", "-y", help="Merge without asking.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would become of them, and write nothing.")] = False,
) -> None:
    """Make one client of two: values of KEEP stay, blanks are filled from OTHER, all of OTHER's moves to KEEP.

    Example: recrm merge-clients 12 34 --dry-run
    """
    if keep.id == other.id:
        raise UsageError(
            N_("Both are {name} (#{id}); a client cannot be merged with themselves."),
            N_("Name two clients by their ids; see who may be one with `recrm find-duplicates`."),
            name=keep.name,
            id=keep.id,
        )
    if dry_run and not app.out.json:
        _look(app, keep.id, other.id)
        app.out.say(_("Nothing was written."))
        return
    seen = None if yes or dry_run else _confirmed(app, keep.id, other.id)
    with suppress(_Rehearsed), app.write() as db:
        # Read again where nobody else writes: what was shown is what is written, or nothing is.
        both = merge_store.read(db.conn, keep.id, other.id, app.zone)
        if seen is not None and both != seen:
            raise ChangedSince(seen)
        merge_store.write(db, both, merge(both, app.today).columns, app.agent, app.now)
        forgotten = consents.follow(db.conn, app.command, app.agent, app.now)
        client = clients.get(db.conn, keep.id, app.zone)
        if dry_run:
            raise _Rehearsed  # which takes it all back
    app.out.show(
        lambda: view.merged_json(client, both, dry_run=dry_run),
        lambda: view.tell_merged(app.out, both),
    )
    for sentence in () if dry_run else consents.messages(forgotten):
        app.out.note(sentence)


def _confirmed(app: App, keep_id: int, other_id: int) -> Both:
    """The two as a person saw them, and said yes."""
    if not app.out.is_interactive():
        raise UsageError(
            N_("Nothing was merged, because there is no terminal to ask on."),
            N_("Add --yes to merge, or --dry-run to see what would become of them."),
        )
    both = _look(app, keep_id, other_id)
    if not app.out.confirm(_("Merge #{other} into #{keep}?", other=other_id, keep=keep_id)):
        raise Declined
    return both


def _look(app: App, keep_id: int, other_id: int) -> Both:
    """Show what would become of the two as they are now."""
    both = merge_store.read(app.db.conn, keep_id, other_id, app.zone)
    view.show_merge(app.out, both, merge(both, app.today))
    return both
