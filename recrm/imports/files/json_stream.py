"""recrm's own JSON read a row at a time: a file of a million contacts takes no more memory than one of ten.

Any JSON of the right shape will do, however it is laid out; nothing is judged here but the shape. The library ijson is
slower at it (200,000 rows: 2.9 s against 1.7, without making rows of its events) and garbles a lone surrogate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO

from recrm.core.i18n import N_, _
from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.kinds import cannot_be_read

_CHUNK = 1 << 20
_LONGEST_VALUE = 64_000_000  # characters of one row; a real one has some thousands
_BLANKS = " \t\r\n"


class Entry(NamedTuple):
    """A value beside the tables, `name` being its key; or a row: its table and its number there, from 1."""

    name: str
    value: Any
    row: int = 0


class NotAnExport(FileUnreadable):
    """JSON that recrm did not write, or that was damaged since."""

    def __init__(self, what: str, **facts: object) -> None:
        super().__init__(what, N_("Export it again with `recrm export FILE.json`; nothing was imported."), **facts)


def read(path: Path) -> Iterator[Entry]:
    """Everything the file says, in its order. Raises NotAnExport, FileUnreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from Reader(file).everything()
    except UnicodeDecodeError as error:
        raise NotAnExport(N_("The file is not UTF-8, as recrm writes it.")) from error
    except RecursionError as error:
        raise NotAnExport(N_("The file nests deeper than an export does.")) from error
    except OSError as error:
        raise cannot_be_read(path, error) from error


class Reader:
    """A window on the file, moved along as values are taken out of it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._json = json.JSONDecoder(parse_constant=_not_a_number)

    def everything(self) -> Iterator[Entry]:
        for key in self._keys():
            if key == "tables":
                for table in self._keys():
                    for number in self._members("[]"):
                        yield Entry(table, self._value(), number)
            else:
                yield Entry(key, self._value())
        if self._next():
            self._refuse(N_("something follows the end"))

    def _keys(self) -> Iterator[str]:
        """The keys of the object that begins here; each one's value is the caller's to take."""
        for _number in self._members("{}"):
            if self._next() != '"':
                self._refuse(N_("a name in quotes is missing"))
            key = self._value()
            self._expect(":")
            yield key

    def _members(self, brackets: str) -> Iterator[int]:
        """The number, from 1, of each member of what begins here; the member itself is the caller's to take."""
        self._expect(brackets[0])
        number = 0
        while self._next() != brackets[1]:
            if number:
                self._expect(",")
            number += 1
            yield number
        self._expect(brackets[1])

    def _next(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while (sign := self._text[self._at : self._at + 1]) and sign in _BLANKS:
                self._at += 1
            if sign or not self._more():
                return sign

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            self._refuse(N_("“{sign}” is missing"), sign=sign)
        self._at += 1

    def _value(self) -> Any:
        """The value that begins here."""
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except ValueError as error:  # damaged, or only cut off where the window ends
                if len(self._text) - self._at > _LONGEST_VALUE or not self._more():
                    self._refuse(str(error).partition(":")[0])
            else:
                if end < len(self._text) or not self._more():
                    self._at = end
                    return value

    def _more(self) -> bool:
        """Move the window along; whether anything came."""
        chunk = self._file.read(_CHUNK)
        self._text, self._at = self._text[self._at :] + chunk, 0
        return bool(chunk)

    def _refuse(self, why: str, **facts: object) -> NoReturn:
        near = " ".join(self._text[self._at : self._at + 30].split())
        what = N_("The JSON is damaged: {why}, near “{near}”.") if near else N_("The JSON is cut off: {why}.")
        raise NotAnExport(what, why=_(why, **facts), near=near)


def _not_a_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")
