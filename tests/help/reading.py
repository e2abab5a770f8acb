"""Reads the reference as a person does: its pages, the items of its lists, what stands in backquotes."""

from __future__ import annotations

import re
from pathlib import Path

from recrm.help import topics

ROOT = Path(__file__).parents[2]
READMES = {"en": ROOT / "README.md", "zh_CN": ROOT / ".github" / "README.zh.md"}
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(language: str) -> str:
    """The README and all topics of a language."""
    return "\n".join([READMES[language].read_text("utf-8"), *(topics.text(name, language) for name in topics.TOPICS)])


def items(topic: str, language: str) -> list[tuple[str, str]]:
    """Each item of a topic's lists: its head (as far as the colon) and the whole."""
    found = re.findall(r"^- (.*(?:\n  .*)*)", topics.text(topic, language), re.MULTILINE)
    return [(re.split(r"[:：]", item, maxsplit=1)[0], item) for item in found]


def blocks(text: str) -> list[str]:
    """The lines of its blocks of code, but for changes of the program's own."""
    return [line for kind, block in _BLOCK.findall(text) if kind != "diff" for line in block.splitlines()]


def spans(text: str) -> list[str]:
    """What stands in backquotes beside its blocks, each on one line."""
    return [re.sub(r"\s+", " ", span) for span in re.findall(r"`([^`]+)`", _BLOCK.sub("", text))]
