"""What show-client and find gather from the slices."""

from __future__ import annotations

from dataclasses import dataclass

from recrm.app import App
from recrm.clients import store as clients
from recrm.clients.model import Client
from recrm.complaints import store as complaints
from recrm.complaints.model import Complaint
from recrm.contacts import store as contacts
from recrm.contacts.model import Contact
from recrm.followups import store as followups
from recrm.followups.model import FollowUp


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that an agent wants in sight before a call."""

    client: Client
    contacts: list[Contact]
    contacts_in_all: int
    follow_ups: list[FollowUp]
    complaints: list[Complaint]
    referrals: list[tuple[int, str]]


def briefing(app: App, client: Client, how_many: int) -> Briefing:
    """Gather a client's briefing."""
    conn, zone = app.db.conn, app.zone
    last, total = contacts.listed(conn, zone, client_id=client.id, limit=how_many)
    return Briefing(
        client=client,
        contacts=last,
        contacts_in_all=total,
        follow_ups=followups.open_for_client(conn, client.id, zone),
        complaints=complaints.open_for_client(conn, client.id, zone),
        referrals=clients.referrals_of(conn, client.id),
    )
