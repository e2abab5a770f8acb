"""What a slice adds to a client's briefing before a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from recrm.core.ui import Output


class Brief(NamedTuple):
    """Keys of the briefing's JSON, and a part of its card: what is more pressing has the lower `order`.

    At a slice's place stands a function that makes it of the App, a client, and how many of a long list are wanted.
    """

    order: int
    json: Mapping[str, Any]
    draw: Callable[[Output], None]
