"""What a file is, told by what is in it and never by its name; whatever recrm does not read is named, with what to do.

Nothing is opened that is not a plain file of a size that can be read: a folder, a pipe and a device never end, or
have no beginning.
"""

from __future__ import annotations

import stat
from enum import StrEnum
from pathlib import Path

from recrm.core.errors import RecrmError
from recrm.core.i18n import N_
from recrm.imports.files.archives import open_archive
from recrm.imports.files.errors import FileMistyped, FileUnreadable, WorkbookLocked

MAX_BYTES = 200_000_000
_HEAD = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # Office puts it into the container of its older formats
_IN_FULL = N_("Name the file itself, saved on the disk.")


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


def kind_of(path: Path) -> Kind:
    """What the file is; what is none of the others is CSV until it is read. Raises FileMistyped, FileUnreadable."""
    head = head_of(path)
    if head.startswith(b"PK"):
        return _kind_of_archive(path)
    if head.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            raise WorkbookLocked
        return Kind.XLS
    if _is_full_dump(head):
        return Kind.JSON
    from recrm.imports.files.vcard_file import is_vcard

    return Kind.VCARD if is_vcard(head) else Kind.CSV


def head_of(path: Path) -> bytes:
    """The file's first bytes, once it is sure to be one, of a size to read. Raises FileMistyped, FileUnreadable."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise FileMistyped(N_("“{path}” is a folder, not a file."), _IN_FULL, path=path)
        if not stat.S_ISREG(status.st_mode):
            raise FileMistyped(N_("“{path}” is a pipe or a device, not a file."), _IN_FULL, path=path)
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError as error:
        raise FileMistyped(
            N_("There is no file “{path}”."), N_("Check the name, or drag the file into the terminal."), path=path
        ) from error
    except NotADirectoryError as error:
        raise FileMistyped(N_("“{path}” is not a file."), _IN_FULL, path=path) from error
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
    why = getattr(error, "strerror", None) or str(error)
    hint = N_("Check its permissions, or copy it elsewhere.")
    return FileUnreadable(N_("“{path}” cannot be read: {why}."), hint, path=path, why=why)


def _is_full_dump(head: bytes) -> bool:
    """Whether the file is recrm's own export of everything."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b'"recrm_export"' in head[:4096]


def _kind_of_archive(path: Path) -> Kind:
    """Raises FileUnreadable for an archive that is no workbook."""
    with path.open("rb") as file, open_archive(file) as archive:
        names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    if any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
        return Kind.XLSX
    if any(name.startswith("xl/") for name in names):
        return Kind.XLSB
    if "content.xml" in names:
        return Kind.ODS
    if any(name.startswith("index/") or name == "index.zip" for name in names):
        raise FileUnreadable(
            N_("This is a Numbers sheet, which recrm does not read."),
            N_("Open it in the program it came from, and export or save it as XLSX or CSV."),
        )
    raise FileUnreadable(
        N_("This is a ZIP archive, which recrm does not read."), N_("Unpack it, and name the file inside.")
    )
