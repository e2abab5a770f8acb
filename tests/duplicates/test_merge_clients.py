"""merge-clients as an agent types it: shown, asked, written as one, found again by the old id, and taken back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recrm.core.text import display_width
from tests.conftest import Shop, ShopMaker
from tests.storage.test_faults import python, state
from tests.terminal import CTRL_D, Terminal

FACTS = "clients", "contact_points", "contacts", "follow_ups", "complaints", "merges", "client_tags"


@pytest.fixture(scope="module")
def pair(make_shop: ShopMaker) -> Shop:
    """王丽 (#1) and Wang Li (#2), each with promises and complaints, and Bob, whom Wang Li sent."""
    shop = make_shop()
    shop.add("王丽", "--phone", "13800138000", "--tier", "B", "--birthday", "1990-05-20", "--note", "likes balconies")
    shop.add("Wang Li", "--phone", "13900139000", "--tier", "A", "--birthday", "1990-05-21", "--tag", "urgent")
    shop.add("Bob", "--referrer", "2")
    for number in (1, 2):
        shop.ok("log", number, f"said {number}", "--next", "+2d", "--next-note", f"send plan {number}")
        shop.ok("add-follow-up", number, "today", "call", "--every", "2w")
        shop.ok("record-complaint", number, "no heating", "--severity", "major")
    return shop


@pytest.fixture
def both(pair: Shop, tmp_path: Path) -> Shop:
    """A copy of it, to be written to."""
    shutil.copy2(pair.db, tmp_path / "shop.db")
    return Shop(tmp_path)


@pytest.mark.parametrize(("keep", "other"), [(1, 2), (2, 1)])
def test_both_directions_make_one_client_with_everything(both: Shop, keep: int, other: int) -> None:
    due = {(item["kind"], item["id"]) for item in both.due() if item["kind"] in ("follow-up", "complaint")}
    answer = both.get("merge-clients", keep, other, "--yes")
    assert (answer["id"], answer["merged_id"], answer["dry_run"]) == (keep, other, False)
    assert answer["tier"] == {1: "B", 2: "A"}[keep]
    assert answer["tags"] == ["urgent"]
    assert {point["value"] for point in answer["contact_points"]} == {"+8613800138000", "+8613900139000"}
    assert {name: answer["moved"][name] for name in ("contacts", "follow_ups", "complaints", "referrals")} == {
        "contacts": 1, "follow_ups": 2, "complaints": 1, "referrals": int(other == 2),
    }  # fmt: skip
    items = both.due()
    assert {(item["kind"], item["id"]) for item in items if item["kind"] in ("follow-up", "complaint")} == due
    assert {item["client_id"] for item in items} <= {keep, 3}
    shown = both.get("show-client", keep)
    assert {contact["text"] for contact in shown["contacts"]} == {"said 1", "said 2"}
    assert len(shown["follow_ups"]) == 4
    assert len(shown["complaints"]) == 2
    assert both.get("show-client", 3)["referrer_id"] in (keep, None if keep == 1 else keep)
    both.ok("done", 2), "a recurring promise goes on"
    assert {row[0] for row in both.sql("SELECT DISTINCT client_id FROM follow_ups")} == {keep}


def test_one_undo_takes_the_whole_merge_back(both: Shop) -> None:
    before = {table: both.sql(f"SELECT * FROM {table} ORDER BY id") for table in FACTS}
    both.ok("merge-clients", 1, 2, "--yes")
    assert both.count("clients") == 2
    both.ok("undo")
    assert {table: both.sql(f"SELECT * FROM {table} ORDER BY id") for table in FACTS} == before
    assert both.get("show-client", 2)["id"] == 2
    both.ok("redo")
    assert both.get("show-client", 2)["id"] == 1


def test_an_old_id_finds_whom_they_have_become_and_says_so(both: Shop) -> None:
    both.ok("merge-clients", 1, 2, "--yes")
    for words in ("2", "#2"):
        ran = both.run("show-client", words, "--json")
        assert (ran.code, ran.json["id"]) == (0, 1)
        assert ran.err == "#2 was merged into 王丽 (#1).\n"
    both.ok("merge-clients", "Bob", 1, "--yes")
    ran = both.run("log", "2", "called", "--json")
    assert (ran.json["client_id"], ran.err) == (3, "#2 was merged into Bob (#3).\n")
    assert both.run("show-client", "3").err == ""
    assert both.run("show-client", "Wang Li").code == 3
    assert both.get("find", "Wang Li")[0]["client_id"] == 3, "the note remembers the name"
    assert both.run("merge-clients", 3, 2, "--yes").code == 2
    assert both.run("show-client", "#9").code == 3


def test_a_dry_run_tells_all_and_writes_nothing(both: Shop) -> None:
    before = state(both)
    said = both.ok("merge-clients", 1, 2, "--dry-run")
    for words in (
        "Wang Li (#2) becomes part of 王丽 (#1)",
        "They differ in: tier, birthday. What #2 has is kept in the note.",
        "2 follow-ups.",
        "Nothing was written.",
    ):
        assert words in said
    rehearsed = both.get("merge-clients", 1, 2, "--dry-run")
    assert state(both) == before
    done = both.get("merge-clients", 1, 2, "--yes")
    assert rehearsed == done | {"dry_run": True}


def test_without_a_terminal_it_wants_yes(both: Shop) -> None:
    before = state(both)
    for more in ((), ("--json",)):
        ran = both.run("merge-clients", 1, 2, *more)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.splitlines()[1] == "Add --yes to merge, or --dry-run to see what would become of them."
    assert state(both) == before


@pytest.mark.parametrize(
    ("words", "code", "saying"),
    [
        (("1", "1"), 2, "cannot be merged with themselves"),
        (("王丽", "13800138000"), 2, "cannot be merged with themselves"),
        (("1", "9"), 3, "9"),
        (("1", "w"), 2, "could be"),
    ],
)
def test_what_cannot_be_merged_is_refused(both: Shop, words: tuple[str, ...], code: int, saying: str) -> None:
    before = state(both)
    ran = both.run("merge-clients", *words, "--yes")
    assert (ran.code, ran.out) == (code, "")
    assert saying in ran.err
    assert state(both) == before


def test_at_a_terminal_it_shows_and_asks(both: Shop) -> None:
    for answer, code in (("n", 1), ("", 1), (CTRL_D, 1)):
        with Terminal(both, "merge-clients", 1, 2) as terminal:
            terminal.expect("becomes part of")
            terminal.answer("Merge #2 into #1? [y/N]", answer)
            assert terminal.end() == code
        assert both.count("clients") == 3
    with Terminal(both, "merge-clients", 1, 2) as terminal:
        terminal.answer("Merge #2 into #1? [y/N]", "y")
        assert terminal.end() == 0
        assert "Merged Wang Li (#2) into 王丽 (#1); moved: " in terminal.seen
    assert both.count("clients") == 2


@pytest.mark.parametrize(
    "meanwhile",
    [
        ("edit-client", "2", "--tier", "C"),
        ("log", "2", "called"),
        ("tag", "2", "vip"),
        ("merge-clients", "3", "2", "--yes"),
    ],
)
def test_what_was_shown_is_what_is_written_or_nothing_is(both: Shop, meanwhile: tuple[str, ...]) -> None:
    with Terminal(both, "merge-clients", 1, 2) as terminal:
        terminal.expect("Merge #2 into #1? [y/N]")
        both.ok(*meanwhile)
        after = state(both)
        terminal.type("y")
        assert terminal.end() == 4
        assert "nothing was written" in terminal.seen
    assert state(both) == after


def test_of_two_who_merge_at_once_one_wins(both: Shop) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "recrm", "merge-clients", *words, "--yes"],
            env=both.environment(), cwd=both.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for words in (("1", "2"), ("2", "1"))
    ]  # fmt: skip
    said = [process.communicate(timeout=60)[1] for process in running]
    codes = sorted(process.returncode for process in running)
    assert codes[0] == 0
    assert codes[1] in (2, 4), said
    assert "Traceback" not in "".join(said)
    assert both.count("clients") == 2
    assert both.count("merges") == 1
    state(both)


