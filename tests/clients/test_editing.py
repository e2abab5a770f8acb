"""edit-client, tag, untag, archive, unarchive."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import Shop


@pytest.fixture
def li_na(shop: Shop) -> Shop:
    """李娜, with something in every field that can be erased."""
    shop.add(
        "李娜", "-p", "13800138000", "-p", "13900139000", "-e", "lina@example.com", "--tier", "B", "--type", "buyer",
        "--note", "old note", "--avoid", "prices", "--birthday", "1990-05-20", "--persona", "upgrade", "--source",
        "portal", "--family", "one son", "--occupation", "teacher", "--preferred-channel", "call", "--consent", "yes",
        "--income", "1000", "--debts", "5", "--down-payment", "7", "--credit-note", "good", "--agent", "Mei",
    )  # fmt: skip
    return shop


FIELDS = {
    "note": "note", "avoid": "avoid", "birthday": "birthday", "persona": "persona", "source": "source",
    "family": "family", "occupation": "occupation", "preferred-channel": "preferred_channel", "consent": "consent",
    "income": "income", "debts": "debts", "down-payment": "down_payment", "credit-note": "credit_note",
    "tier": "tier", "agent": "agent",
}  # fmt: skip


def test_an_empty_value_erases_that_field_alone(li_na: Shop) -> None:
    known = li_na.get("show-client", 1)
    for option, field in FIELDS.items():
        assert known[field]
        after = li_na.get("edit-client", 1, f"--{option}", "")
        assert {name: after[name] for name in FIELDS.values()} == {
            name: None if name == field else known[name] for name in FIELDS.values()
        }
        known = known | {field: None}


def test_a_contact_point_is_added_and_another_taken_away(li_na: Shop) -> None:
    after = li_na.get(
        "edit-client", 1, "-p", "13700137000", "--remove", "138 0013 8000", "--remove", "LINA@example.com"
    )
    assert [p["value"] for p in after["contact_points"]] == ["+8613900139000", "+8613700137000"]


def test_a_number_moves_from_one_client_to_another_once_taken_away(li_na: Shop) -> None:
    li_na.add("王丽")
    assert li_na.run("edit-client", "王丽", "-p", "13800138000").code == 4
    li_na.ok("edit-client", "李娜", "--remove", "13800138000")
    li_na.ok("edit-client", "王丽", "-p", "13800138000")


def test_what_the_client_does_not_have_cannot_be_taken_away(li_na: Shop) -> None:
    for which in ("13700137000", "0000", "nobody@example.com", ""):
        assert li_na.run("edit-client", 1, "--remove", which).code == 3, which
    assert li_na.count("contact_points") == 3


def test_what_could_be_two_numbers_is_not_taken_away(li_na: Shop) -> None:
    li_na.ok("edit-client", 1, "-p", "13700138000")
    assert li_na.run("edit-client", 1, "--remove", "8000").code == 2
    assert li_na.count("contact_points") == 4


def test_a_refused_edit_changes_nothing_at_all(li_na: Shop) -> None:
    li_na.add("王丽", "-p", "13600136000")
    before, operations = li_na.get("show-client", 1), li_na.count("operations")
    assert li_na.run("edit-client", 1, "--tier", "A", "--remove", "13800138000", "-p", "13600136000").code == 4
    assert li_na.get("show-client", 1) == before
    assert li_na.count("operations") == operations


def test_another_name_brings_its_own_pinyin(li_na: Shop) -> None:
    assert li_na.get("edit-client", 1, "--name", "王芳")["pinyin"] == "wang fang"
    assert li_na.get("show-client", "wf")["id"] == 1
    assert li_na.run("show-client", "lina").code == 3


def test_pinyin_can_be_set_as_the_client_says_it(shop: Shop) -> None:
    shop.add("乐怡")
    assert shop.get("edit-client", 1, "--pinyin", "le yi")["pinyin"] == "le yi"
    assert shop.get("show-client", "leyi")["id"] == 1


def test_types_are_replaced_and_none_clears_them(li_na: Shop) -> None:
    assert li_na.get("edit-client", 1, "--type", "seller", "--type", "landlord")["types"] == ["landlord", "seller"]
    assert li_na.get("edit-client", 1, "--type", "none")["types"] == []


def test_add_note_adds_a_line(li_na: Shop) -> None:
    assert li_na.get("edit-client", 1, "--add-note", "new line")["note"] == "old note\nnew line"


def test_of_eight_notes_added_at_once_none_is_lost(li_na: Shop) -> None:
    arguments = [sys.executable, "-m", "recrm", "edit-client", "1", "--add-note"]
    all_at_once = [
        subprocess.Popen([*arguments, f"line {number}"], env=li_na.environment(), stdout=subprocess.DEVNULL)
        for number in range(8)
    ]
    assert [process.wait() for process in all_at_once] == [0] * 8
    note = li_na.get("show-client", 1)["note"].split("\n")
    assert (note[0], sorted(note[1:])) == ("old note", [f"line {number}" for number in range(8)])


def test_an_extension_is_taken_away_and_the_other_numbers_of_the_house_stay(shop: Shop) -> None:
    shop.add("李娜", "-p", "021-62880000", "-p", "021-62880000 ext 8", "-p", "021-62880000-9")
    assert shop.run("edit-client", 1, "--remove", "021-62880000 ext 7").code == 3
    for which, left in (("021-62880000 ext 8", ["", "9"]), ("021-62880000", ["9"]), ("+86 21 62880000-9", [])):
        shop.ok("edit-client", 1, "--remove", which)
        assert [row[0] for row in shop.sql("SELECT extension FROM contact_points ORDER BY id")] == left


def test_what_a_client_was_added_with_can_be_edited_too(li_na: Shop) -> None:
    after = li_na.get("edit-client", 1, "--company", "--tag", "VIP", "--tag", "学区房")
    assert (after["kind"], after["tags"]) == ("company", ["VIP", "学区房"])
    assert li_na.get("edit-client", 1, "--person")["kind"] == "person"


def test_a_birthday_that_is_still_to_come_is_refused(li_na: Shop) -> None:
    assert li_na.run("edit-client", 1, "--birthday", "2026-11-22").code == 2
    assert li_na.get("edit-client", 1, "--birthday", "2026-11-21")["birthday"] == "2026-11-21"


def test_a_referrer_can_be_set_and_erased_but_never_in_a_circle(shop: Shop) -> None:
    for name in ("A", "B", "C"):
        shop.add(name)
    shop.ok("edit-client", "B", "--referrer", "A")
    shop.ok("edit-client", "C", "--referrer", "B")
    assert shop.run("edit-client", "A", "--referrer", "C").code == 2
    assert shop.run("edit-client", "A", "--referrer", "A").code == 2
    assert shop.get("edit-client", "B", "--referrer", "")["referrer"] is None
    assert shop.get("edit-client", "A", "--referrer", "C")["referrer"] == "C"


def test_an_edit_counts_as_verification_and_so_does_verified_alone(li_na: Shop) -> None:
    li_na.now = "2026-12-01T10:00"
    assert li_na.get("edit-client", 1, "--verified")["verified_at"] == "2026-12-01T10:00:00+08:00"
    li_na.now = "2026-12-02T10:00"
    assert li_na.get("edit-client", 1, "--source", "friend")["verified_at"] == "2026-12-02T10:00:00+08:00"


def test_an_edit_that_says_nothing_or_nonsense_is_refused(li_na: Shop) -> None:
    operations = li_na.count("operations")
    for arguments in ([], ["--tier", "Z"], ["--name", " "], ["--birthday", "x"], ["--phone", "x"]):
        assert li_na.run("edit-client", 1, *arguments).code == 2, arguments
    assert li_na.count("operations") == operations


def test_tags_are_given_once_and_taken_in_any_case(shop: Shop) -> None:
    shop.add()
    shop.ok("tag", 1, "VIP", "学区房,#近地铁")
    assert shop.get("tag", 1, "VIP")["tags"] == ["VIP", "学区房", "近地铁"]
    assert shop.get("untag", 1, "vip", "近地铁")["tags"] == ["学区房"]


def test_a_tag_in_another_case_is_the_same_tag(shop: Shop) -> None:
    shop.add("A", "--tag", "VIP")
    assert shop.get("tag", 1, "vip")["tags"] == ["VIP"]


def test_a_tag_is_found_and_taken_in_any_case_of_any_script(shop: Shop) -> None:
    shop.add("A", "--tag", "École")
    for tag in ("école", "ÉCOLE", "#École", "Ecole"):
        assert [c["id"] for c in shop.get("list-clients", "--tag", tag)] == [1], tag
    assert shop.get("list-clients", "--tag", "Schule") == []
    assert shop.get("tag", 1, "ÉCOLE")["tags"] == ["École"]
    assert shop.get("untag", 1, "école")["tags"] == []


def test_urgent_in_any_case_is_the_tag_that_lifts(shop: Shop) -> None:
    shop.add()
    assert shop.get("tag", 1, "URGENT")["tags"] == ["urgent"]
    assert shop.sql("SELECT urgent FROM standing") == [(1,)]
    shop.ok("untag", 1, "Urgent")
    assert shop.sql("SELECT urgent FROM standing") == [(0,)]


def test_a_tag_without_a_word_is_refused(shop: Shop) -> None:
    shop.add()
    for arguments in (["tag", 1, ""], ["tag", 1, ","], ["untag", 1, ""], ["tag", 1, "#"], ["tag", 1]):
        assert shop.run(*arguments).code == 2, arguments


def test_archiving_twice_is_a_conflict_and_so_is_bringing_back_who_is_there(shop: Shop) -> None:
    shop.add()
    assert shop.run("unarchive-client", 1).code == 4
    assert shop.get("archive-client", 1)["archived_at"] == "2026-11-21T09:00:00+08:00"
    assert shop.run("archive-client", 1).code == 4
    assert shop.get("list-clients") == []
    assert [c["id"] for c in shop.get("list-clients", "--archived")] == [1]
    assert shop.get("unarchive-client", 1)["archived_at"] is None
    assert [c["id"] for c in shop.get("list-clients")] == [1]


def test_archiving_says_what_stays_promised(shop: Shop) -> None:
    shop.add()
    shop.ok("add-follow-up", 1, "today", "send the keys")
    assert "1 open" in shop.ok("archive-client", 1)
    assert [item["title"] for item in shop.due()] == ["send the keys"]
