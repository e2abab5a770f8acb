"""Phone numbers that are valid and that no two clients share, without asking phonenumbers for each.

A pattern is the number as a person reads it; its E.164 form is the same without blanks and dashes. American
and British numbers come from exchanges kept for fiction (555; 7946 and 496).
"""

from __future__ import annotations

from random import Random

_MOBILES = """
    130 131 132 133 135 136 137 138 139 147 150 151 152 153 155 156 157 158 159 166 173 175 176 177 178 180
    181 182 183 184 185 186 187 188 189 191 198 199
"""
_AMERICA = "201 206 212 213 303 305 310 312 404 415 416 503 512 514 602 604 617 646 702 718 773 808 917"
_BRITAIN = ("20 7946 ####", "161 496 ####", "113 496 ####", "121 496 ####", "131 496 ####", "141 496 ####")
PATTERNS: dict[str, tuple[str, ...]] = {
    "CN": tuple(f"+86 {prefix} #### ####" for prefix in _MOBILES.split()),
    "US": tuple(f"+1 {area}-555-####" for area in _AMERICA.split()),
    "GB": tuple(f"+44 {number}" for number in _BRITAIN),
    "FR": tuple(f"+33 6 {pair} ## ## ##" for pair in (12, 24, 31, 47, 63, 78)),
    "SG": tuple(f"+65 {start}## ####" for start in (81, 82, 83, 91, 96)),
    "VN": tuple(f"+84 {start}# ### ###" for start in (90, 91, 98)),
    "DE": tuple(f"+49 {start} #######" for start in (1511, 1512, 1522)),
    "office": ("+86 21 6### ####", "+86 755 8### ####", "+86 571 8### ####"),
}
_STRIDE = 7_368_787  # odd and no multiple of 5, so that it meets every number of a pattern once


class Numbers:
    """Hands out numbers, each once, scattered over their pattern's range."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._next: dict[str, int] = {}

    def one(self, country: str) -> tuple[str, str]:
        """A new number: E.164, and as a person reads it."""
        patterns = PATTERNS[country]
        pattern = patterns[int(self._rng.random() * len(patterns))]
        wanted = pattern.count("#")
        place = self._next.get(pattern)
        if place is None:
            place = self._rng.randrange(10**wanted)
        self._next[pattern] = place + 1
        digits = iter(f"{place * _STRIDE % 10**wanted:0{wanted}d}")
        shown = "".join(next(digits) if sign == "#" else sign for sign in pattern)
        return shown.replace(" ", "").replace("-", ""), shown