KILLED = """
import os, signal, sys
from recrm.clients import consents
consents.follow = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from recrm.cli import main
main(sys.argv[1:])
"""


def test_a_killed_merge_leaves_two_whole_clients(both: Shop) -> None:
    before = state(both)
    child = python(both, KILLED, "merge-clients", "1", "2", "--yes")
    child.communicate(timeout=60)
    assert child.returncode == -9
    assert both.get("show-client", 2)["name"] == "Wang Li"
    assert state(both) == before


def test_hostile_and_huge_clients_are_shown_in_80_columns(both: Shop) -> None:
    both.width = 80
    for color, text in (("red", "很长的名字" * 20), ("blue", "[/] Bob \x1b]52;c;aGk=\x07 [link=x]y")):
        both.add(
            text, "--note", f"[{color}]{'学区房' * 3000}", "--avoid", "the dog\nher ex", "--address", "很长的路" * 50
        )
    said = both.ok("merge-clients", 4, 5, "--dry-run")
    assert "\x1b" not in said
    for line in said.splitlines():
        if not line.startswith(("What", "They", "[/] Bob", "Merged")):
            assert display_width(line) <= 80, line
    answer = both.get("merge-clients", 4, 5, "--yes")
    assert answer["note"].count("学区房") == 6000
    assert answer["avoid"] == "the dog\nher ex"
    assert both.get("find", "学区房", "--limit", 5)[0]["client_id"] == 4


