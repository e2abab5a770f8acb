"""A digest as plain text for a mail: no colour, at most 78 columns, Chinese two columns a character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recrm.core.text import CJK, display_width, shorten
from recrm.digest.view import Page, Row, Section

WIDTH = 78
INDENT = 5


def text(page: Page) -> str:
    """The page, section after section, with an empty line between them."""
    heads = [*wrapped(page.head, WIDTH), *wrapped(page.counts, WIDTH), *wrapped(page.missed, WIDTH)]
    blocks = [heads, *(list(_section(section)) for section in page.sections)]
    blocks.append([line for said in page.cut for line in wrapped(said, WIDTH)])
    blocks.append(list(_section(page.tomorrow)) if page.tomorrow else [])
    blocks.append([line for said in page.notes for line in wrapped(said, WIDTH)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"!!! {section.title.upper()} !!!" if section.is_alarm else section.title.upper()
    for row in section.rows:
        yield _who(row)
        yield from (" " * INDENT + line for line in wrapped(row.why, WIDTH - INDENT))


def _who(row: Row) -> str:
    number = f"{row.number}." if row.number is not None else "-"
    rest = "".join(
        (f" ({row.tier})" if row.tier else "", f"  {shorten(row.phone, 40)}" if row.phone else "", f"  [{row.id}]")
    )
    return f"{number:>{INDENT - 1}} {shorten(row.client, WIDTH - INDENT - display_width(rest))}{rest}"


def wrapped(said: str, width: int) -> list[str]:
    """Lines of at most `width` columns, broken at blanks, between Chinese characters, or, last, within a word."""
    lines: list[str] = []
    line = ""
    for word in _words(said):
        if display_width(line + word.rstrip()) <= width:
            line += word
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = word.lstrip()
        while display_width(line.rstrip()) > width:
            part = shorten(line, width + 1).removesuffix("…") or line[:1]
            lines.append(part)
            line = line[len(part) :].lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _words(said: str) -> list[str]:
    """What a line may be broken between: words with the blanks after them, Chinese characters with their stops."""
    if said.isascii():
        return re.findall(r"\S+\s*|\s+", said)
    return re.findall(rf"[{CJK}][,.;:!?，。、；：！？）》」』”’…]*\s*|[^\s{CJK}]+\s*|\s+", said)
