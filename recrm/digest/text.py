"""A digest as plain text for a mail: no colour, at most 78 columns, Chinese two columns a character."""

from __future__ import annotations

from collections.abc import Iterator

from recrm.core.text import display_width, shorten
from recrm.core.wrapping import wrap
from recrm.digest.view import Page, Row, Section

WIDTH = 78
INDENT = 5


def text(page: Page) -> str:
    """The page, section after section, with an empty line between them."""
    blocks = [_paragraphs(page.head, page.counts, page.missed)]
    blocks += [list(_section(section)) for section in page.sections]
    blocks.append(_paragraphs(*page.cut))
    blocks.append(list(_section(page.tomorrow)) if page.tomorrow else [])
    blocks.append(_paragraphs(*page.notes))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _paragraphs(*sentences: str) -> list[str]:
    return [line for sentence in sentences if sentence for line in wrap(sentence, WIDTH)]


def _section(section: Section) -> Iterator[str]:
    yield f"!!! {section.title.upper()} !!!" if section.is_alarm else section.title.upper()
    for row in section.rows:
        yield _who(row)
        yield from (" " * INDENT + line for line in wrap(row.why, WIDTH - INDENT))


def _who(row: Row) -> str:
    number = f"{row.number}." if row.number is not None else "-"
    rest = "".join(
        (f" ({row.tier})" if row.tier else "", f"  {shorten(row.phone, 40)}" if row.phone else "", f"  [{row.id}]")
    )
    return f"{number:>{INDENT - 1}} {shorten(row.client, WIDTH - INDENT - display_width(rest))}{rest}"
