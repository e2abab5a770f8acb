"""What stays, what is filled, what goes to the note, and that everything of the other's follows them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recrm.clients import store as clients
from recrm.clients.fields import make_point
from recrm.clients.names import read_name, search_key
from recrm.core.text import match_phrases
from recrm.duplicates import merge_store
from recrm.duplicates.merge_rules import Both, Merged, merge
from recrm.storage import text_index
from recrm.storage.db import Database
from recrm.storage.ownership import client_tables
from recrm.storage.schema import journaled_tables
from tests.storage.kit import HERE, MORNING, a_client, ago, done_now, insert, ram_shop, tables
from tests.storage.test_journal import ROWS, last_operation, undo_since

DAY = MORNING.date()
HEADING = "Merged with Wang Li (#2) on 2026-11-21"


def client(shop: Database, name: str, *points: tuple[str, str], **columns: Any) -> int:
    reading = read_name(name)
    number = a_client(shop.conn, name=name, pinyin=reading.pinyin, search_key=search_key(name, reading), **columns)
    for kind, words in points:
        insert(shop.conn, "contact_points", **clients.point_row(number, make_point(kind, words, "CN")))
    return number


def merged(shop: Database, keep: int = 1, other: int = 2) -> Merged:
    """Merge two in one operation; what was planned. The rows of a test went in past the index of words."""
    text_index.rebuild(shop.conn)
    with shop.write(done_now("merge-clients")) as db:
        both = merge_store.read(db.conn, keep, other, HERE)
        plan = merge(both, DAY)
        merge_store.write(db, both, plan.columns, "Mei", MORNING)
    return plan


def row(shop: Database, number: int = 1) -> dict[str, Any]:
    return dict(shop.conn.execute("SELECT * FROM clients WHERE id = ?", (number,)).fetchone())


def two(keep: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """王丽 and Wang Li with these columns, merged: the row that stays."""
    shop = ram_shop()
    client(shop, "王丽", **keep)
    client(shop, "Wang Li", **other)
    merged(shop)
    return row(shop)


def test_values_of_the_kept_one_stay_and_blanks_are_filled() -> None:
    kept = two(
        {"persona": "upgrade", "occupation": "  ", "source": None},
        {"persona": "upgrade", "occupation": "nurse", "source": "portal", "credit_note": "clean", "agent": "Mei"},
    )
    found = {name: kept[name] for name in ("name", "persona", "occupation", "source", "credit_note", "agent")}
    assert found == {
        "name": "王丽", "persona": "upgrade", "occupation": "nurse", "source": "portal", "credit_note": "clean",
        "agent": "Mei",
    }  # fmt: skip
    assert kept["note"] == f"{HEADING}.", "the other name is remembered, and found by"


def test_every_value_that_does_not_stay_is_a_line_of_the_note() -> None:
    kept = two(
        {
            "persona": "upgrade", "source": "walk-in", "family": "alone", "tier": "B", "agent": "Mei", "kind": "person",
            "birth_year": 1990, "birth_month": 5, "birth_day": 20, "income_minor": 100, "currency": "CNY",
        },
        {
            "persona": "investor", "source": "portal", "family": "two\nsons", "tier": "A", "agent": "Tom",
            "kind": "company", "birth_year": 1991, "birth_month": 5, "birth_day": 20, "income_minor": 250,
            "debts_minor": 700, "currency": "CNY",
        },
    )  # fmt: skip
    assert kept["note"].split("\n") == [
        f"{HEADING}:", "Kind: company", "Tier: A", "Persona: investor", "Source: portal", "Family: two", "sons",
        "Birthday: 1991-05-20", "Income: CNY 2.50", "Agent: Tom",
    ]  # fmt: skip
    assert (kept["tier"], kept["debts_minor"], kept["birth_year"]) == ("B", 700, 1990)


def test_no_column_of_a_client_is_forgotten() -> None:
    """Whatever column a later version adds: the other's value is filled in, or noted."""
    shop = ram_shop()
    shop.conn.execute("ALTER TABLE clients ADD COLUMN shoe_size TEXT")
    for name, size in (("王丽", None), ("Wang Li", "38"), ("Wang Lí", "39")):
        shop.conn.execute("UPDATE clients SET shoe_size = ? WHERE id = ?", (size, client(shop, name)))
    merged(shop, 1, 2)
    assert row(shop)["shoe_size"] == "38"
    merged(shop, 1, 3)
    assert "Shoe size: 39" in row(shop)["note"]


