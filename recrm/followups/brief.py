"""What was promised, in a client's briefing."""

from __future__ import annotations

from recrm.app import App
from recrm.clients.model import Client
from recrm.core import ui
from recrm.core.brief import Brief
from recrm.core.i18n import _
from recrm.core.ui import Cell, Output
from recrm.followups import store
from recrm.followups.view import due_cell, follow_up_json, text_label


def brief(app: App, client: Client, _how_many: int) -> Brief:
    """The client's open follow-ups."""
    follow_ups = store.open_for_client(app.db.conn, client.id, app.zone)

    def draw(out: Output) -> None:
        if not follow_ups:
            return
        out.say()
        out.heading(_("Promised"))
        for follow_up in follow_ups:
            text = _(": {text}", text=text_label(follow_up))
            out.paragraph(Cell(f"f{follow_up.id} ", ui.MUTED), due_cell(follow_up, app.now), text)

    return Brief(20, {"follow_ups": [follow_up_json(follow_up, app.now) for follow_up in follow_ups]}, draw)
