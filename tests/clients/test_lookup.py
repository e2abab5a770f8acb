"""CLIENT: an id, a phone in any format, an address, a name or part of one, pinyin, initials."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from recrm.clients.lookup import candidates
from tests.conftest import Shop, ShopMaker
from tests.terminal import Terminal


@pytest.fixture(scope="module")
def known(make_shop: ShopMaker) -> Shop:
    """Six clients, each found in many ways; only read."""
    shop = make_shop()
    shop.add("李娜", "-p", "13800138000", "-e", "Lina@Example.com", "-w", "Lina_88")
    shop.add("欧阳明", "-p", "010-8888 1234", "--qq", "1234567")
    shop.add("Anna Schmidt", "-p", "+44 20 7946 0958")
    shop.add("王Anna")
    shop.add("单雪")
    shop.add("吕梁")
    return shop


@pytest.mark.parametrize(
    ("query", "client"),
    [
        ("1", 1), ("#1", 1), ("李娜", 1), ("lina", 1), ("li na", 1), ("LiNa", 1), ("ln", 1), ("娜", 1),
        ("13800138000", 1), ("138-0013-8000", 1), ("+86 138 0013 8000", 1), ("8000", 1), ("0013", 1), ("1380013", 1),
        ("lina@example.com", 1), ("LINA@EXAMPLE.COM", 1), ("lina_88", 1), ("LINA_88", 1),
        ("欧阳", 2), ("oym", 2), ("ouyangming", 2), ("ouyang", 2), ("010-88881234", 2), ("1234567", 2),
        ("01088881234", 2),
        ("schmidt", 3), ("Anna Schmidt", 3), ("schmidt anna", 3), ("020 7946 0958", 3), ("0958", 3),
        ("王anna", 4), ("wanganna", 4), ("wang", 4), ("shan", 5), ("sx", 5), ("dan xue", 5),
        ("lv", 6), ("lu liang", 6), ("lyu", 6),
    ],
)  # fmt: skip
def test_a_client_is_found_by(known: Shop, query: str, client: int) -> None:
    with closing(sqlite3.connect(known.db)) as conn:
        assert candidates(conn, query) == [client]


def test_an_extension_is_found_as_it_was_typed_and_as_it_is_shown(shop: Shop) -> None:
    shop.add("李娜", "-p", "021-62880000 ext 8")
    shop.add("王丽", "-p", "021-62880000-801")
    for query, client in (
        ("021-62880000 ext 8", 1), ("02162880000转8", 1), ("+86 21 6288 0000 ext. 8", 1), ("021-62880000-801", 2),
    ):  # fmt: skip
        assert shop.get("show-client", query)["id"] == client, query
        assert [hit["id"] for hit in shop.get("find", query)] == [client], query
    assert shop.run("show-client", "021-62880000 ext 9").code == 3


def test_no_words_are_no_client(known: Shop) -> None:
    for query in ("", " ", "\u200b"):
        ran = known.run("show-client", query)
        assert (ran.code, ran.err.splitlines()[0]) == (2, "A client is missing."), query


def test_show_client_takes_an_id_a_phone_an_address_a_name_and_initials(known: Shop) -> None:
    for query in ("1", "138-0013-8000", "LINA@example.com", "李娜", "ln"):
        assert known.get("show-client", query)["id"] == 1


def test_a_whole_name_goes_before_names_that_hold_it(shop: Shop) -> None:
    shop.add("王丽华")
    exact = shop.add("王丽")
    assert shop.get("show-client", "王丽")["id"] == exact


def test_several_matches_exit_2_and_list_ids_and_write_nothing(shop: Shop) -> None:
    shop.add("李娜", "-p", "13800138000")
    shop.add("刘宁", "-p", "13900139000")
    ran = shop.run("log", "ln", "hello")
    assert ran.code == 2
    assert "#1 李娜 +86 138 0013 8000; #2 刘宁 +86 139 0013 9000" in ran.err
    assert ran.err.endswith("Give the id instead of the name, such as 1.\n")
    assert shop.count("contacts") == 0


def test_a_phone_that_two_clients_share_is_ambiguous(shop: Shop) -> None:
    shop.add("王丽", "-p", "13800138000")
    shop.add("王军", "-p", "13800138000", "--allow-duplicate")
    assert shop.run("show-client", "13800138000").code == 2


def test_many_matches_are_counted_and_the_first_ten_listed(shop: Shop) -> None:
    for number in range(12):
        shop.add(f"Anna {chr(65 + number)}")
    ran = shop.run("show-client", "anna")
    assert "could be 12 clients" in ran.err
    assert "and 2 more" in ran.err
    assert ran.err.count("#") == 10


def test_digits_with_leading_zeros_are_not_cut_to_a_chance_match(shop: Shop) -> None:
    shop.add("李娜", "-p", "13900139013")
    assert shop.run("log", "0013", "hello").code == 0, "the digits stand within the number"
    assert shop.run("log", "00013", "hello").code == 3


def test_a_mistyped_name_exits_3_with_near_names(known: Shop) -> None:
    for query, near in (("lima", "李娜 (#1)"), ("Schmitt", "Anna Schmidt (#3)"), ("欧阳民", "欧阳明 (#2)")):
        ran = known.run("show-client", query)
        assert ran.code == 3
        assert f"Did you mean {near}" in ran.err


def test_a_stranger_exits_3_saying_how_to_look_or_add(known: Shop) -> None:
    ran = known.run("show-client", "Xavier Quux")
    assert ran.code == 3
    assert "recrm add-client 'Xavier Quux'" in ran.err


def test_what_nobody_answers_to_exits_3(known: Shop) -> None:
    for query in ("99", "#99", "%", "a' OR '1'='1"):
        ran = known.run("show-client", query)
        assert (ran.code, len(ran.err.splitlines())) == (3, 2), query
    with closing(sqlite3.connect(known.db)) as conn:
        assert [query for query in ("_%", "'", '"', "\\", "*", "+", "()") if candidates(conn, query)] == []


def test_archived_clients_step_back_where_another_answers(shop: Shop) -> None:
    old, new = shop.add("李娜"), shop.add("李娜")
    assert shop.run("show-client", "李娜").code == 2
    shop.ok("archive-client", old)
    assert shop.get("show-client", "李娜")["id"] == new
    shop.ok("archive-client", new)
    assert shop.run("show-client", "李娜").code == 2, "both are archived: neither steps back"


def test_an_archived_client_is_still_found_where_nobody_else_answers(shop: Shop) -> None:
    shop.add("李娜")
    shop.ok("archive-client", "ln")
    assert shop.get("show-client", "ln")["archived_at"] is not None


def test_at_a_terminal_several_are_asked_about_until_one_is_chosen(shop: Shop) -> None:
    shop.add("李娜", "-p", "13800138000")
    shop.add("刘宁", "-p", "13900139000")
    with Terminal(shop, "log", "ln", "hello") as terminal:
        terminal.expect("“ln” could be 2 clients:")
        terminal.answer("Which one?", "7", "x", "2")
        assert terminal.end() == 0
    assert "Logged for 刘宁" in terminal.seen
    assert shop.sql("SELECT client_id FROM contacts") == [(2,)]


@pytest.mark.parametrize("key", ["", "\x03", "\x04"], ids=["enter", "ctrl-c", "ctrl-d"])
def test_at_a_terminal_the_question_can_be_left_with_nothing_saved(shop: Shop, key: str) -> None:
    shop.add("李娜")
    shop.add("刘宁")
    with Terminal(shop, "log", "ln", "hello") as terminal:
        terminal.answer("Which one?", key)
        assert terminal.end() != 0
    assert "nothing" in terminal.seen.lower() or "without saving" in terminal.seen
    assert shop.count("contacts") == 0


def test_json_never_asks(shop: Shop) -> None:
    shop.add("李娜")
    shop.add("刘宁")
    with Terminal(shop, "show-client", "ln", "--json") as terminal:
        assert terminal.end() == 2


def test_a_piece_of_a_phone_that_begins_with_a_nought_is_no_id(shop: Shop) -> None:
    for name in ("Ann", "Bea", "Cid"):
        shop.add(name)
    shop.add("李娜", "--phone", "13800003999")
    assert shop.get("show-client", "0003")["id"] == 4
    assert [hit["id"] for hit in shop.get("find", "0003")] == [4]
    assert shop.get("show-client", "3")["id"] == 3
