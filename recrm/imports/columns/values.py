"""What a cell says, whatever program wrote it: artefacts removed, lists split, others' words understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from recrm.clients.model import CHINESE_MOBILE
from recrm.clients.tag_cells import tags_in
from recrm.core.text import clean_text

_FORMULA = re.compile(r'="(.*)"', re.DOTALL)  # ="0013": how programs keep Excel from eating zeros
_SCHEME = re.compile(r"(?:tel|mailto|p):\s*(?=\S)", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;:<>]+@[^\s@,;:<>]+\.[^\s@,;:<>.]+")
_PHONE = re.compile(r"(?:\+|00)?[\d\s().\-‐-―·*#]+(?:(?:ext|x|转|分机)\.?\s*\d+)?", re.IGNORECASE)
_NUMBER_ALONE = re.compile(rf"{CHINESE_MOBILE}|0\d{{9,11}}|[2-9]\d{{9}}|00\d{{9,13}}")  # no timestamp, no price
_MOBILES = re.compile(rf"{CHINESE_MOBILE}(?:\s+{CHINESE_MOBILE})+")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:.+Z-]*)?")
_SLASHED = re.compile(r"(\d\d?)([-/.])(\d\d?)\2\d{4}\b")
_NO_DATE = re.compile(r"[0\-/.:\sTZ年月日]*|0001-?01-?01|1900[-/]0?1[-/]00?|0?1/00?/1900")
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003134f"
_ALL_CJK = re.compile(f"[{_CJK}·•]+")
_BLANK = {"-", "--", "—", "/", "null", "(null)", "n/a", "#n/a", "无", "暂无", "未填写"}
_GUARDED = frozenset("'=+-@＝＋－＠0123456789")  # what a spreadsheet would run or round; an apostrophe stops it
_SUSPECT = frozenset("='") | {first for blank in _BLANK for first in (blank[0], blank[0].upper())}
LUNAR = re.compile("农历|阴历|lunar", re.IGNORECASE)
GOOGLE_JOINT = " ::: "
_EXCELS_ZERO = re.compile(r"\A(\d+)\.0\Z")
_ANGLED = re.compile(r"[^<>]*<([^<>\s]+@[^<>\s]+)>\s*")
_PHONE_BREAK = re.compile(r"[/;,、，；|\n]")
_EMAIL_BREAK = re.compile(r"[\s/;,、，；|]+")
_TIERS = {"A": "a hot 热 高 高意向 意向高", "B": "b warm 温 中 中意向 意向中", "C": "c cold 冷 低 低意向 意向低"}
_TIER_NOISE = re.compile(r"tier|grade|class|level|客户|[级类档等\s]")
_YES = {"1", "true", "yes", "y", "x", "on", "✓", "√", "✔", "是", "对", "勾选"}
_NO = {"0", "false", "no", "n", "off", "否", "不"}
TIER_WORDS = {word: tier for tier, words in _TIERS.items() for word in words.split()}


def clean(cell: str) -> str:
    """The cell's text, without a spreadsheet's wrapping ="…" or apostrophe, and nothing invisible in it."""
    text = cell.strip()
    if text[:1] not in _SUSPECT and text.isprintable():  # nearly all: this is called for every cell
        return text
    if not text.isprintable():
        text = clean_text(text).strip()
    if text[:1] == "=" and (formula := _FORMULA.fullmatch(text)):
        text = formula[1].replace('""', '"').strip()
    if text[:1] == "'" and (text[1:2] in _GUARDED or text[1:].casefold() in _BLANK):  # not the one of 't Hooft
        return text[1:].strip()  # meant as it stands, a dash and a “无” too
    return "" if text.casefold() in _BLANK else text


def is_cjk(text: str) -> bool:
    return bool(_ALL_CJK.fullmatch(text))


def is_email(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text))


def is_phone(text: str) -> bool:
    """Certainly a phone number: not a date, a price or somebody's record number."""
    if not _is_phone_like(text) or _DATE.fullmatch(text):
        return False
    return not text.isdigit() or bool(_NUMBER_ALONE.fullmatch(text))


def _is_phone_like(text: str) -> bool:
    return bool(_PHONE.fullmatch(text)) and 7 <= sum(map(str.isdigit, text)) <= 17


