"""How alike two names are, in whatever script and order: 王丽, Wang Li and LI WANG are one name.

Names are read off the search key that each client has (`recrm.clients.names`): folded, and for Chinese in every
likely reading. `letters` and `typo_keys` find names that could be alike without comparing all with all: the letters of
a reading in alphabetical order are the same whichever word comes first and wherever the blanks are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from recrm.core.text import HAN


class NameSimilarity(IntEnum):
    """From nothing in common to the very same."""

    DIFFERENT = 0  # quite different names
    FAMILY = 1  # one surname, other given names
    OPEN = 2  # one is too short to say: 王先生 may be 王丽
    NEAR = 3  # one Chinese character differs, or one letter of a Chinese name in letters
    SOUND = 4  # other characters that are said alike: 王丽 and 王莉
    SHORT = 5  # one leaves out a part: J. Smith, or John Smith and John Michael Smith
    TYPO = 6  # a letter or two differ in a long name
    READ = 7  # characters and their reading: 王丽 and Wang Li
    SAME = 8


class Name(NamedTuple):
    """A name as it is compared."""

    compact: str  # folded, without blanks and signs
    words: tuple[str, ...]  # in letters: of Chinese, the syllables of the usual reading
    straight: frozenset[str]  # every reading in one word
    orders: frozenset[str]  # the same with the words in every order that a form may ask for
    is_han: bool
    is_full: bool  # surname and given name, as far as can be seen


_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(f"[{HAN}]")
_ALL_HAN = re.compile(f"[{HAN}]+")
_TITLES = re.compile(
    r"^[老小阿].$|(?:先生|女士|小姐|太太|阿姨|大哥|大姐|师傅|老师|医生|经理|老板|总|叔叔|叔|姐|哥|嫂)$"
)
_TITLE_WORDS = frozenset("mr mrs ms miss dr prof herr frau monsieur madame mme sr sra".split())
# Roughly: whatever it takes for syllables, typed names of Chinese all are.
_SYLLABLES = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v))+"
)


@lru_cache(maxsize=4096)
def name_of(search_key: str, pinyin: str) -> Name:
    """A client's name by the columns that hold its spellings."""
    lines = search_key.split("\n")
    folded = lines[0]
    compact = "".join(_WORD.findall(folded))
    is_han = bool(_HAN.search(compact))
    words = tuple(pinyin.split()) if pinyin else tuple(_WORD.findall(folded))
    spelled = {tuple(_WORD.findall(line)) for line in lines if " " in line and not _HAN.search(line)} | {words}
    plain = [word for word in words if word not in _TITLE_WORDS]
    if is_han:
        is_full = len(compact) > 1 and not _TITLES.search(compact)
    else:
        is_full = len(plain) > 1 or (bool(plain) and len(plain[0]) > 1 and ord(plain[0][0]) > 0x1000)
    orders = frozenset("".join(way[at:] + way[:at]) for way in spelled for at in range(max(1, len(way))))
    straight = frozenset(map("".join, spelled))
    return Name(compact, words, straight, orders, is_han, is_full and len(plain) == len(words))


def letters(name: Name) -> set[str]:
    """What all names that read alike have in common."""
    return {"".join(sorted(way)) for way in name.straight if way}


def likeness(one: Name, other: Name) -> NameSimilarity:
    """How alike two names are."""
    if one.compact == other.compact:
        return NameSimilarity.SAME
    if one.is_han and other.is_han:
        if not one.straight.isdisjoint(other.straight):
            return NameSimilarity.SOUND
    elif not one.orders.isdisjoint(other.orders):
        return NameSimilarity.READ if one.is_han or other.is_han else NameSimilarity.SAME
    elif sorted(one.words) == sorted(other.words):
        return NameSimilarity.SAME
    if one.is_han and other.is_han and one.is_full and other.is_full:
        return _of_characters(one.compact, other.compact)
    if typing := _typing_error(one, other):
        return typing
    if _leaves_out(one.words, other.words):
        return NameSimilarity.SHORT
    if not (one.is_full and other.is_full):
        is_open = not set(one.words).isdisjoint(other.words) or not (one.words and other.words)
        return NameSimilarity.OPEN if is_open else NameSimilarity.DIFFERENT
    ends = {one.words[0], one.words[-1]} if not one.is_han else {one.words[0]}
    others = {other.words[0], other.words[-1]} if not other.is_han else {other.words[0]}
    return NameSimilarity.FAMILY if ends & others else NameSimilarity.DIFFERENT


def _of_characters(one: str, other: str) -> NameSimilarity:
    if one[0] != other[0]:
        return NameSimilarity.DIFFERENT
    differ = sum(a != b for a, b in zip(one, other, strict=False)) if len(one) == len(other) else 2
    return NameSimilarity.NEAR if differ == 1 and len(one) > 2 else NameSimilarity.FAMILY


def _typing_error(one: Name, other: Name) -> NameSimilarity | None:
    if one.is_han or other.is_han:
        return None
    own, others = one.compact, other.compact
    shorter = min(len(own), len(others))
    allowed = 2 if shorter >= 12 else 1 if shorter >= 7 else 0
    if not allowed or abs(len(own) - len(others)) > allowed or _digits(own) != _digits(others):
        return None
    if distance(own, others, allowed) > allowed:
        return None
    if len(one.words) == len(other.words):
        # A letter more in a short word is another word: Phan Thanh Hà and Phan Thanh Hải.
        unlike = [pair for pair in zip(sorted(one.words), sorted(other.words), strict=True) if pair[0] != pair[1]]
        if any(min(map(len, pair)) < 5 for pair in unlike):
            return None
    chinese = all(_SYLLABLES.fullmatch(word) for word in one.words + other.words)
    return NameSimilarity.NEAR if chinese else NameSimilarity.TYPO


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text)) if not text.isalpha() else ""


def _leaves_out(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """J. Smith and John Smith, John Smith and John Michael Smith: the longer has each word of the shorter."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) < 2:
        return False
    left, whole = list(other), 0
    for word in sorted(one, key=len, reverse=True):
        found = next((w for w in left if w == word), None)
        if found:
            whole += len(word) > 1
        elif len(word) == 1:
            found = next((w for w in left if w[0] == word), None)
        else:
            found = next((w for w in left if len(w) == 1 and w == word[0]), None)
        if not found:
            return False
        left.remove(found)
    return whole > 0


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, leave out, put in or swap with the next, to get from one to the other; at most `most` + 1."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if not one or not other:
        return len(one or other)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def typo_keys(compact: str) -> Iterator[str]:
    """Forms that a long name in letters shares with itself mistyped: each letter left out once, and its skeleton."""
    if len(compact) < 7 or _HAN.search(compact):
        return
    yield compact
    for place in range(len(compact)):
        if not place or compact[place] != compact[place - 1]:
            yield compact[:place] + compact[place + 1 :]
    if len(compact) >= 12:
        yield "=" + re.sub(r"(.)\1+", r"\1", re.sub("[aeiouyh]", "", compact))