def test_a_ban_holds_for_the_one_they_have_become(both: Shop) -> None:
    both.ok("edit-client", 2, "--do-not-contact")
    both.ok("merge-clients", 1, 2, "--yes")
    assert both.get("show-client", 1)["do_not_contact"] is True
    assert not [item for item in both.due() if item["kind"] == "touch" and item["client_id"] == 1]


@pytest.mark.parametrize(("keep", "other"), [(1, 2), (2, 1)])
def test_a_ban_of_one_outlives_a_later_yes_of_the_other(both: Shop, keep: int, other: int) -> None:
    both.ok("edit-client", 1, "--do-not-contact")
    both.now = "2026-11-22T09:00:00"
    both.ok("consent", 2, "--allow", "calls")
    both.now = "2026-11-23T09:00:00"
    both.ok("merge-clients", keep, other, "--yes")
    shown = both.get("show-client", keep)
    assert shown["do_not_contact"] is True
    events = [row[0] for row in both.sql("SELECT event FROM consents ORDER BY at, id")]
    assert events[-1] == "do-not-contact", "what is recorded last and what holds agree"
    assert "allowed" in events
    assert "merge-clients" in shown["consent"]


def test_an_inquiry_that_ends_by_the_merge_is_said(shop: Shop) -> None:
    shop.ok("log", shop.add("王丽"), "called", "--at", "2026-10-01")
    shop.add("Wang Li")
    said = shop.ok("merge-clients", 1, 2, "--dry-run")
    assert "The inquiry of Wang Li (#2) counts as answered, because #1 has been contacted before." in said


def test_one_of_a_thing_is_one_and_several_are_many(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000")
    shop.add("Wang Li", "--phone", "13800138001", "--tag", "fair")
    shop.ok("log", 2, "hello")
    shop.ok("log", 2, "hello again")
    assert "; moved: 1 tag, 1 contact point, 2 contacts." in shop.ok("merge-clients", 1, 2, "--yes")


def test_kinds_and_types_are_read_in_the_language_spoken(shop: Shop) -> None:
    shop.add("半山物业", "--company", "--type", "landlord", "--type", "seller")
    shop.add("王丽", "--type", "buyer")
    shown = shop.ok("merge-clients", 1, 2, "--dry-run", RECRM_LANG="zh_CN")
    assert "房东、卖方" in shown or "卖方、房东" in shown
    assert "性质：个人" in shown
    for code in ("company", "person", "landlord", "buyer"):
        assert code not in shown
