"""Shops whose morning has something to tell."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Shop

HOSTILE = (
    "<script>alert(1)</script>",
    "[x](http://evil.example)",
    "![x](http://evil.example/p.png)",
    "Bob [/] Smith",
    "# *Ann* _Lee_ `rm` ~~gone~~ @all & <@U1> </td>",
    "www.evil.example ann@evil.example https://evil.example",
)


@pytest.fixture(scope="session")
def busy_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A breached complaint, a broken and a coming promise, a birthday, and promises for tomorrow."""
    shop = Shop(tmp_path_factory.mktemp("busy"))
    shop.ok("init")
    shop.now = "2026-11-18T09:00:00"
    for name, *words in (
        ("王丽", "--phone", "13800138000", "--tier", "A"),
        ("Bob Smith", "--phone", "+1 415 555 2671", "--tier", "B"),
        ("Sabine Müller", "--birthday", "1980-11-24"),
    ):
        shop.ok("log", shop.add(name, *words), "hello")
    shop.ok("add-follow-up", 2, "2026-11-18", "send the floor plan")
    shop.ok("add-follow-up", 1, "2026-11-21 14:30", "发户型图，并确认周日的带看时间；" * 4)
    shop.ok("add-follow-up", 2, "2026-11-22 09:30", "call the bank")
    shop.ok("add-follow-up", 3, "2026-11-22", "send a card")
    shop.now = "2026-11-21T05:55:00"
    shop.ok("record-complaint", 1, "暖气从周一就坏了", "--severity", "major")
    shop.now = "2026-11-21T09:00:00"
    return shop


@pytest.fixture(scope="session")
def hostile_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Clients and promises that would like to be markup."""
    shop = Shop(tmp_path_factory.mktemp("hostile"))
    shop.ok("init")
    for words in HOSTILE:
        shop.ok("add-follow-up", shop.add(words), "2026-11-20", f"{words} \x1b]52;c;aGk=\x07\x1b[31m\u202e")
    return shop


@pytest.fixture
def busy(busy_shop: Shop, tmp_path: Path) -> Shop:
    """A copy of the busy shop, made while nobody writes to it."""
    return _copy(busy_shop, tmp_path)


@pytest.fixture
def hostile(hostile_shop: Shop, tmp_path: Path) -> Shop:
    """A copy of the hostile shop."""
    return _copy(hostile_shop, tmp_path)


def _copy(made: Shop, folder: Path) -> Shop:
    copy = Shop(folder, now=made.now)
    shutil.copy(made.db, copy.db)
    return copy
