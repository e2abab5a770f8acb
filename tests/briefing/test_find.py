"""find: any trace of a client leads to them, the best first, saying where."""

from __future__ import annotations

import pytest

from tests.conftest import Shop, ShopMaker


@pytest.fixture(scope="module")
def shop_of_four(make_shop: ShopMaker) -> Shop:
    """Four clients with words in every place that is searched; only read."""
    shop = make_shop()
    shop.add(
        "李娜", "-p", "13800138000", "-e", "lina@example.com", "-w", "lina_88", "--tag", "学区房",
        "--note", "wants a south-facing balcony, 100% sure",
    )  # fmt: skip
    shop.add("Bob Smith", "-p", "+44 20 7946 0958", "--note", "介绍人是李娜的同事")
    shop.add("刘宁", "--tag", "investor 🏠")
    shop.add("Zoë Müller")
    shop.ok("log", "Bob", "聊了一下学区房的价格", "-f", "觉得balconies太小")
    shop.ok("log", "刘宁", "O'Brien's kitchen, and/or a garage 🚗")
    return shop


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("李娜", [("李娜", "name"), ("Bob Smith", "note")]),
        ("lina", [("李娜", "name")]),
        ("ln", [("李娜", "name"), ("刘宁", "name")]),
        ("娜", [("李娜", "name"), ("Bob Smith", "note")]),
        ("smith", [("Bob Smith", "name")]),
        ("zoe muller", [("Zoë Müller", "name")]),
        ("0013", [("李娜", "contact point")]),
        ("138-0013-8000", [("李娜", "contact point")]),
        ("+86 138 0013 8000", [("李娜", "contact point")]),
        ("020 7946", [("Bob Smith", "contact point")]),
        ("example.com", [("李娜", "contact point")]),
        ("lina_88", [("李娜", "contact point")]),
        ("学区", [("李娜", "tag"), ("Bob Smith", "contact")]),
        ("balc", [("李娜", "note"), ("Bob Smith", "contact")]),
        ("同事", [("Bob Smith", "note")]),
        ("价格", [("Bob Smith", "contact")]),
        ("south balcony", [("李娜", "note")]),
        ("#3", [("刘宁", "id")]),
        ("kitchen garage", [("刘宁", "contact")]),
    ],
)
def test_find(shop_of_four: Shop, query: str, hits: list[tuple[str, str]]) -> None:
    found = shop_of_four.get("find", query)
    assert [(hit["client"], hit["where"]) for hit in found] == hits
    assert all(hit["match"] for hit in found)


def test_a_query_of_signs_is_text_and_never_a_syntax_error(shop_of_four: Shop) -> None:
    assert [h["client"] for h in shop_of_four.get("find", '" OR *')] == ["刘宁"], "whose text has the word or"
    for query in ("NEAR(", "_", "'", '"', "xx AND", "*", "words:x", "^x", "-balcony -x", "🚀", "\\", "( )"):
        assert shop_of_four.run("find", "--json", "--", query).json == [], query
    assert [h["client"] for h in shop_of_four.get("find", "o'brien")] == ["刘宁"]
    assert [h["client"] for h in shop_of_four.get("find", "and/or")] == ["刘宁"]
    assert [h["client"] for h in shop_of_four.get("find", "100%")] == ["李娜"]


def test_several_words_need_no_quotes_and_all_count(shop_of_four: Shop) -> None:
    assert [h["client"] for h in shop_of_four.get("find", "south", "balcony")] == ["李娜"]
    assert shop_of_four.get("find", "north", "balcony") == []


def test_nothing_found_says_how_to_add(shop_of_four: Shop) -> None:
    ran = shop_of_four.run("find", "Xavier Quux")
    assert (ran.code, ran.out) == (0, "Nothing answers to “Xavier Quux”.\n")
    assert "recrm add-client 'Xavier Quux'" in ran.err
    assert shop_of_four.run("find", " ").code == 2
    assert shop_of_four.run("find").code == 2


def test_the_table_says_where_it_matched(shop_of_four: Shop) -> None:
    shown = shop_of_four.ok("find", "balc")
    assert "note: wants a south-facing balcony, 100% sure" in shown
    assert "contact: 聊了一下学区房的价格 → 觉得balconies太小" in shown


def test_what_the_limit_cuts_off_is_said(shop_of_four: Shop) -> None:
    ran = shop_of_four.run("find", "ln", "--limit", 1)
    assert ran.err == "Shown: the best 1; type more of the word, or `--limit 0` shows all.\n"
    assert shop_of_four.run("find", "ln").err == ""


def test_one_talkative_client_does_not_hide_another(shop: Shop) -> None:
    for name in ("Quiet", "Talkative"):
        shop.add(name)
    shop.ok("log", "Quiet", "the terrace")
    for _ in range(25):
        shop.ok("log", "Talkative", "the terrace again")
    assert [h["client"] for h in shop.get("find", "terrace", "--limit", 5)] == ["Talkative", "Quiet"]


def test_what_is_rewritten_or_archived_is_found_as_it_is_now(shop: Shop) -> None:
    shop.add("李娜", "--note", "likes gardens")
    shop.ok("edit-client", 1, "--note", "likes balconies")
    assert shop.get("find", "gardens") == []
    assert len(shop.get("find", "balconies")) == 1
    shop.ok("archive-client", 1)
    assert shop.get("find", "李娜")[0]["archived"]
    assert "李娜 (archived)" in shop.ok("find", "李娜")
