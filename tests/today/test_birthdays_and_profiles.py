"""What is read off the profile: birthdays ahead, on the day and belated; profiles to be verified again."""

from __future__ import annotations

import pytest

from tests.conftest import Shop


def born(shop: Shop, birthday: str) -> None:
    """李娜, born so, contacted long ago."""
    shop.now = "2026-01-05T09:00"
    shop.add("李娜", f"--birthday={birthday}")
    shop.ok("log", 1, "hello")


@pytest.mark.parametrize(
    ("birthday", "today", "due", "reason"),
    [
        ("1990-11-28", "2026-11-21", "2026-11-28", "turns 36 on Sat 28 Nov, in 7 days"),
        ("1990-11-28", "2026-11-27", "2026-11-28", "turns 36 tomorrow"),
        ("1990-11-28", "2026-11-28", "2026-11-28", "turns 36 today"),
        ("1990-11-28", "2026-11-29", "2026-11-28", "turned 36 yesterday"),
        ("1990-11-28", "2026-12-05", "2026-11-28", "turned 36 on Sat 28 Nov, nothing said yet"),
        ("11-28", "2026-11-28", "2026-11-28", "birthday today"),
        ("--01-02", "2026-12-28", "2027-01-02", "birthday on Sat 2 Jan 2027, in 5 days"),
        ("1990-12-30", "2027-01-02", "2026-12-30", "turned 36 on Wed 30 Dec 2026, nothing said yet"),
        ("1992-02-29", "2027-02-28", "2027-02-28", "turns 35 today"),
        ("1992-02-29", "2028-02-28", "2028-02-29", "turns 36 tomorrow"),
    ],
)
def test_a_birthday_is_on_the_list(shop: Shop, birthday: str, today: str, due: str, reason: str) -> None:
    born(shop, birthday)
    shop.now = f"{today}T09:00"
    (item,) = shop.due(kind="birthday")
    assert (item["due"], item["reason"], item["id"]) == (due, reason, 1)


@pytest.mark.parametrize("today", ["2026-11-20", "2026-12-06"])
def test_a_birthday_is_not_on_the_list_too_early_or_long_after(shop: Shop, today: str) -> None:
    born(shop, "11-28")
    shop.now = f"{today}T09:00"
    assert shop.due(kind="birthday") == []


def test_on_the_day_a_birthday_weighs_more_than_before_and_after(shop: Shop) -> None:
    born(shop, "11-28")
    weights = []
    for today in ("2026-11-27", "2026-11-28", "2026-11-29"):
        (item,) = shop.due("--explain", "--as-of", today, kind="birthday")
        weights.append(item["explain"]["kind"])
    assert weights == [1, 4, 1]


def test_a_word_on_the_day_ends_it_and_a_word_before_does_not(shop: Shop) -> None:
    born(shop, "11-28")
    shop.now = "2026-11-27T20:00"
    shop.ok("log", 1, "talked of prices")
    shop.now = "2026-11-28T09:00"
    assert len(shop.due(kind="birthday")) == 1
    shop.ok("log", 1, "happy birthday")
    assert shop.due(kind="birthday") == []


def test_a_belated_birthday_is_overdue(shop: Shop) -> None:
    born(shop, "11-28")
    shop.now = "2026-11-29T09:00"
    assert [i["overdue_days"] for i in shop.get("overdue") if i["kind"] == "birthday"] == [1]


def test_the_notice_is_the_configs(shop: Shop) -> None:
    born(shop, "11-28")
    shop.ok("config", "set", "birthday.notice_days", "2")
    shop.now = "2026-11-25T09:00"
    assert shop.due(kind="birthday") == []
    shop.now = "2026-11-26T09:00"
    assert len(shop.due(kind="birthday")) == 1


def test_the_agenda_shows_birthdays_as_far_as_it_goes(shop: Shop) -> None:
    born(shop, "12-15")
    shop.now = "2026-11-21T09:00"
    assert shop.get("agenda", "--days", 24) == []
    assert [i["due"] for i in shop.get("agenda", "--days", 25)] == ["2026-12-15"]


def test_a_profile_is_verified_again_after_180_days_and_an_edit_verifies(shop: Shop) -> None:
    born(shop, "1990-06-01")
    shop.now = "2026-07-03T23:59"
    assert shop.due(kind="profile") == []
    shop.now = "2026-07-04T00:00"
    (item,) = shop.due(kind="profile")
    assert (item["due"], item["title"]) == ("2026-07-04", "verify the profile")
    shop.ok("edit-client", 1, "--verified")
    assert shop.due(kind="profile") == []
    shop.now = "2027-07-04T00:00"
    assert len(shop.due(kind="profile")) == 1
