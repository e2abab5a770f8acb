"""history: every command that wrote, in the agent's words, read off the journal."""

from __future__ import annotations

import pytest

from tests.conftest import Shop
from tests.history.driving import write_files

# What was typed, and what history says of it; each on top of those before.
COMMANDS = [
    (["add-client", "王丽", "--phone", "13800138000"], "Added 王丽 (#1)."),
    (["add-client", "Anna"], "Added Anna (#2)."),
    (["edit-client", "1", "--tier", "A", "--birthday", "1990-05-20"], "Changed 王丽 (#1): tier, birthday."),
    (["edit-client", "1", "--birthday", "20 may"], "Changed 王丽 (#1): birthday."),
    (["edit-client", "1", "--phone", "13900139000"], "Changed 王丽 (#1): contact points."),
    (["edit-client", "2", "--name", "Anna Smith"], "Changed Anna Smith (#2): name."),
    (["tag", "1", "vip", "urgent"], "Tagged 王丽 (#1): vip, urgent."),
    (["untag", "1", "vip"], "Took tags from 王丽 (#1): vip."),
    (["log", "1", "likes the balcony", "--next", "+3d"], "Logged with 王丽 (#1): “likes the balcony”"),
    (["add-follow-up", "2", "tomorrow"], "Promised Anna Smith (#2), f2: no words"),
    (["snooze", "2", "fri"], "Moved f2 of Anna Smith (#2) to 2026-11-27: no words"),
    (["snooze", "2", "fri 14:30"], "Moved f2 of Anna Smith (#2) to 2026-11-27 14:30: no words"),
    (["done", "2", "sent it"], "Done for Anna Smith (#2), f2: no words"),
    (["cancel-follow-up", "1"], "Cancelled f1 of 王丽 (#1): no words"),
    (["record-complaint", "2", "no heating"], "Recorded complaint c1 of Anna Smith (#2): “no heating”"),
    (["progress-complaint", "1", "rang them"], "Went on with complaint c1 of Anna Smith (#2): “rang them”"),
    (["resolve-complaint", "1", "repaired"], "Resolved complaint c1 of Anna Smith (#2): “repaired”"),
    (["reopen-complaint", "1", "cold again"], "Reopened complaint c1 of Anna Smith (#2): “no heating”"),
    (["archive-client", "1"], "Archived 王丽 (#1)."),
    (["unarchive-client", "1"], "Brought 王丽 (#1) back from the archive."),
    (["import", "clients.csv", "--yes"], "Imported clients: 2 added, 1 changed."),
    (["undo"], "Took back operation 21."),
    (["redo"], "Did operation 21 again."),
    (["undo", "--steps", "2"], "Took back operations 20, 21."),
    (["redo"], "Did operations 20, 21 again."),
]


@pytest.fixture
def busy(shop: Shop) -> Shop:
    write_files(shop.folder)
    for words, _ in COMMANDS:
        shop.ok(*words)
    return shop


def test_history_tells_every_command_in_the_agents_words(busy: Shop) -> None:
    operations = busy.get("history", "--sort", "oldest", "--limit", 0)
    assert [one["summary"] for one in operations] == [sentence for _, sentence in COMMANDS]
    assert [one["id"] for one in operations] == list(range(1, len(COMMANDS) + 1))
    assert [one["command"] for one in operations] == [words[0] for words, _ in COMMANDS]


def test_history_says_what_is_undone_and_by_what(busy: Shop) -> None:
    undone = {one["id"]: one["undone_by"] for one in busy.get("history", "--limit", 0) if one["undone"]}
    assert undone == {22: 23, 24: 25}
    busy.ok("undo")
    assert "by 26" in busy.ok("history", "--limit", 0)


