"""Content lines as vCard and iCalendar have them: text escaped, folded at 75 octets, ended by CRLF.

Written here (RFC 6350, 2426 and 5545 agree on them) because the libraries write only version 3.0 of vCard, or fold in
the middle of a Chinese character, or take a millisecond an entry.
"""

from __future__ import annotations

LONGEST = 75

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def text(value: str) -> str:
    """A text value; its line ends become `\\n`.

    >>> text("a;b, c")
    'a\\\\;b\\\\, c'
    """
    return value.translate(_ESCAPED)


def line(name: str, value: str) -> bytes:
    """One content line in UTF-8; `value` is escaped already where it is text. No character is cut in two."""
    whole = f"{name}:{value}"
    if len(octets := whole.encode()) <= LONGEST:  # most are
        return octets + b"\r\n"
    folded = bytearray()
    room = LONGEST
    for character in whole:
        octets = character.encode()
        if len(octets) > room:
            folded += b"\r\n "
            room = LONGEST - 1
        folded += octets
        room -= len(octets)
    return bytes(folded) + b"\r\n"
