"""A shop furnished once, and copies of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Shop, ShopMaker
from tests.exports.taking import furnish


@pytest.fixture(scope="session")
def furnished_once(make_shop: ShopMaker) -> Shop:
    return furnish(make_shop())


@pytest.fixture
def furnished(furnished_once: Shop, tmp_path: Path) -> Shop:
    """A shop with clients of every kind, to be exported and written to."""
    shutil.copy(furnished_once.db, tmp_path / "shop.db")
    return Shop(tmp_path)
