"""The options that choose among clients, shared by every command that takes some of them, and what they mean."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from recrm.app import App
from recrm.clients import fields
from recrm.clients.matching import tags_like
from recrm.clients.options import complete_tag
from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.params import Option

TierFilter = Annotated[str | None, Option("--tier", "-t", metavar="A|B|C|none", help="Only this tier.")]
TypeFilter = Annotated[str | None, Option("--type", metavar="TYPE", help="Only buyers, sellers, tenants or landlords.")]
TagFilter = Annotated[str | None, Option("--tag", help="Only with this tag.", complete=complete_tag)]
AgentFilter = Annotated[str | None, Option("--agent", help="Only this agent's.")]
ArchivedFilter = Annotated[bool, Option("--archived", help="The archived ones instead.")]


class Wanted(NamedTuple):
    """Which clients are meant, as the store asks for them; None: whoever."""

    tier: str | None  # "" for those without one
    client_type: str | None
    tags: list[str] | None
    agent: str | None

    @property
    def is_everybody(self) -> bool:
        return self == Wanted(None, None, None, None)


def wanted(app: App, tier: str | None, client_type: str | None, tag: str | None, agent: str | None) -> Wanted:
    """The values of the options, checked. Raises UsageError."""
    return Wanted(
        tier=None if tier is None else fields.tier_of(tier) or "",
        client_type=next(iter(fields.types_of([client_type])), None) if client_type else None,
        tags=None if tag is None else tags_like(app.db.conn, needed(fields.tags_of([tag]))),
        agent=agent,
    )


def needed(tags: list[str]) -> list[str]:
    """The tags, of which there is one at least. Raises UsageError."""
    if not tags:
        raise UsageError(N_("A tag is missing."), N_("A tag is a word, such as in `recrm tag 王丽 学区房`."))
    return tags
