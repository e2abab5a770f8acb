"""The rows of a whole export, judged by the tables that they are for and cleaned as what is typed is cleaned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from recrm.core.i18n import N_, _
from recrm.core.text import clean_line, clean_text, quoted
from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.json_stream import Entry, NotAnExport, read
from recrm.slices import tables

FORMAT = 1
_MOST = 2**63 - 1
Types = Mapping[str, Mapping[str, str]]  # of each table's columns: INTEGER or TEXT


class RowUnfit(FileUnreadable):
    """A row that cannot be kept as it is; the whole file is refused with it. `why` is a template of the facts.

    `row` is its place in the table, from 1, or 0 where that is not known any more.
    """

    def __init__(self, table: str, row: int, number: int | None, why: str, /, **facts: object) -> None:
        if row and number:
            what = N_("Row {row} of {table} (id {number}) cannot be kept: {why}.")
        elif row:
            what = N_("Row {row} of {table} cannot be kept: {why}.")
        else:
            what = N_("A row of {table} (id {number}) cannot be kept: {why}.")
        hint = N_("Nothing was imported; export the file again.")
        super().__init__(what, hint, table=table, row=row, number=number, why=_(why, **facts))


class Row(NamedTuple):
    """One row: its table, its number there from 1, and its columns, cleaned."""

    table: str
    number: int
    columns: dict[str, Any]


def survey(path: Path, types: Types, version: int) -> tuple[int, Counter[str]]:
    """The schema that a file is of and its rows by table, once all of it is found fit; nothing is kept in memory.

    Raises NotAnExport, FileUnreadable, RowUnfit.
    """
    head: dict[str, Any] = {}
    counts: Counter[str] = Counter()
    unfit: FileUnreadable | None = None
    for entry in read(path):
        if not entry.row:
            head[entry.name] = entry.value
        elif not unfit:
            counts[entry.name] = entry.row
            try:
                _row(entry, types)
            except FileUnreadable as error:
                unfit = error  # a newer recrm's rows look unfit, so that is asked first
    schema = _schema(head, version)
    if unfit:
        raise unfit
    return schema, counts


def rows(path: Path, types: Types) -> Iterator[Row]:
    """The rows of a file that `survey` found fit."""
    return (_row(entry, types) for entry in read(path) if entry.row)


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
    return schema


def _row(entry: Entry, types: Types) -> Row:
    table, columns, number = entry
    kinds, described = types.get(table), tables().get(table)
    if kinds is None:
        raise NotAnExport(N_("The file has a table that recrm does not know: {table}."), table=quoted(table))
    if not isinstance(columns, dict):
        raise RowUnfit(table, number, None, N_("it is not an object of columns"))
    own = columns.get("id")
    if not _is_number(own) or own < 1:
        raise RowUnfit(table, number, None, N_("it has no id"))
    of_lines = described.texts.lines if described else kinds
    for column, value in columns.items():
        kind = kinds.get(column)
        if kind is None:
            raise RowUnfit(table, number, own, N_("recrm knows no column {column} there"), column=quoted(column))
        if kind == "TEXT" and isinstance(value, str):
            columns[column] = clean_text(value) if column in of_lines else clean_line(value)
        elif value is not None and not (kind == "INTEGER" and _is_number(value)):
            is_number = kind == "INTEGER"
            why = N_("its {column} should be a whole number") if is_number else N_("its {column} should be text")
            raise RowUnfit(table, number, own, why, column=column)
    return Row(table, number, columns)


def _is_number(value: Any) -> TypeGuard[int]:
    """Whether SQLite keeps it as it is; a strict table would make a number of "1990" and of true."""
    return type(value) is int and abs(value) <= _MOST
