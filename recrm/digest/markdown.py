"""A digest as Markdown for a chat, where the programs that read it differ in what they take for markup.

Backslashes do for CommonMark; for the others (Slack, WeCom, DingTalk), the text is also broken up so that the
pattern of a link, a mention or an address never stands in it: `](` becomes `\\]\\(`, and an invisible joiner
follows every @. A row is one line that begins with recrm's own words, so nobody's words begin a heading.
"""

from __future__ import annotations

import re

from recrm.digest.view import Page, Row, Section

_MARKUP = re.compile(r"[\\`*_~\[\]]|(?<=\])\(|:(?=[^\s\d])|(?<=\w)\.(?=[^\W\d])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\u2060"})


def markdown(page: Page) -> str:
    """The page, a list item for each row."""
    blocks = [f"## {page.head}", page.counts, f"**{page.missed}**" if page.missed else ""]
    for section in [*page.sections, *([page.tomorrow] if page.tomorrow else [])]:
        if section is page.tomorrow:
            blocks.append("\n".join(page.cut))
        blocks += [_title(section), "\n".join(map(_item, section.rows))]
    if page.tomorrow is None:
        blocks.append("\n".join(page.cut))
    blocks += page.notes
    return "\n\n".join(filter(None, blocks)) + "\n"


def escaped(text: str) -> str:
    """One line of anybody's text that stays text in every dialect."""
    return _MARKUP.sub(r"\\\g<0>", text).translate(_ENTITIES)


def _title(section: Section) -> str:
    return f"### \u203c {section.title.upper()} \u203c" if section.is_alarm else f"### {section.title}"


def _item(row: Row) -> str:
    mark = f"{row.number}." if row.number is not None else "-"
    who = " ".join(
        filter(None, (f"**{escaped(row.client)}**", f"({row.tier})" if row.tier else "", escaped(row.phone)))
    )
    return f"{mark} {who} \u2014 {escaped(row.why)} `{row.id}`"
