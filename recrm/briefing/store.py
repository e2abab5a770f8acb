"""What show-client gathers from the slices."""

from __future__ import annotations

from dataclasses import dataclass

from recrm import slices
from recrm.app import App
from recrm.clients import store as clients
from recrm.clients.model import Client
from recrm.core.brief import Brief


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that an agent wants in sight before a call."""

    client: Client
    briefs: list[Brief]
    referrals: list[tuple[int, str]]


def briefing(app: App, client: Client, how_many: int) -> Briefing:
    """Gather a client's briefing; `how_many` contacts, and as many of whatever else may be long."""
    briefs = [brief(app, client, how_many) for brief in slices.briefs()]
    return Briefing(client, briefs, clients.referrals_of(app.db.conn, client.id))
