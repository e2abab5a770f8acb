"""Which client is meant: an id, a phone in any format, an address, a name or part of one, pinyin or its initials."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from typing import Annotated, Literal

from recrm.app import App
from recrm.clients import store
from recrm.clients.matching import BEGINNING, NAME, START, WHOLE, by_name, by_point, literal, phones
from recrm.clients.model import Client, ClientAmbiguous, ClientMissing, ClientNotFound, Near
from recrm.core.errors import Declined
from recrm.core.i18n import N_, _
from recrm.core.params import Argument, Option, Resolver
from recrm.core.text import clean_line, fold, typed

MOST_LISTED = 10


def find_client(app: App, query: str) -> Client:
    """The one client meant. Asks on a terminal where several are; raises ClientMissing, -NotFound, -Ambiguous."""
    if not clean_line(query):
        raise ClientMissing
    conn = app.db.conn
    ids = candidates(conn, query, app.region)
    if not ids:
        raise ClientNotFound(query, near_names(conn, query))
    if len(ids) > 1:
        ids = [_chosen(app, query, ids)]
    client = store.get(conn, ids[0], app.zone)
    number = number_in(query)
    if number not in (None, client.id) and store.merged_into(conn, int(number or 0)) == client.id:
        app.out.note(_("#{merged} was merged into {client} (#{id}).", merged=number, client=client.name, id=client.id))
    return client


def candidates(conn: sqlite3.Connection, query: str, region: str = "CN") -> list[int]:
    """Ids of all clients that the query could mean; one that is certain stands alone."""
    query = clean_line(query)
    if (number := number_in(query)) is not None:
        known = _existing(conn, number)
        if known or query.startswith("#"):
            return known
    if ids := [client_id for client_id, _shown in by_point(conn, query, region)]:
        return _active_of(conn, list(dict.fromkeys(ids)))
    ranked = by_name(conn, query)
    grades = {grade for _client, grade in ranked}
    if NAME in grades:
        answering = {NAME}
    elif WHOLE in grades:
        answering = {WHOLE, BEGINNING}  # 李娜 answers to "lina", but so may Lina Meyer
    else:
        answering = grades
    return _active_of(conn, [client_id for client_id, grade in ranked if grade in answering])


def near_names(conn: sqlite3.Connection, query: str) -> list[Near]:
    """Clients whose names look like the query, for a person who mistyped."""
    from difflib import get_close_matches

    folded = fold(query)
    keys: dict[str, int] = {}
    # A mistyped name, or its last word, mostly begins rightly; comparing only those keeps many clients quick.
    for row in conn.execute(
        "SELECT id, search_key FROM clients WHERE search_key LIKE :start ESCAPE '\\' "
        "OR search_key LIKE '%\n' || :start ESCAPE '\\' OR search_key LIKE '% ' || :start ESCAPE '\\' LIMIT 5000",
        {"start": f"{literal(folded[:1])}%"},
    ).fetchall():
        for key in (*row[1].split("\n"), *row[1].split()):
            keys.setdefault(key, row[0])
    close = get_close_matches(folded, keys, n=3, cutoff=0.6) if folded else []
    return nears(conn, list(dict.fromkeys(keys[key] for key in close)))


def nears(conn: sqlite3.Connection, ids: Sequence[int]) -> list[Near]:
    """Clients as one line each."""
    shown = phones(conn, ids)
    rows = conn.execute(
        "SELECT id, name, coalesce(tier, '') FROM clients WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    named = {row[0]: Near(row[0], row[1], shown.get(row[0], ""), row[2]) for row in rows}
    return [named[i] for i in ids if i in named]


class Offer(str):
    """A completion that need not begin with what was typed: typer drops others, and 王丽 is meant by `wang`."""

    __slots__ = ()

    def startswith(self, *_bounds: object) -> bool:
        return True


def complete_client(app: App, incomplete: str) -> list[tuple[str, str]]:
    """Shell completion: names that go on from what was typed, by name or pinyin; silent where it cannot know."""
    from recrm.core.errors import RecrmError

    try:
        conn = app.db.conn
        ids = [client_id for client_id, grade in by_name(conn, incomplete) if grade <= START][:20]
        return [_offered(near) for near in nears(conn, ids)]
    except (RecrmError, sqlite3.Error):
        return []


def _offered(near: Near) -> tuple[str, str]:
    """What to complete, and its explanation. A shell evaluates both, so a name with signs or blanks goes by its id."""
    about = "".join(c if c.isalnum() or c in " +-." else " " for c in f"{near.name} {near.phone}").strip()
    return Offer(near.name if typed(near.name) == near.name else near.id), about


def number_in(query: str) -> int | None:
    """The id that a query may be: `#17`, or a number too short for a phone; 0013 is a piece of one, and no id."""
    found = re.fullmatch(r"#(\d{1,15})|([1-9]\d{0,5})", clean_line(query))
    return int(found[1] or found[2]) if found else None


def _existing(conn: sqlite3.Connection, client_id: int) -> list[int]:
    """The client of this id, or whoever a client of this id was merged into."""
    found = [row[0] for row in conn.execute("SELECT id FROM clients WHERE id = ?", (client_id,)).fetchall()]
    if not found and (heir := store.merged_into(conn, client_id)):
        return [heir]
    return found


def _active_of(conn: sqlite3.Connection, ids: list[int]) -> list[int]:
    """Archived clients count only where no other answers."""
    if len(ids) < 2:
        return ids
    rows = conn.execute(
        "SELECT id FROM clients WHERE archived_at IS NULL AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    ).fetchall()
    active = {row[0] for row in rows}
    return [i for i in ids if i in active] or ids


def _chosen(app: App, query: str, ids: list[int]) -> int:
    matches = nears(app.db.conn, ids[:MOST_LISTED])
    if not app.out.is_interactive():
        raise ClientAmbiguous(query, matches, len(ids))
    from recrm.clients.view import choices_table

    choices_table(app.out, query, matches, len(ids))
    while True:
        answer = app.out.ask(_("Which one? (number, or Enter to leave)"))
        if not answer:
            raise Declined
        if answer.isdecimal() and 1 <= int(answer) <= len(matches):
            return matches[int(answer) - 1].id


NOBODY: Literal[""] = ""


def find_referrer(app: App, query: str) -> Client | Literal[""]:
    """Who sent a client; NOBODY for empty text, which erases."""
    return find_client(app, query) if query.strip() else NOBODY


CLIENT_HELP = N_("An id, phone, email, WeChat id, name, pinyin or initials.")
ClientArgument = Annotated[
    Client,
    Argument("CLIENT", help=CLIENT_HELP, complete=complete_client),
    Resolver(find_client),
]
OptionalClientArgument = Annotated[
    Client | None,
    Argument("[CLIENT]", help=CLIENT_HELP, complete=complete_client),
    Resolver(find_client),
]
ClientOption = Annotated[
    Client | None,
    Option("--client", metavar="CLIENT", help="Only this client's.", complete=complete_client),
    Resolver(find_client),
]
