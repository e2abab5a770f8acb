"""erase-client: after it, not a byte of the person is in the folder, and all that is not theirs is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recrm.privacy.erasing import erase
from tests.conftest import Shop
from tests.storage.kit import a_client, done_now, insert, ram_shop
from tests.terminal import Terminal

NAME = "欧阳翠花"
# Whatever could tell of her: name, pinyin and initials, numbers in every form, addresses, words of every text.
SECRETS = (
    NAME, "翠花", "ouyang", "cuihua", "oych", "13912345678", "139 1234 5678", "12345678", "13712345678",
    "1371234", "cuihua@example.com", "cuihua_wx", "66778899", "Quellenweg", "quellenweg", "阁楼", "zitherspiel",
    "kachelofen", "bernstein", "moorbad", "drehorgel", "klavierlehrerin", "papagei", "lavendelfeld", "strohdach",
    "wendeltreppe", "kupferkessel", "malventee", "hagebutte", "sauerampfer", "duplikatnotiz", "Cuihua Zwei",
    "zweitname", "nachtigall", "ringelnatter",
)  # fmt: skip


def bytes_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a folder, and of those in it."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield file, file.read_bytes().lower()


def traces_in(folder: Path) -> list[tuple[str, str]]:
    """Which secrets stand in which file, in UTF-8 or UTF-16, whole or with its characters set apart."""
    found = []
    for file, data in bytes_of(folder):
        for secret in SECRETS:
            apart = " ".join(secret) if not secret.isascii() else secret
            forms = {secret.lower().encode(), secret.lower().encode("utf-16-le"), apart.lower().encode()}
            found += [(file.name, secret) for form in forms if form in data]
    return found


def rich(shop: Shop) -> tuple[int, int]:
    """A client with something in every table and every corner of the journal; and another, tied to her both ways."""
    other = shop.add("Bob", "--phone", "13800138000", "--note", "likes gardens", "--tier", "B")
    her = shop.add(
        NAME, "--phone", "13912345678", "--phone", "+86 10 66778899", "--email", "cuihua@example.com",
        "--wechat", "cuihua_wx", "--address", "Quellenweg 9", "--note", "阁楼 zitherspiel", "--avoid", "kachelofen",
        "--family", "bernstein", "--occupation", "klavierlehrerin", "--tag", "moorbad", "--tag", "urgent", "--type",
        "buyer", "--tier", "A", "--birthday", "1980-02-03", "--consent", "drehorgel", "--income", "35万",
        "--referrer", str(other),
    )  # fmt: skip
    shop.ok("edit-client", her, "--note", "papagei", "--remove", "cuihua_wx", "--phone", "13712345678")
    shop.ok("edit-client", her, "--remove", "13712345678", "--add-note", "lavendelfeld")
    shop.ok("untag", her, "moorbad")
    sent = shop.add("Carol", "--phone", "13600136000", "--referrer", str(her), "--note", "sent by a friend")
    shop.ok("edit-client", sent, "--tier", "C")
    shop.ok(
        "log", her, "strohdach and 阁楼", "--feedback", "wendeltreppe", "--next", "+3d", "--next-note", "kupferkessel"
    )
    shop.ok("log", her, "malventee", "--in")
    shop.ok("add-follow-up", her, "today", "hagebutte", "--every", "2w")
    shop.ok("done", 2, "nachtigall")
    shop.ok("record-complaint", her, "sauerampfer", "--severity", "major", "--cause", "ringelnatter")
    shop.ok("progress-complaint", 1, "nachtigall came")
    shop.ok("consent", her, "--allow", "calls about the strohdach", "--how", "in writing")
    shop.ok("consent", her, "--do-not-contact", "--how", "by phone")
    twin = shop.add("Cuihua Zwei", "--phone", "13712345678", "--note", "duplikatnotiz", "--tag", "zweitname")
    shop.ok("log", twin, "zitherspiel again")
    shop.ok("merge-clients", her, twin, "--yes")
    shop.ok("edit-client", her, "--note", "malventee twice")
    shop.ok("undo")
    shop.ok("edit-client", other, "--note", "likes gardens and dogs")
    return her, other


def everything(shop: Shop, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables that hold facts."""
    names = [
        name
        for (name,) in shop.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        if "_words" not in name and name not in ("operations", "changes", "reversals", *without)
    ]
    return {name: shop.sql(f"SELECT * FROM {name} ORDER BY 1") for name in names}


