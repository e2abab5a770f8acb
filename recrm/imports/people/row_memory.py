"""What an import remembers of the rows it has written, in a few bytes each.

Whom a row meant is forgotten once it is written, and asked of the database again when a later row means the same
client. Two things the database cannot tell: that this very file added the client, on which line, and what it has
said of one who was there before. A third saves asking: most keys of a file come up once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from recrm.imports.people.merging import Known
from recrm.imports.people.preparing import Key

_BITS = 1 << 25  # 4 MB


class FilePast:
    """Lines that added clients, whose ids go up one by one from `first`, and what was said of those before them."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._lines = array("Q")
        self._said: list[array[int]] = []  # for each name of a column, 64 clients a number
        self._names: dict[str, int] = {}

    def added(self, lines: Iterable[int]) -> None:
        """The lines of the clients added since the last time, in the order of their ids."""
        self._lines.extend(lines)

    def said(self, client_id: int, names: Iterable[str]) -> None:
        """The file has said this of a client who was there before it."""
        place, bit = client_id >> 6, 1 << (client_id & 63)
        for name in names:
            if name not in self._names:
                self._names[name] = len(self._said)
                self._said.append(array("Q"))
            numbers = self._said[self._names[name]]
            if place >= len(numbers):
                numbers.frombytes(bytes(8 * (place + 1 - len(numbers))))
            numbers[place] |= bit

    def recall(self, client: Known) -> None:
        """Let a client read from the database be as they were when they were forgotten."""
        if 0 <= client.id - self._first < len(self._lines):
            client.line = self._lines[client.id - self._first]
        elif self._said:
            place, bit = client.id >> 6, 1 << (client.id & 63)
            client.given = frozenset(
                name
                for name, which in self._names.items()
                if place < len(self._said[which]) and self._said[which][place] & bit
            )


class Seen:
    """Whether a key has perhaps come up before: a no is certain, a yes is right but for a few in a hundred."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS >> 3)

    def perhaps(self, keys: Iterable[Key]) -> list[Key]:
        """Those of the keys that may have been here; from now on all of them have."""
        bits, most, found = self._bits, _BITS - 1, []
        for key in keys:
            number = hash(key) & most
            place, bit = number >> 3, 1 << (number & 7)
            if bits[place] & bit:
                found.append(key)
            else:
                bits[place] |= bit
        return found
