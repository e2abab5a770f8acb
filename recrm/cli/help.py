"""Typer's own words in a help page, said in the language spoken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typer.core import TyperCommand

from recrm.core.i18n import N_, _, language

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

            for name, template in _CONSTANTS.items():
                setattr(rich_utils, name, _(template))
        super().format_help(ctx, formatter)  # type: ignore[misc]


class Command(Localized, TyperCommand):
    """One command."""
