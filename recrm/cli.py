"""The map of the program: which command lives where; the global options; and the one place where errors become words.

A command's module is imported only when that command runs, so that `recrm due-today` never pays for `import`.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info, get_group
from typer.models import CommandInfo

from recrm.core.errors import RecrmError, UsageError
from recrm.core.params import EVERYWHERE, ConfigOption, DbOption, JsonOption, bind
from recrm.core.text import quoted

COMMANDS: dict[str, dict[str, str]] = {
    "Every day": {
        "due-today": "recrm.today.commands:due_today",
        "overdue": "recrm.today.commands:overdue",
        "agenda": "recrm.today.commands:agenda",
        "digest": "recrm.digest.commands:digest",
        "find": "recrm.briefing.find:find",
        "log": "recrm.contacts.commands:log",
        "list-contacts": "recrm.contacts.commands:list_contacts",
    },
    "Clients": {
        "add-client": "recrm.clients.commands:add_client",
        "show-client": "recrm.briefing.commands:show_client",
        "list-clients": "recrm.clients.commands:list_clients",
        "edit-client": "recrm.clients.edit:edit_client",
        "tag": "recrm.clients.commands:tag",
        "untag": "recrm.clients.commands:untag",
        "archive-client": "recrm.clients.commands:archive_client",
        "unarchive-client": "recrm.clients.commands:unarchive_client",
    },
    "Follow-ups": {
        "add-follow-up": "recrm.followups.commands:add_follow_up",
        "done": "recrm.followups.commands:done",
        "snooze": "recrm.followups.commands:snooze",
        "cancel-follow-up": "recrm.followups.commands:cancel_follow_up",
    },
    "Complaints": {
        "record-complaint": "recrm.complaints.commands:record_complaint",
        "progress-complaint": "recrm.complaints.commands:progress_complaint",
        "resolve-complaint": "recrm.complaints.commands:resolve_complaint",
        "reopen-complaint": "recrm.complaints.commands:reopen_complaint",
        "close-complaint": "recrm.complaints.commands:close_complaint",
        "show-complaint": "recrm.complaints.commands:show_complaint",
        "list-complaints": "recrm.complaints.commands:list_complaints",
    },
    "The file and the program": {
        "init": "recrm.setup.commands:init",
        "demo": "recrm.setup.demo:demo",
        "import": "recrm.imports.commands:import_file",
        "config": "recrm.setup.commands:config",
        "completion": "recrm.setup.commands:completion",
    },
}
PLACES = {name: (panel, place) for panel, names in COMMANDS.items() for name, place in names.items()}


class Program(TyperGroup):
    """The commands by name, each built from its function when it is wanted."""

    def list_commands(self, _ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer's own class is private
        return list(PLACES)

    def get_command(self, _ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # as above
        if cmd_name not in PLACES:
            return None
        if cmd_name not in self.commands:
            panel, place = PLACES[cmd_name]
            module, _, function = place.partition(":")
            info = CommandInfo(cmd_name, callback=bind(getattr(import_module(module), function)), rich_help_panel=panel)
            self.commands[cmd_name] = get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode="rich")
        return self.commands[cmd_name]

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]  # as above
        if args[0] not in PLACES and not args[0].startswith("-"):
            raise UnknownCommand(args[0])
        return super().resolve_command(ctx, args)


class UnknownCommand(UsageError):
    """A command that is none of ours."""

    def __init__(self, name: str) -> None:
        from difflib import get_close_matches

        near = get_close_matches(name, PLACES, n=2, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "Type `recrm --help` to see all commands."
        super().__init__(f"There is no command {quoted(name)}.", hint)


typer_app = typer.Typer(
    cls=Program,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"recrm {version('recrm')}\n")
        raise typer.Exit


@typer_app.callback()
def root(
    ctx: typer.Context,
    json_option: JsonOption = False,
    db_option: DbOption = None,
    config_option: ConfigOption = None,
    version: Annotated[  # noqa: ARG001  # eager: its callback has printed it by now
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Print the version.",
            rich_help_panel=EVERYWHERE,
        ),
    ] = False,
) -> None:
    """Whom to call first this morning, and why: clients, promises and complaints in one local file."""
    from recrm.core.app import App

    app = ctx.obj = App()
    app.given(db_option, config_option, json_option)
    if ctx.invoked_subcommand is None:
        from recrm.today.home import show_home

        show_home(app)


def main(argv: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: list[str]) -> int:
    """Run one command; every error that a user, a file or a disk can cause becomes two lines and a code."""
    # Most commands are over before collecting cycles could free anything; it takes a fifteenth of their time.
    gc.set_threshold(100_000)
    if "_RECRM_COMPLETE" in os.environ:
        from typer._completion_classes import completion_init

        completion_init()  # which typer leaves to its --install-completion; ours is a command
    group = get_group(typer_app)
    try:
        code = group.main(argv, prog_name="recrm", standalone_mode=False)
        sys.stdout.flush()
    except RecrmError as error:
        return _say(error.what(), error.hint(), error.exit_code)
    except typer.TyperException as error:
        ctx = getattr(error, "ctx", None)
        command = ctx.command_path if ctx else "recrm"
        message = error.format_message()
        sentence = message if message.endswith((".", "?")) else f"{message}."
        return _say(sentence, f"Type `{command} --help` to see how it is used.", error.exit_code)
    except typer.Abort:
        return _say("Left without saving anything.", "", 1)
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0  # the reader has seen enough, as `head` does
    except SystemExit as left:
        # So typer and rich leave, each by itself, when the reader has.
        if not isinstance(left.__context__, BrokenPipeError):
            raise
        _let_go_of_stdout()
        return 0
    except sqlite3.Error as error:
        from recrm.core import db

        trouble = db.trouble(error, "The database")
        return _say(trouble.what(), trouble.hint(), trouble.exit_code)
    except OSError as error:
        _let_go_of_stdout()
        where = f"{Path(error.filename)}: " if isinstance(error.filename, str) else ""
        return _say(f"{where}{error.strerror or error}.", "Check the disk, the folder and their permissions.", 1)
    return _say("Stopped; nothing was saved.", "", code) if code == 130 else int(code or 0)


def _let_go_of_stdout() -> None:
    """Where nothing more can be written there, or Python would complain again when it closes it."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(what: str, hint: str, code: int) -> int:
    from recrm.core.text import clean_line

    for line in filter(None, (what, hint)):
        sys.stderr.write(clean_line(line) + "\n")
    return code
