"""The sample shop: the same for the same seed, by the rules of the schema, and busy in every way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from recrm import slices
from recrm.core.moments import to_utc_text
from recrm.core.settings import Settings
from recrm.setup.sample.fill import Filled, fill_shop
from recrm.setup.sample.shop import COLUMNS, Order
from recrm.storage import db
from tests.opening import until_the_test_ends

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 8, 30, tzinfo=SHANGHAI)
DEFAULTS = Settings(Path("absent"), {}, slices.settings())


def filled(
    path: Path, clients: int = 200, contacts: int | None = None, *, seed: int = 1, now: datetime = NOW
) -> tuple[sqlite3.Connection, Filled]:
    database = until_the_test_ends(db.create(path))
    talk = clients * 8 if contacts is None else contacts
    made = fill_shop(database, Order(clients, talk, seed, now, DEFAULTS))
    return database.conn, made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(filled(tmp_path_factory.mktemp("shop") / "shop.db")[0]) as conn:
        yield conn


def rows(conn: sqlite3.Connection, query: str, *values: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.execute(query, values).fetchall()]


def number(conn: sqlite3.Connection, query: str, *values: object) -> int:
    return int(conn.execute(query, values).fetchone()[0])


def everything(conn: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: rows(conn, f"SELECT * FROM {table} ORDER BY id") for table in COLUMNS}


def text(now: datetime = NOW, **back: float) -> str:
    return to_utc_text(now - timedelta(**back))


def test_the_same_seed_makes_the_same_shop(tmp_path: Path, shop: sqlite3.Connection) -> None:
    again, _ = filled(tmp_path / "again.db")
    other, _ = filled(tmp_path / "other.db", seed=2)
    assert everything(again) == everything(shop)
    assert everything(other) != everything(shop)


SIZES = [(1, 8), (2, 0), (12, 0), (30, 1000), (200, 1600), (2500, 9000)]


@pytest.mark.parametrize(("clients", "contacts"), SIZES)
def test_every_size_is_whole(tmp_path: Path, clients: int, contacts: int) -> None:
    conn, made = filled(tmp_path / "shop.db", clients, contacts)
    assert (made.clients, made.contacts) == (clients, contacts)
    assert rows(conn, "PRAGMA foreign_key_check") == []
    assert rows(conn, "PRAGMA quick_check") == [("ok",)]
    derived = "SELECT * FROM {} ORDER BY client_id"
    assert rows(conn, derived.format("standing")) == rows(conn, derived.format("standing_now"))
    for table in ("clients", "contacts", "follow_ups", "complaints"):
        total, last = rows(conn, f"SELECT count(*), coalesce(max(id), 0) FROM {table}")[0]
        assert total == last, "ids count from 1 without a gap"


def test_the_schema_is_as_it_was(tmp_path: Path, shop: sqlite3.Connection) -> None:
    fresh = until_the_test_ends(db.create(tmp_path / "fresh.db")).conn
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
    assert rows(shop, schema) == rows(fresh, schema)
    for setting in ("cache_size", "foreign_keys", "secure_delete"):
        assert rows(shop, f"PRAGMA {setting}") == rows(fresh, f"PRAGMA {setting}")
    assert rows(shop, "SELECT name FROM temp.sqlite_master WHERE type = 'table'") == []
    assert number(shop, "SELECT count(*) FROM changes") == 0


@pytest.mark.parametrize("hour", [0, 3, 8, 13, 23])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Auckland"])
def test_nothing_has_happened_in_the_future(tmp_path: Path, hour: int, zone: str) -> None:
    now = datetime(2026, 3, 29, hour, 10, tzinfo=ZoneInfo(zone))
    conn, _ = filled(tmp_path / "shop.db", now=now)
    for column in (
        "clients.created_at clients.verified_at clients.tier_set_at clients.archived_at contacts.at "
        "follow_ups.created_at follow_ups.closed_at complaints.opened_at complaints.resolved_at "
        "complaints.closed_at complaints.called_back_at complaint_steps.done_at complaint_events.at"
    ).split():
        table, name = column.split(".")
        assert number(conn, f"SELECT count(*) FROM {table} WHERE {name} > ?", text(now)) == 0, column


def test_nobody_is_spoken_to_before_they_came(shop: sqlite3.Connection) -> None:
    joined = "SELECT count(*) FROM {} JOIN clients ON clients.id = client_id WHERE {} < clients.created_at"
    for table, moment in (("contacts", "at"), ("follow_ups", "follow_ups.created_at"), ("complaints", "opened_at")):
        assert number(shop, joined.format(table, moment)) == 0
    assert number(shop, "SELECT count(*) FROM clients WHERE referrer_id >= id OR tier_set_at < created_at") == 0


def test_a_kept_promise_names_the_conversation_that_kept_it(shop: sqlite3.Connection) -> None:
    kept = rows(
        shop,
        "SELECT follow_ups.outcome, contacts.text, closed_at, at FROM follow_ups "
        "LEFT JOIN contacts ON contacts.id = contact_id WHERE status = 'done'",
    )
    assert len(kept) > 50
    assert all(outcome == said and closed == at for outcome, said, closed, at in kept)


def test_the_morning_has_some_of_everything(shop: sqlite3.Connection) -> None:
    def touches(tier: str, **interval: float) -> int:
        query = "SELECT count(*) FROM standing WHERE tier = ? AND touch_from < ?"
        return number(shop, query, tier, text(NOW.replace(hour=0, minute=0) + timedelta(days=1), **interval))

    tonight = to_utc_text(NOW.replace(hour=0, minute=0) + timedelta(days=1))
    assert touches("A", hours=48) == 2
    assert touches("B", days=7) == 4
    assert touches("C", days=30) == 4
    open_ones = "SELECT count(*) FROM follow_ups WHERE status = 'open' AND "
    assert number(shop, open_ones + "due_day < '2026-11-25'") == 4
    assert number(shop, open_ones + "due_day = '2026-11-25' AND every IS NULL") == 2
    assert number(shop, open_ones + "due_day = '2026-11-25' AND scheduled_day = due_day AND every = '2w'") == 1
    assert number(shop, open_ones + "due_at BETWEEN ? AND ?", text(), tonight) == 2
    assert number(shop, open_ones + "(due_day > '2026-11-25' OR due_at > ?)", tonight) >= 15
    asked = "SELECT count(*) FROM standing WHERE inquiry_at < ? AND last_contact_at IS {} NULL"
    assert number(shop, asked.format("NOT"), text()) == 2
    assert number(shop, asked.format("NOT"), text(days=4)) == 0, "what came in before was answered"
    assert number(shop, asked.format(""), text()) == 1
    assert rows(shop, "SELECT birthday FROM standing WHERE birthday BETWEEN '11-17' AND '12-03' ORDER BY birthday") == [
        ("11-25",), ("11-28",), ("12-01",),
    ]  # fmt: skip
    assert number(shop, "SELECT count(*) FROM standing WHERE verified_at < ?", text(days=180)) == 2
    assert number(shop, "SELECT count(*) FROM standing WHERE urgent") == 2
    assert number(shop, "SELECT count(*) FROM clients WHERE archived_at IS NOT NULL") > 1
    assert number(shop, "SELECT count(*) FROM clients WHERE do_not_contact") > 0


def test_what_was_promised_next_is_what_stands_open(shop: sqlite3.Connection) -> None:
    open_ones = rows(shop, "SELECT client_id, reason, created_at FROM follow_ups WHERE status = 'open'")
    assert len(open_ones) > 20
    for client, reason, created in open_ones:
        said = "SELECT next_step FROM contacts WHERE client_id = ? AND at = ?"
        assert rows(shop, said, client, created) == [(reason,)]


def test_complaints_are_in_every_state(shop: sqlite3.Connection) -> None:
    clock = (
        "SELECT severity, complaints.round, min(due_at) FROM complaints JOIN complaint_steps AS steps "
        "ON complaint_id = complaints.id AND steps.round = complaints.round AND done_at IS NULL "
        "WHERE status = 'open' GROUP BY complaints.id ORDER BY due_at"
    )
    major, general, again, maintenance = rows(shop, clock)
    assert major[:2] == ("major", 1)
    assert str(major[2]) < text()
    assert general[:2] == ("general", 1)
    assert text() < str(general[2]) < text(hours=-1)
    assert again[:2] == ("general", 2)
    assert maintenance[0] == "maintenance"
    late = "SELECT count(*) FROM complaint_steps WHERE complaint_id = ? AND done_at > due_at"
    maintained = "SELECT id FROM complaints WHERE status = 'open' AND severity = 'maintenance'"
    assert number(shop, late, number(shop, maintained)) == 1
    assert number(shop, "SELECT count(*) FROM complaints WHERE status = 'resolved' AND confirm_by > ?", text()) == 1
    assert (
        number(shop, "SELECT count(*) FROM complaints WHERE call_back_due = '2026-11-25' AND called_back_at IS NULL")
        == 1
    )
    over = "SELECT count(*) FROM complaints WHERE called_back_at IS NOT NULL AND cause <> '' AND measures <> ''"
    assert number(shop, over) >= 4


def test_a_complaints_rows_agree_with_its_history(tmp_path: Path) -> None:
    conn, _ = filled(tmp_path / "shop.db", 3000, 6000)
    told: dict[object, list[str]] = {}
    for complaint, event in rows(
        conn, "SELECT complaint_id, event FROM complaint_events ORDER BY complaint_id, at, id"
    ):
        told.setdefault(complaint, []).append(str(event))
    found = rows(conn, "SELECT id, status, round, called_back_at, severity FROM complaints")
    assert len(found) > 100
    for complaint, status, round_number, called_back, severity in found:
        events = told[complaint]
        last = {"open": ("recorded", "progressed", "reopened"), "resolved": ("resolved",)}
        ended = ("called-back",) if called_back else ("closed",)
        assert events[0] == "recorded"
        assert events[-1] in last.get(str(status), ended)
        assert events.count("reopened") + 1 == round_number
        steps = rows(
            conn, "SELECT round, position, step, role, done_at FROM complaint_steps WHERE complaint_id = ? ORDER BY id",
            complaint,
        )  # fmt: skip
        planned = [(step["step"], step["role"]) for step in DEFAULTS[f"complaint.{severity}"]]
        assert [step[2:4] for step in steps] == planned * int(str(round_number))
        undone = [step for step in steps if step[4] is None]
        assert bool(undone) == (status == "open")
        assert all(step[0] == round_number for step in undone)


def test_phones_are_valid_unique_and_shown_as_the_library_would(tmp_path: Path) -> None:
    conn, _ = filled(tmp_path / "shop.db", 3000, 0)
    phones = rows(conn, "SELECT value, shown, key FROM contact_points WHERE kind = 'phone'")
    assert len({value for value, _, _ in phones}) == len(phones)
    for value, shown, key in phones[::5]:
        parsed = phonenumbers.parse(str(value))
        assert phonenumbers.is_valid_number(parsed), value
        assert shown == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        assert key == value


def test_a_large_shop_is_an_archive_and_not_a_flood(tmp_path: Path) -> None:
    conn, _ = filled(tmp_path / "shop.db", 10_000, 20_000)
    assert number(conn, "SELECT count(*) FROM clients WHERE tier IS NULL") > 8_000
    assert number(conn, "SELECT count(*) FROM follow_ups WHERE status = 'open'") < 600
    assert number(conn, "SELECT count(*) FROM complaints WHERE status <> 'closed'") < 50
    assert number(conn, "SELECT count(*) FROM standing WHERE inquiry_at IS NOT NULL") < 100
