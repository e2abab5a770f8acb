"""Imports of history that are stopped, run at once, or hold anything: nothing is lost, doubled or half done."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recrm.clients.phones import parse_phone
from recrm.imports.columns.sheet import Row
from recrm.imports.conversations.dates import DateReader
from recrm.imports.conversations.headers import map_history
from recrm.imports.conversations.reading import EntryReader
from recrm.imports.conversations.writing import HistoryWriter
from recrm.imports.outcome import Outcome, rows_as_csv
from recrm.storage.db import Database
from tests.conftest import Shop
from tests.imports.bringing import stop_while_writing
from tests.imports.logs import bring_log, contacts, outcome, write_log
from tests.storage.kit import MORNING, a_client, done_now, insert, ram_shop, statements

HEADER = ["Date", "Client", "Phone", "Channel", "Direction", "Text"]
PHONES = [f"1380013800{digit}" for digit in range(4)]


class TakenBack(Exception):
    """What ends a dry run."""


def take(shop: Database, rows: list[list[str]], *, dry_run: bool = False, at_once: int = 2_000) -> Outcome:
    """Run an import of these rows inside one operation, some at once; a dry run is taken back."""
    mapping = map_history(HEADER, rows, [])
    dates = DateReader((row[0] for row in rows), "", MORNING)
    outcome = Outcome(Path("log.csv"), {}, len(rows), rows_as_csv(HEADER, ","), dry_run=False)
    sources = [Row(line, list(cells)) for line, cells in enumerate(rows, 2)]
    with suppress(TakenBack), shop.write(done_now("import")) as tables:
        writer = HistoryWriter(tables.conn, outcome, EntryReader(mapping, dates, "CN"), MORNING)
        for first in range(0, len(sources), at_once):
            writer.take(sources[first : first + at_once])
        writer.end()
        if dry_run:
            raise TakenBack
    return outcome


@pytest.fixture(scope="module")
def town() -> Iterator[Database]:
    """Four clients; the last two have one name."""
    shop = ram_shop()
    with shop.write(done_now()) as tables:
        for place, phone in enumerate(PHONES):
            name = f"客户{min(place, 2)}"
            client = a_client(tables.conn, name=name, search_key=f"{name}\nkehu")
            e164 = parse_phone(phone, "CN").e164
            insert(tables.conn, "contact_points", client_id=client, kind="phone", value=e164, shown=phone, key=e164)
    yield shop
    shop.close()


CELLS = st.tuples(
    st.sampled_from(["2026-11-20 14:30", "2026-11-20", "2019/5/3 8:00", "2026-11-21", "2027-01-01", "never", ""]),
    st.sampled_from(["客户0", "客户1", "客户2", "谁", "", "13800138001"]),
    st.sampled_from([*PHONES, "+86 138-0013-8000", "13700137000", "12", "", ""]),
    st.sampled_from(["微信", "call", "飞鸽", ""]),
    st.sampled_from(["in", "out", "sideways", ""]),
    st.one_of(st.sampled_from(["hm", "<p>hm</p>", "", "字" * 10_001]), st.text(max_size=20)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(st.lists(CELLS, max_size=25), st.integers(1, 7))
def test_any_rows_add_up_and_a_second_time_nothing_is_added(
    town: Database, rows: list[tuple[str, ...]], at_once: int
) -> None:
    cells = [list(row) for row in rows]
    with town.write(done_now()) as tables:
        tables.conn.execute("DELETE FROM contacts")
    rehearsed = take(town, cells, dry_run=True, at_once=at_once)
    run = take(town, cells, at_once=at_once)
    again = take(town, cells, at_once=at_once)
    assert sum(run.counts.values()) == len(rows)
    assert run.counts["rejected"] == len(run.rejected)
    assert [row.line for row, _ in run.rejected] == sorted(row.line for row, _ in run.rejected)
    assert run.counts == rehearsed.counts
    count = town.conn.execute("SELECT count(*) FROM contacts").fetchone()[0]
    assert count == run.counts["added"] + run.read["asking_no_answer"]
    assert (again.counts["added"], again.read["asking_no_answer"]) == (0, 0)
    assert again.counts["unchanged"] == run.counts["added"] + run.counts["unchanged"]
    kept, real = (set(map(tuple, town.conn.execute(f"SELECT * FROM {name}"))) for name in ("standing", "standing_now"))
    assert kept == real


def test_what_it_asks_of_the_database_does_not_grow_with_the_rows(town: Database) -> None:
    def queries(count: int) -> int:
        rows = [
            [f"2020-01-01 {i // 60:02}:{i % 60:02}", "", PHONES[i % 4], "", "", f"said {i} of {count}"]
            for i in range(count)
        ]
        seen = set(statements(town.conn, lambda: take(town, rows)))  # triggers repeat the statement they serve
        return len([sql for sql in seen if not sql.startswith("--") and "contact_words" not in sql])

    few = queries(10)
    assert queries(1_000) <= few


def test_the_trigger_that_stood_aside_is_back(town: Database) -> None:
    def triggers() -> list[tuple[str, str]]:
        found = town.conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchall()
        return [(name, sql) for name, sql in found]

    before = triggers()
    assert "standing_contact_added" in dict(before)
    take(town, [["2018-01-01", "", PHONES[0], "", "in", "kept?"]])
    assert triggers() == before


@pytest.fixture
def much(shop: Shop) -> Path:
    """A log of 20,000 conversations with one client."""
    shop.add("王丽", "--phone", "13800138000")
    rng = random.Random(7)
    said = [
        {"Date": f"20{rng.randint(10, 25)}-0{rng.randint(1, 9)}-1{i % 10} 10:00", "Phone": "13800138000",
         "Text": f"{i} " * 40, "Direction": "out"}
        for i in range(20_000)
    ]  # fmt: skip
    return write_log(shop, *said)


@pytest.fixture
def interrupted(shop: Shop, much: Path) -> Callable[[int], int]:
    """Start the import and send it a signal once it writes; its exit code."""

    def interrupt(number: int) -> int:
        return stop_while_writing(shop, number, str(much), "--history")

    return interrupt


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_import_stopped_in_the_middle_leaves_nothing(
    shop: Shop, interrupted: Callable[[int], int], number: int
) -> None:
    assert interrupted(number) == (-number if number == signal.SIGKILL else 130)
    assert contacts(shop) == []
    assert not list(shop.folder.glob("*rejects*"))
    shop.ok("log", 1, "still works", "--in")
    assert shop.sql("SELECT inquiry_at IS NOT NULL FROM standing") == [(1,)], "the trigger is there"


def test_two_imports_at_once_add_every_conversation_once(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000")
    said = [{"Date": f"2026-11-{i % 20 + 1:02}", "Phone": "13800138000", "Text": f"said {i}"} for i in range(500)]
    file = write_log(shop, *said)
    command = [sys.executable, "-m", "recrm", "import", str(file), "--history", "--yes", "--json"]
    running = [subprocess.Popen(command, env=shop.environment(), cwd=shop.folder, stdout=subprocess.PIPE) for _ in "ab"]
    assert [one.wait(60) for one in running if one.communicate()] == [0, 0]
    assert shop.count("contacts") == 500
    assert outcome(bring_log(shop, file)) == (0, 500, 0)
