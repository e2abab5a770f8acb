"""Lines on a terminal: broken between words and Chinese characters, never within what a person would copy."""

from __future__ import annotations

import os
import re
import termios
from collections.abc import Iterator
from io import StringIO
from typing import TextIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recrm.core.text import display_width
from recrm.core.wrapping import folded, wrap


@pytest.fixture
def screen() -> Iterator[TextIO]:
    """A terminal of 40 columns."""
    end, its_end = os.openpty()
    termios.tcsetwinsize(its_end, (10, 40))
    with os.fdopen(its_end, "w", encoding="utf-8") as stream:
        yield stream
    os.close(end)


def test_a_sentence_is_broken_between_words(screen: TextIO) -> None:
    said = "They are not to be contacted: no touches, birthdays or profile checks."
    assert folded(said, screen) == "They are not to be contacted: no\ntouches, birthdays or profile checks."


def test_a_command_to_type_stays_on_one_line(screen: TextIO) -> None:
    said = "Make one of two, the first staying: `recrm merge-clients 84 27`."
    assert folded(said, screen) == "Make one of two, the first staying:\n`recrm merge-clients 84 27`."


def test_chinese_is_broken_by_its_columns(screen: TextIO) -> None:
    assert folded("好" * 21, screen) == "好" * 20 + "\n好"


def test_a_long_path_is_not_broken(screen: TextIO) -> None:
    said = f"Backed up to /{'a' * 50}.db."
    assert folded(said, screen) == said


def test_a_pipe_gets_lines_as_they_are() -> None:
    assert folded("word " * 100, StringIO()) == "word " * 100


WORDS = st.sampled_from(["call", "the", "owner", "A3-12", "x", "don't", "it's", "ok,", "(new)", "e\u0301t\u00e9"])
NUMBERS = st.builds(
    lambda number, unit: f"{number}{unit}",
    st.sampled_from(["100", "3.5", "1,200", "11", "89"]),
    st.sampled_from(["万", "亿", "%", "％", "㎡", "万元", "元", "月", ""]),
)
CHINESE = st.text("客户看房东西带电话价格想要", min_size=1, max_size=6)
STOPS = st.sampled_from(["，", "。", "、", "！？", "）", "”", "：", "…"])
EMOJI = st.sampled_from(["👨‍👩‍👧", "🇨🇳", "👍🏽", "❤️"])
MIXED = st.lists(st.one_of(WORDS, NUMBERS, CHINESE, STOPS, EMOJI, st.sampled_from([" ", "（", "“"])), max_size=60).map(
    "".join
)
# What is one to a reader: numbers with their units, and words with the marks inside them.
WHOLE = re.compile(r"[0-9][0-9.,]*[万亿％%㎡元月]+|[A-Za-z0-9.'’-]+")


@given(MIXED, st.integers(30, 80))
def test_lines_fit_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(display_width(line) <= width and line == line.rstrip() for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@given(MIXED, st.integers(30, 80))
def test_no_stop_begins_a_line_and_no_bracket_ends_one(text: str, width: int) -> None:
    assume(not re.search(r"[（“，。、！？）”：…,.)\s]{8}", text))  # more stops than a line can take along
    before, *after = wrap(text.strip(), width)
    for line in after:
        assert line[0] not in "，。、！？）”：…％"
        assert before[-1] not in "（“" or line[0] in "（“"
        before = line


@given(MIXED, st.integers(30, 80))
def test_words_and_numbers_with_their_units_stay_whole(text: str, width: int) -> None:
    assume(all(display_width(word) <= 16 for word in text.split() if word.isascii()))
    wholes = WHOLE.findall(text)
    assume(all(display_width(whole) <= 12 for whole in wholes))
    assert [whole for line in wrap(text, width) for whole in WHOLE.findall(line)] == wholes


@given(st.text("ab中，。100万㎡( `👍🏽\u0301\u200d", max_size=100), st.integers(2, 12))
def test_narrow_columns_fit_too(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("预算最多100万，全款", 12, ["预算最多", "100万，全款"]),
        ("涨了3.5％左右", 8, ["涨了", "3.5％左", "右"]),
        ("x" * 41, 20, ["x" * 20, "x" * 20, "x"]),
        ("看房！！！！", 4, ["看", "房！", "！！", "！"]),
        ("一二，三四", 4, ["一", "二，", "三四"]),
        ("输入 `recrm log 王丽`。", 20, ["输入", "`recrm log 王丽`。"]),
        ("", 10, [""]),
    ],
)
def test_lines_as_a_reader_wants_them(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines
