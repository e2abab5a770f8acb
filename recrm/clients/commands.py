"""Commands about clients: add, list, tag, archive."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from recrm.app import App
from recrm.clients import fields, store, view
from recrm.clients import filters as f
from recrm.clients import options as o
from recrm.clients.lookup import ClientArgument, ReferrerOption
from recrm.clients.model import Client, NameMissing
from recrm.core.errors import Conflict
from recrm.core.moments import to_utc_text
from recrm.core.params import Argument, LimitOption, Option, limit_of

ClientSort = StrEnum("ClientSort", {key: key for key in store.SORTS})  # type: ignore[misc]  # names from the one table

BY_NAME = ClientSort("name")


def add_client(
    app: App,
    name: Annotated[str | None, Argument("[NAME]", help="Who; without it, each field is asked for.")] = None,
    phone: o.Phones = None,
    email: o.Emails = None,
    wechat: o.Wechats = None,
    whatsapp: o.Whatsapps = None,
    qq: o.Qqs = None,
    address: o.Addresses = None,
    preferred_channel: o.Preferred = None,
    do_not_contact: o.DoNotContact = None,
    tier: o.TierOption = None,
    client_type: o.Types = None,
    tag: o.Tags = None,
    note: o.Note = None,
    avoid: o.Avoid = None,
    birthday: o.Birthday = None,
    persona: o.Persona = None,
    source: o.Source = None,
    referrer: ReferrerOption = None,
    family: o.Family = None,
    occupation: o.Occupation = None,
    pinyin: o.Pinyin = None,
    agent: o.AgentOption = None,
    consent: o.Consent = None,
    income: o.Income = None,
    debts: o.Debts = None,
    down_payment: o.DownPayment = None,
    credit_note: o.CreditNote = None,
    company: Annotated[bool, Option("--company", help="The client is a company.")] = False,
    allow_duplicate: o.AllowDuplicate = False,
) -> None:
    """Add a client; without arguments, recrm asks field by field.

    Example: recrm add-client 王丽 --phone 13800138000 --tier A --type buyer
    """
    from recrm.clients import consents

    reach = {
        "phone": phone,
        "email": email,
        "wechat": wechat,
        "whatsapp": whatsapp,
        "qq": qq,
        "address": address,
    }
    texts = {
        "preferred_channel": preferred_channel, "tier": tier, "note": note, "avoid": avoid, "birthday": birthday,
        "persona": persona, "source": source, "family": family, "occupation": occupation, "consent": consent,
        "income": income, "debts": debts, "down_payment": down_payment, "credit_note": credit_note,
        "agent": agent if agent is not None else app.agent,
    }  # fmt: skip
    types, tags = fields.types_of(client_type or ()), fields.tags_of(tag or ())
    if name is None:
        if not app.out.is_interactive():
            raise NameMissing
        from recrm.clients.prompts import ask_for_client

        answers = ask_for_client(app)
        name = answers.name
        reach = {kind: [*(reach.get(kind) or ()), *values] for kind, values in answers.reach.items()}
        texts |= answers.texts
        types, tags = types + answers.types, tags + answers.tags
    row = store.new_fields(fields.name_columns(name, pinyin), origin="manual", now=app.now)
    row |= fields.columns(app, texts)
    row |= {"kind": "company" if company else "person", "do_not_contact": int(bool(do_not_contact))}
    row |= {"referrer_id": referrer.id if referrer else None}
    points = fields.points_of(app, {kind: values or () for kind, values in reach.items()})
    with app.write() as db:
        client_id = store.add(db, row, types=types, tags=tags, points=points, allow_duplicate=allow_duplicate)
        if row.get("consent"):
            consents.noted(db.conn, client_id, row["consent"], app.agent, app.now)
        forgotten = consents.follow(db.conn, app.command, app.agent, app.now)
    client = store.get(app.db.conn, client_id, app.zone)
    app.out.show(lambda: view.client_json(client), lambda: app.out.say(f"Added {client.name} as #{client.id}."))
    for sentence in consents.told(forgotten):
        app.out.note(sentence)


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


def tag(
    app: App,
    client: ClientArgument,
    tags: Annotated[list[str], Argument("TAG...", help="One or more tags.", complete=o.complete_tag)],
) -> None:
    """Give a client tags; `urgent` lifts everything of theirs up the list.

    Example: recrm tag 王丽 urgent 学区房
    """
    wanted = f.needed(fields.tags_of(tags))
    with app.write() as db:
        store.add_details(db, client.id, tags=wanted)
    _tell_tags(app, client)


def untag(
    app: App,
    client: ClientArgument,
    tags: Annotated[list[str], Argument("TAG...", help="One or more tags.", complete=o.complete_tag)],
) -> None:
    """Take tags away from a client.

    Example: recrm untag 王丽 urgent
    """
    unwanted = f.needed(fields.tags_of(tags))
    with app.write() as db:
        store.remove_tags(db, client.id, unwanted)
    _tell_tags(app, client)


def archive_client(app: App, client: ClientArgument) -> None:
    """Put a client to rest: no touches, birthdays or profile checks; promises and complaints stay on the list.

    Example: recrm archive-client 王丽
    """
    if client.archived_at:
        raise Conflict(
            f"{client.name} (#{client.id}) is archived already.",
            f"Bring them back with `recrm unarchive-client {client.id}`.",
        )
    with app.write() as db:
        store.update(db, client.id, {"archived_at": to_utc_text(app.now)})
    client = store.get(app.db.conn, client.id, app.zone)

    def human() -> None:
        app.out.say(f"Archived {client.name} (#{client.id}).")
        if promised := store.open_promises(app.db.conn, client.id):
            app.out.say(
                f"What was promised to them stays on the list: {promised} open. See `recrm show-client {client.id}`."
            )

    app.out.show(lambda: view.client_json(client), human)


def unarchive_client(app: App, client: ClientArgument) -> None:
    """Bring an archived client back.

    Example: recrm unarchive-client 王丽
    """
    if not client.archived_at:
        raise Conflict(f"{client.name} (#{client.id}) is not archived.", "Nothing needs to be done.")
    with app.write() as db:
        store.update(db, client.id, {"archived_at": None})
    client = store.get(app.db.conn, client.id, app.zone)
    app.out.show(
        lambda: view.client_json(client),
        lambda: app.out.say(f"{client.name} (#{client.id}) is back on the lists."),
    )


def _tell_tags(app: App, client: Client) -> None:
    fresh = store.get(app.db.conn, client.id, app.zone)
    words = ", ".join(fresh.tags) or "none"
    app.out.show(lambda: view.client_json(fresh), lambda: app.out.say(f"Tags of {fresh.name} (#{fresh.id}): {words}."))
