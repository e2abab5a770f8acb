"""find and show-client read indexes, never whole rows of everybody, and each client's own through their index."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from recrm.app import App
from recrm.briefing import search, store
from recrm.clients.lookup import find_client
from recrm.storage.db import Database
from tests.conftest import NOW
from tests.storage.kit import HERE, a_client, ago, done_now, insert, plans, ram_shop, statements


@pytest.fixture
def app() -> App:
    """One run of recrm over a shop in memory."""
    shop: Database = ram_shop()
    with shop.write(done_now()):
        first = a_client(shop.conn, name="李娜", search_key="李娜\nli na\nlina\nln", note="学区房")
        referred = {"referrer_id": first, "search_key": "anna"}
        a_client(shop.conn, name="Anna", **referred)
        point = {"kind": "phone", "value": "+8613800138000", "shown": "138", "key": "+8613800138000"}
        insert(shop.conn, "contact_points", client_id=first, **point)
        insert(shop.conn, "client_tags", client_id=first, tag="vip")
        talk = {"at": ago(days=1), "direction": "in", "channel": "call", "agent": "", "created_at": ago()}
        insert(shop.conn, "contacts", client_id=first, text="阳台 balcony", **talk)
        insert(shop.conn, "follow_ups", client_id=first, due_at=ago(), agent="", created_at=ago())
        insert(shop.conn, "complaints", client_id=first, severity="major", text="x", opened_at=ago(), agent="")
    made = App()
    known: dict[str, Any] = {"db": shop, "zone": HERE, "now": datetime.fromisoformat(NOW).replace(tzinfo=HERE)}
    vars(made).update(known)
    return made


def assert_read_by_index(found: dict[str, list[str]]) -> None:
    assert found
    for sql, steps in found.items():
        for step in steps:
            is_small = any(part in step for part in ("COVERING INDEX", "VIRTUAL TABLE", "subquery", "SCAN known"))
            assert is_small or not step.startswith("SCAN"), (sql, step)


@pytest.mark.parametrize("query", ["ln", "李", "138-0013", "vip", "学区", "balcony", "#1", "1", "nobody@x.com", "zzz"])
def test_find_reads_no_whole_table(app: App, query: str) -> None:
    queries = statements(app.db.conn, lambda: search.find(app, query, 20))
    found = plans(app.db.conn, queries)
    assert_read_by_index(found)
    if query == "ln":
        assert any("clients_search" in step for steps in found.values() for step in steps)


@pytest.mark.parametrize("words", ["李娜", "ln", "13800138000", "#1", "1"])
def test_show_client_reads_only_what_is_theirs(app: App, words: str) -> None:
    queries = statements(app.db.conn, lambda: store.briefing(app, find_client(app, words), 3))
    found = plans(app.db.conn, queries)
    assert_read_by_index(found)
    used = " ".join(step for steps in found.values() for step in steps)
    for index in ("contacts_client", "follow_ups_client", "complaints_client", "clients_referrer"):
        assert index in used, index


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("ln", "name"),
        ("138 0013", "contact point"),
        ("VIP", "tag"),
        ("学区", "note"),
        ("台", "contact"),
        ("BALC", "contact"),
    ],
)
def test_find_says_where_it_matched(app: App, query: str, where: str) -> None:
    hits, more = search.find(app, query, 20)
    assert [(hit.client_id, hit.where) for hit in hits] == [(1, where)]
    assert not more
