"""The journal suffices to take any operation back, and what is derived (`standing`, the full-text indexes) follows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from recrm.clients import store as clients
from recrm.clients.model import ContactPoint
from recrm.complaints import store as complaints
from recrm.complaints.model import PlannedStep
from recrm.contacts import store as contacts
from recrm.core.text import fold, match_phrases
from recrm.followups import store as followups
from recrm.storage import journal
from recrm.storage.db import Database
from recrm.storage.migrations import all_migrations
from recrm.storage.schema import journaled_tables, unjournaled_tables
from tests.conftest import Shop
from tests.storage.kit import HERE, MORNING, a_client, ago, done_now, insert, ram_shop, tables

with closing(ram_shop()) as _empty:
    FACTS = sorted(journaled_tables(_empty.conn))
AT = ago(hours=1)
# A row of each table with facts, as the schema wants it, and a change to it.
ROWS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "clients": (
        {"name": "Ann", "search_key": "ann", "origin": "manual", "created_at": AT, "verified_at": AT},
        {"note": "x"},
    ),
    "client_types": ({"client_id": 1, "type": "buyer"}, {"type": "seller"}),
    "client_tags": ({"client_id": 1, "tag": "vip"}, {"tag": "urgent"}),
    "contact_points": ({"client_id": 1, "kind": "qq", "value": "1", "shown": "1", "key": "1"}, {"value": "2"}),
    "contacts": (
        {"client_id": 1, "at": AT, "direction": "in", "channel": "call", "text": "a", "agent": "", "created_at": AT},
        {"text": "b"},
    ),
    "follow_ups": ({"client_id": 1, "due_at": AT, "agent": "", "created_at": AT}, {"reason": "plan"}),
    "complaints": ({"client_id": 1, "severity": "major", "text": "a", "opened_at": AT, "agent": ""}, {"cause": "b"}),
    "complaint_steps": (
        {"complaint_id": 1, "round": 1, "position": 1, "step": "s", "role": "r", "due_at": AT},
        {"done_at": AT},
    ),
    "complaint_events": (
        {"complaint_id": 1, "at": AT, "event": "recorded", "text": "a", "agent": ""},
        {"text": "b"},
    ),
    "merges": ({"client_id": 1, "merged_id": 2, "at": AT}, {"merged_id": 3}),
    "consents": (
        {"client_id": 1, "at": AT, "event": "allowed", "what": "calls", "how": "", "agent": "", "created_at": AT},
        {"what": "email"},
    ),
    "digests": ({"recipient": "mei", "day": "2026-11-21", "claimed_at": AT}, {"sent_at": AT}),
}  # fmt: skip


def lines(shop: Database) -> list[tuple[Any, ...]]:
    """The journal: command, table, row, action, before."""
    query = """
        SELECT command, table_name, row_id, action, before
        FROM changes JOIN operations ON operations.id = operation_id ORDER BY changes.id
    """
    return [(*tuple(row)[:4], json.loads(row[4]) if row[4] else None) for row in shop.conn.execute(query)]


def undo_since(shop: Database, operation: int) -> None:
    """Apply the journal backwards, newest line first, down to after this operation: all that an undo has to do."""
    query = "SELECT table_name, row_id, action, before FROM changes WHERE operation_id > ? ORDER BY id DESC"
    with shop.write(done_now("undo")):
        for table, number, action, before in shop.conn.execute(query, (operation,)).fetchall():
            if action == "insert":
                shop.conn.execute(f"DELETE FROM {table} WHERE id = ?", (number,))
                continue
            row = json.loads(before)
            if action == "delete":
                insert(shop.conn, table, **row)
            else:
                shop.conn.execute(
                    f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in row)} WHERE id = ?",
                    [*row.values(), number],
                )


def last_operation(shop: Database) -> int:
    return int(shop.conn.execute("SELECT coalesce(max(id), 0) FROM operations").fetchone()[0])


def test_every_table_is_either_journaled_or_derived() -> None:
    shop = ram_shop()
    named = {
        row[0]
        for row in shop.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%fts5%'")
    }
    plain = {name for name in named if "_words" not in name and not name.startswith("sqlite_")}
    assert set(FACTS) == plain - unjournaled_tables() - {"operations", "changes", "reversals", "standing"}
    assert set(ROWS) == set(FACTS), "a new table wants a row here"
    for table in FACTS:
        keys = [row[1] for row in shop.conn.execute(f"PRAGMA table_info({table})") if row[5]]
        assert keys == ["id"], "the journal names a row by its id"


@pytest.mark.parametrize("table", FACTS)
def test_insert_update_and_delete_are_recorded_with_the_row_before(table: str) -> None:
    shop = ram_shop()
    shop.conn.execute("PRAGMA foreign_keys=OFF")
    row, change = ROWS[table]
    with shop.write(done_now("first")):
        number = insert(shop.conn, table, **row)
    whole = dict(shop.conn.execute(f"SELECT * FROM {table}").fetchone())
    with shop.write(done_now("second")):
        shop.conn.execute(f"UPDATE {table} SET {next(iter(change))} = ?", list(change.values()))
    with shop.write(done_now("third")):
        shop.conn.execute(f"DELETE FROM {table}")
    assert lines(shop) == [
        ("first", table, number, "insert", None),
        ("second", table, number, "update", whole),
        ("third", table, number, "delete", whole | change),
    ]


def test_every_kind_of_value_survives_the_journal_exactly() -> None:
    shop = ram_shop()
    awkward = "引号\"'\\ \u2028 😀 \x7f 第一行\n第二行"
    with shop.write(done_now()):
        number = a_client(shop.conn, name=awkward, note="", income_minor=2**62, birth_month=2, birth_day=29)
    before, mark = tables(shop.conn, FACTS), last_operation(shop)
    with shop.write(done_now()):
        shop.conn.execute("DELETE FROM clients WHERE id = ?", (number,))
    undo_since(shop, mark)
    assert tables(shop.conn, FACTS) == before


def test_an_operation_that_changes_nothing_leaves_no_line() -> None:
    shop = ram_shop()
    with shop.write(done_now()):
        pass
    with shop.write(done_now()):
        number = a_client(shop.conn, name="Ann")
    mark = last_operation(shop)
    with shop.write(done_now()):
        shop.conn.execute("UPDATE clients SET name = 'Ann' WHERE id = ?", (number,))
    with shop.write(done_now()):
        shop.conn.execute("INSERT OR IGNORE INTO client_tags (client_id, tag) SELECT 1, 'x' WHERE 0")
    assert (last_operation(shop), len(lines(shop))) == (mark, 1)
    assert not shop.conn.in_transaction


def test_a_failing_operation_leaves_nothing_and_the_next_goes_on() -> None:
    shop = ram_shop()
    for error in (KeyboardInterrupt, RuntimeError, SystemExit):
        with pytest.raises(error), shop.write(done_now()):
            raise error(a_client(shop.conn))
    assert (lines(shop), last_operation(shop)) == ([], 0)
    with shop.write(done_now("after")):
        a_client(shop.conn)
    assert [line[0] for line in lines(shop)] == ["after"]


def test_a_command_is_one_operation_with_its_agent_and_time(shop: Shop) -> None:
    shop.agent = "Mei"
    ann = shop.add("Ann")
    shop.ok("add-follow-up", ann, "today", "call", "--every", "2w")
    shop.ok("log", ann, "talked", "--next", "+3d")
    conn = sqlite3.connect(shop.db)
    done = conn.execute("SELECT command, agent, at FROM operations ORDER BY id").fetchall()
    assert done == [(name, "Mei", "2026-11-21T01:00:00Z") for name in ("add-client", "add-follow-up", "log")]
    of_log = conn.execute("SELECT table_name, action FROM changes WHERE operation_id = 3 ORDER BY id").fetchall()
    conn.close()
    assert of_log == [
        ("contacts", "insert"),
        ("follow_ups", "update"),  # done
        ("follow_ups", "insert"),  # the next of the recurring one
        ("follow_ups", "insert"),  # the promised next step
    ]


def owners(shop: Database, since: int = 0) -> list[tuple[Any, ...]]:
    """What the journal says of whose rows were changed: table, action, client, and whose they became."""
    query = "SELECT table_name, action, client_id, moved_to FROM changes WHERE operation_id > ? ORDER BY id"
    return [tuple(row) for row in shop.conn.execute(query, (since,))]


def test_a_line_says_whose_row_it_is() -> None:
    shop = ram_shop()
    with shop.write(done_now()):
        ann = a_client(shop.conn, name="Ann")
        insert(shop.conn, "client_tags", client_id=ann, tag="vip")
        complaint = insert(shop.conn, "complaints", **(ROWS["complaints"][0] | {"client_id": ann}))
        step = insert(shop.conn, "complaint_steps", **(ROWS["complaint_steps"][0] | {"complaint_id": complaint}))
        insert(shop.conn, "digests", **ROWS["digests"][0])
    with shop.write(done_now()):
        shop.conn.execute("UPDATE complaint_steps SET note = 'rang' WHERE id = ?", (step,))
        shop.conn.execute("UPDATE clients SET note = 'x'")
        shop.conn.execute("UPDATE digests SET sent_at = claimed_at")
    with shop.write(done_now()):
        for table in ("complaint_steps", "complaints", "client_tags", "clients"):
            shop.conn.execute(f"DELETE FROM {table}")
    assert owners(shop) == [
        *((table, "insert", ann, None) for table in ("clients", "client_tags", "complaints", "complaint_steps")),
        ("digests", "insert", None, None),
        *((table, "update", ann, None) for table in ("complaint_steps", "clients")),
        ("digests", "update", None, None),
        *((table, "delete", ann, None) for table in ("complaint_steps", "complaints", "client_tags", "clients")),
    ]


def test_a_row_that_is_given_to_another_client_is_found_by_both() -> None:
    shop = ram_shop()
    with shop.write(done_now()):
        ann, bob = a_client(shop.conn, name="Ann"), a_client(shop.conn, name="Bob")
        contact = insert(shop.conn, "contacts", **(ROWS["contacts"][0] | {"client_id": ann}))
    mark = last_operation(shop)
    for owner in (bob, ann):
        with shop.write(done_now()):
            shop.conn.execute("UPDATE contacts SET client_id = ? WHERE id = ?", (owner, contact))
    assert owners(shop, mark) == [("contacts", "update", ann, bob), ("contacts", "update", bob, ann)]


def test_a_step_that_goes_after_its_complaint_and_comes_back_ahead_of_it_is_still_its_clients() -> None:
    """An undo deletes and inserts table by table, and asks only at its end whether each row points to one."""
    shop = ram_shop()
    with shop.write(done_now()):
        ann = a_client(shop.conn, name="Ann")
        insert(shop.conn, "complaints", **(ROWS["complaints"][0] | {"client_id": ann}))
        insert(shop.conn, "complaint_steps", **ROWS["complaint_steps"][0])
    mark = last_operation(shop)
    with shop.write(done_now()):
        shop.conn.execute("PRAGMA defer_foreign_keys = ON")
        for table in ("complaints", "complaint_steps"):
            shop.conn.execute(f"DELETE FROM {table}")
        insert(shop.conn, "complaint_steps", id=1, **ROWS["complaint_steps"][0])
        insert(shop.conn, "complaints", id=1, **(ROWS["complaints"][0] | {"client_id": ann}))
    assert {client for _, _, client, _ in owners(shop, mark)} == {ann}


# Random operations.

WORDS = st.lists(
    st.sampled_from(["李娜", "阳台", "balcony", "Café", "100%", "don't", "a_b", "楼", "x"]), max_size=4
).map(" ".join)
PICK = st.integers(0, 5)
DAYS = st.integers(-40, 40)
STEP = st.one_of(
    st.tuples(st.just("add"), WORDS, st.sampled_from([None, "A", "B"]), st.sampled_from([(), ("urgent",), ("紧急",)])),
    st.tuples(st.just("edit"), PICK, WORDS, st.sampled_from([None, "A", "C"])),
    st.tuples(st.just("rest"), PICK, st.sampled_from(["archived_at", "do_not_contact"]), st.booleans()),
    st.tuples(st.just("born"), PICK, st.none() | st.dates()),
    st.tuples(st.just("tag"), PICK, st.sampled_from(["urgent", "vip"])),
    st.tuples(st.just("untag"), PICK, st.sampled_from(["URGENT", "vip", "紧急"])),
    st.tuples(st.just("rename tag"), PICK, st.sampled_from(["urgent", "sold"])),
    st.tuples(st.just("point"), PICK, PICK),
    st.tuples(st.just("log"), PICK, DAYS, WORDS, st.booleans()),
    st.tuples(st.just("reword"), PICK, WORDS),
    st.tuples(st.just("promise"), PICK, DAYS, st.booleans()),
    st.tuples(st.just("keep"), PICK),
    st.tuples(st.just("move"), PICK, DAYS),
    st.tuples(st.just("complain"), PICK, WORDS),
    st.tuples(st.just("progress"), PICK),
    st.tuples(st.just("merge"), PICK, PICK),
    st.tuples(st.just("erase"), PICK),
)  # fmt: skip


def perform(shop: Database, step: tuple[Any, ...]) -> None:
    """One random operation through the stores, or through SQL where a later issue will do the like."""
    conn, (what, *details) = shop.conn, step

    def some(table: str, place: int) -> int | None:
        ids = [row[0] for row in conn.execute(f"SELECT id FROM {table} ORDER BY id")]
        return ids[place % len(ids)] if ids else None

    def add(db: Any) -> None:
        note, tier, tags = details
        row = {"name": "王丽", "search_key": "x", "tier": tier, "tier_set_at": tier and ago(days=1), "note": note}
        row |= {"verified_at": ago(days=2)} | clients.new_fields({}, origin="manual", now=MORNING)
        clients.add(db, row, tags=tags, types=["buyer"])

    def on_client(db: Any) -> None:
        client = some("clients", details[0])
        if client is None:
            return
        match what, details[1:]:
            case "edit", [note, tier]:
                clients.update(db, client, {"note": note, "tier": tier, "tier_set_at": tier and ago(hours=3)})
            case "rest", [column, on]:
                clients.update(
                    db,
                    client,
                    {
                        column: (ago() if column == "archived_at" else 1)
                        if on
                        else (None if column == "archived_at" else 0)
                    },
                )
            case "born", [day]:
                clients.update(db, client, {"birth_month": day and day.month, "birth_day": day and day.day})
            case "tag", [tag]:
                clients.add_details(db, client, tags=[tag])
            case "untag", [tag]:
                clients.remove_tags(db, client, [tag])
            case "point", [number]:
                clients.add_points(db, client, [ContactPoint("qq", str(number), str(number), str(number))])
            case "log", [days, text, came_in]:
                row = {
                    "client_id": client,
                    "at": ago(days=days),
                    "direction": "in" if came_in else "out",
                    "channel": "sms",
                }
                contacts.add(
                    db, row | {"text": text or "…", "feedback": text or None, "agent": "", "created_at": ago()}
                )
            case "promise", [days, whole_day]:
                due = MORNING + timedelta(days=days)
                followups.add(db, followups.Promise(client, due.date() if whole_day else due, "", ""), MORNING)
            case "complain", [text]:
                row = {"client_id": client, "severity": "general", "text": text or "…", "opened_at": ago(), "agent": ""}
                complaints.add(db, row, [PlannedStep("s", "r", timedelta(hours=2))], MORNING)
            case "merge", [other_place]:
                other = some("clients", other_place)
                if other != client:
                    for table in ("contacts", "follow_ups", "complaints"):
                        conn.execute(f"UPDATE {table} SET client_id = ? WHERE client_id = ?", (other, client))
                    for table in ("client_tags", "client_types", "contact_points"):
                        conn.execute(f"UPDATE OR IGNORE {table} SET client_id = ? WHERE client_id = ?", (other, client))
                    erase(client)
            case "erase", []:
                erase(client)

    def erase(client: int) -> None:
        for table in ("complaint_steps", "complaint_events"):
            conn.execute(
                f"DELETE FROM {table} WHERE complaint_id IN (SELECT id FROM complaints WHERE client_id = ?)", (client,)
            )
        for table in ("follow_ups", "contacts", "complaints", "client_tags", "client_types", "contact_points"):
            conn.execute(f"DELETE FROM {table} WHERE client_id = ?", (client,))
        conn.execute("DELETE FROM clients WHERE id = ?", (client,))

    def on_other(db: Any) -> None:
        table = {"rename tag": "client_tags", "reword": "contacts", "progress": "complaints"}.get(what, "follow_ups")
        number = some(table, details[0])
        if number is None:
            return
        match what, details[1:]:
            case "rename tag", [tag]:
                conn.execute("UPDATE OR IGNORE client_tags SET tag = ? WHERE id = ?", (tag, number))
            case "reword", [text]:
                conn.execute("UPDATE contacts SET text = ?, feedback = NULL WHERE id = ?", (text, number))
            case "progress", []:
                found = complaints.get(conn, number, HERE)
                complaints.finish_steps(db, found.steps, "done", "Mei", MORNING)
            case _:
                found_promise = followups.get(conn, number, HERE)
                if found_promise.status != "open":
                    return
                if what == "keep":
                    followups.close(db, found_promise, MORNING, outcome="kept")
                else:
                    followups.snooze(db, found_promise, MORNING + timedelta(days=details[1]))

    deed: Callable[[Any], None] = (
        add
        if what == "add"
        else on_other
        if what in ("rename tag", "reword", "progress", "keep", "move")
        else on_client
    )
    with shop.write(done_now(what)) as db:
        deed(db)


def assert_derived_tables_follow(shop: Database) -> None:
    conn = shop.conn
    standing, now = (
        [tuple(row) for row in conn.execute(f"SELECT * FROM {name} ORDER BY client_id")]
        for name in ("standing", "standing_now")
    )
    assert standing == now
    for index, table, text in (
        ("client_words", "clients", "coalesce(note, '')"),
        ("contact_words", "contacts", "text || ' ' || coalesce(feedback, '')"),
    ):
        conn.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
        written = [tuple(row) for row in conn.execute(f"SELECT id, {text} FROM {table}")]
        for query in ("李娜", "阳台", "台", "balcony", "balc", "cafe", "don't", "100"):
            found = {
                row[0]
                for row in conn.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH ?", (match_phrases(query),))
            }
            assert found == {number for number, words in written if fold(query) in fold(words)}, query
        assert conn.execute(f"SELECT count(*) FROM {index}").fetchone()[0] == sum(words != "" for _, words in written)
    assert conn.execute("PRAGMA foreign_key_check").fetchall() == []


@given(st.lists(STEP, min_size=1, max_size=25))
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_old_lines_are_given_the_owners_that_they_would_have_been_written_with(steps: list[tuple[Any, ...]]) -> None:
    shop = ram_shop()
    for step in (("add", "阳台", "A", ()), ("add", "x", None, ("urgent",)), *steps):
        perform(shop, step)
    undo_since(shop, last_operation(shop) // 2)
    written = owners(shop)
    for statement in (
        *(f"DROP TRIGGER temp.{name}" for name in journal.triggers(shop.conn)),
        "DROP INDEX changes_client",
        "DROP INDEX changes_moved",
        "ALTER TABLE changes DROP COLUMN client_id",
        "ALTER TABLE changes DROP COLUMN moved_to",
        "CREATE INDEX changes_deleted ON changes(table_name) WHERE action = 'delete'",
        *all_migrations()[12](),
    ):
        shop.conn.execute(statement)
    assert owners(shop) == written
    shop.close()


@given(st.lists(STEP, min_size=1, max_size=25), st.integers(0, 25))
@examples(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_journal_takes_back_any_run_of_operations(steps: list[tuple[Any, ...]], kept: int) -> None:
    shop = ram_shop()
    perform(shop, ("add", "阳台", "A", ("urgent",)))
    for step in steps[:kept]:
        perform(shop, step)
        assert_derived_tables_follow(shop)
    mark, then = last_operation(shop), tables(shop.conn, [*FACTS, "standing"])
    for step in steps[kept:]:
        perform(shop, step)
    assert_derived_tables_follow(shop)
    now, newest = tables(shop.conn, [*FACTS, "standing"]), last_operation(shop)
    undo_since(shop, mark)
    assert tables(shop.conn, [*FACTS, "standing"]) == then
    assert_derived_tables_follow(shop)
    undo_since(shop, newest)  # the undo is an operation like any other: taken back, it is a redo
    assert tables(shop.conn, [*FACTS, "standing"]) == now
    assert_derived_tables_follow(shop)
    shop.close()
