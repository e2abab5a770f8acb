"""Text broken into lines by terminal columns: at blanks, between Chinese characters, or, last, within a word."""

from __future__ import annotations

import os
import re
from typing import TextIO

from recrm.core.text import display_width, shorten

_OPENING = frozenset("（《「『“‘(")
_CLOSING = frozenset("，。、；：！？）》」』”’…,.;:!?)")
_JOINER = "\u200d"
# A command to type stays on one line, or half of it would be copied: its blanks hide while lines are broken.
_COMMAND = re.compile(r"`[^`\n]*`")
_HIDDEN_BLANK = "\ue000"


def folded(said: str, stream: TextIO) -> str:
    """Sentences broken at blanks for the terminal that the stream is; as they are for a file or a pipe.

    What has no place to break, such as a long path, goes over the edge: to break it would break what is copied.
    """
    width = _width_of(stream)
    if width is None or (len(said) * 2 <= width and "\n" not in said):
        return said
    return "\n".join(_folded_line(line, width) for line in said.split("\n"))


def _folded_line(line: str, width: int) -> str:
    if display_width(line) <= width:
        return line
    line = _COMMAND.sub(lambda command: command[0].replace(" ", _HIDDEN_BLANK), line)
    if any(display_width(word) > width for word in _words(line)):
        return line.replace(_HIDDEN_BLANK, " ")
    return "\n".join(_broken(line, width)).replace(_HIDDEN_BLANK, " ")


def _width_of(stream: TextIO) -> int | None:
    """Columns of the terminal that a stream writes to; None where it is none, or a sliver."""
    try:
        width = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return None
    return width if width >= _LEAST_WIDTH else None


_LEAST_WIDTH = 20


def wrap(said: str, width: int) -> list[str]:
    """Lines of at most `width` columns (at least 2); no stop begins a line, an empty text has one empty line."""
    lines: list[str] = []
    for paragraph in said.split("\n"):
        lines += [paragraph] if display_width(paragraph) <= width else _broken(paragraph, width)
    return lines


def _broken(said: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for word in _words(said):
        kept = display_width(word.rstrip())
        if used + kept > width and line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
        rest = word if line else word.lstrip()
        while kept > width:
            part = shorten(rest, width + 1).removesuffix("…") or rest[:1]
            lines.append(part)
            rest = rest[len(part) :].lstrip()
            kept = display_width(rest.rstrip())
        line += rest
        used += display_width(rest)
    return [*lines, line.rstrip()] if line.strip() else lines


def _words(said: str) -> list[str]:
    """What a line may be broken between: words with the blanks after them, wide characters with their stops."""
    if said.isascii():
        return re.findall(r"\S+\s*|\s+", said)
    words: list[str] = []
    word = before = ""
    for character in said:
        after_blank = before == " " != character
        is_wide = _is_wide(character) and before != _JOINER
        was_wide = _is_wide(before)
        breaks = after_blank or ((is_wide or was_wide) and character != " " and display_width(character) > 0)
        if word and breaks and character not in _CLOSING and before not in _OPENING and before != _JOINER:
            words.append(word)
            word = ""
        word += character
        before = character
    return [*words, word] if word else words


def _is_wide(character: str) -> bool:
    return character >= "\u1100" and display_width(character) == 2
