"""Records that wait to be read again: in memory while they are few, beyond that in a file that has no name.

No other program can open that file, and the system removes it with the process, however that ends.
"""

from __future__ import annotations

import json
import tempfile
import weakref
from collections.abc import Iterator
from typing import Any

_IN_MEMORY = 8_000_000  # bytes


class Spool:
    """A list that grows to any length; its records are read back as JSON keeps them, a tuple as a list."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the Spool
        self._count = 0
        weakref.finalize(self, self._file.close)

    def append(self, record: Any) -> None:
        """Keep one more; not while the others are being read."""
        self._file.write(json.dumps(record).encode() + b"\n")
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        self._file.seek(0)
        yield from map(json.loads, self._file)
        self._file.seek(0, 2)
