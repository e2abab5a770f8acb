"""edit-client: change what is known of a client; whatever is edited counts as verified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from recrm.app import App
from recrm.clients import consents, fields, store, view
from recrm.clients import options as o
from recrm.clients.fieldtable import BY_NAME, Kind
from recrm.clients.lookup import ClientArgument
from recrm.clients.matching import phone_with_extension
from recrm.clients.model import Client, ContactPoint
from recrm.core.errors import NotFound, UsageError
from recrm.core.i18n import N_, _
from recrm.core.moments import to_utc_text
from recrm.core.params import Option

if TYPE_CHECKING:
    import sqlite3

# Fields whose values are added to what is there, so that an empty one says nothing.
_ADDING = (Kind.POINT, Kind.TAGS)


def edit_client(
    app: App,
    client: ClientArgument,
    given: o.EditedFields,
    verified: Annotated[bool, Option("--verified", help="Nothing to change: the profile is still right.")] = False,
    allow_duplicate: o.AllowDuplicate = False,
) -> None:
    """Change a client; contact points are added, an empty value ("") erases, the profile counts as verified.

    Example: recrm edit-client 王丽 --tier B --phone 13900139000 --remove 13800138000
    """
    given = o.resolved(app, given)
    points, tags = fields.points_of(app, given), fields.tags_of(given["tag"] or ())
    types = _types(given["type"])
    is_changing = any(
        value is not None for name, value in given.items() if name in BY_NAME and BY_NAME[name].kind not in _ADDING
    )
    if not (verified or is_changing or points or tags or given["remove"] or given["add_note"]):
        raise UsageError(
            N_("There is nothing to change."),
            N_("Try `recrm edit-client {id} --tier B`, or --verified if all is still right."),
            id=client.id,
        )
    names = fields.name_columns(given["name"], given["pinyin"]) if given["name"] is not None else {}
    with app.write() as db:
        # Whatever depends on what the client is already is decided here, where nobody else writes.
        client = store.get(db.conn, client.id, app.zone)
        if not names and given["pinyin"] is not None:
            names = fields.name_columns(client.name, given["pinyin"])
        if given["referrer"]:
            _refuse_circle(db.conn, client, given["referrer"])
        changes = names | _columns(app, client, given)
        for text in given["remove"] or ():
            store.remove_point(db, client.id, _point_to_remove(app, client, text))
        store.add_points(db, client.id, points, allow_duplicate=allow_duplicate)
        store.add_details(db, client.id, tags=tags)
        if types is not None:
            store.set_types(db, client.id, types)
        store.update(db, client.id, changes | {"verified_at": to_utc_text(app.now)})
        if changes.get("consent") not in (None, client.consent):
            consents.record_line(db.conn, client.id, changes["consent"], app.agent, app.now)
        suppressed = consents.follow(db.conn, app.command, app.agent, app.now)
    fresh = store.get(app.db.conn, client.id, app.zone)
    app.out.show(
        lambda: view.client_json(fresh),
        lambda: app.out.say(
            _("Changed {client} (#{id}); the profile counts as verified today.", client=fresh.name, id=fresh.id)
        ),
    )
    for message in consents.messages(suppressed):
        app.out.note(message)


def _types(given: list[str] | None) -> list[str] | None:
    """All the types that the client is to be; None where nothing is to change. Raises UsageError."""
    if given is None:
        return None
    return fields.types_of(text for text in given if text.strip().lower() not in ("", "none", "无"))


def _columns(app: App, client: Client, given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that the options change for this client, as they are now."""
    tier = given["tier"]
    if tier is not None and fields.tier_of(tier) == client.tier:
        given = {**given, "tier": None}  # the touch clock starts when a tier is set, not when it is repeated
    amount = client.income or client.debts or client.down_payment
    changes = fields.columns(app, given, amount.currency if amount else None)
    if given["add_note"]:
        lines = filter(None, (changes.get("note", client.note), given["add_note"]))
        changes["note"] = fields.text_column("\n".join(lines), lines=True)
    return changes


def _point_to_remove(app: App, client: Client, text: str) -> ContactPoint:
    """The one contact point of this client that the text means. Raises NotFound, UsageError."""
    from recrm.clients.phones import digits_of
    from recrm.core.text import fold, quoted

    if extended := phone_with_extension(text, app.region):
        matches = [p for p in client.points if p.kind == "phone" and (p.key, p.extension) == extended]
    else:
        digits = digits_of(text) or ""
        matches = [
            p for p in client.points if p.key == fold(text) or (p.kind == "phone" and digits and p.key.endswith(digits))
        ]
        if len({p.key for p in matches}) == 1:  # a number and its extensions: without one, the number is meant
            matches = [p for p in matches if not p.extension] or matches
    if not matches:
        raise NotFound(
            N_("{client} (#{id}) has no contact point {text}."),
            N_("See theirs with `recrm show-client {id}`."),
            client=client.name, id=client.id, text=quoted(text),
        )  # fmt: skip
    if len(matches) > 1:
        raise UsageError(
            N_("{text} could be several contact points of {client}."),
            N_("Type the whole number."),
            text=quoted(text), client=client.name,
        )  # fmt: skip
    return matches[0]


def _refuse_circle(conn: sqlite3.Connection, client: Client, referrer: Client) -> None:
    """Nobody is referred by themselves, nor by someone they referred. Raises UsageError."""
    if client.id in (referrer.id, *store.referrers_of(conn, referrer.id)):
        raise UsageError(
            N_("{referrer} cannot have referred {client}: that would be a circle."),
            N_("Name another referrer."),
            referrer=referrer.name, client=client.name,
        )  # fmt: skip
