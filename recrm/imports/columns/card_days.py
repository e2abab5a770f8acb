"""Days that a card tells: a birthday, solar or lunar, and what else is kept of dates."""

from __future__ import annotations

import re

from recrm.core.errors import WhenNotUnderstood
from recrm.imports.columns.card_row import CardRow
from recrm.imports.files.vcard_lines import Property

_DAY_AND_TIME = re.compile(r"(\d{4}-?\d\d-?\d\d|--\d\d-?\d\d)[T ].*")
_MAKER = re.compile(r"X-(?:ABDATE|EVOLUTION-|MS-|KADDRESSBOOK-X-)?")
_PART_OF_A_DATE = re.compile(r"\d{4}(?:-?\d\d)?|--\d\d|---\d\d|\d{4}-\d\d--")


def birthday(row: CardRow, said: Property, label: str) -> None:
    """BDAY: a birthday if a day is told, else a line; a lunar one waits until it is known if there is a solar one."""
    words = _day(said)
    parameters = said.head.parameters
    if parameters.get("CALSCALE", "").lower() == "chinese" or "农历" in label:
        row.lunar_birthday = row.lunar_birthday or words
    elif "birthday" in row.has:
        row.put("note", "" if words in row.cells else words, header="Birthday")
    elif _PART_OF_A_DATE.fullmatch(words) or (parameters.get("VALUE", "").lower() == "text" and not _is_day(words)):
        row.put("note", words, header="Birthday")  # it cannot be kept as a day
    else:
        row.put("birthday", words)


def lunar_birthday(row: CardRow, said: Property, _label: str) -> None:
    """A property of whatever name that says lunar."""
    row.lunar_birthday = row.lunar_birthday or _day(said)


def put_lunar(row: CardRow) -> None:
    """Once the whole card is read: the birthday, or a line beside the solar one."""
    if "birthday" in row.has:
        row.put("note", row.lunar_birthday, header="Lunar birthday")
    else:
        row.put("birthday", row.lunar_birthday, header="农历生日")


def _is_day(words: str) -> bool:
    from recrm.core.dates import parse_birthday

    try:
        parse_birthday(words)
    except WhenNotUnderstood:
        return False
    return True


def _day(said: Property) -> str:
    """A date without the time, without a year that stands for an unknown one, empty for the zeros of no date."""
    words = said.text.strip()
    if timed := _DAY_AND_TIME.fullmatch(words):
        words = timed[1]
    year = said.head.parameters.get("X-APPLE-OMIT-YEAR", "")
    if words in ("0001-01-01", "00010101"):
        return ""
    if words[:4] in (year, "0000", "1604") and re.fullmatch(r"-?\d\d-?\d\d", words[4:]):
        words = "--" + words[4:].lstrip("-")
    return "" if words in ("--00-00", "--0000") else words


def date_line(row: CardRow, said: Property, label: str) -> None:
    """An anniversary, or the day of somebody's death."""
    row.put("note", _day(said), header=label or heading(said.head.name))


def heading(name: str) -> str:
    """The name of a property as the heading of a line: X-EVOLUTION-SPOUSE is Spouse."""
    return _MAKER.sub("", name).replace("-", " ").capitalize() or "Date"
