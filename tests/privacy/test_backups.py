"""erase-client --backups: every backup of this database is rewritten, and none of another history is touched."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.conftest import Shop
from tests.privacy.test_erasing import NAME, traces_in

SECRET = ("--phone", "13912345678", "--note", "strohdach")


def backup(shop: Shop) -> Path:
    """Take one; where it is."""
    before = set((shop.folder / "backups").glob("*.db"))
    shop.ok("backup")
    (made,) = set((shop.folder / "backups").glob("*.db")) - before
    return made


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(query).fetchall()


def test_without_the_option_the_backups_are_named_and_left(shop: Shop) -> None:
    her = shop.add(NAME, *SECRET)
    made = backup(shop)
    ran = shop.run("erase-client", her, "--yes")
    assert "1 backup may still hold them" in ran.err
    assert {file for file, _ in traces_in(shop.folder)} == {made.name}


def test_every_backup_is_rewritten_without_them(shop: Shop) -> None:
    bob = shop.add("Bob", "--note", "阳台")
    her = shop.add(NAME, *SECRET, "--referrer", bob)
    first = backup(shop)
    shop.now = "2026-11-21T10:00:00"
    twin = shop.add("Cuihua Zwei", "--phone", "13712345678")
    shop.ok("edit-client", her, "--note", "wendeltreppe")
    second = backup(shop)
    shop.now = "2026-11-21T11:00:00"
    shop.ok("merge-clients", her, twin, "--yes")
    third = backup(shop)
    times = [path.stat().st_mtime for path in (first, second, third)]
    said = shop.get("erase-client", her, "--yes", "--backups")
    assert {each["state"] for each in said["backups"]} == {"erased"}
    assert len(said["backups"]) == 3
    assert traces_in(shop.folder) == []
    assert [path.stat().st_mtime for path in (first, second, third)] == times
    for path in (first, second, third):
        assert path.stat().st_mode & 0o777 == 0o600
        assert ask(path, "PRAGMA integrity_check") == [("ok",)]
        assert ask(path, "SELECT name, note FROM clients") == [("Bob", "阳台")]
        assert ask(path, "SELECT count(*) FROM operations WHERE command = 'erase-client'") == [(0,)]
        assert ask(path, "SELECT hash FROM suppressions") == shop.sql("SELECT hash FROM suppressions")
    assert not list((shop.folder / "backups").glob(".*"))


def test_one_who_was_erased_before_can_be_erased_from_the_backups_afterwards(shop: Shop) -> None:
    her = shop.add(NAME, *SECRET)
    made = backup(shop)
    shop.ok("erase-client", her, "--yes")
    shop.add("Bob")
    said = shop.get("erase-client", her, "--yes", "--backups")
    assert [each["state"] for each in said["backups"]] == ["erased"]
    assert traces_in(shop.folder) == []
    again = shop.get("erase-client", her, "--yes", "--backups")
    assert [(each["file"], each["state"]) for each in again["backups"]] == [(str(made), "clean")]


def test_a_backup_of_another_history_or_a_damaged_one_is_named_and_left(shop: Shop) -> None:
    her = shop.add(NAME, *SECRET)
    made = backup(shop)
    shop.ok("erase-client", her, "--yes")
    other = shop.folder / "other.db"
    shop.ok("init", "--db", other)
    shop.ok("add-client", "Stranger", "--db", other, RECRM_NOW="2026-11-01T08:00:00")
    foreign = made.with_name(made.name.replace("21T", "20T"))
    shutil.copy(other, foreign)
    broken = made.with_name(made.name.replace("21T", "19T"))
    broken.write_bytes(b"not a database at all")
    before = foreign.read_bytes(), broken.read_bytes()
    said = shop.get("erase-client", her, "--yes", "--backups")
    states = {Path(each["file"]).name: each["state"] for each in said["backups"]}
    assert states == {made.name: "erased", foreign.name: "left", broken.name: "left"}
    assert all(each["reason"] for each in said["backups"] if each["state"] == "left")
    assert (foreign.read_bytes(), broken.read_bytes()) == before


def test_a_client_added_at_another_moment_is_somebody_else(shop: Shop) -> None:
    shop.add("Stranger")
    made = backup(shop)
    with closing(sqlite3.connect(made)) as conn, conn:
        conn.execute("UPDATE clients SET created_at = '2020-01-01T00:00:00Z'")
    said = shop.get("erase-client", 1, "--yes", "--backups")
    assert [each["state"] for each in said["backups"]] == ["left"]
    assert ask(made, "SELECT name FROM clients") == [("Stranger",)]


def test_a_backup_of_an_older_version_is_brought_up_to_date_on_the_way(shop: Shop) -> None:
    her = shop.add(NAME, *SECRET)
    made = backup(shop)
    with closing(sqlite3.connect(made)) as conn:
        for table in ("suppressions", "suppression_key", "consents"):
            conn.execute(f"DROP TABLE {table}")
        for index in ("changes_client", "changes_moved"):
            conn.execute(f"DROP INDEX {index}")
        for column in ("client_id", "moved_to"):
            conn.execute(f"ALTER TABLE changes DROP COLUMN {column}")
        conn.execute("CREATE INDEX changes_deleted ON changes(table_name) WHERE action = 'delete'")
        conn.execute("PRAGMA user_version = 10")
    said = shop.get("erase-client", her, "--yes", "--backups")
    assert [each["state"] for each in said["backups"]] == ["erased"]
    assert traces_in(shop.folder) == []


def test_what_is_wrong_with_a_backup_is_said_without_the_folder_it_was_worked_on_in(shop: Shop) -> None:
    her = shop.add(NAME, *SECRET)
    made = backup(shop)
    made.write_bytes(b"")
    err = shop.run("erase-client", her, "--backups", "--yes").err
    assert f"{made} may still hold them. It is empty" in err
    assert "recrm-erasing" not in err
