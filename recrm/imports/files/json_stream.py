"""recrm's own JSON read a row at a time: a file of a million contacts takes no more memory than one of ten.

Any JSON of the right shape will do, however it is laid out. Nothing is judged here but the shape.
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
        hint = N_("Export it again with `recrm export FILE.json`; nothing was imported.")
        super().__init__(what, hint, **facts)


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
        self._ended = False
        self._json = json.JSONDecoder(parse_constant=_no_number)

    def everything(self) -> Iterator[Entry]:
        for key in self._keys():
            if key != "tables":
                yield Entry(key, self._value())
                continue
            for table in self._keys():
                number = 0
                self._expect("[")
                while self._next() != "]":
                    if number:
                        self._expect(",")
                    number += 1
                    yield Entry(table, self._value(), number)
                self._expect("]")
        if self._next():
            self._refuse(N_("something follows the end"))

    def _keys(self) -> Iterator[str]:
        """The keys of the object that begins here; each one's value is the caller's to take."""
        self._expect("{")
        is_first = True
        while self._next() != "}":
            if not is_first:
                self._expect(",")
            is_first = False
            if self._next() != '"':
                self._refuse(N_("a name in quotes is missing"))
            key = self._value()
            self._expect(":")
            yield key
        self._expect("}")

    def _next(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _BLANKS:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

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
                if end < len(self._text) or not self._more():
                    self._at = end
                    return value
            except ValueError as error:  # damaged, or only cut off where the window ends
                if len(self._text) - self._at > _LONGEST_VALUE or not self._more():
                    self._refuse(str(error).partition(":")[0])

    def _more(self) -> bool:
        """Move the window along; whether anything came."""
        if self._ended:
            return False
        chunk = self._file.read(_CHUNK)
        self._ended = not chunk
        if chunk:
            self._text = self._text[self._at :] + chunk
            self._at = 0
        return bool(chunk)

    def _refuse(self, why: str, **facts: object) -> NoReturn:
        near = " ".join(self._text[self._at : self._at + 30].split())
        what = N_("The JSON is damaged: {why}, near “{near}”.") if near else N_("The JSON is cut off: {why}.")
        raise NotAnExport(what, why=_(why, **facts), near=near)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")
