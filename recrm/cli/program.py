"""The commands as one Typer program: each is built from its function when it is wanted, in the language spoken."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info, get_group
from typer.models import CommandInfo

from recrm.app import App
from recrm.cli.commands import COMMANDS
from recrm.cli.parameters import bind, global_parameters, parameter, synonyms_of
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _, language
from recrm.core.params import EVERYWHERE, Option
from recrm.core.text import display_width, quoted

PLACES = {name: (topic, place) for topic, names in COMMANDS.items() for name, place in names.items()}


# Constants of typer.rich_utils, which are fixed in English when it is imported.
_CONSTANTS = {
    "DEFAULT_STRING": N_("[default: {}]"),
    "REQUIRED_LONG_STRING": N_("[required]"),
    "ARGUMENTS_PANEL_TITLE": N_("Arguments"),
    "OPTIONS_PANEL_TITLE": N_("Options"),
    "COMMANDS_PANEL_TITLE": N_("Commands"),
}


class Localized:
    """Beside Typer's class of a command or group: its help page speaks one language from first line to last."""

    collect_usage_pieces: Callable[[Any], list[str]]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), _("Usage: "))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]  # Typer's, in the class beside
        if option is not None:
            option.help = _("Show this message and exit.")
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        if language() != "en":
            from typer import rich_utils

            from recrm.core.ui import break_lines_between_characters

            for name, template in _CONSTANTS.items():
                setattr(rich_utils, name, _(template))
            break_lines_between_characters()
        super().format_help(ctx, formatter)  # type: ignore[misc]


class Command(Localized, TyperCommand):
    """One command."""


class Program(Localized, TyperGroup):
    """The commands by name."""

    def list_commands(self, _ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer's own class is private
        return list(PLACES)

    def get_command(self, _ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # typer's own class is private
        if cmd_name not in PLACES:
            return None
        if cmd_name not in self.commands:
            topic, place = PLACES[cmd_name]
            module, _colon, name = place.partition(":")
            function = getattr(import_module(module), name)
            callback = bind(function)
            synonyms = synonyms_of(callback)
            explained = _(inspect.cleandoc(function.__doc__ or ""))
            info = CommandInfo(
                cmd_name,
                cls=Command,
                callback=callback,
                context_settings={"token_normalize_func": lambda word: synonyms.get(word, word)} if synonyms else None,
                help=explained,
                short_help=one_line(explained),
                rich_help_panel=_(topic),
            )
            self.commands[cmd_name] = get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode="rich")
        return self.commands[cmd_name]

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]  # typer's own class is private
        if args[0] not in PLACES and not args[0].startswith("-"):
            raise UnknownCommand(args[0])
        return super().resolve_command(ctx, args)


MOST_LISTED_WIDTH = 56  # columns beside the names in a terminal of 80


def one_line(explained: str) -> str:
    """What `recrm --help` says of a command: as many of its first clauses as fit on one line."""
    sentence = explained.strip().split("\n", 1)[0]
    end = "。" if sentence.endswith("。") else "."
    sentence = sentence.removesuffix(end)
    for stops in (r"[;:] |[；：]|$", r"[;:,] |[；：，]"):
        ends = [found.start() for found in re.finditer(stops, sentence)]
        fitting = [stop for stop in ends if display_width(sentence[:stop]) < MOST_LISTED_WIDTH]
        if fitting:
            return sentence[: fitting[-1]] + end
    return sentence + end


class UnknownCommand(UsageError):
    """A command that is none of ours."""

    def __init__(self, name: str) -> None:
        from difflib import get_close_matches

        near = get_close_matches(name, PLACES, n=2, cutoff=0.5)
        hint = (
            N_("Type `recrm --help` to see all commands."),
            N_("Did you mean {near}?"),
            N_("Did you mean {near} or {other}?"),
        )[len(near)]
        super().__init__(
            N_("There is no command {name}."),
            hint,
            name=quoted(name),
            near=near[0] if near else "",
            other=near[-1:] and near[-1],
        )


ABOUT = N_("Whom to call first this morning, and why: clients, promises and complaints in one local file.")


def program() -> TyperGroup:
    """The whole program as Typer runs it, built in the language spoken."""
    app = typer.Typer(
        cls=Program,
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
        help=_(ABOUT),
    )
    app.callback()(_root())
    return get_group(app)


def _root() -> Any:
    """What stands before a command's name: the options of every command, and the version."""
    version = Option("--version", help="Print the version.", panel=EVERYWHERE)

    def root(ctx: typer.Context, **given: Any) -> None:
        app: App = ctx.obj
        app.given(given["db_option"], given["config_option"], given["json_option"])
        if ctx.invoked_subcommand is None:
            from recrm.today.home import show_home

            show_home(app)

    root.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # read by typer
        [
            inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
            *global_parameters(),
            parameter("version", bool, version, False, callback=_print_version, is_eager=True),
        ]
    )
    root.__annotations__ = {each.name: each.annotation for each in root.__signature__.parameters.values()}  # type: ignore[attr-defined]
    return root


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"recrm {version('recrm')}\n")
        raise typer.Exit
