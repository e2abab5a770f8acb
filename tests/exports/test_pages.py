"""A long table is read by its key, page by page, and never sorted anew for each page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import pytest

from recrm import slices
from recrm.clients.filters import Wanted
from recrm.exports import store
from tests.storage.kit import a_client, plans, ram_shop, statements

ANYBODY = Wanted(None, None, None, None)
READS: list[tuple[str, Callable[[store.Choice], Iterator[Any]]]] = [
    *((sheet.table, partial(store.sheet_rows, table=sheet.table)) for sheet in slices.sheets()),
    *((kind.table, partial(store.entry_rows, entries=kind)) for kind in slices.entries()),
    ("contact_points", lambda chosen: store.whole_rows(chosen, "contact_points")),
    ("complaint_events", lambda chosen: store.whole_rows(chosen, "complaint_events")),
]


def test_every_kind_of_row_is_here() -> None:
    assert [table for table, _read in READS[:7]] == [
        *("contacts", "follow_ups", "complaints"),
        *("follow_ups", "complaints", "complaints", "clients"),
    ]


@pytest.mark.parametrize(("table", "read"), READS, ids=[f"{table}-{place}" for place, (table, _) in enumerate(READS)])
def test_each_page_is_found_by_the_key(table: str, read: Callable[[store.Choice], Iterator[Any]]) -> None:
    conn = ram_shop().conn
    with store.choice(conn, ANYBODY, False) as chosen:
        asked = statements(conn, lambda: list(islice(read(chosen), 1)))
        (plan,) = (steps for sql, steps in plans(conn, asked).items() if "LIMIT 2000" in sql)
    assert plan[0].startswith(f"SEARCH {table} USING INTEGER PRIMARY KEY (rowid>?)"), plan
    assert not any(step.startswith("SCAN") for step in plan), plan


def test_pages_end_where_the_rows_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_PAGE", 2)
    conn = ram_shop().conn
    for number in range(5):
        a_client(conn, name=f"Ann {number}", birth_month=5, birth_day=20)
    with store.choice(conn, ANYBODY, False) as chosen:
        (birthdays,) = (kind for kind in slices.entries() if kind.table == "clients")
        assert [row["client"] for row in store.entry_rows(chosen, birthdays)] == [
            f"Ann {number}" for number in range(5)
        ]
        assert len(list(store.whole_rows(chosen, "clients"))) == store.how_many(chosen, ["clients"]) == 5
