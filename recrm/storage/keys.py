"""Where the passphrase of an encrypted database comes from: a key file, the system's keyring, or the person.

Never from the command line or from the value of a variable, which other programs of the machine can read. A keyring
that is absent or locked is no error, only the next source's turn: cron has none.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from copy import copy
from enum import StrEnum
from pathlib import Path

from recrm.core.errors import DatabaseTrouble, Failed, UsageError

SERVICE = "recrm"
TRIES = 3
SHORTEST = 8


class Source(StrEnum):
    """Who gave a passphrase, as it is said of one that does not open."""

    EARLIER = "given before"
    KEY_FILE = "in the key file"
    KEYRING = "in the keyring"
    PERSON = "typed"


class BadKeyFile(DatabaseTrouble):
    """The key file is absent, open to others, empty or no text."""

    def __init__(self, path: Path, reason: str, hint: str) -> None:
        super().__init__(f"The key file {path} {reason}.", hint)


class Keys:
    """The sources of one run, in order. Each is asked only when the one before has not opened the file."""

    def __init__(
        self, database: Path, key_file: Path | None, ask: Callable[[str], str] | None, *, has_keyring: bool = True
    ) -> None:
        """`database` is what the keyring's entry is filed under; `ask` is None where nobody can be asked."""
        self.account = os.path.realpath(database)
        self.key_file = key_file
        self.ask = ask
        self.has_keyring = has_keyring
        self.source: Source | None = None
        self._earlier: list[str] = []
        self._line: str | None = None

    def passphrases(self, path: Path) -> Iterator[tuple[Source, str]]:
        """What may open `path`. Raises BadKeyFile; Ctrl-C and Ctrl-D at the question leave the command."""
        for passphrase in self._earlier:
            yield Source.EARLIER, passphrase
        if self.key_file:
            if (line := self.from_file(self.key_file)) not in self._earlier:
                yield Source.KEY_FILE, line
            return  # who names a file wants that one: a wrong one is said so, not passed over
        if self.has_keyring and (kept := from_keyring(self.account)) and kept not in self._earlier:
            yield Source.KEYRING, kept
        if self.ask:
            for again in range(TRIES):
                question = f"Passphrase of {path.name}"
                typed = self.ask(f"That does not open it. {question}" if again else question)
                yield Source.PERSON, unicodedata.normalize("NFC", typed)

    def unasked(self) -> Keys:
        """The same sources but for the person: for looking at many files, of which some may have older passphrases."""
        quiet = copy(self)
        quiet.ask = None
        return quiet

    def opened(self, source: Source, passphrase: str) -> None:
        """Remember what opened a file: another copy of the database mostly has the same."""
        if source is not Source.EARLIER:
            self.source = source
            self._earlier.insert(0, passphrase)

    def from_file(self, key_file: Path) -> str:
        """The key file's passphrase, read once, for it may be a pipe."""
        if self._line is None:
            self._line = first_line(key_file)
        return self._line

    def new(self, name: str) -> str:
        """What to encrypt with: the key file's passphrase, or one typed twice. Raises UsageError where neither is."""
        if self.key_file:
            return fit(self.from_file(self.key_file))
        return self.typed_twice(
            name, "Name a file that holds it with RECRM_KEY_FILE, or run the command on a terminal."
        )

    def typed_twice(self, name: str, hint: str) -> str:
        """A new passphrase from the person at the terminal. Raises UsageError with `hint` where there is none."""
        if not self.ask:
            raise UsageError("A passphrase is needed, and nobody can be asked here.", hint)
        passphrase = fit(unicodedata.normalize("NFC", self.ask(f"New passphrase for {name}")))
        if unicodedata.normalize("NFC", self.ask("The same once more")) != passphrase:
            raise UsageError("The two passphrases are not the same; nothing was changed.", "Repeat the command.")
        return passphrase


def fit(passphrase: str) -> str:
    """A passphrase worth encrypting with. Raises UsageError."""
    if len(passphrase) < SHORTEST:
        raise UsageError(
            f"The passphrase has fewer than {SHORTEST} characters; nothing was changed.",
            "Take several words that do not belong together.",
        )
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in passphrase):
        raise UsageError(
            "The passphrase has a character that cannot be typed; nothing was changed.",
            "Take letters, digits, blanks and signs.",
        )
    return passphrase


def first_line(path: Path) -> str:
    """A key file's first line, without its end. Raises BadKeyFile; one that others may read is refused."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & 0o077:
                raise BadKeyFile(
                    path,
                    f"can be read by others (mode {stat.S_IMODE(mode):03o})",
                    f"Keep it to yourself: chmod 600 '{path}'.",
                )
            line = file.readline(10_000).decode("utf-8-sig").rstrip("\r\n")
    except OSError as error:
        raise BadKeyFile(path, f"cannot be read: {error.strerror}", "Mend RECRM_KEY_FILE or the file.") from None
    except UnicodeDecodeError:
        raise BadKeyFile(path, "is no UTF-8 text", "Write the passphrase into its first line.") from None
    if not line:
        raise BadKeyFile(path, "has an empty first line", "Write the passphrase there.")
    return unicodedata.normalize("NFC", line)


def from_keyring(account: str) -> str | None:
    """The keyring's passphrase; None where the keyring is absent, locked, broken or has none."""
    try:
        import keyring

        return keyring.get_password(SERVICE, account)
    except Exception:  # noqa: BLE001  # whatever a desktop's service or a plug-in says: the next source's turn
        return None


def has_keyring() -> bool:
    """Whether there is a keyring that could keep something."""
    try:
        import keyring

        return keyring.get_keyring().priority > 0
    except Exception:  # noqa: BLE001  # as above
        return False


def keep_in_keyring(account: str, passphrase: str) -> None:
    """Store the passphrase in the keyring. Raises Failed."""
    try:
        import keyring

        keyring.set_password(SERVICE, account, passphrase)
    except ImportError:
        raise Failed("No keyring is installed.", "Type pip install keyring to install one.") from None
    except Exception as error:  # as above
        raise Failed(
            f"The keyring did not take the passphrase: {str(error) or type(error).__name__}.",
            "Unlock the keyring, or put the passphrase in a file and name it with RECRM_KEY_FILE.",
        ) from error
