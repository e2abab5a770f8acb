"""Which column of a sheet is which field of a client: by its name, failing that by what is in it, or as told.

Guesses from content stay few: a column of numbers under an unknown name may be an emergency contact's, so one
is taken for phones only where no column is called that, and every guess is marked for the agent to see.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.labels import enumeration
from recrm.core.text import quoted
from recrm.imports.columns.headers import (
    FIELDS,
    KNOWN,
    PERSON_TITLES,
    PLAIN,
    SPARE_NAMES,
    KnownNames,
    Target,
    is_known,
    key_of,
    layout_of,
    target_of,
)
from recrm.imports.columns.values import clean, is_email, is_phone

NAME_FIELDS = ("name", "family_name", "given_name")
_PLACES = ("home", "business", "work", "other", "mailing")
_PERSON = re.compile(r"[^\d@/:]{2,40}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place and name, the field it fills (None: ignored), and how that came about."""

    index: int
    header: str
    field: str | None = None
    guessed: bool = False  # from its content, not its name
    explicit: bool = False  # by `--map`
    part: str = ""  # of an address: street, city, …
    group: str = ""  # columns of one address share it
    word: str = ""  # the tag this column sets when it says yes
    label: int | None = None  # the column that says what kind of value stands here
    plain: bool = False  # a note or a family that needs no heading


@dataclass(frozen=True)
class Mapping:
    """All columns of a sheet; `layout` names the program it came from, or is empty for a plain sheet."""

    layout: str
    columns: tuple[Column, ...]

    @cached_property
    def used(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.field and column.field != "label")

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(column.field for column in self.used if column.field)


class MapNotUnderstood(UsageError):
    """A `--map` that names no column of this sheet or no field; `near` are those meant perhaps, or all."""

    def __init__(self, what: str, near: Iterable[str], **facts: object) -> None:
        self.near = tuple(near)
        super().__init__(what, N_("Choose from: {near}."), near=enumeration(self.near), **facts)


class Need(NamedTuple):
    """Fields of which a sheet must have one, and what to tell where it has none; `{header}` is its first column."""

    fields: set[str]
    what: str
    hint: str


def guess_mapping(header: Sequence[str], rows_sample: Iterable[Sequence[str]]) -> Mapping:
    """The mapping this header asks for; `rows_sample`, some rows' cells, tells where names do not."""
    layout = layout_of(list(header))
    rows = list(rows_sample)
    columns = [_column(index, name, target_of(name)) for index, name in enumerate(header)]
    columns = [_with_title(column, layout, _values(rows, column.index)) for column in columns]
    columns = _with_names(_by_content(columns, rows))
    return Mapping(layout, _with_labels(columns))


def apply_override(
    mapping: Mapping, overrides: Iterable[str], fields: Sequence[str] = FIELDS, known: KnownNames = KNOWN
) -> Mapping:
    """The mapping with each "Header=field" taken; "Header=" or "Header=-" ignores that column."""
    columns = list(mapping.columns)
    for override in overrides:
        header, equals, field = override.rpartition("=")
        if not equals:
            what = N_("{text} is not of the form Header=field.")
            raise MapNotUnderstood(what, fields, text=quoted(override))
        column = column_called(columns, header.strip())
        target = _field_called(field.strip(), fields, known)
        columns[column.index] = replace(_column(column.index, column.header, target), explicit=True)
    return Mapping(mapping.layout, _with_labels(columns))


def check_needs(mapping: Mapping, needs: Iterable[Need]) -> None:
    """Raises UsageError for a sheet without a column that it needs."""
    for need in needs:
        if not mapping.fields & need.fields:
            raise UsageError(need.what, need.hint, header=mapping.columns[0].header)


def _column(index: int, header: str, target: Target | None) -> Column:
    if target is None:
        return Column(index, header)
    key = key_of(header)
    group = _group_of(header, key) if target.field == "address" else ""
    plain = key in PLAIN or not key
    return Column(index, header, target.field, part=target.part, group=group, word=target.word, plain=plain)


