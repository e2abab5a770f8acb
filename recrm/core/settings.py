"""The config file: every rule's number, its default, where its value came from, and how to change it.

The file is TOML and may be absent. A dotted key (`touch.A`) is a table and a key in the file. Unknown keys and
values of the wrong kind are refused with the key's name, so that a typing error never silently means a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from recrm.core.errors import UsageError
from recrm.core.text import quoted


class BadSetting(UsageError):
    """A value in the config file, or given to `config set`, that its key cannot take."""

    def __init__(self, key: str, value: object, wanted: str) -> None:
        super().__init__(f"{quoted(str(value))} is not a value for {key}.", f"{key} takes {wanted}.")


class UnknownSetting(UsageError):
    """A key that no setting has."""

    def __init__(self, key: str) -> None:
        by_lower = {known.lower(): known for known in SETTINGS}
        near = get_close_matches(key.lower(), by_lower, n=1, cutoff=0.5)
        hint = f"Did you mean {by_lower[near[0]]}?" if near else "Type `recrm config` to see all keys."
        super().__init__(f"There is no setting called {key}.", hint)


class Setting(NamedTuple):
    """One key: its default, what it is for, what it takes, and the check that a value must pass."""

    default: Any
    about: str
    wanted: str
    accepts: Callable[[Any], bool]


def _text(default: str, about: str, wanted: str, accepts: Callable[[str], bool] | None = None) -> Setting:
    return Setting(default, about, wanted, lambda v: isinstance(v, str) and (not accepts or accepts(v)))


def _count(default: int, about: str, lowest: int = 0, highest: int = 100_000) -> Setting:
    wanted = f"a whole number from {lowest} to {highest}"
    return Setting(default, about, wanted, lambda v: type(v) is int and lowest <= v <= highest)


def _weight(default: float, about: str) -> Setting:
    number = (int, float)
    return Setting(default, about, "a number from 0 to 1000", lambda v: type(v) in number and 0 <= v <= 1000)


def _span(default: str, about: str) -> Setting:
    wanted = 'hours or days, such as "48h" or "7d"'
    return _text(
        default,
        about,
        wanted,
        lambda v: v[-1:] in ("h", "d") and v[:-1].isdecimal() and 0 < int(v[:-1]) < 10_000,
    )


def _is_steps(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(step, dict)
            and set(step) == {"step", "role", "within"}
            and all(isinstance(part, str) and part.strip() for part in step.values())
            and step["within"][-1:] in ("h", "d")
            and step["within"][:-1].isdecimal()
            and 0 < int(step["within"][:-1]) < 10_000
            for step in value
        )
    )


def _steps(about: str, *steps: tuple[str, str, str]) -> Setting:
    default = [{"step": step, "role": role, "within": within} for step, role, within in steps]
    return Setting(default, about, 'a list of { step = "…", role = "…", within = "2h" }', _is_steps)


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


SETTINGS: dict[str, Setting] = {
    "language": _text("", "en or zh_CN; by default the locale's; RECRM_LANG goes before it", "en or zh_CN"),
    "agent": _text("", "who is at the keyboard; RECRM_AGENT goes before it", "a name"),
    "timezone": _text("", "whose days are meant; empty: the machine's", "a zone such as Asia/Shanghai", _is_zone),
    "phone_region": _text(
        "",
        "country of phones without a code; empty: the locale's, else CN",
        "a country such as CN",
        _is_region,
    ),
    "date_order": _text(
        "",
        "how 5/6 is read: dmy, mdy or ymd; empty: refused",
        "dmy, mdy, ymd or nothing",
        lambda v: v in ("", "dmy", "mdy", "ymd"),
    ),
    "currency": _text(
        "CNY",
        "currency of incomes and prices",
        "a code such as CNY",
        lambda v: len(v) == 3 and v.isascii() and v.isupper(),
    ),
    "list_limit": _count(50, "rows a list shows; 0: all"),
    "backup.folder": _text(
        "",
        "where backups go; empty: the folder `backups` beside the database",
        "a full path such as ~/backups, or nothing",
        lambda v: not v or v.startswith("~") or Path(v).is_absolute(),
    ),
    "backup.keep": _count(10, "so many of the newest backups are kept, and some older ones", 1, 1_000),
    "touch.A": _span("48h", "a hot and matched client hears from you at least this often"),
    "touch.B": _span("7d", "the same for a promising client"),
    "touch.C": _span("30d", "the same for a client who is watching"),
    "touch.daily_cap": _count(20, "touches on one day's list, so that a backlog does not bury the rest"),
    "profile.verify_days": _count(180, "a profile is verified again after so many days", 1),
    "profile.daily_cap": _count(20, "profiles on one day's list"),
    "inquiry.answer_within": _span("24h", "an inquiry is answered within this"),
    "birthday.notice_days": _count(7, "a birthday is announced so many days ahead", highest=180),
    "birthday.belated_days": _count(7, "a birthday without a word stays on the list so many days", highest=180),
    "complaint.general": _steps(
        "steps of a general complaint", ("respond to the client", "agent", "2h"), ("resolve", "agent", "24h")
    ),
    "complaint.major": _steps(
        "steps of a major complaint",
        ("manager on site", "manager", "1h"),
        ("director's plan", "director", "2h"),
        ("principal speaks to the client", "principal", "24h"),
        ("resolve", "manager", "72h"),
    ),
    "complaint.maintenance": _steps(
        "steps of a maintenance complaint",
        ("respond to the client", "agent", "2h"),
        ("repair plan", "maintenance", "24h"),
        ("repair done", "maintenance", "72h"),
    ),
    "complaint.confirm_within": _span("24h", "after a resolution the client is asked within this"),
    "complaint.call_back_days": _count(7, "a closed complaint is called back after so many days", 1),
    "urgency.due": _weight(12, "weight of the deadline, times 0.2 (14 days ahead) to 1.0 (7 days overdue)"),
    "urgency.complaint": _weight(9, "weight of a complaint step"),
    "urgency.breached": _weight(15, "weight of a complaint step whose clock has run out"),
    "urgency.appointment": _weight(8, "weight of a viewing or milestone today"),
    "urgency.follow_up": _weight(5, "weight of a follow-up"),
    "urgency.churn": _weight(5, "weight of a client about to be lost"),
    "urgency.care": _weight(4, "weight of a birthday on the day"),
    "urgency.touch": _weight(2, "weight of a touch"),
    "urgency.other": _weight(1, "weight of everything else"),
    "urgency.tier_A": _weight(6, "weight of a hot and matched client"),
    "urgency.tier_B": _weight(3.9, "weight of a promising client"),
    "urgency.tier_C": _weight(1.8, "weight of a client who is watching"),
    "urgency.urgent": _weight(15, "weight of the tag `urgent`"),
}


class Settings:
    """The effective values: the file's where it names a key, else the default."""

    def __init__(self, path: Path, values: Mapping[str, Any]) -> None:
        self.path = path
        self.from_file = values

    def __getitem__(self, key: str) -> Any:
        return self.from_file[key] if key in self.from_file else SETTINGS[key].default

    def text(self, key: str) -> str:
        return str(self[key])

    def count(self, key: str) -> int:
        return int(self[key])

    def weight(self, key: str) -> float:
        return float(self[key])


