"""backup and list-backups: verified, private, thinned; and whatever goes wrong, nothing that was there is gone."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from recrm.core.errors import DatabaseTrouble, Failed
from recrm.storage import backup, connections, db, integrity, migrations
from recrm.storage.backup_folder import folder_for
from tests.backups.conftest import backups_of, content, spoil
from tests.conftest import Shop
from tests.opening import until_the_test_ends
from tests.storage.kit import MORNING
from tests.storage.test_faults import FIFTY, python, run_as


def test_a_backup_holds_everything_and_is_private(busy: Shop) -> None:
    made = busy.get("backup")
    path = Path(made["file"])
    assert path.name == "shop-2026-11-21T090000+0800-manual.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert content(path) == content(busy.db)
    assert made == {
        "file": str(path),
        "time": "2026-11-21T09:00:00+08:00",
        "occasion": "manual",
        "size": path.stat().st_size,
        "version": migrations.VERSION,
        "clients": 2,
        "state": "good",
        "why": None,
        "encrypted": False,
    }


def test_two_of_one_second_are_two(busy: Shop) -> None:
    first, second = (Path(busy.get("backup")["file"]) for _ in range(2))
    assert second.name == "shop-2026-11-21T090000+0800-manual-2.db"
    assert first.exists()


def test_a_folder_on_the_command_line_or_in_the_config(busy: Shop) -> None:
    stick = busy.folder / "stick" / "recrm"
    assert Path(busy.get("backup", "--to", stick)["file"]).parent == stick
    busy.ok("config", "set", "backup.folder", str(busy.folder / "other"))
    assert Path(busy.get("backup")["file"]).parent == busy.folder / "other"
    assert [each["file"] for each in busy.get("list-backups", "--from", stick)] == [
        str(stick / "shop-2026-11-21T090000+0800-manual.db")
    ]
    assert busy.run("config", "set", "backup.folder", "some/where").code == 2


def test_older_backups_are_thinned_and_other_files_are_not(busy: Shop) -> None:
    (busy.folder / "backups" / "notes.txt").touch()
    (busy.folder / "backups" / "other-2020-01-01T000000+0000-manual.db").touch()
    for day in range(1, 6):
        for hour in (9, 17):
            busy.ok("backup", "--keep", "2", RECRM_NOW=f"2026-11-{day:02}T{hour:02}:00:00")
    names = [path.name for path in backups_of(busy)]
    assert names == [
        "notes.txt",
        "other-2020-01-01T000000+0000-manual.db",
        *(f"shop-2026-11-{day:02}T170000+0800-manual.db" for day in (1, 2, 3, 4)),
        "shop-2026-11-05T090000+0800-manual.db",
        "shop-2026-11-05T170000+0800-manual.db",
        "shop-2026-11-20T190000+0800-manual.db",
    ]


def test_the_newest_good_one_stays_where_the_others_cannot_be_opened(busy: Shop) -> None:
    (good,) = backups_of(busy)
    bad = good.with_name("shop-2026-11-20T200000+0800-manual.db")
    bad.write_bytes(b"")
    busy.ok("backup", "--keep", "1")
    assert backups_of(busy) == [good, bad, good.with_name("shop-2026-11-21T090000+0800-manual.db")]
    spoil(good)
    busy.ok("backup", "--keep", "1", RECRM_NOW="2026-11-21T10:00:00")
    assert good not in backups_of(busy)


def test_the_list_opens_each_and_says_what_it_is(busy: Shop) -> None:
    (good,) = backups_of(busy)
    folder = good.parent

    def copied(hour: int) -> Path:
        return Path(shutil.copy(good, folder / f"shop-2026-11-20T{hour:02}0000+0800-manual.db"))

    spoil(copied(1))
    with closing(sqlite3.connect(copied(2))) as conn:
        conn.execute(f"PRAGMA user_version={migrations.VERSION + 1}")
    with closing(sqlite3.connect(copied(3))) as conn:
        conn.execute("PRAGMA application_id=7")
    copied(4).write_bytes(b"")
    truncated = copied(5)
    os.truncate(truncated, truncated.stat().st_size // 2)
    copied(6).write_text("not a database")
    shutil.copy(good, busy.folder / "shop.db.before-version-9")
    found = {each["time"][11:13]: each for each in busy.get("list-backups") if "T" in Path(each["file"]).name}
    states = {hour: each["state"] for hour, each in found.items()}
    assert states == {
        "19": "good", "01": "bad", "02": "newer", "03": "foreign", "04": "bad", "05": "bad", "06": "foreign",
    }  # fmt: skip
    assert found["19"]["clients"] == 2
    assert found["01"]["why"]
    assert found["19"]["why"] is None
    listed = busy.get("list-backups")
    assert [each["time"] for each in listed] == sorted((each["time"] for each in listed), reverse=True)
    (old,) = [each for each in listed if each["file"].endswith("before-version-9")]
    assert (old["occasion"], old["state"]) == ("before-upgrade", "good")
    ran = busy.run("list-backups")
    assert "Of these backups, 6 cannot be restored" in ran.err


def test_the_list_needs_no_database(busy: Shop) -> None:
    busy.db.unlink()
    assert [each["state"] for each in busy.get("list-backups")] == ["good"]


def test_a_folder_that_is_none_is_not_taken_for_an_empty_one(shop: Shop) -> None:
    for place in (shop.folder / "nowhere", shop.db):
        ran = shop.run("list-backups", "--from", place)
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith(f"There is no folder {place}.")


def test_an_empty_list_says_what_to_type(shop: Shop) -> None:
    assert "recrm backup" in shop.ok("list-backups")
    assert shop.get("list-backups") == []


def test_before_something_dangerous_a_shop_with_clients_is_backed_up(tmp_path: Path) -> None:
    class App:
        db_path = tmp_path / "shop.db"
        now = MORNING

        def __init__(self) -> None:
            from tests.storage.kit import settings

            self.settings = settings()
            self.db = until_the_test_ends(db.create(self.db_path))

        keys = None

    app = App()
    assert backup.before(app, "before-import") is None  # type: ignore[arg-type]  # no keys are wanted here
    assert not (tmp_path / "backups").exists()
    from tests.storage.kit import a_client

    a_client(app.db.conn)
    made = backup.before(app, "before-import")  # type: ignore[arg-type]  # as above
    assert made == tmp_path / "backups" / "shop-2026-11-21T090000+0800-before-import.db"
    assert integrity.inspect_file(made).clients == 1


# Faults.


def full(shop: Shop) -> None:
    filler = shop.folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass


def test_a_full_disk_leaves_no_file_and_prunes_none(small_disk: Path, shop: Shop) -> None:
    here = Shop(small_disk)
    shutil.copy(shop.db, here.db)
    here.add("Ann")
    folder = small_disk / "backups"
    folder.mkdir(mode=0o700)
    for hour in range(5):
        (folder / f"shop-2020-01-01T0{hour}0000+0800-manual.db").touch()
    before = sorted(folder.iterdir())
    full(here)
    ran = here.run("backup", "--keep", "1")
    assert (ran.code, ran.out) == (1, ""), ran
    assert "could not be written" in ran.err
    assert sorted(folder.iterdir()) == before
    assert {path.name for path in small_disk.iterdir()} == {"shop.db", "backups", "filler"}
    (small_disk / "filler").unlink()
    here.ok("backup", "--keep", "1")
    assert [path.name for path in folder.iterdir()] == ["shop-2026-11-21T090000+0800-manual.db"]


def test_a_disk_that_is_full_by_a_limit_leaves_no_file(busy: Shop) -> None:
    before, size = backups_of(busy), busy.db.stat().st_size

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

    ran = run_as(busy, "backup", "--keep", "1", limit=limit)
    assert (ran.code, ran.out) == (1, ""), ran
    assert backups_of(busy) == before


def test_a_read_only_folder_is_a_clean_error(busy: Shop, mortal: tuple[str, ...]) -> None:
    folder, before = busy.folder / "backups", backups_of(busy)
    folder.chmod(0o500)
    try:
        ran = run_as(busy, "backup", before=mortal)
        assert (ran.code, ran.out) == (1, ""), ran
        assert len(ran.err.splitlines()) == 2
        assert run_as(busy, "list-backups", before=mortal).code == 0
    finally:
        folder.chmod(0o700)
    assert backups_of(busy) == before
    busy.folder.chmod(0o500)
    try:
        assert run_as(busy, "backup", "--to", str(busy.folder / "new"), before=mortal).code == 1
    finally:
        busy.folder.chmod(0o700)


def test_a_damaged_database_is_not_backed_up_and_is_written_no_more(busy: Shop) -> None:
    spoil(busy.db)
    before = backups_of(busy)
    ran = busy.run("backup", "--keep", "1")
    assert (ran.code, ran.out) == (5, ""), ran
    assert "is damaged" in ran.err
    assert "recrm restore latest" in ran.err
    assert backups_of(busy) == before
    assert busy.db.with_name("shop.db.damaged").exists()


HALF_WAY = """
import signal, sys
from recrm.storage import backup, connections
def wait(*_):
    print("half way", flush=True)
    signal.pause()
