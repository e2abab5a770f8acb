"""find: who was that again?"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from recrm.app import App
from recrm.briefing import hits as view
from recrm.briefing import search
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.params import Argument, LimitOption, Option
from recrm.core.text import clean_line


class FindSort(StrEnum):
    """In which order the best hits stand."""

    MATCH = "match"
    NAME = "name"
    LAST_CONTACT = "last-contact"


SORTS: dict[FindSort, Callable[[search.Hit], Any]] = {
    FindSort.NAME: lambda hit: hit.name,
    FindSort.LAST_CONTACT: lambda hit: hit.last_contact_at.timestamp() if hit.last_contact_at else 0.0,
}


def find(
    app: App,
    words: Annotated[
        list[str],
        Argument("WORDS...", help="Anything: ln, lina, 8000, 学区房, a word of a note."),
    ],
    sort: Annotated[FindSort, Option("--sort", help="How to order the best.")] = FindSort.MATCH,
    limit: LimitOption = None,
) -> None:
    """Find clients by name, phone, tag or any word of a note; by pinyin, initials, address and what was said, too.

    Example: recrm find 138-0013
    """
    query = clean_line(" ".join(words))
    if not query:
        raise UsageError(
            N_("There is nothing to look for."), N_("Type a name, a part of a phone, or a word of a note.")
        )
    hits, more = search.find(app, query, 20 if limit is None else limit or None)
    if sort is not FindSort.MATCH:
        hits.sort(key=SORTS[sort])
    app.out.show(lambda: view.hits_json(hits), lambda: view.hits_table(app.out, hits, query, app.now))
    if more:
        app.out.note(_("Shown: the best {count}; type more of the word, or `--limit 0` shows all.", count=len(hits)))