@pytest.mark.parametrize(
    ("keep", "other", "stays"),
    [
        ("", "", None),
        ("mine", "", "mine\n{}."),
        ("", "yours", "yours\n{}."),
        ("mine", "yours", "mine\n{}:\nyours"),
        ("the same\nhere", "the same\nhere ", "the same\nhere\n{}."),
        ("first\nmine\nlast", "mine", "first\nmine\nlast\n{}."),
        ("a book", "book", "a book\n{}:\nbook"),
        ("x" * 9_999, "y" * 10_000, "x" * 9_999 + "\n{}:\n" + "y" * 10_000),
    ],
)
def test_both_notes_are_kept_and_the_same_note_once(keep: str, other: str, stays: str | None) -> None:
    kept = two({"note": keep or None}, {"note": other or None})
    assert kept["note"] == (stays or "{}.").format(HEADING)


def test_two_of_one_name_with_nothing_to_say_leave_no_heading() -> None:
    shop = ram_shop()
    for _ in range(2):
        client(shop, "王丽", persona="investor")
    merged(shop)
    assert row(shop)["note"] is None


@pytest.mark.parametrize(
    ("keep", "other", "stays", "noted"),
    [
        ((None, 5, 20), (1990, 5, 20), (1990, 5, 20), None),
        ((1990, 5, 20), (None, 5, 20), (1990, 5, 20), None),
        ((None, None, None), (None, 5, 20), (None, 5, 20), None),
        ((None, 5, 20), (1990, 5, 21), (None, 5, 20), "Birthday: 1990-05-21"),
        ((1990, 5, 20), (1991, 5, 20), (1990, 5, 20), "Birthday: 1991-05-20"),
        ((1990, 5, 20), (None, 5, 2), (1990, 5, 20), "Birthday: 05-02"),
    ],
)
def test_a_birthday_is_one_value_and_a_year_is_added_to_its_day(
    keep: tuple[Any, ...], other: tuple[Any, ...], stays: tuple[Any, ...], noted: str | None
) -> None:
    names = ("birth_year", "birth_month", "birth_day")
    kept = two(dict(zip(names, keep, strict=True)), dict(zip(names, other, strict=True)))
    assert tuple(kept[name] for name in names) == stays
    assert kept["note"] == (f"{HEADING}:\n{noted}" if noted else f"{HEADING}.")


def test_amounts_in_another_currency_are_noted_not_mixed() -> None:
    kept = two({"income_minor": 100, "currency": "CNY"}, {"income_minor": 100, "debts_minor": 500, "currency": "USD"})
    assert (kept["income_minor"], kept["debts_minor"], kept["currency"]) == (100, None, "CNY")
    assert kept["note"] == f"{HEADING}:\nIncome: USD 1\nDebts: USD 5"
    kept = two({}, {"debts_minor": 500, "currency": "USD"})
    assert (kept["debts_minor"], kept["currency"]) == (500, "USD")


def test_the_tier_comes_with_the_moment_it_was_set() -> None:
    early = ago(days=30)
    assert two({}, {"tier": "A", "tier_set_at": early})["tier_set_at"] == early
    kept = two({"tier": "C", "tier_set_at": ago(days=3)}, {"tier": "C", "tier_set_at": early})
    assert (kept["tier_set_at"], kept["note"]) == (ago(days=3), f"{HEADING}.")


def test_bans_and_topics_to_avoid_add_up_and_only_two_archived_make_one() -> None:
    kept = two({"avoid": "her ex"}, {"avoid": "the dog", "do_not_contact": 1, "archived_at": ago(days=1)})
    assert (kept["avoid"], kept["do_not_contact"], kept["archived_at"]) == ("her ex\nthe dog", 1, None)
    kept = two({"archived_at": ago(days=1), "do_not_contact": 1}, {})
    assert (kept["archived_at"], kept["do_not_contact"]) == (None, 1)
    assert two({"archived_at": ago(days=1)}, {"archived_at": ago(days=2)})["archived_at"] == ago(days=1)


def test_they_are_known_since_the_earlier_day_and_verified_since_the_later() -> None:
    kept = two(
        {"created_at": ago(days=9), "verified_at": ago(days=9)},
        {"created_at": ago(days=99), "verified_at": ago(days=1)},
    )
    assert (kept["created_at"], kept["verified_at"]) == (ago(days=99), ago(days=1))


def test_an_inquiry_that_waits_keeps_its_moment() -> None:
    """Added by hand this morning and never contacted: their clock must not start years ago, nor stop."""
    old, new = {"created_at": ago(days=900)}, {"origin": "manual", "created_at": ago(hours=2)}
    for keep, other in ((old, new), (new, old)):
        shop = ram_shop()
        client(shop, "王丽", **keep)
        client(shop, "Wang Li", **other)
        merged(shop)
        assert shop.conn.execute("SELECT inquiry_at FROM standing").fetchone()[0] == ago(hours=2)


