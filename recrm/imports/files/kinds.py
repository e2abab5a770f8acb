"""What a file is, told by what is in it and never by its name; whatever recrm does not read is named, with what to do.

Nothing is opened that is not a plain file of a size that can be read: a folder, a pipe and a device never end, or
have no beginning. What an archive would unpack to is known before any of it is unpacked: `zipfile` and calamine never
give out more of an entry than the directory says. Only the directory's own length cannot be trusted.
"""

from __future__ import annotations

import re
import stat
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import IO

from recrm.core.errors import RecrmError, system_reason
from recrm.core.i18n import N_
from recrm.imports.files.errors import LOCKED, UNPACKS_TOO_MUCH, FileMistyped, FileUnreadable

MAX_BYTES = 200_000_000
_HEAD = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # Office puts it into the container of its older formats
_LONGEST_END = (1 << 16) + 98  # a comment, and the records before it
_MOST_DIRECTORY = 1_000_000  # bytes, some ten thousand entries; a workbook has twenty
_MOST_UNPACKED = 1_000_000_000
_UNSUSPECTED, _MOST_RATIO = 100_000_000, 100  # a sheet packs to a tenth, deflate's best is a thousandth


class Kind(StrEnum):
    """The kinds of file that an import takes."""

    CSV = "csv"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    VCARD = "vcard"
    JSON = "json"

    @property
    def is_workbook(self) -> bool:
        return self in (Kind.XLSX, Kind.XLSB, Kind.XLS, Kind.ODS)


_ENTRIES = {Kind.XLSX: r"^xl/workbook\S*\.xml$", Kind.XLSB: "^xl/", Kind.ODS: r"^content\.xml$"}


def kind_of(path: Path) -> Kind:
    """What the file is; what is none of the others is CSV until it is read. Raises FileMistyped, FileUnreadable."""
    head = head_of(path)
    if head.startswith(b"PK"):
        return _kind_of_archive(path)
    if head.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            raise FileUnreadable(*LOCKED)
        return Kind.XLS
    if _is_full_dump(head):
        return Kind.JSON
    from recrm.imports.files.vcard_file import is_vcard

    return Kind.VCARD if is_vcard(head) else Kind.CSV


def head_of(path: Path) -> bytes:
    """The file's first bytes, once it is sure to be one, of a size to read. Raises FileMistyped, FileUnreadable."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileMistyped(
                N_("“{path}” is a folder, a pipe or a device, not a file."),
                N_("Name the file itself, saved on the disk."),
                path=path,
            )
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMistyped(
            N_("There is no file “{path}”."), N_("Check the name, or drag the file into the terminal."), path=path
        ) from error
    except (OSError, ValueError) as error:
        raise cannot_be_read(path, error) from error
    if status.st_size > MAX_BYTES and not _is_full_dump(head):  # which is read a row at a time, however large
        raise FileUnreadable(
            N_("“{path}” is larger than {most} MB."),
            N_("Split it, and import the parts one by one."),
            path=path,
            most=MAX_BYTES // 1_000_000,
        )
    return head


def bytes_of(path: Path) -> bytes:
    """The whole file, which `head_of` has seen. Raises FileMistyped, FileUnreadable."""
    head_of(path)
    try:
        with path.open("rb") as file:
            return file.read()
    except OSError as error:
        raise cannot_be_read(path, error) from error


def cannot_be_read(path: Path, error: Exception) -> RecrmError:
    """What the system said of a file."""
    why = system_reason(error) if isinstance(error, OSError) else str(error)
    hint = N_("Check its permissions, or copy it elsewhere.")
    return FileUnreadable(N_("“{path}” cannot be read: {why}."), hint, path=path, why=why)


def _is_full_dump(head: bytes) -> bool:
    """Whether the file is recrm's own export of everything."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b'"recrm_export"' in head[:4096]


def _kind_of_archive(path: Path) -> Kind:
    """Raises FileUnreadable for an archive that is not a workbook, is damaged, or holds more than a sheet does."""
    with path.open("rb") as file:
        try:
            _measure_directory(file)
            entries = zipfile.ZipFile(file).infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise FileUnreadable(
                N_("This is a ZIP archive or a workbook, and it is damaged or cut short."),
                N_("Save or download it again."),
            ) from error
        packed = file.seek(0, 2)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _MOST_UNPACKED or (unpacked > _UNSUSPECTED and unpacked > _MOST_RATIO * packed):
        raise FileUnreadable(*UNPACKS_TOO_MUCH)
    names = "\n".join(entry.filename.replace("\\", "/") for entry in entries)
    for kind, pattern in _ENTRIES.items():
        if re.search(pattern, names, re.IGNORECASE | re.MULTILINE):
            return kind
    if re.search(r"^index(/|\.zip$)", names, re.IGNORECASE | re.MULTILINE):
        raise FileUnreadable(
            N_("This is a Numbers sheet, which recrm does not read."),
            N_("Open it in the program it came from, and export or save it as XLSX or CSV."),
        )
    raise FileUnreadable(
        N_("This is a ZIP archive, which recrm does not read."), N_("Unpack it, and name the file inside.")
    )


def _measure_directory(file: IO[bytes]) -> None:
    """Look at the record at an archive's end, or, in the format for large ones, the record before that."""
    file.seek(max(0, file.seek(0, 2) - _LONGEST_END))
    tail = bytes(76) + file.read()
    end = tail.rfind(b"PK\x05\x06", 0, len(tail) - 18)  # the record has 22 bytes
    is_large = tail[end - 20 : end].startswith(b"PK\x06\x07")
    stated = tail[end - 36 : end - 28] if is_large else tail[end + 12 : end + 16]
    if end > 0 and int.from_bytes(stated, "little") > _MOST_DIRECTORY:
        raise FileUnreadable(*UNPACKS_TOO_MUCH)
