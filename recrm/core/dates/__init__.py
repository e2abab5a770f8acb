"""Text to days and moments, given now: the WHEN of every command, in English and Chinese.

A *day* is a plain `date`. A *moment* is a `datetime` in the zone of `now`, and comes of text with a time.
Looking ahead (due dates) and looking back (`log --at`) read the same text in opposite directions:

    typed                            looking ahead                         looking back
    fri, 周五                        the next Friday after today           the last Friday before today
    30 nov, 30th, 11月30日, 30号     the next such day, or today           the latest such day, or today
    eow, eom, eoq, eoy, 月底         the coming last day, or today         the latest last day, or today
    14:30, 3pm, 下午3点              today, or tomorrow once it is past    today, or yesterday before it
    3d, 2 weeks, 1m, 48h, 3天        from now                              ago

These say their direction and mean the same either way: `today`, `day after tomorrow`, 大后天, `now`; `+3d`,
`in 3 days`, 3天后; `-3d`, `3 days ago`, 3天前; `next fri`, `last fri`, 下周五, 下下周一; `5th next month`,
下月5号; `end of next month`, 下月底; and every date with a year.

- Weeks run from Monday to Sunday. `next fri` and 下周五 are Friday of next week, `last fri` and 上周五 of
  last week. `this fri`, 本周五 and 本月5号 are refused where they lie on the side not looked at.
- `m` is a month and `min` a minute. Days, weeks, months and years count on the calendar and clip at the end
  of a month (31 Jan + 1m is 28 Feb); hours and minutes are elapsed time, to a moment. 半个月 is 15 days.
- A day and a time stand in either order: `tomorrow 14:30`, `3pm fri`, 明天下午3点. The time never moves the
  day: `30 nov 9am` typed at ten that day is an hour ago. An ISO offset is turned into the zone of `now`.
- A clock time that comes twice, as clocks go back, is the first of the two, or the second where it is typed
  alone between them, looking ahead. A time that clocks skip is refused, naming the time to type.
- A weekday beside a date (`Fri 27 Nov`) must agree with it.
- Refused: what could be two days or times (`5/6` unless `date_order` settles it, `3 o'clock`, 3点, 晚上12点,
  周末, `next week`), a bare number, a year of two digits or outside 1900 to 2199, and what no calendar or
  clock has.
"""

from recrm.core.dates.calendar import Birthday, last_occurrence, next_occurrence
from recrm.core.dates.when import parse_day, parse_when
from recrm.core.dates.written import parse_birthday

__all__ = ["Birthday", "last_occurrence", "next_occurrence", "parse_birthday", "parse_day", "parse_when"]
