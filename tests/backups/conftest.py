"""Shops with something to lose, and what the fault tests of the kernel have to break them with."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Shop, ShopMaker
from tests.storage.test_faults import mortal, small_disk

__all__ = ["mortal", "small_disk"]


@pytest.fixture(scope="session")
def busy_once(make_shop: ShopMaker) -> Shop:
    """A shop with a row of most kinds, and one backup of the evening before."""
    shop = make_shop()
    lina = shop.add("李娜", "--phone", "13800138000", "--tier", "A", "--note", "学区房", "--birthday", "11-23")
    shop.add("单田芳", "--pinyin", "shan tian fang", "--email", "shan@example.com", "--referrer", lina)
    shop.ok("log", lina, "asked for the plan", "--in", "--at", "2026-11-19")
    shop.ok("add-follow-up", lina, "today", "send the plan", "--every", "2w")
    shop.ok("add-follow-up", lina, "tomorrow", "call")
    shop.ok("record-complaint", lina, "no heating")
    shop.ok("record-complaint", lina, "rude on the phone")
    shop.ok("resolve-complaint", 2, "apologised")
    shop.ok("close-complaint", 2, "--satisfied")
    shop.ok("backup", RECRM_NOW="2026-11-20T19:00:00")
    return shop


@pytest.fixture
def busy(busy_once: Shop, tmp_path: Path) -> Shop:
    """A copy of it, to be broken."""
    shutil.copytree(busy_once.folder, tmp_path / "shop")
    return Shop(tmp_path / "shop")


def backups_of(shop: Shop) -> list[Path]:
    """What lies in the default folder, by name."""
    folder = shop.folder / "backups"
    return sorted(folder.iterdir()) if folder.exists() else []


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a file that is sound."""
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {name: conn.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def spoil(path: Path, table: str = "clients") -> None:
    """Overwrite the first page of a table with noise."""
    with closing(sqlite3.connect(path)) as conn:
        (page,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = conn.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
