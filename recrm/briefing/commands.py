"""show-client and find: what an agent needs in the stairwell, and who was that again?"""

from __future__ import annotations

from typing import Annotated

import typer

from recrm.briefing import store, view
from recrm.clients.lookup import ClientArgument
from recrm.core.app import App
from recrm.core.errors import UsageError
from recrm.core.params import LimitOption
from recrm.core.text import clean_line


def show_client(
    app: App,
    client: ClientArgument,
    contacts: Annotated[
        int, typer.Option("--contacts", "-c", min=0, max=1000, help="How many of the last contacts.")
    ] = 3,
) -> None:
    """Brief yourself before a call: who, how to reach them, what to avoid, what was said and promised.

    Example: recrm show-client lina
    """
    briefing = store.briefing(app, client, contacts)
    app.out.show(lambda: view.briefing_json(briefing, app.now), lambda: view.briefing_card(app.out, briefing, app.now))


def find(
    app: App,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS...", help="Anything: ln, lina, 8000, 学区房, a word of a note."),
    ],
    limit: LimitOption = None,
) -> None:
    """Find clients by name, pinyin, initials, phone, address, tag, or any word of a note or contact.

    Example: recrm find 138-0013
    """
    query = clean_line(" ".join(words))
    if not query:
        raise UsageError("There is nothing to look for.", "Type a name, a part of a phone, or a word of a note.")
    hits = store.find(app, query, 20 if limit is None else limit or None)
    app.out.show(lambda: view.hits_json(hits), lambda: view.hits_table(app.out, hits, query, app.now))