def test_contact_points_tags_and_types_are_united_and_the_first_phone_stays_first() -> None:
    shop = ram_shop()
    other = client(shop, "Wang Li", ("phone", "13900139000"), ("phone", "13800138000"), ("email", "w@example.com"))
    keep = client(shop, "王丽", ("phone", "13800138000"))
    for number, tags, types in ((other, ("VIP", "school"), ("buyer", "tenant")), (keep, ("vip",), ("buyer",))):
        for tag in tags:
            insert(shop.conn, "client_tags", client_id=number, tag=tag)
        for each in types:
            insert(shop.conn, "client_types", client_id=number, type=each)
    both = merge_store.read(shop.conn, keep, other, HERE)
    merged(shop, keep, other)
    kept = clients.get(shop.conn, keep, HERE)
    assert [point.key for point in kept.points] == ["+8613800138000", "+8613900139000", "w@example.com"]
    assert (kept.tags, kept.types) == (("vip", "school"), ("buyer", "tenant"))
    counts = {table: both.moving[table] for table in ("contact_points", "client_tags", "client_types")}
    assert counts == {"contact_points": 2, "client_tags": 1, "client_types": 1}


def test_a_reading_that_was_given_is_not_lost() -> None:
    shop = ram_shop()
    client(shop, "单丽")
    given = read_name("单丽", "dan li")
    a_client(shop.conn, name="单丽", pinyin=given.pinyin, pinyin_given=1, search_key=search_key("单丽", given))
    merged(shop)
    assert (row(shop)["pinyin"], row(shop)["pinyin_given"]) == ("dan li", 1)


def test_those_whom_the_other_sent_are_the_kept_one_s_and_nobody_goes_round_in_a_circle() -> None:
    shop = ram_shop()
    keep, other = client(shop, "王丽"), client(shop, "Wang Li")
    sender, sent, via = client(shop, "Ann"), client(shop, "Bob"), client(shop, "Cid")
    for who, by in ((other, sender), (sent, other), (via, other), (keep, via)):
        shop.conn.execute("UPDATE clients SET referrer_id = ? WHERE id = ?", (by, who))
    merged(shop)
    found = dict(shop.conn.execute("SELECT id, referrer_id FROM clients").fetchall())
    # Wang Li sent Cid, who sent 王丽: as one person they cannot have been sent by Cid, but by Ann.
    assert found == {keep: sender, sender: None, sent: keep, via: keep}
    assert "Referred by: Cid (#5)" in row(shop)["note"]


@pytest.mark.parametrize("by_whom", ["keep", "other"])
def test_one_who_sent_the_other_is_nobody_s_referrer_then(by_whom: str) -> None:
    shop = ram_shop()
    client(shop, "王丽")
    client(shop, "Wang Li")
    who, by = (2, 1) if by_whom == "keep" else (1, 2)
    shop.conn.execute("UPDATE clients SET referrer_id = ? WHERE id = ?", (by, who))
    merged(shop)
    assert row(shop)["referrer_id"] is None


def full_shop() -> Database:
    """Two clients, and of everything that can belong to one, something of each; more of the other's."""
    shop = ram_shop()
    client(shop, "王丽", ("phone", "13800138000"), tier="B", note="likes 学区房", birth_month=5, birth_day=20)
    client(shop, "Wang Li", ("phone", "13900139000"), tier="A", note="wants a balcony")
    client(shop, "Ann", referrer_id=2)
    for number in (1, 2, 2):
        insert(shop.conn, "contacts", client_id=number, at=ago(days=number), direction="in", channel="call",
               text=f"asked {number}", agent="", created_at=ago(days=number))  # fmt: skip
        complaint = insert(shop.conn, "complaints", client_id=number, severity="major", text="cold",
                           opened_at=ago(days=1), agent="")  # fmt: skip
        insert(shop.conn, "complaint_steps", complaint_id=complaint, round=1, position=1, step="s", role="r",
               due_at=ago(days=1))  # fmt: skip
        insert(shop.conn, "follow_ups", client_id=number, due_day="2026-11-30", reason="call", agent="",
               created_at=ago(days=1), contact_id=number)  # fmt: skip
    for belonging in client_tables(shop.conn):
        sample, _ = ROWS.get(belonging.table, ({}, {}))
        if belonging.is_direct and not shop.conn.execute(f"SELECT 1 FROM {belonging.table}").fetchone():
            extra = {"merged_id": 77} if belonging.table == "merges" else {}
            insert(shop.conn, belonging.table, **{**sample, "client_id": 2, **extra})
    shop.conn.execute("DELETE FROM standing")
    shop.conn.execute("INSERT INTO standing SELECT * FROM standing_now")
    return shop


