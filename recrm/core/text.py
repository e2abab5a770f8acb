"""Text made safe to keep and to show, folded for comparing and searching, and measured in terminal columns.

What a person typed, pasted or imported is hostile until cleaned: an escape sequence reaches the clipboard, a
bidi override turns a name round, a pile of accents climbs over the lines above. Cleaning happens at input and
again at display, so plain text takes a fast path of a microsecond, and every command imports this module, so
it asks for no more than `re` and `unicodedata`, and the one slow pattern waits until it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from unicodedata import category, east_asian_width, normalize

#: At most so many combining marks and joiners in a row: Tibetan and Burmese need up to seven, zalgo dozens.
MARKS_IN_A_ROW = 8
#: A query has at most so many phrases; SQLite refuses an expression that is too deep.
PHRASES_IN_A_QUERY = 32

#: Han characters, and (CJK) all scripts written without blanks between words, as ranges for a regex class.
HAN = "\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
CJK = (
    HAN + "\u1100-\u11ff\u3040-\u309f\u30a1-\u30fa\u30fc-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\ua960-\ua97f\uac00-\ud7ff\U0001b000-\U0001b16f"
)

_JOINERS = "\u200c\u200d"  # inside words of Persian and Hindi, and inside emoji; at an edge they only hide
_PLANE_ENDS = "".join(f"{chr(end)}-{chr(end + 1)}" for end in range(0xFFFE, 0x110000, 0x10000))
_UNSAFE_TEXT = (
    # The flags of England, Scotland, Wales are a black flag with tag letters: the one good use of tags, kept.
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)"
    # OSC, DCS, SOS, PM and APC with all their text; CSI with its parameters; any other escape sequence.
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)"
    "|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"
    "|\x1b[ -/]*[0-~]"
    # Controls other than line ends and blanks, invisible and bidi formatting, lone surrogates,
    # noncharacters, stray tags.
    "|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    f"\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}\U000e0000-\U000e007f]"
)
_PILE = re.compile(rf"[^\w\x00-\u02ff]{{{MARKS_IN_A_ROW + 1},}}")  # whatever could be too many marks
_ODD_BLANK = r"[^\S\n ]"


def clean_line(text: str) -> str:
    """One line of user text made safe: NFC, no control, escape or direction characters, single blanks.

    Emoji joiners and variation selectors stay; more than `MARKS_IN_A_ROW` combining marks in a row are cut.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_safe(text).split()).strip(" " + _JOINERS)


def clean_text(text: str) -> str:
    """Text of several lines made as safe as `clean_line` does, its shape kept.

    Every kind of line end becomes LF and every kind of blank a space; indents and columns stay, blanks at the
    end of a line and empty lines at either end of the text go.
    """
    if text.isprintable():  # nearly all: one line, and no blank in it but the space
        return _safe(text).strip(" ")
    lines = _compiled(_ODD_BLANK).sub(" ", "\n".join(_safe(text).splitlines())).split("\n")
    return "\n".join(line.rstrip(" " + _JOINERS) for line in lines).strip("\n " + _JOINERS)


def _safe(text: str) -> str:
    if not text.isprintable():
        text = _compiled(_UNSAFE_TEXT).sub(lambda found: found[1] or "", text)
    return text if text.isascii() else _PILE.sub(_thinned, normalize("NFC", text))


