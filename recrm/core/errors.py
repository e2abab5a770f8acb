"""Every way recrm can say no: an exception carries the facts, an exit code, and the templates of two sentences.

Only `recrm.cli` words and prints them: `what` on the first line of stderr, `hint` (what to type next) on the second.
A feature's own errors subclass one of the five families below and live in that feature's model.
"""

from __future__ import annotations

from recrm.core.i18n import N_, _
from recrm.core.text import quoted


class RecrmError(Exception):
    """Base of every error a user, a file or a disk can cause; anything else is a bug and shows as one."""

    exit_code = 1

    def __init__(self, what: str = "", hint: str = "", /, **facts: object) -> None:
        """Two templates, marked with `N_`, and the facts that fill both."""
        super().__init__(what, hint)
        self.templates = what, hint
        self.facts = facts

    def what(self) -> str:
        """One whole sentence in the language spoken: what happened."""
        return _(self.templates[0], **self.facts)

    def hint(self) -> str:
        """One whole sentence in the language spoken: what to type next; empty where nothing helps."""
        return _(self.templates[1], **self.facts)

    def in_full(self) -> str:
        """Both sentences, where they stand on one line."""
        what, hint = self.what(), self.hint()
        return _("{what} {hint}", what=what, hint=hint) if hint else what

    def __str__(self) -> str:
        return self.what()


class Declined(Exception):
    """The person at the terminal said no, or left at a question: nothing was done."""


class Failed(RecrmError):
    """The work could not be done (a disk, a file, an outside program): exit code 1."""

    exit_code = 1


class UsageError(RecrmError):
    """What was typed is wrong, unclear or could mean several things: exit code 2."""

    exit_code = 2


class NotFound(RecrmError):
    """What was asked for does not exist: exit code 3."""

    exit_code = 3


class Conflict(RecrmError):
    """It would contradict what is already there (a duplicate, a change since): exit code 4."""

    exit_code = 4


class DatabaseTrouble(RecrmError):
    """The database is absent, locked, damaged, foreign or newer than this program: exit code 5."""

    exit_code = 5


class WhenNotUnderstood(UsageError):
    """Text that names no day or moment, an impossible one, or more than one."""

    def __init__(self, text: str, why: str, hint: str, **facts: object) -> None:
        """Two templates and their facts; {text} is what was typed, in quotes."""
        super().__init__(why, hint, text=quoted(text), **facts)
        self.text = text


# What an operating system says of a disk or a path, where people meet it.
SYSTEM_REASONS = (
    N_("No space left on device"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Is a directory"),
    N_("File exists"),
    N_("Read-only file system"),
    N_("Input/output error"),
    N_("File too large"),
    N_("File name too long"),
    N_("Disk quota exceeded"),
    N_("Too many open files"),
)


def system_reason(error: OSError) -> str:
    """Why the operating system refused, in the language spoken where it is one of SYSTEM_REASONS."""
    return _(error.strerror) if error.strerror else str(error)
