"""What reaches the screen: tables, cards, sentences and JSON; the only importer of rich, and only when it draws.

Text on a terminal is hostile: whatever comes from the database is cleaned again here and goes to rich as `Text`,
never as markup, so that a client called `Bob [/] Smith` or one with an escape sequence in the name stays text.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from recrm.core.columns import GAP, lines_of, widths_of
from recrm.core.columns import Column as Column
from recrm.core.errors import Declined
from recrm.core.i18n import _
from recrm.core.text import clean_line, clean_text, display_width

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment
    from rich.style import Style
    from rich.text import Text

# Where output goes to a file or a pipe there is no terminal to ask.
PIPE_WIDTH = 120

MUTED, BAD, WARN, GOOD, STRONG = "bright_black", "bold red", "yellow", "green", "bold"


class Cell(NamedTuple):
    """Text with a style; a plain str is a cell without one."""

    text: str
    style: str = ""


TIER_STYLE = {"A": "bold red", "B": "bold yellow", "C": "cyan"}


def tier_cell(tier: str | None) -> Cell:
    """A tier in its colour, the same in every list."""
    return Cell(tier or "", TIER_STYLE.get(tier or "", ""))


class Output(NamedTuple):
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

    def say(self, text: str = "", *, as_it_is: bool = False) -> None:
        """A sentence on stdout, unless JSON has the floor there; `as_it_is` leaves the lines of a script or a path."""
        if not self.json:
            text = clean_text(text)
            sys.stdout.write((text if as_it_is else _folded(text, sys.stdout)) + "\n")

    def note(self, text: str) -> None:
        """A sentence beside the answer, on stderr."""
        sys.stderr.write(_folded(clean_text(text), sys.stderr) + "\n")

    def shown(self, count: int, total: int) -> None:
        """What a list left out, on stderr; nothing where it is whole."""
        if total > count:
            self.note(_("Shown: {count} of {total}; `--limit 0` shows all.", count=count, total=total))

    def heading(self, text: str, style: str = STRONG) -> None:
        _console().print(_text(Cell(text, style)))

    def paragraph(self, *cells: Cell | str) -> None:
        """Pieces of text, each with its style, wrapped to the width as one paragraph."""
        from rich.text import Text

        _console().print(Text.assemble(*(_piece(cell) for cell in cells)))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]]) -> None:
        """A table that fits the width: whole columns leave before anything is squeezed beyond reading."""
        console = _console()
        kept = [i for i, column in enumerate(columns) if console.width >= column.leave_below]
        shown = [columns[i] for i in kept]
        texts = [[_clean(row[i], lines=columns[i].wrap) for i in kept] for row in rows]
        headers = [_(column.header) for column in shown]
        widths = widths_of(shown, headers, texts, console.width)
        grid = _Grid(widths)
        muted = console.get_style(MUTED)
        grid.add(
            [
                (lines_of(header, column, width), muted)
                for header, column, width in zip(headers, shown, widths, strict=True)
            ]
        )
        grid.rule()
        for row, text in zip(rows, texts, strict=True):
            grid.add(
                [
                    (lines_of(cell, column, width), console.get_style(_style(row[i]) or column.style))
                    for i, cell, column, width in zip(kept, text, shown, widths, strict=True)
                ]
            )
        console.print(grid, crop=False)

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

        with _leaving():
            answer: str = typer.prompt(
                clean_line(question), default=default, show_default=bool(default), prompt_suffix=_(": ")
            )
        return answer.strip()

    def can_ask_secret(self) -> bool:
        """Whether a passphrase can be asked for: at the terminal itself, wherever stdout and JSON go."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def ask_secret(self, question: str) -> str:
        """One line typed unseen at the terminal. Ctrl-D or Ctrl-C leaves the command."""
        import typer

        with _leaving():
            answer: str = typer.prompt(
                clean_line(question), default="", show_default=False, hide_input=True, prompt_suffix=_(": "), err=True
            )
        return answer

    def confirm(self, question: str) -> bool:
        """Yes or no from the person at the terminal; an empty answer is no."""
        while True:
            answer = self.ask(_("{question} [y/N]", question=question)).lower()
            if answer in YES:
                return True
            if not answer or answer in NO:
                return False
            self.note(_("Answer y or n."))


# In either language, whatever the interface speaks.
YES = frozenset({"y", "yes", "是", "好", "对", "确定"})
NO = frozenset({"n", "no", "否", "不", "不是", "取消"})


def _folded(text: str, stream: TextIO) -> str:
    """Sentences broken between words, where a terminal would break them anywhere."""
    if not stream.isatty():
        return text
    from recrm.core.wrapping import folded

    return folded(text, stream)


@contextmanager
def _leaving() -> Iterator[None]:
    """Ctrl-D at a question leaves the command; Ctrl-C, of which Typer makes the same, stops it there as anywhere."""
    import typer

    try:
        yield
    except typer.Abort as left:
        if isinstance(left.__context__, KeyboardInterrupt):
            sys.stderr.write("\n")  # the terminal shows ^C without ending the line
            raise KeyboardInterrupt from None
        raise Declined from None


class _Grid:
    """A table's lines as rich wants them in the end; to have rich fold every cell takes six times as long."""

    def __init__(self, widths: Sequence[int]) -> None:
        from rich.segment import Segment

        self.widths = widths
        self.segment = Segment
        self.segments: list[Segment] = []

    def add(self, cells: Sequence[tuple[list[str], Style]]) -> None:
        """One row: each cell's lines, none wider than its column."""
        last = len(cells) - 1
        for line in range(max(len(lines) for lines, _style in cells)):
            for place, (lines, style) in enumerate(cells):
                text = lines[line] if line < len(lines) else ""
                blanks = self.widths[place] - display_width(text)
                self.segments.append(self.segment(text + " " * blanks, style))
                if place < last:
                    self.segments.append(self.segment(" " * GAP))
            self.segments.append(self.segment.line())

    def rule(self) -> None:
        """A line across all columns."""
        width = sum(self.widths) + GAP * (len(self.widths) - 1)
        self.segments += [self.segment("─" * width), self.segment.line()]

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> Iterator[Segment]:
        yield from self.segments


def break_lines_between_characters() -> None:
    """Let rich break lines as `core.wrapping` does: it knows blanks alone, and cuts off a longer Chinese sentence."""
    from rich import text

    from recrm.core.wrapping import breaks

    text.__dict__["divide_line"] = lambda line, width, fold=True: breaks(line, width)  # noqa: ARG005  # always folded


@cache
def _console() -> Console:
    from rich.console import Console

    break_lines_between_characters()
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


def _style(cell: Cell | str) -> str:
    return cell.style if isinstance(cell, Cell) else ""


def _clean(cell: Cell | str, *, lines: bool) -> str:
    text = cell.text if isinstance(cell, Cell) else cell
    return clean_text(text) if lines else clean_line(text)


def render(renderable: RenderableType) -> None:
    """Draw what only rich can draw."""
    _console().print(renderable)


@contextmanager
def progress(title: str, total: int, *, least: int = 1_000) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while long work runs, where a person looks on; call what it yields with what is done.

    Under `least` steps there is none. To tell it of progress takes no lock and draws nothing, because that may
    happen inside a transaction, which must not wait for a terminal that somebody has paused.
    """
    if total < least or not sys.stderr.isatty():
        yield lambda _steps: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        title,
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, markup=False, highlight=False, emoji=False),
        transient=True,
    ) as bar:
        bar.add_task("", total=total)
        (task,) = bar.tasks

        def advance(steps: int) -> None:
            task.completed += steps

        yield advance
