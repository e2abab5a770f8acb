"""show-client and find: what an agent needs in the stairwell, and who was that again?"""

from __future__ import annotations

from typing import Annotated

from recrm.app import App
from recrm.briefing import store, view
from recrm.clients.lookup import ClientArgument
from recrm.core.params import Option


def show_client(
    app: App,
    client: ClientArgument,
    contacts: Annotated[int, Option("--contacts", "-c", min=0, max=1000, help="How many of the last contacts.")] = 3,
) -> None:
    """Brief yourself before a call: who, how to reach them, what to avoid, what was said and promised.

    Example: recrm show-client lina
    """
    briefing = store.briefing(app, client, contacts)
    app.out.show(lambda: view.briefing_json(briefing), lambda: view.briefing_card(app.out, briefing, app.now))
