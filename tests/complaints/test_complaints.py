"""Complaints: clocks, steps, lateness, resolution, the client's word, the call-back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Shop


@pytest.fixture
def li_na(shop: Shop) -> Shop:
    """A shop with 李娜, tier B, as client 1, contacted."""
    shop.add("李娜", "--tier", "B", "--phone", "13800138000")
    shop.ok("log", 1, "hello")
    return shop


def record(shop: Shop, severity: str = "general", *words: object) -> dict[str, Any]:
    answer: dict[str, Any] = shop.get("record-complaint", 1, "it leaks", "--severity", severity, *words)
    return answer


def the_complaint(shop: Shop) -> dict[str, Any]:
    (item,) = shop.due(kind="complaint")
    return item


@pytest.mark.parametrize(
    ("severity", "steps"),
    [
        ("general", [("agent", "21T11:00"), ("agent", "22T09:00")]),
        (
            "major",
            [("manager", "21T10:00"), ("director", "21T11:00"), ("principal", "22T09:00"), ("manager", "24T09:00")],
        ),
        ("maintenance", [("agent", "21T11:00"), ("maintenance", "22T09:00"), ("maintenance", "24T09:00")]),
    ],
)
def test_a_severity_has_its_steps_each_with_role_and_deadline(
    li_na: Shop, severity: str, steps: list[tuple[str, str]]
) -> None:
    made = record(li_na, severity)
    assert [(s["role"], s["due"]) for s in made["steps"]] == [(r, f"2026-11-{at}:00+08:00") for r, at in steps]
    assert (made["status"], made["due"], made["reopened"]) == ("open", made["steps"][0]["due"], 0)


def test_general_is_the_usual_severity_and_an_unknown_one_is_refused(li_na: Shop) -> None:
    assert li_na.get("record-complaint", 1, "rude")["severity"] == "general"
    assert li_na.run("record-complaint", 1, "rude", "--severity", "huge").code == 2
    assert li_na.run("record-complaint", 1, " ").code == 2
    assert li_na.run("record-complaint", "nobody", "rude").code == 3
    assert li_na.count("complaints") == 1


def test_steps_are_done_in_order_and_what_was_late_stays_marked_late(li_na: Shop) -> None:
    record(li_na, "maintenance", "--to", "小陈")
    li_na.now = "2026-11-21T11:30"
    made = li_na.get("progress-complaint", "c1", "called them")
    assert [(s["done_at"], s["late"]) for s in made["steps"]] == [
        ("2026-11-21T11:30:00+08:00", True), (None, False), (None, False),
    ]  # fmt: skip
    assert (made["step"], made["role"], made["handler"]) == ("repair plan", "maintenance", "小陈")
    assert made["minutes_left"] == 21 * 60 + 30
    li_na.now = "2026-11-30T09:00"
    shown = li_na.get("show-complaint", 1)
    assert shown["steps"][0]["late"]
    assert shown["breached"]
    assert shown["minutes_left"] == -8 * 24 * 60
    card = li_na.ok("show-complaint", 1)
    assert "LATE by 30 min" in card
    assert "BREACHED" in card


def test_the_last_step_resolves(li_na: Shop) -> None:
    record(li_na)
    li_na.ok("progress-complaint", 1, "called")
    made = li_na.get("progress-complaint", 1, "repainted", "--cause", "damp", "--measures", "air it")
    assert (made["status"], made["resolution"], made["cause"], made["measures"]) == (
        "resolved", "repainted", "damp", "air it",
    )  # fmt: skip
    assert [e["event"] for e in made["events"]] == ["recorded", "progressed", "resolved"]


def test_resolving_does_all_open_steps_at_once(li_na: Shop) -> None:
    record(li_na, "major")
    li_na.ok("progress-complaint", 1, "on site")
    li_na.now = "2026-11-22T08:00"
    made = li_na.get("resolve-complaint", 1, "pipe replaced", "--cause", "old pipe")
    assert [(s["note"], s["late"]) for s in made["steps"]] == [
        ("on site", False), ("pipe replaced", True), ("pipe replaced", False), ("pipe replaced", False),
    ]  # fmt: skip
    assert made["due"] == "2026-11-23T08:00:00+08:00", "the client is asked within 24 hours"


def test_a_complaint_is_on_todays_list_until_it_is_closed(li_na: Shop) -> None:
    record(li_na, "maintenance")
    assert the_complaint(li_na)["title"] == "respond to the client (agent)"
    li_na.ok("progress-complaint", 1, "called")
    assert the_complaint(li_na)["due"] == "2026-11-22T09:00:00+08:00", "tomorrow's clock runs today"
    li_na.ok("resolve-complaint", 1, "sealed")
    asked = the_complaint(li_na)
    assert (asked["title"], asked["due"]) == ("ask whether the client is satisfied", "2026-11-22T09:00:00+08:00")
    li_na.now = "2026-11-22T09:30"
    assert [i["kind"] for i in li_na.get("overdue")] == ["complaint"]
    li_na.ok("close-complaint", 1, "--satisfied")
    assert li_na.due(kind="complaint") == []


def test_a_breached_clock_weighs_15_and_cannot_be_overlooked(li_na: Shop) -> None:
    record(li_na)
    running = the_complaint(li_na)
    assert running["urgency"] == round(12 * (14 * 0.8 / 21 + 0.2) + 9 + 3.9, 2)
    li_na.now = "2026-11-21T11:01"
    assert the_complaint(li_na)["urgency"] == round(12 * (14 * 0.8 / 21 + 0.2) + 15 + 3.9, 2)
    shown = li_na.ok("due-today")
    assert "1 complaint clock has run out." in shown
    assert "BREACHED" in shown
    assert "1 with a clock run out" in li_na.ok("list-complaints")


def test_closing_satisfied_plans_the_call_back_which_a_contact_makes(li_na: Shop) -> None:
    record(li_na)
    li_na.ok("resolve-complaint", 1, "sealed")
    closed = li_na.get("close-complaint", 1, "--satisfied", "--note", "all good", "--cause", "bad seal")
    assert (closed["status"], closed["satisfied"], closed["call_back_due"]) == ("closed", True, "2026-11-28")
    assert closed["cause"] == "bad seal"
    li_na.now = "2026-11-27T09:00"
    assert li_na.due(kind="call-back") == []
    assert li_na.get("log", 1, "too early to count")["called_back"] == []
    li_na.now = "2026-11-28T09:00"
    (item,) = li_na.due(kind="call-back")
    assert (item["id"], item["due"], item["overdue_days"]) == (1, "2026-11-28", 0)
    said = li_na.ok("log", 1, "still dry")
    assert "Called back about complaint c1." in said
    assert li_na.due(kind="call-back") == []
    assert li_na.get("show-complaint", 1)["called_back_at"] == "2026-11-28T09:00:00+08:00"


def test_an_unmade_call_back_becomes_overdue_and_stays(li_na: Shop) -> None:
    record(li_na)
    li_na.ok("resolve-complaint", 1, "sealed")
    li_na.ok("close-complaint", 1, "--satisfied")
    li_na.now = "2027-01-05T09:00"
    assert [i["overdue_days"] for i in li_na.due(kind="call-back")] == [38]
    assert "call-back" in [i["kind"] for i in li_na.get("overdue")]


def test_unsatisfied_reopens_starts_the_clocks_anew_and_counts(li_na: Shop) -> None:
    record(li_na)
    li_na.now = "2026-11-21T12:00"
    li_na.ok("resolve-complaint", 1, "sealed")
    made = li_na.get("close-complaint", 1, "--unsatisfied", "--note", "still wet")
    assert (made["status"], made["reopened"], made["resolution"]) == ("open", 1, None)
    assert (made["due"], made["minutes_left"]) == ("2026-11-21T14:00:00+08:00", 120)
    assert [(s["round"], s["late"]) for s in made["steps"]] == [(1, True), (1, False), (2, False), (2, False)]
    assert made["events"][-1] == {
        "at": "2026-11-21T12:00:00+08:00", "event": "reopened", "text": "still wet", "agent": None,
    }  # fmt: skip
    assert "reopened 1×" in the_complaint(li_na)["reason"]


def test_a_closed_complaint_can_be_reopened_and_its_call_back_falls_away(li_na: Shop) -> None:
    record(li_na)
    li_na.ok("resolve-complaint", 1, "sealed")
    li_na.ok("close-complaint", 1, "--satisfied")
    li_na.now = "2026-11-25T09:00"
    made = li_na.get("reopen-complaint", 1, "it leaks again")
    assert (made["status"], made["reopened"], made["call_back_due"]) == ("open", 1, None)
    li_na.now = "2026-11-28T09:00"
    assert li_na.due(kind="call-back") == []


def test_what_the_state_does_not_allow_is_a_conflict_that_changes_nothing(li_na: Shop) -> None:
    record(li_na)
    operations = li_na.count("operations")
    for words in (["close-complaint", 1, "--satisfied"], ["reopen-complaint", 1, "why"]):
        assert li_na.run(*words).code == 4, words
    assert li_na.run("close-complaint", 1).code == 2, "no terminal: the client's word has to be given"
    assert li_na.count("operations") == operations
    li_na.ok("resolve-complaint", 1, "sealed")
    for words in (["progress-complaint", 1, "more"], ["resolve-complaint", 1, "again"]):
        ran = li_na.run(*words)
        assert (ran.code, len(ran.err.splitlines())) == (4, 2), words
    li_na.ok("close-complaint", 1, "--satisfied")
    for words in (
        ["progress-complaint", 1, "more"], ["resolve-complaint", 1, "again"], ["close-complaint", 1, "--satisfied"],
    ):  # fmt: skip
        assert li_na.run(*words).code == 4, words
    assert li_na.run("show-complaint", 9).code == 3
    assert li_na.run("show-complaint", "x").code == 2


def test_steps_come_from_the_config(li_na: Shop) -> None:
    li_na.ok("config", "set", "complaint.general", '[{ step = "say sorry", role = "boss", within = "30h" }]')
    li_na.ok("config", "set", "complaint.call_back_days", "3")
    made = record(li_na)
    assert [(s["step"], s["role"], s["due"]) for s in made["steps"]] == [
        ("say sorry", "boss", "2026-11-22T15:00:00+08:00")
    ]
    li_na.ok("resolve-complaint", 1, "sorry")
    assert li_na.get("close-complaint", 1, "--satisfied")["call_back_due"] == "2026-11-24"


def test_list_complaints_shows_the_next_clock_filters_and_sorts(li_na: Shop) -> None:
    li_na.add("王丽")
    record(li_na)
    li_na.now = "2026-11-21T09:30"
    record(li_na, "major")
    li_na.now = "2026-11-21T09:40"
    li_na.ok("record-complaint", "王丽", "noise", "--severity", "maintenance")
    li_na.ok("resolve-complaint", 3, "quiet now")
    li_na.ok("close-complaint", 3, "--satisfied")

    def ids(*words: object) -> list[int]:
        return [c["id"] for c in li_na.get("list-complaints", *words)]

    assert ids() == [2, 1]
    assert [c["minutes_left"] for c in li_na.get("list-complaints")] == [50, 80]
    assert ids("--all") == [2, 1, 3]
    assert ids("王丽", "--all") == [3]
    assert ids("--severity", "general") == [1]
    assert ids("--all", "--sort", "opened") == [3, 2, 1]
    assert ids("--all", "--sort", "severity") == [2, 3, 1]
    assert ids("--all", "--sort", "client") == [1, 2, 3]
    assert ids("--limit", 1) == [2]
    assert li_na.run("list-complaints", "--sort", "noise").code == 2
    assert "50 min left: manager on site (manager)" in li_na.ok("list-complaints")


def test_a_step_done_is_one_operation(li_na: Shop) -> None:
    record(li_na, "major")
    before = li_na.count("operations")
    li_na.ok("resolve-complaint", 1, "sealed", "--cause", "seal")
    assert li_na.count("operations") == before + 1


def test_words_as_long_as_a_book_are_refused_and_nothing_is_written(li_na: Shop) -> None:
    record(li_na)
    operations, book = li_na.count("operations"), "x" * 10_001
    for words in (
        ["record-complaint", 1, book], ["record-complaint", 1, "it leaks", "--cause", book],
        ["progress-complaint", 1, book], ["resolve-complaint", 1, "mended", "--measures", book],
        ["reopen-complaint", 1, book], ["close-complaint", 1, "--satisfied", "--note", book],
    ):  # fmt: skip
        assert li_na.run(*words).code == 2, words[:-1]
    assert li_na.count("operations") == operations
