"""add-client without arguments at a terminal: each answer checked, left at any point with nothing saved."""

from __future__ import annotations

import pytest

from tests.conftest import Shop
from tests.terminal import CTRL_C, CTRL_D, Terminal

QUESTIONS = (
    "Name",
    "Phone",
    "WeChat id",
    "Email",
    "Type",
    "Tier",
    "Source",
    "Birthday",
    "Topics to avoid",
    "Tags",
    "Note",
)


def test_each_field_is_asked_and_a_wrong_answer_is_asked_again(shop: Shop) -> None:
    shop.add("老张", "-p", "13900139000")
    with Terminal(shop, "add-client") as terminal:
        terminal.answer("Name", "  ", "王丽")
        terminal.answer("Phone", "12", "139 0013 9000", "13800138000")
        terminal.answer("WeChat id", "wangli")
        terminal.answer("Email", "wang@", "wang@example.com")
        terminal.answer("Type", "owner", "buyer,seller")
        terminal.answer("Tier", "D", "a")
        terminal.answer("Source", "portal")
        terminal.answer("Birthday", "31 feb", "05-20")
        terminal.answer("Topics to avoid", "prices")
        terminal.answer("Tags", "urgent 学区房")
        terminal.answer("Note", "met at the fair")
        assert terminal.end() == 0
    assert "already belongs to 老张 (#1)" in terminal.seen
    assert "Added 王丽 as #2." in terminal.seen
    shown = shop.get("show-client", 2)
    assert (shown["phone"], shown["wechat"], shown["email"]) == ("+8613800138000", "wangli", "wang@example.com")
    assert (shown["types"], shown["tier"], shown["tags"]) == (["buyer", "seller"], "A", ["urgent", "学区房"])
    assert (shown["source"], shown["birthday"], shown["avoid"]) == ("portal", "--05-20", "prices")
    assert shown["note"] == "met at the fair"
    assert shop.sql("SELECT count(*) FROM operations WHERE command = 'add-client'") == [(2,)]


def test_in_chinese_it_asks_and_is_answered_in_chinese(shop: Shop) -> None:
    with Terminal(shop, "add-client", RECRM_LANG="zh_CN") as terminal:
        terminal.answer("姓名：", "王丽")
        for question in ("电话：", "微信号：", "邮箱："):
            terminal.answer(question, "")
        terminal.answer("类型（", "邻居", "买方、房东")
        terminal.answer("分层（", "无")
        for question in ("来源（", "生日（", "忌讳话题：", "标签（", "备注："):
            terminal.answer(question, "")
        assert terminal.end() == 0
    assert "类型有：买方、卖方、租客、房东。" in terminal.seen
    assert set(shop.get("show-client", 1)["types"]) == {"buyer", "landlord"}


def test_enter_skips_every_field_but_the_name(shop: Shop) -> None:
    with Terminal(shop, "add-client") as terminal:
        terminal.answer("Name", "王丽")
        for question in QUESTIONS[1:]:
            terminal.answer(question, "")
        assert terminal.end() == 0
    shown = shop.get("show-client", 1)
    assert (shown["name"], shown["contact_points"], shown["tier"], shown["tags"]) == ("王丽", [], None, [])


@pytest.mark.parametrize(
    ("answered", "key"),
    [*((answered, CTRL_C) for answered in range(len(QUESTIONS))), (0, CTRL_D), (len(QUESTIONS) - 1, CTRL_D)],
    ids=lambda given: {CTRL_C: "ctrl-c", CTRL_D: "ctrl-d"}.get(given, f"at-{given}"),
)
def test_it_can_be_left_at_any_question_with_nothing_saved(shop: Shop, answered: int, key: str) -> None:
    with Terminal(shop, "add-client") as terminal:
        for question in QUESTIONS[:answered]:
            terminal.answer(question, "王丽" if question == "Name" else "")
        terminal.answer(QUESTIONS[answered], key)
        assert terminal.end() == (130 if key == CTRL_C else 1)
    assert ("Stopped; nothing was saved." if key == CTRL_C else "Left without saving anything.") in terminal.seen
    assert (shop.count("clients"), shop.count("operations")) == (0, 0)


def test_options_beside_the_questions_are_kept(shop: Shop) -> None:
    with Terminal(shop, "add-client", "--family", "one son", "--tag", "VIP") as terminal:
        terminal.answer("Name", "王丽")
        for question in QUESTIONS[1:]:
            terminal.answer(question, "")
        assert terminal.end() == 0
    shown = shop.get("show-client", 1)
    assert (shown["family"], shown["tags"]) == ("one son", ["VIP"])
