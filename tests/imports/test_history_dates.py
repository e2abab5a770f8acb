"""Dates of other programs, read by what their whole column says."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrm.core.errors import RecrmError
from recrm.core.moments import to_utc_text
from recrm.imports.conversations.dates import DateReader
from tests.storage.kit import HERE, MORNING


def reader(*cells: str, configured: str = "", now: datetime = MORNING) -> DateReader:
    return DateReader(cells, configured, now)


def read(cell: str, beside: str = "", *others: str, configured: str = "") -> str:
    """The local time of a cell, in a column of it and the others."""
    at = reader(cell, *others, configured=configured).read(cell, beside).at
    return datetime.fromisoformat(at).astimezone(HERE).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("cell", "local"),
    [
        ("2026-11-20T14:30:00", "2026-11-20 14:30:00"),
        ("2026-11-20T06:30:00Z", "2026-11-20 14:30:00"),
        ("2026-11-20T06:30:05.123Z", "2026-11-20 14:30:05"),
        ("2026-11-20T06:30:00.000+0000", "2026-11-20 14:30:00"),
        ("2026-11-20 01:30:00-05:00", "2026-11-20 14:30:00"),
        ("2026-11-20 14:30 GMT+8", "2026-11-20 14:30:00"),
        ("2026-11-20 06:30:00 UTC", "2026-11-20 14:30:00"),
        ("2026/11/20 14:30", "2026-11-20 14:30:00"),
        ("2026/1/2 9:05", "2026-01-02 09:05:00"),
        ("20.11.2026", "2026-11-20 12:00:00"),
        ("20.11.2026 14:30", "2026-11-20 14:30:00"),
        ("11/20/2026 2:30 PM", "2026-11-20 14:30:00"),
        ("11/20/2026, 2:30:05 p.m.", "2026-11-20 14:30:05"),
        ("11/20/2026 2:30\u202fPM", "2026-11-20 14:30:00"),
        ("20/11/2026 12:15 AM", "2026-11-20 00:15:00"),
        ("2026年11月20日 14:30", "2026-11-20 14:30:00"),
        ("2026年11月20日14:30", "2026-11-20 14:30:00"),
        ("2026年11月20日", "2026-11-20 12:00:00"),
        ("2026年11月20日 下午2:30", "2026-11-20 14:30:00"),
        ("2026年1月2日 上午9点30分", "2026-01-02 09:30:00"),
        ("2026-11-20 下午 2:30", "2026-11-20 14:30:00"),
        ("Nov 20, 2026 2:30 PM", "2026-11-20 14:30:00"),
        ("20 Nov 2026", "2026-11-20 12:00:00"),
        ("Fri Nov 20 2026 14:30:00 GMT+0800 (China Standard Time)", "2026-11-20 14:30:00"),
        ("Fri, 20 Nov 2026 06:30:00 GMT", "2026-11-20 14:30:00"),
        ("Nov 20, 2026 at 14:30 +08:00", "2026-11-20 14:30:00"),
        ("2026年11月20日T06:30:05,123Z", "2026-11-20 14:30:05"),
        ("20 Nov 2026 14:30 PM", "2026-11-20 14:30:00"),
        ("20261120", "2026-11-20 12:00:00"),
        ("'2026-11-20", "2026-11-20 12:00:00"),
        ("1795156200", "2026-11-20 14:30:00"),
        ("1795156200000", "2026-11-20 14:30:00"),
        ("46346", "2026-11-20 12:00:00"),
        ("46346.604166667", "2026-11-20 14:30:00"),
    ],
)
def test_every_way_to_write_a_moment(cell: str, local: str) -> None:
    assert read(cell) == local


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("", "no date"),
        ("2026-02-30", "calendar"),
        ("2026/13/1 10:00", "calendar"),
        ("1899-12-31", "1900"),
        ("20 Nov 1820", "1900"),
        ("2026-11-22", "future"),
        ("2026-11-21 09:01", "future"),
        ("2026-11-21T01:01:00Z", "future"),
        ("5/6/2026", "5 June or 6 May"),
        ("11/20/26 14:30", "two digits"),
        ("20 Nov", "no year"),
        ("yesterday", "not understood"),
        ("昨天", "not understood"),
        ("2026 days", "not understood"),
        ("+3d", "not understood"),
        ("2026-11-20 25:00", "clock"),
        ("2026-11-20 14:30 +19:00", "time zone"),
        ("2026-11-20 14:30 PST", "not understood"),
        ("12", "not understood"),
    ],
)
def test_what_is_no_moment_of_the_past_is_refused_with_its_reason(cell: str, word: str) -> None:
    with pytest.raises(RecrmError) as refused:
        read(cell)
    assert word in refused.value.what()
    assert refused.value.hint()


def test_a_bare_number_is_a_date_only_where_the_whole_column_is_of_its_kind() -> None:
    assert read("1795156200", "", "1795156201") == "2026-11-20 14:30:00"
    with pytest.raises(RecrmError, match="bare number"):
        read("1795156200", "", "2026-11-20")


def test_slashes_are_read_as_the_column_proves_or_the_config_says() -> None:
    assert read("5/6/2026", "", "25/6/2026") == "2026-06-05 12:00:00"
    assert read("5/6/2026 8:00 PM", "", "6/25/2026") == "2026-05-06 20:00:00"
    assert read("5/6/2026", configured="dmy") == "2026-06-05 12:00:00"
    assert read("5/6/2026", "", "6/25/2026", configured="dmy") == "2026-05-06 12:00:00", "proof goes before the config"
    with pytest.raises(RecrmError, match="could be"):
        read("5/6/2026", "", "25/6/2026", "6/25/2026", configured="dmy")


def test_a_day_without_a_time_is_its_noon_and_today_is_now() -> None:
    assert read("2026-11-20") == "2026-11-20 12:00:00"
    assert read("2026-11-21") == "2026-11-21 09:00:00"


def test_midnight_is_a_time_only_in_a_column_that_has_times() -> None:
    assert read("2026-11-20 00:00:00", "", "2026-11-19 0:00") == "2026-11-20 12:00:00"
    assert read("2026-11-20T00:00:00Z") == "2026-11-20 12:00:00"
    assert read("11/20/2026 12:00 AM", "", "2026-11-19T00:00:00.000+08:00") == "2026-11-20 12:00:00"
    assert read("2026-11-20 00:00:00", "", "2026-11-19 14:30") == "2026-11-20 00:00:00"


def test_a_time_beside_the_date_joins_it() -> None:
    assert read("2026-11-20", "14:30") == "2026-11-20 14:30:00"
    assert read("2026-11-20 00:00:00", "2:30 pm") == "2026-11-20 14:30:00"
    assert read("2026年11月20日", "下午2:30") == "2026-11-20 14:30:00"
    assert read("2026-11-20", "1899-12-30 14:30:00") == "2026-11-20 14:30:00"
    assert read("2026-11-20 10:00", "14:30") == "2026-11-20 10:00:00"
    with pytest.raises(RecrmError, match="time of day"):
        read("2026-11-20", "in the morning")


def test_a_time_that_clocks_skip_is_refused() -> None:
    berlin = datetime(2026, 11, 21, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    skipped = reader(now=berlin)
    with pytest.raises(RecrmError, match="skip"):
        skipped.read("2026-03-29 02:30")
    assert skipped.read("2026-03-29 03:30").at == "2026-03-29T01:30:00Z"


@given(st.text(max_size=30))
def test_any_cell_is_read_or_refused(cell: str) -> None:
    with suppress(RecrmError):
        moment = reader(cell).read(cell)
        assert "1899-12-31T" < moment.first <= moment.at <= moment.last
        assert moment.at <= to_utc_text(MORNING)


@given(
    st.integers(0, 12_000_000),
    st.sampled_from(["%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y-%m-%dT%H:%M:%S+08:00", "%d.%m.%Y %H:%M:%S"]),
)
def test_what_was_written_comes_back(minutes: int, form: str) -> None:
    moment = MORNING - timedelta(minutes=minutes + 1)  # back to 2004: Shanghai once had summer times
    column = reader("25.12.2025 14:30")
    assert column.read(moment.strftime(form)).at == to_utc_text(moment)
