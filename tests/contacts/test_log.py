"""log: one line a conversation, one operation; what it completes, what it leaves, what it refuses."""

from __future__ import annotations

from tests.conftest import Shop


def test_a_contact_comes_back_as_it_was_logged(shop: Shop) -> None:
    shop.agent = "Mei"
    shop.add("李娜")
    logged = shop.get(
        "log", "ln", "liked the balcony", "-c", "viewing", "-f", "price too high", "--next", "+3d", "-m", "new offer"
    )
    kept = {
        "id": 1, "client_id": 1, "client": "李娜", "at": "2026-11-21T09:00:00+08:00", "direction": "out",
        "channel": "viewing", "text": "liked the balcony", "feedback": "price too high", "next_step": "new offer",
        "agent": "Mei",
    }  # fmt: skip
    assert shop.get("list-contacts", "ln") == [kept]
    promised = logged.pop("next")
    assert logged == kept | {"completed": [], "called_back": []}
    assert [(f["due"], f["reason"], f["status"]) for f in promised] == [("2026-11-24", "new offer", "open")]


def test_a_log_with_all_its_consequences_is_one_operation(shop: Shop) -> None:
    shop.add("李娜")
    shop.ok("add-follow-up", 1, "today", "call", "--every", "1w")
    before = shop.count("operations")
    shop.ok("log", 1, "talked", "--next", "tomorrow", "--next-note", "plan")
    assert shop.count("operations") == before + 1
    assert shop.sql("SELECT command FROM operations ORDER BY id DESC LIMIT 1") == [("log",)]


def test_what_was_due_by_now_is_completed_and_named_and_what_is_due_later_stays(shop: Shop) -> None:
    shop.add("李娜")
    shop.add("王丽")
    for client, when, reason in (
        (1, "2026-11-18", "three days late"), (1, "today", "today"), (1, "2026-11-21T08:30", "half an hour ago"),
        (1, "14:30", "later today"), (1, "tomorrow", "tomorrow"), (2, "today", "another client's"),
    ):  # fmt: skip
        shop.ok("add-follow-up", client, when, reason)
    said = shop.ok("log", 1, "talked").splitlines()
    assert said == [
        "Logged for 李娜 (#1): just now, call.",
        "Done: f1, 3 days ago: three days late.",
        "Done: f2, today: today.",
        "Done: f3, today 08:30: half an hour ago.",
    ]
    assert shop.sql("SELECT id FROM follow_ups WHERE status = 'open'") == [(4,), (5,), (6,)]
    assert shop.sql("SELECT DISTINCT contact_id, outcome FROM follow_ups WHERE status = 'done'") == [(1, "talked")]


def test_keep_open_leaves_what_was_due(shop: Shop) -> None:
    shop.add("李娜")
    shop.ok("add-follow-up", 1, "today", "send the plan")
    assert shop.get("log", 1, "busy, call later", "--keep-open")["completed"] == []
    assert [item["title"] for item in shop.due()] == ["send the plan"]


def test_a_completed_recurring_follow_up_makes_its_next(shop: Shop) -> None:
    shop.add("李娜")
    shop.ok("add-follow-up", 1, "today", "market news", "--every", "2w")
    logged = shop.get("log", 1, "talked")
    assert logged["completed"] == [1]
    assert [(f["due"], f["every"]) for f in logged["next"]] == [("2026-12-05", "2w")]


def test_a_contact_of_the_past_counts_for_then_and_completes_what_was_due_by_then(shop: Shop) -> None:
    shop.now = "2026-11-15T09:00"
    shop.add("李娜", "--tier", "B")
    shop.ok("add-follow-up", 1, "2026-11-19", "before")
    shop.ok("add-follow-up", 1, "2026-11-21", "after")
    shop.now = "2026-11-21T09:00"
    assert shop.get("log", 1, "met", "--at", "thu 15:00")["completed"] == [1]
    assert shop.get("show-client", 1)["last_contact_at"] == "2026-11-19T15:00:00+08:00"


def test_a_contact_is_never_in_the_future(shop: Shop) -> None:
    shop.add("李娜")
    for when in ("tomorrow", "2026-11-21T09:01", "+1h", "明天", "2027-01-01"):
        ran = shop.run("log", 1, "talked", "--at", when)
        assert (ran.code, len(ran.err.splitlines())) == (2, 2), when
    assert shop.count("contacts") == 0
    for when, at in (
        ("9:00", "2026-11-21T09:00"), ("23:30", "2026-11-20T23:30"), ("yesterday", "2026-11-20T12:00"),
        ("today", "2026-11-21T09:00"), ("昨天下午3点", "2026-11-20T15:00"), ("fri", "2026-11-20T12:00"),
    ):  # fmt: skip
        assert shop.get("log", 1, "talked", "--at", when)["at"] == f"{at}:00+08:00", when


def test_an_older_contact_does_not_turn_the_touch_clock_back(shop: Shop) -> None:
    shop.add("李娜")
    shop.ok("log", 1, "today")
    shop.ok("log", 1, "forgot to write this down", "--at", "3 days ago")
    assert shop.get("show-client", 1)["last_contact_at"] == "2026-11-21T09:00:00+08:00"
    assert [c["text"] for c in shop.get("list-contacts", 1)] == ["today", "forgot to write this down"]


def test_an_empty_word_a_lonely_next_note_and_a_contradiction_are_refused(shop: Shop) -> None:
    shop.add("李娜")
    for words in (
        ["log", 1, ""], ["log", 1, " \n "], ["log", 1], ["log", 1, "x", "--next-note", "plan"],
        ["log", 1, "x", "--channel", "pigeon"], ["log", 1, "x", "--next", "5/6"], ["log", 1, "x", "--next", "31 feb"],
        ["log", 1, "x", "--in", "--direction", "out"],
    ):  # fmt: skip
        assert shop.run(*words).code == 2, words
    assert (shop.count("contacts"), shop.count("operations")) == (0, 1)


def test_list_contacts_filters_sorts_and_limits(shop: Shop) -> None:
    shop.add("李娜")
    shop.add("王丽")
    for at, client, channel in (("-20d", 1, "call"), ("-3d", 2, "wechat"), ("-2d", 1, "wechat"), ("-1d", 1, "email")):
        shop.ok("log", client, f"{client} {channel}", "-c", channel, "--at", at)

    def listed(*words: object) -> list[str]:
        return [c["text"] for c in shop.get("list-contacts", *words)]

    assert listed() == ["1 email", "1 wechat", "2 wechat", "1 call"]
    assert listed("李娜", "--sort", "oldest") == ["1 call", "1 wechat", "1 email"]
    assert listed("--channel", "wechat") == ["1 wechat", "2 wechat"]
    assert listed("--since", "1w") == ["1 email", "1 wechat", "2 wechat"]
    assert listed("--limit", 1) == ["1 email"]
    assert len(listed("--limit", 0)) == 4
    assert shop.run("list-contacts", "--sort", "loudest").code == 2
    ran = shop.run("list-contacts", "--limit", 1)
    assert ran.err == "Shown: 1 of 4; `--limit 0` shows all.\n"


def test_words_as_long_as_a_book_are_refused_and_nothing_is_logged(shop: Shop) -> None:
    shop.add()
    book = "x" * 10_001
    for words in ([book], ["hello", "--feedback", book], ["hello", "--next", "+3d", "--next-note", book]):
        ran = shop.run("log", 1, *words)
        assert (ran.code, len(ran.err.splitlines())) == (2, 2), words[:-1]
    assert shop.count("contacts") == 0
