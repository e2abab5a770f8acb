"""Whom a row means and what it adds, in a database that never touches the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recrm.core.errors import RecrmError
from recrm.core.text import fold
from recrm.imports.columns.mapping import guess_mapping
from recrm.imports.columns.sheet import Row
from recrm.imports.columns.values import order_of
from recrm.imports.outcome import ADDED, REJECTED, UNCHANGED, UPDATED, Outcome, rows_as_csv
from recrm.imports.people.preparing import ClientReader
from recrm.imports.people.writing import ClientWriter
from recrm.storage.db import Database
from tests.storage.kit import a_client, done_now, insert, ram_shop, tables

HEADER = ["name", "phone", "email", "wechat", "note", "occupation", "birthday", "tags", "勿扰", "qq"]
READER = ClientReader(guess_mapping(HEADER, []), "CN", date(2026, 11, 21), "")
KEPT = ("clients", "contact_points", "client_tags", "client_types")
P1, P2 = "13800138000", "13900139000"
K1, K2 = ("phone", f"+86{P1}"), ("phone", f"+86{P2}")
E1 = ("email", "li@example.com")


def row(line: int, cells: Mapping[str, str]) -> Row:
    return Row(line, [cells.get(name, "") for name in HEADER])


class TakenBack(Exception):
    """What ends an import of these tests."""


class Import:
    """An import under way."""

    def __init__(self, conn: sqlite3.Connection, *, overwrite: bool) -> None:
        self.conn = conn
        self.outcome = Outcome(Path("x.csv"), {}, 0, rows_as_csv(HEADER, ","), dry_run=True)
        self.writer = ClientWriter(conn, self.outcome, READER, done_now("import"), overwrite=overwrite)

    def take(self, line: int = 2, **cells: str) -> str:
        """What becomes of a row, a batch of its own."""
        before = dict(self.outcome.counts)
        self.writer.take([row(line, cells)])
        (became,) = (name for name, count in self.outcome.counts.items() if count != before[name])
        return became

    def whom(self, **cells: str) -> int:
        """Whom a row means, told by the tag that it brings them."""
        self.take(3, **cells, tags="marked")
        return int(self.conn.execute("SELECT client_id FROM client_tags WHERE tag = 'marked'").fetchone()[0])

    def refusal(self, **cells: str) -> str:
        """Why a row is handed back."""
        assert self.take(4, **cells) == REJECTED
        return self.outcome.rejected[-1][1]

    def client(self, number: int = 1) -> sqlite3.Row:
        found: sqlite3.Row = self.conn.execute("SELECT * FROM clients WHERE id = ?", (number,)).fetchone()
        return found

    def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        return tables(self.conn, KEPT)


@pytest.fixture(scope="module")
def town() -> Iterator[Database]:
    shop = ram_shop()
    yield shop
    shop.close()


Person = tuple[str, Sequence[tuple[str, str]], dict[str, Any]]


def known(name: str, *keys: tuple[str, str], **columns: Any) -> Person:
    return name, keys, columns


@contextmanager
def importing(town: Database, *people: Person, overwrite: bool = False) -> Iterator[Import]:
    """An import into a shop of these people, whose numbers count from 1; all of it is taken back."""
    with suppress(TakenBack), town.write(done_now("import")) as writing:
        for number, (name, keys, columns) in enumerate(people, 1):
            a_client(writing.conn, id=number, name=name, search_key=f"{fold(name)}\nx", **columns)
            for kind, key in keys:
                point = {"client_id": number, "kind": kind, "value": key, "shown": key, "key": key}
                insert(writing.conn, "contact_points", **point)
        yield Import(writing.conn, overwrite=overwrite)
        raise TakenBack


def test_phone_in_any_format_is_known(town: Database) -> None:
    with importing(town, known("李娜", K1)) as made:
        assert made.take(name="李娜", phone="0086 138-0013-8000") == UNCHANGED


def test_second_row_of_a_person_updates_the_first(town: Database) -> None:
    first = {"name": "李娜", "phone": P1, "note": "one"}
    second = {"name": "李娜", "phone": P1, "email": "li@example.com", "note": "two"}
    for batches in ([[first, second]], [[first], [second]]):
        with importing(town) as made:
            for batch in batches:
                made.writer.take([row(line, cells) for line, cells in enumerate(batch, 2)])
            assert (made.outcome.counts[ADDED], made.outcome.counts[UPDATED]) == (1, 1)
            (only,) = made.conn.execute("SELECT note FROM clients").fetchall()
            assert only[0] == "one\ntwo"


def test_extension_tells_two_clients_of_one_switchboard_apart(town: Database) -> None:
    with importing(town) as made:
        made.take(2, name="王丽", phone="010-88881234-801")
        assert made.take(3, name="李强", phone="010-88881234-802") == ADDED


def test_shared_phone_is_the_client_of_that_name_else_refused(town: Database) -> None:
    with importing(town, known("王丽", K1), known("李强", K1)) as made:
        assert made.whom(name="李强", phone=P1) == 2
        assert "could be 王丽 (#1) or 李强 (#2)" in made.refusal(name="小王", phone=P1)


def test_shared_phone_and_own_email_are_one_client(town: Database) -> None:
    with importing(town, known("王丽", K1), known("李强", K1, E1)) as made:
        assert made.whom(name="小李", phone=P1, email="LI@example.com") == 2


def test_archived_client_gives_way_where_a_phone_is_shared(town: Database) -> None:
    with importing(town, known("王丽", K1, archived_at="2026-01-01T00:00:00Z"), known("李强", K1)) as made:
        assert made.whom(name="小李", phone=P1) == 2


def test_two_new_clients_of_the_file_are_named_by_their_lines(town: Database) -> None:
    with importing(town) as made:
        made.take(2, name="王丽", phone=P1)
        made.take(3, name="李强", phone=P2)
        reason = made.refusal(name="王丽", phone=f"{P1};{P2}")
        assert "王丽 (line 2)" in reason.partition("李强 (line 3)")[0]


def test_wechat_is_known_without_a_phone_or_with_the_name(town: Database) -> None:
    lina = known("李娜", ("wechat", "lina_88"))
    with importing(town, lina) as made:
        assert made.whom(name="娜娜", wechat="Lina_88") == 1
    with importing(town, lina) as made:
        assert made.whom(name="李娜", wechat="lina_88", phone=P1) == 1
    with importing(town, lina) as made:
        assert made.take(name="李强", wechat="lina_88", phone=P1) == ADDED


def test_what_is_no_wechat_id_makes_nobody_known(town: Database) -> None:
    with importing(town, known("李娜", ("wechat", "同手机"))) as made:
        assert made.take(name="王丽", wechat="同手机") == ADDED


def test_namesakes_with_different_qq_stay_two(town: Database) -> None:
    with importing(town) as made:
        made.take(2, name="张伟", qq="1234567")
        assert made.take(3, name="张伟", qq="7654321") == ADDED
        assert made.take(4, name="张伟", qq="1234567") == UNCHANGED


def test_bare_name_is_only_a_client_who_cannot_be_reached_either(town: Database) -> None:
    with importing(town, known("王丽", K1)) as made:
        assert made.take(name="王丽") == ADDED
    with importing(town, known("王丽")) as made:
        assert made.take(name="王丽") == UNCHANGED
    with importing(town, known("王丽"), known("王丽")) as made:
        assert "could be 王丽 (#1) or 王丽 (#2)" in made.refusal(name="王丽")


def test_nameless_row_updates_by_phone_or_is_refused(town: Database) -> None:
    with importing(town, known("王丽", K1)) as made:
        assert made.take(phone=P1, note="new") == UPDATED
        assert "Nobody is named here" in made.refusal(phone=P2)


@pytest.mark.parametrize(
    ("own", "said", "overwrite", "note"),
    [
        (None, "new", False, "new"),
        ("own", "new", False, "own"),
        ("own", "new", True, "new"),
        ("own\nnew", "new", True, "own\nnew"),
    ],
)
def test_note_of_the_client_stays_or_is_replaced_and_is_never_lost_in_part(
    town: Database, own: str | None, said: str, overwrite: bool, note: str
) -> None:
    with importing(town, known("王丽", K1, note=own), overwrite=overwrite) as made:
        made.take(phone=P1, note=said)
        assert made.client()["note"] == note


@pytest.mark.parametrize(
    ("own", "said", "overwrite", "birthday"),
    [
        ((None, 5, 20), "1990-05-20", False, (1990, 5, 20)),
        ((1990, 5, 20), "5月20日", True, (1990, 5, 20)),
        ((1990, 5, 20), "1991-06-01", False, (1990, 5, 20)),
        ((1990, 5, 20), "1991-06-01", True, (1991, 6, 1)),
    ],
)
def test_birthday_gains_a_year_and_never_loses_it(
    town: Database, own: tuple[int | None, int, int], said: str, overwrite: bool, birthday: tuple[int, int, int]
) -> None:
    columns = dict(zip(("birth_year", "birth_month", "birth_day"), own, strict=True))
    with importing(town, known("王丽", K1, **columns), overwrite=overwrite) as made:
        made.take(phone=P1, birthday=said)
        assert tuple(made.client()[name] for name in columns) == birthday


def test_overwrite_lets_the_first_row_of_a_file_win(town: Database) -> None:
    with importing(town, known("王丽", K1, occupation="nurse"), overwrite=True) as made:
        made.take(2, phone=P1, occupation="teacher")
        assert made.take(3, phone=P1, occupation="driver") == UNCHANGED
        assert made.client()["occupation"] == "teacher"


def test_an_import_sets_a_ban_and_never_lifts_one(town: Database) -> None:
    with importing(town, known("王丽", K1, do_not_contact=0), overwrite=True) as made:
        assert made.take(phone=P1, 勿扰="是") == UPDATED
        assert made.take(phone=P1, 勿扰="否") == UNCHANGED
        assert made.client()["do_not_contact"] == 1


@pytest.mark.parametrize(
    "cells",
    [
        {"name": "王丽", "phone": "1380013800"},
        {"name": "王丽", "phone": f"{P1};13x"},
        {"name": "王丽", "email": "no at sign"},
        {"name": "王丽", "birthday": "1990-02-30"},
        {"name": "王丽", "birthday": "2026-11-22"},
        {"name": "王丽", "birthday": "5/6/1990"},
        {"name": "王" * 201},
    ],
)
def test_unusable_cell_hands_the_whole_row_back(cells: dict[str, str]) -> None:
    with pytest.raises(RecrmError):
        READER.read(row(2, cells))


@pytest.mark.parametrize(
    ("birthdays", "order"),
    [
        (["5/6/1990", "12/25/1985"], "mdy"),
        (["5.6.1990", "25.12.1985"], "dmy"),
        (["5/6/1990"], ""),
        (["12/25/1985", "25/12/1985"], ""),
        (["1990-05-06", "x", ""], ""),
    ],
)
def test_order_of_dates_is_taken_from_those_that_leave_no_doubt(birthdays: list[str], order: str) -> None:
    assert order_of(birthdays) == order


CELLS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["", "王丽", "李强强", "Ann Smith"]),
        "phone": st.sampled_from(["", "", P1, P2, f"{P1};{P2}", "12"]),
        "email": st.sampled_from(["", "", "a@example.com", "li@example.com"]),
        "wechat": st.sampled_from(["", "", "own", "有"]),
        "note": st.sampled_from(["", "one", "two"]),
        "occupation": st.sampled_from(["", "nurse", "driver"]),
        "tags": st.sampled_from(["", "vip", "VIP;x"]),
    }
)


@settings(deadline=None)
@given(st.lists(CELLS, max_size=12), st.booleans(), st.integers(1, 12))
def test_a_second_import_of_any_table_changes_nothing(
    town: Database, table: list[dict[str, str]], overwrite: bool, at_once: int
) -> None:
    rows = []
    for line, cells in enumerate(table, 2):
        if cells["wechat"] == "own":  # whose a WeChat id is, names agree on
            cells = {**cells, "wechat": f"id_{len(cells['name']):06}" if cells["name"] else ""}
        rows.append(row(line, cells))
    with importing(town, overwrite=overwrite) as first:
        for start in range(0, len(rows), at_once):
            first.writer.take(rows[start : start + at_once])
        kept = first.kept()
        assert len(kept["clients"]) == first.outcome.counts[ADDED]
        rejected = {source.line for source, _reason in first.outcome.rejected}
        taken = [one for one in rows if one.line not in rejected]
        again = Import(first.conn, overwrite=overwrite)
        again.writer.take(taken)
        assert again.outcome.counts[UNCHANGED] == len(taken)
        assert again.kept() == kept
