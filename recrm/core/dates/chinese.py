"""Chinese days and times as the English that `dates` reads: one grammar serves both.

    明天下午3点半 -> tomorrow 15:30  下周三 -> next wed  三个月后 -> 3 month from now  11月30日 -> --11-30

What is left in Chinese afterwards is refused by the reader. 3点 with no part of the day could be 03:00 or
15:00 and leaves here as `3:00 o'clock`, which the reader refuses with both readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from recrm.core.labels import WEEKDAYS

_TRADITIONAL = str.maketrans("後兩週號點禮個時鐘這過開間", "后两周号点礼个时钟这过开间")
_DIGITS = {character: str(value) for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "两": "2",
}

_DAYS = {
    "大后天": "+3d",
    "后天": "day after tomorrow",
    "明天": "tomorrow",
    "明日": "tomorrow",
    "今天": "today",
    "今日": "today",
    "昨天": "yesterday",
    "昨日": "yesterday",
    "大前天": "-3d",
    "前天": "day before yesterday",
    "现在": "now",
}
_YEARS = {"去": -1, "今": 0, "明": 1, "后": 2}
_WEEKDAYS = {
    spoken: name[:3].lower()
    for digits in ("一二三四五六日", "1234567", "一二三四五六天")
    for spoken, name in zip(digits, WEEKDAYS, strict=True)
}
_RELATIVE = {"去": "last ", "今": "this ", "明": "next "}
_PERIODS = {"月": "month", "季": "quarter"}
_UNITS = {
    "天": "day",
    "日": "day",
    "周": "week",
    "星": "week",
    "拜": "week",
    "月": "month",
    "年": "year",
    "时": "hour",
    "头": "hour",
    "分": "minute",
}

# Each part of the day: the hours spoken in it, as hours of the day. 12 at night is the start of one day or of
# the next, so no part but noon and afternoon holds it.
_MORNING = {hour: hour for hour in range(1, 12)}
_EVENING = {hour: hour + 12 for hour in range(5, 12)}
_CLOCKS = {
    "凌晨": {hour: hour for hour in range(7)},
    "早上": _MORNING,
    "早晨": _MORNING,
    "上午": _MORNING,
    "中午": {11: 11, 12: 12, 1: 13, 2: 14},
    "下午": {12: 12} | {hour: hour + 12 for hour in range(1, 12)},
    "傍晚": _EVENING,
    "晚上": _EVENING,
}
_PART = "|".join(_CLOCKS)


def arabic(text: str) -> str:
    """The text with numerals below a hundred as digits: 十一月 as 11月, 二〇二七年 as 2027年; 個 as 个."""
    text = text.translate(_TRADITIONAL)
    return re.sub("[二两三四五六七八九]?十[一二三四五六七八九]?|[〇零一二两三四五六七八九]+", _number, text)


def to_english(text: str, this_year: int | None = None) -> str:
    """The text with what Chinese it knows put into English; `this_year` gives 今年 and 明年 a meaning."""
    text = re.sub("[的。]", " ", text.translate(_TRADITIONAL))
    text = re.sub("([今明昨])([晚早])上?", r"\1天\2上", text)
    text = arabic(re.sub("([上下]+|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天1-7])(?![0-9个周天])", _weekday, text))
    if this_year is not None:
        text = re.sub("([去今明后])年(?=[0-9])", lambda match: f"{this_year + _YEARS[match[1]]}年", text)
    for pattern, rewrite in _RULES:
        text = re.sub(pattern, rewrite, text)
    return text


def _number(match: re.Match[str]) -> str:
    tens, ten, ones = match[0].partition("十")
    if not ten:
        return "".join(_DIGITS[character] for character in tens)
    return _DIGITS.get(tens, "1") + _DIGITS.get(ones, "0")


def _which(prefix: str | None) -> str:
    """`next ` for each 下 and `last ` for each 上, `this ` for 这 and 本."""
    return "".join({"下": "next ", "上": "last "}.get(character, "this ") for character in prefix or "")


def _weekday(match: re.Match[str]) -> str:
    return f" {_which(match[1])}{_WEEKDAYS[match[2]]} "


def _clock(match: re.Match[str]) -> str:
    part, spoken, after, minutes = match[1], int(match[2]), match[3] or "", match[4]
    if minutes and not part:
        return match[0]
    if (part == "凌晨" and spoken == 12) or (part == "晚上" and spoken in (0, 12, 24)):
        return " midnight "
    minutes = minutes or {"半": "30", "1刻": "15", "2刻": "30", "3刻": "45"}.get(after, after)
    minutes = minutes if minutes.isdecimal() else "00"
    hours = _CLOCKS.get(part, {}) if part else {12: 12}
    clear = spoken in hours or (spoken in hours.values() if part else spoken == 0 or spoken > 12)
    return f" {hours.get(spoken, spoken)}:{minutes:0>2}" + (" " if clear else " o'clock ")


def _span(match: re.Match[str]) -> str:
    count, unit, direction = match.groups()
    # 30日 is a day of the month and 30日前 could be before it; 2027年 is a year.
    if (not direction and unit in ("日", "年")) or (unit == "日" and direction.endswith("前")):
        return match[0]
    name = next(name for character, name in _UNITS.items() if character in unit)
    after = {"后": "from now", "前": "ago"}.get(direction[-1:] if direction else "", "")
    return f" {count} {name} {after} "


def _end_of_year(match: re.Match[str]) -> str:
    if match[1] and match[1].isdecimal():
        return f" {match[1]}-12-31 "
    return f" end of {_RELATIVE.get(match[1], '')}year "


_CLOCK = f"({_PART})? ?(?<![0-9])([0-9]{{1,2}})(?:[点时](半|[123]刻|[0-9]{{1,2}}|整|钟)?分?|:([0-9]{{2}})(?![0-9]))"
_SPAN = "(?<![0-9])([0-9]+) ?(天|日|个?(?:周|星期|礼拜)|个月|年|个?(?:小时|钟头)|分钟) ?([以之]?[后前](?!天))?"

# Applied in this order: 3天后 is a span before its last characters can begin 后天.
_RULES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    ("半个?(?:小时|钟头)", "30分钟"),
    ("半个月", "15天"),
    ("半年", "6个月"),
    (_CLOCK, _clock),
    (_SPAN, _span),
    (
        "(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})[日号]?",
        lambda m: f" {m[1] or '-'}-{m[2]:0>2}-{m[3]:0>2} ",
    ),
    ("([上下]|这|本)个?月([0-9]{1,2})[日号]", lambda match: f" {match[2]}th {_which(match[1])}month "),
    ("([0-9]{1,2})[日号]", r" \1th "),
    ("([上下]|这|本)?个?([月季])度?[底末]", lambda match: f" end of {_which(match[1])}{_PERIODS[match[2]]} "),
    ("([0-9]{4}|[去今明])?年年?[底末]", _end_of_year),
    ("(?:[上下]|这|本)?个?周末", " weekend "),
    ("(?:[上下]+|这|本)个?(?:周|星期|礼拜|月)", " this week "),
    ("|".join(_DAYS), lambda match: f" {_DAYS[match[0]]} "),
    ("中午", " 12:00 "),
    (_PART, " evening "),
)
