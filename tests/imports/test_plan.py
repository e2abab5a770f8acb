"""Whom a row means and what it adds, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recrm.core.errors import RecrmError
from recrm.imports.columns.mapping import guess_mapping
from recrm.imports.columns.sheet import Row
from recrm.imports.outcome import ADDED, UNCHANGED, UPDATED
from recrm.imports.people.matching import RowAmbiguous
from recrm.imports.people.merging import Known
from recrm.imports.people.plan import Plan, RowNameless
from recrm.imports.people.preparing import Prepared, Preparer, order_of

HEADER = ["name", "phone", "email", "wechat", "note", "occupation", "birthday", "tags", "勿扰", "qq"]
TODAY = date(2026, 11, 21)


def prepared(line: int = 2, **cells: str) -> Prepared | RecrmError:
    row = Row(line, [cells.get(name, "") for name in HEADER])
    return Preparer(guess_mapping(HEADER, []), "CN", TODAY, "").prepare_all([row])[0]


def row(line: int = 2, **cells: str) -> Prepared:
    made = prepared(line, **cells)
    assert isinstance(made, Prepared), made
    return made


def plan(*known: Known, overwrite: bool = False) -> Plan:
    made = Plan(100, "2026-11-21T01:00:00Z", overwrite)
    owners: dict[tuple[str, str, str], list[int]] = {}
    for client in known:
        for key in client.keys:
            owners.setdefault(key, []).append(client.id)
    made.learn(owners, {client.id: client for client in known})
    return made


def known(number: int, name: str, *keys: tuple[str, str], **columns: Any) -> Known:
    return Known(number, {"name": name, **columns}, [(*key, "") for key in keys], [], [], is_written=True)


P1, P2 = "13800138000", "13900139000"
K1, K2 = ("phone", f"+86{P1}"), ("phone", f"+86{P2}")
E1 = ("email", "li@example.com")


def test_phone_in_any_format_is_known() -> None:
    made = plan(known(1, "李娜", K1))
    assert made.take(row(name="李娜", phone="0086 138-0013-8000"))[1] == UNCHANGED


def test_second_row_of_a_person_updates_the_first() -> None:
    made = plan()
    first, outcome = made.take(row(2, name="李娜", phone=P1, note="one"))
    second, later = made.take(row(3, name="李娜", phone=P1, email="li@example.com", note="two"))
    assert (outcome, later, second) == (ADDED, UPDATED, first)
    assert first.columns["note"] == "one\ntwo"
    assert made.fresh == [first]


def test_extension_tells_two_clients_of_one_switchboard_apart() -> None:
    made = plan()
    made.take(row(2, name="王丽", phone="010-88881234-801"))
    assert made.take(row(3, name="李强", phone="010-88881234-802"))[1] == ADDED


def test_shared_phone_is_the_client_of_that_name_else_refused() -> None:
    made = plan(known(1, "王丽", K1), known(2, "李强", K1))
    assert made.take(row(name="李强", phone=P1))[0].id == 2
    with pytest.raises(RowAmbiguous, match=r"王丽 \(#1\) and 李强 \(#2\)"):
        made.take(row(name="小王", phone=P1))


def test_shared_phone_and_own_email_are_one_client() -> None:
    made = plan(known(1, "王丽", K1), known(2, "李强", K1, E1))
    assert made.take(row(name="小李", phone=P1, email="LI@example.com"))[0].id == 2


def test_archived_client_gives_way_where_a_phone_is_shared() -> None:
    made = plan(known(1, "王丽", K1, archived_at="2026-01-01T00:00:00Z"), known(2, "李强", K1))
    assert made.take(row(name="小李", phone=P1))[0].id == 2


def test_two_new_clients_of_the_file_are_named_by_their_lines() -> None:
    made = plan()
    made.take(row(2, name="王丽", phone=P1))
    made.take(row(3, name="李强", phone=P2))
    with pytest.raises(RowAmbiguous, match=r"王丽 \(line 2\).*李强 \(line 3\)"):
        made.take(row(4, name="王丽", phone=f"{P1};{P2}"))


def test_wechat_is_known_without_a_phone_or_with_the_name() -> None:
    def made() -> Plan:
        return plan(known(1, "李娜", ("wechat", "lina_88")))

    assert made().take(row(name="娜娜", wechat="Lina_88"))[0].id == 1
    assert made().take(row(name="李娜", wechat="lina_88", phone=P1))[0].id == 1
    assert made().take(row(name="李强", wechat="lina_88", phone=P1))[1] == ADDED


def test_what_is_no_wechat_id_makes_nobody_known() -> None:
    made = plan(known(1, "李娜", ("wechat", "同手机")))
    assert made.take(row(name="王丽", wechat="同手机"))[1] == ADDED


def test_namesakes_with_different_qq_stay_two() -> None:
    made = plan()
    made.take(row(2, name="张伟", qq="1234567"))
    assert made.take(row(3, name="张伟", qq="7654321"))[1] == ADDED
    assert made.take(row(4, name="张伟", qq="1234567"))[1] == UNCHANGED


def test_bare_name_is_only_a_client_who_cannot_be_reached_either() -> None:
    assert plan(known(1, "王丽", K1)).take(row(name="王丽"))[1] == ADDED
    assert plan(known(1, "王丽")).take(row(name="王丽"))[1] == UNCHANGED
    with pytest.raises(RowAmbiguous):
        plan(known(1, "王丽"), known(2, "王丽")).take(row(name="王丽"))


def test_nameless_row_updates_by_phone_or_is_refused() -> None:
    made = plan(known(1, "王丽", K1))
    assert made.take(row(phone=P1, note="new"))[1] == UPDATED
    with pytest.raises(RowNameless):
        made.take(row(phone=P2))


def test_note_of_the_client_stays_or_is_replaced_and_is_never_lost_in_part() -> None:
    def note(own: str | None, said: str, overwrite: bool) -> Any:
        client = known(1, "王丽", K1, note=own)
        plan(client, overwrite=overwrite).take(row(phone=P1, note=said))
        return client.columns["note"]

    assert note(None, "new", False) == "new"
    assert note("own", "new", False) == "own"
    assert note("own", "new", True) == "new"
    assert note("own\nnew", "new", True) == "own\nnew"


def test_birthday_gains_a_year_and_never_loses_it() -> None:
    def birthday(own: tuple[int | None, int, int], said: str, overwrite: bool = False) -> tuple[Any, ...]:
        columns = dict(zip(("birth_year", "birth_month", "birth_day"), own, strict=True))
        client = known(1, "王丽", K1, **columns)
        plan(client, overwrite=overwrite).take(row(phone=P1, birthday=said))
        return tuple(client.columns[name] for name in columns)

    assert birthday((None, 5, 20), "1990-05-20") == (1990, 5, 20)
    assert birthday((1990, 5, 20), "5月20日", overwrite=True) == (1990, 5, 20)
    assert birthday((1990, 5, 20), "1991-06-01") == (1990, 5, 20)
    assert birthday((1990, 5, 20), "1991-06-01", overwrite=True) == (1991, 6, 1)


def test_overwrite_lets_the_first_row_of_a_file_win() -> None:
    client = known(1, "王丽", K1, occupation="nurse")
    made = plan(client, overwrite=True)
    made.take(row(2, phone=P1, occupation="teacher"))
    assert made.take(row(3, phone=P1, occupation="driver"))[1] == UNCHANGED
    assert client.columns["occupation"] == "teacher"


def test_an_import_sets_a_ban_and_never_lifts_one() -> None:
    client = known(1, "王丽", K1, do_not_contact=0)
    made = plan(client, overwrite=True)
    assert made.take(row(phone=P1, 勿扰="是"))[1] == UPDATED
    assert made.take(row(phone=P1, 勿扰="否"))[1] == UNCHANGED
    assert client.columns["do_not_contact"] == 1


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
    assert isinstance(prepared(2, **cells), RecrmError)


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


def outcomes(made: Plan, table: Sequence[dict[str, str]]) -> list[str]:
    found = []
    for line, cells in enumerate(table, 2):
        if cells["wechat"] == "own":  # whose a WeChat id is, names agree on
            cells = {**cells, "wechat": f"id_{len(cells['name']):06}" if cells["name"] else ""}
        read = prepared(line, **cells)
        try:
            found.append("rejected" if isinstance(read, RecrmError) else made.take(read)[1])
        except RecrmError:
            found.append("rejected")
    return found


@settings(deadline=None)
@given(st.lists(CELLS, max_size=12), st.booleans())
def test_a_second_import_of_any_table_changes_nothing(table: list[dict[str, str]], overwrite: bool) -> None:
    first = plan(overwrite=overwrite)
    before = outcomes(first, table)
    assert len(first.clients) == before.count(ADDED)
    taken = [cells for cells, outcome in zip(table, before, strict=True) if outcome != "rejected"]
    again = plan(overwrite=overwrite)
    stored = {c.id: Known(c.id, c.columns, c.keys, c.tags, c.types, is_written=True) for c in first.clients.values()}
    again.learn({key: list(ids) for key, ids in first.owners.items()}, stored)  # who had it first comes first
    assert set(outcomes(again, taken)) <= {UNCHANGED}
    assert not again.changed
