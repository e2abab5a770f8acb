"""`poe shots`: the README's pictures, drawn from what the real commands print in a sample shop at a fixed hour.

Nothing in them depends on the machine, so that a second run changes nothing; a test compares their words with what
recrm prints now.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from html import unescape
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich._export_format import CONSOLE_SVG_FORMAT  # noqa: PLC2701  # its frame, with fonts of our own
from rich.console import Console
from rich.text import Text

from tests.conftest import Shop
from tests.terminal import Terminal

FOLDER = Path(__file__).parents[1] / ".github" / "shots"
NOW = "2026-11-23T08:30"
WIDTH = 92
COLOURS = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
# Rich asks for a font from the net, which a code host does not load, and for full-width letters.
FORMAT = re.sub(r"(?s) *@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT)
FORMAT = FORMAT.replace("font-variant-east-asian: full-width;", "")
FORMAT = FORMAT.replace(
    "Fira Code, monospace", "Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
)


class Shot(NamedTuple):
    """A picture: its language, and what makes its screen in the shop."""

    language: str
    screen: Callable[[Shop, str], str]


def _command(*words: str) -> Callable[[Shop, str], str]:
    def screen(shop: Shop, language: str) -> str:
        typed = " ".join(f'"{word}"' if " " in word else word for word in words)
        return f"$ recrm {typed}\n{shop.ok(*words, RECRM_LANG=language, **COLOURS)}"

    return screen


def _form(shop: Shop, language: str) -> str:
    """add-client's questions, answered: one mistyped, most left empty."""
    with Terminal(shop, "add-client", RECRM_LANG=language) as terminal:
        for answer in (
            "顾佳宁",
            "1381234",
            "138 1234 5678",
            "gujianing",
            "",
            "买方",
            "A",
            "老客户介绍",
            "5月20日",
            "",
            "学区房",
            "",
        ):
            terminal.expect("：" if language == "zh_CN" else ": ")
            terminal.type(answer)
        assert terminal.end() == 0
    return f"$ recrm add-client\n{terminal.seen}"


SHOTS = {
    "due-today": Shot("en", _command("due-today", "--limit", "9")),
    "show-client": Shot("en", _command("show-client", "26")),
    "due-today.zh": Shot("zh_CN", _command("due-today", "--limit", "9")),
    "show-client.zh": Shot("zh_CN", _command("show-client", "26")),
    "add-client.zh": Shot("zh_CN", _form),
}


def text_of(picture: str) -> str:
    """What a picture says, without the blanks."""
    return re.sub(r"\s", "", unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture))))


def drawn(folder: Path) -> Iterator[tuple[str, str]]:
    """The name of each picture, and the picture as SVG; the folder is for the shop."""
    shop = Shop(folder, now=NOW, width=WIDTH)
    shop.ok("demo", "--db", shop.db, "--clients", "60")
    for name, shot in SHOTS.items():
        console = Console(
            record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor", highlight=False
        )
        console.print(Text.from_ansi(shot.screen(shop, shot.language).rstrip("\n")), soft_wrap=True)
        yield name, console.export_svg(title="recrm", unique_id=name.replace(".", "-"), code_format=FORMAT)


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        for name, picture in drawn(Path(folder)):
            (FOLDER / f"{name}.svg").write_text(picture, "utf-8")
            sys.stdout.write(f"{name}.svg\n")


if __name__ == "__main__":
    main()
