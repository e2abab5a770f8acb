"""Every released schema is upgraded, its data kept, a verified backup beside it; a failed upgrade changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recrm.core.errors import DatabaseTrouble, Failed
from recrm.storage import backup, connections, db, errors, migrations
from recrm.storage.backup_folder import folder_for
from recrm.storage.migrations import APPLICATION_ID, all_migrations
from recrm.storage.schema import journaled_tables, unjournaled_tables
from tests.conftest import Shop
from tests.opening import until_the_test_ends
from tests.storage.kit import insert, ram_shop, tables
from tests.storage.test_journal import ROWS

RELEASED_0_2_0 = Path(__file__).with_name("released_0_2_0.sql")
VERSIONS = range(1, len(all_migrations()) + 1)


def made_by(version: int, path: Path) -> sqlite3.Connection:
    """A database as an older recrm left it, with a row in each table it knows."""
    path.touch(0o600)
    conn = until_the_test_ends(sqlite3.connect(path, isolation_level=None))
    for migration in all_migrations()[:version]:
        for statement in migration():
            conn.execute(statement)
    conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version={version}")
    conn.execute("INSERT INTO operations (command, agent, at) VALUES ('init', 'Mei', '2026-01-01T00:00:00Z')")
    for table in (name for name in ROWS if name in known(conn)):
        row, _ = ROWS[table]
        marks = ", ".join("?" * len(row))
        conn.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    return conn


def known(conn: sqlite3.Connection) -> set[str]:
    return {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} & (
        set(ROWS) | {"operations", "changes", "standing"}
    )


def kept_before(path: Path) -> list[Path]:
    """The backups that upgrades of this file have made."""
    folder = folder_for(path)
    saved = folder.backups()
    assert {each.name for each in folder.path.iterdir()} == {each.path.name for each in saved}
    assert {each.occasion for each in saved} == {"before-upgrade"}
    return [each.path for each in saved]


def schema(conn: sqlite3.Connection) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in conn.execute("SELECT type, name, sql FROM sqlite_master")}


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_older_database_is_upgraded_with_its_data(tmp_path: Path, version: int) -> None:
    path = tmp_path / "shop.db"
    old = made_by(version, path)
    kept = tables(old, known(old))
    columns = {name: [row[1] for row in old.execute(f"PRAGMA table_info({name})")] for name in kept}
    old.close()
    shop = db.open_existing(path)
    assert shop.conn.execute("PRAGMA user_version").fetchone()[0] == migrations.VERSION
    assert shop.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    assert shop.conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert schema(shop.conn) == schema(ram_shop().conn)
    for name, rows in kept.items():
        still = shop.conn.execute(f"SELECT {', '.join(columns[name])} FROM {name} ORDER BY 1").fetchall()
        assert [tuple(row) for row in still] == rows
    (copy,) = kept_before(path)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    before = sqlite3.connect(copy)
    assert before.execute("PRAGMA user_version").fetchone() == (version,)
    assert before.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert tables(before, kept) == kept
    before.close()
    shop.close()
    assert {each.name for each in tmp_path.iterdir()} == {path.name, "backups"}


@pytest.mark.parametrize("version", VERSIONS[1:-1])
def test_what_is_derived_is_right_after_an_upgrade(tmp_path: Path, version: int) -> None:
    made_by(version, tmp_path / "shop.db").close()
    conn = until_the_test_ends(db.open_existing(tmp_path / "shop.db")).conn
    now = [tuple(row) for row in conn.execute("SELECT * FROM standing_now")]
    assert [tuple(row) for row in conn.execute("SELECT * FROM standing")] == now != []


def test_an_upgraded_database_serves_the_commands(shop: Shop) -> None:
    shop.db.unlink()
    made_by(len(all_migrations()) - 1, shop.db).close()
    assert [client["name"] for client in shop.get("list-clients")] == ["Ann"]
    shop.ok("log", 1, "and on it goes")
    assert shop.get("list-contacts")[0]["text"] == "and on it goes"


def test_what_release_0_2_0_wrote_is_kept_and_its_history_told(shop: Shop) -> None:
    shop.db.unlink()
    old = sqlite3.connect(shop.db, isolation_level=None)
    old.executescript(RELEASED_0_2_0.read_text("utf-8"))
    names = [row[0] for row in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    facts = [name for name in names if "_words" not in name and not name.startswith("sqlite_")]
    columns = {name: ", ".join(row[1] for row in old.execute(f"PRAGMA table_info({name})")) for name in facts}

    def held(conn: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
        return {name: conn.execute(f"SELECT {columns[name]} FROM {name} ORDER BY 1").fetchall() for name in facts}

    before = held(old)
    old.close()
    assert len(before["changes"]) == 86
    shop.get("list-clients")
    upgraded = sqlite3.connect(shop.db)
    assert schema(upgraded) == schema(ram_shop().conn)
    assert held(upgraded) == before
    # A digest is nobody's; each other line has found its client.
    nobodys = "SELECT DISTINCT table_name FROM changes WHERE client_id IS NULL"
    assert upgraded.execute(nobodys).fetchall() == [("digests",)]
    moved = "SELECT table_name, client_id, moved_to FROM changes WHERE moved_to IS NOT NULL ORDER BY id"
    assert upgraded.execute(moved).fetchall() == [
        ("contacts", 4, 1),
        ("complaints", 5, 2),
        ("complaints", 2, 5),
    ]
    upgraded.close()
    # A merge stands in the history of both; that it was taken back, too.
    assert [one["command"] for one in shop.get("history", "--client", 5, "--sort", "oldest")] == [
        "add-client",
        "record-complaint",
        "merge-clients",
        "undo",
    ]
    assert "rude" not in str(shop.get("export-person", 2))
    shop.ok("erase-client", 2, "--yes")
    assert shop.get("show-client", 5)["name"] == "Anna Smith"
    shop.ok("undo")


def test_a_new_database_is_not_backed_up(tmp_path: Path) -> None:
    db.create(tmp_path / "shop.db").close()
    db.open_existing(tmp_path / "shop.db").close()
    assert [each.name for each in tmp_path.iterdir()] == ["shop.db"]


Migration = Callable[[], list[str]]


@pytest.mark.parametrize(
    ("last", "saying"),
    [
        (lambda: ["CREATE TABLE half (id INTEGER PRIMARY KEY)", "CREATE TABLE broken ("], "cannot be used"),
        (lambda: ["INSERT INTO client_tags (client_id, tag) VALUES (77, 'x')"], "1 rows point to rows that are gone"),
    ],
    ids=["broken statement", "broken reference"],
)
def test_a_failing_migration_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: Migration, saying: str
) -> None:
    path = tmp_path / "shop.db"
    made_by(len(all_migrations()), path).close()
    before = path.read_bytes()
    monkeypatch.setattr(db, "all_migrations", lambda: (*all_migrations(), last))
    monkeypatch.setattr(db, "VERSION", len(all_migrations()) + 1)
    with pytest.raises(DatabaseTrouble, match=saying):
        db.open_existing(path)
    assert path.read_bytes() == before
    monkeypatch.undo()
    db.open_existing(path).close()
    assert path.read_bytes() == before


def test_a_backup_that_fails_stops_the_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shop.db"
    made_by(2, path).close()
    before = path.read_bytes()
    monkeypatch.setattr(backup, "row_counts", lambda conn: {"clients": id(conn)})
    with pytest.raises(Failed, match="does not agree"):
        db.open_existing(path)
    assert path.read_bytes() == before
    assert list((tmp_path / "backups").iterdir()) == []


def test_two_processes_upgrade_at_once_and_the_backup_is_of_the_old_one(bare: Shop) -> None:
    made_by(2, bare.db).close()
    command = [sys.executable, "-m", "recrm", "list-clients", "--json"]
    started = [subprocess.Popen(command, env=bare.environment(), stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4
    assert len(set(said)) == 1
    assert '"name": "Ann"' in said[0]
    (copy,) = kept_before(bare.db)
    before = sqlite3.connect(copy)
    assert before.execute("PRAGMA user_version").fetchone() == (2,)
    before.close()


def test_an_upgrade_that_waits_for_a_newer_recrm_does_not_turn_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.db"
    made_by(2, path).close()
    conn = until_the_test_ends(connections.connect(path))
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version={migrations.VERSION + 1}")
    newer.close()
    with pytest.raises(errors.DatabaseNewer):
        db.bring_up_to_date(conn, path)
    assert conn.execute("PRAGMA user_version").fetchone()[0] == migrations.VERSION + 1


def test_migrations_are_numbered_and_say_why() -> None:
    assert len(all_migrations()) == migrations.VERSION
    for number, migration in enumerate(all_migrations(), start=1):
        assert migration.__name__.startswith(f"m{number:03}_")
        assert migration.__doc__


def test_tables_are_strict_and_facts_have_an_id() -> None:
    conn = ram_shop().conn
    for name, strict in conn.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    ):
        assert strict or name.startswith("sqlite_"), name
    assert set(journaled_tables(conn)).isdisjoint(
        {*unjournaled_tables(), "operations", "changes", "reversals", "standing"}
    )


def test_no_id_of_a_fact_is_given_twice() -> None:
    """An undo would find the place of a row that is gone taken by a stranger. Digests are never undone."""
    conn = ram_shop().conn
    for table in set(journaled_tables(conn)) - {"digests"}:
        (statement,) = conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        assert "AUTOINCREMENT" in statement, table


def test_ids_that_only_the_journal_remembers_are_not_given_again(tmp_path: Path) -> None:
    old = made_by(11, tmp_path / "shop.db")
    old.execute("INSERT INTO changes (operation_id, table_name, row_id, action) VALUES (1, 'client_tags', 7, 'insert')")
    old.commit()
    old.close()
    conn = until_the_test_ends(db.open_existing(tmp_path / "shop.db")).conn
    assert insert(conn, "client_tags", client_id=1, tag="new") == 8


def test_every_reference_has_an_index() -> None:
    """Else taking a row away reads the whole of every table that could point to it."""
    conn = ram_shop().conn
    for table in journaled_tables(conn):
        leading = {
            conn.execute(f"PRAGMA index_info({index[1]})").fetchone()[2]
            for index in conn.execute(f"PRAGMA index_list({table})").fetchall()
        }
        for reference in conn.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            assert reference[3] in leading, (table, reference[3])


# Backups.


def test_a_backup_is_whole_private_and_taken_while_others_write(tmp_path: Path) -> None:
    shop = until_the_test_ends(db.create(tmp_path / "shop.db"))
    target = tmp_path / "copy.db"
    target.write_text("an older backup")
    backup.take(shop.conn, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert schema(until_the_test_ends(db.open_existing(target)).conn) == schema(shop.conn)
    assert {each.name for each in tmp_path.iterdir()} == {"shop.db", "copy.db"}


def test_a_failed_backup_removes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = until_the_test_ends(db.create(tmp_path / "shop.db"))
    target = tmp_path / "copy.db"
    backup.take(shop.conn, target)
    before = target.read_bytes()
    monkeypatch.setattr(backup, "row_counts", lambda conn: {"clients": id(conn)})
    with pytest.raises(Failed):
        backup.take(shop.conn, target)
    assert target.read_bytes() == before
    with pytest.raises(Failed):
        backup.take(shop.conn, tmp_path / "no such folder" / "copy.db")
    shutil.rmtree(tmp_path / "no such folder", ignore_errors=True)
    assert {each.name for each in tmp_path.iterdir()} == {"shop.db", "copy.db"}
