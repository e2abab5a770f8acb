"""What was said last, in a client's briefing."""

from __future__ import annotations

from recrm.app import App
from recrm.clients.model import Client
from recrm.contacts import store
from recrm.contacts.view import contact_json, text_label, when_label
from recrm.core import ui
from recrm.core.brief import Brief
from recrm.core.i18n import _
from recrm.core.ui import Cell, Output


def brief(app: App, client: Client, how_many: int) -> Brief:
    """The client's latest contacts."""
    contacts, total = store.listed(app.db.conn, app.zone, client_id=client.id, limit=how_many)

    def draw(out: Output) -> None:
        out.say()
        if not total:
            out.heading(_("Never contacted"), ui.MUTED)
            return
        if not contacts:
            return
        if total > len(contacts):
            out.heading(_("Last {count} of {total} contacts", count=len(contacts), total=total))
        else:
            out.heading(_("Contacts"))
        for contact in contacts:
            when = _("{when}: ", when=when_label(contact, app.now))
            out.paragraph(Cell(when, ui.MUTED), text_label(contact))

    made = {"contacts": [contact_json(contact) for contact in contacts], "contacts_in_all": total}
    return Brief(30, made, draw)
