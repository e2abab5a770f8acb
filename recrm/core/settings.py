"""The config file: every rule's number, its default, where its value came from, and how to change it.

The file is TOML and may be absent. A dotted key (`touch.A`) is a table and a key in the file. Unknown keys and
values of the wrong kind are refused with the key's name, so that a typing error never silently means a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from recrm.core.errors import UsageError, system_reason
from recrm.core.i18n import N_, _
from recrm.core.intervals import is_interval
from recrm.core.record import Record
from recrm.core.text import quoted


class Setting(Record):
    """One key: its default, what it is for, what it takes, and the check that a value must pass.

    `about` and `wanted` are templates, marked with `N_`; `bounds` are the facts of `wanted`.
    """

    default: Any
    about: str
    wanted: str
    accepts: Callable[[Any], bool]
    bounds: Mapping[str, int] = {}

    def wanted_text(self) -> str:
        """What the key takes, in the language spoken: `a whole number from 0 to 180`."""
        return _(self.wanted, **self.bounds)


Definitions = Mapping[str, Setting]  # by key, in the order in which `config` shows them


class BadSetting(UsageError):
    """A value in the config file, or given to `config set`, that its key cannot take."""

    def __init__(self, key: str, value: object, setting: Setting) -> None:
        super().__init__(N_("{value} is not a value for {key}."), value=quoted(str(value)), key=key)
        self.key, self.setting = key, setting

    def hint(self) -> str:
        return _("{key} takes {wanted}.", key=self.key, wanted=self.setting.wanted_text())


class UnknownSetting(UsageError):
    """A key that no setting has."""

    def __init__(self, key: str, definitions: Definitions) -> None:
        from difflib import get_close_matches

        by_lower = {known.lower(): known for known in definitions}
        near = get_close_matches(key.lower(), by_lower, n=1, cutoff=0.5)
        hint = N_("Did you mean {near}?") if near else N_("Type `recrm config` to see all keys.")
        super().__init__(N_("There is no setting called {key}."), hint, key=key, near=by_lower[near[0]] if near else "")


class ConfigUnreadable(UsageError):
    """The operating system does not let recrm read the config file."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__("", N_("Mend its permissions, or name another with --config."))
        self.path, self.error = path, error

    def what(self) -> str:
        # Only now: the file may say in which language.
        return _("The config file {file} cannot be read: {reason}.", file=self.path, reason=system_reason(self.error))


def text(default: str, about: str, wanted: str, accepts: Callable[[str], bool] | None = None) -> Setting:
    """A setting that takes text; `accepts` judges it."""
    return Setting(default, about, wanted, lambda v: isinstance(v, str) and (not accepts or accepts(v)))


def count(default: int, about: str, lowest: int = 0, highest: int = 100_000) -> Setting:
    """A setting that takes a whole number."""
    bounds = {"lowest": lowest, "highest": highest}
    wanted = N_("a whole number from {lowest} to {highest}")
    return Setting(default, about, wanted, lambda v: type(v) is int and lowest <= v <= highest, bounds)


def weight(default: float, about: str) -> Setting:
    """A setting that weighs a part of the urgency."""
    number = (int, float)
    return Setting(default, about, N_("a number from 0 to 1000"), lambda v: type(v) in number and 0 <= v <= 1000)


def interval(default: str, about: str) -> Setting:
    """A setting that takes hours or days."""
    return text(default, about, N_('hours or days, such as "48h" or "7d"'), is_interval)


def steps(about: str, *default: tuple[str, str, str]) -> Setting:
    """A setting that takes steps: what is done, by whom, within how long."""
    named = [{"step": step, "role": role, "within": within} for step, role, within in default]
    return Setting(named, about, N_('a list of { step = "…", role = "…", within = "2h" }'), _is_steps)


def _is_steps(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(step, dict)
            and set(step) == {"step", "role", "within"}
            and all(isinstance(part, str) and part.strip() for part in step.values())
            and is_interval(step["within"])
            for step in value
        )
    )


