"""Touches and inquiries: what a tier calls for, and what waits for an answer."""

from __future__ import annotations

import pytest

from tests.conftest import Shop


@pytest.mark.parametrize(
    ("tier", "not_yet", "on_the_day", "overdue"),
    [
        ("A", "2026-11-22T23:59", "2026-11-23T08:00", "2026-11-23T09:01"),
        ("B", "2026-11-27T23:59", "2026-11-28T00:00", "2026-11-29T00:00"),
        ("C", "2026-12-20T23:59", "2026-12-21T00:00", "2026-12-22T00:00"),
    ],
)
def test_a_tier_calls_for_a_touch_after_its_interval(
    shop: Shop, tier: str, not_yet: str, on_the_day: str, overdue: str
) -> None:
    shop.add("李娜", "--tier", tier)
    shop.ok("log", 1, "hello")
    shop.now = not_yet
    assert shop.due(kind="touch") == []
    shop.now = on_the_day
    (item,) = shop.due(kind="touch")
    assert (item["id"], item["client_id"], item["title"]) == (1, 1, "keep in touch")
    assert f"({tier}: every " in item["reason"]
    assert shop.get("overdue") == []
    shop.now = overdue
    assert [late["kind"] for late in shop.get("overdue")] == ["touch"]


def test_the_clock_starts_at_the_later_of_the_last_contact_and_the_tier(shop: Shop) -> None:
    shop.now = "2026-11-01T09:00"
    shop.add("李娜")
    shop.ok("log", 1, "hello")
    shop.now = "2026-11-21T09:00"
    assert shop.due(kind="touch") == [], "no tier, no touch"
    shop.ok("edit-client", 1, "--tier", "B")
    shop.now = "2026-11-27T09:00"
    assert shop.due(kind="touch") == [], "the tier was set six days ago"
    shop.now = "2026-11-28T09:00"
    (item,) = shop.due(kind="touch")
    assert item["due"] == "2026-11-28"
    assert item["reason"] == "no contact since the tier was set 7 days ago (B: every 7 days)"


def test_the_same_tier_set_again_does_not_restart_the_clock_and_another_does(shop: Shop) -> None:
    shop.add("李娜", "--tier", "B")
    shop.ok("log", 1, "hello")
    shop.now = "2026-11-28T09:00"
    shop.ok("edit-client", 1, "--tier", "b", "--source", "portal")
    assert len(shop.due(kind="touch")) == 1
    shop.ok("edit-client", 1, "--tier", "A")
    assert shop.due(kind="touch") == []
    shop.ok("edit-client", 1, "--tier", "none")
    shop.now = "2027-11-28T09:00"
    assert shop.due(kind="touch") == []


def test_an_incoming_contact_restarts_the_clock_too(shop: Shop) -> None:
    shop.add("李娜", "--tier", "B")
    shop.now = "2026-11-28T09:00"
    shop.ok("log", 1, "they called", "--in")
    assert shop.due(kind="touch") == []


def test_an_open_follow_up_stands_for_the_touch_until_it_is_closed(shop: Shop) -> None:
    shop.add("李娜", "--tier", "A")
    shop.ok("add-follow-up", 1, "2027-03-01", "after the new year")
    shop.now = "2026-12-01T09:00"
    assert shop.due(kind="touch") == []
    shop.ok("cancel-follow-up", 1)
    assert len(shop.due(kind="touch")) == 1


@pytest.mark.parametrize(
    ("rest", "wake"),
    [
        (["archive-client"], ["unarchive-client"]),
        (["edit-client", "--do-not-contact"], ["edit-client", "--may-contact"]),
    ],
    ids=["archived", "do-not-contact"],
)
def test_nothing_reaches_out_to_who_rests(shop: Shop, rest: list[str], wake: list[str]) -> None:
    shop.add("李娜", "--tier", "A", "--birthday", "11-22")
    shop.ok(*rest, 1)
    shop.now = "2027-11-21T09:00"
    assert shop.due() == []
    shop.ok(*wake, 1)
    assert {item["kind"] for item in shop.due()} >= {"touch", "birthday", "inquiry"}


def test_what_was_promised_to_who_rests_stays(shop: Shop) -> None:
    shop.add("李娜", "--do-not-contact")
    shop.ok("add-follow-up", 1, "today", "return the deposit")
    shop.ok("record-complaint", 1, "the deposit was not returned")
    assert sorted(item["kind"] for item in shop.due()) == ["complaint", "follow-up"]


