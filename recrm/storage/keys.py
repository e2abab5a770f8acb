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
from enum import Enum, auto
from pathlib import Path

from recrm.core.errors import DatabaseTrouble, Failed, UsageError, system_reason
from recrm.core.i18n import N_, _

SERVICE = "recrm"
TRIES = 3
SHORTEST = 8


class Source(Enum):
    """Who gave a passphrase."""

    EARLIER = auto()
    KEY_FILE = auto()
    KEYRING = auto()
    PERSON = auto()


class BadKeyFile(DatabaseTrouble):
    """The key file is absent, readable by others, empty or not text."""

    def __init__(self, what: str, hint: str, path: Path, **facts: object) -> None:
        """Two templates over `{path}` and the facts, marked for translation."""
        super().__init__(what, hint, path=path, **facts)


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
            return  # whoever names a file wants that one: where it is wrong they are told so, and no other is tried
        if self.has_keyring and (kept := from_keyring(self.account)) and kept not in self._earlier:
            yield Source.KEYRING, kept
        if self.ask:
            for again in range(TRIES):
                template = N_("That does not open it. Passphrase of {name}") if again else N_("Passphrase of {name}")
                typed = self.ask(_(template, name=path.name))
                yield Source.PERSON, unicodedata.normalize("NFC", typed)

    def unasked(self) -> Keys:
        """The same sources without the person: for looking at many files, some of which may have older passphrases."""
        quiet = copy(self)
        quiet.ask = None
        return quiet

    def opened(self, source: Source, passphrase: str) -> None:
        """Remember what opened a file: other copies of the database usually have the same passphrase."""
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
            name, N_("Name a file that holds it with RECRM_KEY_FILE, or run the command on a terminal.")
        )

    def typed_twice(self, name: str, hint: str) -> str:
        """A new passphrase from the person at the terminal. Raises UsageError with `hint` where there is none."""
        if not self.ask:
            raise UsageError(N_("A passphrase is needed, and nobody can be asked here."), hint)
        passphrase = fit(unicodedata.normalize("NFC", self.ask(_("New passphrase for {name}", name=name))))
        if unicodedata.normalize("NFC", self.ask(_("The same once more"))) != passphrase:
            raise UsageError(
                N_("The two passphrases are not the same; nothing was changed."), N_("Repeat the command.")
            )
        return passphrase


def fit(passphrase: str) -> str:
    """A passphrase worth encrypting with. Raises UsageError."""
    if len(passphrase) < SHORTEST:
        raise UsageError(
            N_("The passphrase has fewer than {least} characters; nothing was changed."),
            N_("Take several words that do not belong together."),
            least=SHORTEST,
        )
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in passphrase):
        raise UsageError(
            N_("The passphrase has a character that cannot be typed; nothing was changed."),
            N_("Take letters, digits, blanks and signs."),
        )
    return passphrase


def first_line(path: Path) -> str:
    """A key file's first line, without its end. Raises BadKeyFile; one that others may read is refused."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & 0o077:
                raise BadKeyFile(
                    N_("The key file {path} can be read by others (mode {mode})."),
                    N_("Keep it to yourself: chmod 600 '{path}'."),
                    path,
                    mode=f"{stat.S_IMODE(mode):03o}",
                )
            line = file.readline(10_000).decode("utf-8-sig").rstrip("\r\n")
    except OSError as error:
        raise BadKeyFile(
            N_("The key file {path} cannot be read: {why}."),
            N_("Mend RECRM_KEY_FILE or the file."),
            path,
            why=system_reason(error),
        ) from None
    except UnicodeDecodeError:
        raise BadKeyFile(
            N_("The key file {path} is not UTF-8 text."), N_("Write the passphrase into its first line."), path
        ) from None
    if not line:
        raise BadKeyFile(N_("The key file {path} has an empty first line."), N_("Write the passphrase there."), path)
    return unicodedata.normalize("NFC", line)


def from_keyring(account: str) -> str | None:
    """The keyring's passphrase; None where the keyring is absent, locked, broken or has none."""
    try:
        import keyring

        return keyring.get_password(SERVICE, account)
    except Exception:  # noqa: BLE001  # whatever goes wrong in a desktop's service or a plug-in, the next source is tried
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
        raise Failed(N_("No keyring is installed."), N_("Type `pip install keyring` to install one.")) from None
    except Exception as error:  # as above
        raise Failed(
            N_("The keyring did not take the passphrase: {why}."),
            N_("Unlock the keyring, or put the passphrase in a file and name it with RECRM_KEY_FILE."),
            why=str(error) or type(error).__name__,
        ) from error
