"""Files that cannot be read, and what is wrong with them."""

from __future__ import annotations

from recrm.core.errors import Failed, UsageError
from recrm.core.i18n import N_

LOCKED = (
    N_("This workbook is locked with a password, so it cannot be read."),
    N_("Open it in Excel or WPS, take the password away, and save it as XLSX."),
)
UNPACKS_TOO_MUCH = (
    N_("This file unpacks to far more than a sheet of contacts holds, so it was not opened."),
    N_("If it is yours, save the sheet alone as CSV and import that."),
)


class FileUnreadable(Failed):
    """A file that cannot be read to its end; `line` is where, when that is known."""

    def __init__(self, what: str, hint: str, **facts: object) -> None:
        super().__init__(what, hint, **facts)
        line = facts.get("line")
        self.line = line if isinstance(line, int) else None


class EncodingUnknown(UsageError):
    """An `--encoding` that Python does not know, or that is no encoding of text."""

    def __init__(self, encoding: str) -> None:
        super().__init__(
            N_("There is no text encoding called “{encoding}”."),
            N_("Try --encoding with one of: utf-8, gb18030, utf-16, big5, cp1252."),
            encoding=encoding,
        )


class FileMistyped(UsageError):
    """A path that leads to nothing, or to what is no file."""
