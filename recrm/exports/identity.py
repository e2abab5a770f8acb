"""Names that a thing keeps for good in other people's address books and calendars, so that they update it.

They are made of the row's id and of two moments that never change, when it and its client were added: no other
database has the same, an export repeated gives the same, and so does one from a database that was filled by a whole
JSON export.
"""

from __future__ import annotations

from uuid import UUID, uuid5

_OURS = UUID("6b4f3c0e-52c5-5b0d-9f0a-7265636d0001")


def lasting_id(kind: str, number: int, added: str, client_added: str) -> UUID:
    """The lasting name of a row; `added` and `client_added` are as stored."""
    return uuid5(_OURS, f"{kind}/{number}/{added}/{client_added}")
