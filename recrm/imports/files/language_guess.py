"""Whether text reads as a language, or as bytes taken for an encoding that they are not in."""

from __future__ import annotations

import re

from recrm.clients.surnames import SURNAMES

# What no Western text has inside a word: controls, a sign such as † or ¿, an accented capital behind a small letter.
_NOT_WESTERN = re.compile(r"[\x80-\x9f]|[a-z](?:[À-ÖØ-ÞŒŠŸŽ]|[–—…][a-z])|[^\W\d_][^\w\s\x00-\x7f‘’´·•–—…][^\W\d_]")
_INSIDE_A_WORD = re.compile(r"[a-z][^\x00-\x7f][a-z]")  # an accented letter taken for Chinese: Gra篡na was Grażyna
_EVERYDAY_ACCENTS = frozenset("éèêáàâäãåíóôöõúüñçßÉÁÅÄÖÜÑÇ")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def reads_as_chinese(text: str) -> bool:
    """Most of what is not ASCII is among GB2312's 3,755 everyday characters or its punctuation.

    Almost any bytes decode as GB18030, but Western, Cyrillic and Big5 text then lands on rare characters.
    """
    return _is_mostly(text, "gb18030", {0xA1, 0xA3, *range(0xB0, 0xD8)}, 0xA1)


def reads_as_traditional_chinese(text: str) -> bool:
    """Likewise of Big5's 5,401 everyday characters."""
    return _is_mostly(text, "big5hkscs", {0xA1, 0xA2, *range(0xA4, 0xC7)}, 0x40) and not _INSIDE_A_WORD.search(text)


def _is_mostly(text: str, encoding: str, lead_bytes: set[int], least_second: int) -> bool:
    codes = [character.encode(encoding, "replace") for character in text if character > "\x7f"]
    common = sum(code[0] in lead_bytes and code[1] >= least_second for code in codes)
    return bool(codes) and common >= 0.6 * len(codes)


def reads_as_western(text: str) -> bool:
    """Its foreign characters are accented letters among plain ones, as in José, not whole words."""
    letters = [character for character in text if character.isalpha()]
    accented = sum(character > "\x7f" for character in letters)
    foreign = sum(character > "\x7f" for character in text)
    return 0.5 * foreign <= accented <= 0.35 * len(letters) and not _NOT_WESTERN.search(text)


def reads_as_macintosh(text: str) -> bool:
    """Western text from an old Macintosh, and not Polish, whose letters fall on other accents there."""
    foreign = [character for character in text if character > "\x7f"]
    everyday = sum(character in _EVERYDAY_ACCENTS for character in foreign)
    return reads_as_western(text) and everyday >= 0.9 * len(foreign)


def names_chinese(text: str) -> bool:
    """It is mostly names: a few of these may hold more rare characters, as 王喆 and 李堃 do, than common ones."""
    runs = _HAN.findall(text)
    named = sum(1 < len(run) < 5 and run[0] in SURNAMES for run in runs)
    return bool(runs) and 2 * named >= len(runs)
