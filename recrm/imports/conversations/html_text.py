"""HTML notes of other programs as plain text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "article blockquote body center dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr main ol p pre "
    "section table tbody tfoot thead tr ul".split()
)
_UNSEEN = frozenset({"head", "script", "style", "title"})
_OTHERS = (
    "a abbr b big br button cite code del em font html i img ins label li link mark meta o:p s small span strike "
    "strong sub sup td th tt u var"
)
_KNOWN_TAGS = _BLOCKS | _UNSEEN | frozenset(_OTHERS.split())
_TAG = re.compile(rf"</?(?:{'|'.join(_KNOWN_TAGS)})(?:\s[^<>]*)?/?>|<!--|<!doctype", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+\n")


def plain_text(text: str) -> str:
    """Text out of an HTML note: a line a paragraph, links with their addresses; other text as it is.

    Only tags that HTML knows make it HTML, so that “offer <Bob>” and “3 < 5” stay as they were written.

    >>> plain_text("<p>Saw 2 flats &amp; liked one</p><p><b>Too dear</b></p>")
    'Saw 2 flats & liked one\\nToo dear'
    """
    if "<" in text and _TAG.search(text):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        return _EMPTY_LINES.sub("\n\n", reader.text()).strip()
    return html.unescape(text).replace("\xa0", " ") if "&" in text and _ENTITY.search(text) else text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._unseen: list[str] = []
        self._links: list[tuple[str, int]] = []

    def text(self) -> str:
        return "".join(self._pieces).replace("\xa0", " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag not in _KNOWN_TAGS:
            self.handle_data(self.get_starttag_text() or "")  # <Bob> is somebody's name
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "li":
            self._begin_line()
            self._pieces.append("- ")
        elif tag in ("td", "th"):
            self._pieces.append(" ")
        elif tag in _BLOCKS:
            self._begin_line()
        elif tag == "a":
            self._links.append((named.get("href") or "", len(self._pieces)))
        elif tag == "img" and (instead := named.get("alt")):
            self._pieces.append(instead)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            if tag in self._unseen:
                del self._unseen[self._unseen.index(tag) :]
        elif tag not in _KNOWN_TAGS:
            self.handle_data(f"</{tag}>")
        elif tag in _BLOCKS or tag == "li":
            self._begin_line()
        elif tag == "a" and self._links:
            address, since = self._links.pop()
            shown = "".join(self._pieces[since:]).strip()
            where = address.removeprefix("mailto:").removeprefix("tel:")
            if where and where != shown and not where.startswith("#"):
                self._pieces.append(f" ({where})" if shown else where)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._pieces.append(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_data(f"<![{data}]>")

    def _begin_line(self) -> None:
        if self._pieces and not self._pieces[-1].endswith("\n"):
            self._pieces.append("\n")
