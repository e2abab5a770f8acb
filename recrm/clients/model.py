"""What a client is, and the rules that need no database: names, tiers, money, who may be contacted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from recrm.core.errors import Conflict, NotFound, UsageError
from recrm.core.text import quoted, typed


class Tier(StrEnum):
    """How close a client is to a deal, and so how often they hear from us."""

    A = "A"
    B = "B"
    C = "C"


class ClientType(StrEnum):
    """What the client is to us; one client may be several."""

    BUYER = "buyer"
    SELLER = "seller"
    TENANT = "tenant"
    LANDLORD = "landlord"


URGENT_TAGS = ("urgent", "紧急")
POINT_KINDS = ("phone", "email", "wechat", "whatsapp", "qq", "address", "website")
PERSONAS = ("first home", "upgrade", "investor")


class ContactPoint(NamedTuple):
    """One way to reach a client. `key` is what two spellings of it have in common, `shown` what a person reads."""

    kind: str
    value: str
    shown: str
    key: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, 分) of its currency."""

    minor: int
    currency: str

    def words(self) -> str:
        whole, cents = divmod(self.minor, 100)
        return f"{self.currency} {whole:,}" + (f".{cents:02d}" if cents else "")


@dataclass(frozen=True, slots=True)
class Client:
    """A person or company the agent serves."""

    id: int
    name: str
    kind: str
    pinyin: str
    tier: str | None
    tier_set_at: datetime | None
    persona: str | None
    source: str | None
    referrer_id: int | None
    referrer: str | None
    family: str | None
    occupation: str | None
    preferred_channel: str | None
    birthday: str | None
    avoid: str | None
    note: str | None
    income: Money | None
    debts: Money | None
    down_payment: Money | None
    credit_note: str | None
    consent: str | None
    do_not_contact: bool
    agent: str
    created_at: datetime
    verified_at: datetime
    archived_at: datetime | None
    last_contact_at: datetime | None
    types: tuple[str, ...]
    tags: tuple[str, ...]
    points: tuple[ContactPoint, ...]

    def first(self, kind: str) -> ContactPoint | None:
        """The first contact point of a kind, the one that lists show."""
        return next((point for point in self.points if point.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Near:
    """A client as one line of a question: who of these did you mean?"""

    id: int
    name: str
    phone: str
    tier: str


class ClientMissing(UsageError):
    """No word says which client is meant."""

    def __init__(self) -> None:
        super().__init__(
            "A client is missing.", "Type an id, phone or name; see who there is with `recrm list-clients`."
        )


class ClientNotFound(NotFound):
    """No client answers to the words; `near` are names like it."""

    def __init__(self, query: str, near: list[Near]) -> None:
        super().__init__()
        self.query, self.near = query, near

    def what(self) -> str:
        return f"No client answers to {quoted(self.query)}."

    def hint(self) -> str:
        if self.near:
            names = ", ".join(f"{near.name} (#{near.id})" for near in self.near)
            return f"Did you mean {names}?"
        if self.query.strip().removeprefix("#").isdecimal():
            return "See who there is with `recrm list-clients`, or look with `recrm find WORDS`."
        words = typed(self.query)
        return f"Look with `recrm find {words}`, or add them with `recrm add-client {words}`."


class ClientAmbiguous(UsageError):
    """Several clients answer to the words."""

    def __init__(self, query: str, matches: list[Near], total: int) -> None:
        super().__init__()
        self.query, self.matches, self.total = query, matches, total

    def what(self) -> str:
        listed = "; ".join(f"#{m.id} {m.name} {m.phone}".rstrip() for m in self.matches)
        more = f"; and {self.total - len(self.matches)} more" if self.total > len(self.matches) else ""
        return f"{quoted(self.query)} could be {self.total} clients: {listed}{more}."

    def hint(self) -> str:
        return f"Give the id instead of the name, such as {self.matches[0].id}."


class ClientGone(Conflict):
    """A client who was there a moment ago: another process has merged or erased them."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"#{number} has gone since: somebody else has just merged or erased them; nothing was written.",
            f"See whether `recrm show-client {number}` finds whom they have become.",
        )


class PointTaken(Conflict):
    """A phone or email that another client already has."""

    def __init__(self, point: ContactPoint, owner_id: int, owner: str) -> None:
        super().__init__()
        self.point, self.owner_id, self.owner = point, owner_id, owner

    def what(self) -> str:
        return f"{self.point.shown} already belongs to {self.owner} (#{self.owner_id}); nothing was written."

    def hint(self) -> str:
        return f"See `recrm show-client {self.owner_id}`, or repeat with --allow-duplicate if both share it."


class NameMissing(UsageError):
    """A client needs a name."""

    def __init__(self) -> None:
        super().__init__(
            "A client needs a name.", "Type it first, such as `recrm add-client 王丽 --phone 13800138000`."
        )


def clean_name(text: str) -> str:
    """A name as it is kept. Raises NameMissing when nothing readable is left, UsageError beyond 200 characters."""
    from recrm.core.text import clean_line

    name = clean_line(text)
    if not any(character.isalnum() for character in name):
        raise NameMissing
    if len(name) > 200:
        raise UsageError(
            f"A name of {len(name)} characters is too long.", "Keep it under 200, and put the rest in --note."
        )
    return name


def parse_money(text: str, currency: str) -> Money:
    """An amount such as `12000`, `12,000.50`, `1.2万`, `350k`. Raises UsageError."""
    words = text.strip().replace(",", "").replace("，", "").replace(" ", "")
    factor = 1
    for suffix, value in (("万", 10_000), ("w", 10_000), ("亿", 100_000_000), ("k", 1_000), ("m", 1_000_000)):
        if words.lower().endswith(suffix):
            words, factor = words[: -len(suffix)], value
            break
    try:
        minor = Decimal(words) * factor * 100
        exact = int(minor)
    except (InvalidOperation, ValueError, OverflowError):
        raise UsageError(
            f"{quoted(text)} is no amount of money.", "Write it as 12000, 12000.50, 1.2万 or 350k."
        ) from None
    if minor != exact or not 0 <= exact <= 10**15:
        raise UsageError(
            f"{quoted(text)} is no amount that can be kept.", "Write it as 12000 or 12000.50, below ten trillion."
        )
    return Money(exact, currency)
