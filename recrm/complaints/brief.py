"""What is not settled yet, in a client's briefing."""

from __future__ import annotations

from recrm.app import App
from recrm.clients.model import Client
from recrm.complaints import store
from recrm.complaints.labels import SEVERITIES
from recrm.complaints.view import SEVERITY_STYLE, complaint_json, next_cell
from recrm.core import ui
from recrm.core.brief import Brief
from recrm.core.i18n import _
from recrm.core.ui import Cell, Output


def brief(app: App, client: Client, _how_many: int) -> Brief:
    """The client's complaints that are not closed."""
    complaints = store.open_for_client(app.db.conn, client.id, app.zone)

    def draw(out: Output) -> None:
        if not complaints:
            return
        out.say()
        out.heading(_("Open complaints"), ui.BAD)
        for complaint in complaints:
            severity, number = _(SEVERITIES[complaint.severity]), complaint.id
            if complaint.reopened:
                head = _("c{id} {severity}, reopened {n}×, ", id=number, severity=severity, n=complaint.reopened)
            else:
                head = _("c{id} {severity}, ", id=number, severity=severity)
            out.paragraph(Cell(head, SEVERITY_STYLE[complaint.severity]), next_cell(complaint, app.now))
            out.paragraph(complaint.text)

    return Brief(10, {"complaints": [complaint_json(complaint, app.now) for complaint in complaints]}, draw)
