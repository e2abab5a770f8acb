"""A vCard file cut into its cards, each to be decoded for itself, so that one damaged card costs no other.

Whether it is UTF-8 is decided for the whole file and not for each card: two Chinese characters in GBK are valid
UTF-8, and something else, one time in fifty.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from recrm.imports.files.decoding import BOMS, WIDE, decode, is_utf8, leniently
from recrm.imports.files.errors import FileUnreadable

_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*BEGIN[ \t]*:[ \t]*VCARD\b", re.IGNORECASE)
_INDENT = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*[\r\n])*([ \t]+)BEGIN[ \t]*:", re.IGNORECASE)
# Colons are few where photographs are many; what stands before one is looked at afterwards.
_MARK = re.compile(rb":[ \t]*+[Vv][Cc][Aa][Rr][Dd][ \t]*+(?![^\r\n])")
_BEFORE_MARK = re.compile(rb"(?:\A|[\r\n]|\xef\xbb\xbf)(BEGIN|END)[ \t]{0,9}\Z", re.IGNORECASE)
_BEFORE_NESTED = re.compile(rb"(?:\A|[\r\n])(?:[\w-]+\.)?AGENT[^\r\n:]*:\s*\Z", re.IGNORECASE)
_STRAY = re.compile(rb"(?<![^\r\n])(?:[\w-]+\.)?(?:FN|N|TEL|EMAIL)[:;]", re.IGNORECASE)
_CHARSET = re.compile(rb"CHARSET[ \t]*=[ \t]*\"?([\w-]+)", re.IGNORECASE)
_FOLD = re.compile(rb"(?:\r\n?|\n)[ \t]")
_CODECS = {
    **dict.fromkeys(("gb2312", "gbk", "gb", "xgbk", "cp936", "gb231280", "windows936", "euccn", "hzgb2312"), "gb18030"),
    **dict.fromkeys(("big5", "xbig5", "cp950", "windows950"), "big5hkscs"),
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "windows31j"), "cp932"),
    **dict.fromkeys(("iso88591", "latin1", "usascii", "ascii", "ansi"), "cp1252"),
    **dict.fromkeys(("ksc56011987", "euckr"), "cp949"),
}
_MANY_BYTES = {"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"}
_PLAUSIBLE = {"gb18030", "big5hkscs", "cp1252"}
_OF_TEXT = re.compile(
    r"utf-8|gb18030|big5hkscs|cp\d+|iso8859-\d+|euc_(?:jp|kr)|iso2022_\w+|koi8-\w|hz|mac-roman|tis-620"
)
_MOST_SAMPLED = 1 << 16


class Cut(NamedTuple):
    """The bytes of one card; `fault` says what its place in the file is missing: BEGIN, END or nothing."""

    line: int
    raw: bytes
    fault: str


def is_vcard(data: bytes) -> bool:
    """Whether these are cards: byte order marks, UTF-16 and blank lines ahead do not matter."""
    return bool(_BEGIN.match(_narrowed(data)[0]))


def as_bytes(data: bytes, encoding: str | None = None) -> tuple[bytes, str]:
    """The file in an encoding that holds ASCII as it is, and the encoding it was in if that is known, else nothing."""
    name = decode(b"", encoding)[1] if encoding else ""  # raises EncodingUnknown
    narrow, wide = _narrowed(data)
    if not wide and is_wide(name):
        narrow, wide = data.decode(name, "replace").encode("utf-8", "replace"), name
    return _dedented(narrow), wide or name


def is_wide(encoding: str) -> bool:
    """Whether it writes ASCII in more than one byte."""
    return encoding.replace("_", "-").startswith(("utf-16", "utf-32"))


def _narrowed(data: bytes) -> tuple[bytes, str]:
    name = next((name for bom, name in BOMS if data.startswith(bom) and is_wide(name)), "")
    if not name and b"\0" in data[:64]:
        name = next((wide for wide in WIDE if _BEGIN.match(data[:400].decode(wide, "ignore").encode())), "")
    if not name:
        return data, ""
    return data.decode(name, "replace").removeprefix("\ufeff").encode("utf-8", "replace"), name


def _dedented(data: bytes) -> bytes:
    """Cards that somebody pasted with an indent, which would make every line a fold of the one before."""
    if not (indent := _INDENT.match(data)):
        return data
    return re.sub(rb"(?<![^\r\n])" + re.escape(indent[1]), b"", data)


def cards_of(data: bytes) -> Iterator[Cut]:
    """The cards one after another; one without END reaches to the next BEGIN, contacts in no card are a Cut too."""
    newline = b"\n" if b"\n" in data else b"\r"
    start, depth, line, counted, free = -1, 0, 1, 0, 0  # `free`: from where no card has been open

    def cut(begin: int, end: int, fault: str) -> Cut:
        nonlocal line, counted
        line += data.count(newline, counted, begin)
        counted = begin
        return Cut(line, data[begin:end], fault)

    for mark in _MARK.finditer(data):
        before = _BEFORE_MARK.search(data, max(0, mark.start() - 20), mark.start())
        if before is None:
            continue
        if before[1].upper() == b"BEGIN":
            begin = before.start(1)
            if start >= 0 and _BEFORE_NESTED.search(data, max(start, begin - 80), begin):
                depth += 1
                continue
            if start >= 0:
                yield cut(start, begin, "")
            elif (stray := _STRAY.search(data, free, begin)) is not None:
                yield cut(stray.start(), begin, "BEGIN")
            start, depth = begin, 0
        elif depth:
            depth -= 1
        elif start >= 0:
            yield cut(start, mark.end(), "")
            start, free = -1, mark.end()
        else:
            if (stray := _STRAY.search(data, free, mark.start())) is not None:
                yield cut(stray.start(), mark.end(), "BEGIN")
            free = mark.end()
    if start >= 0:
        yield cut(start, len(data), "END")
    elif (stray := _STRAY.search(data, free)) is not None:
        yield cut(stray.start(), len(data), "BEGIN")


def names_charset(raw: bytes) -> bool:
    """Whether the card says for itself which encoding its text is in."""
    return bool(_CHARSET.search(raw))


class Encoding:
    """How a file's text is to be decoded; `name` is what to call it."""

    def __init__(self, cuts: list[Cut], named: str) -> None:
        self.named = named
        self.name = named or "utf-8"
        self._last_answer = b"", ""
        self._second = ""  # of the few cards in a file of UTF-8 that somebody put in from elsewhere
        if not named:
            self._settle(cuts)

    def _settle(self, cuts: list[Cut]) -> None:
        """UTF-8, unless more cards are not than are; cards that name their charset have no say."""
        utf8 = 0
        others: list[bytes] = []
        for card in cuts:
            raw = card.raw
            if raw.isascii():
                continue
            if is_utf8(raw) or is_utf8(raw := _FOLD.sub(b"", raw)):
                utf8 += 1
            elif not names_charset(raw):
                others.append(raw)
        if len(others) > utf8:
            self.name = _guess(others) or self.name
        elif others:
            guess = _guess([raw for raw in others if not _has_utf8(raw)])
            self._second = guess if guess in _PLAUSIBLE else ""

    def decode(self, value: bytes, charset: str, raw: bytes) -> str:
        """A value of the card `raw`, said to be in `charset`. Raises UnicodeDecodeError if nothing fits."""
        codec = _codec(charset)
        text = leniently(value, "utf-8")
        if codec and codec != "utf-8":
            if text is None or (codec in _MANY_BYTES and not _is_surely_utf8(text)):
                text = leniently(value, codec) or text
        elif self.named and not codec:
            return value.decode(self.named)
        elif self.name != "utf-8" and (text is None or not _is_surely_utf8(text)):
            text = leniently(value, self.name) or text
        return value.decode(self._otherwise(raw) or "utf-8") if text is None else text

    def _otherwise(self, raw: bytes) -> str:
        """What a card's other values are in, or, if nothing in the card is UTF-8, the other odd cards of the file."""
        if self._last_answer[0] is not raw:  # once a card: it may have a photograph and many such values
            if named := _CHARSET.search(raw):
                self._last_answer = raw, _codec(named[1].decode())
            else:
                self._last_answer = raw, "" if _has_utf8(raw) else self._second
        return self._last_answer[1]

    def as_utf8(self, raw: bytes) -> bytes:
        """A card as it is handed back: alone in a file, nothing would tell what its GBK is."""
        codec = self.name if self.name != "utf-8" else self._second
        if not codec or raw.isascii() or names_charset(raw) or (self.name == "utf-8" and _has_utf8(raw)):
            return raw
        try:
            return b"".join(self._line_as_utf8(line, codec) for line in raw.splitlines(keepends=True))
        except UnicodeError:
            return raw

    def _line_as_utf8(self, line: bytes, codec: str) -> bytes:
        if not self.named and _is_surely_utf8(leniently(line, "utf-8") or ""):
            return line
        return line.decode(codec).encode()


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    key = "".join(filter(str.isalnum, charset.lower()))
    try:
        name = codecs.lookup(_CODECS.get(key, charset)).name if key else ""
    except (LookupError, ValueError):
        return ""
    return name if _OF_TEXT.fullmatch(name) else ""


def _has_utf8(raw: bytes) -> bool:
    """Whether there is foreign text in it that is intact UTF-8."""
    return not raw.decode("utf-8", "ignore").isascii()


def _is_surely_utf8(text: str) -> bool:
    """Valid UTF-8 that is no accident: characters of three bytes, as Chinese has, hardly ever are one."""
    return any(character > "\u07ff" for character in text)


def _guess(cards: list[bytes]) -> str:
    """The encoding that the lines with foreign characters read best in; empty if none."""
    sample: list[bytes] = []
    size = 0
    for raw in cards:
        for line in _FOLD.sub(b"", raw).splitlines():
            if not line.isascii():
                sample.append(line)
                size += len(line)
        if size > _MOST_SAMPLED:
            break
    if not sample:
        return ""
    sound = [line for line in sample if leniently(line, "gb18030") is not None]
    if len(sound) >= 0.8 * len(sample):
        sample = sound  # the rest may be damaged, and must not make a puzzle of the file
    try:
        return decode(b"\n".join(sample))[1]
    except FileUnreadable:
        return ""
