"""restore: verified before anything is touched, what was there is kept, and nothing is ever half of either."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from recrm.backups import store
from recrm.backups.model import ChangedMeanwhile
from recrm.core.errors import DatabaseTrouble
from recrm.storage import backup, connections, migrations
from recrm.storage.backup_folder import folder_for
from recrm.storage.keys import Keys
from tests.backups.conftest import backups_of, content, spoil
from tests.backups.test_backup import full, killed_half_way
from tests.conftest import Ran, Shop
from tests.storage.kit import MORNING, a_client
from tests.storage.test_faults import HALF_DONE, python, run_as
from tests.storage.test_migrations import made_by
from tests.terminal import Terminal


def refused(ran: Ran, code: int, saying: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    assert saying in ran.err
    assert len(ran.err.splitlines()) == 2


def replaced(shop: Shop) -> list[Path]:
    """Files that were put aside, with their journals."""
    return sorted(path for path in shop.folder.iterdir() if ".replaced-" in path.name)


def test_the_content_goes_back_and_what_was_there_is_kept(busy: Shop) -> None:
    (good,) = backups_of(busy)
    then = content(busy.db)
    busy.add("Ann")
    now, inode = content(busy.db), busy.db.stat().st_ino
    said = busy.get("restore", good.name, "--yes")
    kept = Path(said["kept"])
    assert kept.name == "shop-2026-11-21T090000+0800-before-restore.db"
    assert content(busy.db) == then == content(good)
    assert content(kept) == now
    assert busy.db.stat().st_ino == inode
    assert said == {
        "db": str(busy.db), "restored": str(good), "version": migrations.VERSION, "clients": 2, "kept": str(kept),
        "encrypted": False,
    }  # fmt: skip
    assert {path.name for path in busy.folder.iterdir()} == {"shop.db", "backups"}
    busy.ok("restore", kept, "--yes")
    assert content(busy.db) == now


def test_what_is_said_names_the_kept_file(busy: Shop) -> None:
    said = busy.ok("restore", "latest", "--yes")
    assert str(busy.folder / "backups" / "shop-2026-11-21T090000+0800-before-restore.db") in said
    assert "Undo does not reach back" in said


def test_latest_is_the_newest_good_one_that_no_restoration_replaced(busy: Shop) -> None:
    (good,) = backups_of(busy)
    bad = Path(shutil.copy(good, good.with_name("shop-2026-11-20T230000+0800-manual.db")))
    spoil(bad)
    busy.add("Ann")
    for _ in range(2):
        assert busy.get("restore", "latest", "--yes")["restored"] == str(good)
    good.unlink()
    assert "before-restore" in busy.get("restore", "latest", "--yes")["restored"]


def test_without_a_good_backup_there_is_nothing_to_restore(busy: Shop) -> None:
    (good,) = backups_of(busy)
    good.write_bytes(b"")
    refused(busy.run("restore", "latest", "--yes"), 3, "can be opened")
    good.unlink()
    refused(busy.run("restore", "latest", "--yes"), 3, "There is no backup of this database")
    refused(busy.run("restore", "monday.db", "--yes"), 3, "There is no backup monday.db")


def test_without_a_terminal_it_wants_a_yes(busy: Shop) -> None:
    before = busy.db.read_bytes()
    refused(busy.run("restore", "latest"), 2, "no terminal to ask on")
    refused(busy.run("restore", "latest", "--json"), 2, "--yes")
    assert busy.db.read_bytes() == before


def test_on_a_terminal_it_asks(busy: Shop) -> None:
    busy.add("Ann")
    before = content(busy.db)
    with Terminal(busy, "restore", "latest") as terminal:
        terminal.expect("is good and holds 2 clients")
        terminal.expect("Put it in the place of")
        terminal.type("n")
        assert terminal.end() == 1
    assert content(busy.db) == before
    with Terminal(busy, "restore", "latest") as terminal:
        terminal.expect("Put it in the place of")
        terminal.type("y")
        terminal.expect("Restored")
        assert terminal.end() == 0
    assert busy.count("clients") == 2


@pytest.mark.parametrize(
    ("how", "code", "saying"),
    [
        ("empty", 5, "is empty"),
        ("text", 5, "is not a backup of recrm's"),
        ("foreign", 5, "is not a backup of recrm's"),
        ("newer", 5, "newer"),
        ("truncated", 5, "is damaged"),
        ("damaged", 5, "is damaged"),
        ("references", 5, "point to rows that are gone"),
        ("folder", 5, "is not a backup of recrm's"),
    ],
)
@pytest.mark.parametrize("database", ["sound", "damaged", "absent"])
def test_a_backup_that_is_none_is_refused_before_anything_is_touched(
    busy: Shop, how: str, code: int, saying: str, database: str
) -> None:
    (good,) = backups_of(busy)
    other = Path(shutil.copy(good, busy.folder / "other.db"))
    if how == "empty":
        other.write_bytes(b"")
    elif how == "text":
        other.write_text("not a database " * 100)
    elif how == "truncated":
        os.truncate(other, other.stat().st_size // 3)
    elif how == "damaged":
        spoil(other, "contacts")
    elif how == "folder":
        other.unlink()
        other.mkdir()
    else:
        with closing(sqlite3.connect(other)) as conn, conn:
            conn.execute(
                {
                    "foreign": "PRAGMA application_id=7",
                    "newer": f"PRAGMA user_version={migrations.VERSION + 1}",
                    "references": "DELETE FROM clients",
                }[how]
            )
    if database == "damaged":
        spoil(busy.db)
    elif database == "absent":
        busy.db.unlink()
    before = busy.db.read_bytes() if busy.db.exists() else None
    names = sorted(busy.folder.rglob("*"))
    ran = busy.run("restore", other, "--yes")
    refused(ran, code, "" if how == "empty" else saying)
    assert (busy.db.read_bytes() if busy.db.exists() else None) == before
    assert sorted(busy.folder.rglob("*")) == names


def test_the_database_itself_is_no_backup_of_it(busy: Shop) -> None:
    refused(busy.run("restore", busy.db, "--yes"), 4, "is the database itself")
    link = busy.folder / "link.db"
    link.symlink_to(busy.db)
    refused(busy.run("restore", link, "--yes"), 4, "is the database itself")


def test_a_folder_or_a_pipe_is_never_replaced(busy: Shop) -> None:
    (good,) = backups_of(busy)
    folder, pipe = busy.folder / "precious", busy.folder / "pipe"
    folder.mkdir()
    (folder / "letter").touch()
    os.mkfifo(pipe)
    for place, saying in ((folder, "is a folder"), (pipe, "is not a file")):
        for words in (("restore", good, "--yes"), ("due-today",), ("restore", place, "--yes", "--db", busy.db)):
            ran = busy.run(*words, RECRM_DB=str(place))
            assert ran.code == 5
            assert f"{place} {'is not a backup' if busy.db in words else saying}" in ran.err
    assert [path.name for path in folder.iterdir()] == ["letter"]
    assert {path.name for path in busy.folder.iterdir()} == {"shop.db", "backups", "precious", "pipe"}


def test_a_database_of_another_program_is_never_replaced(busy: Shop) -> None:
    other = busy.folder / "photos.db"
    with closing(sqlite3.connect(other)) as conn:
        conn.execute("CREATE TABLE photos (id)")
    before = other.read_bytes()
    (good,) = backups_of(busy)
    refused(busy.run("restore", good, "--yes", "--db", other), 5, "another program")
    assert other.read_bytes() == before


def test_where_no_database_is_one_is_made(busy: Shop) -> None:
    then = content(busy.db)
    busy.db.unlink()
    said = busy.get("restore", "latest", "--yes")
    assert (said["kept"], said["clients"]) == (None, 2)
    assert content(busy.db) == then
    assert stat.S_IMODE(busy.db.stat().st_mode) == 0o600


@pytest.mark.parametrize("how", ["garbage", "empty", "page", "first page"])
def test_a_damaged_database_is_put_aside_whole(busy: Shop, how: str) -> None:
    then = content(busy.db)
    if how == "garbage":
        busy.db.write_text("it was a database once\n" * 1000)
    elif how == "empty":
        busy.db.write_bytes(b"")
    elif how == "page":
        spoil(busy.db)
    else:
        with busy.db.open("r+b") as file:
            file.seek(100)
            file.write(b"\xa5" * 3000)
    damaged = busy.db.read_bytes()
    said = busy.get("restore", "latest", "--yes")
    assert content(busy.db) == then
    assert replaced(busy) == [Path(said["kept"])]
    assert Path(said["kept"]).read_bytes() == damaged
    assert "The file that could not be opened was kept as" in busy_again(busy)


def busy_again(shop: Shop) -> str:
    spoil(shop.db)
    return shop.ok("restore", "latest", "--yes")


def half_written(shop: Shop) -> None:
    """Leave the database as a process killed in mid-write does: with a hot journal."""
    root = str(Path(__file__).parents[2])
    child = python(shop, f"import sys; sys.path.insert(0, {root!r})\n{HALF_DONE}", str(shop.db))
    assert child.stdout is not None
    assert child.stdout.readline() == "half done\n"
    child.kill()
    child.communicate(timeout=60)
    assert Path(f"{shop.db}-journal").stat().st_size > 0


@pytest.mark.parametrize("how", ["damaged", "absent"])
def test_a_hot_journal_goes_aside_with_its_database_and_spoils_nothing(busy: Shop, how: str) -> None:
    then = content(busy.db)
    half_written(busy)
    journal = Path(f"{busy.db}-journal").read_bytes()
    if how == "damaged":
        with busy.db.open("r+b") as file:
            file.write(b"overwritten by a sync program" * 10)
        ruin = busy.db.read_bytes()
    else:
        busy.db.unlink()
    said = busy.get("restore", "latest", "--yes")
    assert content(busy.db) == then
    assert not Path(f"{busy.db}-journal").exists()
    if how == "damaged":
        assert replaced(busy) == [Path(said["kept"]), Path(f"{said['kept']}-journal")]
        assert Path(said["kept"]).read_bytes() == ruin
        assert Path(f"{said['kept']}-journal").read_bytes() == journal
    else:
        assert [path.read_bytes() for path in replaced(busy)] == [journal]


def test_a_hot_journal_of_a_sound_database_is_rolled_back_before_it_is_kept(busy: Shop) -> None:
    before = content(busy.db)
    half_written(busy)
    said = busy.get("restore", "latest", "--yes")
    assert content(Path(said["kept"])) == before


def test_a_link_stays_a_link(busy: Shop) -> None:
    then = content(busy.db)
    (busy.folder / "elsewhere").mkdir()
    target = busy.folder / "elsewhere" / "shop.db"
    busy.db.rename(target)
    busy.db.symlink_to(target)
    (good,) = backups_of(busy)
    for ruin in ("none", "a page", "the file"):
        if ruin == "a page":
            spoil(target)
        elif ruin == "the file":
            target.unlink()
        said = busy.get("restore", good, "--yes")
        assert busy.db.is_symlink()
        assert content(target) == then
        assert said["kept"] is None or Path(said["kept"]).is_relative_to(target.parent)


def test_an_older_backup_is_brought_up_to_date_at_once(busy: Shop) -> None:
    old = busy.folder / "old.db"
    made_by(5, old).close()
    assert busy.get("restore", old, "--yes")["version"] == migrations.VERSION
    assert busy.sql("PRAGMA user_version") == [(migrations.VERSION,)]
    assert [client["name"] for client in busy.get("list-clients")] == ["Ann"]
    with closing(sqlite3.connect(old)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (5,), "the backup itself stays as it is"


def test_a_newer_database_can_be_replaced_and_is_kept(busy: Shop) -> None:
    busy.sql(f"PRAGMA user_version={migrations.VERSION + 1}")
    said = busy.get("restore", "latest", "--yes")
    with closing(sqlite3.connect(said["kept"])) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (migrations.VERSION + 1,)
    busy.ok("list-clients")


def test_pages_of_another_size_are_restored_too(busy: Shop) -> None:
    then = content(busy.db)
    (good,) = backups_of(busy)
    with closing(sqlite3.connect(good)) as conn:
        conn.execute("PRAGMA page_size=8192")
        conn.execute("VACUUM")
    busy.add("Ann")
    said = busy.get("restore", good, "--yes")
    assert content(busy.db) == then
    assert len(content(Path(said["kept"]))["clients"]) == 3


def test_a_killed_restoration_leaves_the_old_content(busy: Shop) -> None:
    for number in range(40):
        busy.ok("log", 1, f"{number}" * 2000, "--keep-open")
    (good,) = backups_of(busy)
    busy.ok("backup")
    (big,) = [path for path in backups_of(busy) if path != good]
    busy.ok("restore", good, "--yes")
    before, file_before = content(busy.db), busy.db.read_bytes()
    killed_in_the_pouring(busy, "restore", str(big), "--yes")
    assert busy.db.read_bytes() != file_before, "the file was to be caught half-written"
    assert len(busy.get("list-contacts", "--limit", 0)) == 1
    assert content(busy.db) == before
    busy.ok("restore", big, "--yes")
    assert busy.count("contacts") == 41


POURING = """
import signal, sys
from recrm.storage import backup, connections
whole, pour = connections.open_file, backup.pour
def small(*given):
    conn = whole(*given)
    conn.execute("PRAGMA cache_size=2")
    return conn