def test_not_a_byte_of_an_erased_client_is_left_in_the_folder(shop: Shop) -> None:
    her, other = rich(shop)
    assert {secret for _, secret in traces_in(shop.folder)} > {
        NAME,
        "strohdach",
        "duplikatnotiz",
        "66778899",
        "papagei",
    }
    said = shop.get("erase-client", her, "--yes")
    assert traces_in(shop.folder) == []
    assert said["erased"]["clients"] == 1
    assert said["erased"].keys() >= {"contacts", "follow_ups", "complaints", "complaint_steps", "complaint_events"}
    assert said["journal_lines"] > 30
    assert said["rewritten"] is True
    assert shop.run("show-client", NAME).code == 3
    assert shop.run("find", "zitherspiel").out.startswith("Nothing")
    assert shop.get("show-client", other)["note"] == "likes gardens and dogs"
    assert shop.sql("PRAGMA integrity_check") == [("ok",)]
    assert shop.sql("PRAGMA foreign_key_check") == []
    assert shop.sql("SELECT command FROM operations ORDER BY id DESC LIMIT 1") == [("erase-client",)]


def test_what_belongs_to_others_is_as_it_was_but_for_the_referral(shop: Shop) -> None:
    plain = Shop(shop.folder / "plain")
    plain.folder.mkdir()
    plain.ok("init")
    for each in (shop, plain):
        each.add("Bob", "--phone", "13800138000", "--note", "阳台 garden", "--tag", "urgent")
        each.ok("log", 1, "wants a balcony", "--next", "+3d")
        each.ok("record-complaint", 1, "rude on the phone")
    her = shop.add(NAME, "--phone", "13912345678", "--note", "balcony")
    shop.ok("log", her, "balcony", "--next", "+3d")
    shop.ok("edit-client", 1, "--referrer", her)
    shop.ok("record-complaint", her, "balcony")
    shop.ok("erase-client", her, "--yes")
    plain.ok("edit-client", 1, "--verified")
    theirs, kept = everything(plain), everything(shop, without=("suppressions", "suppression_key"))
    assert {name: rows for name, rows in theirs.items() if name in kept} == kept
    assert [hit["client"] for hit in shop.get("find", "balcony")] == ["Bob"]


def test_undo_of_what_came_before_still_works_and_brings_nothing_back(shop: Shop) -> None:
    bob = shop.add("Bob")
    her = shop.add(NAME, "--phone", "13912345678")
    shop.ok("edit-client", bob, "--referrer", her)
    shop.ok("edit-client", bob, "--tier", "B")
    shop.ok("log", her, "strohdach")
    shop.ok("erase-client", her, "--yes")
    shop.ok("edit-client", bob, "--note", "likes gardens")
    for _ in range(3):
        shop.ok("undo")
    assert shop.count("clients") == 0, "the note, the tier and Bob were taken back; the referral was no change any more"
    assert shop.run("undo").code == 3, "nothing is left to take back"
    assert traces_in(shop.folder) == []
    assert shop.sql("PRAGMA foreign_key_check") == []
    for _ in range(3):
        shop.ok("redo")
    client = shop.get("show-client", bob)
    assert (client["tier"], client["note"], client["referrer_id"]) == ("B", "likes gardens", None)


def test_a_row_number_that_others_use_again_stays_theirs() -> None:
    shop = ram_shop()
    conn = shop.conn
    with shop.write(done_now()):
        her, bob = a_client(conn, name=NAME), a_client(conn, name="Bob")
        insert(conn, "client_tags", id=9, client_id=her, tag="moorbad")
    with shop.write(done_now()):
        conn.execute("DELETE FROM client_tags WHERE id = 9")
    with shop.write(done_now()):
        insert(conn, "client_tags", id=9, client_id=bob, tag="vip")
    erase(shop, her, done_now(), suppress=True)
    left = conn.execute("SELECT operation_id, table_name, action, before FROM changes ORDER BY id").fetchall()
    assert [tuple(row) for row in left] == [(1, "clients", "insert", None), (3, "client_tags", "insert", None)]


