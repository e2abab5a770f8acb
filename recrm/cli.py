"""The map of the program: which command lives where; the global options; and the one place where errors become words.

A command's module is imported only when that command runs, so that `recrm due-today` never pays for `import`.
"""

# ruff: noqa: E402  # what comes before the imports is there because of them

from __future__ import annotations

import signal
from contextlib import suppress

# Ctrl-C while the rest is imported ends the program at once and without words; the end of this file undoes it.
_asks_python = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _asks_python:
    with suppress(ValueError):  # imported by another thread than the first
        signal.signal(signal.SIGINT, signal.SIG_DFL)

import atexit
import gc
import os
import re
import sqlite3
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info, get_group
from typer.models import CommandInfo

from recrm.core.app import App
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
        "find-duplicates": "recrm.duplicates.commands:find_duplicates",
        "merge-clients": "recrm.duplicates.commands:merge_clients",
        "consent": "recrm.privacy.commands:consent",
        "export-person": "recrm.privacy.export_person:export_person",
        "erase-client": "recrm.privacy.erase_client:erase_client",
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
    "What was done": {
        "undo": "recrm.history.commands:undo",
        "redo": "recrm.history.commands:redo",
        "history": "recrm.history.commands:history",
    },
    "The file and the program": {
        "init": "recrm.setup.commands:init",
        "demo": "recrm.setup.demo:demo",
        "import": "recrm.imports.commands:import_file",
        "export": "recrm.exports.commands:export",
        "backup": "recrm.backups.commands:backup",
        "list-backups": "recrm.backups.commands:list_backups",
        "restore": "recrm.backups.commands:restore",
        "check": "recrm.backups.check:check",
        "encrypt": "recrm.encryption.commands:encrypt",
        "decrypt": "recrm.encryption.commands:decrypt",
        "change-passphrase": "recrm.encryption.commands:change_passphrase",
        "config": "recrm.setup.commands:config",
        "completion": "recrm.setup.commands:completion",
    },
}
PLACES = {name: (panel, place) for panel, names in COMMANDS.items() for name, place in names.items()}


class Program(TyperGroup):
    """The commands by name, each built from its function when it is wanted."""

    def list_commands(self, _ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer's own class is private
        return list(PLACES)

    def get_command(self, _ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # typer's own class is private
        if cmd_name not in PLACES:
            return None
        if cmd_name not in self.commands:
            panel, place = PLACES[cmd_name]
            module, _, name = place.partition(":")
            function = getattr(import_module(module), name)
            listed = one_line(function.__doc__ or "")
            info = CommandInfo(cmd_name, callback=bind(function), short_help=listed, rich_help_panel=panel)
            self.commands[cmd_name] = get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode="rich")
        return self.commands[cmd_name]

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]  # typer's own class is private
        if args[0] not in PLACES and not args[0].startswith("-"):
            raise UnknownCommand(args[0])
        return super().resolve_command(ctx, args)


MOST_LISTED_WIDTH = 56  # columns beside the names in a terminal of 80


def one_line(explained: str) -> str:
    """What `recrm --help` says of a command: as many of its first clauses as fit on one line."""
    sentence = explained.strip().split("\n", 1)[0].removesuffix(".")
    for stops in (r"[;:] |$", r"[;:,] "):
        ends = [stop.start() for stop in re.finditer(stops, sentence) if stop.start() < MOST_LISTED_WIDTH]
        if ends:
            return f"{sentence[: ends[-1]]}."
    return f"{sentence}."


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
    app = ctx.obj = ctx.obj or App()
    app.given(db_option, config_option, json_option)
    if ctx.invoked_subcommand is None:
        from recrm.today.home import show_home

        show_home(app)


