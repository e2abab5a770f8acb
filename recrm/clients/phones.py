"""Phone numbers and email addresses as typed, pasted or exported by Excel, brought to the form that is kept.

Phones are kept in E.164, so that 138-0013-8000 and +86 13800138000 are one client; an extension stands
beside. A number that is possible but in no range known today is accepted, because operators open new ranges
every year; what no network could dial is refused, and so is what is plainly not a number: letters, Excel's
1.38E+10, 12345678.

phonenumbers (25 ms to import) is loaded only when needed: Chinese mobiles, most of what recrm meets, are read
here, with the same result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import decimal, normalize

from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.text import clean_line, shorten

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_IN_FULL = N_("Type it with its country code, such as +86 138 0013 8000 or +44 20 7946 0018.")
#: Why a phone was refused: what happened, and what to type instead.
_REASONS = {
    "empty": (N_("“{text}” holds no phone number."), _IN_FULL),
    "letters": (
        N_("“{text}” holds letters, which a phone number cannot."),
        N_("Type the number in digits only."),
    ),
    "signs": (
        N_("“{text}” holds signs that no phone number has."),
        N_("Type digits, spaces, brackets and dashes only."),
    ),
    "digits_lost": (
        N_("“{text}” is a number that a spreadsheet has rounded, so its last digits are lost."),
        N_("Format that column as text in the spreadsheet, and take the number from where it came from."),
    ),
    "placeholder": (N_("“{text}” is a made-up number."), N_("Leave the phone out until you know it.")),
    "country": (N_("“{text}” has a country code that does not exist."), _IN_FULL),
    "area": (N_("“{text}” lacks its area code."), N_("Put the area code before it, such as 010-8888 1234.")),
    "short": (N_("“{text}” is too short for a phone number."), _IN_FULL),
    "long": (
        N_("“{text}” is too long for one phone number."),
        N_("Type one number at a time, with no digit too many."),
    ),
}


class PhoneNotUnderstood(UsageError):
    """The text is not a phone number that can be called; `why` is a key of the reasons above."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(*_REASONS[why], text=_quotable(text))
        self.text, self.why = text, why


class EmailNotUnderstood(UsageError):
    """The text is not an email address."""

    def __init__(self, text: str) -> None:
        super().__init__(
            N_("“{text}” is not an email address."), N_("Type it like name@example.com."), text=_quotable(text)
        )
        self.text = text


def _quotable(text: str) -> str:
    return shorten(clean_line(text), 40)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as kept ("+861088881234"), its extension ("" for none), and both as a person reads them."""

    e164: str
    extension: str
    shown: str


_LABEL = re.compile(r"(?:tel|callto|phone|mobile|电话|手机)\s*:\s*", re.IGNORECASE)
_WRAPPING = " \t'\"`=‘’“”"  # Excel guards a number as text with '138… or ="138…"
_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d*)?e\+?\d+", re.IGNORECASE)
_DECIMAL = re.compile(r"(\+?\d{6,})\.0+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_EXTENSION = re.compile(
    r"[\s(]*(?:;?\s*ext(?:ension|n)?\s*[.:=]?|x|\#|[转轉]接?|分机|分機|,+|;)\s*[:.]?\s*(\d{1,7})\s*[)#]?$",
    re.IGNORECASE,
)
_CHINESE_EXTENSION = re.compile(r"((?:\+?86[- ]?)?\(?0?\d{2,3}\)?[- ]?\d{7,8})-(\d{1,6})")
_PUNCTUATION = re.compile(r"[\s()\[\]./~·•\u2010-\u2015\u2212-]+")
_CHINESE_MOBILE = re.compile(r"1(?:[3-6]\d|7[0-8]|[89]\d)\d{8}")  # 179… calls by way of an IP carrier
_ORDINARY = re.compile(r"\+?[\d(][\d() -]*\d", re.ASCII)  # needs none of the cleaning below
_COUNTING = "01234567890123456789", "98765432109876543210"


def parse_phone(text: str, region: str) -> Phone:
    """Read a phone; one without a country code belongs to `region` ("CN"). Raises PhoneNotUnderstood."""
    return _parse(text, region.upper())


@lru_cache(maxsize=1024)
def _parse(text: str, region: str) -> Phone:
    if _ORDINARY.fullmatch(text):  # nearly all: an import reads tens of thousands
        line, extension = _cut_extension_of_digits(text, region)
        return _read_digits(text, line, extension, region)
    line = _LABEL.sub("", _plain(text).strip(_WRAPPING), count=1).strip(_WRAPPING)
    if _ROUNDED.fullmatch(line):
        raise PhoneNotUnderstood(text, "digits_lost")
    if written := _DECIMAL.fullmatch(line):
        line = written[1]
    elif _THOUSANDS.fullmatch(line):
        line = line.replace(",", "")
    line, extension = _cut_extension(line, region)
    return _read_digits(text, line, extension, region)


def _cut_extension_of_digits(line: str, region: str) -> tuple[str, str]:
    if "-" in line and (region == "CN" or line.startswith("+86")) and (chinese := _CHINESE_EXTENSION.fullmatch(line)):
        return chinese[1], chinese[2]  # 010-88881234-801
    return line, ""


def _read_digits(text: str, line: str, extension: str, region: str) -> Phone:
    digits = _PUNCTUATION.sub("", line)
    international, digits = digits.startswith("+"), digits.removeprefix("+")
    if not digits.isdecimal():
        if any(map(str.isalpha, digits)):
            raise PhoneNotUnderstood(text, "letters")
        several = len(re.findall(r"\d", digits)) > 15
        raise PhoneNotUnderstood(text, "long" if several else "signs" if digits else "empty")
    if _is_made_up(digits):
        raise PhoneNotUnderstood(text, "placeholder")
    if digits.startswith("00") and len(digits) > 8:
        international, digits = True, digits[2:]

    national = digits.removeprefix("86") if international or len(digits) == 13 else digits
    at_home = digits.startswith("86") if international else region == "CN"
    if at_home and _CHINESE_MOBILE.fullmatch(national):
        shown = f"+86 {national[:3]} {national[3:7]} {national[7:]}"
        return Phone("+86" + national, extension, f"{shown} ext. {extension}" if extension else shown)
    return _ask_library(text, ("+" if international else "") + digits, extension, region)


def _plain(text: str) -> str:
    """Full-width and other scripts' digits as ASCII, invisible marks gone, every blank a space."""
    line = normalize("NFKC", clean_line(text))
    return line if line.isascii() else "".join(str(decimal(char, char)) for char in line)


