"""The README's examples of changing the code are applied to a copy of the program, which then does what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Shop
from tests.help.reading import READMES, ROOT

DIFFS = re.findall(r"^```diff\n(.*?)^```$", READMES["en"].read_text("utf-8"), re.MULTILINE | re.DOTALL)
FIELD, KIND, SLICE = range(3)
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def touched(diff: str) -> list[str]:
    """The files that are there already and are changed by it."""
    return re.findall(r"^--- a/(.*)$", diff, re.MULTILINE)


@pytest.fixture
def copy(tmp_path: Path) -> Shop:
    """A copy of the program, with a shop's folder in it: Python takes the package that lies where it is started."""
    shutil.copytree(ROOT / "recrm", tmp_path / "recrm", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return Shop(tmp_path)


def apply(diff: str, copy: Shop) -> None:
    """Apply an example as its reader would; what it adds has to pass the linters."""
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(copy.folder.parent)}
    subprocess.run(command, input=diff.encode(), cwd=copy.folder, env=environment, check=True)
    for tool in (["check", "-q"], ["format", "-q", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *tool, "recrm"], cwd=copy.folder, check=True)


def answer(copy: Shop, line: str) -> str:
    """What a line prints, run by the changed program."""
    ran = copy.shell(line)
    assert ran.code == 0, (line, ran)
    return ran.out


def test_there_are_three_of_them_and_each_touches_few_files() -> None:
    assert [len(touched(diff)) for diff in DIFFS] == [2, 2, 4]


def test_a_field_of_clients(copy: Shop) -> None:
    apply(DIFFS[FIELD], copy)
    answer(copy, 'recrm init && recrm add-client 王丽 --nationality "New Zealand"')
    assert "New Zealand" in answer(copy, "recrm show-client 1")
    assert '"nationality": "New Zealand"' in answer(copy, "recrm show-client 1 --json")
    assert "Nationality" in answer(copy, "recrm export --format csv").splitlines()[0]
    (copy.folder / "contacts.csv").write_text("姓名,国籍\n李娜,加拿大\n", "utf-8")
    answer(copy, "recrm import contacts.csv --yes")
    assert "加拿大" in answer(copy, "recrm show-client 2")


def test_a_kind_of_due_item(copy: Shop) -> None:
    apply(DIFFS[KIND], copy)
    answer(copy, "export RECRM_NOW=2026-11-01; recrm init && recrm add-client 王丽 --tier A && recrm log 1 hello")
    shown = answer(copy, "recrm due-today")
    assert "1 silence" in shown
    assert "silent for two weeks" in shown
    assert '"reason_code": "silence"' in answer(copy, "recrm due-today --json")


def test_a_slice_with_a_table(copy: Shop) -> None:
    apply(DIFFS[SLICE], copy)
    answer(copy, 'recrm init && recrm add-client 王丽 && recrm give-gift 王丽 "tea from Hangzhou"')
    assert "Gave 王丽 (#1): “tea from Hangzhou”" in answer(copy, "recrm history")
    assert "tea from Hangzhou" in answer(copy, "recrm export --format json")
    answer(copy, "recrm undo && recrm redo && recrm check && recrm erase-client 1 --yes")
    assert copy.count("gifts") == 0
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    subprocess.run([sys.executable, "-c", linter], cwd=copy.folder, check=True, capture_output=True)