def split_phones(text: str) -> list[str]:
    """Several numbers typed into one cell; with anything else in it a cell stays whole for later."""
    if text.isdigit() and len(text) < 17:  # nearly all
        return [text]
    found: list[str] = []
    for value in text.split(GOOGLE_JOINT):
        value = _EXCELS_ZERO.sub(r"\1", _SCHEME.sub("", value.strip(), count=1))
        parts = value.split() if _MOBILES.fullmatch(value) else _PHONE_BREAK.split(value)
        found += _parts_or_whole(parts, _is_phone_like, value)
    return found


def split_emails(text: str) -> list[str]:
    """Several addresses typed into one cell; “Anna <anna@example.com>” is one."""
    if is_email(text):  # with no scheme, as there is no colon in it
        return [text]
    found: list[str] = []
    for value in text.split(GOOGLE_JOINT):
        angled = _ANGLED.fullmatch(value) if "<" in value and len(value) < 1000 else None
        parts = [angled[1]] if angled else [_SCHEME.sub("", part) for part in _EMAIL_BREAK.split(value)]
        found += _parts_or_whole(parts, is_email, angled[1] if angled else value)
    return found


def split_joined(text: str) -> list[str]:
    """Several values of any other kind, as Google joins them."""
    return [value for part in text.split(GOOGLE_JOINT) if (value := part.strip())]


def _parts_or_whole(parts: list[str], fits: Callable[[str], bool], whole: str) -> list[str]:
    parts = [part.strip() for part in parts if part.strip()]
    return parts if parts and all(map(fits, parts)) else [whole.strip()] if whole.strip() else []


@lru_cache(maxsize=1024)
def split_tags(text: str) -> tuple[str, ...]:
    """Tags or groups, without those that every contact of a phone belongs to."""
    return tuple(tag for several in text.split(GOOGLE_JOINT) for tag in tags_in(several))


def tier_of(text: str) -> str | None:
    """A, B or C for “A”, “b级”, “A类客户”, “hot”, “高意向”; None for a scale that is not ours."""
    return TIER_WORDS.get(_TIER_NOISE.sub("", unicodedata.normalize("NFKC", text).casefold()))


def truth_of(text: str) -> bool | None:
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


_NONE = {"unknown", "none", "no", "nil", "未知", "不详", "没有", "保密", "空"}
_MADE_UP = frozenset(
    "none no noemail nomail no-email na test testing null unknown abc xx xxx aa aaa asdf email mail nobody".split()
)
_NUMBER_MAILS = {"qq", "163", "126", "139", "sina", "gmail"}


def is_no_point(text: str) -> bool:
    """What people write where there is no phone or email."""
    return len(text) < 8 and (text.casefold() in _NONE or not text.strip("0"))


def is_made_up(email: str) -> bool:
    """An address that many type who have none: whoever has it would be taken for all the others."""
    local, _, domain = email.casefold().partition("@")
    label = domain.partition(".")[0]
    return (local in _MADE_UP and label in _MADE_UP) or (local in "1234567890" and label in _NUMBER_MAILS)


_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计|总数|总人数|汇总|(?:grand |sub-?)?totals?|sum|count)\s*[:：=]?\s*[\d.,]*\s*[^\W\d_]{0,8}"
    r"|共\s*\d+\s*\w{1,4}",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"(?:exported|generated|printed|downloaded|created) (?:from|by|on|at|with)\b.*"
    r"|(?:导出|打印|制表|生成)(?:时间|日期|人|于).*|(?:page|第)\s*\d+.*|(?:https?://|www\.).*|[-=*_#.~—]{2,}",
    re.IGNORECASE | re.DOTALL,
)


def is_summary(cells: Iterable[str]) -> bool:
    """Whether a row, of a client who could not be reached, is the total at the end of a table or the line below it."""
    filled = [text for cell in cells if (text := clean(cell))]
    return bool(filled) and bool(_TOTAL.fullmatch(filled[0]) or (len(filled) < 3 and _FOOTER.fullmatch(filled[0])))


def birthday_text(text: str) -> str:
    """As written, or nothing for the zeros that other programs write for “unknown”."""
    return "" if _NO_DATE.fullmatch(text) else text


def order_of(dates: Iterable[str]) -> str:
    """`dmy` or `mdy` where some dates of the sheet can be read only so and none only the other way; else empty.

    >>> order_of(["5/6/1990", "12/25/1985"])
    'mdy'
    """
    seen = set()
    for text in dates:
        found = _SLASHED.match(text.strip())
        first, second = (int(found[1]), int(found[3])) if found else (0, 0)
        if max(first, second) > 12 >= min(first, second):
            seen.add("dmy" if first > 12 else "mdy")
    return seen.pop() if len(seen) == 1 else ""