def _is_zone(value: str) -> bool:
    if not value:
        return True
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _is_region(value: str) -> bool:
    return not value or (len(value) == 2 and value.isascii() and value.isalpha() and value.isupper())


# What is no slice's own, before the slices' settings.
GENERAL: Definitions = {
    # A file may say anything here: what recrm does not speak is noted, and refuses no command.
    "language": Setting(
        "",
        N_("en or zh_CN; by default the locale's; RECRM_LANG goes before it"),
        N_("en or zh_CN"),
        lambda _value: True,
    ),
    "agent": text("", N_("who is at the keyboard; RECRM_AGENT goes before it"), N_("a name")),
    "timezone": text(
        "", N_("whose days are meant; empty: the machine's"), N_("a zone such as Asia/Shanghai"), _is_zone
    ),
    "phone_region": text(
        "",
        N_("country of phones without a code; empty: the locale's, else CN"),
        N_("a country such as CN"),
        _is_region,
    ),
    "date_order": text(
        "",
        N_("how 5/6 is read: dmy, mdy or ymd; empty: refused"),
        N_("dmy, mdy, ymd or nothing"),
        lambda v: v in ("", "dmy", "mdy", "ymd"),
    ),
    "currency": text(
        "CNY",
        N_("currency of incomes and prices"),
        N_("a code such as CNY"),
        lambda v: len(v) == 3 and v.isascii() and v.isupper(),
    ),
    "list_limit": count(50, N_("rows a list shows; 0: all")),
}
# The parts of the urgency, after what each slice says of its kinds of due items; two of those are still to come.
URGENCY: Definitions = {
    "urgency.due": weight(12, N_("weight of the deadline, times 0.2 (14 days ahead) to 1.0 (7 days overdue)")),
    "urgency.appointment": weight(8, N_("weight of a viewing or milestone today")),
    "urgency.churn": weight(5, N_("weight of a client about to be lost")),
    "urgency.other": weight(1, N_("weight of everything else")),
    "urgency.tier_A": weight(6, N_("weight of a hot and matched client")),
    "urgency.tier_B": weight(3.9, N_("weight of a promising client")),
    "urgency.tier_C": weight(1.8, N_("weight of a client who is watching")),
    "urgency.urgent": weight(15, N_("weight of the tag `urgent`")),
}


class Settings:
    """The effective values: the file's where it names a key, else the default."""

    def __init__(self, path: Path, values: Mapping[str, Any], definitions: Definitions) -> None:
        self.path = path
        self.from_file = values
        self.definitions = definitions

    def __getitem__(self, key: str) -> Any:
        return self.from_file[key] if key in self.from_file else self.definitions[key].default

    def text(self, key: str) -> str:
        """A value that is text."""
        return str(self[key])

    def count(self, key: str) -> int:
        """A value that is a whole number."""
        return int(self[key])

    def weight(self, key: str) -> float:
        """A value that is a number."""
        return float(self[key])


def check(key: str, value: object, definitions: Definitions) -> object:
    """The value, if the key exists and can take it. Raises UnknownSetting, BadSetting."""
    if key not in definitions:
        raise UnknownSetting(key, definitions)
    if not definitions[key].accepts(value):
        raise BadSetting(key, value, definitions[key])
    return value


def load(path: Path, definitions: Definitions) -> Settings:
    """Read the config file; an absent one means all defaults. Raises BadSetting, UnknownSetting, UsageError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Settings(path, {}, definitions)
    except OSError as error:
        raise ConfigUnreadable(path, error) from error
    import tomllib

    try:
        tree = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            N_("The config file {file} is not valid TOML: {reason}."),
            N_("Mend that line, or move the file away to use the defaults."),
            file=path,
            reason=error,
        ) from error
    return Settings(path, {key: check(key, value, definitions) for key, value in flatten(tree)}, definitions)


def flatten(tree: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A TOML tree as dotted keys of at most two parts."""
    flat: list[tuple[str, Any]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            flat += [(f"{key}.{inner}", entry) for inner, entry in value.items()]
        else:
            flat.append((key, value))
    return flat
