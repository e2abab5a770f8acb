"""The options of add-client and edit-client, made of the table of fields, and what completes their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from recrm.app import App
from recrm.clients.fieldtable import BY_NAME, OPTIONS, PROFILE, REACH, Field, Kind, in_order
from recrm.clients.lookup import complete_client, find_referrer
from recrm.clients.matching import known_tags
from recrm.core.params import Completer, Fields, Option


def complete_tag(app: App, incomplete: str) -> list[str]:
    """Shell completion of tags in use."""
    import sqlite3

    from recrm.core.errors import RecrmError
    from recrm.core.text import typed

    try:
        tags = known_tags(app.db.conn)
        # A shell evaluates what it is offered, so a tag with signs or blanks is left to be typed.
        return [tag for tag in tags if tag.lower().startswith(incomplete.lower()) and typed(tag) == tag]
    except (RecrmError, sqlite3.Error):
        return []


_COMPLETERS: dict[Kind, Completer] = {Kind.TAGS: complete_tag, Kind.REFERRER: complete_client}
_TYPES: dict[Kind, Any] = {
    **dict.fromkeys((Kind.POINT, Kind.TYPES, Kind.TAGS), list[str] | None),
    **dict.fromkeys((Kind.FLAG, Kind.COMPANY), bool | None),
}


def _parameter(field: Field, option: Option) -> tuple[Any, Option]:
    """The type of an option's value, and the option with what completes it."""
    if complete := _COMPLETERS.get(field.kind):
        option = Option(*option.names, help=option.help, metavar=option.metavar, panel=option.panel, complete=complete)
    return _TYPES.get(field.kind, str | None), option


_ADDED = {field.name: _parameter(field, field.option) for field in in_order(OPTIONS) if field.option}
# Beside the fields, edit-client takes away a contact point and adds a line to a note.
_BESIDE: dict[str, Mapping[str, tuple[Any, Option]]] = {
    "do_not_contact": {
        "remove": (
            list[str] | None,
            Option(
                "--remove", metavar="VALUE", help="Take away this phone, email or other contact point.", panel=REACH
            ),
        )
    },
    "note": {"add_note": (str | None, Option("--add-note", help="A line added to the note.", panel=PROFILE))},
}
_EDITED: dict[str, tuple[Any, Option]] = {}
for _field in in_order(OPTIONS):
    if _option := _field.edit_option or _field.option:
        _EDITED |= {_field.name: _parameter(_field, _option), **_BESIDE.get(_field.name, {})}

AddedFields = Annotated[dict[str, Any], Fields(_ADDED)]
EditedFields = Annotated[dict[str, Any], Fields(_EDITED)]
AllowDuplicate = Annotated[bool, Option("--allow-duplicate", help="Also where another client has this phone or email.")]


def resolved(app: App, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, the referrer as a client; may ask which one is meant, so never inside a transaction."""
    return {
        name: find_referrer(app, value)
        if value is not None and name in BY_NAME and BY_NAME[name].kind is Kind.REFERRER
        else value
        for name, value in given.items()
    }
