"""Where a command is run, and the one place where an error becomes two lines on stderr and an exit code."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path

import typer

from recrm.app import App
from recrm.cli.program import program
from recrm.core import i18n
from recrm.core.errors import Declined, RecrmError, UsageError, system_reason
from recrm.core.i18n import N_, _
from recrm.core.text import clean_line, quoted


def run(argv: list[str]) -> int:
    """Run one command; every error that a user, a file or a disk can cause becomes two lines and a code."""
    app = App()
    app.given(None, _config_named(argv), False)
    i18n.chosen_by(lambda: app.language)
    try:
        if os.environ.get("_RECRM_COMPLETE"):
            return _complete()
        code = _answered(app, argv)
        for sentence in app.notes:
            _say(sentence, "", 0)
        return code
    finally:
        app.close()


def _answered(app: App, argv: list[str]) -> int:
    """The command's exit code, whatever became of it."""
    try:
        _refuse_broken(argv)
        code = program().main(argv, prog_name="recrm", standalone_mode=False, obj=app)
        sys.stdout.flush()
    except RecrmError as error:
        return _stopped(app, error)
    except typer.TyperException as error:
        from recrm.cli import usage

        what, hint = usage.worded(error)
        return _say(what, hint, error.exit_code)
    except (typer.Abort, Declined):
        return _say(_("Left without saving anything."), "", 1)
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
        from recrm.storage.errors import from_sqlite_error

        return _stopped(app, from_sqlite_error(error, app.db_path))
    except UnicodeEncodeError:
        return _say(_("Some of what was given is not valid text."), _(NOT_TEXT), 2)
    except OSError as error:
        return _refused_by_system(app, error)
    if code == 130:
        return _say(_("Stopped, but it was saved.") if app.has_saved else _("Stopped; nothing was saved."), "", code)
    return int(code or app.exit_code)


def _config_named(argv: list[str]) -> Path | None:
    """The config file named on the command line, which the language of a usage error depends on already."""
    for place, word in enumerate(argv):
        if word == "--":
            break
        if word.startswith("--config="):
            return Path(word.removeprefix("--config="))
        if word == "--config" and place + 1 < len(argv):
            return Path(argv[place + 1])
    return None


def _stopped(app: App, error: RecrmError) -> int:
    """An error's own words; nothing more is written to a database that turned out damaged while it was in use."""
    from recrm.storage.errors import DatabaseDamaged, mark_damaged

    if isinstance(error, DatabaseDamaged) and app.has_opened:
        with suppress(RecrmError):  # no clock to say when
            mark_damaged(app.db.path, error.reason, app.now)
    return _say(error.what(), error.hint(), error.exit_code)


def _refused_by_system(app: App, error: OSError) -> int:
    _let_go_of_stdout()
    why = system_reason(error)
    if app.has_saved and error.filename is None:
        return _say(
            _("It was saved; only the answer could not be printed: {why}.", why=why),
            _("Do not repeat the command; free some space, and look at what it did."),
            1,
        )
    hint = _("Check the disk, the folder and their permissions.")
    if isinstance(error.filename, str):
        return _say(_("{file}: {why}.", file=Path(error.filename), why=why), hint, 1)
    return _say(_("{why}.", why=why), hint, 1)


NOT_TEXT = N_("Type it again, or set your terminal to UTF-8.")
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
            raise UsageError(N_("{text} is not valid text."), NOT_TEXT, text=quoted(shown))


def _complete() -> int:
    """Answer a shell that asks how a line could go on; where that fails it is offered nothing."""
    from typer._completion_classes import completion_init  # noqa: PLC2701  # nothing public does it

    completion_init()  # which typer leaves to its --install-completion; ours is a command
    try:
        program().main([], prog_name="recrm", standalone_mode=False)
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
    from recrm.core.wrapping import folded

    for line in filter(None, (what, hint)):
        sys.stderr.write(folded(clean_line(line), sys.stderr) + "\n")
    return code