def test_history_of_one_client_has_what_was_taken_from_them_too(busy: Shop) -> None:
    mine = [one["id"] for one in busy.get("history", "--client", 1, "--sort", "oldest", "--limit", 0)]
    assert mine == [1, 3, 4, 5, 7, 8, 9, 14, 19, 20, 21, 22, 23, 24, 25]
    busy.ok("untag", 1, "urgent")
    assert busy.get("history", "--client", 1)[0]["command"] == "untag"
    theirs = busy.get("history", "--client", 2, "--limit", 0)
    assert {one["command"] for one in theirs} >= {"progress-complaint", "snooze", "add-follow-up"}
    assert not {one["id"] for one in theirs} & {1, 3, 7, 9}


def test_a_merge_and_all_before_it_stands_in_the_history_of_both_while_it_is_in_effect(shop: Shop) -> None:
    for name in ("王丽", "Wang Li", "Anna"):
        shop.add(name)
    shop.ok("tag", 2, "vip")
    shop.ok("log", 3, "nothing to do with it")
    shop.ok("merge-clients", 1, 2, "--yes")
    assert [one["id"] for one in shop.get("history", "--client", 1)] == [6, 4, 2, 1]
    shop.ok("undo")
    assert [one["id"] for one in shop.get("history", "--client", 1)] == [7, 6, 1]
    assert [one["id"] for one in shop.get("history", "--client", 2)] == [7, 6, 4, 2]


def test_history_since_a_day_and_cut_off(busy: Shop) -> None:
    busy.now = "2026-11-23T09:00:00"
    busy.add("Later")
    assert [one["summary"] for one in busy.get("history", "--since", "yesterday")] == ["Added Later (#5)."]
    ran = busy.run("history", "--limit", 2)
    assert "Shown: 2 of 26" in ran.err
    assert busy.run("history", "--since", "tomorrow").code == 2


def test_history_shape(shop: Shop) -> None:
    shop.agent = "Mei"
    shop.add("王丽", "--tag", "vip")
    shop.ok("undo")
    assert shop.get("history") == [
        {
            "id": 2,
            "at": "2026-11-21T09:00:00+08:00",
            "agent": "Mei",
            "command": "undo",
            "summary": "Took back operation 1.",
            "undone": False,
            "undone_by": None,
            "reverses": [1],
            "rows": {"client_tags": 1, "clients": 1},
        },
        {
            "id": 1,
            "at": "2026-11-21T09:00:00+08:00",
            "agent": "Mei",
            "command": "add-client",
            "summary": "Added 王丽 (#1).",
            "undone": True,
            "undone_by": 2,
            "reverses": [],
            "rows": {"client_tags": 1, "clients": 1},
        },
    ]


def test_merges_and_consents_in_a_row_are_told_apart(shop: Shop) -> None:
    for name in ("王丽", "Wang Li", "Lily"):
        shop.add(name)
    shop.ok("merge-clients", 2, 3, "--yes")
    shop.ok("merge-clients", 1, 2, "--yes")
    shop.ok("consent", 1, "--allow", "calls", "--how", "by phone")
    shop.ok("consent", 1, "--withdraw", "calls")
    shop.ok("consent", 1, "--do-not-contact")
    assert [one["summary"] for one in shop.get("history", "--limit", 5)] == [
        "王丽 (#1) is not to be contacted.",
        "王丽 (#1) no longer allows: “calls”",
        "王丽 (#1) allows: “calls”",
        "Merged #2 into 王丽 (#1).",
        "Merged #3 into Wang Li (#2).",
    ]


def test_an_empty_history(shop: Shop) -> None:
    assert shop.ok("history") == "Nothing was done yet.\n"
    assert shop.get("history") == []


def test_the_agent_is_shown_where_there_are_several(shop: Shop) -> None:
    shop.agent = "Mei"
    shop.add("王丽")
    assert "Mei" not in shop.ok("history")
    shop.agent = "Jan"
    shop.add("Anna")
    assert "Mei" in shop.ok("history")
    assert "Jan" in shop.ok("history")
