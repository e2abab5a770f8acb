"""`recrm` alone: how today stands, and the three commands to try next."""

from __future__ import annotations

from recrm.app import App
from recrm.core.due import DueWindow
from recrm.core.i18n import _, ngettext
from recrm.core.moments import end_of
from recrm.storage.errors import DatabaseAbsent
from recrm.today.phrasing import counts_text, head_text
from recrm.today.queue import due_queue


def show_home(app: App) -> None:
    """Counts of today, or how to begin where there is no database yet."""
    try:
        conn = app.db.conn
    except DatabaseAbsent:
        if app.db_option:
            raise
        tries = [
            ("recrm demo", _("look around in a sample shop")),
            ("recrm init", _("create your own database")),
            ("recrm --help", _("all commands")),
        ]
        app.out.show(
            lambda: {"db": str(app.db_path), "exists": False},
            lambda: _say(app, [_("There is no database at {path} yet.", path=app.db_path)], tries),
        )
        return
    queue = due_queue(conn, DueWindow(app.now, end_of(app.today, app.zone), app.settings), limit=1)
    clients = conn.execute("SELECT count(*) FROM clients WHERE archived_at IS NULL").fetchone()[0]
    heads = [_("{clause}.", clause=head_text(queue)), counts_text(queue)]
    if queue.ranked:
        item = queue.ranked[0].item
        heads.append(_("First: {client}, {reason}", client=item.client, reason=item.reason))
    tries = [("recrm due-today", _("the whole list, most urgent first"))]
    if queue.ranked:
        first = queue.ranked[0].item.client_id
        tries += [
            (f"recrm show-client {first}", _("what to know before you call")),
            (f'recrm log {first} "…"', _("what was said, when you have")),
        ]
    else:
        tries += [
            ('recrm add-client "王丽" --phone 13800138000', _("somebody new")),
            ("recrm import contacts.csv", _("everybody at once")),
        ]
    app.out.show(
        lambda: {
            "db": str(app.db_path),
            "exists": True,
            "clients": clients,
            "due": queue.due,
            "overdue": queue.overdue,
            "counts": {kind: count.due for kind, count in queue.counts.items()},
        },
        lambda: _say(
            app,
            [*heads, ngettext("{n} client in {path}.", "{n} clients in {path}.", clients, path=app.db_path)],
            tries,
        ),
    )


def _say(app: App, heads: list[str], tries: list[tuple[str, str]]) -> None:
    for line in filter(None, heads):
        app.out.say(line)
    app.out.say()
    app.out.card("", tries)
