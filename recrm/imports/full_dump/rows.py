"""The rows of a whole export, judged by the tables that they are for and cleaned as what is typed is cleaned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from recrm.core.text import clean_line, clean_text
from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.json_stream import NotAnExport, read

FORMAT = 1
_MOST = 2**63 - 1
# Where a line end has no business; whatever else is text may have several lines.
_ONE_LINE = frozenset(
    "name tag value shown key extension agent handler channel source persona occupation preferred_channel pinyin step "
    "role recipient".split()
)


class RowUnfit(FileUnreadable):
    """A row that cannot be kept as it is; the whole file is refused with it."""

    def __init__(self, table: str, row: int, number: object, why: str) -> None:
        which = f"Row {row} of {table}" if row else f"A row of {table}"
        which += f" (id {number})" if _is_number(number) else ""
        super().__init__(f"{which} cannot be kept: {why}.", "Nothing was imported; export the file again.")


class Row(NamedTuple):
    """One row: its table, its number there from 1, and its columns, cleaned."""

    table: str
    number: int
    columns: dict[str, Any]


@dataclass
class Contents:
    """What a file holds, once all of it was found fit: its schema's version and its rows by table."""

    schema: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def clients(self) -> int:
        return self.counts.get("clients", 0)

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


Types = Mapping[str, Mapping[str, str]]  # of each table's columns: INTEGER or TEXT


def survey(path: Path, types: Types, version: int) -> Contents:
    """Read and judge the whole file. Raises NotAnExport, FileUnreadable, RowUnfit; nothing is kept in memory."""
    said: dict[str, Any] = {}
    unknown: set[str] = set()
    contents = Contents()
    unfit: FileUnreadable | None = None
    for told in read(path):
        if not told.row:
            said[told.name] = told.value
        elif told.name not in types:
            unknown.add(told.name)
        elif unfit is None:
            contents.counts[told.name] = told.row
            try:
                _fit(told.name, told.row, told.value, types[told.name])
            except FileUnreadable as error:
                unfit = error  # a newer recrm's rows look unfit, so that is asked first
    contents.schema = _schema(said, version)
    if unknown:
        raise NotAnExport(f"The file has a table that recrm does not know: {clean_line(min(unknown))[:60]}.")
    if unfit:
        raise unfit
    return contents


def rows(path: Path, types: Types) -> Iterator[Row]:
    """The rows of a file that `survey` found fit."""
    for told in read(path):
        if told.row:
            yield Row(told.name, told.row, _fit(told.name, told.row, told.value, types[told.name]))


def _schema(said: Mapping[str, Any], version: int) -> int:
    form, schema = said.get("recrm_export"), said.get("schema")
    if not _is_number(form) or not _is_number(schema) or form < 1 or schema < 1:
        raise NotAnExport("This JSON does not say which recrm wrote it.")
    if form > FORMAT or schema > version:
        raise FileUnreadable(
            f"The file was exported by a newer recrm: its schema is {schema}, and this one knows up to {version}.",
            "Upgrade recrm and repeat the command.",
        )
    return int(schema)


def _fit(table: str, number: int, row: Any, types: Mapping[str, str]) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise RowUnfit(table, number, None, "it is no object of columns")
    own = row.get("id")
    if not _is_number(own) or not 0 < own <= _MOST:
        raise RowUnfit(table, number, None, "it has no id")
    fit: dict[str, Any] = {}
    for column, value in row.items():
        kind = types.get(column)
        if kind is None:
            raise RowUnfit(table, number, own, f"recrm knows no column “{clean_line(column)[:60]}” there")
        if value is None:
            fit[column] = None
        elif kind == "INTEGER" and _is_number(value) and abs(value) <= _MOST:
            fit[column] = value
        elif kind == "TEXT" and isinstance(value, str):
            fit[column] = clean_line(value) if column in _ONE_LINE else clean_text(value)
        else:
            wanted = "a whole number" if kind == "INTEGER" else "text"
            raise RowUnfit(table, number, own, f"its {column} should be {wanted}")
    return fit


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
