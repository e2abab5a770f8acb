"""erase-client: remove a person from every table, the journal, the search indexes, and, on request, the backups."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from recrm.app import App
from recrm.clients import store
from recrm.clients.lookup import CLIENT_HELP, complete_client, find_client, number_in
from recrm.clients.model import ClientNotFound
from recrm.core.errors import Conflict, DatabaseTrouble, Declined
from recrm.core.i18n import N_, _
from recrm.core.params import Argument, Option, Resolver
from recrm.core.text import fold
from recrm.privacy import backups, traces, view
from recrm.privacy.backups import Outcome
from recrm.privacy.erasing import Erased, erase, rewrite
from recrm.privacy.mentions import Mention, mentions
from recrm.privacy.model import NotConfirmed, Person
from recrm.privacy.traces import Traces
from recrm.storage.db import Operation


def find_person(app: App, typed: str) -> Person:
    """The client meant; or, by their id, one who is gone. Raises as `find_client` does."""
    try:
        client = find_client(app, typed)
        return Person(client.id, client)
    except ClientNotFound:
        number = number_in(typed)
        if number is not None and 0 < number <= _last_id(app):
            return Person(number, None)
        raise


@dataclass
class Report:
    """What an erasure did, and what it could not reach."""

    erased: Erased
    mentions: list[Mention] = field(default_factory=list)
    mentions_in_all: int = 0
    backups: list[Outcome] = field(default_factory=list)
    untouched: list[Path] = field(default_factory=list)
    is_rewritten: bool = True


def erase_client(
    app: App,
    client: Annotated[
        Person,
        Argument("CLIENT", help=CLIENT_HELP, complete=complete_client),
        Resolver(find_person),
    ],
    yes: Annotated[bool, Option("--yes", "-y", help="Answer both questions: erase.")] = False,
    with_backups: Annotated[
        bool, Option("--backups", help="Erase them from every backup of this database, too.")
    ] = False,
    no_suppression: Annotated[
        bool,
        Option("--no-suppression", help="Leave nothing that would mark them if a list brings them back."),
    ] = False,
) -> None:
    """Erase a client for good: every record, the journal's memory, the search index; nothing brings them back.

    Example: recrm erase-client 王丽 --backups
    """
    person = client
    held = traces.find(app.db.conn, person.id)
    saved = backups.backups_of(app.db_path, app.settings.text("backup.folder"))
    if not yes:
        _confirm(app, person, held, len(saved), with_backups)
    operation = Operation(app.command, app.agent, app.now)
    wanted = backups.sought(app.db.conn, person.id)
    found, in_all = mentions(app.db.conn, person.client, held.ids) if person.client else ([], 0)
    _refuse_another(app, person)

    report = Report(erase(app.db, person.id, operation, suppress=not no_suppression), found, in_all)
    app.has_saved = True
    if with_backups:
        known = wanted if no_suppression else backups.with_suppressions(wanted, app.db.conn)
        report.backups = backups.erase_from(saved, known, operation, lambda: app.keys)
    else:
        report.untouched = saved
    trouble: DatabaseTrouble | None = None
    try:
        rewrite(app.db)
    except DatabaseTrouble as error:
        report.is_rewritten, trouble = False, error
    app.out.show(lambda: view.erased_json(report), lambda: view.report_erased(app.out, report))
    if trouble:
        raise NotRewritten(person) from trouble


class NotRewritten(DatabaseTrouble):
    """Everything is erased, and only the file's free bytes could not be cleared."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            N_("They are erased, but the file could not be written anew, so that bytes of them may remain in it."),
            N_("Free some space and end other programs that use it, then type `recrm erase-client {id} --yes`."),
            id=person.id,
        )


def _confirm(app: App, person: Person, held: Traces, backup_count: int, with_backups: bool) -> None:
    """Say what goes, and ask twice. Raises NotConfirmed where nobody can answer, Declined on a no."""
    if not app.out.is_interactive():
        raise NotConfirmed(person)
    view.preview(app.out, person, held, backup_count, with_backups)
    if not app.out.confirm(_("Erase {person} for good?", person=person.label)):
        raise Declined
    typed = app.out.ask(
        _("This cannot be undone. Type their name or id to go on")
        if person.client
        else _("This cannot be undone. Type the id to go on")
    )
    names = {str(person.id), f"#{person.id}"} | ({fold(person.client.name)} if person.client else set())
    if fold(typed) not in names:
        raise Declined


def _refuse_another(app: App, person: Person) -> None:
    """While a question waited, somebody may have merged or renamed the client. Raises Conflict."""
    if person.client is None:
        return
    now = store.get_many(app.db.conn, [person.id], app.zone)
    if not now or now[0].name != person.client.name:
        raise Conflict(
            N_("{person} has been changed meanwhile; nothing was erased."),
            N_("Look again with `recrm show-client {id}`."),
            person=person.label,
            id=person.id,
        )


def _last_id(app: App) -> int:
    """The highest id that any client has had."""
    row = app.db.conn.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'clients'").fetchone()
    return int(row[0] or 0)
