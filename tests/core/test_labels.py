"""How days, deadlines and stretches of time read in Chinese; English stands in test_moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrm.core.dates import parse_day
from recrm.core.i18n import use
from recrm.core.intervals import Interval
from recrm.core.labels import ago_label, clock_label, day_label, due_label, full_day_label, rough_span_label, span_label
from recrm.core.moments import When
from recrm.core.recurrence import Every, Unit, parse_every

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True, scope="module")
def chinese() -> Iterator[None]:
    use("zh_CN")
    yield
    use("en")


@pytest.mark.parametrize(
    ("when", "label"),
    [
        (date(2026, 11, 26), "11月26日 周四"),
        (date(2027, 1, 1), "2027年1月1日 周五"),
        (date(2026, 11, 21), "今天"),
        (datetime(2026, 11, 22, 14, 30, tzinfo=SHANGHAI), "明天 14:30"),
        (datetime(2026, 11, 27, 9, 5, tzinfo=SHANGHAI), "11月27日 周五 09:05"),
        (date(2026, 11, 20), "昨天"),
        (date(2026, 11, 18), "3天前"),
    ],
)
def test_deadlines(when: When, label: str) -> None:
    assert due_label(when, NOW) == label


@pytest.mark.parametrize(
    ("span", "label"),
    [
        (timedelta(seconds=5), "刚刚"),
        (timedelta(minutes=40), "40分钟前"),
        (timedelta(hours=3), "3小时前"),
        (timedelta(days=9), "9天前"),
        (timedelta(days=70), "9月12日 周六"),
    ],
)
def test_the_past(span: timedelta, label: str) -> None:
    assert ago_label(NOW - span, NOW) == label


def test_clocks_and_stretches() -> None:
    assert clock_label(NOW + timedelta(hours=2), NOW) == "还剩2小时"
    assert clock_label(NOW - timedelta(days=2), NOW) == "逾期2天"
    assert span_label(200) == "3小时20分"
    assert [rough_span_label(minutes) for minutes in (35, 190, 3000)] == ["35分钟", "3小时", "2天"]
    assert Interval(48, in_days=False).label() == "每48小时"
    assert full_day_label(date(2026, 11, 27)) == "2026年11月27日 周五"


@given(st.integers(1, 100), st.sampled_from(get_args(Unit)))
def test_how_often_is_read_back(count: int, unit: Unit) -> None:
    every = Every(count, unit)
    assert parse_every(every.label()) == every


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_a_day_is_read_back(day: date) -> None:
    assert parse_day(full_day_label(day), now=NOW) == day
    if day.year != NOW.year:
        assert parse_day(day_label(day, NOW.date()), now=NOW) == day
