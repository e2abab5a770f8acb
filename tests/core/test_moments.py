"""Days belong to the agent's zone and hours are elapsed time, on days of 23 and 25 hours too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrm.core.intervals import Interval
from recrm.core.labels import ago_label, clock_label, due_label
from recrm.core.moments import When, deadline, elapsed, end_of, from_utc_text, is_overdue, later, start_of, to_utc_text
from tests.conftest import Shop

BERLIN = ZoneInfo("Europe/Berlin")
# The clocks went back at 03:00 on 25 October 2026: the hour from 02:00 came twice.
FIRST = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
SECOND = FIRST.replace(fold=1)
NOW = datetime(2026, 11, 21, 9, tzinfo=BERLIN)


def test_days_of_23_24_and_25_hours() -> None:
    hours = {
        day: elapsed(start_of(day, BERLIN), end_of(day, BERLIN)) / timedelta(hours=1)
        for day in (date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25))
    }
    assert list(hours.values()) == [23, 24, 25]


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    assert elapsed(FIRST, SECOND) == timedelta(hours=1)
    assert later(FIRST, timedelta(hours=1)) == SECOND
    assert later(FIRST, timedelta(hours=1)).fold == 1
    assert is_overdue(FIRST.replace(minute=45), SECOND)
    assert not is_overdue(SECOND, FIRST.replace(minute=45))
    assert clock_label(SECOND, FIRST) == "1 h left"
    assert clock_label(FIRST, SECOND) == "1 h over"
    assert ago_label(FIRST, SECOND) == "1 h ago"


def test_hours_are_elapsed_time_and_days_are_the_calendar_s() -> None:
    evening = datetime(2026, 10, 24, 12, tzinfo=BERLIN)
    assert Interval.of("24h").after(evening, BERLIN) == datetime(2026, 10, 25, 11, tzinfo=BERLIN)
    assert Interval.of("1d").after(evening, BERLIN) == date(2026, 10, 25)


@given(
    st.integers(1_767_225_600, 1_798_761_600),  # the seconds of 2026
    st.integers(0, 400),
    st.sampled_from(["1h", "24h", "48h", "1d", "7d", "30d"]),
)
def test_a_clock_started_before_the_bound_exactly_when_it_runs_out_in_time(
    seconds: int, hours: int, setting: str
) -> None:
    started = datetime.fromtimestamp(seconds, UTC)
    interval, by = Interval.of(setting), start_of((started + timedelta(hours=hours)).date(), BERLIN)
    due = interval.after(started.astimezone(BERLIN), BERLIN)
    in_time = due < by.date() if not isinstance(due, datetime) else due.astimezone(UTC) < by.astimezone(UTC)
    assert (to_utc_text(started) < interval.started_before(by, BERLIN)) == in_time


@given(st.integers(0, 4_000_000_000))
def test_an_instant_survives_being_stored(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, BERLIN)
    kept = from_utc_text(to_utc_text(moment), BERLIN)
    assert kept.astimezone(UTC) == moment.astimezone(UTC)
    assert len(to_utc_text(moment)) == 20


def test_a_day_is_good_until_it_ends_and_a_moment_until_it_comes() -> None:
    assert not is_overdue(NOW.date(), NOW.replace(hour=23, minute=59, second=59))
    assert is_overdue(NOW.date(), NOW.replace(day=22, hour=0))
    assert not is_overdue(NOW, NOW)
    assert is_overdue(NOW - timedelta(seconds=1), NOW)
    assert deadline(NOW.date(), BERLIN) == datetime(2026, 11, 22, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2026, 11, 21), "today"),
        (datetime(2026, 11, 21, 14, 30, tzinfo=BERLIN), "today 14:30"),
        (datetime(2026, 11, 21, 21, 30, tzinfo=ZoneInfo("Asia/Shanghai")), "today 14:30"),
        (date(2026, 11, 22), "tomorrow"),
        (date(2026, 11, 20), "yesterday"),
        (date(2026, 11, 18), "3 days ago"),
        (date(2026, 11, 27), "Fri 27 Nov"),
        (date(2027, 1, 1), "Fri 1 Jan 2027"),
    ],
)
def test_deadlines_in_words(when: When, words: str) -> None:
    assert due_label(when, NOW) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=40), "40 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=11), "11 h ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=9), "9 days ago"),
        (timedelta(days=70), "on Sat 12 Sep"),
    ],
)
def test_the_past_in_words(span: timedelta, words: str) -> None:
    assert ago_label(NOW - span, NOW) == words


def test_a_complaint_s_clock_runs_through_the_change_of_clocks(bare: Shop) -> None:
    bare.now = "2026-10-25T02:30:00+02:00"
    berlin = {"TZ": "Europe/Berlin"}
    bare.ok("init", **berlin)
    bare.ok("add-client", "Ann", **berlin)
    made = bare.get("record-complaint", "Ann", "no heating", **berlin)
    assert (made["due"], made["minutes_left"]) == ("2026-10-25T03:30:00+01:00", 120)
    bare.now = "2026-10-25T03:29:00+01:00"
    assert bare.get("show-complaint", 1, **berlin)["breached"] is False
    bare.now = "2026-10-25T03:31:00+01:00"
    assert bare.get("show-complaint", 1, **berlin)["minutes_left"] == -1
