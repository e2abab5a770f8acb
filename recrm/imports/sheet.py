"""What one reading of a table tells: where its header stands, how wide it is, what is in its columns.

Whatever kind of file a table comes from, its rows go through here, and only a sample of them is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple, overload

from recrm.imports.decoding import SheetUnreadable
from recrm.imports.layouts import is_known
from recrm.imports.values import clean, is_email, is_phone

Record = tuple[int, list[str]]  # the line it begins on, its cells
_TITLES_AT_MOST = 5
_SAMPLED = 400
_LONG_NUMBER = re.compile(r"\d\d\d")  # in nearly every row of a client, and in no header


class Row(NamedTuple):
    """One record: the line it begins on, its cells verbatim (at least as many as the header has)."""

    line: int
    cells: list[str]
    too_long: bool = False  # more cells than the header: it cannot be known which one slipped


class Rows(Sequence[Row]):
    """The rows of a table that was read to its end once; they are read again whenever they are asked for."""

    def __init__(
        self, records: Callable[[], Iterator[Record]], before: int, names: list[str], count: int, width: int
    ) -> None:
        self._records = records
        self._before = before  # records that stand above the first row
        self._names = names  # a record that says just this is the header again, from exports put together
        self._count = count
        self._width = width

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        width, names = self._width, self._names
        for line, cells in islice(self._records(), self._before, None):
            if cells == names:
                continue
            yield Row(line, cells) if len(cells) == width else _fitted(line, cells, width)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        """Reads all rows before this one, so it is for a look at one, not for going through them."""
        return list(self)[place]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file; `header_line` is 0 where the file has no header and `header` was made up."""

    encoding: str
    delimiter: str
    header: list[str]
    header_line: int
    rows: Rows
    sample: list[Row]  # spread over the whole sheet
    firsts: list[str]  # the first value of each column, cleaned
    name: str = ""  # of a workbook's sheet


def survey(
    records: Callable[[], Iterator[Record]], *, encoding: str = "", delimiter: str = ",", name: str = ""
) -> Sheet:
    """Read a table to its end. `records` begins anew each time it is called; a record holds something."""
    rest = records()
    top = list(islice(rest, _TITLES_AT_MOST + 1))
    if not top:
        raise SheetUnreadable("The file is empty.", "Export it again, and check that it holds your contacts.")
    titles = _title_lines(top)
    header_line, names = top[titles]
    has_header = not any(is_email(cell) or is_phone(cell) for cell in map(clean, names))
    before = titles + has_header
    if not has_header:
        header_line, names = 0, []
    named = max((place for place, cell in enumerate(names, 1) if cell.strip()), default=0)
    seen = _Seen(named)
    for line, cells in chain(top[before:], rest):
        if cells == names:
            continue
        if has_header and not _LONG_NUMBER.search("".join(cells)) and _is_header(cells):
            raise SheetUnreadable(
                f"Line {line} names other columns than line {header_line} does: two tables stand in this file.",
                "Put each into a file of its own, and import them one by one.",
                line=line,
            )
        seen.take((line, cells))
    width = max(named, min(seen.filled, len(names)), 1) if has_header else seen.widest
    header = _unique([" ".join(clean(cell).split()) for cell in (names + [""] * width)[:width]])
    rows = Rows(records, before, names, seen.count, width)
    sample = [_fitted(line, cells, width) for line, cells in seen.sample]
    firsts = (seen.firsts + [""] * width)[:width]
    return Sheet(encoding, delimiter, header, header_line, rows, sample, firsts, name)


class _Seen:
    """What the rows have shown so far."""

    def __init__(self, named: int) -> None:
        self.count = 0
        self.widest = 0
        self.filled = self._named = named  # behind the last column that has a name or a value
        self.firsts: list[str] = []
        self.sample: list[Record] = []
        self._missing: list[int] = []  # columns that had no value yet
        self._step = 1

    def take(self, record: Record) -> None:
        cells = record[1]
        length = len(cells)
        if length > self.widest:
            self._missing += range(self.widest, length)
            self.firsts += [""] * (length - self.widest)
            self.widest = length
        if length > self.filled:
            used = length
            while used > self.filled and not cells[used - 1].strip():
                used -= 1
            self.filled = used
        if self._missing:
            for place in [place for place in self._missing if place < length and cells[place]]:
                if value := clean(cells[place]):
                    self.firsts[place] = value
                    self._missing.remove(place)
        if self.count % self._step == 0:
            self.sample.append(record)
            if len(self.sample) > _SAMPLED:
                self._step *= 2
                del self.sample[1::2]
        self.count += 1


def _is_header(cells: list[str]) -> bool:
    """Whether a row further down names columns: all its cells do, or nearly all of many."""
    filled = {cell.strip() for cell in cells} - {""}
    known = sum(map(is_known, filled))
    return known > 1 and (known == len(filled) or (known > 3 and known * 4 >= len(filled) * 3))


def _title_lines(top: list[Record]) -> int:
    """How many lines such as “客户名单,,,” stand above the header: one cell each, and not a column's name."""
    for position, (_, cells) in enumerate(top[:_TITLES_AT_MOST]):
        if sum(map(is_known, cells)) > 1:
            return position
        full = [cell for cell in cells if cell.strip()]
        if len(full) > 1 or is_known(full[0]):
            break
    return 0


def _unique(names: list[str]) -> list[str]:
    """Names for `--map` to tell apart: “Phone”, “Phone (2)”; a column without one is called by its number."""
    names = [name or f"Column {number}" for number, name in enumerate(names, 1)]
    taken: set[str] = set()
    for position, name in enumerate(names):
        count = 1
        while names[position] in taken:
            count += 1
            names[position] = f"{name} ({count})"
        taken.add(names[position])
    return names


def _fitted(line: int, cells: list[str], width: int) -> Row:
    if len(cells) <= width:
        return Row(line, cells + [""] * (width - len(cells)))
    if not "".join(cells[width:]).strip():
        return Row(line, cells[:width])
    return Row(line, cells, too_long=True)
