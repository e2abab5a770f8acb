"""consent: what a client said is recorded, the flag follows, and no list reaches out to whom it forbids."""

from __future__ import annotations

import pytest

from recrm import slices
from tests.conftest import Shop

# What stays on the list because it is owed; all else reaches out by itself, and leaves it.
OWED = {"follow-up", "complaint", "call-back", "inquiry"}


def recorded(shop: Shop, client: int) -> list[tuple[str, str, str | None]]:
    return [(each["event"], each["what"], each["how"]) for each in shop.get("consent", client)["consents"]]


def test_each_word_is_a_row_and_the_newest_stands_in_the_profile(shop: Shop) -> None:
    ann = shop.add("Ann")
    assert shop.get("consent", ann)["consents"] == []
    said = shop.get("consent", ann, "--allow", "calls about flats", "--how", "in writing", "--at", "2026-11-20 10:00")
    assert said["consents"][0]["at"] == "2026-11-20T10:00:00+08:00"
    assert said["consent"] == "Allowed calls about flats (in writing, 2026-11-20)"
    said = shop.get("consent", ann, "--withdraw", "the newsletter")
    assert (said["do_not_contact"], said["consent"]) == (False, "No longer allows the newsletter (2026-11-21)")
    said = shop.get("consent", ann, "--do-not-contact", "--how", "by phone")
    assert (said["do_not_contact"], said["consent"]) == (True, "Not to be contacted (by phone, 2026-11-21)")
    assert [row[0] for row in recorded(shop, ann)] == ["do-not-contact", "withdrawn", "allowed"]
    assert "DO NOT CONTACT" in shop.ok("show-client", ann)
    assert "may be contacted again" in shop.ok("consent", ann, "--allow", "calls")
    assert shop.get("show-client", ann)["do_not_contact"] is False


def test_a_word_from_before_does_not_overrule_a_newer_one(shop: Shop) -> None:
    ann = shop.add("Ann")
    shop.ok("consent", ann, "--do-not-contact")
    said = shop.get("consent", ann, "--allow", "calls", "--at", "2026-11-01")
    assert said["do_not_contact"] is True
    assert said["consent"].startswith("Not to be contacted")


def test_undo_takes_a_consent_back(shop: Shop) -> None:
    ann = shop.add("Ann")
    shop.ok("consent", ann, "--do-not-contact")
    shop.ok("undo")
    client = shop.get("consent", ann)
    assert (client["do_not_contact"], client["consent"], client["consents"]) == (False, None, [])


@pytest.mark.parametrize(
    "words",
    [
        ("--allow", "calls", "--withdraw", "calls"),
        ("--allow", "calls", "--do-not-contact"),
        ("--withdraw", "calls", "--do-not-contact"),
        ("--how", "by phone"),
        ("--at", "today"),
        ("--allow", ""),
        ("--allow", "x" * 501),
        ("--do-not-contact", "--at", "tomorrow"),
    ],
)
def test_contradictions_are_usage_errors(shop: Shop, words: tuple[str, ...]) -> None:
    ann = shop.add("Ann")
    assert shop.run("consent", ann, *words).code == 2
    assert shop.count("consents") == 0


def test_the_options_of_other_commands_leave_their_row_too(shop: Shop) -> None:
    ann = shop.add("Ann", "--consent", "by form, 2026-11-20", "--do-not-contact")
    client = shop.get("show-client", ann)
    assert (client["consent"], client["do_not_contact"]) == ("by form, 2026-11-20", True)
    assert recorded(shop, ann) == [
        ("do-not-contact", "everything", "add-client"),
        ("allowed", "by form, 2026-11-20", "as noted in the profile"),
    ]
    said = shop.get("edit-client", ann, "--may-contact")
    assert said["consent"] == "Allowed everything (edit-client, 2026-11-21)"
    assert recorded(shop, ann)[0] == ("allowed", "everything", "edit-client")
    shop.ok("edit-client", ann, "--may-contact")
    shop.ok("edit-client", ann, "--tier", "B")
    assert len(recorded(shop, ann)) == 3, "where nothing changes there is nothing to record"


def test_a_line_from_before_there_were_rows_becomes_one_when_a_newer_word_comes(shop: Shop) -> None:
    ann = shop.add("Ann")
    shop.sql("UPDATE clients SET consent = 'signed the form'")
    assert "Noted in the profile: signed the form" in shop.ok("consent", ann)
    shop.ok("consent", ann, "--withdraw", "calls")
    assert recorded(shop, ann)[1] == ("allowed", "signed the form", "as noted in the profile")


def test_an_imported_ban_leaves_its_row(shop: Shop) -> None:
    (shop.folder / "list.csv").write_text("Name,Phone,Do not call\nAnn,13900139000,yes\nBob,13800138000,\n", "utf-8")
    shop.ok("import", "list.csv", "--yes", "--map", "Do not call=do-not-contact")
    assert recorded(shop, 1) == [("do-not-contact", "everything", "import")]
    assert recorded(shop, 2) == []


def due_everywhere(shop: Shop, *options: str) -> int:
    """A client of whom every kind of thing is due on 30 November."""
    ann = shop.add("Ann", "--phone", "13900139000", "--tier", "A", "--birthday", "11-30")
    shop.now = "2026-11-28T09:00:00"
    shop.ok("log", ann, "is it still free?", "--in", "--keep-open")
    shop.ok("record-complaint", ann, "no heating")
    shop.ok("record-complaint", ann, "rude")
    shop.ok("resolve-complaint", 2, "apologised")
    shop.now = "2026-11-21T09:00:00"
    shop.sql("UPDATE complaints SET status = 'closed', closed_at = '2026-11-21T01:00:00Z', confirm_by = NULL, "
             "call_back_due = '2026-11-28' WHERE id = 2")  # fmt: skip
    shop.ok("config", "set", "profile.verify_days", "1")
    shop.now = "2026-11-30T12:00:00"
    return ann


def test_nothing_reaches_out_to_whom_it_is_forbidden_and_what_is_owed_says_so(shop: Shop) -> None:
    ann = due_everywhere(shop)
    assert {item["kind"] for item in shop.due()} == set(slices.due_kinds()) - {"follow-up"}
    shop.ok("consent", ann, "--do-not-contact")
    shop.ok("add-follow-up", ann, "today", "send the contract")
    items = shop.due()
    assert {item["kind"] for item in items} == OWED
    assert all(item["reason"].startswith("DO NOT CONTACT, ") for item in items)
    assert "DO NOT CONTACT, promised for today: send the contract" in shop.ok("digest")
    for words in (("overdue",), ("agenda", "--days", "60")):
        for item in shop.get(*words):
            assert item["kind"] in OWED
            assert item["reason"].startswith("DO NOT CONTACT, ")
    shop.ok("consent", ann, "--allow", "everything")
    assert not any("DO NOT CONTACT" in item["reason"] for item in shop.due())


def test_every_kind_of_due_item_has_been_thought_of() -> None:
    assert set(slices.due_kinds()) == OWED | {"touch", "birthday", "profile"}, (
        "a new kind is either owed to a client, or must leave the list of those not to be contacted: say which"
    )


def test_our_own_texts_are_read_in_the_language_spoken(shop: Shop) -> None:
    shop.add("王丽")
    shop.ok("consent", 1, "--do-not-contact")
    shown = shop.ok("consent", 1, RECRM_LANG="zh_CN")
    assert "一切联系" in shown
    assert "everything" not in shown
