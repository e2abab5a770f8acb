"""demo: a believable shop to look around in, thrown away afterwards or, with --db, kept."""

from __future__ import annotations

import shlex
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from recrm.app import App
from recrm.core import ui
from recrm.core.errors import Conflict
from recrm.core.i18n import N_, _
from recrm.core.params import Option
from recrm.storage import db, errors

if TYPE_CHECKING:
    from recrm.setup.sample.fill import Filled
    from recrm.storage.db import Database

CONTACTS_EACH = 8
# Below this a shop is there before a bar could be drawn.
WORTH_A_BAR = 5_000


class FileExists(Conflict):
    """The file that the demo was to fill is there already."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("{file} exists already; it was left as it is."), N_("Name a new file, such as --db demo.db."), file=path
        )


def demo(
    app: App,
    clients: Annotated[int, Option("--clients", metavar="N", min=1, max=10_000_000, help="How many clients.")] = 200,
    contacts: Annotated[
        int | None,
        Option(
            "--contacts",
            metavar="M",
            min=0,
            max=100_000_000,
            help="How many conversations; else 8 a client.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, Option("--seed", metavar="S", help="Another number makes another shop.")] = 1,
) -> None:
    """Look around in a made-up shop: its due-today, then gone; with --db PATH it is kept.

    Example: recrm demo --db demo.db --clients 3000
    """
    contacts = clients * CONTACTS_EACH if contacts is None else contacts
    if app.db_option:
        _keep(app, app.db_option, clients, contacts, seed)
        return
    from recrm.today.commands import show_due_today

    with (
        TemporaryDirectory(prefix="recrm-demo-") as folder,
        closing(db.create(Path(folder) / "demo.db")) as database,
    ):
        _fill(app, database, clients, contacts, seed)
        app.__dict__["db"] = database
        show_due_today(app)
        del app.__dict__["db"]
    app.out.note(
        _("This shop was made up, and is gone again: type `recrm demo --db demo.db` to keep one and look further.")
    )


def _keep(app: App, path: Path, clients: int, contacts: int, seed: int) -> None:
    """Make the file and fill it; whatever goes wrong, no half of it stays."""
    try:
        database = db.create(path)
    except FileExistsError:
        raise FileExists(path) from None
    try:
        with closing(database):
            filled = _fill(app, database, clients, contacts, seed)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, sqlite3.Error):
            raise errors.from_sqlite_error(error, path) from error
        raise
    app.out.show(
        lambda: {"db": str(path), **asdict(filled)},
        lambda: app.out.say(
            _(
                "Filled {file} with a made-up shop (clients {clients}, contacts {contacts}, follow-ups {follow_ups}, "
                "complaints {complaints}): type `recrm --db {typed} due-today` to see whom to call first.",
                file=path,
                typed=shlex.quote(str(path)),
                **{name: f"{count:,}" for name, count in asdict(filled).items()},
            )
        ),
    )


def _fill(app: App, database: Database, clients: int, contacts: int, seed: int) -> Filled:
    from recrm.setup.sample.fill import fill_shop
    from recrm.setup.sample.shop import Order

    order = Order(clients, contacts, seed, app.now, app.settings, app.agent)
    with ui.progress(_("Making up a shop"), 2 * clients, least=2 * WORTH_A_BAR) as advance:
        filled = fill_shop(database, order, advance)
        advance(clients)  # indexes take as long as the rows did, and tell nothing on the way
        return filled
