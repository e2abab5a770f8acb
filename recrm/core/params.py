"""What a command takes, as data: its arguments and options, and how what was typed becomes a value.

A command is a plain function whose first parameter is the App. Each further one is annotated with what it is on the
command line:

    def agenda(app: App, days: Annotated[int, Option("--days", "-d", min=1, help="How many days.")] = 7) -> None:

A `Resolver` beside it makes of the text that was typed whatever the command wants: a CLIENT arrives as a Client, a
WHEN as a date or a moment. `Fields` stands for many options at once, whose values arrive as one dict. Nothing here
knows the parser; `recrm.cli.parameters` makes its parameters of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.moments import When
from recrm.core.record import Record
from recrm.core.text import quoted

if TYPE_CHECKING:
    from recrm.app import App

# Given the App and what was typed so far: what it could become, each alone or with an explanation.
Completer = Callable[["App", str], "Sequence[str | tuple[str, str]]"]


class Argument(Record):
    """A word by its place. `help` is a template, `metavar` its name in the usage line, `min` the least of a number."""

    metavar: str
    help: str = ""
    complete: Completer | None = None
    min: int | None = None


class Option:
    """A word by its name: `Option("--days", "-d", help="How many days.")`. `help` and `panel` are templates.

    `min` and `max` bound a number; `show_default` tells the default in the help. `synonyms` are what the choices are
    called in other languages, taken whatever the interface speaks. A plain class, for to import dataclasses would
    cost every command a millisecond.
    """

    __slots__ = ("complete", "help", "max", "metavar", "min", "names", "panel", "show_default", "synonyms")

    def __init__(
        self,
        *names: str,
        help: str,  # noqa: A002  # what it is
        metavar: str | None = None,
        min: int | None = None,  # noqa: A002
        max: int | None = None,  # noqa: A002
        panel: str | None = None,
        complete: Completer | None = None,
        show_default: bool = True,
        synonyms: Mapping[str, str] | None = None,
    ) -> None:
        self.names, self.help, self.metavar, self.min, self.max = names, help, metavar, min, max
        self.panel, self.complete, self.show_default, self.synonyms = panel, complete, show_default, synonyms or {}


class Resolver(Record):
    """How the text of a parameter becomes its value; not asked where the parameter was not given."""

    resolve: Callable[[App, str], Any]


class Fields(Record):
    """Many options whose values arrive as one dict, by key: the option, and the type of its value."""

    options: Mapping[str, tuple[Any, Option]]


EVERYWHERE = N_("Everywhere")


def due_when(app: App, text: str) -> When:
    """A deadline: looks ahead."""
    from recrm.core.dates import parse_when

    return parse_when(text, now=app.now, look="ahead", order=app.settings.text("date_order") or None)


def past_moment(app: App, text: str) -> datetime:
    """When something happened: looks back; a day without a time means its noon, or now if that is later."""
    from datetime import time

    from recrm.core.dates import parse_when

    when = parse_when(text, now=app.now, look="back", order=app.settings.text("date_order") or None)
    if not isinstance(when, datetime):
        when = app.now if when == app.today else datetime.combine(when, time(12), app.zone)
    if when > app.now:
        raise UsageError(
            N_("{when} is in the future, and nothing has happened there yet."),
            N_("Name a day or time that is past, or plan ahead with `recrm add-follow-up`."),
            when=quoted(text),
        )
    return when


def any_day(app: App, text: str) -> When:
    """A day or moment to look from, ahead or behind."""
    from recrm.core.dates import parse_when

    return parse_when(text, now=app.now, order=app.settings.text("date_order") or None)


WhenArgument = Annotated[When, Argument("WHEN", help="tomorrow, +3d, fri, 30 nov 14:30, 下周三 …"), Resolver(due_when)]
AsOfOption = Annotated[
    When | None,
    Option("--as-of", metavar="WHEN", help="Look at the list as it would stand then."),
    Resolver(any_day),
]
LimitOption = Annotated[
    int | None,
    Option("--limit", "-n", min=0, max=1_000_000_000, help="Rows at the most; 0 for all.", show_default=False),
]


def limit_of(app: App, limit: int | None) -> int | None:
    """Rows at the most: the option's, else the config's; None for all."""
    chosen = app.settings.count("list_limit") if limit is None else limit
    return chosen or None