steps = 0
def wait(*_):
    global steps
    steps += 1
    if steps == 8:
        print("half way", flush=True)
        signal.pause()
def slowly(*given):
    backup.PAGES_AT_ONCE, backup.refuse_locked = 5, wait
    pour(*given)
connections.open_file, backup.pour = small, slowly
from recrm.cli import main
main(sys.argv[1:])
"""


def killed_in_the_pouring(shop: Shop, *words: str) -> None:
    child = python(shop, POURING, *words)
    assert child.stdout is not None
    assert child.stdout.readline() == "half way\n", child.communicate()
    child.kill()
    child.communicate(timeout=60)


def test_a_restoration_killed_while_the_old_is_being_kept_changes_nothing(busy: Shop) -> None:
    before = busy.db.read_bytes()
    killed_half_way(busy, "restore", "latest", "--yes")
    assert busy.db.read_bytes() == before


def test_a_locked_database_is_left_as_it_is(busy: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LOCK_SECONDS", 0)
    (good,) = backups_of(busy)
    busy.add("Ann")
    before = content(busy.db)
    with closing(sqlite3.connect(busy.db, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseTrouble, match="Another program"):
            store.restore(good, busy.db, folder_for(busy.db), MORNING, no_keys)
    assert content(busy.db) == before


def no_keys() -> Keys:
    raise AssertionError("no key is wanted")


def test_who_writes_while_the_old_is_being_kept_is_kept_too(busy: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    (good,) = backups_of(busy)
    save, times = backup.save, [2]

    def interrupted(*given: object) -> object:
        made = save(*given)  # type: ignore[arg-type]  # handed on
        if times[0]:
            times[0] -= 1
            with closing(sqlite3.connect(busy.db)) as writer, writer:
                a_client(writer, name="late")
        return made

    monkeypatch.setattr(backup, "save", interrupted)
    restored = store.restore(good, busy.db, folder_for(busy.db), MORNING, no_keys)
    assert restored.kept is not None
    assert len(content(restored.kept)["clients"]) == 4
    assert len(backups_of(busy)) == 2
    times[0] = 99
    with pytest.raises(ChangedMeanwhile):
        store.restore(good, busy.db, folder_for(busy.db), MORNING, no_keys)
    assert len(backups_of(busy)) == 2


def test_a_full_disk_restores_nothing(small_disk: Path, busy: Shop) -> None:
    here = Shop(small_disk)
    shutil.copy(busy.db, here.db)
    here.add("Ann")
    before = content(here.db)
    (good,) = backups_of(busy)
    full(here)
    refused(here.run("restore", good, "--yes"), 1, "")
    assert content(here.db) == before
    spoil(here.db)
    ruin = here.db.read_bytes()
    refused(here.run("restore", good, "--yes"), 1, "could not be written")
    assert here.db.read_bytes() == ruin
    here.db.unlink()
    (small_disk / "filler").unlink()
    assert {path.name for path in small_disk.iterdir()} <= {"backups"}
    here.ok("restore", good, "--yes")


@pytest.mark.parametrize("database", ["sound", "damaged"])
def test_a_read_only_folder_restores_nothing(busy: Shop, mortal: tuple[str, ...], database: str) -> None:
    if database == "damaged":
        spoil(busy.db)
    before = busy.db.read_bytes()
    folders = (busy.folder / "backups", busy.folder)
    for folder in folders:
        folder.chmod(0o500)
    try:
        ran = run_as(busy, "restore", "latest", "--yes", before=mortal)
        assert (ran.code, ran.out) == (1, ""), ran
    finally:
        for folder in reversed(folders):
            folder.chmod(0o700)
    assert busy.db.read_bytes() == before
    assert len(backups_of(busy)) == 1
