"""Bytes of a file somebody exported, as text, and the encoding they were taken for.

Order matters and was paid for: statistics alone took a two-line GBK sheet for Big5, so certain signs come
first (byte order marks, the zero bytes of UTF-16), then UTF-8, which hardly anything else decodes as, then
GB18030 if the result reads as Chinese, then Western, and only then Big5, in which JOÃO would be JO鬃. A file
that is UTF-8 but for a few damaged bytes is refused, not read as something else.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from recrm.core.errors import Failed, UsageError
from recrm.imports.language_guess import (
    names_chinese,
    reads_as_chinese,
    reads_as_macintosh,
    reads_as_traditional_chinese,
    reads_as_western,
)

LINE_END = re.compile(r"\r\n|\r|\n")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_BOMS = tuple(bom for bom, encoding in _BOMS if encoding != "utf-8-sig")
_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or a workbook (XLSX, ODS or Numbers)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (XLS)"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_TEXT_MAGIC = (
    (re.compile(r"BEGIN:VCARD", re.IGNORECASE), "a vCard file"),
    (re.compile(r"BEGIN:VCALENDAR", re.IGNORECASE), "a calendar file (iCalendar)"),
    (
        re.compile(r"<(!doctype|html|\?xml|table|head|meta)\b", re.IGNORECASE),
        "a web page or XML, whatever its name",
    ),
    (re.compile(r"\[?\s*\{\s*\""), "JSON"),
)
_NOT_OF_FILES = {
    "idna",
    "punycode",
    "raw-unicode-escape",
    "unicode-escape",
    "undefined",
    "utf-7",
    "mbcs",
    "oem",
}
_SAMPLE, _PIECE = 1 << 16, 1 << 20
_LONGEST_LINE = 10_000_000
_FOREIGN = re.compile(r"[^\x00-\x7f]")


class SheetUnreadable(Failed):
    """A file that cannot be read to its end; `line` is where, when that is known."""

    def __init__(self, what: str, hint: str, *, line: int | None = None) -> None:
        super().__init__(what, hint)
        self.line = line


class EncodingUnknown(UsageError):
    """An `--encoding` that Python does not know, or that is no encoding of text."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding

    def what(self) -> str:
        return f"There is no text encoding called “{self.encoding}”."

    def hint(self) -> str:
        return "Try --encoding with one of: utf-8, gb18030, utf-16, big5, cp1252."


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text without its byte order mark, and the encoding's name; or a `SheetUnreadable`."""
    found = find_encoding(io.BytesIO(data), encoding)
    return data.decode(found).removeprefix("\ufeff"), found


def find_encoding(file: BinaryIO, encoding: str | None = None) -> str:
    """The encoding in which all of the file is text, read a piece at a time; or a `SheetUnreadable`."""
    head = _head(file)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise _other_kind(kind)
    found = _as_told(file, head, encoding) if encoding else _as_found(file, head)
    _refuse_other_text(head.decode(found, "ignore"))
    _refuse_long_lines(file, found)
    if (line := _first_zero(file, found)) is not None:
        raise SheetUnreadable(
            f"Line {line} holds a zero byte, so the file is damaged or is not text.",
            "Export it again as CSV, or name its encoding with --encoding.",
            line=line,
        )
    return found


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(_SAMPLE)


def _refuse_other_text(text: str) -> None:
    for pattern, kind in _TEXT_MAGIC:
        if pattern.match(text.removeprefix("\ufeff").lstrip()[:64]):
            raise _other_kind(kind)


def _other_kind(kind: str) -> SheetUnreadable:
    hint = "Open it in the program it came from, and export or save it as CSV or XLSX."
    return SheetUnreadable(f"This is {kind}, not CSV.", hint)


def _as_told(file: BinaryIO, head: bytes, encoding: str) -> str:
    # What people call GB2312 or GBK is mostly written by Windows, which uses characters of the larger sets.
    name = "gb18030" if encoding.lower().replace("_", "").replace("-", "") in {"gb2312", "gbk"} else encoding
    try:
        known = codecs.lookup(name).name.replace("_", "-")
        b"a".decode(name)  # LookupError for a codec that is not of text
    except UnicodeDecodeError:
        pass  # half a character
    except (LookupError, ValueError) as error:
        raise EncodingUnknown(encoding) from error
    if known in _NOT_OF_FILES:
        raise EncodingUnknown(encoding)
    if known in {"utf-16", "utf-32"} and not head.startswith(_WIDE_BOMS):
        name = f"{known}-{'be' if head[:1] == chr(0).encode() else 'le'}"  # Python wants to be told which byte is first
    return _strictly(file, name)