def test_whoever_was_split_off_again_keeps_their_own_and_leaves_no_words_behind(shop: Shop) -> None:
    bob = shop.add("Bob", "--note", "likes gardens")
    her = shop.add(NAME, "--note", "duplikatnotiz", "--phone", "13912345678")
    shop.ok("merge-clients", bob, her, "--yes")
    shop.ok("undo")
    shop.ok("erase-client", her, "--yes")
    assert traces_in(shop.folder) == []
    assert shop.get("show-client", bob)["note"] == "likes gardens"


def test_whoever_was_kept_in_an_undone_merge_leaves_the_other_whole(shop: Shop) -> None:
    her = shop.add(NAME, "--note", "duplikatnotiz", "--phone", "13912345678")
    bob = shop.add("Bob", "--note", "likes gardens")
    shop.ok("log", bob, "wants a balcony")
    shop.ok("merge-clients", her, bob, "--yes")
    shop.ok("undo")
    before = shop.get("show-client", bob)
    shop.ok("erase-client", her, "--yes")
    assert traces_in(shop.folder) == []
    assert shop.sql(f"SELECT * FROM changes WHERE {her} IN (client_id, moved_to)") == []
    assert [one["command"] for one in shop.get("history", "--client", bob)] == ["log", "add-client"]
    shop.run("redo")
    assert shop.get("show-client", bob) == before, "half of the merge would have taken Bob away"


def test_one_who_is_gone_already_leaves_the_journal_too(shop: Shop) -> None:
    her = shop.add(NAME, "--note", "strohdach")
    shop.ok("undo")
    assert ("shop.db", NAME) in traces_in(shop.folder)
    assert shop.run("erase-client", NAME, "--yes").code == 3
    assert shop.run("erase-client", her + 1, "--yes").code == 3
    assert "gone already" in shop.ok("erase-client", her, "--yes")
    assert traces_in(shop.folder) == []
    assert shop.run("redo").code in (0, 2, 3, 4)
    assert shop.count("clients") == 0


def test_nothing_is_erased_without_a_terminal_or_yes(shop: Shop) -> None:
    her = shop.add(NAME)
    before = shop.db.read_bytes()
    ran = shop.run("erase-client", her)
    assert (ran.code, ran.out) == (2, "")
    assert "--yes" in ran.err
    assert shop.db.read_bytes() == before


@pytest.mark.parametrize(
    ("answers", "is_erased"), [(("y", NAME), True), (("y", "1"), True), (("y", "x"), False), (("n",), False)]
)
def test_a_person_is_asked_twice_and_told_what_goes(shop: Shop, answers: tuple[str, ...], is_erased: bool) -> None:
    her = shop.add(NAME, "--tag", "vip")
    shop.ok("log", her, "strohdach")
    with Terminal(shop, "erase-client", her) as terminal:
        terminal.expect("1 contact")
        terminal.expect("cannot be undone")
        terminal.answer("for good?", answers[0])
        if len(answers) > 1:
            terminal.answer("Type their name or id", answers[1])
        code = terminal.end()
    assert (code == 0) is is_erased
    assert shop.count("clients") == (0 if is_erased else 1)


def test_texts_of_others_that_name_them_are_shown_and_left(shop: Shop) -> None:
    her = shop.add(NAME, "--phone", "13912345678")
    bob = shop.add("Bob", "--note", f"cousin of {NAME}")
    shop.ok("log", bob, "call 139-1234-5678 instead")
    shop.ok("record-complaint", bob, f"{NAME} was rude")
    shop.ok("progress-complaint", 1, "asked (139) 1234 5678")
    said = shop.get("erase-client", her, "--yes")
    places = {(each["table"], each["client"]) for each in said["mentions"]}
    assert places >= {("clients", "Bob"), ("contacts", "Bob"), ("complaints", "Bob"), ("complaint_events", "Bob")}
    assert said["mentions_in_all"] == len(said["mentions"])
    assert shop.get("show-client", bob)["note"] == f"cousin of {NAME}"
