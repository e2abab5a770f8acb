"""What became of a database and its copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was found, and when it was taken."""

    path: Path
    at: datetime


@dataclass(frozen=True, slots=True)
class Encrypted:
    """What `encrypt` did. `is_new` says that the database itself was encrypted, and not its backups alone."""

    path: Path
    is_new: bool
    is_overwritten: bool
    is_in_keyring: bool
    backups: tuple[Backup, ...]
    plain_backups: tuple[Backup, ...]


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What `change-passphrase` did. `key_file` still holds the old passphrase; `keyring_refusal` is why the
    keyring did not take the new one."""

    path: Path
    is_in_keyring: bool
    keyring_refusal: str
    key_file: Path | None