def _cut_extension(line: str, region: str) -> tuple[str, str]:
    found = _EXTENSION.search(line)
    if found and found.start():
        return line[: found.start()], found[1]
    if (region == "CN" or line.startswith("+86")) and (chinese := _CHINESE_EXTENSION.fullmatch(line)):
        return chinese[1], chinese[2]  # 010-88881234-801
    return line, ""


def _is_made_up(digits: str) -> bool:
    upwards, downwards = _COUNTING
    return len(digits) > 4 and (digits in upwards or digits in downwards or digits == digits[0] * len(digits))


def _ask_library(text: str, number: str, extension: str, region: str) -> Phone:
    from phonenumbers import PhoneNumberFormat, format_number

    parsed = _parsed(text, number, region)
    e164 = format_number(parsed, PhoneNumberFormat.E164)
    # A zero that could be a trunk's is cut off at each reading: +61 0032878 would be another number in the next file.
    while (again := format_number(parsed := _parsed(text, e164, region), PhoneNumberFormat.E164)) != e164:
        e164 = again
    shown = format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    # Not the library's own word for an extension, which is "int." in Uruguay and "Anexo" in Peru.
    return Phone(e164, extension, f"{shown} ext. {extension}" if extension else shown)


def _parsed(text: str, number: str, region: str) -> PhoneNumber:
    from phonenumbers import NumberParseException, parse

    try:
        parsed = parse(number, region)
    except NumberParseException as error:
        whys = {error.INVALID_COUNTRY_CODE: "country", error.TOO_LONG: "long"}
        raise PhoneNotUnderstood(text, whys.get(error.error_type, "short")) from None
    if why := _objection(parsed):
        raise PhoneNotUnderstood(text, why)
    return parsed


def _objection(parsed: PhoneNumber) -> str | None:
    """Why nobody could call this number; it need not be in a range that is known to be in use."""
    from phonenumbers import (
        ValidationResult,
        is_possible_number_with_reason,
        is_valid_number,
        national_significant_number,
    )

    national = national_significant_number(parsed)
    if _is_made_up(national):
        return "placeholder"
    if parsed.country_code == 86:
        # The library takes 7 to 12 digits for possible here. A mobile has 11, so a digit too few or too many
        # shows; a landline of 7 or 8 that is not in use lacks its area code.
        if re.match("1[3-9]", national) and len(national) != 11:
            return "short" if len(national) < 11 else "long"
        if len(national) in (7, 8) and not is_valid_number(parsed):
            return "area"
    reason = is_possible_number_with_reason(parsed)
    if reason == ValidationResult.IS_POSSIBLE:
        return None
    if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY and len(national) > 6:
        return "area"
    return {ValidationResult.TOO_LONG: "long", ValidationResult.INVALID_COUNTRY_CODE: "country"}.get(reason, "short")


_DIALLED = re.compile(r"\+?[\d\s()./-]+")


def digits_of(text: str) -> str | None:
    """The digits to look for within E.164 numbers if the text looks like a phone or a part of one, else None.

    What is dialled but not kept in E.164 goes: "+", "00", the trunk "0" of 010-8888 1234 and of +44 (0)20.
    """
    line = _plain(text)
    if not _DIALLED.fullmatch(line):
        return None
    abroad = line.startswith(("+", "00"))
    digits = re.sub(r"\D", "", line.replace("(0)", "") if abroad else line)
    if len(digits) < 3:
        return None
    if len(digits) >= 7:  # a shorter one may be the middle of a number: 0013 of 138 0013 8000
        digits = digits.removeprefix("00" if abroad else "0")
    return digits


_EMAIL = re.compile(
    r"(?P<local>[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*)"
    r"@(?P<domain>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,63}|xn--[a-z0-9-]{1,59}))"
)


def parse_email(text: str) -> str:
    """An email address in lower case; other scripts are welcome on both sides. Raises EmailNotUnderstood."""
    line = normalize("NFKC", clean_line(text)).strip(" <>").lower().removeprefix("mailto:").replace("\u3002", ".")
    found = _EMAIL.fullmatch(line)
    if not found or len(line) > 254 or len(found["local"]) > 64 or "_" in found["domain"]:
        raise EmailNotUnderstood(text)
    return line