def test_the_daily_cap_holds_back_the_least_urgent_and_says_how_many(shop: Shop) -> None:
    for number in range(25):
        tier = "A" if number % 5 == 0 else "B"
        shop.sql(
            "INSERT INTO clients (name, search_key, origin, tier, tier_set_at, created_at, verified_at) "
            "VALUES (?, ?, 'import', ?, '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z')",
            f"Client {number:02}", f"client {number:02}", tier,
        )  # fmt: skip
    ran = shop.run("due-today")
    assert ran.out.startswith("Sat 21 Nov: 25 due, 25 of them overdue\n25 touches\n")
    assert "Today's cap of 20 holds back 5 touches: `--all` shows all." in ran.err
    capped = shop.due()
    assert len(capped) == 20
    assert sum(shop.get("show-client", i["client_id"])["tier"] == "A" for i in capped[:5]) == 5
    assert len(shop.due("--all")) == 25
    shop.ok("config", "set", "touch.daily_cap", "3")
    assert len(shop.due()) == 3


def test_the_agenda_ahead_knows_no_cap(shop: Shop) -> None:
    shop.ok("config", "set", "touch.daily_cap", "1")
    for name in ("A", "B", "C"):
        shop.add(name, "--tier", "B")
        shop.ok("log", name, "hello")
    ran = shop.run("agenda", "--days", 10, "--json")
    assert [(i["kind"], i["due"]) for i in ran.json] == [("touch", "2026-11-28")] * 3


def test_another_interval_in_the_config_changes_the_touch(shop: Shop) -> None:
    shop.add("李娜", "--tier", "B")
    shop.ok("log", 1, "hello")
    shop.ok("config", "set", "touch.B", "3d")
    shop.now = "2026-11-24T09:00"
    assert [item["due"] for item in shop.due(kind="touch")] == ["2026-11-24"]


def test_an_inquiry_is_due_24_hours_after_it_came_and_gone_once_answered(shop: Shop) -> None:
    shop.add("李娜")
    shop.ok("log", 1, "hello")
    shop.now = "2026-11-21T10:00"
    shop.ok("log", 1, "is the flat still free?", "--in")
    shop.now = "2026-11-21T20:00"
    shop.ok("log", 1, "and the garage?", "--in")
    assert shop.due(kind="inquiry") == []
    shop.now = "2026-11-22T08:00"
    (item,) = shop.due(kind="inquiry")
    assert item["due"] == "2026-11-22T10:00:00+08:00", "counted from the first question"
    assert item["reason"] == "asked yesterday, not answered yet: is the flat still free?"
    shop.ok("log", 1, "yes, both")
    assert shop.due(kind="inquiry") == []


def test_contacts_of_the_same_second_keep_their_order(shop: Shop) -> None:
    shop.add("李娜")
    shop.add("王丽")
    shop.ok("log", 1, "question", "--in")
    shop.ok("log", 1, "answer")
    shop.ok("log", 2, "hello")
    shop.ok("log", 2, "question", "--in")
    shop.now = "2026-11-23T09:00"
    assert [item["client"] for item in shop.due(kind="inquiry")] == ["王丽"]


def test_an_answer_of_before_the_question_is_none(shop: Shop) -> None:
    shop.add("李娜")
    shop.ok("log", 1, "question", "--in", "--at", "-2h")
    shop.ok("log", 1, "an earlier call", "--at", "-3h")
    shop.now = "2026-11-23T09:00"
    assert len(shop.due(kind="inquiry")) == 1


def test_who_was_added_by_hand_is_contacted_first_and_who_was_imported_is_not(shop: Shop) -> None:
    shop.add("李娜")
    shop.sql(
        "INSERT INTO clients (name, search_key, origin, created_at, verified_at) "
        "VALUES ('Imported', 'imported', 'import', '2026-11-21T01:00:00Z', '2026-11-21T01:00:00Z')"
    )
    shop.now = "2026-11-22T08:00"
    (item,) = shop.due(kind="inquiry")
    assert (item["client"], item["title"]) == ("李娜", "first contact")
    assert item["due"] == "2026-11-22T09:00:00+08:00"
    shop.ok("log", 1, "hello")
    assert shop.due(kind="inquiry") == []
    shop.ok("log", "imported", "a question", "--in", "--at", "2026-11-21T10:00")
    assert [i["client"] for i in shop.due(kind="inquiry")] == ["Imported"]
