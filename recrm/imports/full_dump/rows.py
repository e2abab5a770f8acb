"""The rows of a whole export, judged by the tables that they are for and cleaned as what is typed is cleaned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from recrm.core.i18n import N_, _
from recrm.core.text import clean_line, clean_text, quoted
from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.json_stream import NotAnExport, read
from recrm.slices import tables

FORMAT = 1
_MOST = 2**63 - 1


class RowUnfit(FileUnreadable):
    """A row that cannot be kept as it is; the whole file is refused with it. `why` is a template of `why_facts`."""

    def __init__(self, table: str, row: int, number: object, why: str, /, **why_facts: object) -> None:
        if row and _is_number(number):
            what = N_("Row {row} of {table} (id {number}) cannot be kept: {why}.")
        elif row:
            what = N_("Row {row} of {table} cannot be kept: {why}.")
        else:
            what = N_("A row of {table} (id {number}) cannot be kept: {why}.")
        hint = N_("Nothing was imported; export the file again.")
        super().__init__(what, hint, table=table, row=row, number=number, why=why)
        self._why_facts = why_facts

    def what(self) -> str:
        return _(self.templates[0], **self.facts | {"why": _(str(self.facts["why"]), **self._why_facts)})


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
    head: dict[str, Any] = {}
    unknown: set[str] = set()
    contents = Contents()
    unfit: FileUnreadable | None = None
    for entry in read(path):
        if not entry.row:
            head[entry.name] = entry.value
        elif entry.name not in types:
            unknown.add(entry.name)
        elif unfit is None:
            contents.counts[entry.name] = entry.row
            try:
                _fit(entry.name, entry.row, entry.value, types[entry.name])
            except FileUnreadable as error:
                unfit = error  # a newer recrm's rows look unfit, so that is asked first
    contents.schema = _schema(head, version)
    if unknown:
        raise NotAnExport(N_("The file has a table that recrm does not know: {table}."), table=quoted(min(unknown)))
    if unfit:
        raise unfit
    return contents


def rows(path: Path, types: Types) -> Iterator[Row]:
    """The rows of a file that `survey` found fit."""
    for entry in read(path):
        if entry.row:
            yield Row(entry.name, entry.row, _fit(entry.name, entry.row, entry.value, types[entry.name]))


def _schema(head: Mapping[str, Any], version: int) -> int:
    form, schema = head.get("recrm_export"), head.get("schema")
    if not _is_number(form) or not _is_number(schema) or form < 1 or schema < 1:
        raise NotAnExport(N_("This JSON does not say which recrm wrote it."))
    if form > FORMAT or schema > version:
        raise FileUnreadable(
            N_("The file was exported by a newer recrm: its schema is {schema}, and this one knows up to {version}."),
            N_("Upgrade recrm and repeat the command."),
            schema=schema,
            version=version,
        )
    return int(schema)


def _fit(table: str, number: int, row: Any, types: Mapping[str, str]) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise RowUnfit(table, number, None, N_("it is not an object of columns"))
    own = row.get("id")
    if not _is_number(own) or not 0 < own <= _MOST:
        raise RowUnfit(table, number, None, N_("it has no id"))
    described = tables().get(table)
    of_lines = described.texts.lines if described else types
    fit: dict[str, Any] = {}
    for column, value in row.items():
        kind = types.get(column)
        if kind is None:
            raise RowUnfit(table, number, own, N_("recrm knows no column {column} there"), column=quoted(column))
        if value is None:
            fit[column] = None
        elif kind == "INTEGER" and _is_number(value) and abs(value) <= _MOST:
            fit[column] = value
        elif kind == "TEXT" and isinstance(value, str):
            fit[column] = clean_text(value) if column in of_lines else clean_line(value)
        elif kind == "INTEGER":
            raise RowUnfit(table, number, own, N_("its {column} should be a whole number"), column=column)
        else:
            raise RowUnfit(table, number, own, N_("its {column} should be text"), column=column)
    return fit


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