def span(value: str) -> timedelta:
    """A checked span such as `48h` or `7d` as elapsed time, a day being 24 hours."""
    return timedelta(hours=int(value[:-1])) if value.endswith("h") else timedelta(days=int(value[:-1]))


def check(key: str, value: object) -> object:
    """The value, if the key exists and can take it; raises UnknownSetting or BadSetting."""
    if key not in SETTINGS:
        raise UnknownSetting(key)
    if not SETTINGS[key].accepts(value):
        raise BadSetting(key, value, SETTINGS[key].wanted)
    return value


def load(path: Path) -> Settings:
    """Read the config file; an absent one means all defaults. Raises BadSetting, UnknownSetting, UsageError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Settings(path, {})
    except OSError as error:
        raise UsageError(
            f"The config file {path} cannot be read: {error.strerror}.",
            "Mend its permissions, or name another with --config.",
        ) from error
    import tomllib

    try:
        tree = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The config file {path} is not valid TOML: {error}.",
            "Mend that line, or move the file away to use the defaults.",
        ) from error
    return Settings(path, {key: check(key, value) for key, value in flatten(tree)})


def flatten(tree: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A TOML tree as dotted keys of at most two parts."""
    flat: list[tuple[str, Any]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            flat += [(f"{key}.{inner}", entry) for inner, entry in value.items()]
        else:
            flat.append((key, value))
    return flat
