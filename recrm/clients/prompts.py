"""add-client field by field: each answer is checked at once, Enter skips, Ctrl-C or Ctrl-D leaves nothing saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from recrm.app import App
from recrm.clients import fields, store
from recrm.clients.fieldtable import FORM, Field, Kind, in_order
from recrm.clients.model import clean_name, parse_money
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _


def ask_for_client(app: App) -> dict[str, Any]:
    """What was answered, by field, as add-client's options give it: the fields an agent knows at the first call.

    The rest goes through edit-client later.
    """
    app.out.say(_("Enter skips a field. Ctrl-C leaves; nothing is saved until the last answer."))
    answers: dict[str, Any] = {}
    for field in in_order(FORM):
        if field.question and (answer := _answer(app, field)):
            answers[field.name] = answer
    return answers


def _answer(app: App, field: Field) -> Any:
    """Ask until the answer passes its check; an empty one skips a field that is not needed."""
    check = _CHECKS.get(field.kind, _as_it_is)
    while True:
        text = app.out.ask(_(field.question))
        if not text and field.kind is not Kind.NAME:
            return None
        try:
            return check(app, field, text)
        except UsageError as error:
            app.out.note(error.in_full())


def _as_it_is(_app: App, _field: Field, text: str) -> str:
    return text


def _point(app: App, field: Field, text: str) -> list[str]:
    """A contact point; a phone or an email that somebody has is refused. Raises UsageError."""
    point = fields.make_point(field.name, text, app.region)
    if app.db_path.exists() and point.kind in store.UNIQUE_POINTS and (owner := store.owner_of(app.db.conn, point)):
        raise UsageError(
            N_("{point} already belongs to {owner} (#{id})."),
            N_("Type another, or Enter to skip."),
            point=point.shown, owner=owner[1], id=owner[0],
        )  # fmt: skip
    return [text]


def _once_checked(check: Callable[[App, str], object]) -> Callable[[App, Field, str], str]:
    """The answer as it was typed, once its value could be made."""

    def answer(app: App, _field: Field, text: str) -> str:
        check(app, text)
        return text

    return answer


_CHECKS: dict[Kind, Callable[[App, Field, str], Any]] = {
    Kind.NAME: lambda _app, _field, text: clean_name(text),
    Kind.POINT: _point,
    Kind.TYPES: lambda _app, _field, text: fields.types_of([text]),
    Kind.TAGS: lambda _app, _field, text: fields.tags_of(text.split()),
    Kind.TIER: _once_checked(lambda _app, text: fields.tier_of(text)),
    Kind.DAY: _once_checked(fields.birthday_typed),
    Kind.MONEY: _once_checked(lambda _app, text: parse_money(text, "")),
}
