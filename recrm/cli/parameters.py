"""Declared parameters become Typer's: a command function as Typer takes it, with the options of every command."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from recrm.app import App
from recrm.core.i18n import _
from recrm.core.params import EVERYWHERE, Argument, Completer, Fields, Option, Resolver

GLOBAL_OPTIONS: dict[str, tuple[Any, Option, Any]] = {
    "json_option": (bool, Option("--json", help="Print JSON instead of words.", panel=EVERYWHERE), False),
    "db_option": (
        Path | None,
        Option("--db", metavar="PATH", help="The database file (or RECRM_DB).", panel=EVERYWHERE),
        None,
    ),
    "config_option": (
        Path | None,
        Option("--config", metavar="PATH", help="The config file (or RECRM_CONFIG).", panel=EVERYWHERE),
        None,
    ),
}


def bind(function: Callable[..., None]) -> Callable[..., None]:
    """The function as Typer takes it: without the App, with plain types, and with the options of every command."""
    hints = get_type_hints(function, include_extras=True)
    own = list(inspect.signature(function).parameters.values())[1:]
    resolvers: dict[str, Callable[[App, str], Any]] = {}
    groups: dict[str, Fields] = {}
    synonyms: dict[str, str] = {}
    parameters = [inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)]
    for each in own:
        value_type, declared, resolver = _declared(hints[each.name])
        if isinstance(declared, Fields):
            groups[each.name] = declared
            parameters += [
                parameter(name, each_type, option, None) for name, (each_type, option) in declared.options.items()
            ]
            continue
        if isinstance(declared, Option):
            synonyms |= declared.synonyms
        if resolver:
            resolvers[each.name] = resolver.resolve
            value_type = str | None if type(None) in get_args(value_type) else str
        parameters.append(parameter(each.name, value_type, declared, each.default))
    parameters += global_parameters()

    def callback(ctx: typer.Context, **given: Any) -> None:
        app: App = ctx.obj
        app.given(given.pop("db_option"), given.pop("config_option"), given.pop("json_option"))
        app.command = ctx.info_name or ""
        for name, group in groups.items():
            given[name] = {key: given.pop(key) for key in group.options}
        for name, resolve in resolvers.items():
            if given[name] is not None:
                given[name] = resolve(app, given[name])
        function(app, **given)

    callback.synonyms = synonyms  # type: ignore[attr-defined]  # read by `synonyms_of`
    callback.__doc__ = function.__doc__
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by typer
    callback.__annotations__ = {each.name: each.annotation for each in parameters}
    return callback


def synonyms_of(bound: Callable[..., None]) -> dict[str, str]:
    """What the choices of a bound function's options are called in other languages."""
    synonyms: dict[str, str] = bound.synonyms  # type: ignore[attr-defined]  # set by `bind`
    return synonyms


def global_parameters() -> Iterator[inspect.Parameter]:
    """The options that stand before or after any command's name."""
    for name, (value_type, option, default) in GLOBAL_OPTIONS.items():
        yield parameter(name, value_type, option, default)


def _declared(annotation: Any) -> tuple[Any, Argument | Option | Fields, Resolver | None]:
    if get_origin(annotation) is not Annotated:
        raise TypeError(annotation)  # a command's parameter without its declaration
    value_type, *extras = get_args(annotation)
    declared = next(extra for extra in extras if isinstance(extra, Argument | Option | Fields))
    return value_type, declared, next((extra for extra in extras if isinstance(extra, Resolver)), None)


def parameter(name: str, value_type: Any, declared: Argument | Option, default: Any, **more: Any) -> inspect.Parameter:
    """A parameter as Typer reads it off a signature; `more` is given to Typer as it is."""
    annotation = Annotated[value_type, _typers(declared, **more)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _typers(declared: Argument | Option, **more: Any) -> Any:
    """Typer's own description of a parameter, in the language spoken."""
    complete = _completer(declared.complete) if declared.complete else None
    if isinstance(declared, Argument):
        return typer.Argument(
            metavar=declared.metavar, help=_(declared.help), autocompletion=complete, min=declared.min
        )
    return typer.Option(
        *declared.names,
        help=_(declared.help),
        metavar=declared.metavar,
        min=declared.min,
        max=declared.max,
        rich_help_panel=_(declared.panel) if declared.panel else None,
        autocompletion=complete,
        show_default=declared.show_default,
        **more,
    )


def _completer(complete: Completer) -> Callable[[typer.Context, str], list[Any]]:
    def answer(ctx: typer.Context, incomplete: str) -> list[Any]:
        with closing(_app_of_shell(ctx)) as app:
            return list(complete(app, incomplete))

    return answer


def _app_of_shell(ctx: typer.Context) -> App:
    """The App that a line still being typed means: its options are plain text yet, before or after the command."""
    app = App()

    def path(name: str) -> Path | None:
        text = ctx.params.get(name) or ctx.find_root().params.get(name)
        return Path(text).expanduser() if text else None

    app.given(path("db_option"), path("config_option"), False)
    app.asks_for_keys = False
    return app
