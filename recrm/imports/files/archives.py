"""Opening a ZIP archive that anybody may have made: what it would unpack to is known before any of it is unpacked.

The directory's sizes can be trusted that far: `zipfile` and calamine never give out more of an entry than the
directory says. What cannot be trusted is the directory's own length, so that is looked at before `zipfile` reads it.
"""

from __future__ import annotations

import zipfile
from typing import IO

from recrm.core.i18n import N_
from recrm.imports.files.errors import FileUnreadable, UnpacksTooMuch

_END, _END_SIZE, _MOST_COMMENT = b"PK\x05\x06", 22, 1 << 16
_LOCATOR_64 = b"PK\x06\x07"
_MOST_DIRECTORY = 1_000_000  # bytes, some ten thousand entries; a workbook has twenty
_MOST_UNPACKED = 1_000_000_000
_UNSUSPECTED, _MOST_RATIO = 100_000_000, 100  # a sheet packs to a tenth, deflate's best is a thousandth


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive. Raises FileUnreadable where it is damaged, or unpacks to more than any sheet holds."""
    try:
        if _directory_size(file) > _MOST_DIRECTORY:
            raise UnpacksTooMuch
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileUnreadable(
            N_("This is a ZIP archive or a workbook, and it is damaged or cut short."), N_("Save or download it again.")
        ) from error
    packed = file.seek(0, 2)
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > _MOST_UNPACKED or (unpacked > _UNSUSPECTED and unpacked > _MOST_RATIO * packed):
        raise UnpacksTooMuch
    return archive


def _directory_size(file: IO[bytes]) -> int:
    """Bytes of the archive's directory, by the record at its end; 0 where there is none, which `zipfile` will say."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _MOST_COMMENT - _END_SIZE))
    tail = file.read()
    at = len(tail) - _END_SIZE
    if not (tail[at:].startswith(_END) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    if at < 0:
        return 0
    stated = int.from_bytes(tail[at + 12 : at + 16], "little")
    if tail[max(0, at - 20) :].startswith(_LOCATOR_64) and at >= 76:  # the record of a large archive goes before it
        return max(stated if stated != 0xFFFFFFFF else 0, int.from_bytes(tail[at - 36 : at - 28], "little"))
    return stated
