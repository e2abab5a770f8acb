"""The README's tour is run as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Shop

README = Path(__file__).parents[1] / "README.md"
SHEET = re.compile(r"```csv\n(.*?)```", re.DOTALL)
LINE = re.compile(r"^\$ (.*)$", re.MULTILINE)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def ran(shop: Shop, line: str, exported: dict[str, str]) -> str:
    """What a line of the tour prints; the only other command in it is `export`."""
    words = shlex.split(line)
    if words[0] == "export":
        exported |= dict(word.split("=", 1) for word in words[1:])
        return ""
    assert words[0] == "recrm"
    done = shop.run(*words[1:], **exported)
    assert done.code == 0, (line, done)
    lines = f"{done.err}{done.out}" if words[1] == "import" else f"{done.out}{done.err}"
    return "".join(f"{line.rstrip()}\n" for line in lines.splitlines())


def test_the_tour_prints_what_it_says(bare: Shop, request: pytest.FixtureRequest) -> None:
    bare.now, bare.width = "2026-11-23T08:30", 96
    exported: dict[str, str] = {}
    page = README.read_text(encoding="utf-8")
    (bare.folder / "contacts.csv").write_text(SHEET.findall(page)[0], encoding="utf-8")

    def told(block: re.Match[str]) -> str:
        said = [(line, ran(bare, line, exported)) for line in LINE.findall(block[1])]
        return "```console\n" + "".join(f"$ {line}\n{output}" for line, output in said) + "```"

    now = CONSOLE.sub(told, page)
    if request.config.getoption("--update"):
        README.write_text(now, encoding="utf-8")
    else:
        assert now == page
