"""How a Chinese name is read: pinyin and initials, worked out once, when a name is written.

An agent types `ln` or `lina` and means 李娜. Pinyin is stored without tones, ü as `v` (吕 is `lv`, as input
methods have it); the search key adds `lu`, and `lyu` as in passports.

The readings come from pypinyin's table of characters, straight from its file: 15 ms and 11 MB, where `import
pypinyin` takes 108 ms and 57 MB to load a dictionary of phrases as well. Phrases do not help with names: they
change only 长 朝 重 and the like, and mislead where surname and given name meet. What helps stands below:
characters read otherwise in names than in prose, most of all as surnames. What is ambiguous is stored in its
likelier reading and found by the other one too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from unicodedata import normalize

from recrm.core.text import HAN, fold


def _table(entries: str) -> dict[str, str]:
    return {entry[0]: entry[1:] for entry in entries.split()}


# Read so as the first character of a name. Where a surname has two lines (盖 乐 覃 隗 召 折 郇), that of most
# bearers or dictionaries stands here, and the reading of prose is searched as well.
_SURNAMES = _table("""
    单shan 單shan 解xie 查zha 区ou 區ou 朴piao 盖ge 蓋ge 乐yue 樂yue 员yun 員yun 贠yun 种chong 種chong
    重chong 秘bi 祕bi 召shao 折she 祭zhai 句gou 繁po 乜nie 佴nai 覃qin 隗wei 郇xun 洗xian 粘nian 薄bo 藏zang
    适kuo 厘xi 么yao 能nai
""")
_DOUBLE_SURNAMES = {
    "尉迟": ["yu", "chi"],
    "尉遲": ["yu", "chi"],
    "万俟": ["mo", "qi"],
    "萬俟": ["mo", "qi"],
    "长孙": ["zhang", "sun"],
    "長孫": ["zhang", "sun"],
    "澹台": ["tan", "tai"],
    "澹臺": ["tan", "tai"],
}
# Read so anywhere in a name, against the first reading of the dictionary.
_IN_NAMES = _table("""
    曾zeng 翟zhai 缪miao 繆miao 仇qiu 阚kan 卜bu 都du 长chang 長chang 晟sheng 隽jun 雋jun 伽jia 泊bo 了liao
    率shuai 什shi 着zhuo
""")
# A reading as likely as the dictionary's, which is searched as well.
_ALSO = _table("""
    黑he 朝zhao 重chong 茜xi 莘xin 行hang 柏bo 仔zi 颉xie 谌shen 郗chi 牟mu 宓fu 降xiang 调tiao 莞wan
    盛cheng 伽qie 嬛xuan 尉yu 伯bai 参shen
""")
_AFFECTIONATE = "老小"  # 老单, 小解: the surname comes second
_AMBIGUOUS = frozenset(_SURNAMES) | frozenset(_IN_NAMES) | frozenset(_ALSO)

_UMLAUT = re.compile(r"\b([ln])v(?=e?\b)")


@dataclass(frozen=True, slots=True)
class Reading:
    """Pinyin, one blank between words ("" for a name without Han), and the first letter of every word."""

    pinyin: str
    initials: str


def read_name(name: str, override: str | None = None) -> Reading:
    """The reading of a name; `override` is how the client says it, in full or only the first syllables.

    >>> read_name("王Anna")
    Reading(pinyin='wang anna', initials='wa')
    """
    return _read(name, override or "")


def search_key(name: str, reading: Reading) -> str:
    """One lowercase text in which `instr()` looks for `fold(query)`: a line for each way to type the name."""
    folded = fold(name)
    spellings = [reading.pinyin] if reading.pinyin else []
    if spellings and not _AMBIGUOUS.isdisjoint(folded):
        spellings += _other_readings(folded, reading.pinyin.split())
    for spelling in spellings[:]:
        if "v" in spelling and _UMLAUT.search(spelling):
            spellings += [_UMLAUT.sub(r"\1u", spelling), _UMLAUT.sub(r"\1yu", spelling)]
    lines = [folded, "".join(_words(folded)), reading.initials]
    for spelling in spellings:
        words = spelling.split()
        lines += [spelling, "".join(words), "".join(word[0] for word in words)]
    return "\n".join(dict.fromkeys(filter(None, lines)))


@lru_cache(maxsize=4096)
def _read(name: str, override: str) -> Reading:
    words = _words(fold(name))
    read = [_syllable(word) for word in words]
    given = [_plain(syllable) for syllable in re.findall(r"[^\W\d_]+", normalize("NFC", override))]
    if read == words:  # no Han
        return Reading(" ".join(given), "".join(word[0] for word in given or words))
    place = 1 if len(words) == 2 and words[0] in _AFFECTIONATE else 0
    if "".join(words[:2]) in _DOUBLE_SURNAMES:
        read[:2] = _DOUBLE_SURNAMES["".join(words[:2])]
    elif words != words[:1] * 2:  # but 乐乐 is a pet name
        read[place] = _SURNAMES.get(words[place], read[place])
    read[: len(given)] = given
    return Reading(" ".join(read), "".join(word[0] for word in read))


def _other_readings(folded: str, read: list[str]) -> list[str]:
    """The pinyin once more for every character that may be read otherwise, with that one reading changed."""
    words = _words(folded)
    if len(words) != len(read):
        return []  # an override with more words than the name
    others = []
    for place, word in enumerate(words):
        chosen = [table[word] for table in (_SURNAMES, _IN_NAMES, _ALSO) if word in table]
        if chosen:
            others += [
                " ".join((*read[:place], other, *read[place + 1 :]))
                for other in dict.fromkeys([*chosen, _in_prose(word)])
                if other != read[place]
            ]
    return others


def _words(folded: str) -> list[str]:
    """Each Han character a word, each run of other letters or digits a word; punctuation falls out."""
    return _word_pattern().findall(folded)


@cache
def _word_pattern() -> re.Pattern[str]:
    return re.compile(rf"[{HAN}]|[^\W_{HAN}]+")  # 2 ms, spared to commands that read no name


@lru_cache(maxsize=8192)
def _syllable(word: str) -> str:
    """The reading of one character within a name; a word of letters, or what no table knows, is its own."""
    return _IN_NAMES.get(word) or _in_prose(word)


def _in_prose(word: str) -> str:
    if len(word) > 1 or word < "\u3005":
        return word
    return _plain(_dictionary().get(str(ord(word)), "").partition(",")[0]) or word


def _plain(syllable: str) -> str:
    """A syllable without its tone, ü as v."""
    return fold(normalize("NFD", syllable.casefold()).replace("u\u0308", "v"))


@cache
def _dictionary() -> dict[str, str]:
    """Code point in decimal to "zhǎng,cháng", the commonest first: pypinyin's data without its code."""
    import json
    from importlib.util import find_spec
    from pathlib import Path

    package = find_spec("pypinyin")
    for folder in (package and package.submodule_search_locations) or []:
        file = Path(folder, "pinyin_dict.json")
        if file.exists():
            readings: dict[str, str] = json.loads(file.read_text("utf-8"))
            return readings
    from pypinyin.pinyin_dict import pinyin_dict  # a later release that keeps its table elsewhere

    return {str(point): reading for point, reading in pinyin_dict.items()}
