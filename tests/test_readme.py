"""The README's tour is run as it stands, in each language; what the pages point to is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests import shots
from tests.conftest import Shop
from tests.help.reading import READMES

SHEET = re.compile(r"```csv\n(.*?)```", re.DOTALL)
LINE = re.compile(r"^\$ (.*)$", re.MULTILINE)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(#[^)]*)?\)")
each_readme = pytest.mark.parametrize("readme", READMES.values(), ids=READMES)


def output_of(shop: Shop, line: str, exported: dict[str, str]) -> str:
    """What a line of the tour prints; the only other command in it is `export`."""
    typed = shlex.split(line)
    if typed[0] == "export":
        exported |= dict(word.split("=", 1) for word in typed[1:])
        return ""
    assert typed[0] == "recrm"
    ran = shop.run(*typed[1:], **exported)
    assert ran.code == 0, (line, ran)
    lines = f"{ran.err}{ran.out}" if typed[1] == "import" else f"{ran.out}{ran.err}"
    return "".join(f"{line.rstrip()}\n" for line in lines.splitlines())


@each_readme
def test_the_tour_prints_what_it_says(readme: Path, bare: Shop, request: pytest.FixtureRequest) -> None:
    bare.now, bare.width = "2026-11-23T08:30", 96
    exported: dict[str, str] = {}
    page = readme.read_text(encoding="utf-8")
    (bare.folder / "contacts.csv").write_text(SHEET.findall(page)[0], encoding="utf-8")

    def played(block: re.Match[str]) -> str:
        outputs = [(line, output_of(bare, line, exported)) for line in LINE.findall(block[1])]
        return "```console\n" + "".join(f"$ {line}\n{output}" for line, output in outputs) + "```"

    now = CONSOLE.sub(played, page)
    if request.config.getoption("--update"):
        readme.write_text(now, encoding="utf-8")
    else:
        assert now == page


@each_readme
def test_what_it_links_to_is_there(readme: Path) -> None:
    targets = {target for target, _anchor in LINK.findall(readme.read_text("utf-8"))}
    assert len(targets) > 10
    assert [target for target in targets if not (readme.parent / target).exists()] == []


@each_readme
def test_it_is_short(readme: Path) -> None:
    assert len(readme.read_text("utf-8").splitlines()) <= 350


def test_the_pictures_show_what_recrm_prints_now(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    drawn = {shots.FOLDER / f"{name}.svg": picture for name, picture in shots.drawn(tmp_path)}
    if request.config.getoption("--update"):
        for file, picture in drawn.items():
            file.write_text(picture, "utf-8")
    said = {file.name: shots.text_of(picture) for file, picture in drawn.items()}
    assert said == {file.name: shots.text_of(file.read_text("utf-8")) for file in sorted(shots.FOLDER.iterdir())}
