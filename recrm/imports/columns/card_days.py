"""Days that a card tells: a birthday, solar or lunar, and what else is kept of dates."""

from __future__ import annotations

import re

from recrm.core.errors import WhenNotUnderstood
from recrm.imports.columns.card_row import CardRow
from recrm.imports.files.vcard_lines import Property

_DAY_AND_TIME = re.compile(r"(\d{4}-?\d\d-?\d\d|--\d\d-?\d\d)[T ].*")
_MAKER = re.compile(r"X-(?:ABDATE|EVOLUTION-|MS-|KADDRESSBOOK-X-)?")
_PART_OF_A_DATE = re.compile(r"\d{4}(?:-?\d\d)?|--\d\d|---\d\d|\d{4}-\d\d--")


def birthday(row: CardRow, prop: Property, label: str) -> None:
    """BDAY: a birthday if it is a day, else a line; a lunar one waits until it is known if there is a solar one."""
    text = _day(prop)
    parameters = prop.head.parameters
    if parameters.get("CALSCALE", "").lower() == "chinese" or "农历" in label:
        row.lunar_birthday = row.lunar_birthday or text
    elif "birthday" in row.has:
        row.put("note", "" if text in row.cells else text, header="Birthday")
    elif _PART_OF_A_DATE.fullmatch(text) or (parameters.get("VALUE", "").lower() == "text" and not _is_day(text)):
        row.put("note", text, header="Birthday")  # it cannot be kept as a day
    else:
        row.put("birthday", text)


def lunar_birthday(row: CardRow, prop: Property, _label: str) -> None:
    """A property of whatever name that says lunar."""
    row.lunar_birthday = row.lunar_birthday or _day(prop)


def put_lunar(row: CardRow) -> None:
    """Once the whole card is read: the birthday, or a line beside the solar one."""
    if "birthday" in row.has:
        row.put("note", row.lunar_birthday, header="Lunar birthday")
    else:
        row.put("birthday", row.lunar_birthday, header="农历生日")


def _is_day(text: str) -> bool:
    from recrm.core.dates import parse_birthday

    try:
        parse_birthday(text)
    except WhenNotUnderstood:
        return False
    return True


def _day(prop: Property) -> str:
    """A date without the time, without a year that stands for an unknown one, empty for the zeros of no date."""
    text = prop.text.strip()
    if timed := _DAY_AND_TIME.fullmatch(text):
        text = timed[1]
    year = prop.head.parameters.get("X-APPLE-OMIT-YEAR", "")
    if text in ("0001-01-01", "00010101"):
        return ""
    if text[:4] in (year, "0000", "1604") and re.fullmatch(r"-?\d\d-?\d\d", text[4:]):
        text = "--" + text[4:].lstrip("-")
    return "" if text in ("--00-00", "--0000") else text


def date_line(row: CardRow, prop: Property, label: str) -> None:
    """An anniversary, or the day of somebody's death."""
    row.put("note", _day(prop), header=label or heading(prop.head.name))


def heading(name: str) -> str:
    """The name of a property as the heading of a line: X-EVOLUTION-SPOUSE is Spouse."""
    return _MAKER.sub("", name).replace("-", " ").capitalize() or "Date"
