"""Promises: when they are due, how they recur, move, end."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import Shop


@pytest.fixture
def li_na(shop: Shop) -> Shop:
    """A shop with 李娜, contacted, as client 1."""
    shop.add("李娜")
    shop.ok("log", 1, "hello")
    return shop


def promise(shop: Shop, when: str, *words: object) -> str:
    return str(shop.get("add-follow-up", 1, when, "call", *words)["due"])


def test_when_looks_ahead_in_english_and_chinese(li_na: Shop) -> None:
    for words, due in (
        ("today", "2026-11-21"), ("tomorrow", "2026-11-22"), ("+3d", "2026-11-24"), ("2w", "2026-12-05"),
        ("fri", "2026-11-27"), ("sat", "2026-11-28"), ("next fri", "2026-11-27"), ("eom", "2026-11-30"),
        ("14:30", "2026-11-21T14:30:00+08:00"), ("8:30", "2026-11-22T08:30:00+08:00"), ("30 nov", "2026-11-30"),
        ("tomorrow 14:30", "2026-11-22T14:30:00+08:00"), ("下周三", "2026-11-25"), ("大后天", "2026-11-24"),
        ("明天下午3点", "2026-11-22T15:00:00+08:00"), ("2027-02-28", "2027-02-28"),
    ):  # fmt: skip
        assert promise(li_na, words) == due, words


def test_what_names_no_one_day_is_refused_saying_what_to_type(li_na: Shop) -> None:
    for words in ("5/6", "5", "31 feb", "2026-02-29", "25:00", "someday", "", "周末", "3点"):
        ran = li_na.run("add-follow-up", 1, words, "call")
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 2), words
    assert li_na.count("follow_ups") == 0


def test_date_order_in_the_config_settles_slashes(li_na: Shop) -> None:
    li_na.ok("config", "set", "date_order", "dmy")
    assert promise(li_na, "5/12") == "2026-12-05"


def test_a_promise_for_a_day_is_good_until_the_day_ends_and_one_for_a_time_until_then(li_na: Shop) -> None:
    li_na.ok("add-follow-up", 1, "today", "day")
    li_na.ok("add-follow-up", 1, "14:30", "time")
    li_na.now = "2026-11-21T14:29"
    assert li_na.get("overdue") == []
    li_na.now = "2026-11-21T23:30"
    assert [(i["title"], i["overdue_days"]) for i in li_na.get("overdue")] == [("time", 0)]
    li_na.now = "2026-11-24T00:00"
    assert sorted((i["title"], i["overdue_days"]) for i in li_na.get("overdue")) == [("day", 3), ("time", 3)]
    assert "promised 3 days ago: day" in [i["reason"] for i in li_na.due()]


def test_an_overdue_promise_stays_on_the_list_for_years(li_na: Shop) -> None:
    promise(li_na, "today")
    li_na.now = "2029-11-21T09:00"
    (item,) = li_na.due(kind="follow-up")
    assert item["overdue_days"] == 1096


def test_a_promise_for_a_day_gone_by_is_kept_as_overdue_and_said(li_na: Shop) -> None:
    ran = li_na.run("add-follow-up", 1, "yesterday", "call")
    assert ran.code == 0
    assert "That day has passed" in ran.err


def test_done_keeps_the_note_and_a_second_done_is_a_conflict(li_na: Shop) -> None:
    promise(li_na, "today")
    done = li_na.get("done", "f1", "sent by WeChat")
    assert (done["status"], done["outcome"], done["closed_at"]) == (
        "done", "sent by WeChat", "2026-11-21T09:00:00+08:00",
    )  # fmt: skip
    assert done["next"] is None
    operations = li_na.count("operations")
    for words in (["done", 1], ["snooze", 1, "tomorrow"], ["cancel-follow-up", 1]):
        ran = li_na.run(*words)
        assert (ran.code, len(ran.err.splitlines())) == (4, 2), words
    assert li_na.count("operations") == operations


@pytest.mark.parametrize(("number", "code"), [("99", 3), ("f99", 3), ("x", 2), ("c1", 2), ("", 2), ("-1", 2)])
def test_what_is_no_follow_up_is_refused(li_na: Shop, number: str, code: int) -> None:
    assert li_na.run("done", number).code == code


def test_the_31st_comes_back_after_a_short_month(li_na: Shop) -> None:
    li_na.now = "2027-01-31T09:00"
    promise(li_na, "today", "--every", "1m")
    dues = []
    for number, now in enumerate(("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"), start=1):
        li_na.now = f"{now}T09:00"
        following = li_na.get("done", number)["next"]
        assert following["anchor"] == "2027-01-31"
        dues.append(following["due"])
    assert dues == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


def test_done_late_the_missed_ones_are_not_made_up_for_and_done_early_the_coming_one_is_not_repeated(
    li_na: Shop,
) -> None:
    promise(li_na, "today", "--every", "2w")
    li_na.now = "2026-12-10T09:00"
    assert li_na.get("done", 1)["next"]["due"] == "2026-12-19"
    assert li_na.get("done", 2)["next"]["due"] == "2027-01-02"


def test_a_recurring_promise_for_a_time_keeps_its_time_of_day(li_na: Shop) -> None:
    promise(li_na, "14:30", "--every", "1d")
    assert li_na.get("done", 1)["next"]["due"] == "2026-11-22T14:30:00+08:00"


def test_a_recurrence_ends_with_until(li_na: Shop) -> None:
    promise(li_na, "today", "--every", "1w", "--until", "2026-12-01")
    assert li_na.get("done", 1)["next"]["due"] == "2026-11-28"
    assert li_na.get("done", 2)["next"] is None
    assert li_na.due(kind="follow-up") == []


def test_an_ended_or_impossible_rule_is_refused(li_na: Shop) -> None:
    for words in (
        ["--every", "1w", "--until", "2026-11-22"], ["--every", "1w", "--until", "2026-11-20"],
        ["--until", "2027-01-01"], ["--every", "0d"], ["--every", "-1w"], ["--every", "6h"], ["--every", "often"],
        ["--every", "2000y"], ["--every", ""],
    ):  # fmt: skip
        assert li_na.run("add-follow-up", 1, "today", "call", *words).code == 2, words
    assert li_na.count("follow_ups") == 0


def test_rules_are_read_in_english_and_chinese(li_na: Shop) -> None:
    for words, kept in (("2w", "2w"), ("monthly", "1m"), ("every 3 months", "3m"), ("每两周", "2w"), ("每年", "1y")):
        assert li_na.get("add-follow-up", 1, "today", "call", "--every", words)["every"] == kept, words


def test_snooze_moves_the_deadline_and_keeps_the_anchor(li_na: Shop) -> None:
    promise(li_na, "today", "--every", "1w")
    moved = li_na.get("snooze", 1, "+3d")
    assert (moved["due"], moved["anchor"], moved["snoozes"]) == ("2026-11-24", "2026-11-21", 1)
    li_na.now = "2026-11-24T09:00"
    assert li_na.get("done", 1)["next"]["due"] == "2026-11-28"


def test_a_snoozed_occurrence_leaves_the_hour_of_the_later_ones(li_na: Shop) -> None:
    promise(li_na, "wed 14:30", "--every", "1w")
    li_na.ok("snooze", 1, "fri")
    assert li_na.get("done", 1)["next"]["due"] == "2026-12-02T14:30:00+08:00"
    li_na.ok("snooze", 2, "2026-12-02T09:15")
    assert li_na.get("done", 2)["next"]["due"] == "2026-12-09T14:30:00+08:00"


def test_snoozes_at_once_are_all_counted(li_na: Shop) -> None:
    promise(li_na, "today")
    words = [sys.executable, "-m", "recrm", "snooze", "1", "tomorrow"]
    both = [subprocess.Popen(words, env=li_na.environment(), stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait() for process in both] == [0] * 4
    assert li_na.sql("SELECT snoozes FROM follow_ups") == [(4,)]


def test_snooze_turns_a_day_into_a_time_and_back_but_never_into_the_past(li_na: Shop) -> None:
    promise(li_na, "today")
    assert li_na.get("snooze", 1, "tomorrow 14:30")["due"] == "2026-11-22T14:30:00+08:00"
    assert li_na.get("snooze", 1, "mon")["due"] == "2026-11-23"
    for when in ("yesterday", "2026-11-21T08:00", "2020-01-01"):
        assert li_na.run("snooze", 1, when).code == 2, when
    assert li_na.sql("SELECT due_day, snoozes FROM follow_ups") == [("2026-11-23", 2)]


def test_cancelling_ends_a_recurrence(li_na: Shop) -> None:
    promise(li_na, "today", "--every", "1w")
    cancelled = li_na.get("cancel-follow-up", "f1", "bought elsewhere")
    assert (cancelled["status"], cancelled["outcome"], cancelled["next"]) == ("cancelled", "bought elsewhere", None)
    assert li_na.count("follow_ups") == 1


def test_of_two_that_do_the_same_at_once_one_wins(li_na: Shop) -> None:
    promise(li_na, "today", "--every", "1w")
    words = [sys.executable, "-m", "recrm", "done", "1"]
    both = [
        subprocess.Popen(words, env=li_na.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert sorted(process.wait() for process in both) == [0, 4]
    assert li_na.sql("SELECT status, count(*) FROM follow_ups GROUP BY status") == [("done", 1), ("open", 1)]


def test_a_text_as_long_as_a_book_is_refused(li_na: Shop) -> None:
    promise(li_na, "today")
    book = "x" * 10_001
    for words in (["add-follow-up", 1, "today", book], ["done", 1, book], ["cancel-follow-up", 1, book]):
        assert li_na.run(*words).code == 2, words[0]
    assert li_na.sql("SELECT reason, status FROM follow_ups") == [("call", "open")]


def test_the_agent_is_who_promised_else_whose_client_it_is(li_na: Shop) -> None:
    li_na.add("王丽", "--agent", "Mei")
    assert li_na.get("add-follow-up", 2, "today", "call")["agent"] == "Mei"
    li_na.agent = "Jonas"
    assert li_na.get("add-follow-up", 2, "today", "call")["agent"] == "Jonas"
