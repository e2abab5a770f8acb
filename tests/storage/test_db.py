"""Only our own whole file is opened, all else is refused as it is; a file is made whole and private or not at all."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from recrm.core.errors import DatabaseTrouble
from recrm.core.files import name_new
from recrm.storage import connections, db, migrations
from recrm.storage.migrations import APPLICATION_ID
from tests.conftest import Shop
from tests.history.driving import run
from tests.opening import open_files, until_the_test_ends
from tests.storage.kit import a_client, done_now

READ = ("due-today", "--json")
WRITE = ("add-client", "Ann")
EVERY_SORT = [READ, WRITE, ("find", "x"), ("show-client", "1"), ("log", "1", "x"), ("list-clients",), ("done", "1")]


def assert_refused(shop: Shop, *words: str, saying: str) -> None:
    """Exit code 5, two lines on stderr, the file as it was and nothing beside it."""
    before = shop.db.read_bytes() if shop.db.is_file() else None
    beside = sorted(path.name for path in shop.folder.iterdir())
    ran = shop.run(*words)
    assert (ran.code, ran.out) == (5, ""), ran
    lines = ran.err.splitlines()
    assert len(lines) == 2
    assert saying in lines[0]
    assert str(shop.db) in lines[0]
    assert (shop.db.read_bytes() if shop.db.is_file() else None) == before
    assert sorted(path.name for path in shop.folder.iterdir()) == beside


@pytest.mark.parametrize("words", EVERY_SORT, ids=lambda words: words[0])
def test_a_mistyped_path_makes_nothing(bare: Shop, words: tuple[str, ...]) -> None:
    assert_refused(bare, *words, saying="There is no database at")
    ran = bare.run("--db", bare.folder / "typo" / "shop.db", *words, RECRM_DB="")
    assert ran.code == 5
    assert "recrm init" in ran.err
    assert list(bare.folder.iterdir()) == []


def other_program(path: Path, *, application_id: int = 0x1234) -> None:
    conn = sqlite3.connect(path)
    conn.execute(f"PRAGMA application_id={application_id}")
    conn.execute("CREATE TABLE clients (id INTEGER PRIMARY KEY)")
    conn.commit()
    conn.close()


@pytest.mark.parametrize("words", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize(
    ("make", "saying"),
    [
        (lambda path: path.touch(), "is empty"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_text("Name,Phone\n" * 100), "is not a recrm database"),
        (lambda path: path.write_bytes(b"SQLite format 3\0"), "is not a recrm database"),
        (other_program, "is a database of another program"),
        (lambda path: other_program(path, application_id=0), "is a database of another program"),
    ],
    ids=["empty", "folder", "text", "only the magic", "another program's", "nobody's"],
)
def test_what_is_not_ours_is_refused_as_it_is(bare: Shop, make: object, saying: str, words: tuple[str, ...]) -> None:
    assert callable(make)
    make(bare.db)
    assert_refused(bare, *words, saying=saying)


@pytest.mark.parametrize("words", [READ, WRITE], ids=["read", "write"])
def test_a_newer_database_is_refused_as_it_is(shop: Shop, words: tuple[str, ...]) -> None:
    conn = sqlite3.connect(shop.db)
    conn.execute(f"PRAGMA user_version={migrations.VERSION + 1}")
    conn.close()
    assert_refused(shop, *words, saying=f"has version {migrations.VERSION + 1}, newer than the {migrations.VERSION}")


@pytest.mark.parametrize("words", [READ, WRITE, ("find", "Ann"), ("list-clients",)], ids=lambda words: words[0])
@pytest.mark.parametrize("harm", ["truncated", "scribbled over", "first page"])
def test_a_damaged_database_is_a_clean_error(shop: Shop, harm: str, words: tuple[str, ...]) -> None:
    shop.add("Ann", "--note", "x" * 5000)
    whole = shop.db.read_bytes()
    assert int.from_bytes(whole[68:72], "big") == APPLICATION_ID
    shop.db.write_bytes(
        {
            "truncated": whole[: len(whole) // 2],
            "scribbled over": whole[:4096] + b"\xa5" * (len(whole) - 4096),
            "first page": whole[:100] + b"\xa5" * 3000 + whole[3100:],
        }[harm]
    )
    before = shop.db.read_bytes()
    ran = shop.run(*words)
    assert (ran.code, ran.out) == (5, ""), ran
    assert "is damaged" in ran.err
    assert len(ran.err.splitlines()) == 2
    assert shop.db.read_bytes() == before


def test_init_makes_a_private_file_in_a_private_folder(bare: Shop) -> None:
    place = bare.folder / "new" / "shop.db"
    made = bare.get("init", "--db", place)
    assert made == {"db": str(place), "encrypted": False}
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert [path.name for path in place.parent.iterdir()] == ["shop.db"]
    assert place.read_bytes()[18:20] == b"\1\1"  # a rollback journal, not WAL


@pytest.mark.parametrize("holds", ["", "text"])
def test_init_touches_no_existing_file(bare: Shop, holds: str) -> None:
    bare.db.write_text(holds)
    ran = bare.run("init")
    assert (ran.code, ran.out) == (4, "")
    assert "exists already" in ran.err
    assert bare.db.read_text() == holds


def test_init_follows_no_dangling_link(bare: Shop) -> None:
    bare.db.symlink_to(bare.folder / "elsewhere.db")
    assert bare.run("init").code == 4
    assert not (bare.folder / "elsewhere.db").exists()


def test_init_where_the_folder_is_a_file_says_so(bare: Shop) -> None:
    (bare.folder / "file").touch()
    for place in ("file/shop.db", "file/deeper/shop.db"):
        ran = bare.run("init", "--db", bare.folder / place)
        assert (ran.code, ran.out) == (5, "")
        assert "cannot be created" in ran.err


def test_the_first_write_to_the_default_path_makes_the_file_and_a_read_does_not(bare: Shop) -> None:
    place = bare.folder / "data" / "recrm" / "recrm.db"
    for words in (READ, ("find", "x"), ("show-client", "1"), ("log", "1", "x"), ("list-clients",)):
        assert bare.run(*words, RECRM_DB="").code == 5
        assert not place.parent.exists()
    assert bare.run("--json", RECRM_DB="").json["exists"] is False
    assert not place.parent.exists()
    bare.ok("add-client", "Ann", RECRM_DB="")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert [client["name"] for client in bare.get("list-clients", RECRM_DB="")] == ["Ann"]


def test_a_refused_first_write_leaves_no_client(bare: Shop) -> None:
    assert bare.run("add-client", "Ann", "--phone", "abc", RECRM_DB="").code == 2
    assert not (bare.folder / "data").exists()


def test_two_first_writes_at_once_are_both_kept(bare: Shop) -> None:
    environment = bare.environment(RECRM_DB="")
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "recrm", "add-client", name], env=environment, stdout=subprocess.DEVNULL
        )
        for name in ("Ann", "Bob", "Cid", "Dan")
    ]
    assert [process.wait(60) for process in started] == [0] * 4
    assert {client["name"] for client in bare.get("list-clients", RECRM_DB="")} == {"Ann", "Bob", "Cid", "Dan"}
    assert [path.name for path in (bare.folder / "data" / "recrm").iterdir()] == ["recrm.db"]


def test_a_file_that_appears_meanwhile_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on a disk without hard links, where the name is claimed first."""
    path = tmp_path / "shop.db"

    def unable(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", unable)
    db.create(path).close()
    assert path.stat().st_size > 0
    with pytest.raises(FileExistsError):
        db.create(path)
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        name_new(tmp_path / "draft", path)
    assert path.read_text() == "mine"


def test_a_failed_creation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "all_migrations", lambda: [lambda: ["CREATE TABLE broken ("]])
    with pytest.raises(DatabaseTrouble):
        db.create(tmp_path / "shop.db")
    assert list(tmp_path.iterdir()) == []


