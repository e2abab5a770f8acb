"""Sentences on a terminal: broken at blanks, and never within what a person would copy."""

from __future__ import annotations

import os
import termios
from collections.abc import Iterator
from io import StringIO
from typing import TextIO

import pytest

from recrm.core.wrapping import folded


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
