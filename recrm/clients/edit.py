"""edit-client: change what is known of a client; whatever is edited counts as verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from recrm.app import App
from recrm.clients import consents, fields, store, view
from recrm.clients import options as o
from recrm.clients.lookup import NOBODY, ClientArgument, ReferrerOption
from recrm.clients.matching import phone_with_extension
from recrm.clients.model import Client
from recrm.core.errors import NotFound, UsageError
from recrm.core.moments import to_utc_text
from recrm.core.params import Option

if TYPE_CHECKING:
    import sqlite3

    import sqlite_utils


def edit_client(
    app: App,
    client: ClientArgument,
    name: Annotated[str | None, Option("--name", help="Another name.", panel="Profile")] = None,
    phone: o.Phones = None,
    email: o.Emails = None,
    wechat: o.Wechats = None,
    whatsapp: o.Whatsapps = None,
    qq: o.Qqs = None,
    address: o.Addresses = None,
    preferred_channel: o.Preferred = None,
    do_not_contact: o.DoNotContact = None,
    remove: Annotated[
        list[str] | None,
        Option(
            "--remove",
            metavar="VALUE",
            help="Take away this phone, email or other contact point.",
            panel=o.REACH,
        ),
    ] = None,
    tier: o.TierOption = None,
    client_type: Annotated[
        list[str] | None,
        Option(
            "--type",
            metavar="TYPE",
            help="All the types they are: replaces the old ones; none for none.",
            panel="Profile",
        ),
    ] = None,
    tag: o.Tags = None,
    note: o.Note = None,
    add_note: Annotated[str | None, Option("--add-note", help="A line added to the note.", panel="Profile")] = None,
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
    company: Annotated[
        bool | None,
        Option(
            "--company/--person",
            help="The client is a company, or a person after all.",
            panel="Profile",
            show_default=False,
        ),
    ] = None,
    verified: Annotated[bool, Option("--verified", help="Nothing to change: the profile is still right.")] = False,
    allow_duplicate: o.AllowDuplicate = False,
) -> None:
    """Change a client; contact points are added, an empty value ("") erases, the profile counts as verified.

    Example: recrm edit-client 王丽 --tier B --phone 13900139000 --remove 13800138000
    """
    texts = {
        "preferred_channel": preferred_channel, "tier": tier, "note": note, "avoid": avoid, "birthday": birthday,
        "persona": persona, "source": source, "family": family, "occupation": occupation, "consent": consent,
        "income": income, "debts": debts, "down_payment": down_payment, "credit_note": credit_note, "agent": agent,
    }  # fmt: skip
    reach = {
        "phone": phone,
        "email": email,
        "wechat": wechat,
        "whatsapp": whatsapp,
        "qq": qq,
        "address": address,
    }
    points = fields.points_of(app, {kind: values or () for kind, values in reach.items()})
    types = (
        None
        if client_type is None
        else fields.types_of(t for t in client_type if t.strip().lower() not in ("", "none"))
    )
    tags = fields.tags_of(tag or ())
    switches = {
        "do_not_contact": do_not_contact,
        "kind": None if company is None else "company" if company else "person",
    }
    given = (*texts.values(), *switches.values(), add_note or None, name, pinyin, referrer, types)
    if not (points or tags or remove or verified or any(value is not None for value in given)):
        raise UsageError(
            "Nothing was said to change.",
            f"Try `recrm edit-client {client.id} --tier B`, or --verified if all is still right.",
        )
    changes: dict[str, Any] = {column: value for column, value in switches.items() if value is not None}
    if name is not None:
        changes |= fields.name_columns(name, pinyin)
    with app.write() as db:
        # Whatever depends on what the client is already is decided here, where nobody else writes.
        client = store.get(db.conn, client.id, app.zone)
        changes |= _columns(app, client, texts, add_note)
        if pinyin is not None and name is None:
            changes |= fields.name_columns(client.name, pinyin)
        if referrer is not None:
            changes["referrer_id"] = None if referrer == NOBODY else _not_in_circle(db.conn, client, referrer).id
        for words in remove or ():
            _remove(app, client, words, db)
        store.add_points(db, client.id, points, allow_duplicate=allow_duplicate)
        store.add_details(db, client.id, tags=tags)
        if types is not None:
            store.set_types(db, client.id, types)
        store.update(db, client.id, changes | {"verified_at": to_utc_text(app.now)})
        if changes.get("consent") not in (None, client.consent):
            consents.noted(db.conn, client.id, changes["consent"], app.agent, app.now)
        forgotten = consents.follow(db.conn, app.command, app.agent, app.now)
    fresh = store.get(app.db.conn, client.id, app.zone)
    app.out.show(
        lambda: view.client_json(fresh),
        lambda: app.out.say(f"Changed {fresh.name} (#{fresh.id}); the profile counts as verified today."),
    )
    for sentence in consents.told(forgotten):
        app.out.note(sentence)


def _columns(app: App, client: Client, texts: dict[str, str | None], add_note: str | None) -> dict[str, Any]:
    """The columns that the options change for this client, as they are now."""
    tier = texts["tier"]
    if tier is not None and tier.strip().upper() == (client.tier or "NONE"):
        texts = texts | {"tier": None}  # the touch clock starts when a tier is set, not when it is said again
    held = client.income or client.debts or client.down_payment
    changes = fields.columns(app, texts, held.currency if held else None)
    if add_note:
        lines = filter(None, (changes.get("note", client.note), add_note))
        changes["note"] = fields.text_column("note", "\n".join(lines), lines=True)
    return changes


def _remove(app: App, client: Client, words: str, db: sqlite_utils.Database) -> None:
    """Take away the one contact point of this client that the words mean. Raises NotFound, UsageError."""
    from recrm.clients.phones import digits_of
    from recrm.core.text import fold, quoted

    if extended := phone_with_extension(words, app.region):
        matches = [p for p in client.points if p.kind == "phone" and (p.key, p.extension) == extended]
    else:
        digits = digits_of(words) or ""
        matches = [
            p
            for p in client.points
            if p.key == fold(words) or (p.kind == "phone" and digits and p.key.endswith(digits))
        ]
        if len({p.key for p in matches}) == 1:  # a number and its extensions: without one, the number is meant
            matches = [p for p in matches if not p.extension] or matches
    if not matches:
        raise NotFound(
            f"{client.name} (#{client.id}) has no contact point {quoted(words)}.",
            f"See theirs with `recrm show-client {client.id}`.",
        )
    if len(matches) > 1:
        raise UsageError(f"{quoted(words)} could be several contact points of {client.name}.", "Type the whole number.")
    store.remove_point(db, client.id, matches[0])


def _not_in_circle(conn: sqlite3.Connection, client: Client, referrer: Client) -> Client:
    """The referrer: nobody is sent by themselves, nor by someone they sent. Raises UsageError."""
    if client.id in (referrer.id, *store.referrers_of(conn, referrer.id)):
        raise UsageError(
            f"{referrer.name} cannot have sent {client.name}: it goes round in a circle.",
            "Name another referrer.",
        )
    return referrer
