"""Contacts as JSON and as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from recrm.contacts.labels import channel_label
from recrm.contacts.model import Contact
from recrm.core import ui
from recrm.core.i18n import _, ngettext
from recrm.core.labels import ago_label
from recrm.core.moments import iso, zone_of
from recrm.core.ui import Cell, Column, Output


def contact_json(contact: Contact) -> dict[str, Any]:
    """One contact, the stable shape."""
    zone = zone_of(contact.at)
    return {
        "id": contact.id,
        "client_id": contact.client_id,
        "client": contact.client,
        "at": iso(contact.at, zone),
        "direction": contact.direction,
        "channel": contact.channel,
        "text": contact.text,
        "feedback": contact.feedback,
        "next_step": contact.next_step,
        "agent": contact.agent or None,
    }


def text_label(contact: Contact) -> str:
    """What was said and how the client took it, on one line."""
    return f"{contact.text} → {contact.feedback}" if contact.feedback else contact.text


def when_label(contact: Contact, now: datetime) -> str:
    """When, how and who began: `3 days ago, call`, `yesterday, wechat, from them`."""
    when, channel = ago_label(contact.at, now), channel_label(contact.channel)
    if contact.direction == "in":
        return _("{when}, {channel}, from them", when=when, channel=channel)
    return _("{when}, {channel}", when=when, channel=channel)


def contacts_table(out: Output, contacts: Sequence[Contact], total: int, now: datetime) -> None:
    """Contacts, one a row."""
    out.heading(ngettext("{n} contact", "{n} contacts", total))
    if not contacts:
        return
    out.table(
        [
            Column("When", keep=True),
            Column("Client", least=8),
            Column("How", keep=True),
            Column("Said → how they took it", wrap=True, least=24),
            Column("Next", leave_below=120, wrap=True),
            Column("Agent", leave_below=100),
        ],
        [
            [
                ago_label(contact.at, now),
                contact.client,
                Cell(_("{channel} in", channel=channel_label(contact.channel)), ui.WARN)
                if contact.direction == "in"
                else channel_label(contact.channel),
                text_label(contact),
                contact.next_step or "",
                contact.agent,
            ]
            for contact in contacts
        ],
    )
    out.shown(len(contacts), total)