def test_every_connection_has_the_safe_pragmas(tmp_path: Path) -> None:
    shop = until_the_test_ends(db.create(tmp_path / "shop.db"))
    names = ("foreign_keys", "synchronous", "secure_delete", "trusted_schema", "journal_mode")
    assert [shop.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == [1, 3, 1, 0, "delete"]


COMPLETING = {"_RECRM_COMPLETE": "complete_bash", "COMP_WORDS": "recrm show-client an", "COMP_CWORD": "2"}


@pytest.mark.parametrize(
    ("words", "code", "environment"),
    [
        (["show-client", "Ann"], 0, {}),
        (["add-client", "Bob"], 0, {}),
        (["show-client", "nobody"], 3, {}),
        (["add-client", "Bob", "--phone", "12"], 2, {}),
        (["erase-client", "Ann"], 2, {}),
        (["undo", "77"], 3, {}),
        ([], 0, COMPLETING),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_command_closes_the_database_however_it_ends(
    shop: Shop, words: list[str], code: int, environment: dict[str, str]
) -> None:
    shop.add("Ann")
    before = open_files()
    ended, text = run(shop, words, **environment)
    assert (ended, open_files() - before) == (code, set()), text
    assert not environment or "Ann" in text


@pytest.mark.parametrize("refused", ["newer", "damaged"])
def test_a_database_that_is_refused_is_closed(shop: Shop, refused: str) -> None:
    if refused == "newer":
        shop.sql("PRAGMA user_version=999")
    else:
        whole = shop.db.read_bytes()
        shop.db.write_bytes(whole[:100] + b"\xa5" * 3000 + whole[3100:])
    before = open_files()
    with pytest.raises(DatabaseTrouble) as error:
        db.open_existing(shop.db)
    assert open_files() == before, error.traceback


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_locked_database_is_given_up_after_the_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: str
) -> None:
    monkeypatch.setattr(connections, "LOCK_SECONDS", 0.05)
    path = tmp_path / "shop.db"
    shop = until_the_test_ends(db.create(path))
    with shop.write(done_now()):
        a_client(shop.conn)
    other = until_the_test_ends(sqlite3.connect(path, isolation_level=None))
    other.execute(begin)
    refused = pytest.raises(DatabaseTrouble, match="Another program has been writing")
    with refused as error, shop.write(done_now()):
        pytest.fail("it went on without the lock")
    assert error.value.exit_code == 5
    if begin == "BEGIN EXCLUSIVE":
        with refused:
            db.open_existing(path)
    else:
        reader = until_the_test_ends(db.open_existing(path)).conn
        assert reader.execute("SELECT count(*) FROM clients").fetchone()[0] == 1
    other.rollback()
    with shop.write(done_now()):
        a_client(shop.conn)
    assert shop.conn.execute("SELECT count(*) FROM clients").fetchone()[0] == 2


def test_a_locked_database_is_exit_code_5_by_the_command_itself(shop: Shop) -> None:
    """The one test that waits the ten seconds out, as cron would."""
    other = sqlite3.connect(shop.db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ran = shop.run("add-client", "Ann")
    assert (ran.code, ran.out) == (5, "")
    assert "for over 10 seconds; nothing was changed." in ran.err
    other.rollback()
    other.close()
    assert shop.get("list-clients") == []


def test_cron_s_empty_environment_is_enough(shop: Shop) -> None:
    config = shop.folder / "config.toml"
    config.write_text('timezone = "Asia/Shanghai"\n')
    shop.add("王丽")
    command = [
        sys.executable,
        "-m",
        "recrm",
        "--db",
        str(shop.db),
        "--config",
        str(config),
        "due-today",
        "--as-of",
        "2026-11-30",
    ]
    for environment in ({}, {"RECRM_NOW": shop.now}, {"HOME": "/nonexistent", "RECRM_NOW": shop.now}):
        done = subprocess.run(command, env=environment, cwd="/", capture_output=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")
        assert "王丽".encode() in done.stdout
