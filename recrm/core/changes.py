"""What an operation changed, as `history` hands it to the function that words it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Changes(Protocol):
    """What one operation changed, as `history` hands it to the function of a HistoryLine."""

    @property
    def rows(self) -> Mapping[str, int]:
        """How many rows it changed, by table."""
        ...

    def counts(self, table: str) -> Mapping[str, int]:
        """How many rows of a table it added (`insert`), changed (`update`) and took away (`delete`)."""
        ...

    def first(self, table: str, limit: int) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """The first rows of a table that it changed, each before and after; empty where it was not there."""
        ...

    def client(self, client_id: int | None) -> str:
        """A client as they were called then, with their id; `a client` where that is not known any more."""
        ...
