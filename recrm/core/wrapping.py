"""Text broken into lines by terminal columns: at blanks, between Chinese characters, or, last, within a word."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from typing import TextIO

from recrm.core.text import display_width, head

_OPENING = frozenset("（《「『【“‘(￥")
_CLOSING = frozenset("，。、；：！？）》」』】”’…％,.;:!?)")
# What a number is of: 100万元, 89㎡, 11月26日 are read at one glance.
_UNITS = frozenset("百千万亿％㎡元年月日号天点时分")
_JOINER = "\u200d"
# A command to type stays on one line, or half of it would be copied.
_COMMAND = re.compile(r"`[^`\n]*`")
_OPENED = re.compile(rf"[{''.join(sorted(_OPENING))}] +")


def folded(text: str, stream: TextIO) -> str:
    """Sentences broken at blanks for the terminal that the stream is; as they are for a file or a pipe.

    What has no place to break, such as a long path, goes over the edge: to break it would break what is copied.
    """
    width = _width_of(stream)
    if width is None or (len(text) * 2 <= width and "\n" not in text):
        return text
    return "\n".join(_folded_line(line, width) for line in text.split("\n"))


def _folded_line(line: str, width: int) -> str:
    if display_width(line) <= width:
        return line
    if any(display_width(piece.rstrip()) > width for piece in _pieces(line)):
        return line
    return "\n".join(_broken(line, width))


def _width_of(stream: TextIO) -> int | None:
    """Columns of the terminal that a stream writes to; None where it is none, or a sliver."""
    try:
        width = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return None
    return width if width >= _LEAST_WIDTH else None


_LEAST_WIDTH = 20


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns (at least 2); an empty text has one empty line.

    No word and no number with its unit (100万, 89㎡) is broken but where it is wider than the line, no stop begins a
    line, and no opening bracket ends one. Only blanks at a break are lost.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += [paragraph.rstrip()] if display_width(paragraph) <= width else _broken(paragraph, width)
    return lines


def _broken(text: str, width: int) -> list[str]:
    lines = (text[start:end].strip() for start, end in pairwise([0, *breaks(text, width), len(text)]))
    return [line for line in lines if line]


def breaks(text: str, width: int) -> list[int]:
    """The places in a text of one paragraph at which its lines after the first begin, as `wrap` breaks it."""
    places: list[int] = []
    at = used = 0
    for piece in _pieces(text):
        if used and used + display_width(piece.rstrip()) > width:
            places.append(at)
            used = 0
        rest = piece if used else piece.lstrip()
        at += len(piece) - len(rest)
        while display_width(rest.rstrip()) > width:
            line = _first_line(rest, width)
            at += len(line)
            places.append(at)
            rest = rest[len(line) :]
        at += len(rest)
        used += display_width(rest)
    return places


def _first_line(piece: str, width: int) -> str:
    """What fits of a piece that is wider than a line, without leaving a stop to begin the next."""
    fits = first = head(piece, width) or piece[:1]
    while len(first) > 1 and piece[len(first)] in _CLOSING:
        first = head(piece, display_width(first) - 1)
    return first if first and piece[len(first)] not in _CLOSING else fits


def _pieces(text: str) -> list[str]:
    """What a line may be broken between: words with the blanks after them, wide characters with their stops."""
    if text.isascii() and "`" not in text:
        return re.findall(r"\S+\s*|\s+", text)
    in_command = {at for command in _COMMAND.finditer(text) for at in range(command.start() + 1, command.end())}
    # A bracket does not end a line, though a blank follows it.
    opened = {found.end() for found in _OPENED.finditer(text)}
    kept = in_command | opened
    places = [at for at in range(1, len(text)) if at not in kept and _may_break(text[at - 1], text[at])]
    return [text[start:end] for start, end in pairwise([0, *places, len(text)])] if text else []


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _CLOSING or before in _OPENING:
        return False
    if _JOINER in (before, after) or display_width(after) == 0:
        return False
    if before == " ":
        return True
    if after in _UNITS and (before.isdigit() or before in _UNITS):
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return character >= "\u1100" and display_width(character) == 2