def test_all_that_belongs_to_the_other_belongs_to_the_kept_one_whatever_table_it_is_in() -> None:
    shop = full_shop()
    direct = [belonging.table for belonging in client_tables(shop.conn) if belonging.is_direct]
    before = {table: shop.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in direct}
    assert all(before.values()), "a new table wants a row in tests/core/test_journal.py"
    both = merge_store.read(shop.conn, 1, 2, HERE)
    promised = shop.conn.execute("SELECT id, contact_id FROM follow_ups ORDER BY id").fetchall()
    merged(shop)
    for table in direct:
        owners = {owner for (owner,) in shop.conn.execute(f"SELECT client_id FROM {table}").fetchall()}
        assert owners == {1}, table
        count = shop.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        assert count == before[table] + (table == "merges"), table
    assert set(both.moving) == {*direct, "referrals"}
    assert both.moving["contacts"] == 2
    assert shop.conn.execute("SELECT id, contact_id FROM follow_ups ORDER BY id").fetchall() == promised
    assert shop.conn.execute("SELECT client_id, merged_id FROM merges ORDER BY id DESC").fetchone()[:] == (1, 2)
    assert not shop.conn.execute("PRAGMA foreign_key_check").fetchall()
    assert row(shop, 3)["referrer_id"] == 1


def test_a_set_that_clashes_has_nothing_hanging_on_its_rows() -> None:
    """A row that the kept client has already goes with the other: it must be nobody's parent."""
    shop = ram_shop()
    for table in journaled_tables(shop.conn):
        unique = [
            columns
            for (index,) in shop.conn.execute(
                'SELECT name FROM pragma_index_list(?) WHERE "unique"', (table,)
            ).fetchall()
            if "client_id" in (columns := [each[2] for each in shop.conn.execute(f"PRAGMA index_info({index})")])
        ]
        for child in journaled_tables(shop.conn) if unique else ():
            parents = [each[2] for each in shop.conn.execute(f"PRAGMA foreign_key_list({child})")]
            assert table not in parents, f"{child} would lose its {table}: say in recrm/duplicates what becomes of it"


def test_one_undo_brings_back_both_as_they_were() -> None:
    shop = full_shop()
    names = [*journaled_tables(shop.conn), "standing"]
    before = tables(shop.conn, names)
    operation = last_operation(shop)
    merged(shop)
    assert tables(shop.conn, names) != before
    assert last_operation(shop) == operation + 1
    undo_since(shop, operation)
    assert tables(shop.conn, names) == before


def test_what_is_derived_follows() -> None:
    shop = full_shop()
    merged(shop)
    assert tables(shop.conn, ["standing"]) == {"standing": tables(shop.conn, ["standing_now"])["standing_now"]}

    def hits(words: str) -> list[int]:
        asked = "SELECT rowid FROM client_words WHERE client_words MATCH ?"
        return [each[0] for each in shop.conn.execute(asked, (match_phrases(words),)).fetchall()]

    assert hits("balcony") == hits("学区房") == hits("Wang Li") == [1]


def test_the_two_read_twice_are_equal_and_any_change_shows() -> None:
    shop = full_shop()

    def seen() -> Both:
        return merge_store.read(shop.conn, 1, 2, HERE)

    first = seen()
    assert seen() == first
    for change in (
        "UPDATE clients SET note = 'x' WHERE id = 2",
        "UPDATE clients SET pinyin_given = 1 WHERE id = 1",
        "DELETE FROM contact_points WHERE client_id = 1",
        "DELETE FROM consents",
        "UPDATE clients SET referrer_id = NULL WHERE id = 3",
    ):
        shop.conn.execute("SAVEPOINT before")
        shop.conn.execute(change)
        assert seen() != first, change
        shop.conn.execute("ROLLBACK TO before")


def test_what_one_agreed_to_in_words_has_its_row_where_the_other_has_rows() -> None:
    shop = ram_shop()
    client(shop, "王丽", consent="agreed to calls in 2020")
    client(shop, "Wang Li")
    insert(shop.conn, "consents", **{**ROWS["consents"][0], "client_id": 2})
    merged(shop)
    said = {each[0] for each in shop.conn.execute("SELECT what FROM consents WHERE client_id = 1").fetchall()}
    assert said == {"calls", "agreed to calls in 2020"}


def test_an_old_id_leads_through_any_number_of_merges() -> None:
    shop = ram_shop()
    for name in ("Ann", "Bob", "Cid", "Dee"):
        client(shop, name)
    merged(shop, 2, 1)
    merged(shop, 3, 2)
    assert clients.merged_into(shop.conn, 1) == clients.merged_into(shop.conn, 2) == 3
    assert clients.merged_into(shop.conn, 4) is None
    # Even where the rows were not moved on, by whatever way: through a circle too it comes to an end.
    insert(shop.conn, "merges", client_id=4, merged_id=9, at=ago(days=1))
    insert(shop.conn, "merges", client_id=4, merged_id=4, at=ago(days=1))
    assert clients.merged_into(shop.conn, 9) == 4
    assert json.dumps(clients.merged_into(shop.conn, 99)) == "null"
