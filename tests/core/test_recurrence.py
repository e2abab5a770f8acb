"""Intervals: what may be typed, and occurrences that never drift from their anchor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from recrm.core.recurrence import Every, EveryNotUnderstood, Unit, next_after, parse_every

UNITS: list[Unit] = ["day", "week", "month", "year"]
INTERVALS = st.builds(Every, st.integers(1, 100), st.sampled_from(UNITS))
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("short", "typed"),
    [
        ("1d", "1d; daily; day; every day; Every  Day; 每天; 每日; 每１天"),
        ("3d", "3d; 3 days; +3d; every 3 days; 每3天; 每三天"),
        ("1w", "1w; weekly; a week; every week; 每周; 每星期; 每個禮拜; 每週"),
        ("2w", "2w; 2 weeks; every 2 weeks; every other week; fortnightly; 每两周; 每2个星期; 每两周一次"),
        ("1m", "1m; monthly; every month; 每月; 每个月; 每個月; 每月一次"),
        ("3m", "3m; quarterly; every quarter; every 3 months; 每季度; 每个季度; 每季; 每3个月; 每三个月"),
        ("6m", "6m; 2 quarters; every 6 months; 每半年; 每六个月"),
        ("12m", "12m; 每十二个月"),
        ("1y", "1y; yearly; annually; every year; 每年"),
        ("100y", "100y; every 100 years"),
    ],
)
def test_an_interval_is_read_in_every_way_it_is_typed(short: str, typed: str) -> None:
    assert {parse_every(text).short() for text in typed.split("; ")} == {short}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not understood"),
        ("d", "not understood"),
        ("5", "not understood"),
        ("every", "not understood"),
        ("biweekly", "not understood"),
        ("every other 2 days", "not understood"),
        ("2w 3d", "not understood"),
        ("每", "not understood"),
        ("1d" + " " * 300 + "x", "not understood"),
        ("1" * 9000 + "d", "not understood"),
        ("0d", "never come back"),
        ("-3d", "never come back"),
        ("每0天", "never come back"),
        ("3h", "shorter than a day"),
        ("hourly", "shorter than a day"),
        ("30 minutes", "shorter than a day"),
        ("每3个小时", "shorter than a day"),
        ("101y", "longer than a hundred years"),
        ("1201m", "longer than a hundred years"),
        ("401 quarters", "longer than a hundred years"),
        ("99999999999d", "longer than a hundred years"),
    ],
)
def test_what_is_no_interval_is_refused_with_what_to_type(text: str, why: str) -> None:
    with pytest.raises(EveryNotUnderstood, match=why) as caught:
        parse_every(text)
    assert caught.value.exit_code == 2
    assert "every 2 weeks" in caught.value.hint()


def check_sentence(refused: EveryNotUnderstood) -> None:
    assert refused.what().isprintable()
    assert refused.what().endswith(".")
    assert len(refused.what()) < 140


@given(st.one_of(st.text(), st.from_regex(r"(every |每)?[-+]?[0-9]{0,30} ?[a-z天周月年半个]{0,6}", fullmatch=True)))
def test_any_text_is_an_interval_or_refused_in_a_short_sentence(text: str) -> None:
    try:
        every = parse_every(text)
    except EveryNotUnderstood as refused:
        check_sentence(refused)
    else:
        assert every.count >= 1


@given(INTERVALS)
def test_an_interval_round_trips_as_stored_and_as_shown(every: Every) -> None:
    assert parse_every(every.short()) == every
    assert parse_every(every.label()) == every


def test_an_interval_is_shown_in_words() -> None:
    assert Every(1, "month").label() == "every month"
    assert Every(2, "week").label() == "every 2 weeks"


@pytest.mark.parametrize(
    ("anchor", "every", "days"),
    [
        ("2026-01-31", "1m", "2026-02-28 2026-03-31 2026-04-30 2026-05-31"),
        ("2027-12-31", "2m", "2028-02-29 2028-04-30 2028-06-30 2028-08-31"),
        ("2024-02-29", "1y", "2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        ("2026-11-25", "2w", "2026-12-09 2026-12-23 2027-01-06"),
        ("2026-11-30", "3m", "2027-02-28 2027-05-30 2027-08-30"),
    ],
)
def test_occurrences_are_counted_from_their_anchor(anchor: str, every: str, days: str) -> None:
    first = day = date.fromisoformat(anchor)
    for expected in days.split():
        day = next_after(first, parse_every(every), day)
        assert day.isoformat() == expected


def test_the_anchor_is_the_first_occurrence() -> None:
    anchor = date(2026, 1, 31)
    assert next_after(anchor, Every(1, "month"), date(2020, 1, 1)) == anchor
    assert next_after(anchor, Every(1, "month"), date(2026, 1, 30)) == anchor


@given(DAYS, INTERVALS, st.integers(0, 400))
def test_the_nth_occurrence_is_the_anchor_plus_n_intervals(anchor: date, every: Every, n: int) -> None:
    def occurrence(number: int) -> date:
        count = number * every.count
        return (
            anchor
            + {
                "day": relativedelta(days=count),
                "week": relativedelta(weeks=count),
                "month": relativedelta(months=count),
                "year": relativedelta(years=count),
            }[every.unit]
        )

    if anchor.year + (n + 1) * every.count > 9000:
        n = 40
    assert next_after(anchor, every, occurrence(n)) == occurrence(n + 1)
    assert next_after(anchor, every, occurrence(n + 1) - timedelta(days=1)) == occurrence(n + 1)


@given(DAYS, INTERVALS, DAYS)
def test_the_next_occurrence_is_after_the_day_and_never_before_the_anchor(
    anchor: date, every: Every, after: date
) -> None:
    day = next_after(anchor, every, after)
    assert day > after
    assert day >= anchor
