"""Bytes of a file somebody exported, as text, and the encoding they were taken for.

Order matters and was paid for: statistics alone took a two-line GBK sheet for Big5, so certain signs come
first (byte order marks, the zero bytes of UTF-16), then UTF-8, which hardly anything else decodes as, then
GB18030 if the result reads as Chinese, then Western, and only then Big5, in which JOÃO would be JO鬃. A file
that is UTF-8 but for a few damaged bytes is refused, not read as something else.
"""

from __future__ import annotations

import codecs
import re

from recrm.core.i18n import N_
from recrm.imports.files.errors import EncodingUnknown, FileUnreadable
from recrm.imports.files.language_guess import (
    names_chinese,
    reads_as_chinese,
    reads_as_macintosh,
    reads_as_traditional_chinese,
    reads_as_western,
)

LINE_END = re.compile(r"\r\n|\r|\n")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS = N_("Open it in the program it came from, and export or save it as CSV or XLSX.")
_MAGIC = (
    (b"PK\x03\x04", N_("This is a ZIP archive or a workbook (XLSX, ODS or Numbers), not CSV.")),
    (b"PK\x05\x06", N_("This is an empty ZIP archive, not CSV.")),
    (b"\xd0\xcf\x11\xe0", N_("This is an old Excel workbook (XLS), not CSV.")),
    (b"%PDF", N_("This is a PDF document, not CSV.")),
    (b"SQLite format 3\x00", N_("This is a SQLite database, not CSV.")),
    (b"\x1f\x8b", N_("This is a gzip archive, not CSV.")),
    (b"7z\xbc\xaf", N_("This is a 7-Zip archive, not CSV.")),
    (b"Rar!", N_("This is a RAR archive, not CSV.")),
    (b"{\\rtf", N_("This is a rich text document (RTF), not CSV.")),
    (b"\x89PNG", N_("This is a picture, not CSV.")),
    (b"\xff\xd8\xff", N_("This is a picture, not CSV.")),
)
_TEXT_MAGIC = (
    (r"BEGIN:VCARD", N_("This is a vCard file, not CSV.")),
    (r"BEGIN:VCALENDAR", N_("This is a calendar file (iCalendar), not CSV.")),
    (r"<(!doctype|html|\?xml|table|head|meta)\b", N_("This is a web page or XML, whatever its name, not CSV.")),
    (r"\[?\s*\{\s*\"", N_("This is JSON, not CSV.")),
)
_NOT_OF_FILES = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7", "mbcs", "oem"}
_SAMPLE = 1 << 16
_LONGEST_LINE = 10_000_000  # no sheet has one, and the CSV module would take a line of that length apart for minutes
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text without its byte order mark, and the encoding's name. Raises FileUnreadable, EncodingUnknown."""
    for magic, sentence in _MAGIC:
        if data.startswith(magic):
            raise FileUnreadable(sentence, _SAVE_AS)
    found = _named(data, encoding) if encoding else _guessed(data)
    text = _strictly(data, found).removeprefix("\ufeff")
    for pattern, sentence in _TEXT_MAGIC:
        if re.match(pattern, text[:_SAMPLE].lstrip()[:64], re.IGNORECASE):
            raise FileUnreadable(sentence, _SAVE_AS)
    if "\0" in text:
        raise FileUnreadable(
            N_("Line {line} holds a zero byte, so the file is damaged or is not text."),
            N_("Export it again as CSV, or name its encoding with --encoding."),
            line=_line_at(text, text.index("\0")),
        )
    if len(text) > _LONGEST_LINE:
        _refuse_long_lines(text)
    return text, found


def python_name(encoding: str) -> str:
    """What Python calls an encoding that a person names. Raises EncodingUnknown.

    What people call GB2312 or GBK is mostly written by Windows, which uses characters of the larger sets.
    """
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
    return name


def _named(data: bytes, encoding: str) -> str:
    name = python_name(encoding)
    known = codecs.lookup(name).name.replace("_", "-")
    if known in {"utf-16", "utf-32"} and not data.startswith(tuple(bom for bom, wide in BOMS if wide != "utf-8-sig")):
        return f"{known}-{'be' if data[:1] == chr(0).encode() else 'le'}"  # Python must be told which byte is first
    return name


def _guessed(data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return encoding
    head = data[:_SAMPLE]
    if b"\0" in head:
        for encoding in _by_zero_bytes(head):
            text = leniently(data, encoding)
            if text is not None and "\0" not in text and not _is_narrow(head, encoding):
                return encoding
    if is_utf8(data):
        return "utf-8"
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if _FOREIGN.subn("", text)[1] - bad > 4 * bad:
        return "utf-8"  # it will be refused, naming the line
    _refuse_mixed(data)
    for encoding, reads_well in _TRIED:
        if reads_well(head.decode(encoding, "ignore")) and leniently(data, encoding) is not None:
            return encoding
    return _by_statistics(data)


def is_utf8(data: bytes) -> bool:
    """Whether all of it is UTF-8."""
    return leniently(data, "utf-8") is not None


def leniently(data: bytes, encoding: str) -> str | None:
    """The text, or None where not all of it is in this encoding."""
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(error.encoding, "ignore")
        raise FileUnreadable(
            N_("Line {line} is not valid {encoding}, so nothing was imported."),
            N_("Export the file again, or name its encoding, for example --encoding gb18030."),
            line=_line_at(before, len(before)),
            encoding=encoding.upper(),
        ) from error


def _line_at(text: str, place: int) -> int:
    return 1 + len(LINE_END.findall(text, 0, place))


def _refuse_long_lines(text: str) -> None:
    for number, line in enumerate(LINE_END.split(text), 1):
        if len(line) > _LONGEST_LINE:
            raise FileUnreadable(
                N_("Line {line} is longer than {most} million characters."),
                N_("Check that this is the right file, or shorten that line."),
                line=number,
                most=_LONGEST_LINE // 1_000_000,
            )


def _refuse_mixed(data: bytes) -> None:
    """Exports pasted together may be in two encodings; of a file that is not UTF-8, no line reads as Chinese in it."""
    broken, is_chinese = 0, False
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.isascii():
            continue
        text = leniently(line, "utf-8")
        if text is None:
            broken = broken or number
        else:
            is_chinese = is_chinese or reads_as_chinese(text)
        if broken and is_chinese:
            raise FileUnreadable(
                N_("Line {line} is in another encoding than other lines, which are UTF-8, so nothing was imported."),
                N_("Export again what was put together here, each part into a file of its own."),
                line=broken,
            )


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
    is_mostly_foreign = 2 * sum(character < "\x80" for character in sample) < len(sample)
    # A sample may end within a character.
    return is_mostly_foreign and any(
        leniently(head.replace(b"\0", b"")[: -cut or None], "utf-8") is not None for cut in range(4)
    )


_TRIED = (
    ("gb18030", reads_as_chinese),
    ("cp1252", reads_as_western),
    ("mac-roman", reads_as_macintosh),
    ("big5hkscs", reads_as_traditional_chinese),
    ("gb18030", names_chinese),
)
# Of a few Russian names statistics make Mac Cyrillic, in which hardly a file was ever written.
_HARDLY_USED = ["mac_cyrillic", "mac_greek", "mac_iceland", "mac_latin2", "mac_turkish"]


def _by_statistics(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_exclusion=_HARDLY_USED).best()
    if best is None or leniently(data, best.encoding) is None:
        raise FileUnreadable(
            N_("The encoding of this file could not be told."),
            N_("Name it with --encoding, for example gb18030, big5, utf-16 or cp1252, or save it as UTF-8."),
        )
    return best.encoding
