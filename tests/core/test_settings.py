"""The config file: what it takes, what it refuses, where a value came from, and what `config set` leaves alone."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from recrm import slices
from recrm.core import settings
from recrm.core.settings import BadSetting, UnknownSetting
from tests.conftest import Shop

SETTINGS = slices.settings()

FILE = """\
# My shop.
currency = "EUR"      # we sell in Berlin

# Touches, as agreed on Monday.
[touch]
B = "5d"  # was 7d
A = "24h"

[urgency]
tier_A = 8
"""


def check(key: str, value: object) -> object:
    return settings.check(key, value, SETTINGS)


def config(shop: Shop, text: str | bytes) -> None:
    path = shop.folder / "config" / "recrm" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def written(shop: Shop) -> str:
    return (shop.folder / "config" / "recrm" / "config.toml").read_text("utf-8")


@pytest.mark.parametrize("key", SETTINGS)
def test_every_default_passes_its_own_check_and_the_wrong_kind_does_not(key: str) -> None:
    setting = SETTINGS[key]
    assert check(key, setting.default) == setting.default
    assert setting.about
    assert setting.wanted
    wrong: list[Any] = [None, {}, object(), b"x", True, float("nan"), float("inf")]
    wrong += [7] if isinstance(setting.default, str) else ["seven"]
    if key == "language":  # whatever a file says there, recrm speaks English and notes it
        assert all(check(key, value) is value for value in wrong)
        return
    for value in wrong:
        with pytest.raises(BadSetting, match=key.replace(".", r"\.")):
            check(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("touch.A", "0h"), ("touch.A", "h"), ("touch.A", "48"), ("touch.A", "-1d"), ("touch.A", "1.5d"),
        ("touch.A", "99999d"),
        ("list_limit", -1), ("list_limit", 2.0), ("list_limit", 100_001),
        ("birthday.notice_days", 181), ("birthday.belated_days", 181), ("profile.verify_days", 0),
        ("urgency.due", -0.1), ("urgency.due", 1001), ("timezone", "Mars/Olympus"), ("timezone", "../etc/passwd"),
        ("timezone", "America"), ("phone_region", "China"), ("phone_region", "cn"), ("date_order", "ydm"),
        ("currency", "euro"), ("complaint.major", []), ("complaint.major", [{"step": "x", "role": "y"}]),
        ("complaint.major", [{"step": " ", "role": "y", "within": "2h"}]),
        ("complaint.major", [{"step": "x", "role": "y", "within": "soon"}]),
    ],
)  # fmt: skip
def test_values_out_of_bounds_are_refused(key: str, value: object) -> None:
    with pytest.raises(BadSetting):
        check(key, value)


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(UnknownSetting) as refused:
        check("touch.dayly_cap", 3)
    assert refused.value.hint() == "Did you mean touch.daily_cap?"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('agnet = "Mei"', "agnet"),
        ('[touch]\nAA = "2d"', "touch.AA"),
        ("[touch.A]\nx = 1", "touch.A"),
        ("[touch]\nA = 48", "touch.A"),
        ('[urgency]\ndue = "twelve"', "urgency.due"),
        ("touch = 3", "touch"),
        ('[complaint]\nmajor = ["call"]', "complaint.major"),
        ("agent = Mei", "config.toml is not valid TOML"),
        (b'agent = "\xc0\xce\xc3\xc3"', "config.toml is not valid TOML"),
    ],
)
def test_a_config_file_that_is_wrong_stops_every_command(shop: Shop, text: str | bytes, named: str) -> None:
    config(shop, text)
    for words in (("due-today",), ("config",), ("config", "set", "agent", "Mei")):
        ran = shop.run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert named in ran.err.splitlines()[0]
        assert len(ran.err.splitlines()) == 2
    assert (shop.folder / "config" / "recrm" / "config.toml").read_bytes() in (text, str(text).encode())


def test_a_config_file_that_cannot_be_read_is_said_by_name(shop: Shop) -> None:
    ran = shop.run("due-today", "--config", shop.folder)
    assert (ran.code, ran.out) == (2, "")
    assert f"The config file {shop.folder} cannot be read" in ran.err


def test_values_are_shown_with_where_they_came_from(shop: Shop) -> None:
    config(shop, FILE)
    path = str(shop.folder / "config" / "recrm" / "config.toml")

    def shown(**environment: str) -> dict[str, tuple[Any, str]]:
        return {row["key"]: (row["value"], row["source"]) for row in shop.get("config", **environment)}

    rows = shown()
    assert list(rows) == list(SETTINGS)
    assert rows["currency"] == ("EUR", path)
    assert rows["touch.B"] == ("5d", path)
    assert rows["touch.C"] == ("30d", "default")
    assert rows["agent"] == ("", "default")
    assert rows["timezone"] == ("Asia/Shanghai", "this machine")
    assert rows["phone_region"] == ("CN", "default")
    assert shown(RECRM_AGENT="Mei")["agent"] == ("Mei", "RECRM_AGENT")
    assert shown(LANG="de_DE.UTF-8")["phone_region"] == ("DE", "this machine")
    assert "Did you mean touch.B?" in shop.run("config", "show", "touch.b").err
    assert [row["key"] for row in shop.get("config", "show", "touch.B")] == ["touch.B"]


def test_values_have_their_effect(shop: Shop) -> None:
    config(shop, FILE + '\n[inquiry]\nanswer_within = "1h"\n')
    shop.add("Ann", "--tier", "A", "--income", "300k")
    (inquiry,) = shop.due("--explain", "--as-of", "2026-11-21T12:00", kind="inquiry")
    assert inquiry["due"] == "2026-11-21T10:00:00+08:00"
    assert inquiry["explain"]["tier"] == 8
    assert shop.get("show-client", "Ann")["currency"] == "EUR"


def test_recrm_agent_goes_before_the_config(shop: Shop) -> None:
    config(shop, 'agent = "Jonas"')
    for agent, named in (("", "Jonas"), ("Mei", "Mei")):
        shop.agent = agent
        assert shop.get("add-client", f"for {named}")["agent"] == named


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("agent", "Mei", "Mei"),
        ("agent", "42", "42"),
        ("agent", '"quoted" # not a comment', '"quoted" # not a comment'),
        ("touch.C", "21d", "21d"),
        ("touch.daily_cap", "0", 0),
        ("urgency.due", "12.5", 12.5),
        ("urgency.tier_A", "7", 7),
        ("profile.verify_days", "90", 90),
        (
            "complaint.general",
            '[{step = "回电", role = "agent", within = "1h"}, {step = "done", role = "agent", within = "2d"}]',
            [{"step": "回电", "role": "agent", "within": "1h"}, {"step": "done", "role": "agent", "within": "2d"}],
        ),
    ],
)
@pytest.mark.parametrize("before", ["", FILE], ids=["no file", "a file with comments"])
def test_config_set_writes_the_value_and_keeps_everything_else(
    shop: Shop, before: str, key: str, typed: str, value: object
) -> None:
    if before:
        config(shop, before)
    row = shop.get("config", "set", key, typed)
    assert (row["key"], row["value"]) == (key, value)
    tree, old = tomllib.loads(written(shop)), tomllib.loads(before)
    table, _, name = key.rpartition(".")
    assert (tree[table] if table else tree).pop(name) == value
    (old[table] if table and table in old else old).pop(name, None)
    assert {k: v for k, v in tree.items() if v != {}} == {k: v for k, v in old.items() if v != {}}
    kept = [line for line in before.splitlines() if line and not line.startswith(f"{name} =")]
    after = written(shop).splitlines()
    assert [line for line in after if line in kept] == kept
    assert ((shop.folder / "config" / "recrm" / "config.toml").stat().st_mode & 0o777) == 0o600
    assert shop.get("config", "show", key)[0]["value"] == value
    shop.ok("config", "unset", key)
    assert shop.get("config", "show", key)[0]["source"] in ("default", "this machine")


def test_config_set_changes_a_value_where_it_stands(shop: Shop) -> None:
    config(shop, FILE)
    shop.ok("config", "set", "touch.B", "4d")
    assert written(shop) == FILE.replace('B = "5d"  # was', 'B = "4d"  # was')


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (("touch.B", "soon"), 2, "touch.B takes hours or days"),
        (("list_limit", "many"), 2, "list_limit takes a whole number"),
        (("urgency.due", "true"), 2, "urgency.due takes a number"),
        (("phone_region", "XX"), 2, "phone_region takes a country"),
        (("birthday.notice_days", "181"), 2, "a whole number from 0 to 180"),
        (("touch.dayly_cap", "3"), 2, "Did you mean touch.daily_cap?"),
        (("touch.B",), 2, "A key and a value are needed."),
        ((), 2, "A key and a value are needed."),
    ],
)
def test_config_set_refuses_and_writes_nothing(shop: Shop, words: tuple[str, ...], code: int, named: str) -> None:
    config(shop, FILE)
    ran = shop.run("config", "set", *words)
    assert (ran.code, ran.out) == (code, "")
    assert named in ran.err
    assert written(shop) == FILE


def test_config_path_and_unset_of_nothing(shop: Shop) -> None:
    path = shop.folder / "elsewhere" / "recrm.toml"
    assert shop.get("config", "path", "--config", path) == {"path": str(path)}
    assert shop.get("config", "path", RECRM_CONFIG=str(path)) == {"path": str(path)}
    shop.ok("config", "set", "agent", "Mei", "--config", path)
    assert tomllib.loads(path.read_text()) == {"agent": "Mei"}
    shop.ok("config", "unset", "touch.A", "--config", path)
    assert tomllib.loads(path.read_text()) == {"agent": "Mei"}
