"""Databases that a test opens in its own process: closed when it ends; and what is left open all the same."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypeVar

# Where the system lists this process's open files.
DESCRIPTORS = Path("/proc/self/fd")

# That of the running test; there is none while modules are loaded and their fixtures made, which close by themselves.
_stacks: list[ExitStack] = []


class Closable(Protocol):
    """A database, a connection, or what holds one."""

    def close(self) -> None: ...


Opened = TypeVar("Opened", bound=Closable)


def until_the_test_ends(opened: Opened) -> Opened:
    """The same, closed when the test ends, whatever becomes of it."""
    for stack in _stacks:
        stack.callback(opened.close)
    return opened


class Closing:
    """A test's span: what `until_the_test_ends` was given in it is closed at its end."""

    def __enter__(self) -> None:
        _stacks.append(ExitStack())

    def __exit__(self, *_: object) -> None:
        _stacks.pop().close()


def open_files() -> set[str]:
    """The files that this process holds open, as far as the system tells."""
    found = set()
    for descriptor in DESCRIPTORS.iterdir() if DESCRIPTORS.is_dir() else ():
        try:
            target = str(descriptor.readlink())
        except OSError:  # the listing's own
            continue
        if target.startswith("/") and not target.startswith(("/dev/", "/proc/")):
            found.add(f"{descriptor.name} {target}")
    return found
