"""Commands about clients: add, list, tag, archive."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from recrm.app import App
from recrm.clients import fields, store, view
from recrm.clients import filters as f
from recrm.clients import options as o
from recrm.clients.lookup import ClientArgument
from recrm.clients.model import Client, NameMissing
from recrm.core.errors import Conflict
from recrm.core.i18n import N_, _
from recrm.core.labels import enumeration
from recrm.core.moments import to_utc_text
from recrm.core.params import Argument, LimitOption, Option, limit_of

ClientSort = StrEnum("ClientSort", {key: key for key in store.SORTS})  # type: ignore[misc]  # names from the one table

BY_NAME = ClientSort("name")
TagsArgument = Annotated[list[str], Argument("TAG...", help="One or more tags.", complete=o.complete_tag)]


def add_client(
    app: App,
    given: o.AddedFields,
    name: Annotated[str | None, Argument("[NAME]", help="Who; without it, each field is asked for.")] = None,
    allow_duplicate: o.AllowDuplicate = False,
) -> None:
    """Add a client; without arguments, recrm asks field by field.

    Example: recrm add-client 王丽 --phone 13800138000 --tier A --type buyer
    """
    from recrm.clients import consents

    given = o.resolved(app, given)
    if given["agent"] is None:
        given["agent"] = app.agent
    if name is None:
        if not app.out.is_interactive():
            raise NameMissing
        from recrm.clients.prompts import ask_for_client

        for key, answer in ask_for_client(app).items():
            given[key] = [*(given.get(key) or ()), *answer] if isinstance(answer, list) else answer
        name = given["name"]
    types, tags = fields.types_of(given["type"] or ()), fields.tags_of(given["tag"] or ())
    row = store.new_fields(fields.name_columns(name, given["pinyin"]), origin="manual", now=app.now)
    row |= fields.columns(app, given)
    points = fields.points_of(app, given)
    with app.write() as db:
        client_id = store.add(db, row, types=types, tags=tags, points=points, allow_duplicate=allow_duplicate)
        if row.get("consent"):
            consents.record_line(db.conn, client_id, row["consent"], app.agent, app.now)
        suppressed = consents.follow(db.conn, app.command, app.agent, app.now)
    client = store.get(app.db.conn, client_id, app.zone)
    app.out.show(
        lambda: view.client_json(client),
        lambda: app.out.say(_("Added {client} as #{id}.", client=client.name, id=client.id)),
    )
    for message in consents.messages(suppressed):
        app.out.note(message)


def list_clients(
    app: App,
    tier: f.TierFilter = None,
    client_type: f.TypeFilter = None,
    tag: f.TagFilter = None,
    agent: f.AgentFilter = None,
    archived: f.ArchivedFilter = False,
    sort: Annotated[ClientSort, Option("--sort", help="What comes first.")] = BY_NAME,
    limit: LimitOption = None,
) -> None:
    """List clients, filtered and sorted.

    Example: recrm list-clients --tier A --sort last-contact
    """
    clients, total = store.listed(
        app.db.conn,
        app.zone,
        **f.wanted(app, tier, client_type, tag, agent)._asdict(),
        archived=archived,
        sort=sort.value,
        limit=limit_of(app, limit),
    )
    app.out.show(
        lambda: [view.client_json(client) for client in clients],
        lambda: view.clients_table(app.out, clients, total, app.now),
    )


def tag(app: App, client: ClientArgument, tags: TagsArgument) -> None:
    """Give a client tags; `urgent` lifts everything of theirs up the list.

    Example: recrm tag 王丽 urgent 学区房
    """
    wanted = f.needed(fields.tags_of(tags))
    with app.write() as db:
        store.add_details(db, client.id, tags=wanted)
    _show_tags(app, client)


def untag(app: App, client: ClientArgument, tags: TagsArgument) -> None:
    """Take tags away from a client.

    Example: recrm untag 王丽 urgent
    """
    unwanted = f.needed(fields.tags_of(tags))
    with app.write() as db:
        store.remove_tags(db, client.id, unwanted)
    _show_tags(app, client)


def archive_client(app: App, client: ClientArgument) -> None:
    """Put a client to rest: no touches, birthdays or profile checks; promises and complaints stay on the list.

    Example: recrm archive-client 王丽
    """
    if client.archived_at:
        raise Conflict(
            N_("{client} (#{id}) is archived already."),
            N_("Bring them back with `recrm unarchive-client {id}`."),
            client=client.name, id=client.id,
        )  # fmt: skip
    with app.write() as db:
        store.update(db, client.id, {"archived_at": to_utc_text(app.now)})
    client = store.get(app.db.conn, client.id, app.zone)

    def human() -> None:
        app.out.say(_("Archived {client} (#{id}).", client=client.name, id=client.id))
        if promises := store.open_promises(app.db.conn, client.id):
            app.out.say(
                _(
                    "What was promised to them stays on the list: {count} open. See `recrm show-client {id}`.",
                    count=promises,
                    id=client.id,
                )
            )

    app.out.show(lambda: view.client_json(client), human)


def unarchive_client(app: App, client: ClientArgument) -> None:
    """Bring an archived client back.

    Example: recrm unarchive-client 王丽
    """
    if not client.archived_at:
        raise Conflict(
            N_("{client} (#{id}) is not archived."), N_("Nothing needs to be done."), client=client.name, id=client.id
        )
    with app.write() as db:
        store.update(db, client.id, {"archived_at": None})
    client = store.get(app.db.conn, client.id, app.zone)
    app.out.show(
        lambda: view.client_json(client),
        lambda: app.out.say(_("{client} (#{id}) is back on the lists.", client=client.name, id=client.id)),
    )


def _show_tags(app: App, client: Client) -> None:
    fresh = store.get(app.db.conn, client.id, app.zone)

    def human() -> None:
        if fresh.tags:
            tags = enumeration(fresh.tags)
            app.out.say(_("Tags of {client} (#{id}): {tags}.", client=fresh.name, id=fresh.id, tags=tags))
        else:
            app.out.say(_("{client} (#{id}) has no tags.", client=fresh.name, id=fresh.id))

    app.out.show(lambda: view.client_json(fresh), human)
