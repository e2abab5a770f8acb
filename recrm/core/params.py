"""Words into values: turns a command function into what typer wants, and shares the options every command has.

A command is a plain function whose first parameter is the App. A parameter annotated with `Words(resolve)` is a
string on the command line and arrives as whatever `resolve(app, string)` makes of it: a CLIENT as a Client, a
WHEN as a date or a moment.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import typer

from recrm.core.app import App
from recrm.core.errors import UsageError
from recrm.core.moments import When
from recrm.core.text import quoted

EVERYWHERE = "Everywhere"

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.", rich_help_panel=EVERYWHERE)]
DbOption = Annotated[
    Path | None,
    typer.Option("--db", metavar="PATH", help="The database file (or RECRM_DB).", rich_help_panel=EVERYWHERE),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="The config file (or RECRM_CONFIG).", rich_help_panel=EVERYWHERE),
]


class Words(NamedTuple):
    """How the words of a parameter become its value."""

    resolve: Callable[[App, str], Any]


def bind(function: Callable[..., None]) -> Callable[..., None]:
    """The function as typer takes it: without the App, with plain types, and with the options of every command."""
    hints = get_type_hints(function, include_extras=True)
    own = list(inspect.signature(function).parameters.values())[1:]
    resolvers: dict[str, Callable[[App, str], Any]] = {}
    parameters = [inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)]
    for parameter in own:
        annotation = hints[parameter.name]
        if get_origin(annotation) is Annotated:
            value_type, *extras = get_args(annotation)
            for words in (extra for extra in extras if isinstance(extra, Words)):
                resolvers[parameter.name] = words.resolve
                value_type = str | None if type(None) in get_args(value_type) else str
                annotation = Annotated[(value_type, *(extra for extra in extras if extra is not words))]
        parameters.append(parameter.replace(annotation=annotation, kind=inspect.Parameter.KEYWORD_ONLY))
    for name, option, default in (
        ("json_option", JsonOption, False),
        ("db_option", DbOption, None),
        ("config_option", ConfigOption, None),
    ):
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=option, default=default))

    def callback(
        ctx: typer.Context,
        json_option: bool,
        db_option: Path | None,
        config_option: Path | None,
        **given: Any,
    ) -> None:
        app: App = ctx.obj
        app.given(db_option, config_option, json_option)
        app.command = ctx.info_name or ""
        for name, resolve in resolvers.items():
            if given[name] is not None:
                given[name] = resolve(app, given[name])
        function(app, **given)

    callback.__doc__ = function.__doc__
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by typer
    callback.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return callback


def app_of_shell(ctx: typer.Context) -> App:
    """The App that a line still being typed means: its options are plain words yet, before or after the command."""
    app = App()

    def path(name: str) -> Path | None:
        words = ctx.params.get(name) or ctx.find_root().params.get(name)
        return Path(words).expanduser() if words else None

    app.given(path("db_option"), path("config_option"), False)
    app.asks_for_keys = False
    return app


def due_when(app: App, words: str) -> When:
    """A deadline: looks ahead."""
    from recrm.core.dates import parse_when

    return parse_when(words, now=app.now, look="ahead", order=app.settings.text("date_order") or None)


def past_moment(app: App, words: str) -> datetime:
    """When something happened: looks back; a day without a time means its noon, or now if that is later."""
    from datetime import time

    from recrm.core.dates import parse_when

    when = parse_when(words, now=app.now, look="back", order=app.settings.text("date_order") or None)
    if not isinstance(when, datetime):
        when = app.now if when == app.today else datetime.combine(when, time(12), app.zone)
    if when > app.now:
        raise UsageError(
            f"{quoted(words)} is in the future, and nothing has happened there yet.",
            "Name a day or time that is past, or plan ahead with `recrm add-follow-up`.",
        )
    return when


def any_day(app: App, words: str) -> When:
    """A day or moment to look from, ahead or behind."""
    from recrm.core.dates import parse_when

    return parse_when(words, now=app.now, order=app.settings.text("date_order") or None)


WhenArgument = Annotated[
    When, typer.Argument(metavar="WHEN", help="tomorrow, +3d, fri, 30 nov 14:30, 下周三 …"), Words(due_when)
]
AsOfOption = Annotated[
    When | None,
    typer.Option("--as-of", metavar="WHEN", help="Look at the list as it would stand then."),
    Words(any_day),
]
LimitOption = Annotated[
    int | None,
    typer.Option("--limit", "-n", min=0, max=1_000_000_000, help="Rows at the most; 0 for all.", show_default=False),
]


def limit_of(app: App, limit: int | None) -> int | None:
    """Rows at the most: the option's, else the config's; None for all."""
    chosen = app.settings.count("list_limit") if limit is None else limit
    return chosen or None
