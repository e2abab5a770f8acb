"""Tags as the text of one cell: exports write them so, and imports read them back as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable

JOINT = "; "
_SEPARATORS = ";；,，、|\n"
_ONE = re.compile(rf"(?:\\.|[^{_SEPARATORS}])+", re.DOTALL)
_ESCAPED = re.compile(rf"\\([\\{_SEPARATORS}*])")
_SIGN = re.compile(rf"([\\{_SEPARATORS}])")
_SIGN_OR_STAR = re.compile(rf"([\\{_SEPARATORS}*])")
# Groups that every contact of a phone belongs to, and that say nothing of a client.
_SYSTEM_GROUP = re.compile(
    r"my ?contacts|starred(?: in android)?|我的联系人|(?:imported|restored) (?:on|from) .*", re.IGNORECASE
)
_LIKE_A_GROUP = re.compile(r"\*|my ?contacts$|starred|我的联系人$|(?:imported|restored) (?:on|from) ", re.IGNORECASE)


def tag_word(tag: str) -> str:
    """A tag as one of several in a cell: a backslash takes a separator's meaning, or a phone's own group's, away.

    >>> tag_word("a;b")
    'a\\\\;b'
    """
    word = _SIGN.sub(r"\\\1", tag)
    return f"\\{word}" if _LIKE_A_GROUP.match(word) else word


def tags_in(text: str) -> list[str]:
    """The tags or groups of a cell, without a phone's own."""
    return [tag for part in _ONE.findall(text) if (tag := _tag_of(part.strip()))]


def _tag_of(part: str) -> str:
    """One of them; empty for a phone's own group. After a backslash it is meant as it stands."""
    if part.startswith("\\"):
        return _ESCAPED.sub(r"\1", part if _ESCAPED.match(part) else part[1:])
    tag = _ESCAPED.sub(r"\1", part.removeprefix("*").strip())
    return "" if _SYSTEM_GROUP.fullmatch(tag) else tag


def one_cell(tags: Iterable[str]) -> str:
    """Tags that stand one by one, such as a card's, as `tags_in` gives them back; a star is theirs."""
    own = (tag for word in tags if (tag := word.strip()) and not _SYSTEM_GROUP.fullmatch(tag.lstrip("* ")))
    words = (_SIGN_OR_STAR.sub(r"\\\1", tag) for tag in own)
    return JOINT.join(word if word.startswith("\\") else f"\\{word}" for word in words)
