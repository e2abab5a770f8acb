"""`recrm` alone: how today stands, and the three commands to try next."""

from __future__ import annotations

from recrm.app import App
from recrm.core.due import Moment
from recrm.core.moments import end_of
from recrm.storage.errors import DatabaseAbsent
from recrm.today.phrasing import counts_words, head_words
from recrm.today.queue import due_queue


def show_home(app: App) -> None:
    """Counts of today, or how to begin where there is no database yet."""
    try:
        conn = app.db.conn
    except DatabaseAbsent:
        if app.db_option:
            raise
        tries = [
            ("recrm demo", "look around in a sample shop"),
            ("recrm init", "create your own database"),
            ("recrm --help", "all commands"),
        ]
        app.out.show(
            lambda: {"db": str(app.db_path), "exists": False},
            lambda: _words(app, [f"There is no database at {app.db_path} yet."], tries),
        )
        return
    queue = due_queue(conn, Moment(app.now, end_of(app.today, app.zone), app.settings), limit=1)
    clients = conn.execute("SELECT count(*) FROM clients WHERE archived_at IS NULL").fetchone()[0]
    heads = [f"{head_words(queue)}.", counts_words(queue)]
    if queue.ranked:
        heads.append(f"First: {queue.ranked[0].item.client}, {queue.ranked[0].item.reason}")
    tries = [("recrm due-today", "the whole list, most urgent first")]
    if queue.ranked:
        first = queue.ranked[0].item.client_id
        tries += [
            (f"recrm show-client {first}", "what to know before you call"),
            (f'recrm log {first} "…"', "what was said, when you have"),
        ]
    else:
        tries += [
            ('recrm add-client "王丽" --phone 13800138000', "somebody new"),
            ("recrm import contacts.csv", "everybody at once"),
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
        lambda: _words(
            app,
            [*heads, f"{clients} clients in {app.db_path}." if clients != 1 else f"1 client in {app.db_path}."],
            tries,
        ),
    )


def _words(app: App, heads: list[str], tries: list[tuple[str, str]]) -> None:
    for line in filter(None, heads):
        app.out.say(line)
    app.out.say()
    app.out.card("", tries)