def _as_found(file: BinaryIO, head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return _strictly(file, encoding)
    if b"\0" in head:
        for encoding in _by_zero_bytes(head):
            if _is_all(file, encoding) and _first_zero(file, encoding) is None and not _is_narrow(head, encoding):
                return encoding
    if _is_all(file, "utf-8"):
        return "utf-8"
    bad = good = 0
    for piece in _pieces(file, "utf-8", "replace"):
        broken = piece.count("\ufffd")
        bad += broken
        good += _FOREIGN.subn("", piece)[1] - broken
    if good > 4 * bad:
        return _strictly(file, "utf-8")  # raises, naming the line
    _refuse_mixed(file)
    for encoding, reads_well in _TRIED:
        if reads_well(head.decode(encoding, "ignore")) and _is_all(file, encoding):
            return encoding
    return _by_statistics(file, head)


def _refuse_mixed(file: BinaryIO) -> None:
    """Exports pasted together may be in two encodings; of a file that is not UTF-8, no line reads as Chinese in it."""
    file.seek(0)
    broken, is_chinese = 0, False
    for number, line in enumerate(file, 1):
        if line.isascii():
            continue
        try:
            text = line.decode("utf-8")
            is_chinese = is_chinese or reads_as_chinese(text)
        except UnicodeDecodeError:
            broken = broken or number
        if broken and is_chinese:
            raise SheetUnreadable(
                f"Line {broken} is in another encoding than other lines, which are UTF-8, so nothing was imported.",
                "Export again what was put together here, each part into a file of its own.",
                line=broken,
            )


def _pieces(file: BinaryIO, encoding: str, errors: str = "strict") -> Iterator[str]:
    """The file's text a piece at a time, its line ends as one sign. Raises UnicodeDecodeError."""
    file.seek(0)
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    while piece := file.read(_PIECE):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _is_all(file: BinaryIO, encoding: str) -> bool:
    try:
        for _ in _pieces(file, encoding):
            pass
    except (UnicodeError, LookupError):
        return False
    return True


def _first_zero(file: BinaryIO, encoding: str) -> int | None:
    """The line of the first zero character."""
    line = 1
    for piece in _pieces(file, encoding):
        if (at := piece.find("\0")) >= 0:
            return line + piece.count("\n", 0, at)
        line += piece.count("\n")
    return None


def _refuse_long_lines(file: BinaryIO, encoding: str) -> None:
    """A line is read as a whole, and one of many megabytes, which no sheet has, would take all memory."""
    line, length = 1, 0
    for piece in _pieces(file, encoding):
        line += piece.count("\n")
        end = piece.rfind("\n")
        length = length + len(piece) if end < 0 else len(piece) - end
        if length > _LONGEST_LINE:
            what = f"Line {line} is longer than {_LONGEST_LINE // 1_000_000} million characters."
            raise SheetUnreadable(what, "Check that this is the right file, or shorten that line.", line=line)


def _strictly(file: BinaryIO, encoding: str) -> str:
    line = 1
    pieces = _pieces(file, encoding)
    try:
        for piece in pieces:
            line += piece.count("\n")
    except UnicodeDecodeError as error:
        before = bytes(error.object[: error.start]).decode(error.encoding, "ignore")
        line += len(LINE_END.findall(before))
        raise SheetUnreadable(
            f"Line {line} is not valid {encoding.upper()}, so nothing was imported.",
            "Export the file again, or name its encoding, for example --encoding gb18030.",
            line=line,
        ) from error
    return encoding


def _by_zero_bytes(sample: bytes) -> list[str]:
    """The wide encodings whose high bytes are where this sample's zeros mostly are, likeliest first."""
    zeros = [sample[offset::4].count(0) for offset in range(4)]
    if min(zeros[2:]) * 4 > len(sample) * 0.9 and zeros[0] < zeros[2]:
        return ["utf-32-le"]
    if min(zeros[:2]) * 4 > len(sample) * 0.9 and zeros[3] < zeros[1]:
        return ["utf-32-be"]
    little = zeros[1] + zeros[3] >= zeros[0] + zeros[2]
    return ["utf-16-le", "utf-16-be"] if little else ["utf-16-be", "utf-16-le"]


def _is_narrow(head: bytes, encoding: str) -> bool:
    """A file of single bytes with a stray zero, which UTF-16 turns into ideographs and no columns."""
    sample = head.decode(encoding, "ignore")
    mostly_foreign = 2 * sum(character < "\x80" for character in sample) < len(sample)
    if not mostly_foreign:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head.replace(b"\0", b""))
    except UnicodeDecodeError:
        return False
    return True


_TRIED = (
    ("gb18030", reads_as_chinese),
    ("cp1252", reads_as_western),
    ("mac-roman", reads_as_macintosh),
    ("big5hkscs", reads_as_traditional_chinese),
    ("gb18030", names_chinese),
)


# Of a few Russian names statistics make Mac Cyrillic, in which hardly a file was ever written.
_HARDLY_USED = ["mac_cyrillic", "mac_greek", "mac_iceland", "mac_latin2", "mac_turkish"]


def _by_statistics(file: BinaryIO, head: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_exclusion=_HARDLY_USED).best()
    if best is None or not _is_all(file, best.encoding):
        raise SheetUnreadable(
            "The encoding of this file could not be told.",
            "Name it with --encoding, for example gb18030, big5, utf-16 or cp1252, or save it as UTF-8.",
        )
    return best.encoding
