"""What a client is, and the rules that need no database: names, tiers, money, who may be contacted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple

from recrm.core.errors import Conflict, NotFound, UsageError
from recrm.core.i18n import N_, _
from recrm.core.labels import enumeration
from recrm.core.text import clean_line, quoted, typed

CHINESE_MOBILE = r"1[3-9]\d{9}"  # as it is written in China, a pattern


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

    def label(self) -> str:
        """`CNY 350,000`, with the cents where there are any; the number alone where no currency is known."""
        whole, cents = divmod(self.minor, 100)
        return f"{self.currency} {whole:,}{f'.{cents:02d}' if cents else ''}".strip()


@dataclass(frozen=True, slots=True)
class Client:
    """A person or company the agent serves: what rules ask for by name, and in `more` what is only kept and shown."""

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
    more: Mapping[str, Any] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """What is known under a field's key (`fieldtable.Field.key`)."""
        return self.more[key] if key in self.more else getattr(self, key)

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
            N_("A client is missing."), N_("Type an id, phone or name; see who there is with `recrm list-clients`.")
        )


class ClientNotFound(NotFound):
    """No client answers to the query; `near` are names like it."""

    def __init__(self, query: str, near: list[Near]) -> None:
        super().__init__()
        self.query, self.near = query, near

    def what(self) -> str:
        return _("No client answers to {query}.", query=quoted(self.query))

    def hint(self) -> str:
        if self.near:
            names = enumeration(_("{client} (#{id})", client=near.name, id=near.id) for near in self.near)
            return _("Did you mean {names}?", names=names)
        if self.query.strip().removeprefix("#").isdecimal():
            return _("See who there is with `recrm list-clients`, or look with `recrm find WORDS`.")
        return _(
            "Look with `recrm find {query}`, or add them with `recrm add-client {query}`.", query=typed(self.query)
        )


class ClientAmbiguous(UsageError):
    """Several clients answer to the query."""

    def __init__(self, query: str, matches: list[Near], total: int) -> None:
        super().__init__()
        self.query, self.matches, self.total = query, matches, total

    def what(self) -> str:
        listed = _("; ").join(f"#{m.id} {m.name} {m.phone}".rstrip() for m in self.matches)
        query, total, more = quoted(self.query), self.total, self.total - len(self.matches)
        if more > 0:
            return _(
                "{query} could be {total} clients: {clients}; and {more} more.",
                query=query, total=total, clients=listed, more=more,
            )  # fmt: skip
        return _("{query} could be {total} clients: {clients}.", query=query, total=total, clients=listed)

    def hint(self) -> str:
        return _("Give the id instead of the name, such as {id}.", id=self.matches[0].id)


class ClientGone(Conflict):
    """A client who was there a moment ago: another process has merged or erased them."""

    def __init__(self, number: int) -> None:
        super().__init__(
            N_("#{id} is gone: somebody else has just merged or erased them; nothing was written."),
            N_("See with `recrm show-client {id}` whether they were merged into somebody."),
            id=number,
        )


class PointTaken(Conflict):
    """A phone or email that another client already has."""

    def __init__(self, point: ContactPoint, owner_id: int, owner: str) -> None:
        super().__init__(
            N_("{point} already belongs to {owner} (#{id}); nothing was written."),
            N_("See `recrm show-client {id}`, or repeat with --allow-duplicate if both share it."),
            point=point.shown, owner=owner, id=owner_id,
        )  # fmt: skip
        self.point, self.owner_id, self.owner = point, owner_id, owner


class NameMissing(UsageError):
    """A client needs a name."""

    def __init__(self) -> None:
        super().__init__(
            N_("A client needs a name."), N_("Type it first, such as `recrm add-client 王丽 --phone 13800138000`.")
        )


class TextTooLong(UsageError):
    """More text than a field is for."""

    def __init__(self, text: str, limit: int, hint: str = N_("Keep it under {limit} characters.")) -> None:
        """`hint` is a template that may name the `limit`."""
        super().__init__(N_("{text} has {n} characters."), hint, text=quoted(text), n=len(text), limit=limit)


MOST_NAME = 200
MOST_MINOR = 10**15


def clean_name(text: str) -> str:
    """A name as it is kept. Raises NameMissing when nothing readable is left, TextTooLong beyond 200 characters."""
    name = clean_line(text)
    if not any(character.isalnum() for character in name):
        raise NameMissing
    if len(name) > MOST_NAME:
        raise TextTooLong(name, MOST_NAME, N_("Keep a name under {limit} characters, and put the rest in --note."))
    return name


def parse_money(text: str, currency: str) -> Money:
    """An amount such as `12000`, `12,000.50`, `1.2万`, `350k`. Raises UsageError."""
    number = text.strip().replace(",", "").replace("，", "").replace(" ", "")
    factor = 1
    for suffix, value in (("万", 10_000), ("w", 10_000), ("亿", 100_000_000), ("k", 1_000), ("m", 1_000_000)):
        if number.lower().endswith(suffix):
            number, factor = number[: -len(suffix)], value
            break
    try:
        minor = Decimal(number) * factor * 100
        exact = int(minor)
    except (InvalidOperation, ValueError, OverflowError):
        raise UsageError(
            N_("{text} is not an amount of money."),
            N_("Write it as 12000, 12000.50, 1.2万 or 350k."),
            text=quoted(text),
        ) from None
    if minor != exact or not 0 <= exact <= MOST_MINOR:
        raise UsageError(
            N_("{text} is not an amount that can be kept."),
            N_("Write it as 12000 or 12000.50, below ten trillion."),
            text=quoted(text),
        )
    return Money(exact, currency)