def main(argv: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    try:
        _mend_streams()
        code = run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:  # before or after the command, which has its own words for it
        code = 130
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End at once: taking the interpreter apart takes a tenth of a command's time and saves nothing.

    What the operating system holds (files, locks) it takes back itself. Where somebody
    has registered for the end, as coverage does, Python ends as usual.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if getattr(atexit, "_ncallbacks", lambda: 1)() == 0:
        os._exit(code)
    sys.exit(code)


def _mend_streams() -> None:
    """No character is too strange for stdout or stderr; one that is closed (`>&-`) leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # stays open to the end of the process
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def run(argv: list[str]) -> int:
    """Run one command; every error that a user, a file or a disk can cause becomes two lines and a code."""
    # Most commands are over before collecting cycles could free anything; it takes a fifteenth of their time.
    gc.set_threshold(100_000)
    if os.environ.get("_RECRM_COMPLETE"):
        return _complete()
    app = App()
    try:
        _refuse_broken(argv)
        code = get_group(typer_app).main(argv, prog_name="recrm", standalone_mode=False, obj=app)
        sys.stdout.flush()
    except RecrmError as error:
        _stop_writing(app, error)
        return _say(error.what(), error.hint(), error.exit_code)
    except typer.TyperException as error:
        ctx = getattr(error, "ctx", None)
        command = ctx.command_path if ctx else "recrm"
        message = error.format_message()
        sentence = message if message.endswith((".", "?")) else f"{message}."
        hint = f"Type `{command} --help` to see how it is used."
        if found := re.match(r"Got unexpected extra argument\S* \((.*)\)", message, re.DOTALL):
            sentence = f"{quoted(found[1])} is more than `{command}` takes."
            hint = f"Put words that belong together in quotes, or type `{command} --help` to see how it is used."
        option = getattr(error, "option_name", None)
        if type(error).__name__ == "NoSuchOption" and option and not re.fullmatch("--[a-z-]+", option):
            hint += " Put -- before words that begin with a dash."
        return _say(sentence, hint, error.exit_code)
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
        from recrm.core import troubles

        trouble = troubles.trouble(error, app.db_path)
        _stop_writing(app, trouble)
        return _say(trouble.what(), trouble.hint(), trouble.exit_code)
    except UnicodeEncodeError:
        return _say("Some of what was given is not valid text.", NOT_TEXT, 2)
    except OSError as error:
        _let_go_of_stdout()
        if app.has_saved and error.filename is None:
            return _say(
                f"It was saved; only the answer could not be printed: {error.strerror or error}.",
                "Do not repeat the command; free some space, and look at what it did.",
                1,
            )
        where = f"{Path(error.filename)}: " if isinstance(error.filename, str) else ""
        return _say(f"{where}{error.strerror or error}.", "Check the disk, the folder and their permissions.", 1)
    if code == 130:
        return _say("Stopped, but it was saved." if app.has_saved else "Stopped; nothing was saved.", "", code)
    return int(code or 0)


def _stop_writing(app: App, error: RecrmError) -> None:
    """Nothing more is written to a database that turned out damaged while it was in use."""
    from recrm.core import troubles

    if isinstance(error, troubles.DatabaseDamaged) and "db" in app.__dict__:
        with suppress(RecrmError):  # no clock to say when
            troubles.mark_damaged(app.db.path, error.reason, app.now)


NOT_TEXT = "Type it again, or set your terminal to UTF-8."
TAKES_A_PATH = ("--db", "--config", "--output", "-o", "--new-key-file")


def _refuse_broken(argv: list[str]) -> None:
    """Bytes that are no text reach us as lone surrogates, which neither SQLite nor a file takes. A path may have them,
    for a file system may; which words of `import` are its file only its own parser knows. Raises UsageError.
    """
    for place, word in enumerate(argv):
        is_path = word.startswith(tuple(f"{option}=" for option in TAKES_A_PATH)) or (
            place > 0 and (argv[place - 1] in TAKES_A_PATH or ("import" in argv[:place] and Path(word).exists()))
        )
        if not word.isascii() and not is_path and re.search("[\ud800-\udfff]", word):
            shown = re.sub("[\ud800-\udfff]", "\ufffd", word)
            raise UsageError(f"{quoted(shown)} is not valid text.", NOT_TEXT)


def _complete() -> int:
    """Answer a shell that asks how a line could go on; where that fails it is offered nothing."""
    from typer._completion_classes import completion_init

    completion_init()  # which typer leaves to its --install-completion; ours is a command
    try:
        get_group(typer_app).main([], prog_name="recrm", standalone_mode=False)
        sys.stdout.flush()
    except Exception:  # noqa: BLE001  # whatever it is, a page of it must not land in the line being typed
        _let_go_of_stdout()
        return 1
    return 0


def _let_go_of_stdout() -> None:
    """Where nothing more can be written there, or Python would complain again when it closes it."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(what: str, hint: str, code: int) -> int:
    from recrm.core.text import clean_line
    from recrm.core.wrapping import folded

    for line in filter(None, (what, hint)):
        sys.stderr.write(folded(clean_line(line), sys.stderr) + "\n")
    return code


if _asks_python:
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.default_int_handler)
