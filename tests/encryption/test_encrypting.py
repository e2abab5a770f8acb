"""encrypt, decrypt, change-passphrase and init --encrypted: what is in the file afterwards, and who can read it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Ran, Shop
from tests.encryption.conftest import PASSPHRASE, everything, fill, key_file, legible

OTHER = "another passphrase altogether"


def refused(ran: Ran, code: int, saying: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    assert saying in ran.err
    assert len(ran.err.splitlines()) == 2


def test_nothing_of_a_client_can_be_read_once_encrypted(plain: Shop) -> None:
    assert legible(plain.folder) == ["shop.db"]
    before = everything(plain)
    answer = plain.get("encrypt")
    assert answer == {
        "db": str(plain.db), "encrypted": True, "overwritten": True, "in_keyring": False,
        "encrypted_backups": [], "plain_backups": [],
    }  # fmt: skip
    assert legible(plain.folder) == []
    assert sorted(file.name for file in plain.folder.iterdir()) == ["key", "shop.db"]
    assert stat.S_IMODE(plain.db.stat().st_mode) == 0o600
    assert everything(plain) == before


def test_the_old_bytes_are_overwritten_where_the_file_was(plain: Shop) -> None:
    with plain.db.open("rb") as old:  # as a disk keeps what has no name any more
        assert b"Zanzibar" in old.read()
        plain.ok("encrypt")
        old.seek(0)
        assert set(old.read()) == {0}


def test_a_snapshot_under_another_name_is_left_and_said(plain: Shop) -> None:
    snapshot = plain.folder / "snapshot"
    snapshot.hardlink_to(plain.db)
    before = snapshot.read_bytes()
    assert "could not be overwritten" in plain.ok("encrypt")
    assert snapshot.read_bytes() == before


def test_a_link_to_the_database_stays_a_link(plain: Shop) -> None:
    real = plain.folder / "elsewhere" / "real.db"
    real.parent.mkdir()
    plain.db.rename(real)
    plain.db.symlink_to(real)
    plain.ok("encrypt")
    assert plain.db.is_symlink()
    assert legible(plain.folder) == []
    assert plain.get("list-clients")[0]["name"] == "Ann Zanzibar"


def test_decrypting_gives_the_same_shop_back(plain: Shop) -> None:
    before = everything(plain)
    counts = [plain.count(table) for table in ("operations", "changes", "clients", "contacts")]
    plain.ok("encrypt")
    assert "no longer encrypted" in plain.ok("decrypt", "--yes")
    plain.key_file = None
    assert everything(plain) == before
    assert [plain.count(table) for table in ("operations", "changes", "clients", "contacts")] == counts
    assert plain.sql("PRAGMA integrity_check") == [("ok",)]
    assert sorted(file.name for file in plain.folder.iterdir()) == ["key", "shop.db"]
    assert stat.S_IMODE(plain.db.stat().st_mode) == 0o600
    plain.ok("log", 1, "and on it goes")


def test_decrypting_has_to_be_confirmed(locked: Shop) -> None:
    before = locked.db.read_bytes()
    refused(locked.run("decrypt"), 2, "has to be confirmed")
    assert locked.db.read_bytes() == before


def test_only_the_new_passphrase_opens_it_after_a_change(locked: Shop) -> None:
    before = everything(locked)
    new = key_file(locked.folder, OTHER, "key-new")
    ran = locked.run("change-passphrase", "--new-key-file", new)
    assert ran.code == 0
    assert f"{locked.key_file} still holds the old passphrase" in ran.err
    assert "need the old passphrase" in ran.err
    refused(locked.run("due-today"), 5, "does not open")
    locked.key_file = new
    assert everything(locked) == before
    refused(locked.run("change-passphrase", "--new-key-file", new), 2, "is the old one")


def test_a_database_is_encrypted_from_its_first_byte(tmp_path: Path) -> None:
    shop = Shop(tmp_path, key_file=key_file(tmp_path))
    assert shop.get("init", "--encrypted") == {"db": str(shop.db), "encrypted": True}
    assert b"SQLite" not in shop.db.read_bytes()
    assert b"clients" not in shop.db.read_bytes()
    fill(shop)
    assert legible(shop.folder) == []
    refused(shop.run("init", "--encrypted"), 4, "exists already")


def test_what_is_already_so_is_a_conflict(plain: Shop) -> None:
    refused(plain.run("decrypt", "--yes"), 4, "is not encrypted")
    refused(plain.run("change-passphrase"), 4, "is not encrypted")
    plain.ok("encrypt")
    refused(plain.run("encrypt"), 4, "is encrypted already")


@pytest.mark.parametrize(
    ("passphrase", "saying"), [("short", "fewer than 8 characters"), ("tab\tin the middle", "cannot be typed")]
)
def test_a_poor_passphrase_is_refused(plain: Shop, passphrase: str, saying: str) -> None:
    before = plain.db.read_bytes()
    key_file(plain.folder, passphrase)
    refused(plain.run("encrypt"), 2, saying)
    assert plain.db.read_bytes() == before


def test_without_a_terminal_or_key_file_nobody_is_asked(plain: Shop, tmp_path: Path) -> None:
    plain.key_file = None
    refused(plain.run("encrypt"), 2, "A passphrase is needed")
    refused(plain.run("init", "--encrypted", "--db", tmp_path / "new.db"), 2, "A passphrase is needed")
    assert not (tmp_path / "new.db").exists()
    plain.key_file = tmp_path / "key"
    plain.ok("encrypt")
    refused(plain.run("change-passphrase"), 2, "A passphrase is needed")


def test_backups_that_anybody_can_read_are_named_and_can_be_encrypted(plain: Shop) -> None:
    folder = plain.folder / "backups"
    folder.mkdir()
    backups = [folder / "shop-2026-11-20T090000+0800-manual.db", plain.folder / "shop.db.before-version-7"]
    for backup in backups:
        backup.write_bytes(plain.db.read_bytes())
    (folder / "other-2026-11-20T090000+0800-manual.db").write_bytes(plain.db.read_bytes())
    ran = plain.run("encrypt")
    for backup in backups:
        assert f"Not encrypted: the backup {backup}." in ran.err
    assert "recrm encrypt --backups" in ran.err
    answer = plain.get("encrypt", "--backups")
    assert answer["encrypted_backups"] == [str(backup) for backup in backups]
    assert answer["plain_backups"] == []
    assert legible(plain.folder) == ["other-2026-11-20T090000+0800-manual.db"]
    for backup in backups:
        assert plain.get("list-clients", "--db", backup)[0]["name"] == "Ann Zanzibar"


def test_a_raw_key_opens_without_deriving_one(plain: Shop) -> None:
    key_file(plain.folder, "x'" + os.urandom(32).hex() + "'")
    plain.ok("encrypt")
    assert plain.get("list-clients")[0]["name"] == "Ann Zanzibar"
    key_file(plain.folder, PASSPHRASE)
    refused(plain.run("list-clients"), 5, "does not open")


def test_a_damaged_backup_is_named_and_the_others_are_encrypted(plain: Shop) -> None:
    good = Path(plain.get("backup")["file"])
    bad = good.with_name("shop-2026-11-20T090000+0800-manual.db")
    spoiled = bytearray(good.read_bytes())
    spoiled[4096:] = bytes(len(spoiled) - 4096)
    bad.write_bytes(spoiled)
    ran = plain.run("encrypt", "--backups", "--json")
    assert (ran.code, ran.json["encrypted_backups"], ran.json["plain_backups"]) == (1, [str(good)], [str(bad)])
    assert f"{bad} is damaged" in ran.err
    assert bad.read_bytes() == bytes(spoiled)
    assert legible(plain.folder) == []


def test_a_full_disk_leaves_the_file_as_it_was(plain: Shop) -> None:
    before = plain.db.read_bytes()
    small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{small}from recrm import cli; cli.main(['encrypt'])"],
        env={name: value for name, value in plain.environment().items() if "COVERAGE" not in name},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode in (1, 5)
    assert len(done.stderr.splitlines()) == 2, done.stderr
    assert plain.db.read_bytes() == before
    assert sorted(file.name for file in plain.folder.iterdir()) == ["key", "shop.db"]
