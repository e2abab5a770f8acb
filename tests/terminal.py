"""A person at a terminal: the real command behind a pseudo-terminal, answered as it asks."""

from __future__ import annotations

import codecs
import os
import re
import selectors
import signal
import subprocess
import sys
import termios
import time
from types import TracebackType
from typing import Self

from tests.conftest import Shop

PATIENCE = 30.0  # seconds until a prompt that never comes fails a test
CTRL_C, CTRL_D = "\x03", "\x04"


class Terminal:
    """`recrm WORDS…` at a terminal of its own; use as a context manager."""

    def __init__(self, shop: Shop, *words: object, **environment: str) -> None:
        self._end, its_end = os.openpty()
        termios.tcsetwinsize(its_end, (50, shop.width))
        # A shell opens the terminal, which makes it the session's own, so that Ctrl-C reaches the command.
        opened = 'exec "$0" "$@" <>"$ITS_TERMINAL" >&0 2>&0'
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", opened, sys.executable, "-m", "recrm", *map(str, words)],
            env=shop.environment(TERM="dumb", ITS_TERMINAL=os.ttyname(its_end), **environment),
            cwd=shop.folder,
            start_new_session=True,
        )
        self._its_end = its_end
        self._readable = selectors.DefaultSelector()  # select() itself knows no descriptor above 1,023
        self._readable.register(self._end, selectors.EVENT_READ)
        self.seen = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a piece may end within a character
        self._read_to = 0
        self._last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._readable.close()
        os.close(self._end)
        os.close(self._its_end)

    def expect(self, words: str) -> None:
        """Wait until the screen shows these words after what was expected before, wherever a line may end in them."""
        until = time.monotonic() + PATIENCE
        wanted = re.compile(r"\s+".join(map(re.escape, words.split(" "))))
        while not (found := wanted.search(self.seen, self._read_to)):
            assert self._more(until), f"{words!r} never came; seen: {self.seen!r}"
        self._read_to = found.end()

    def type(self, keys: str) -> None:
        """Type a line, or keys such as CTRL_C."""
        self._last = keys
        os.write(self._end, (keys if keys in (CTRL_C, CTRL_D) else keys + "\n").encode())

    def answer(self, question: str, *answers: str) -> None:
        """Wait for the question and type the answer; more answers follow where it is asked again."""
        for keys in answers:
            self.expect(question)
            self.type(keys)

    def end(self) -> int:
        """Wait until the command has ended; its exit code.

        Python can miss a Ctrl-C that comes in the instant before it waits for a line, so it is typed again.
        """
        until = time.monotonic() + PATIENCE
        while self._process.poll() is None:
            if not self._more(until, pause=1.0) and self._process.poll() is None and self._last == CTRL_C:
                self.type(CTRL_C)
            assert time.monotonic() < until, f"it never ended; seen: {self.seen!r}"
        while self._more(until, pause=0):
            pass
        self.seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.seen).replace("\r\n", "\n")
        assert "Traceback" not in self.seen, self.seen
        return self._process.returncode

    def _more(self, until: float, pause: float | None = None) -> bool:
        """Take in what the command has written; False where nothing came in time."""
        wait = max(0.0, until - time.monotonic()) if pause is None else pause
        if not self._readable.select(wait):
            return False
        self.seen += self._decoder.decode(os.read(self._end, 65536))
        return True
