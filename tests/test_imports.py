"""What each daily command imports: a heavy library where it is not needed is a tenth of a second, every time."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.conftest import Shop

HEAVY = {
    "sqlite_utils", "pypinyin", "phonenumbers", "dateutil.parser", "openpyxl", "jinja2", "tomlkit",
    "charset_normalizer", "pydantic", "platformdirs", "rich.progress", "rich.markdown", "asyncio",
    "importlib.metadata", "http.client", "sqlcipher3", "keyring",
}  # fmt: skip
SLICES = {
    "backups", "briefing", "clients", "complaints", "contacts", "digest", "encryption", "followups", "imports",
    "privacy", "setup", "today",
}  # fmt: skip
DUE = {"today", "clients", "contacts", "followups", "complaints"}
BRIEFING = {"briefing", "clients", "contacts", "followups", "complaints"}


def imported_by(shop: Shop, *words: str, **environment: str) -> set[str]:
    """Every module that the real command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "recrm", *words],
        env=shop.environment(**environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return set(re.findall(r"^import time: .*\| +([\w.]+)$", done.stderr, re.MULTILINE))


def heavy(modules: set[str]) -> set[str]:
    return {name for name in modules if any(name == each or name.startswith(f"{each}.") for each in HEAVY)}


def slices(modules: set[str]) -> set[str]:
    return {name.split(".")[1] for name in modules if name.startswith("recrm.")} & SLICES


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """With something of every kind to show; a config file in which the zone is named."""
    ann = shop.add(
        "李娜", "--phone", "13800138000", "--tier", "A", "--note", "学区房", "--birthday", "11-23", "--tag", "urgent"
    )
    shop.ok("log", ann, "asked for the plan", "--in", "--at", "2026-11-19")
    shop.ok("add-follow-up", ann, "today", "send the plan", "--every", "2w")
    shop.ok("record-complaint", ann, "no heating")
    shop.ok("config", "set", "timezone", "Asia/Shanghai")
    return shop


READS = [
    ("due-today", DUE),
    ("due-today --explain", DUE),
    ("overdue", DUE),
    ("agenda", DUE),
    ("find ln", BRIEFING),
    ("find 学区", BRIEFING),
    ("find 138-0013", BRIEFING),
    ("show-client lina", BRIEFING),
    ("show-client 13800138000", BRIEFING),
    ("list-clients", {"clients"}),
    ("list-contacts lina", {"contacts", "clients", "complaints", "followups"}),
    ("list-complaints", {"complaints", "clients"}),
    ("show-complaint 1", {"complaints", "clients"}),
    ("", DUE),
]


@pytest.mark.parametrize(("command", "own"), READS)
def test_reading_imports_nothing_heavy_and_only_its_own_slices(busy: Shop, command: str, own: set[str]) -> None:
    modules = imported_by(busy, *command.split())
    assert {name.split(".")[0] for name in heavy(modules)} <= {"platformdirs"}
    assert slices(modules) <= own


@pytest.mark.parametrize(("command", "own"), READS)
def test_json_is_printed_without_rich(busy: Shop, command: str, own: set[str]) -> None:
    modules = imported_by(busy, *command.split(), "--json")
    assert {name for name in modules if name.split(".")[0] == "rich"} == set()
    assert slices(modules) <= own


def test_a_config_file_named_by_hand_spares_the_search_for_its_folder(busy: Shop) -> None:
    config = busy.folder / "config" / "recrm" / "config.toml"
    assert "platformdirs" not in imported_by(busy, "due-today", "--json", RECRM_CONFIG=str(config))


def test_logging_imports_what_writing_needs_and_no_more(busy: Shop) -> None:
    modules = imported_by(busy, "log", "lina", "said", "--next", "+3d")
    its_own = {"sqlite_utils", "dateutil"}  # which sqlite_utils imports
    assert {name.split(".")[0] for name in heavy(modules)} <= its_own | {"platformdirs"}
    assert slices(modules) == {"contacts", "clients", "complaints", "followups"}
    assert "rich" not in modules


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("recrm due", "due-today"),
        ("recrm show-client 李", "李娜"),
        ("recrm show-client lin", "李娜"),
        ("recrm log --cha", "--channel"),
        ("recrm tag 1 urg", "urgent"),
        ("recrm config set touch.d", "touch.daily_cap"),
    ],
)
def test_completion_answers_and_imports_nothing_heavy(busy: Shop, line: str, answer: str) -> None:
    words = line.split(" ")
    asked = {"_RECRM_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run(
        [sys.executable, "-m", "recrm"],
        env=busy.environment(**asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert answer in done.stdout
    modules = imported_by(busy, **asked)
    assert {name.split(".")[0] for name in heavy(modules)} <= {"platformdirs"}
    assert "imports" not in slices(modules)


def test_completion_is_silent_where_it_cannot_know(bare: Shop) -> None:
    bare.db.write_text("not a database")
    asked = {"_RECRM_COMPLETE": "complete_bash", "COMP_WORDS": "recrm show-client l", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-m", "recrm"],
        env=bare.environment(**asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout.strip(), done.stderr) == ("", "")
    bare.db.unlink()
    bare.run(**asked)
    assert not bare.db.exists()


def test_help_imports_no_library_that_only_working_needs(bare: Shop) -> None:
    modules = imported_by(bare, "import", "--help")
    assert {name.split(".")[0] for name in heavy(modules)} <= {"rich", "importlib"}
