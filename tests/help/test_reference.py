"""The reference and the program say the same, in both languages: commands, options, settings, codes, JSON, dates."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
import typer

from recrm import slices
from recrm.cli.program import PLACES, program
from recrm.clients.fieldtable import FIELDS
from recrm.core.dates import parse_when
from recrm.core.errors import RecrmError, WhenNotUnderstood
from recrm.core.i18n import LANGUAGES
from recrm.help import topics
from tests.conftest import Shop
from tests.help.reading import ROOT, blocks, items, page, spans

NOW = datetime(2026, 11, 21, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def options_of(command: str) -> frozenset[str]:
    """Every option of a command, as it may be typed."""
    made = program().get_command(typer.Context(program()), command)
    assert made is not None
    return frozenset(name for parameter in made.params for name in (*parameter.opts, *parameter.secondary_opts))


EVERYWHERE = {"--json", "--db", "--config", "--help", "-h", "--limit", "-n", "--sort"}


@in_each_language
def test_every_command_has_its_place_in_the_reference(language: str) -> None:
    heads = [name.split()[0] for head, _item in items("commands", language) for name in spans(head)]
    assert sorted(heads) == sorted([*PLACES, "recrm"])


@in_each_language
def test_an_item_names_options_that_its_command_has(language: str) -> None:
    for head, item in items("commands", language):
        commands = [name.split()[0] for name in spans(head)]
        known = frozenset().union(*(options_of(name) for name in commands if name in PLACES))
        named = set(re.findall(r"(?<![\w-])--[a-z-]+", item))
        # `edit-client` points to `add-client` for the options that both have.
        assert named - known == set(), head


@in_each_language
def test_every_option_stands_in_the_reference(language: str) -> None:
    """But for those of clients' fields, which `add-client --help` lists: a further field touches no page."""
    text = page(language)
    of_fields = {name for field in FIELDS if field.option for each in field.option.names for name in each.split("/")}
    missing = [
        (command, option)
        for command in PLACES
        for option in sorted(options_of(command) - of_fields)
        if option.startswith("--") and not re.search(rf"(?<![\w-]){option}(?![\w-])", text)
    ]
    assert missing == []


@in_each_language
def test_every_setting_stands_in_config_with_its_default(language: str) -> None:
    defaults: dict[str, str] = {}
    for _head, item in items("config", language):
        defaults |= dict(re.findall(r"`([a-z_]+(?:\.\w+)?)` ?(?:\(|（)([^()（）]+)(?:\)|）)", item))
        for key in spans(re.split(r"[(（:：]", item, maxsplit=1)[0]):
            defaults.setdefault(key, "")
    assert [key for key in slices.settings() if key not in defaults] == []
    for key, setting in slices.settings().items():
        if setting.default and isinstance(setting.default, str | int | float):
            assert defaults[key] == str(setting.default), key


@in_each_language
def test_every_variable_stands_in_config(language: str) -> None:
    named = {head.strip("`") for head, _item in items("config", language)}
    read = {
        variable
        for file in (ROOT / "recrm").rglob("*.py")
        for variable in re.findall(r'"(RECRM_[A-Z_]+)"', file.read_text("utf-8"))
    }
    assert read - named == set()


@in_each_language
def test_every_exit_code_stands_in_exit_codes(language: str) -> None:
    codes = {int(head.strip("`")) for head, _item in items("exit-codes", language)}
    families = {family.exit_code for family in RecrmError.__subclasses__()}
    assert codes == {0, 1, 130} | families


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop with something of everything."""
    shop = Shop(tmp_path_factory.mktemp("reference"))
    shop.ok("init")
    shop.add("王丽", "--phone", "13800138000", "--tier", "A", "--birthday", "11-23")
    shop.add("王莉", "--phone", "13800138000", "--allow-duplicate")
    shop.ok("log", 1, "called", "--in")
    shop.ok("add-follow-up", 1, "today", "call")
    shop.ok("record-complaint", 1, "no heating")
    shop.ok("backup")
    (shop.folder / "clients.csv").write_text("Name,Phone\nFay,13700137000\n", "utf-8")
    return shop


# The head of the item in `json` that lists the keys, and a command that prints such objects.
OBJECTS = {
    "due item": "due-today --explain",
    "client": "show-client 1",
    "contact": "list-contacts",
    "follow-up": "snooze 1 +1d",
    "complaint": "show-complaint 1",
    "hit of `find`": "find 王丽",
    "digest": "digest",
    "operation of `history`": "history",
    "backup": "list-backups",
    "`check`": "check",
    "pair of `find-duplicates`": "find-duplicates --least 1",
    "`merge-clients`": "merge-clients 1 2 --dry-run",
    "`consent`": "consent 1",
    "`export-person`": "export-person 1 --force",
    "import": "import clients.csv --dry-run --yes",
    "export": "export all.csv --force",
}


@in_each_language
@pytest.mark.parametrize("kind", OBJECTS)
def test_json_has_the_keys_that_stand_there(shop: Shop, language: str, kind: str) -> None:
    place = [head.strip("*") for head, _item in items("json", "en")].index(kind)
    listed = items("json", language)
    named = {name for span in spans(listed[place][1]) for name in re.split(r"[ ,]+", span)}
    if kind in ("`merge-clients`", "`consent`"):
        named |= {name for span in spans(listed[1][1]) for name in re.split(r"[ ,]+", span)}
    if kind in ("client", "`consent`", "`merge-clients`"):
        named |= {field.key for field in FIELDS}  # a further field touches no page
    answer = shop.get(*shlex.split(OBJECTS[kind]))
    for found in answer if isinstance(answer, list) else [answer]:
        assert set(found) - named == set()


def samples(language: str) -> Iterator[tuple[str, bool]]:
    """Every WHEN that the topic shows, and whether it is taken."""
    text = topics.text("when", language).partition("\n## ")[0]
    taken, refused = [
        re.findall(r"^- .*(?:\n  .*)*", part, re.MULTILINE) for part in re.split(r"(?m)^.*(?:Refused|不接受).*$", text)
    ]
    for item in taken:
        yield from ((sample, True) for sample in spans(item))
    for item in refused:
        yield from ((sample, False) for sample in spans(item) if re.match(r"\d", sample))


@in_each_language
def test_the_days_and_times_that_it_shows_are_read(language: str) -> None:
    shown = list(samples(language))
    assert len(shown) > 30
    for sample, is_taken in shown:
        if is_taken:
            assert isinstance(parse_when(sample, now=NOW), date), sample
        else:
            with pytest.raises(WhenNotUnderstood):
                parse_when(sample, now=NOW)


def command_lines(language: str) -> list[str]:
    """Every `recrm …` in backquotes and in blocks of code, up to a pipe or a redirection."""
    text = page(language)
    lines = [*blocks(text), *spans(text)]
    found = [re.search(r"(?:^|[ /])recrm(?= |$)(.*)", line.removeprefix("$ ")) for line in lines]
    return [match[1] for match in found if match]


@in_each_language
def test_a_command_line_that_it_shows_names_commands_and_options_that_exist(language: str) -> None:
    lines = command_lines(language)
    assert len(lines) > 60
    for line in lines:
        typed = shlex.split(re.split(r" (?:\||>>?|&&) ", line)[0])
        command = next((word for word in typed if not word.startswith("-")), "")
        if not command or command == "COMMAND":
            continue
        assert command in PLACES, line
        for word in typed:
            if re.match(r"--[a-z]", word):
                assert word in options_of(command) | EVERYWHERE, line
