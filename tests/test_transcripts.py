"""Sessions as an agent types them: `tests/transcripts/*.txt` are run and compared to the letter.

A file is a session in one fresh shop. `$ recrm …` is a command, below it stand its output and, where it failed,
`[exit N]`. `# now 2026-11-23T09:00`, `# width 80` and `# agent Mei` set the scene; other lines beginning with `# `
are remarks. Blanks at the end of lines are left out, and the shop's folder is `~`. `pytest --update` rewrites them.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Shop

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
def test_session(file: Path, shop: Shop, request: pytest.FixtureRequest) -> None:
    written = file.read_text("utf-8")
    played = play(written, shop)
    if request.config.getoption("--update"):
        file.write_text(played, "utf-8")
    else:
        assert played == written


def play(session: str, shop: Shop) -> str:
    """The session's text as it comes out now."""
    lines: list[str] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            lines += ["", line, *answer(shop, line)]
        elif re.match(r"# \S", line):
            set_scene(shop, line)
            lines += ([] if lines[-1:] and lines[-1].startswith("# ") else [""]) + [line]
    joined = "\n".join(lines).strip("\n") + "\n"
    return re.sub(r"(?m)^(# \S.*)\n\n\$ ", r"\1\n$ ", joined)


def answer(shop: Shop, line: str) -> list[str]:
    """What one command says, and how it ends."""
    program, *words = shlex.split(line.removeprefix("$ "))
    assert program == "recrm", line
    ran = shop.run(*words)
    said = (ran.out + ran.err).replace(str(shop.folder), "~")
    shown = [shown.rstrip() for shown in said.rstrip("\n").splitlines()]
    return shown + ([f"[exit {ran.code}]"] if ran.code else [])


def set_scene(shop: Shop, line: str) -> None:
    """Take over a directive; any other remark is for the reader."""
    name, _, value = line.removeprefix("# ").partition(" ")
    if name == "now":
        shop.now = value
    elif name == "width":
        shop.width = int(value)
    elif name == "agent":
        shop.agent = value
