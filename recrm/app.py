"""What a command is given: settings, clock, database and output, each made when first asked for.

This is the only module that reads the environment or the clock. Everything below takes `now` as a value.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from sys import platform
from typing import TYPE_CHECKING, TextIO

from recrm import slices
from recrm.core import settings
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, language_of
from recrm.core.moments import FIRST_YEAR, LAST_YEAR
from recrm.core.text import quoted
from recrm.core.ui import Output
from recrm.storage import db
from recrm.storage.db import Database, Operation

if TYPE_CHECKING:
    import sqlite_utils

    from recrm.storage.keys import Keys


class App:
    """One run of recrm."""

    def __init__(self) -> None:
        self.db_option: Path | None = None
        self.config_option: Path | None = None
        self.command = ""
        self.has_saved = False
        self.exit_code = 0  # of a command that answered, and whose answer is bad news
        self.notes: list[str] = []  # what is to be said once, after the answer
        self.asks_for_keys = True  # not while a line is typed: a keyring may put up a window
        self.out = Output()

    def given(self, db_path: Path | None, config: Path | None, json: bool) -> None:
        """Take over the global options; they may stand before or after the command's name."""
        self.db_option = db_path or self.db_option
        self.config_option = config or self.config_option
        if json:
            self.out = Output(json=True)

    @cached_property
    def settings(self) -> settings.Settings:
        named = self.config_option or _path_from("RECRM_CONFIG")
        if self.config_option and self.command != "config" and not self.config_option.exists():
            raise UsageError(
                N_("There is no config file {file}."),
                N_("Mend the path, or make the file with `recrm --config PATH config set KEY VALUE`."),
                file=self.config_option,
            )
        return settings.load(named or _default_folder("config") / "config.toml", slices.settings())

    @cached_property
    def language(self) -> str:
        """One of `i18n.LANGUAGES`: RECRM_LANG's, the config's, else the locale's; a wish that recrm does not know is
        noted, and English spoken. So it is where stdout cannot carry Chinese, which would come out as question marks.
        """
        wished = self._wished_language()
        return wished if wished == "en" or _carries_chinese(sys.stdout) else "en"

    def _wished_language(self) -> str:
        try:
            configured = self.settings.text("language")
        except (UsageError, OSError):  # which the command itself will hear of
            configured = ""
        wish = os.environ.get("RECRM_LANG", "").strip() or configured
        if not wish:
            return next(filter(None, map(language_of, self._locales("LC_MESSAGES"))), "en")
        found = language_of(wish)
        if found is None:
            note = N_("recrm does not speak {language}; it speaks English (en) and 简体中文 (zh_CN).")
            self.notes.append(note.format(language=quoted(wish)))
        return found or "en"

    @cached_property
    def zone(self) -> tzinfo:
        return _zone(self.settings.text("timezone"))

    @cached_property
    def now(self) -> datetime:
        """This moment, in the agent's zone; RECRM_NOW stands in for it."""
        text = os.environ.get("RECRM_NOW", "")
        if not text:
            return datetime.now(self.zone).replace(microsecond=0)
        try:
            moment = datetime.fromisoformat(text)
            if not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise ValueError
        except ValueError:
            raise UsageError(
                N_("RECRM_NOW is {text}, which is not a date or time."),
                N_("Write it as 2026-11-30 or 2026-11-30T08:30, from {first} to {last}."),
                text=quoted(text),
                first=FIRST_YEAR,
                last=LAST_YEAR,
            ) from None
        local = moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment.astimezone(self.zone)
        return local.replace(microsecond=0)

    @property
    def today(self) -> date:
        return self.now.date()

    def as_of(self, when: date | datetime | None) -> datetime:
        """`now`, or the moment a list is asked to be seen from: on another day, the same time of day."""
        if when is None:
            return self.now
        if isinstance(when, datetime):
            return when.astimezone(self.zone)
        return datetime.combine(when, self.now.timetz())

    @cached_property
    def agent(self) -> str:
        """Who is at the keyboard; empty in a shop of one that never said."""
        return os.environ.get("RECRM_AGENT", "").strip() or self.settings.text("agent")

    @cached_property
    def region(self) -> str:
        """The country that a phone without a code is read in: the config's, the locale's, else CN."""
        configured = self.settings.text("phone_region")
        if configured:
            return configured
        return self.region_of_locale or "CN"

    @property
    def region_of_locale(self) -> str:
        """The country that the machine's locale names; empty where it names none."""
        for name in self._locales("LC_CTYPE"):  # which may be a bare UTF-8 (macOS, PEP 538)
            country = name.partition("_")[2][:2].upper()
            if len(country) == 2 and country.isalpha():
                return country
        return ""

    @staticmethod
    def _locales(category: str) -> list[str]:
        """What the environment says of a category of the locale, the weightiest first."""
        return [value for name in ("LC_ALL", category, "LANG") if (value := os.environ.get(name, ""))]

    @property
    def db_path(self) -> Path:
        return self.db_option or _path_from("RECRM_DB") or _default_folder("data") / "recrm.db"

    @property
    def is_default_path(self) -> bool:
        return not (self.db_option or _path_from("RECRM_DB"))

    @cached_property
    def db(self) -> Database:
        """The open database. Raises DatabaseTrouble."""
        return db.open_existing(self.db_path, lambda: self.keys)

    @property
    def has_opened(self) -> bool:
        """Whether the database is open."""
        return "db" in self.__dict__

    def close(self) -> None:
        """Close the database, if it was opened."""
        if self.has_opened:
            self.__dict__.pop("db").close()

    @cached_property
    def keys(self) -> Keys:
        """Where the passphrase of an encrypted database comes from; asked for only when one is met."""
        from recrm.storage.keys import Keys

        asks = self.asks_for_keys and self.out.can_ask_secret()
        key_file = _path_from("RECRM_KEY_FILE")
        return Keys(self.db_path, key_file, self.out.ask_secret if asks else None, has_keyring=self.asks_for_keys)

    @contextmanager
    def write(self) -> Iterator[sqlite_utils.Database]:
        """One operation, named after the command; the first write to the default path makes the file."""
        if not self.has_opened and self.is_default_path and not self.db_path.exists():
            with suppress(FileExistsError):  # another process was first
                self.__dict__["db"] = db.create(self.db_path)
        with self.db.write(Operation(self.command, self.agent, self.now)) as tables:
            yield tables
        self.has_saved = True


