"""Every way recrm can say no: an exception carries the facts, an exit code, and its own two sentences.

Only `recrm.cli` prints them: `what` on the first line of stderr, `hint` (what to type next) on the second.
A feature's own errors subclass one of the five families below and live in that feature's model.
"""

from __future__ import annotations


class RecrmError(Exception):
    """Base of every error a user, a file or a disk can cause; anything else is a bug and shows as one."""

    exit_code = 1

    def what(self) -> str:
        """One whole sentence: what happened."""
        return str(self.args[0]) if self.args else "Something went wrong."

    def hint(self) -> str:
        """One whole sentence: what to type next; empty where nothing helps."""
        return str(self.args[1]) if len(self.args) > 1 else ""

    def __str__(self) -> str:
        return self.what()


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
    """Words that name no day or moment, an impossible one, or more than one."""

    def __init__(self, text: str, why: str, hint: str) -> None:
        super().__init__(text, why, hint)
        self.text, self.why, self.suggestion = text, why, hint

    def what(self) -> str:
        return self.why

    def hint(self) -> str:
        return self.suggestion
