"""What a file is, told by what is in it and never by its name; whatever recrm does not read is named, with what to do.

Nothing is opened that is not a plain file of a size that can be read: a folder, a pipe and a device never end, or
have no beginning.
"""

from __future__ import annotations

import stat
from enum import StrEnum
from pathlib import Path

from recrm.core.errors import UsageError
from recrm.imports.archives import open_archive
from recrm.imports.decoding import SheetUnreadable

MAX_BYTES = 200_000_000
_HEAD = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_OLE = 64_000_000


class FileMistyped(UsageError):
    """A path that leads to nothing, or to what is no file."""


class Kind(StrEnum):
    """The kinds of file that an import takes."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"
    JSON = "json"


def kind_of(path: Path) -> Kind:
    """What the file is; what is none of the four is CSV until it is read. Raises FileMistyped, SheetUnreadable."""
    head = head_of(path)
    if head.startswith(b"PK"):
        _refuse_other_archives(path)
        return Kind.XLSX
    if head.startswith(_OLE) and _is_encrypted(path):
        raise SheetUnreadable(
            "This workbook is locked with a password, so it cannot be read.",
            "Open it in Excel or WPS, take the password away, and save it as XLSX.",
        )
    if _is_whole(head):
        return Kind.JSON
    from recrm.imports.vcard_files import is_vcard

    return Kind.VCARD if is_vcard(head) else Kind.CSV


def head_of(path: Path) -> bytes:
    """The file's first bytes, once it is sure that it is one, and not too large."""
    try:
        seen = path.stat()
        if not stat.S_ISREG(seen.st_mode):
            what = "a folder" if stat.S_ISDIR(seen.st_mode) else "a pipe or a device"
            raise FileMistyped(f"“{path}” is {what}, not a file.", "Name the file itself, saved on the disk.")
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if seen.st_size > MAX_BYTES and not _is_whole(head):  # which is read a row at a time, however large
            what = f"“{path}” is larger than {MAX_BYTES // 1_000_000} MB."
            raise SheetUnreadable(what, "Split it, and import the parts one by one.")
        return head
    except FileNotFoundError as error:
        hint = "Check the name, or drag the file into the terminal."
        raise FileMistyped(f"There is no file “{path}”.", hint) from error
    except NotADirectoryError as error:
        raise FileMistyped(f"“{path}” is not a file.", "Name the file itself, saved on the disk.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        hint = "Check its permissions, or copy it elsewhere."
        raise SheetUnreadable(f"“{path}” cannot be read: {why}.", hint) from error


def _is_whole(head: bytes) -> bool:
    """Whether the file is recrm's own export of everything."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b'"recrm_export"' in head[:4096]


def _is_encrypted(path: Path) -> bool:
    """Office puts an encrypted workbook into the container of its older formats, under this name."""
    with path.open("rb") as file:
        return _ENCRYPTED in file.read(_MOST_OLE)


def _refuse_other_archives(path: Path) -> None:
    """Raises SheetUnreadable for an archive that is no workbook of Excel's."""
    with path.open("rb") as file, open_archive(file) as archive:
        names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    if any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
        return
    if any(name.startswith("xl/") for name in names):
        kind = "a binary workbook (XLSB)"
    elif "content.xml" in names:
        kind = "an OpenDocument sheet (ODS)"
    elif any(name.startswith("index/") or name == "index.zip" for name in names):
        kind = "a Numbers sheet"
    else:
        kind = "a ZIP archive"
    hint = "Unpack it, and name the file inside." if kind == "a ZIP archive" else _SAVE_AS
    raise SheetUnreadable(f"This is {kind}, which recrm does not read.", hint)


_SAVE_AS = "Open it in the program it came from, and export or save it as XLSX or CSV."