backup.PAGES_AT_ONCE, backup.refuse_locked = 5, wait
whole = connections.open_file
def small(*given):
    conn = whole(*given)
    conn.execute("PRAGMA cache_size=2")  # so that changed pages reach the file before the end
    return conn
connections.open_file = small
from recrm.cli import main
main(sys.argv[1:])
"""


def killed_half_way(shop: Shop, *words: str) -> None:
    child = python(shop, HALF_WAY, *words)
    assert child.stdout is not None
    assert child.stdout.readline() == "half way\n", child.communicate()
    child.kill()
    child.communicate(timeout=60)


def test_a_killed_backup_is_none_and_is_swept_up_later(busy: Shop) -> None:
    before = backups_of(busy)
    killed_half_way(busy, "backup")
    assert [path for path in backups_of(busy) if not path.name.endswith(".tmp")] == before
    assert [each["state"] for each in busy.get("list-backups")] == ["good"]
    busy.ok("backup", RECRM_NOW="2026-11-21T20:00:00")
    assert any(path.name.endswith(".tmp") for path in backups_of(busy)), "it could still be at work"
    busy.ok("backup", RECRM_NOW="2026-11-23T20:00:00")
    assert not any(path.name.endswith(".tmp") for path in backups_of(busy))


def test_backups_while_another_process_writes_are_each_of_one_moment(busy: Shop) -> None:
    writer = python(busy, FIFTY, "Mei")
    made = [Path(busy.get("backup")["file"]) for _ in range(6)]
    _, err = writer.communicate(timeout=120)
    assert writer.returncode == 0, err
    for path in made:
        rows = content(path)
        logged = [row for row in rows["operations"] if row[1] == "log"]
        assert len(logged) == len(rows["contacts"])


def test_a_database_that_stays_locked_is_an_error_and_not_a_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = until_the_test_ends(db.create(tmp_path / "shop.db"))
    monkeypatch.setattr(connections, "LOCK_SECONDS", 0)
    reader, target = (until_the_test_ends(connections.connect(shop.path)) for _ in range(2))
    shop.conn.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseTrouble, match="Another program"):
        backup.save(reader, folder_for(shop.path), "manual", MORNING)
    with closing(db.create(tmp_path / "other.db").conn) as other, pytest.raises(DatabaseTrouble, match="Another"):
        backup.pour(other, target)
    shop.conn.rollback()
    assert backup.save(reader, folder_for(shop.path), "manual", MORNING).number == 1


def test_a_copy_that_disagrees_prunes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = until_the_test_ends(db.create(tmp_path / "shop.db"))
    folder = folder_for(shop.path)
    for days in range(5):
        backup.save(shop.conn, folder, "manual", MORNING - timedelta(days=400 + days))
    before = folder.backups()
    monkeypatch.setattr(backup, "row_counts", lambda conn: {"clients": id(conn)})
    with pytest.raises(Failed, match="does not agree"):
        backup.save(shop.conn, folder, "manual", MORNING)
    assert folder.backups() == before
    assert len(list(folder.path.iterdir())) == 5
