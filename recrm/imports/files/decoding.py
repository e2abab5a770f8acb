"""Bytes of a file somebody exported, as text, and the encoding they were taken for.

The order of trials was paid for: statistics alone took a two-line GBK sheet for Big5, so certain signs come
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

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_TRIED = (
    ("gb18030", reads_as_chinese),
    ("cp1252", reads_as_western),
    ("mac-roman", reads_as_macintosh),
    ("big5hkscs", reads_as_traditional_chinese),
    ("gb18030", names_chinese),
)
# Of a few Russian names statistics make Mac Cyrillic, in which hardly a file was ever written.
_HARDLY_USED = ["mac_cyrillic", "mac_greek", "mac_iceland", "mac_latin2", "mac_turkish"]
_NOT_OF_FILES = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7", "mbcs", "oem"}
_OTHER_KINDS = (  # by their first bytes, taken for Latin-1
    (r"PK[\3\5]", N_("This is a ZIP archive or a workbook (XLSX, ODS or Numbers), not CSV.")),
    (r"\xd0\xcf\x11\xe0", N_("This is an old Excel workbook (XLS), not CSV.")),
    (r"%PDF|\{\\rtf", N_("This is a document (PDF or RTF), not CSV.")),
    (r"SQLite format 3", N_("This is a SQLite database, not CSV.")),
    (r"\x1f\x8b|7z\xbc\xaf|Rar!", N_("This is a packed archive (gzip, 7-Zip or RAR), not CSV.")),
    (r"\x89PNG|\xff\xd8\xff", N_("This is a picture, not CSV.")),
    (r"BEGIN:VCARD", N_("This is a vCard file, not CSV.")),
    (r"BEGIN:VCALENDAR", N_("This is a calendar file (iCalendar), not CSV.")),
    (r"<(!doctype|html|\?xml|table|head|meta)\b", N_("This is a web page or XML, whatever its name, not CSV.")),
    (r"\[?\s*\{\s*\"", N_("This is JSON, not CSV.")),
)
_SAMPLE = 1 << 16
_LONGEST_LINE = 10_000_000  # no sheet has one, and the CSV module would take a line of that length apart for minutes
_LINE_END = re.compile(r"\r\n|\r|\n")
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text without its byte order mark, and the encoding's name. Raises FileUnreadable, EncodingUnknown."""
    head = data[:200].replace(b"\0", b"").decode("latin-1")
    for pattern, sentence in _OTHER_KINDS:
        if re.match(rf"(?:ï»¿|ÿþ|þÿ)?\s*(?:{pattern})", head, re.IGNORECASE):
            raise FileUnreadable(
                sentence, N_("Open it in the program it came from, and export or save it as CSV or XLSX.")
            )
    found = _named(data, encoding) if encoding else _guessed(data)
    text = _strictly(data, found).removeprefix("\ufeff")
    if "\0" in text:
        raise FileUnreadable(
            N_("Line {line} holds a zero byte, so the file is damaged or is not text."),
            N_("Export it again as CSV, or name its encoding with --encoding."),
            line=_line_at(text, text.index("\0")),
        )
    for line in _LINE_END.split(text) if len(text) > _LONGEST_LINE else ():
        if len(line) > _LONGEST_LINE:
            raise FileUnreadable(
                N_("Line {line} is longer than {most} million characters."),
                N_("Check that this is the right file, or shorten that line."),
                line=_line_at(text, text.index(line)),
                most=_LONGEST_LINE // 1_000_000,
            )
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
    if known in {"utf-16", "utf-32"} and not data.startswith(tuple(bom for bom, name in BOMS if name == known)):
        return f"{known}-{'be' if data[:1] == chr(0).encode() else 'le'}"  # Python must be told which byte is first
    return name


def _guessed(data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return encoding
    head = data[:_SAMPLE]
    for encoding in WIDE if b"\0" in head else ():
        text = head.decode(encoding, "ignore")
        if "\0" not in text and _LINE_END.search(text):  # which single bytes, paired, hardly ever make
            return encoding
    text = data.decode("utf-8", "replace")
    bad = 0 if is_utf8(data) else text.count("\ufffd")
    if not bad or _FOREIGN.subn("", text)[1] - bad > 4 * bad:
        return "utf-8"  # it may be damaged, and will be refused, naming the line
    _refuse_mixed(data)
    if not (encoding := guess(data[:_SAMPLE])):
        raise FileUnreadable(
            N_("The encoding of this file could not be told."),
            N_("Name it with --encoding, for example gb18030, big5, utf-16 or cp1252, or save it as UTF-8."),
        )
    return encoding


def guess(sample: bytes) -> str:
    """The encoding of one that is not UTF-8, though a few bytes in it may be damaged; empty where nothing fits."""
    for encoding, reads_well in _TRIED:
        text = sample.decode(encoding, "replace")
        bad = text.count("\ufffd")
        if bad <= 1 + len(_FOREIGN.findall(text)) // 50 and reads_well(text.replace("\ufffd", "")):
            return encoding
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_exclusion=_HARDLY_USED).best()
    return best.encoding if best else ""


def is_utf8(data: bytes) -> bool:
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
    return 1 + len(_LINE_END.findall(text, 0, place))


def _refuse_mixed(data: bytes) -> None:
    """Exports pasted together may be in two encodings; of a file that is not UTF-8, no line reads as Chinese in it."""
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if not line.isascii()]
    broken = next(number for number, line in lines if not is_utf8(line))
    if any(reads_as_chinese(leniently(line, "utf-8") or "") for _number, line in lines):
        raise FileUnreadable(
            N_("Line {line} is in another encoding than other lines, which are UTF-8, so nothing was imported."),
            N_("Export again what was put together here, each part into a file of its own."),
            line=broken,
        )
