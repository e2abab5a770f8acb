"""undo and redo: whatever a command did is taken back to the last column, and nobody's later work is harmed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from recrm.cli.program import PLACES
from recrm.history.model import undone
from recrm.storage.db import Database
from tests.conftest import Shop, ShopMaker
from tests.history.driving import NOT_UNDOABLE, WRITING, any_command, facts, run, write_files
from tests.storage.test_journal import assert_derived_tables_follow


def furnished(make_shop: ShopMaker) -> Shop:
    """A shop in which most commands find something to do."""
    shop = make_shop()
    write_files(shop.folder)
    for words in (
        ["add-client", "王丽", "--phone", "13800138000", "--tier", "A"],
        ["add-client", "Anna de Vries", "--tag", "urgent"],
        ["add-follow-up", "1", "today", "call", "--every", "2w"],
        ["record-complaint", "2", "no heating", "--severity", "general"],
    ):
        assert run(shop, words)[0] == 0
    return shop


def operations(shop: Shop) -> int:
    return int(shop.sql("SELECT coalesce(max(id), 0) FROM operations")[0][0])


def derived_follow(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.db)) as conn:
        assert_derived_tables_follow(Database(conn, shop.db))


def test_every_command_is_driven_or_known_to_write_nothing() -> None:
    assert set(WRITING) | NOT_UNDOABLE == set(PLACES)
    assert not set(WRITING) & NOT_UNDOABLE


@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commands=st.lists(any_command(), min_size=3, max_size=8))
def test_undo_after_each_command_leaves_every_table_as_it_was(make_shop: ShopMaker, commands: list[list[str]]) -> None:
    shop = furnished(make_shop)
    states = [facts(shop)]
    for words in commands:
        before, count = states[-1], operations(shop)
        code, said = run(shop, words)
        after = facts(shop)
        if operations(shop) == count:
            assert after == before, (words, said)
            continue
        assert code == 0, (words, said)
        assert run(shop, ["undo"])[0] == 0
        assert facts(shop) == before, words
        assert run(shop, ["redo"])[0] == 0
        assert facts(shop) == after, words
        states.append(after)
    for before in reversed(states[:-1]):
        assert run(shop, ["undo"])[0] == 0
        assert facts(shop) == before
    for after in states[1:]:
        assert run(shop, ["redo"])[0] == 0
        assert facts(shop) == after
    if len(states) > 1:
        assert run(shop, ["undo", "--steps", str(len(states) - 1)])[0] == 0
        assert facts(shop) == states[0]
    derived_follow(shop)


@examples(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    commands=st.lists(any_command(), min_size=3, max_size=6),
    targets=st.lists(st.integers(1, 12), min_size=1, max_size=4),
)
def test_undo_of_an_earlier_operation_takes_back_all_of_it_or_nothing(
    make_shop: ShopMaker, commands: list[list[str]], targets: list[int]
) -> None:
    """Whatever is taken back out of order, references stay whole and a redo of it brings all of it again."""
    shop = furnished(make_shop)
    for words in commands:
        run(shop, words)
    for target in targets:
        before = facts(shop)
        code, said = run(shop, ["undo", str(target)])
        if code:
            assert code in (2, 3, 4), said
            assert facts(shop) == before
            continue
        assert shop.sql("PRAGMA foreign_key_check") == []
        assert run(shop, ["redo"])[0] == 0
        assert facts(shop) == before
        assert run(shop, ["undo", str(target)])[0] == 0
    derived_follow(shop)


def test_the_words_say_what_was_taken_back(shop: Shop) -> None:
    shop.add("王丽")
    shop.ok("log", 1, "likes the balcony", "--next", "+3d")
    ran = shop.run("undo")
    assert ran.out == "Took back operation 2: Logged with 王丽 (#1): “likes the balcony”\n"
    assert ran.err == "Type `recrm redo` to do it again.\n"
    assert shop.get("list-contacts") == []
    assert shop.ok("redo") == "Did again operation 2: Logged with 王丽 (#1): “likes the balcony”\n"
    assert shop.get("list-contacts")[0]["text"] == "likes the balcony"


def test_undo_refuses_a_row_that_was_changed_since_and_names_the_operation(shop: Shop) -> None:
    shop.add("王丽")
    shop.ok("edit-client", 1, "--note", "first")
    shop.ok("edit-client", 1, "--note", "second")
    before = facts(shop)
    ran = shop.run("undo", 2)
    assert ran.code == 4
    assert ran.err == (
        "Operation 2 cannot be taken back: the client 王丽 (#1) was changed since by operation 3: "
        "Changed 王丽 (#1): note.\nNothing was changed. Take that one back first: recrm undo 3\n"
    )
    assert facts(shop) == before
    shop.ok("undo", 3)
    shop.ok("undo", 2)
    assert shop.get("show-client", 1)["note"] is None


def test_undo_refuses_to_take_away_a_client_who_was_talked_to_since(shop: Shop) -> None:
    shop.add("王丽")
    shop.ok("log", 1, "hello")
    ran = shop.run("undo", 1)
    assert ran.code == 4
    assert "a contact of 王丽 (#1) was changed since by operation 2" in ran.err


def test_undo_refuses_where_another_row_has_taken_the_place(shop: Shop) -> None:
    shop.add("王丽", "--tag", "vip")
    shop.ok("untag", 1, "vip")
    shop.ok("tag", 1, "vip")
    ran = shop.run("undo", 2)
    assert ran.code == 4
    assert "operation 3: Tagged 王丽 (#1): vip." in ran.err


def test_an_undo_is_not_hindered_by_a_row_that_came_after_one_that_went(shop: Shop) -> None:
    shop.add("王丽", "--tag", "vip")
    shop.add("Anna")
    shop.ok("untag", 1, "vip")
    shop.ok("tag", 2, "west")
    shop.ok("undo", 3)
    assert shop.get("show-client", 1)["tags"] == ["vip"]


def test_a_redo_is_lost_after_a_new_write_on_the_same_rows_and_says_so(shop: Shop) -> None:
    shop.add("王丽")
    shop.ok("edit-client", 1, "--note", "first")
    shop.ok("undo")
    shop.ok("edit-client", 1, "--note", "other")
    ran = shop.run("redo")
    assert ran.code == 4
    assert ran.err.startswith("The redo of operation 2 is lost: the client 王丽 (#1) was changed since by operation 4")
    shop.ok("undo", 4)
    shop.ok("redo", 2)
    assert shop.get("show-client", 1)["note"] == "first"


def test_a_redo_survives_a_new_write_elsewhere(shop: Shop) -> None:
    shop.add("王丽")
    shop.ok("tag", 1, "vip")
    shop.ok("undo")
    shop.add("Anna")
    shop.ok("redo")
    assert shop.get("show-client", 1)["tags"] == ["vip"]


def test_an_import_is_taken_back_in_one_step(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000")
    write_files(shop.folder)
    before = facts(shop)
    shop.ok("import", "clients.csv", "--yes")
    assert shop.count("clients") == 3
    assert shop.ok("undo") == "Took back operation 2: Imported clients: 2 added, 1 changed.\n"
    assert facts(shop) == before


def test_an_operation_that_came_to_nothing_is_taken_back_once(shop: Shop) -> None:
    shop.add("王丽")
    shop.ok("tag", 1, "vip")
    shop.sql("INSERT INTO operations (command, agent, at) VALUES ('check', '', '2026-11-21T01:00:00Z')")
    before = shop.sql("SELECT json_object('id', id, 'client_id', client_id, 'tag', tag) FROM client_tags")[0][0]
    line = "INSERT INTO changes (operation_id, table_name, row_id, action, before) "
    shop.sql(line + "VALUES (3, 'client_tags', 1, 'update', ?)", before)
    assert "operation 3" in shop.ok("undo")
    assert shop.ok("undo") == "Took back operation 2: Tagged 王丽 (#1): vip.\n"


def test_a_phone_that_is_somebody_elses_since_is_not_put_back(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000")
    shop.ok("edit-client", 1, "--remove", "13800138000")
    shop.add("Anna", "--phone", "13800138000")
    ran = shop.run("undo", 2)
    assert ran.code == 4
    assert "a contact point of Anna (#2) was changed since by operation 3: Added Anna (#2)." in ran.err
    shop.ok("edit-client", 1, "--phone", "13800138000", "--allow-duplicate")
    shop.ok("edit-client", 1, "--remove", "13800138000")
    shop.ok("undo")
    assert shop.get("show-client", 1)["phone"] == "+8613800138000"


def test_an_import_that_was_repeated_meanwhile_is_not_done_again(shop: Shop) -> None:
    write_files(shop.folder)
    shop.ok("import", "clients.csv", "--yes")
    shop.ok("undo")
    shop.ok("import", "clients.csv", "--yes")
    ran = shop.run("redo")
    assert ran.code == 4
    assert ran.err.startswith("The redo of operation 1 is lost")
    assert shop.count("clients") == 3


def test_nothing_to_undo_or_redo(shop: Shop) -> None:
    assert shop.run("undo").err == "There is nothing to take back.\nSee what was done with `recrm history`.\n"
    assert shop.run("redo").code == shop.run("undo").code == 3
    shop.add("王丽")
    assert shop.run("undo", 7).code == 3
    assert shop.run("undo", 1, "--steps", 2).code == 2
    shop.ok("undo")
    assert shop.run("undo").code == 3
    assert shop.run("undo", 1).err.startswith("Operation 1 was taken back already, by operation 2.")
    assert shop.run("undo", 2).err.startswith("Operation 2 is an undo or a redo itself.")


def test_redo_of_what_was_not_taken_back_says_so(shop: Shop) -> None:
    shop.add("王丽")
    shop.add("Ann")
    shop.ok("undo", 2)
    ran = shop.run("redo", 1)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Operation 1 cannot be done again: it is not an undo, and was not taken back.")
    assert shop.run("redo", 99).err.startswith("There is no operation 99.")
    assert shop.ok("redo", 2) == "Did again operation 2: Added Ann (#2).\n"


def test_of_many_rows_the_one_whose_place_is_taken_is_named(shop: Shop) -> None:
    shop.add("王丽", "--tag", "first", "--tag", "second", "--tag", "third")
    shop.ok("untag", 1, "first", "second", "third")
    shop.ok("tag", 1, "second")
    before = facts(shop)
    ran = shop.run("undo", 2)
    assert ran.code == 4
    assert "operation 3: Tagged 王丽 (#1): second." in ran.err
    assert facts(shop) == before


def test_lines_of_the_journal_that_know_fewer_columns_are_put_back_too(shop: Shop) -> None:
    """As they are from before an upgrade that added a column: what they do not know takes its default."""
    for name in ("王丽", "Ann"):
        shop.add(name, "--phone", "13800138000" if name == "Ann" else "13800138001")
    shop.ok("merge-clients", 1, 2, "--yes")
    shop.sql("UPDATE changes SET before = json_remove(before, '$.extension') WHERE table_name = 'contact_points'")
    shop.ok("undo")
    assert shop.sql("SELECT client_id, extension FROM contact_points ORDER BY client_id") == [(1, ""), (2, "")]


def test_a_digest_that_was_sent_stays_sent(shop: Shop) -> None:
    shop.add("王丽", "--tier", "A")
    assert shop.ok("digest", "--once")
    assert "Added 王丽" in shop.ok("undo")
    assert shop.ok("digest", "--once") == ""
    assert shop.run("undo", 2).code == 2


def test_an_absent_database_is_not_made_by_undo(bare: Shop) -> None:
    assert bare.run("undo").code == 5
    assert bare.run("redo").code == 5
    assert not Path(bare.db).exists()


@pytest.mark.parametrize(
    ("reversals", "gone"),
    [
        ({}, {}),
        ({2: [1]}, {1: 2}),
        ({2: [1], 3: [2]}, {2: 3}),
        ({2: [1], 3: [2], 4: [1]}, {1: 4, 2: 3}),
        ({5: [4, 3], 6: [5], 7: [4]}, {4: 7, 5: 6}),
    ],
)
def test_an_operation_is_in_effect_unless_one_in_effect_takes_it_back(
    reversals: dict[int, list[int]], gone: dict[int, int]
) -> None:
    assert undone(reversals) == gone
