"""`recrm` as a process: how it starts, how it is interrupted, and how it leaves.

`commands` is the map of the program, `program` and `parameters` make Typer's commands of it, and `boundary` is the
one place where errors become words. A command's module is imported only when that command runs, so that
`recrm due-today` never pays for `import`.
"""

# ruff: noqa: E402  # what comes before the imports is there because of them

from __future__ import annotations

import signal
from contextlib import suppress

# Ctrl-C while the rest is imported ends the program at once and without words; the end of this file undoes it.
_python_handles_sigint = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _python_handles_sigint:
    with suppress(ValueError):  # imported by another thread than the first
        signal.signal(signal.SIGINT, signal.SIG_DFL)

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

from recrm.cli.boundary import run


def main(argv: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    # Most commands are over before collecting cycles could free anything; it takes a fifteenth of their time.
    gc.set_threshold(100_000)
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


if _python_handles_sigint:
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.default_int_handler)
