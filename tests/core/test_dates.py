"""Text to days and moments, seen from a Wednesday morning in Shanghai and from nights when clocks change."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recrm.core.dates import (
    Birthday,
    last_occurrence,
    next_occurrence,
    parse_birthday,
    parse_day,
    parse_when,
)
from recrm.core.errors import WhenNotUnderstood
from recrm.core.labels import day_label
from recrm.core.moments import iso

Look = Literal["ahead", "back"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    SHANGHAI,
    NEW_YORK,
    ZoneInfo("Europe/London"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Kolkata"),
]
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
TODAY = NOW.date()


def understood(text: str, look: Look = "ahead", now: datetime = NOW, order: str | None = None) -> str:
    """What was understood, as `2026-11-30` or `2026-11-30 14:30`."""
    found = parse_when(text, now=now, look=look, order=order)
    return f"{found:%Y-%m-%d %H:%M}" if isinstance(found, datetime) else found.isoformat()


def refusal(text: str, look: Look = "ahead", now: datetime = NOW, order: str | None = None) -> WhenNotUnderstood:
    with pytest.raises(WhenNotUnderstood) as caught:
        parse_when(text, now=now, look=look, order=order)
    return caught.value


# Typed, what it means looking ahead, and looking back where that differs; `-` where it is refused.
EITHER_WAY = """
2026-11-30               2026-11-30
2026-11-30 14:30         2026-11-30 14:30
2026-11-30T14:30         2026-11-30 14:30
2026-11-30T14:30:15      2026-11-30 14:30
2026-11-30T14:30Z        2026-11-30 22:30
2026-11-30 14:30 -0500   2026-12-01 03:30
2026-11-30T14:30:00.5+08 2026-11-30 14:30
2026/11/30               2026-11-30
2026.1.5                 2026-01-05
20261130                 2026-11-30
２０２６－１１－３０            2026-11-30
30 nov 2027              2027-11-30
30-Nov-2027              2027-11-30
November 30, 2027        2027-11-30
13/6/2026                2026-06-13
6/13/2026                2026-06-13
5/5/2026                 2026-05-05
Fri 27 Nov 2026          2026-11-27
2026-11-27 friday        2026-11-27
Fri 27 Nov 2026 14:30    2026-11-27 14:30
today                    2026-11-25
TOMORROW                 2026-11-26
tom                      2026-11-26
yesterday                2026-11-24
the day after tomorrow   2026-11-27
day before yesterday     2026-11-23
now                      2026-11-25 10:00
tomorrow 14:30           2026-11-26 14:30
tomorrow at noon         2026-11-26 12:00
14:30 tomorrow           2026-11-26 14:30
+3d                      2026-11-28
+ 2w                     2026-12-09
-3d                      2026-11-22
+1m                      2026-12-25
+1y                      2027-11-25
+0d                      2026-11-25
+48h                     2026-11-27 10:00
+30min                   2026-11-25 10:30
+3d 14:30                2026-11-28 14:30
in 3 days                2026-11-28
in an hour               2026-11-25 11:00
3 days from now          2026-11-28
3 days ago               2026-11-22
40 min ago               2026-11-25 09:20
next fri                 2026-12-04
next mon 9am             2026-11-30 09:00
last fri                 2026-11-20
end of next month        2026-12-31
5th of next month        2026-12-05
今天                      2026-11-25
明天                      2026-11-26
后天                      2026-11-27
大后天                    2026-11-28
昨天                      2026-11-24
前天                      2026-11-23
大前天                    2026-11-22
现在                      2026-11-25 10:00
下周一                    2026-11-30
下周三                    2026-12-02
下个星期五                 2026-12-04
下下周一                  2026-12-07
上周五                    2026-11-20
上上周日                  2026-11-15
3天后                     2026-11-28
３天后                    2026-11-28
三日后                    2026-11-28
两周后                    2026-12-09
兩週後                    2026-12-09
2个星期后                 2026-12-09
三个月后                  2027-02-25
半个月后                  2026-12-10
半年后                    2027-05-25
一年后                    2027-11-25
二十一天以后               2026-12-16
3小时后                   2026-11-25 13:00
半小时后                  2026-11-25 10:30
3天前                     2026-11-22
2027年11月30日            2027-11-30
二〇二七年十一月三十日        2027-11-30
明年3月5日                2027-03-05
下月底                    2026-12-31
本月底                    2026-11-30
明年年底                  2027-12-31
2027年底                  2027-12-31
下月5号                   2026-12-05
明天上午9点               2026-11-26 09:00
明天下午3点               2026-11-26 15:00
明天的下午三点半            2026-11-26 15:30
明天15点20分              2026-11-26 15:20
明天１５：２０             2026-11-26 15:20
明天下午3:30              2026-11-26 15:30
后天晚上8点一刻            2026-11-27 20:15
明天中午                  2026-11-26 12:00
明天中午1点               2026-11-26 13:00
今晚8点                   2026-11-25 20:00
明早9点                   2026-11-26 09:00
明天凌晨3点               2026-11-26 03:00
下周五下午3点              2026-12-04 15:00
3天后下午3点               2026-11-28 15:00
2026年11月30日 14:30      2026-11-30 14:30
"""
BY_LOOK = """
fri                      2026-11-27        2026-11-20
on Friday                2026-11-27        2026-11-20
thurs                    2026-11-26        2026-11-19
wed                      2026-12-02        2026-11-18
this fri                 2026-11-27        -
this mon                 -                 2026-11-23
fri 3pm                  2026-11-27 15:00  2026-11-20 15:00
3 p.m. fri               2026-11-27 15:00  2026-11-20 15:00
30 nov                   2026-11-30        2025-11-30
nov. 30th                2026-11-30        2025-11-30
24 nov                   2027-11-24        2026-11-24
25 nov                   2026-11-25        2026-11-25
29 feb                   2028-02-29        2024-02-29
Fri 27 Nov               2026-11-27        -
30th                     2026-11-30        2026-10-30
the 31st                 2026-12-31        2026-10-31
13/6                     2027-06-13        2026-06-13
11-30                    2026-11-30        2025-11-30
--11-30                  2026-11-30        2025-11-30
eow                      2026-11-29        2026-11-22
eom                      2026-11-30        2026-10-31
eoq                      2026-12-31        2026-09-30
eoy                      2026-12-31        2025-12-31
end of the month         2026-11-30        2026-10-31
14:30                    2026-11-25 14:30  2026-11-24 14:30
9:05                     2026-11-26 09:05  2026-11-25 09:05
10:00                    2026-11-25 10:00  2026-11-25 10:00
2:30pm                   2026-11-25 14:30  2026-11-24 14:30
12am                     2026-11-26 00:00  2026-11-25 00:00
noon                     2026-11-25 12:00  2026-11-24 12:00
3d                       2026-11-28        2026-11-22
2 weeks                  2026-12-09        2026-11-11
1m                       2026-12-25        2026-10-25
48h                      2026-11-27 10:00  2026-11-23 10:00
3天                       2026-11-28        2026-11-22
周五                      2026-11-27        2026-11-20
礼拜天                    2026-11-29        2026-11-22
这周五                    2026-11-27        -
本周一                    -                 2026-11-23
本月5号                   -                 2026-11-05
月底                      2026-11-30        2026-10-31
季度末                    2026-12-31        2026-09-30
年底                      2026-12-31        2025-12-31
11月30日                  2026-11-30        2025-11-30
十一月三十号                2026-11-30        2025-11-30
11月30日星期一             2026-11-30        -
30号                      2026-11-30        2026-10-30
下午3点                   2026-11-25 15:00  2026-11-24 15:00
15点20分                  2026-11-25 15:20  2026-11-24 15:20
12点                      2026-11-25 12:00  2026-11-24 12:00
"""


MEANING = r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|-)"


def rows(table: str, meanings: int) -> list[tuple[str, ...]]:
    row = re.compile(r"(.*?)" + rf"\s+{MEANING}" * meanings)
    return [match.groups() for line in table.strip().splitlines() if (match := row.fullmatch(line))]


@pytest.mark.parametrize("look", ["ahead", "back"])
@pytest.mark.parametrize(("text", "meaning"), rows(EITHER_WAY, 1))
def test_words_that_say_their_direction_mean_one_thing(text: str, meaning: str, look: Look) -> None:
    assert understood(text, look) == meaning


@pytest.mark.parametrize(("text", "ahead", "back"), rows(BY_LOOK, 2))
def test_words_without_a_direction_follow_the_look(text: str, ahead: str, back: str) -> None:
    for look, meaning in (("ahead", ahead), ("back", back)):
        if meaning == "-":
            refusal(text, "back" if look == "back" else "ahead")
        else:
            assert understood(text, "back" if look == "back" else "ahead") == meaning


def test_no_row_of_the_tables_is_lost() -> None:
    assert len(rows(EITHER_WAY, 1)) == len(EITHER_WAY.split("\n")) - 2
    assert len(rows(BY_LOOK, 2)) == len(BY_LOOK.split("\n")) - 2


@pytest.mark.parametrize(
    ("text", "why", "hint"),
    [
        ("", "is empty", "2026-11-30"),
        (" \t\u3000", "is empty", "2026-11-30"),
        ("5/6", "“5/6” could be 5 June or 6 May.", "Type 5 jun or 6 may, or settle"),
        ("5.6", "“5.6” could be 5 June or 6 May.", "date_order"),
        ("5/6/2026", "could be 5 June or 6 May", "Type 2026-06-05 or 2026-05-06, or settle"),
        ("05-06-2026 14:30", "could be 5 June or 6 May", "date_order"),
        ("11.30", "could be 30 November or 11:30", "Type 30 nov or 11:30"),
        ("5", "bare number", "+3d"),
        ("+5", "bare number", "+3d"),
        ("十一", "bare number", "+3d"),
        ("30 feb", "not a day that any calendar has", "2026-11-30"),
        ("2/30", "not a day that any calendar has", "2026-11-30"),
        ("2026-13-01", "not a day that any calendar has", "2026-11-30"),
        ("2026-02-29", "not a day that any calendar has", "2026-11-30"),
        ("13月1日", "not a day that any calendar has", "2026-11-30"),
        ("20261345", "not a day that any calendar has", "2026-11-30"),
        ("2026-02-30T10:00Z", "not a date and time", "2026-11-30"),
        ("32nd", "not a day that the month has", "in full"),
        ("31st of this month", "not a day that the month has", "in full"),
        ("25:00", "holds no time that a clock shows", "14:30"),
        ("fri 14:61", "holds no time that a clock shows", "14:30"),
        ("13pm", "holds no time that a clock shows", "14:30"),
        ("上午15点", "holds no time that a clock shows", "14:30"),
        ("3 o'clock", "could be 03:00 or 15:00", "15:00"),
        ("明天3点半", "“明天3点半” could be 03:30 or 15:30.", "15:30"),
        ("晚上12点", "the midnight that begins the day or the one that ends it", "00:00"),
        ("midnight", "the midnight that begins the day or the one that ends it", "00:00"),
        ("tomorrow morning", "part of a day", "09:00"),
        ("明天晚上", "part of a day", "09:00"),
        ("周末", "any of several days", "next mon"),
        ("下周", "any of several days", "next mon"),
        ("next week", "any of several days", "next mon"),
        ("1899-12-31", "outside the years 1900 to 2199", "2026-11-30"),
        ("30 nov 2200", "outside the years 1900 to 2199", "2026-11-30"),
        ("30 nov 20270", "outside the years 1900 to 2199", "2026-11-30"),
        ("+99999999999d", "outside the years 1900 to 2199", "2026-11-30"),
        ("+200y", "outside the years 1900 to 2199", "2026-11-30"),
        ("+9999999999m", "outside the years 1900 to 2199", "2026-11-30"),
        ("-99999999999h", "outside the years 1900 to 2199", "2026-11-30"),
        ("0001-01-01T00:00+14:00", "outside the years 1900 to 2199", "2026-11-30"),
        ("30/11/26", "two digits", "four digits"),
        ("30 nov 27", "two digits", "four digits"),
        ("thu 27 nov 2026", "it is Friday 27 November 2026", "2026-11-27"),
        ("this mon", "is Monday 23 November 2026, which is past", "Type 2026-11-23"),
        ("+48h 14:30", "two times", "14:30"),
        ("in 3 days ago", "not understood", "tomorrow"),
        ("1h30m", "not understood", "tomorrow"),
        ("am", "not understood", "tomorrow"),
        ("next last fri", "not understood", "tomorrow"),
        ("11月30日前", "not understood", "tomorrow"),
        ("30日前", "not understood", "tomorrow"),
        ("周五之前", "not understood", "tomorrow"),
        ("农历八月十五", "not understood", "tomorrow"),
        ("Bob [/] Smith", "“Bob [/] Smith” is not understood", "tomorrow"),
    ],
)
def test_words_without_one_clear_meaning_are_refused_with_what_to_type(text: str, why: str, hint: str) -> None:
    refused = refusal(text)
    assert why in refused.what()
    assert hint in refused.hint()
    assert refused.exit_code == 2


@pytest.mark.parametrize(
    ("text", "order", "meaning"),
    [
        ("5/6", "dmy", "2027-06-05"),
        ("5/6", "mdy", "2027-05-06"),
        ("5/6", "ymd", "2027-05-06"),
        ("5.6.2026", "dmy", "2026-06-05"),
        ("5/6/2026 3pm", "mdy", "2026-05-06 15:00"),
        ("5/13/2026", "dmy", "2026-05-13"),
        ("11.12", "dmy", "2026-12-11"),
        ("2026/5/6", "dmy", "2026-05-06"),
    ],
)
def test_the_date_order_settles_what_could_be_two_days(text: str, order: str, meaning: str) -> None:
    assert understood(text, order=order) == meaning


def test_year_month_day_does_not_settle_a_year_at_the_end() -> None:
    assert refusal("5/6/2026", order="ymd").hint() == "Type 2026-06-05 or 2026-05-06."


def test_a_long_text_is_shortened_where_it_is_given_back() -> None:
    refused = refusal("fri " * 5000)
    assert len(refused.what()) < 100
    assert "…" in refused.what()


def test_control_characters_do_not_come_back() -> None:
    assert refusal("fri\x1b]52;\x07\u202e\ud800").what().isprintable()


def test_this_friday_is_refused_looking_back_while_it_is_to_come() -> None:
    assert "still to come" in refusal("this fri", "back").what()


@pytest.mark.parametrize(
    ("today", "text", "meaning"),
    [
        ("2026-01-31", "+1m", "2026-02-28"),
        ("2028-01-31", "+1m", "2028-02-29"),
        ("2026-03-31", "-1m", "2026-02-28"),
        ("2028-02-29", "+1y", "2029-02-28"),
        ("2026-12-31", "eoy", "2026-12-31"),
        ("2026-12-31", "eow", "2027-01-03"),
        ("2026-11-29", "eow", "2026-11-29"),
        ("2026-11-29", "next sun", "2026-12-06"),
        ("2026-11-23", "next mon", "2026-11-30"),
        ("2026-12-31", "下周一", "2027-01-04"),
        ("2026-01-31", "30th", "2026-03-30"),
        ("2026-01-31", "下月底", "2026-02-28"),
        ("2026-12-15", "end of next month", "2027-01-31"),
        ("2026-12-15", "end of next quarter", "2027-03-31"),
        ("2096-03-01", "29 feb", "2104-02-29"),
    ],
)
def test_days_at_the_end_of_a_month_a_week_or_a_year(today: str, text: str, meaning: str) -> None:
    assert understood(text, now=datetime.combine(date.fromisoformat(today), time(10), SHANGHAI)) == meaning


def test_a_time_alone_looks_ahead_of_now_or_behind_it_over_midnight() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=SHANGHAI)
    assert understood("09:00", now=late) == "2027-01-01 09:00"
    assert understood("23:45", "back", now=late) == "2026-12-30 23:45"


def test_a_time_that_clocks_skip_is_refused_with_the_time_to_type() -> None:
    now = datetime(2026, 3, 7, 10, 0, tzinfo=NEW_YORK)
    for text in ("2026-03-08 02:30", "tomorrow 2:30am", "2:30", "sun 02:30", "明天凌晨2点半"):
        refused = refusal(text, now=now)
        assert "the clocks skip 02:30 on Sunday 8 March 2026" in refused.what()
        assert refused.hint() == "Type 2026-03-08 03:30 instead."
    assert understood("2026-03-08 03:30", now=now) == "2026-03-08 03:30"


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    moment = parse_when("2026-11-01 01:30", now=datetime(2026, 10, 31, 10, 0, tzinfo=NEW_YORK))
    assert isinstance(moment, datetime)
    assert moment.utcoffset() == timedelta(hours=-4)


def test_a_time_typed_alone_between_two_equal_hours_looks_ahead_to_the_second() -> None:
    now = datetime(2026, 11, 1, 1, 45, tzinfo=NEW_YORK, fold=1)
    moment = parse_when("1:50", now=now)
    assert isinstance(moment, datetime)
    assert moment.astimezone(UTC) - now.astimezone(UTC) == timedelta(minutes=5)
    earlier = parse_when("1:50", now=now, look="back")
    assert isinstance(earlier, datetime)
    assert now.astimezone(UTC) - earlier.astimezone(UTC) == timedelta(minutes=55)


def test_days_count_on_the_calendar_and_hours_on_the_clockwork() -> None:
    now = datetime(2026, 3, 7, 12, 0, tzinfo=NEW_YORK)
    assert understood("+1d 12:00", now=now) == "2026-03-08 12:00"
    assert understood("+24h", now=now) == "2026-03-08 13:00"
    autumn = datetime(2026, 10, 31, 12, 0, tzinfo=NEW_YORK)
    assert understood("+24h", now=autumn) == "2026-11-01 11:00"


def test_a_moment_is_in_the_zone_of_now() -> None:
    for text in ("14:30", "+2h", "2026-07-01T12:00Z", "fri 3pm"):
        moment = parse_when(text, now=NOW.astimezone(NEW_YORK))
        assert isinstance(moment, datetime)
        assert moment.tzinfo is NEW_YORK


def test_where_only_a_day_makes_sense_a_time_is_refused_with_the_day() -> None:
    assert parse_day("下周三", now=NOW) == date(2026, 12, 2)
    for text in ("fri 14:30", "+56h", "now"):
        with pytest.raises(WhenNotUnderstood, match="only a day makes sense"):
            parse_day(text, now=NOW)
    with pytest.raises(WhenNotUnderstood) as caught:
        parse_day("fri 14:30", now=NOW)
    assert caught.value.hint() == "Type the day alone, such as 2026-11-27."


WORDS = """
0 3 12 30 99 2026 9999 99999999999 + - / . : , T Z -- 5/6 mon fri nov may in ago next last this end
of the month week d w m y h min eom noon today now at on th am pm o'clock midnight 二 十 〇 半 两 个
天 日 号 周 星期 礼拜 月 年 点 分 刻 时 小时 前 后 後 上 下 本 这 今 明 去 大 底 末 早 晚 上午 下午
晚上 中午 现在 ３ ： ² ½ ㋀ İ
"""
PIECES = st.sampled_from([*WORDS.split(), "\x00", "\ud800"])
JUMBLES = st.lists(st.tuples(PIECES, st.sampled_from(["", " "])), max_size=8).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
MOMENTS = st.builds(datetime.fromtimestamp, st.integers(0, 5_600_000_000), st.sampled_from(ZONES))
LOOKS: st.SearchStrategy[Look] = st.sampled_from(["ahead", "back"])
ORDERS = st.sampled_from([None, "dmy", "mdy", "ymd"])


def check_sentences(refused: WhenNotUnderstood) -> None:
    for sentence in (refused.what(), refused.hint()):
        assert sentence.isprintable()
        assert sentence.endswith(".")
        assert len(sentence) < 160


@given(st.one_of(st.text(), JUMBLES), MOMENTS, LOOKS, ORDERS)
@example("+7900y 23:00", NOW, "ahead", None)
@example("-2026y 00:00", NOW, "back", None)
@example("9" * 5000, NOW, "ahead", None)
def test_any_text_is_understood_or_refused_in_whole_sentences(
    text: str, now: datetime, look: Look, order: str | None
) -> None:
    try:
        found = parse_when(text, now=now, look=look, order=order)
    except WhenNotUnderstood as refused:
        check_sentences(refused)
    else:
        assert 1900 <= found.year <= 2199
        assert not isinstance(found, datetime) or found.tzinfo is now.tzinfo


@given(st.one_of(st.text(), JUMBLES), ORDERS)
def test_any_birthday_is_understood_or_refused(text: str, order: str | None) -> None:
    try:
        found = parse_birthday(text, order=order)
    except WhenNotUnderstood as refused:
        check_sentences(refused)
    else:
        assert parse_birthday(found.iso()) == found


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), MOMENTS, LOOKS, ORDERS)
def test_a_day_round_trips_through_iso_and_through_the_words_it_is_shown_in(
    day: date, now: datetime, look: Look, order: str | None
) -> None:
    shown = [day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}"]
    shown += [f"{day.year}年{day.month}月{day.day}日", day_label(day, date(1, 1, 1))]
    for text in shown:
        assert parse_when(text, now=now, look=look, order=order) == day


@given(MOMENTS, MOMENTS, LOOKS)
def test_a_moment_round_trips_through_iso(moment: datetime, now: datetime, look: Look) -> None:
    found = parse_when(iso(moment, moment.tzinfo or UTC), now=now, look=look)
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) == moment.astimezone(UTC)


DIRECTED_BY_LOOK = """
mon tue wed thu fri sat sun 周日 29feb 30nov 1jan 11月30日 31st 1st 30号 eow eom eoq eoy 月底 3d 2w 1m 1y 3天
"""


@given(st.sampled_from(DIRECTED_BY_LOOK.split()), MOMENTS)
def test_a_look_ahead_is_never_before_today_and_a_look_back_never_after_it(text: str, now: datetime) -> None:
    assert parse_day(text, now=now) >= now.date()
    assert parse_day(text, now=now, look="back") <= now.date()


@given(st.times(), MOMENTS)
def test_a_time_alone_is_within_a_day_of_now_on_the_side_looked_at(clock: time, now: datetime) -> None:
    text = f"{clock:%H:%M}"
    sides: list[tuple[Look, int]] = [("ahead", 1), ("back", -1)]
    for look, sign in sides:
        try:
            found = parse_when(text, now=now, look=look)
        except WhenNotUnderstood as refused:
            if "the clocks skip" not in refused.what():
                raise
        else:
            assert isinstance(found, datetime)
            assert f"{found:%H:%M}" == text
            away = (found.astimezone(UTC) - now.astimezone(UTC)) * sign
            assert timedelta(0) <= away <= timedelta(hours=25)


@given(st.integers(0, 10_000), MOMENTS)
def test_elapsed_hours_are_exact(hours: int, now: datetime) -> None:
    found = parse_when(f"+{hours}h", now=now)
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) - now.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        *((text, "1990-05-20") for text in ("1990-05-20", "1990/5/20", "19900520", "1990年5月20日", "20 May 1990")),
        *((text, "1990-05-20") for text in ("May 20th, 1990", "5/20/1990", "20.5.1990", "一九九〇年五月二十日")),
        *((text, "1990-05-20") for text in ("1990-05-20 00:00:00", "19900520T000000Z")),
        *((text, "--05-20") for text in ("05-20", "--05-20", "--0520", "5月20日", "May 20", "20 may", "5.20")),
        *((text, "--05-20") for text in ("1604-05-20", "16040520")),
        ("29 feb", "--02-29"),
        ("1988-02-29", "1988-02-29"),
    ],
)
def test_birthdays_are_read_from_what_people_and_programs_write(text: str, stored: str) -> None:
    assert parse_birthday(text).iso() == stored


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("0/0/00", "do not know the birthday"),
        ("0000-00-00", "do not know the birthday"),
        ("5/6/1990", "could be 5 June or 6 May"),
        ("05-06", "could be 5 June or 6 May"),
        ("5/20/90", "two digits"),
        ("1990-02-29", "not a day that any calendar has"),
        ("--02-30", "not a day that any calendar has"),
        ("1889-05-20", "outside the years"),
        ("1990", "not understood as a birthday"),
        ("农历八月十五", "not understood as a birthday"),
        ("tomorrow", "not understood as a birthday"),
    ],
)
def test_what_is_no_birthday_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(WhenNotUnderstood, match=why):
        parse_birthday(text)


def test_the_date_order_settles_a_birthday() -> None:
    assert parse_birthday("5/6/1990", order="mdy") == Birthday(month=5, day=6, year=1990)
    assert parse_birthday("5/6", order="dmy") == Birthday(month=6, day=5, year=None)


@pytest.mark.parametrize(
    ("month", "day", "today", "following", "latest"),
    [
        (5, 20, "2026-05-20", "2026-05-20", "2026-05-20"),
        (5, 20, "2026-05-21", "2027-05-20", "2026-05-20"),
        (5, 20, "2026-05-19", "2026-05-20", "2025-05-20"),
        (2, 29, "2026-02-28", "2026-02-28", "2026-02-28"),
        (2, 29, "2026-03-01", "2027-02-28", "2026-02-28"),
        (2, 29, "2028-02-28", "2028-02-29", "2027-02-28"),
        (2, 29, "2100-01-01", "2100-02-28", "2099-02-28"),
        (12, 31, "2027-01-01", "2027-12-31", "2026-12-31"),
    ],
)
def test_a_birthday_is_kept_every_year_and_that_of_29_february_on_the_28th(
    month: int, day: int, today: str, following: str, latest: str
) -> None:
    assert next_occurrence(month, day, date.fromisoformat(today)).isoformat() == following
    assert last_occurrence(month, day, date.fromisoformat(today)).isoformat() == latest
