"""Copies of an encrypted database: backups are encrypted and say so, restoring keeps it so, an export is plain."""

from __future__ import annotations

import shutil
from contextlib import closing

import pytest

from recrm.storage import connections, db, migrations
from recrm.storage.keys import Keys
from recrm.storage.migrations import all_migrations
from tests.conftest import Shop
from tests.encryption.conftest import PASSPHRASE, everything, key_file, legible
from tests.encryption.test_encrypting import OTHER, refused
from tests.storage.kit import a_client
from tests.terminal import Terminal


def is_plain(shop: Shop) -> bool:
    return shop.db.read_bytes().startswith(connections.MAGIC)


def test_a_backup_of_an_encrypted_database_is_encrypted_and_says_so(locked: Shop) -> None:
    made = locked.get("backup")
    assert (made["encrypted"], made["state"]) == (True, "good")
    assert legible(locked.folder) == []
    assert [(each["encrypted"], each["clients"]) for each in locked.get("list-backups")] == [(True, 1)]
    assert "Encrypted" in locked.ok("list-backups")


def test_restoring_an_encrypted_backup_brings_everything_back(locked: Shop) -> None:
    before = everything(locked)
    locked.ok("backup")
    locked.ok("add-client", "Bob")
    inode = locked.db.stat().st_ino
    locked.ok("restore", "latest", "--yes")
    assert locked.db.stat().st_ino == inode, "others who have it open are to see the old content or the new"
    assert everything(locked) == before
    assert [client["name"] for client in locked.get("list-clients")] == ["Ann Zanzibar"]
    assert legible(locked.folder) == []
    assert "All is well" in locked.ok("check", "--full")


def test_an_encrypted_database_stays_encrypted_when_a_plain_backup_is_restored(plain: Shop) -> None:
    before = everything(plain)
    file = plain.get("backup")["file"]
    plain.ok("encrypt")
    plain.ok("add-client", "Bob")
    plain.ok("restore", file, "--yes")
    assert everything(plain) == before
    assert not is_plain(plain)
    assert [f"{plain.folder}/backups/{name}" for name in legible(plain.folder)] == [file]


def test_a_plain_database_stays_plain_when_an_encrypted_backup_is_restored(locked: Shop) -> None:
    before = everything(locked)
    file = locked.get("backup")["file"]
    locked.ok("decrypt", "--yes")
    locked.ok("add-client", "Bob")
    locked.ok("restore", file, "--yes")
    assert is_plain(locked)
    assert everything(locked) == before


def test_a_damaged_encrypted_database_is_restored(locked: Shop) -> None:
    before = everything(locked)
    locked.ok("backup")
    damaged = bytearray(locked.db.read_bytes())
    damaged[100] ^= 1
    locked.db.write_bytes(damaged)
    locked.ok("restore", "latest", "--yes")
    assert everything(locked) == before
    assert legible(locked.folder) == []


def test_a_backup_with_an_older_passphrase_is_listed_as_locked_and_opened_for_who_knows_it(locked: Shop) -> None:
    file = locked.get("backup")["file"]
    new = key_file(locked.folder, OTHER, "key-new")
    locked.ok("change-passphrase", "--new-key-file", new)
    locked.key_file = new
    (listed,) = locked.get("list-backups")
    assert (listed["state"], listed["encrypted"], listed["clients"]) == ("locked", True, None)
    refused(locked.run("restore", file, "--yes"), 5, "the passphrase at hand does not open it")
    locked.ok("backup")
    assert [each["state"] for each in locked.get("list-backups")] == ["good", "locked"]
    locked.key_file = None
    locked.ok("add-client", "Bob", RECRM_KEY_FILE=str(new))
    with Terminal(locked, "restore", file, "--yes") as terminal:
        terminal.answer("manual.db: ", PASSPHRASE)
        terminal.answer("Passphrase of shop.db: ", OTHER)
        assert terminal.end() == 0
    locked.key_file = new
    assert len(locked.get("list-clients")) == 1
    assert legible(locked.folder) == []


def test_backups_under_another_passphrase_are_said_to_want_it(locked: Shop) -> None:
    locked.ok("backup")
    locked.key_file = key_file(locked.folder, OTHER, "key-new")
    refused(locked.run("restore", "latest", "--yes"), 3, "encrypted with another passphrase: give it in RECRM_KEY_FILE")


def test_who_puts_a_plain_backup_in_an_encrypted_one_s_place_is_told(plain: Shop) -> None:
    """With a key that opens nothing, it cannot be encrypted like what it replaces."""
    plain.ok("backup")
    key = key_file(plain.folder)
    plain.ok("encrypt", RECRM_KEY_FILE=str(key))
    ran = plain.run("restore", "latest", "--yes", RECRM_KEY_FILE=str(key_file(plain.folder, OTHER, "key-new")))
    assert ran.code == 0
    assert "Type `recrm encrypt` to encrypt it." in ran.err
    assert "could not be opened" in ran.out
    assert is_plain(plain)


def test_listing_backups_asks_for_no_passphrase(locked: Shop) -> None:
    locked.ok("backup")
    locked.key_file = None
    with Terminal(locked, "list-backups") as terminal:
        assert terminal.end() == 0
    assert "locked" in terminal.seen


def test_the_backup_before_an_upgrade_is_encrypted(locked: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    old = locked.folder / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(db, "all_migrations", lambda: all_migrations()[:8])
        patch.setattr(db, "VERSION", 8)
        with closing(db.create(old, PASSPHRASE)) as shop:
            a_client(shop.conn, name="Zanzibar")
    with closing(db.open_existing(old, lambda: Keys(old, locked.key_file, None))) as shop:
        assert shop.conn.execute("PRAGMA user_version").fetchone()[0] == migrations.VERSION
    assert legible(locked.folder) == []
    (backup,) = locked.get("list-backups", "--db", old)
    assert (backup["occasion"], backup["encrypted"], backup["version"]) == ("before-upgrade", True, 8)


def test_an_export_is_plain_and_says_so(locked: Shop) -> None:
    ran = locked.run("export", "clients.csv")
    assert ran.code == 0
    assert "not encrypted" in ran.err
    assert legible(locked.folder) == ["clients.csv"]
    assert "not encrypted" in locked.run("export", "--format", "csv").err
    locked.ok("decrypt", "--yes")
    assert "not encrypted" not in locked.run("export", "again.csv").err


def test_a_copy_of_the_file_is_as_good_as_the_file(locked: Shop) -> None:
    shutil.copy2(locked.db, locked.folder / "copy.db")
    assert locked.get("list-clients", "--db", "copy.db")[0]["name"] == "Ann Zanzibar"
