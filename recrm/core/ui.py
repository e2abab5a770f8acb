"""What reaches the screen: tables, cards, sentences and JSON; the only importer of rich, and only when it draws.

Text on a terminal is hostile: whatever comes from the database is cleaned again here and goes to rich as `Text`,
never as markup, so that a client called `Bob [/] Smith` or one with an escape sequence in the name stays text.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recrm.core.text import clean_line, clean_text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

# Where output goes to a file or a pipe there is no terminal to ask.
PIPE_WIDTH = 120

MUTED, BAD, WARN, GOOD, STRONG = "bright_black", "bold red", "yellow", "green", "bold"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `wrap` folds long text over lines; otherwise it is cut, with an ellipsis.

    `least` and `most` bound its width, in terminal columns; `keep` never lets it be narrower than its longest
    cell; `leave_below` is the width under which a terminal leaves the whole column out.
    """

    header: str
    wrap: bool = False
    right: bool = False
    least: int = 0
    most: int = 0
    style: str = ""
    leave_below: int = 0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Text with a style; a plain str is a cell without one."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's answer goes, as words or as JSON."""

    json: bool = False

    def show(self, data: Callable[[], Any], human: Callable[[], None]) -> None:
        """The one answer of a command, made only in the form that was asked for."""
        if self.json:
            self.emit(data())
        else:
            human()

    def emit(self, data: Any) -> None:
        """JSON on stdout, two blanks deep; non-ASCII is escaped only where stdout could not carry it."""
        import json

        is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
        sys.stdout.write(json.dumps(data, ensure_ascii=not is_unicode, indent=2) + "\n")

    def say(self, text: str = "") -> None:
        """A sentence on stdout, unless JSON has the floor there."""
        if not self.json:
            sys.stdout.write(clean_text(text) + "\n")

    def note(self, text: str) -> None:
        """A sentence beside the answer, on stderr."""
        sys.stderr.write(clean_text(text) + "\n")

    def heading(self, text: str, style: str = STRONG) -> None:
        _console().print(_text(Cell(text, style)), soft_wrap=True)

    def paragraph(self, *cells: Cell | str) -> None:
        """Pieces of text, each with its style, wrapped to the width as one paragraph."""
        from rich.text import Text

        _console().print(Text.assemble(*(_piece(cell) for cell in cells)))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]]) -> None:
        """A table that fits the width: whole columns leave before anything is squeezed beyond reading."""
        from rich import box
        from rich.table import Table

        console = _console()
        kept = [i for i, column in enumerate(columns) if console.width >= column.leave_below]
        grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False, header_style=MUTED)
        for i in kept:
            column = columns[i]
            grid.add_column(
                _text(column.header),
                justify="right" if column.right else "left",
                style=column.style,
                no_wrap=not column.wrap,
                overflow="fold" if column.wrap else "ellipsis",
                max_width=column.most or None,
                min_width=max(column.least, max((_width(row[i]) for row in rows), default=0) if column.keep else 0)
                or None,
            )
        for row in rows:
            grid.add_row(*(_text(row[i], lines=columns[i].wrap) for i in kept))
        console.print(grid)

    def card(self, title: str, fields: Sequence[tuple[str, Cell | str]]) -> None:
        """A titled block of name and value; empty values are left out."""
        from rich.table import Table

        console = _console()
        if title:
            console.print(_text(Cell(title, STRONG)))
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style=MUTED, no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in fields:
            if (value.text if isinstance(value, Cell) else value).strip():
                grid.add_row(_text(name), _text(value, lines=True))
        console.print(grid)

    def is_interactive(self) -> bool:
        """Whether a question can be asked: a person sits at both ends, and no JSON was wanted."""
        return not self.json and sys.stdin.isatty() and sys.stdout.isatty()

    def ask(self, question: str, default: str = "") -> str:
        """One line from the person at the terminal; empty: the default. Ctrl-D or Ctrl-C leaves the command."""
        import typer

        answer: str = typer.prompt(clean_line(question), default=default, show_default=bool(default))
        return answer.strip()

    def confirm(self, question: str) -> bool:
        """Yes or no from the person at the terminal."""
        import typer

        return typer.confirm(clean_line(question), default=False)


def _console() -> Console:
    from rich.console import Console

    width = None
    if not sys.stdout.isatty():
        columns = os.environ.get("COLUMNS", "")
        width = int(columns) if columns.isdecimal() and 20 <= int(columns) <= 1000 else PIPE_WIDTH
    return Console(markup=False, highlight=False, emoji=False, width=width, soft_wrap=False)


def _text(cell: Cell | str, *, lines: bool = False) -> Text:
    from rich.text import Text

    text, style = (cell.text, cell.style) if isinstance(cell, Cell) else (cell, "")
    return Text(clean_text(text) if lines else clean_line(text), style=style)


def _piece(cell: Cell | str) -> Text:
    """A piece of a paragraph, which keeps the blanks at its ends."""
    from rich.text import Text

    text, style = (cell.text, cell.style) if isinstance(cell, Cell) else (cell, "")
    before, after = " " * (len(text) - len(text.lstrip(" "))), " " * (len(text) - len(text.rstrip(" ")))
    return Text(f"{before}{clean_text(text)}{after}", style=style)


def _width(cell: Cell | str) -> int:
    from rich.cells import cell_len

    return cell_len(clean_line(cell.text if isinstance(cell, Cell) else cell))


def render(renderable: RenderableType) -> None:
    """Draw what only rich can draw."""
    _console().print(renderable)
