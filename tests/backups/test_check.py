"""check: finds what is wrong and nothing else, mends what can be worked out anew, and stops all writing to a ruin."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from recrm import slices
from recrm.backups import check
from recrm.core import ui
from recrm.core.text import spaced
from recrm.storage import integrity
from tests.backups.conftest import backups_of, content, spoil
from tests.conftest import Ran, Shop
from tests.history.driving import run
from tests.storage.test_faults import run_as

SHAPE = ["ok", "findings", "mended", "backup"]


def report(shop: Shop, *words: str, code: int = 1) -> dict[str, Any]:
    ran = shop.run("check", *words, "--json")
    assert (ran.code, ran.err) == (code, ""), ran
    answer: dict[str, Any] = ran.json
    assert list(answer) == SHAPE
    assert answer["ok"] == (code == 0)
    return answer


def found(shop: Shop, *words: str, code: int = 1) -> dict[str, list[int]]:
    return {each["check"]: each["ids"] for each in report(shop, *words, code=code)["findings"]}


def broken(shop: Shop, *statements: str) -> None:
    """Change the file as no command would: past the triggers, references and constraints."""
    with closing(sqlite3.connect(shop.db, isolation_level=None)) as conn:
        conn.execute("PRAGMA ignore_check_constraints=ON")
        conn.create_function("spaced", 1, spaced)
        for statement in statements:
            conn.execute(statement)


def test_a_sound_shop_is_well(busy: Shop) -> None:
    for more in ([], ["--full"], ["--repair"]):
        before = busy.db.read_bytes()
        assert report(busy, *more, code=0) == {"ok": True, "findings": [], "mended": [], "backup": None}
        assert busy.db.read_bytes() == before
    assert busy.ok("check") == f"All is well with {busy.db}.\n"
    assert len(backups_of(busy)) == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_false_alarm_in_a_shop_of_years(bare: Shop, seed: int) -> None:
    bare.ok("demo", "--db", bare.db, "--clients", "300", "--seed", seed)
    assert found(bare, "--full", code=0) == {}


def test_no_false_alarm_after_the_commands_of_a_long_day(busy: Shop) -> None:
    for words in (
        ("edit-client", 1, "--name", "吕布", "--tier", "B", "--income", "300000", "--birthday", ""),
        ("edit-client", 2, "--pinyin", "", "--add-note", "单先生 A3"),
        ("add-client", "A3 单店", "--pinyin", "a shan dian", "--company", "--phone", "+44 20 7946 0018 x12"),
        ("add-client", "Renée", "--phone", "010-88881234-801", "--wechat", "Renée_88", "--qq", "12345"),
        ("add-client", "Giulia", "--phone", "+39 06 698 12345", "--email", "G@EXAMPLE.com", "--address", "Via Ü 1"),
        ("tag", 1, "urgent"),
        ("log", 1, "?!", "--in"),
        ("log", 1, "said", "--feedback", "好的", "--next", "+3d"),
        ("progress-complaint", 1, "called"),
        ("progress-complaint", 1, "mended"),
        ("close-complaint", 1, "--unsatisfied"),
        ("resolve-complaint", 1, "mended again"),
        ("close-complaint", 1, "--satisfied"),
        ("reopen-complaint", 2, "rude again"),
        ("done", 3),
        ("add-follow-up", 2, "today 14:30", "x", "--every", "monthly", "--until", "+1y"),
        ("snooze", 4, "tomorrow"),
        ("cancel-follow-up", 4),
        ("archive-client", 1),
        ("unarchive-client", 1),
        ("edit-client", 1, "--do-not-contact"),
    ):
        ran = busy.run(*words)
        assert ran.code in (0, 3, 4), ran
        assert found(busy, code=0) == {}, words
    (busy.folder / "more.csv").write_text("Name,Phone,Notes\n王芳,13700137000,学区房\nBob,+1 415 555 2671,x\n", "utf-8")
    busy.ok("import", "more.csv", "--yes")
    assert found(busy, "--full", code=0) == {}


DROP_TRIGGERS = "DROP TRIGGER standing_contact_added"
BROKEN: dict[str, tuple[str, list[int], bool]] = {
    "standing": ("UPDATE standing SET last_contact_at = '2020-01-01T00:00:00Z' WHERE client_id = 1", [1], True),
    "search-key": ("UPDATE clients SET search_key = 'x', pinyin = '' WHERE id = 1", [1], True),
    "contact-point": ("UPDATE contact_points SET key = '138 0013 8000' WHERE id = 1", [1], True),
    "referrer": ("UPDATE clients SET referrer_id = 2 WHERE id = 1", [1, 2], False),
    "currency": ("UPDATE clients SET income_minor = 100 WHERE id = 2", [2], False),
    "recurrence": ("UPDATE follow_ups SET every = 'now and then' WHERE id = 1", [1], False),
    "closing": (
        "UPDATE follow_ups SET status = 'cancelled', closed_at = '2020-01-01T00:00:00Z' WHERE id = 2", [2], True,
    ),
    "kept-by": (
        """INSERT INTO contacts (client_id, at, direction, channel, text, agent, created_at)
        VALUES (2, '2026-11-01T00:00:00Z', 'out', 'call', '?', '', '2026-11-01T00:00:00Z');
        INSERT INTO contact_words (rowid, words) VALUES (2, spaced('?'));
        UPDATE follow_ups SET contact_id = 2 WHERE id = 2""",
        [2],
        True,
    ),
    "open-step": ("UPDATE complaint_steps SET done_at = '2026-11-21T01:00:00Z' WHERE complaint_id = 1", [1], False),
    "late-step": ("UPDATE complaint_steps SET done_at = NULL WHERE complaint_id = 2", [2], False),
    "round": ("UPDATE complaint_steps SET round = 2 WHERE complaint_id = 2 AND position = 1", [2], False),
    "confirmation": ("UPDATE complaints SET status = 'resolved', closed_at = NULL WHERE id = 2", [2], False),
    "call-back": ("UPDATE complaints SET call_back_due = NULL WHERE id = 2", [2], True),
    "merge": ("INSERT INTO merges (client_id, merged_id, at) VALUES (1, 1, '2026-11-01T00:00:00Z')", [1], True),
    "reversal": ("INSERT INTO reversals (operation_id, target_id) VALUES (1, 2)", [1], False),
    "words": ("INSERT INTO contact_words (contact_words, rowid, words) VALUES ('delete', 1, 'plan')", [1], True),
    "references": ("UPDATE contacts SET client_id = 99 WHERE id = 1", [], False),
}  # fmt: skip


def test_every_rule_is_broken_here() -> None:
    assert {rule.name for each in slices.rules() for rule in each.rules} <= set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found_and_mended_where_it_can_be(busy: Shop, name: str) -> None:
    statement, ids, mends = BROKEN[name]
    broken(busy, *statement.split(";"))
    findings = report(busy)["findings"]
    (finding,) = [each for each in findings if each["check"] == name]
    assert (finding["ids"], finding["repairable"]) == (ids, mends)
    assert finding["count"] == max(1, len(ids))
    assert finding["what"].endswith(".")
    assert "`recrm " in finding["hint"]
    if not mends:
        before = busy.sql("SELECT * FROM clients")
        assert name in found(busy, "--repair")
        assert busy.sql("SELECT * FROM clients") == before
        return
    said = report(busy, "--repair", code=0)
    assert [each["check"] for each in said["mended"]] == [name]
    assert said["backup"] == str(busy.folder / "backups" / "shop-2026-11-21T090000+0800-before-repair.db")
    assert found(busy, code=0) == {}


def test_what_was_mended_in_facts_can_be_undone(busy: Shop) -> None:
    broken(busy, BROKEN["search-key"][0])
    before = content(busy.db)["clients"]
    assert busy.run("find", "lina", "--json").json == []
    busy.ok("check", "--repair")
    assert [hit["id"] for hit in busy.get("find", "lina")] == [1]
    assert busy.sql("SELECT command FROM operations ORDER BY id DESC LIMIT 1") == [("check",)]
    busy.ok("undo")
    assert content(busy.db)["clients"] == before


def test_what_is_derived_is_rebuilt_without_a_line_in_the_history(busy: Shop) -> None:
    operations = busy.count("operations")
    broken(busy, "DELETE FROM standing", "INSERT INTO client_words (client_words) VALUES ('delete-all')")
    assert set(found(busy)) == {"standing", "words"}
    said = busy.ok("check", "--repair")
    assert said.count("mended") == 2
    assert busy.count("operations") == operations
    assert [hit["id"] for hit in busy.get("find", "学区")] == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO contact_words (rowid, words) VALUES (1, 'dog')",
        "INSERT INTO contact_words (rowid, words) VALUES (77, 'ghost')",
        "INSERT INTO contact_words (contact_words, rowid, words) VALUES ('delete', 1, 'asked for the plan')",
        "UPDATE contacts SET text = 'asked for a plan'",
        "UPDATE contacts SET text = 'plan the for asked'",
        "UPDATE contacts SET feedback = '好'",
        "UPDATE clients SET note = '学区'",
        "UPDATE clients SET note = NULL",
        "UPDATE clients SET note = 'new' WHERE id = 2",
    ],
)
def test_a_text_whose_words_are_not_the_indexed_ones_is_found(busy: Shop, statement: str) -> None:
    broken(busy, statement)
    assert "words" in found(busy)
    busy.ok("check", "--repair")


def test_a_phone_that_two_rows_would_then_share_is_left_and_said(busy: Shop) -> None:
    broken(
        busy,
        "INSERT INTO contact_points (client_id, kind, value, shown, key) "
        "VALUES (1, 'phone', '+8613800138000', '138', '138')",
    )
    assert found(busy, "--repair") == {"contact-point": [3]}


def test_rows_that_break_the_tables_rules_are_no_damage(busy: Shop) -> None:
    broken(busy, "UPDATE clients SET tier = 'Z' WHERE id = 1")
    assert set(found(busy)) >= {"constraints"}
    assert not busy.db.with_name("shop.db.damaged").exists()
    assert busy.get("backup")["state"] == "good"


def test_words_say_what_and_what_to_do(busy: Shop) -> None:
    broken(busy, BROKEN["search-key"][0], BROKEN["call-back"][0])
    ran = busy.run("check")
    assert ran.code == 1
    assert (
        "Clients whose pinyin or initials do not follow from their names, so that `find` may miss them: 1."
        in " ".join(ran.out.split())
    )
    assert "recrm check --repair" in ran.err


# Damage.


def refused(ran: Ran) -> None:
    assert (ran.code, ran.out) == (5, ""), ran
    assert len(ran.err.splitlines()) == 2
    assert "recrm restore latest" in ran.err


def test_a_damaged_page_ends_all_writing_until_a_backup_is_restored(busy: Shop) -> None:
    spoil(busy.db)
    refused(busy.run("show-client", 1))
    marker = busy.db.with_name("shop.db.damaged")
    assert stat.S_IMODE(marker.stat().st_mode) == 0o600
    assert marker.read_text("utf-8").startswith("2026-11-21T01:00:00Z ")
    assert len(marker.read_text("utf-8").splitlines()) == 1
    before = busy.db.read_bytes()
    for words in (("record-complaint", "1", "x"), ("add-client", "Ann")):
        refused(busy.run(*words))
    answer = report(busy, code=5)
    assert [each["check"] for each in answer["findings"]] == ["pages"]
    assert busy.run("check", "--repair").code == 5
    assert busy.db.read_bytes() == before
    busy.ok("restore", "latest", "--yes")
    assert not marker.exists()
    busy.ok("log", 1, "and on it goes")


def test_damage_met_while_writing_ends_all_writing(busy: Shop) -> None:
    spoil(busy.db, "complaint_steps")
    refused(busy.run("record-complaint", 1, "x"))
    assert busy.db.with_name("shop.db.damaged").exists()
    # Another table is read as ever, and written no more.
    assert len(busy.get("list-clients")) == 2
    ran = busy.run("tag", 1, "vip")
    refused(ran)
    assert "nothing is written to it any more" in ran.err


def test_damage_that_only_the_check_finds_ends_all_writing(busy: Shop) -> None:
    spoil(busy.db, "digests")
    busy.ok("list-clients")
    assert busy.run("check").code == 5
    refused(busy.run("tag", 1, "vip"))


def test_a_new_file_has_nothing_to_do_with_the_damage_of_the_one_before(bare: Shop) -> None:
    bare.db.with_name("shop.db.damaged").write_text("2026-11-01T00:00:00Z a disk that was unplugged\n", "utf-8")
    bare.ok("init")
    bare.add("王丽")


def test_a_sound_file_loses_its_marker_by_a_check(busy: Shop) -> None:
    marker = busy.db.with_name("shop.db.damaged")
    marker.write_text("2026-11-01T00:00:00Z a disk that was unplugged\n", "utf-8")
    busy.ok("list-clients")
    refused(busy.run("tag", 1, "vip"))
    busy.ok("check")
    assert not marker.exists()
    busy.ok("tag", 1, "vip")


def test_a_read_only_disk_can_be_checked(small_disk: Path, shop: Shop) -> None:
    here = Shop(small_disk)
    shutil.copy(shop.db, here.db)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert here.ok("check") == f"All is well with {here.db}.\n"


def test_a_long_check_shows_how_far_it_is(busy: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    bars: list[tuple[int, int]] = []
    steps: list[int] = []

    @contextmanager
    def bar(_title: str, total: int, *, least: int) -> Iterator[Callable[[int], None]]:
        bars.append((total, least))
        yield steps.append

    monkeypatch.setattr(ui, "progress", bar)
    assert run(busy, ["check"])[0] == 0
    ((total, least),) = bars
    assert least > total  # a small file is done before anybody could look
    assert 0.9 * total <= sum(steps) <= total
    assert len(steps) > 3
    monkeypatch.setattr(check, "LONG_FILE", 0)
    assert run(busy, ["check"])[0] == 0
    assert bars[1][1] == 0


def test_newer_sqlite_s_words_about_an_index_of_words_are_no_damage() -> None:
    """Since 3.44 the check of the pages looks into these indexes too."""

    class Newer:
        def execute(self, _asked: str) -> list[tuple[str]]:
            return [
                ("malformed inverted index for FTS5 table main.client_words",),
                ("unable to validate the inverted index for FTS5 table main.contact_words: database disk image …",),
                ("NULL value in clients.name",),
            ]

    newer = cast(sqlite3.Connection, Newer())
    assert len(integrity.faults(newer)) == 3
    assert integrity.first_fault(newer) == ""


def test_an_index_that_misses_a_row_is_found_by_a_full_check(busy: Shop) -> None:
    with closing(sqlite3.connect(busy.db, isolation_level=None)) as conn:
        conn.execute("PRAGMA writable_schema=ON")
        conn.execute("UPDATE sqlite_master SET sql = replace(sql, '(name)', '(agent)') WHERE name = 'clients_name'")
    assert busy.run("check").code == 0
    assert busy.run("check", "--full").code == 5


def test_a_locked_disk_is_no_damage(busy: Shop, mortal: tuple[str, ...]) -> None:
    busy.folder.chmod(0o500)
    try:
        assert run_as(busy, "check", before=mortal).code == 0
        spoil(busy.db)
        ran = run_as(busy, "check", before=mortal)
        assert ran.code == 5
    finally:
        busy.folder.chmod(0o700)
