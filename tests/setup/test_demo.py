"""The demo command: a shop to look at and gone, or one to keep, and never half of one."""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from recrm import slices
from recrm.app import App
from recrm.core.errors import Conflict, DatabaseTrouble
from recrm.core.settings import Settings
from recrm.setup import demo as command
from recrm.setup.sample.fill import Filled
from recrm.storage import db
from tests.opening import until_the_test_ends

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 8, 30, tzinfo=SHANGHAI)
DEFAULTS = Settings(Path("absent"), {}, slices.settings())


def count(database: db.Database, table: str) -> int:
    return int(database.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def app_at(path: Path | None) -> App:
    app = App()
    app.given(path, None, False)
    app.__dict__.update(now=NOW, zone=SHANGHAI, settings=DEFAULTS, agent="")
    return app


def test_an_existing_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    path.write_bytes(b"mine")
    with pytest.raises(Conflict) as refused:
        command.demo(app_at(path))
    assert refused.value.exit_code == 4
    assert path.read_bytes() == b"mine"


def test_a_shop_to_keep_says_what_was_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "our demo.db"
    command.demo(app_at(path), clients=20, contacts=50)
    assert f"recrm --db '{path}' due-today" in capsys.readouterr().out
    assert path.stat().st_mode & 0o777 == 0o600
    assert count(until_the_test_ends(db.open_existing(path)), "contacts") == 50


def test_a_failure_leaves_no_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Filled:
        raise KeyboardInterrupt

    monkeypatch.setattr("recrm.setup.sample.fill.fill_shop", broken)
    with pytest.raises(KeyboardInterrupt):
        command.demo(app_at(tmp_path / "demo.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_shop_to_look_at_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[tuple[Path, int]] = []

    def show(app: App) -> None:
        path = app.db.path
        assert path.parent.stat().st_mode & 0o777 == 0o700
        seen.append((path, count(app.db, "clients")))

    today = SimpleNamespace(show_due_today=show)
    monkeypatch.setitem(sys.modules, "recrm.today.commands", today)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    command.demo(app_at(None), clients=20)
    assert [count for _, count in seen] == [20]
    assert list(tmp_path.iterdir()) == []
    assert "recrm demo --db demo.db" in capsys.readouterr().err


def test_a_large_shop_shows_its_progress_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "WORTH_A_BAR", 20)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    command.demo(app_at(tmp_path / "demo.db"), clients=20)
    assert "Making up a shop" in capsys.readouterr().err


def test_a_full_disk_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Filled:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("recrm.setup.sample.fill.fill_shop", full)
    with pytest.raises(DatabaseTrouble):
        command.demo(app_at(tmp_path / "demo.db"))
    assert list(tmp_path.iterdir()) == []
