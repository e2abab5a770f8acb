"""Sentences and JSON about an encrypted database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recrm.core.i18n import _
from recrm.core.ui import Output
from recrm.encryption.model import Encrypted, Rekeyed


def encrypted_json(result: Encrypted) -> dict[str, Any]:
    return {
        "db": str(result.path),
        "encrypted": True,
        "overwritten": result.is_overwritten,
        "in_keyring": result.is_in_keyring,
        "encrypted_backups": [str(backup.path) for backup in result.backups],
        "plain_backups": [str(backup.path) for backup in result.plain_backups],
    }


def show_encrypted(out: Output, result: Encrypted) -> None:
    if result.is_new:
        out.say(_("Encrypted {path}.", path=result.path))
        out.say(_("Keep the passphrase in a second, safe place: without it nobody can ever open the database."))
        if result.is_in_keyring:
            out.say(_("It is in this system's keyring, so that you need not type it."))
    elif not result.backups:
        out.say(_("There is no backup that is not encrypted."))
    for backup in result.backups:
        out.say(_("Encrypted the backup {path}.", path=backup.path))
    if result.is_new or result.backups:
        if result.is_overwritten:
            out.say(
                _(
                    "The old bytes were overwritten; on an SSD, or a file system that copies on write, "
                    "traces of them can stay on the disk until it writes there again."
                )
            )
        else:
            out.say(_("The old bytes could not be overwritten, and stay on the disk until it writes there again."))


def warn_of_plain_backups(out: Output, result: Encrypted) -> None:
    """Say loudly which copies anybody can still read."""
    for backup in result.plain_backups:
        out.note(_("Not encrypted: the backup {path}.", path=backup.path))
    if result.plain_backups:
        out.note(_("Encrypt these too with `recrm encrypt --backups`, or delete them."))


def show_decrypted(out: Output, path: Path) -> None:
    out.say(_("{path} is no longer encrypted.", path=path))
    out.say(_("Backups that were made until now still are, and need its passphrase."))


def rekeyed_json(result: Rekeyed) -> dict[str, Any]:
    return {"db": str(result.path), "encrypted": True, "in_keyring": result.is_in_keyring}


def show_rekeyed(out: Output, result: Rekeyed) -> None:
    out.say(_("{path} has its new passphrase.", path=result.path))
    if result.is_in_keyring:
        out.say(_("So has this system's keyring."))


def warn_of_old_keys(out: Output, result: Rekeyed) -> None:
    """Say what still goes by the old passphrase."""
    out.note(_("Backups that were made until now need the old passphrase: keep it, or delete them and make a new one."))
    if result.key_file:
        out.note(_("{key_file} still holds the old passphrase: write the new one there.", key_file=result.key_file))
    if result.keyring_refusal:
        out.note(_("{why} The keyring still holds the old passphrase.", why=result.keyring_refusal))