def _group_of(header: str, key: str) -> str:
    """Columns of one address have the same beginning, “Home Street”, “Home City”, or the same number."""
    number = "".join(re.findall(r"\d+", header)) if key.startswith("address") or not key.isascii() else ""
    if not key.isascii():
        # 省, 市, 区 and 地址 make one address; 公司地址 is another.
        return ("work" if key.startswith(("公司", "单位")) else "") + number
    return next((place for place in _PLACES if key.startswith(place)), "") + number


def _with_title(column: Column, layout: str, values: list[str]) -> Column:
    """“Title” is Mr. in one program and Sales Director in another."""
    if key_of(column.header) == "title" and column.field == "occupation":
        titles = {value.casefold().rstrip(".") for value in values}
        if titles <= PERSON_TITLES if titles else layout == "Outlook":
            return replace(column, field="prefix")
    return column


def _by_content(columns: list[Column], rows: list[Sequence[str]]) -> list[Column]:
    def guess(field: str, fits: Callable[[str], object], share: float) -> None:
        for place, column in enumerate(columns):
            if column.field or is_known(column.header):
                continue
            values = _values(rows, column.index)
            if values and sum(bool(fits(value)) for value in values) >= share * len(values):
                columns[place] = replace(column, field=field, guessed=True)
                if field == "name":
                    return

    taken = {column.field for column in columns}
    if "email" not in taken:
        guess("email", is_email, 0.6)
    if "phone" not in taken:
        guess("phone", is_phone, 0.6)
    spare = any(key_of(column.header) in SPARE_NAMES for column in columns)
    if not spare and not taken & {*NAME_FIELDS, "company"}:
        guess("name", _PERSON.fullmatch, 0.8)
    return columns


def _with_names(columns: list[Column]) -> list[Column]:
    if any(column.field in NAME_FIELDS for column in columns):
        return columns
    by_key = {key_of(column.header): column for column in reversed(columns)}
    spare = next((by_key[key] for key in SPARE_NAMES if key in by_key), None)
    return [replace(column, field="name") if column is spare else column for column in columns]


def _with_labels(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Each value column told of the label column beside it: “Phone 1 - Value” of “Phone 1 - Label”."""
    labels = {_stem(column.header): column.index for column in columns if column.field == "label"}
    return tuple(
        replace(column, label=labels.get(_stem(column.header)) if column.field != "label" else None)
        for column in columns
    )


def _stem(header: str) -> str:
    letters = re.sub(r"[\W_]+", "", header.casefold())
    return re.sub(r"(value|label|type|service|formatted|street|name)$", "", letters)


def _values(rows: list[Sequence[str]], index: int) -> list[str]:
    return [value for cells in rows if index < len(cells) and (value := clean(cells[index]))]


def column_called(columns: Sequence[Column], header: str) -> Column:
    """The column that a `--map` names, as exactly as it does. Raises MapNotUnderstood."""
    same = [column for column in columns if column.header == header]
    same = same or [column for column in columns if column.header.casefold() == header.casefold()]
    key = key_of(header)
    same = same or [column for column in columns if key and key_of(column.header) == key]
    if len(same) == 1:
        return same[0]
    if same:
        what = N_("More than one column could be {header}.")
        raise MapNotUnderstood(what, [column.header for column in same], header=quoted(header))
    names = [column.header for column in columns]
    near = difflib.get_close_matches(header, names, n=5, cutoff=0.5)
    raise MapNotUnderstood(N_("This sheet has no column called {header}."), near or names, header=quoted(header))


def _field_called(field: str, fields: Sequence[str], known: KnownNames) -> Target | None:
    """A field by its name, or by any column name known for it, so that 电话 does too."""
    if field in {"", "-"}:
        return None
    name = field.casefold().replace("-", "_").replace(" ", "_")
    if name in fields:
        return Target(name)
    if (target := known.get(key_of(field))) is not None:
        return target
    near = difflib.get_close_matches(name, fields, n=3, cutoff=0.7)
    raise MapNotUnderstood(N_("There is no field called {field} here."), near or fields, field=quoted(field))