def _thinned(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if char in _JOINERS or category(char)[0] == "M" else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


# Accents of Latin, Greek and Cyrillic, emoji and Han variation selectors, joiners. The voicing marks of kana
# and the vowels of Indic and Semitic scripts are letters to their readers and stay.
_ACCENT_MARKS = (
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200b-\u200f\u2060\ufeff"
    "\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Text of ASCII and everyday Chinese, most of all text: no form of it but its case can change.
_WITHOUT_ASCII = dict.fromkeys(range(0x80))
_PLAIN_WORD = r"[\u4e00-\u9fff]|[^\u4e00-\u9fff\s]+"
_LETTERS = str.maketrans("øłđðħŧıŋ", "olddhtin") | str.maketrans({"þ": "th", "æ": "ae", "œ": "oe"})


def _is_plain(text: str) -> bool:
    """Whether it is of ASCII and everyday Chinese. To compile a pattern for that takes 2 ms of every command."""
    rest = text.translate(_WITHOUT_ASCII)
    return not rest or (min(rest) >= "\u4e00" and max(rest) <= "\u9fff")


def fold(text: str) -> str:
    """Key for comparing and searching: one case, one width, no accents, single blanks; Chinese stays."""
    if text.isascii() or _is_plain(text):
        return " ".join(text.lower().split())
    text = normalize("NFD", normalize("NFKC", text).casefold())
    text = _compiled(_ACCENT_MARKS).sub("", text).translate(_LETTERS)
    return " ".join(normalize("NFKC", text).casefold().split())


# A word ends at a blank or at punctuation; - ' . _ @ / + & and the middle dot hold a phrase together.
_BREAKS = (
    r"""[\s\x00-\x20!"#$%()*,:;<=>?\[\\\]^`{|}~\x7f-\xb6\xb8-\xbf\u2000-\u206f\u3000-\u3004\u3008-\u3020\u3030]+"""
)


def spaced(text: str) -> str:
    """What an FTS5 table of the unicode61 tokenizer is given: `fold`ed, CJK characters set apart."""
    return _set_apart(fold(text))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)  # three of them take 1.3 ms, spared to commands that meet only plain text


@cache
def _cjk_character() -> re.Pattern[str]:
    return re.compile(f"[{CJK}]")  # takes 2 ms: the class spans half of all characters


def _set_apart(folded: str) -> str:
    if folded.isascii():
        return folded
    if _is_plain(folded):
        return " ".join(_compiled(_PLAIN_WORD).findall(folded))
    return " ".join(_cjk_character().sub(r" \g<0> ", folded).split())


def match_phrases(query: str) -> str:
    """User text as an FTS5 MATCH expression that is always valid: each word a quoted phrase, all wanted.

    A run of Han is one phrase; a last word that is not CJK is a prefix, as the agent is still typing it.
    Empty if there is nothing to search for; SQLite calls an empty MATCH a syntax error, so ask first.
    """
    words = [word.strip("-'./_@+&\u00b7\u2019") for word in _compiled(_BREAKS).split(fold(query))]
    words = [word for word in words if any(map(str.isalnum, word))][:PHRASES_IN_A_QUERY]
    phrases = [f'"{_set_apart(word)}"' for word in words]
    if words and not _cjk_character().match(words[-1][-1]):
        phrases[-1] += "*"
    return " ".join(phrases)


@lru_cache(maxsize=4096)
def _columns(char: str) -> int:
    """Columns of one character, as rich counts them: marks, joiners, skin tones none, East Asian wide two."""
    if category(char) in ("Mn", "Me", "Mc", "Cc", "Cf") or "\U0001f3fb" <= char <= "\U0001f3ff":
        return 0
    if "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff":
        return 0  # Korean vowels and finals join their initial
    return 2 if east_asian_width(char) in "WF" else 1


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """(end, columns) of every visible sign: a base with its marks, a joined emoji, a flag of two letters."""
    columns, previous, base, half_flag = 0, "", "", False
    for index, char in enumerate(text):
        own = _columns(char)
        regional = "\U0001f1e6" <= char <= "\U0001f1ff"
        if half_flag and regional:
            columns, half_flag = columns + own, False
        elif own and previous != "\u200d":
            if index:
                yield index, columns
            columns, base, half_flag = own, char, regional
        elif char == "\ufe0f" and columns == 1 and not base.isalpha():
            columns = 2  # asked to show as an emoji
        previous = char
    yield len(text), columns


@lru_cache(maxsize=2048)
def display_width(text: str) -> int:
    """Terminal columns that the text takes: Chinese two a character, combining marks none."""
    if text.isprintable():
        if text.isascii():
            return len(text)
        if _is_plain(text):
            return (len(text) + len(text.encode())) // 2  # UTF-8 takes 1 byte for a column, 3 for two
    return sum(columns for _, columns in _clusters(text))


def shorten(text: str, width: int) -> str:
    """The text cut to at most `width` columns, "…" as the last of them when cut; no visible sign is split."""
    if display_width(text) <= width:
        return text
    return head(text, width - 1).rstrip() + "…" if width > 0 else ""


def head(text: str, width: int) -> str:
    """As much of the beginning of the text as `width` columns hold; no visible sign is split."""
    end = used = 0
    for reached, columns in _clusters(text):
        used += columns
        if used > width:
            break
        end = reached
    return text[:end]


def typed(text: str) -> str:
    """A text as it would be typed again in a command: in quotes where a blank or a sign asks for them."""
    from shlex import quote

    return text if all(character.isalnum() or character in "._@+-" for character in text) else quote(text)


def quoted(text: str) -> str:
    """What was typed, for a sentence: on one line, printable, at most 40 characters of it, in quotes."""
    plain = "".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text.strip()[:200])
    plain = " ".join(plain.split())
    return f"“{plain}”" if len(plain) <= 40 else f"“{plain[:39]}…”"