def _carries_chinese(stream: TextIO) -> bool:
    try:
        "中".encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _path_from(variable: str) -> Path | None:
    named = os.environ.get(variable, "")
    return Path(named).expanduser() if named else None


def _default_folder(kind: str) -> Path:
    """The folder of our data or config. Linux's rule (XDG Base Directory) is written out here, because platformdirs
    takes 4 ms to import, half of what `due-today --json` may cost beyond the floor; elsewhere it knows best.
    """
    if platform == "linux":
        variable, usual = ("XDG_DATA_HOME", ".local/share") if kind == "data" else ("XDG_CONFIG_HOME", ".config")
        named = os.environ.get(variable, "")
        # A relative path is to be ignored, says the specification.
        return (Path(named) if named.startswith("/") else Path.home() / usual) / "recrm"
    import platformdirs

    name = platformdirs.user_data_dir if kind == "data" else platformdirs.user_config_dir
    return Path(name("recrm", appauthor=False))


# A zone as POSIX has it in TZ, such as CST-8 or CET-1CEST,M3.5.0,M10.5.0/3: the machine's, as dateutil reads it.
_ABBREVIATION = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)"
_OFFSET = r"[+-]?(?:[01]?\d|2[0-3])(?::[0-5]?\d){0,2}"
POSIX_RULE = rf"{_ABBREVIATION}{_OFFSET}(?:{_ABBREVIATION}(?:{_OFFSET})?(?:,[JM\d.]+(?:/[+-]?[\d:]+)?){{0,2}})?"


def _zone(name: str) -> tzinfo:
    """The zone called so; empty: the machine's, by TZ or its localtime file. Raises UsageError where TZ is neither."""
    from zoneinfo import ZoneInfo

    name = name or os.environ.get("TZ", "").removeprefix(":")
    if name and not name.startswith("/"):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            import re

            if not re.fullmatch(POSIX_RULE, name):
                raise UsageError(
                    N_("TZ is {name}, which is not a time zone."),
                    N_("Set it to a zone such as Asia/Shanghai, or type `recrm config set timezone Asia/Shanghai`."),
                    name=quoted(name),
                ) from None
    else:
        try:
            with Path(name or "/etc/localtime").open("rb") as file:
                return ZoneInfo.from_file(file, key="localtime")
        except (OSError, ValueError):
            pass  # Windows, or a bare container
    from dateutil import tz

    return tz.tzlocal()
