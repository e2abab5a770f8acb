"""Everything as JSON, exactly as it is stored: equal databases give identical files, and `import` reads them back.

One row a line, so that a difference between two exports is a difference in lines. Nothing in it says when it was
made.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import BinaryIO

from recrm.exports import store
from recrm.exports.store import Choice

VERSION = 1


def write(sink: BinaryIO, chosen: Choice, advance: Callable[[int], None]) -> dict[str, int]:
    """Write all of it; how many rows of each table there were."""
    counts: dict[str, int] = {}
    sink.write(f'{{\n"recrm_export": {VERSION},\n"schema": {store.version(chosen.conn)},\n"tables": {{'.encode())
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for place, table in enumerate(store.tables(chosen.conn)):
        sink.write(f'{"," if place else ""}\n"{table}": ['.encode())
        counts[table] = 0
        for row in store.whole_rows(chosen, table):
            sink.write((",\n" if counts[table] else "\n").encode() + encode(row).encode())
            counts[table] += 1
            advance(1)
        sink.write(b"\n]" if counts[table] else b"]")
    sink.write(b"\n}\n}\n")
    return counts
