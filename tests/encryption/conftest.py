"""An encrypted shop, its key in a file; nothing here runs where the extra `encrypt` is not installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Shop, ShopMaker

pytest.importorskip("sqlcipher3", reason="sqlcipher3 (extra encrypt) is not installed")

PASSPHRASE = "it's a 学区 secret"
SECRETS = ("Zanzibar", "13800138000", "学区房")


def key_file(folder: Path, passphrase: str = PASSPHRASE, name: str = "key") -> Path:
    """A passphrase in a file for its owner alone."""
    path = folder / name
    path.touch(0o600)
    path.write_text(f"{passphrase}\n", "utf-8")
    return path


def fill(shop: Shop) -> None:
    """Somebody with a phone, a note, a promise and a contact."""
    ann = shop.add("Ann Zanzibar", "--phone", "13800138000", "--note", "likes 学区房", "--tier", "A", "--tag", "urgent")
    shop.ok("add-follow-up", ann, "today", "send Zanzibar the plan")
    shop.ok("log", ann, "Zanzibar likes 学区房", "--keep-open")


def legible(folder: Path) -> list[str]:
    """Files of a folder in whose bytes something of a client can be read."""
    words = [word.encode() for word in SECRETS]
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("key")]
    return [file.name for file in files if any(word in file.read_bytes() for word in words)]


@pytest.fixture(scope="session")
def filled_once(make_shop: ShopMaker) -> Shop:
    shop = make_shop()
    fill(shop)
    return shop


@pytest.fixture(scope="session")
def locked_once(filled_once: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("locked"))
    shutil.copy2(filled_once.db, shop.db)
    shop.key_file = key_file(shop.folder)
    shop.ok("encrypt")
    return shop


@pytest.fixture
def plain(filled_once: Shop, tmp_path: Path) -> Shop:
    """A plain shop with a client in it, and a key file that it does not need yet."""
    shutil.copy2(filled_once.db, tmp_path / "shop.db")
    return Shop(tmp_path, key_file=key_file(tmp_path))


@pytest.fixture
def locked(locked_once: Shop, tmp_path: Path) -> Shop:
    """The same shop, encrypted."""
    shutil.copy2(locked_once.db, tmp_path / "shop.db")
    return Shop(tmp_path, key_file=key_file(tmp_path))


Everything = Callable[[Shop], object]


def everything(shop: Shop) -> object:
    """What the daily lists and the briefing say."""
    return [shop.get(*words) for words in (["due-today"], ["list-contacts"], ["show-client", 1], ["find", "学区"])]
