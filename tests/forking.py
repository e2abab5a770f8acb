"""Commands started by the thousand: a process that has Python and recrm loaded, and forks itself for each.

Each command still runs in a process of its own, with the arguments, environment, folder and streams that it was given,
and leaves by itself; only the loading, two thirds of its time and more under coverage, is done once. What
depends on how Python itself starts (other encodings than UTF-8) is started afresh instead; see `can_fork`.
"""

from __future__ import annotations

import array
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

# Variables that Python or its libraries read when they start, with the values the loaded process was started with.
STARTED_WITH = {"LANG": "C.UTF-8"}
READ_AT_START = ("LANG", "LC_ALL", "LC_CTYPE", "PYTHON")
_BYTES_OF_LENGTH = 4


def can_fork(environment: Mapping[str, str]) -> bool:
    """Whether a command in this environment can be forked off: its Python would start as the loaded one did."""
    started = {name: value for name, value in environment.items() if name.startswith(READ_AT_START)}
    return hasattr(os, "fork") and started == STARTED_WITH


class Loaded:
    """The loaded process, started when it is first needed; it ends with the one that started it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="recrm-forking-")
        self._path = str(Path(self._folder.name) / "socket")
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        ours, theirs = socket.socketpair()
        self._alive = ours  # the loaded process leaves when this end is closed, by whatever death
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forking", self._path, str(theirs.fileno())],
                env=kept | STARTED_WITH,
                cwd=Path(__file__).parent.parent,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        assert ours.recv(1) == b"+", "the loaded process could not be started"

    def run(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        streams: tuple[BinaryIO, BinaryIO, BinaryIO],
        seconds: float,
    ) -> int:
        """Run `recrm WORDS…` to its end; its exit code, below 0 where a signal ended it."""
        asked = json.dumps([list(words), dict(environment), str(folder)]).encode("utf-8", "surrogatepass")
        with socket.socket(socket.AF_UNIX) as conn:
            conn.settimeout(seconds)
            conn.connect(self._path)
            descriptors = array.array("i", [stream.fileno() for stream in streams])
            length = len(asked).to_bytes(_BYTES_OF_LENGTH, "big")
            conn.sendmsg([length], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
            conn.sendall(asked)
            with conn.makefile("rb") as answer:
                status = int(answer.readline())
        return os.waitstatus_to_exitcode(status)


def serve(path: str, alive: socket.socket) -> None:
    """Fork a process for every command asked for, until nobody is there to ask."""
    import selectors

    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as waiting:
        listening.bind(path)
        listening.listen(64)
        waiting.register(listening, selectors.EVENT_READ)
        waiting.register(alive, selectors.EVENT_READ)
        alive.sendall(b"+")
        while True:
            if any(key.fileobj is alive for key, _ in waiting.select()):
                return
            conn, _ = listening.accept()
            if os.fork() == 0:
                waiting.close()
                listening.close()
                alive.close()
                _answer(conn)
            conn.close()


def _load() -> None:
    """What nearly every command imports, and what coverage needs; nothing that keeps anything open."""
    import email  # noqa: F401
    import importlib
    from contextlib import suppress

    for name in ("recrm.cli", "rich.console", "rich.segment", "rich.text", "sqlite_utils", "typer.main"):
        importlib.import_module(name)
    for name in ("coverage", "phonenumbers", "pypinyin"):
        with suppress(ImportError):
            importlib.import_module(name)


def _answer(conn: socket.socket) -> NoReturn:
    """Run one command in a process of its own, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    length, rights, _, _ = conn.recvmsg(_BYTES_OF_LENGTH, socket.CMSG_LEN(3 * array.array("i").itemsize))
    streams = array.array("i")
    streams.frombytes(rights[0][2])
    with conn.makefile("rb") as rest:
        words, environment, folder = json.loads(
            rest.read(int.from_bytes(length, "big")).decode("utf-8", "surrogatepass")
        )
    child = os.fork()
    if child == 0:
        conn.close()
        _run(words, environment, folder, list(streams))
    _, status = os.waitpid(child, 0)
    conn.sendall(f"{status}\n".encode())
    os._exit(0)


def _run(words: list[str], environment: dict[str, str], folder: str, streams: list[int]) -> NoReturn:
    for target, descriptor in enumerate(streams):
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["recrm", *words]
    measured = _measured()
    code = 1
    try:
        from recrm.cli import main

        main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001  # as Python itself ends a program
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                code = code or 120  # Python's own for a stdout that cannot be flushed
        if measured is not None:
            measured.stop()
            measured.save()
        os._exit(code)


def _measured() -> Any:
    """Coverage of this process, where the tests are run under it."""
    if "COVERAGE_PROCESS_CONFIG" not in os.environ and "COVERAGE_PROCESS_START" not in os.environ:
        return None
    import coverage

    return coverage.process_startup(force=True)


if __name__ == "__main__":
    serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
