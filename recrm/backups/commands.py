"""backup, list-backups, restore: copies that can be trusted, and the way back to one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from recrm.app import App
from recrm.backups import store, view
from recrm.backups.model import FolderNotFound
from recrm.core import ui
from recrm.core.errors import Declined, UsageError
from recrm.core.i18n import N_, _, ngettext
from recrm.core.params import Argument, Option
from recrm.storage import backup as copies
from recrm.storage.backup_folder import MANUAL, folder_for

FolderOption = Annotated[
    Path | None,
    Option("--to", "--from", metavar="FOLDER", help="Another folder than the config's.", show_default=False),
]


def backup(
    app: App,
    to: FolderOption = None,
    keep: Annotated[
        int | None,
        Option("--keep", metavar="N", min=1, max=1_000, help="So many of the newest stay.", show_default=False),
    ] = None,
) -> None:
    """Make a verified copy of the database, and thin out older ones.

    Example: recrm backup --to ~/backups
    """
    saved = copies.keep_copy(app, MANUAL, to=_folder(app, to), keep=keep or 0)
    app.has_saved = True
    made = store.listed(saved, lambda: app.keys)
    app.out.show(
        lambda: view.backup_json(made, app.zone) if made else {"file": str(saved.path)},
        lambda: app.out.say(_("Backed up to {path}.", path=saved.path)),
    )


def list_backups(app: App, to: FolderOption = None) -> None:
    """List the backups, the newest first, each opened to see whether it is good.

    Example: recrm list-backups
    """
    if to and not to.expanduser().is_dir():
        raise FolderNotFound(to)
    folder = _folder(app, to)
    known = store.known(app.db_path, folder, elsewhere=to is not None)
    with ui.progress("Opening", len(known), least=5) as advance:
        found = []
        for saved in known:
            found.append(store.listed(saved, lambda: app.keys))
            advance(1)
    there = [listed for listed in found if listed]
    app.out.show(
        lambda: [view.backup_json(listed, app.zone) for listed in there],
        lambda: view.backups_table(app.out, there, app.zone),
    )


def restore(
    app: App,
    file: Annotated[str, Argument("FILE", help="A backup, its bare name, or `latest` for the newest good one.")],
    yes: Annotated[bool, Option("--yes", "-y", help="Restore without asking.")] = False,
) -> None:
    """Put a backup in the database's place; what was there is kept.

    Example: recrm restore latest
    """
    folder = _folder(app, None)
    store.refuse_foreign(app.db_path)
    chosen = store.chosen(file, app.db_path, folder, lambda: app.keys)
    seen = store.verified(chosen, lambda: app.keys)
    if not yes:
        if not app.out.is_interactive():
            raise UsageError(
                N_("Nothing was restored, because there is no terminal to ask on."),
                N_("Add --yes to put {file} in place of {db}."),
                file=chosen,
                db=app.db_path,
            )
        app.out.say(
            ngettext(
                "{file} is good and holds {n} client.",
                "{file} is good and holds {n} clients.",
                seen.clients or 0,
                file=chosen,
            )
        )
        if not app.out.confirm(_("Put it in the place of {db}?", db=app.db_path)):
            raise Declined
    restored = store.restore(chosen, app.db_path, folder_for(app.db_path, folder), app.now, lambda: app.keys)
    app.has_saved = True
    app.out.show(lambda: view.restored_json(restored), lambda: view.say_restored(app.out, restored))


def _folder(app: App, named: Path | None) -> str:
    return str(named) if named else app.settings.text("backup.folder")
