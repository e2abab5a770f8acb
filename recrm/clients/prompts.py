"""add-client field by field: each answer is checked at once, Enter skips, Ctrl-C or Ctrl-D leaves nothing saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from recrm.app import App
from recrm.clients import fields, store
from recrm.clients.model import clean_name
from recrm.core.errors import UsageError


@dataclass
class Answers:
    """What was answered, in the words of add-client's options."""

    name: str = ""
    reach: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def ask_for_client(app: App) -> Answers:
    """Ask for the fields an agent knows at the first call; the rest goes through edit-client later."""
    app.out.say("Enter skips a field. Ctrl-C leaves; nothing is saved until the last answer.")
    answers = Answers()
    answers.name = _asked(app, "Name", clean_name, needed=True)
    for kind, question in (("phone", "Phone"), ("wechat", "WeChat id"), ("email", "Email")):

        def known(words: str, kind: str = kind) -> str:
            point = fields.make_point(kind, words, app.region)
            if app.db_path.exists() and kind != "wechat" and (owner := store.owner_of(app.db.conn, point)):
                raise UsageError(
                    f"{point.shown} already belongs to {owner[1]} (#{owner[0]}).",
                    "Type another, or Enter to skip.",
                )
            return words

        if words := _asked(app, question, known):
            answers.reach[kind] = [words]
    answers.types = _asked_list(app, "Type (buyer, seller, tenant, landlord)", lambda words: fields.types_of([words]))
    answers.texts["tier"] = (
        _asked(
            app,
            "Tier (A hot and matched, B promising, C watching)",
            lambda w: str(fields.tier_columns(app, w)["tier"]),
        )
        or None
    )
    answers.texts["source"] = _asked(app, "Source (portal, walk-in, referral …)", str) or None
    answers.texts["birthday"] = (
        _asked(app, "Birthday (1990-05-20, or 20 may)", lambda w: _checked(w, fields.birthday_columns(app, w))) or None
    )
    answers.texts["avoid"] = _asked(app, "Topics to avoid", str) or None
    answers.tags = _asked_list(app, "Tags (urgent, 学区房 …)", lambda words: fields.tags_of(words.split()))
    answers.texts["note"] = _asked(app, "Note", str) or None
    return answers


def _asked(app: App, question: str, check: Callable[[str], str], *, needed: bool = False) -> str:
    """Ask until the answer passes its check; an empty one skips a field that is not needed."""
    while True:
        words = app.out.ask(question)
        if not words and not needed:
            return ""
        try:
            return check(words)
        except UsageError as error:
            app.out.note(f"{error.what()} {error.hint()}".strip())


def _asked_list(app: App, question: str, check: Callable[[str], list[str]]) -> list[str]:
    found: list[str] = []

    def keep(words: str) -> str:
        found[:] = check(words)
        return words

    _asked(app, question, keep)
    return found


def _checked(words: str, _columns: object) -> str:
    """The words, once their columns could be made."""
    return words
