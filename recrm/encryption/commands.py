"""encrypt, decrypt, change-passphrase: the whole file under a passphrase, or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from recrm.app import App
from recrm.core.errors import Conflict, DatabaseTrouble, Declined, Failed, RecrmError, UsageError
from recrm.core.i18n import N_, _
from recrm.core.params import Option
from recrm.encryption import view
from recrm.encryption.model import Backup, Encrypted, Rekeyed
from recrm.encryption.replacing import rewrite
from recrm.storage import backup_folder, cipher, connections, errors, keys
from recrm.storage.reencryption import passphrase_of

KeyringOption = Annotated[
    bool | None,
    Option(
        "--keyring/--no-keyring",
        help="Keep the passphrase in this system's keyring; on a terminal you are asked.",
        show_default=False,
    ),
]


def encrypt(
    app: App,
    backups: Annotated[bool, Option("--backups", help="Encrypt its backups too, each in its place.")] = False,
    keyring: KeyringOption = None,
) -> None:
    """Encrypt the database as a whole, with a passphrase that you are asked for twice.

    Example: recrm encrypt --backups
    """
    path = app.db_path
    is_plain = connections.is_plain_file(path)
    if not is_plain and not backups:
        raise Conflict(
            N_("{path} is encrypted already."),
            N_(
                "Type `recrm change-passphrase` to change its passphrase, or `recrm encrypt --backups` for its backups."
            ),
            path=path,
        )
    cipher.library()
    if is_plain:
        passphrase = app.keys.new(path.name)
        is_kept = _kept_in_keyring(app, passphrase, keyring)
        is_overwritten = _rewrite(app, path, None, passphrase)
    else:
        passphrase, is_kept, is_overwritten = opening(app), False, True
    found, done = plain_backups(app), []
    for backup in found if backups else ():
        try:
            is_overwritten = _rewrite(app, backup.path, None, passphrase) and is_overwritten
            done.append(backup)
        except RecrmError as error:  # a damaged one must not keep the others from being encrypted
            app.out.note(error.what())
    left = [backup for backup in found if backup not in done]
    result = Encrypted(path, is_plain, is_overwritten, is_kept, tuple(done), tuple(left))
    app.out.show(lambda: view.encrypted_json(result), lambda: view.show_encrypted(app.out, result))
    view.warn_of_plain_backups(app.out, result)
    if backups and left:
        app.exit_code = Failed.exit_code


def decrypt(
    app: App,
    yes: Annotated[bool, Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take the encryption off the database: whoever gets the file can read it then.

    Example: recrm decrypt
    """
    path = app.db_path
    if connections.is_plain_file(path):
        raise Conflict(N_("{path} is not encrypted."), N_("Type `recrm encrypt` to encrypt it."), path=path)
    passphrase = opening(app)
    if not yes:
        if not app.out.is_interactive():
            raise UsageError(
                N_("To take the encryption off has to be confirmed, and nobody can be asked here."),
                N_("Add --yes to go ahead."),
            )
        if not app.out.confirm(_("Whoever gets {name} can read it then. Take the encryption off?", name=path.name)):
            raise Declined
    _rewrite(app, path, passphrase, None)
    app.out.show(lambda: {"db": str(path), "encrypted": False}, lambda: view.show_decrypted(app.out, path))


def change_passphrase(
    app: App,
    new_key_file: Annotated[
        Path | None,
        Option("--new-key-file", metavar="PATH", help="Take the new one from a file's first line."),
    ] = None,
) -> None:
    """Encrypt the database with another passphrase; its backups keep the old one.

    Example: recrm change-passphrase
    """
    path = app.db_path
    if connections.is_plain_file(path):
        raise Conflict(N_("{path} is not encrypted."), N_("Type `recrm encrypt` to encrypt it."), path=path)
    old = opening(app)
    if new_key_file:
        new = keys.fit(keys.first_line(new_key_file))
    else:
        new = app.keys.typed_twice(path.name, N_("Name a file that holds the new one with --new-key-file."))
    if new == old:
        raise UsageError(N_("The new passphrase is the old one; nothing was changed."), N_("Take another."))
    was_kept = app.keys.has_keyring and keys.from_keyring(app.keys.account) == old
    _rewrite(app, path, old, new)
    refusal = ""
    if was_kept:
        try:
            keys.keep_in_keyring(app.keys.account, new)
        except Failed as error:
            refusal = error.what()
    has_file = app.keys.source is keys.Source.KEY_FILE
    result = Rekeyed(path, was_kept and not refusal, refusal, app.keys.key_file if has_file else None)
    app.out.show(lambda: view.rekeyed_json(result), lambda: view.show_rekeyed(app.out, result))
    view.warn_of_old_keys(app.out, result)


def _rewrite(app: App, path: Path, old: str | None, new: str | None) -> bool:
    """As `rewrite`; after Ctrl-C during the overwriting of the old file, the answer is that the new one is saved."""
    before = path.stat().st_ino
    try:
        return rewrite(path, old, new)
    finally:
        app.has_saved = app.has_saved or path.stat().st_ino != before


def opening(app: App) -> str:
    """The passphrase that opens the encrypted database. Raises DatabaseTrouble."""
    import sqlite3

    try:
        return passphrase_of(app.db_path, lambda: app.keys) or ""
    except sqlite3.Error as error:
        raise errors.from_sqlite_error(error, app.db_path) from error


def plain_backups(app: App) -> list[Backup]:
    """The database's backups that anybody can read: those in its folder and those an older recrm made beside it."""
    folder = backup_folder.folder_for(app.db_path, app.settings.text("backup.folder"))
    found = []
    for saved in [*folder.backups(), *backup_folder.older_copies(app.db_path)]:
        try:
            if connections.is_plain_file(saved.path):
                found.append(Backup(saved.path, saved.at))
        except DatabaseTrouble:  # it holds nothing that could be encrypted
            continue
    return found


def _kept_in_keyring(app: App, passphrase: str, wanted: bool | None) -> bool:
    """Whether the keyring has the passphrase now. It is asked before the file is changed, because it may refuse."""
    if wanted is None:
        wanted = (
            not app.keys.key_file
            and app.out.is_interactive()
            and keys.has_keyring()
            and app.out.confirm(_("Keep the passphrase in this system's keyring, so that you need not type it?"))
        )
    if wanted:
        keys.keep_in_keyring(app.keys.account, passphrase)
    return wanted
