"""Bytes of a file somebody exported, as text, and the encoding they were taken for.

Order matters and was paid for: statistics alone took a two-line GBK sheet for Big5, so certain signs come
first (byte order marks, the zero bytes of UTF-16), then UTF-8, which hardly anything else decodes as, then
GB18030 if the result reads as Chinese, then Western, and only then Big5, in which JOÃO would be JO鬃. A file
that is UTF-8 but for a few damaged bytes is refused, not read as something else.
"""

from __future__ import annotations

import codecs
import re

from recrm.core.errors import Failed, UsageError

LINE_END = re.compile(r"\r\n|\r|\n")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
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
_SAMPLE = 1 << 16


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
    _refuse_other_kinds(data, _MAGIC)
    text, found = _as_told(data, encoding) if encoding else _as_found(data)
    text = text.removeprefix("\ufeff")
    for pattern, kind in _TEXT_MAGIC:
        if pattern.match(text.lstrip()[:64]):
            raise _other_kind(kind)
    if "\0" in text:
        line = _line_at(text, text.index("\0"))
        raise SheetUnreadable(
            f"Line {line} holds a zero byte, so the file is damaged or is not text.",
            "Export it again as CSV, or name its encoding with --encoding.",
            line=line,
        )
    return text, found


def _refuse_other_kinds(data: bytes, kinds: tuple[tuple[bytes, str], ...]) -> None:
    for magic, kind in kinds:
        if data.startswith(magic):
            raise _other_kind(kind)


def _other_kind(kind: str) -> SheetUnreadable:
    hint = "Open it in the program it came from, and export or save it as CSV."
    return SheetUnreadable(f"This is {kind}, not CSV.", hint)


def _as_told(data: bytes, encoding: str) -> tuple[str, str]:
    # What people call GB2312 or GBK is mostly written by Windows, which uses characters of the larger sets.
    name = "gb18030" if encoding.lower().replace("_", "").replace("-", "") in {"gb2312", "gbk"} else encoding
    try:
        if codecs.lookup(name).name.replace("_", "-") in _NOT_OF_FILES:
            raise EncodingUnknown(encoding)
        return _strictly(data, name), name
    except (LookupError, ValueError) as error:
        raise EncodingUnknown(encoding) from error


def _as_found(data: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data, encoding), encoding
    if b"\0" in data[:_SAMPLE]:
        for encoding in _by_zero_bytes(data[:_SAMPLE]):
            text = _leniently(data, encoding)
            if text is not None and "\0" not in text and not _is_narrow(data, text):
                return text, encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        replaced = data.decode("utf-8", "replace")
    bad = replaced.count("\ufffd")
    good = sum(character > "\x7f" for character in replaced) - bad
    if good > 4 * bad:
        return _strictly(data, "utf-8"), "utf-8"  # raises, naming the line
    for encoding, reads_well in _TRIED:
        text = _leniently(data, encoding)
        if text is not None and reads_well(text[:_SAMPLE]):
            return text, encoding
    return _by_statistics(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "ignore")
        raise _damaged(encoding, _line_at(before, len(before))) from error


def _leniently(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _damaged(encoding: str, line: int) -> SheetUnreadable:
    return SheetUnreadable(
        f"Line {line} is not valid {encoding.upper()}, so nothing was imported.",
        "Export the file again, or name its encoding, for example --encoding gb18030.",
        line=line,
    )


def _line_at(text: str, offset: int) -> int:
    return len(LINE_END.findall(text, 0, offset)) + 1


def _by_zero_bytes(sample: bytes) -> list[str]:
    """The wide encodings whose high bytes are where this sample's zeros mostly are, likeliest first."""
    zeros = [sample[offset::4].count(0) for offset in range(4)]
    if min(zeros[2:]) * 4 > len(sample) * 0.9 and zeros[0] < zeros[2]:
        return ["utf-32-le"]
    if min(zeros[:2]) * 4 > len(sample) * 0.9 and zeros[3] < zeros[1]:
        return ["utf-32-be"]
    little = zeros[1] + zeros[3] >= zeros[0] + zeros[2]
    return ["utf-16-le", "utf-16-be"] if little else ["utf-16-be", "utf-16-le"]


def _is_narrow(data: bytes, wide: str) -> bool:
    """A file of single bytes with a stray zero, which UTF-16 turns into ideographs and no columns."""
    sample = wide[:_SAMPLE]
    mostly_foreign = 2 * sum(character < "\x80" for character in sample) < len(sample)
    return mostly_foreign and _leniently(data.replace(b"\0", b""), "utf-8") is not None


def _reads_as_chinese(text: str) -> bool:
    """Most of what is not ASCII is among GB2312's 3,755 everyday characters or its punctuation.

    Almost any bytes decode as GB18030, but Western, Cyrillic and Big5 text then lands on rare characters.
    """
    codes = [character.encode("gb18030") for character in text if character > "\x7f"]
    common = (code[1] >= 0xA1 and (code[0] in {0xA1, 0xA3} or 0xB0 <= code[0] <= 0xD7) for code in codes)
    return bool(codes) and sum(common) >= 0.6 * len(codes)


def _reads_as_traditional_chinese(text: str) -> bool:
    """Likewise of Big5's 5,401 everyday characters."""
    codes = [character.encode("big5hkscs", "replace") for character in text if character > "\x7f"]
    common = (code[0] in {0xA1, 0xA2} or 0xA4 <= code[0] <= 0xC6 for code in codes)
    return bool(codes) and sum(common) >= 0.6 * len(codes)


def _reads_as_western(text: str) -> bool:
    """Its foreign characters are accented letters among plain ones, as in José, not whole words."""
    letters = [character for character in text if character.isalpha()]
    accented = sum(character > "\x7f" for character in letters)
    foreign = sum(character > "\x7f" for character in text)
    return 0.5 * foreign <= accented <= 0.35 * len(letters) and not _CONTROLS.search(text)


_CONTROLS = re.compile(r"[\x80-\x9f]")
_TRIED = (
    ("gb18030", _reads_as_chinese),
    ("cp1252", _reads_as_western),
    ("big5hkscs", _reads_as_traditional_chinese),
)


def _by_statistics(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    text = _leniently(data, best.encoding) if best else None
    if best is None or text is None:
        raise SheetUnreadable(
            "The encoding of this file could not be told.",
            "Name it with --encoding, for example gb18030, big5, utf-16 or cp1252, or save it as UTF-8.",
        )
    return text, best.encoding
