"""What a slice gives to an export: sheets of a workbook, and entries of a calendar; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import Any, NamedTuple

from recrm.core.moments import When, from_utc_text, iso

Row = Any  # a row of the table, with the name of its `client`


class SheetColumn(NamedTuple):
    """A column: its heading, a template, and a row's text in it. `is_long` where that may be many words."""

    header: str
    cell: Callable[[Row, tzinfo], str | None]
    is_long: bool = False


class Sheet(NamedTuple):
    """A sheet: its table, its title, a template, and its columns behind the client's name and id."""

    table: str
    title: str
    columns: tuple[SheetColumn, ...]


class Entry(NamedTuple):
    """One event of a calendar. `kind` and `added`, the stored instant at which its row was made, name it for good;
    `sequence` rises whenever it moves. `command` is what to type about it.
    """

    kind: str
    added: str
    summary: str
    text: str
    command: str
    when: When
    sequence: int = 0
    yearly: bool = False


class Entries(NamedTuple):
    """Entries of one kind, and how their number is said, marked with `NN_`.

    Each row of the `table` that meets the SQL `condition` is one; `more` columns may come from a `join`. The kinds
    stand in the file by their `order`.
    """

    name: str
    counted: tuple[str, str]
    order: int
    table: str
    condition: str
    entry: Callable[[Row], Entry]
    more: str = ""
    join: str = ""


def text(column: str) -> Callable[[Row, tzinfo], str | None]:
    """A cell with the text of a column."""
    return lambda row, _zone: row[column]


def moment(column: str) -> Callable[[Row, tzinfo], str | None]:
    """A cell with the moment of a column."""
    return lambda row, zone: iso(from_utc_text(row[column], zone), zone) if row[column] else None
