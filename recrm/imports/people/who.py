"""Whom a row may mean: contact points that tell who somebody is, and a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from recrm.clients.model import CHINESE_MOBILE, ContactPoint
from recrm.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recrm.imports.people.known import Known

Key = tuple[str, str, str]  # kind, key and extension of a contact point

STRONG = ("phone", "email")
# Narrower than `clients.suppression` has it: “samephone” in a column for WhatsApp must not make two people one.
_IDS = {
    "wechat": re.compile(rf"[a-z][-_a-z0-9]{{5,19}}|{CHINESE_MOBILE}"),
    "whatsapp": re.compile(r"\+?\d[\d ()-]{6,20}"),
    "qq": re.compile(r"[1-9]\d{4,10}"),
}
IDENTIFYING = frozenset({*STRONG, *_IDS})
_MOST_LISTED = 5


@dataclass(slots=True)
class Who:
    """Whom a row names; `points` are by what two spellings of one share."""

    line: int
    name: str
    points: dict[Key, ContactPoint]

    @property
    def strong(self) -> list[Key]:
        """Phones and emails."""
        return [key for key in self.points if key[0] in STRONG]

    @property
    def weak(self) -> list[Key]:
        """Ids of WeChat, WhatsApp and QQ that can tell who somebody is."""
        return [key for key in self.points if key[0] in _IDS and is_identity(key)]

    @property
    def identities(self) -> list[Key]:
        return [key for key in self.points if is_identity(key)]


def key_of_point(point: ContactPoint) -> Key:
    return point.kind, point.key, point.extension


def is_identity(key: Key) -> bool:
    """Whether this contact point can tell who somebody is."""
    return key[0] in STRONG or (key[0] in _IDS and bool(_IDS[key[0]].fullmatch(key[1])))


def client_label(name: str, client_id: int, line: int = 0) -> str:
    """`Ann (#3)`, or `Ann (line 7)` of whom the file adds there."""
    return _("{name} (line {line})", name=name, line=line) if line else _("{client} (#{id})", client=name, id=client_id)


def one_of(clients: Sequence[Known]) -> str:
    """`Ann (#3) or Ben (#7)`."""
    labels = (client.label for client in clients[:_MOST_LISTED])
    listed = reduce(lambda first, second: _("{first} or {second}", first=first, second=second), labels)
    more = len(clients) - _MOST_LISTED
    return _("{listed} or {count} more", listed=listed, count=more) if more > 0 else listed
