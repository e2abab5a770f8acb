"""How wide the columns of a table are, and how a cell's text is cut or folded to its column; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from recrm.core.text import display_width, shorten

# Blanks between two columns.
GAP = 2


class Column(NamedTuple):
    """One column of a table. `header` is a template, translated when the table is drawn.

    `wrap` folds long text over lines; otherwise it is cut, with an ellipsis. `least` and `most` bound its width, in
    terminal columns; `keep` never lets it be narrower than its longest cell; `leave_below` is the width under which
    a terminal leaves the whole column out.
    """

    header: str
    wrap: bool = False
    right: bool = False
    least: int = 0
    most: int = 0
    style: str = ""
    leave_below: int = 0
    keep: bool = False


def lines_of(text: str, column: Column, width: int) -> list[str]:
    """A cell's text cut or folded to its column's width, so that rich has nothing left to measure."""
    if column.wrap:
        from recrm.core.wrapping import wrap

        return wrap(text, width)
    text = shorten(text, width)
    return [" " * (width - display_width(text)) + text if column.right else text]


def widths_of(
    columns: Sequence[Column], headers: Sequence[str], texts: Sequence[Sequence[str]], available: int
) -> list[int]:
    """The width of each column: what it needs, or, where that is too much in all, less for those that can give."""
    needed = [
        max(display_width(headers[place]), *(_longest(row[place]) for row in texts), column.least)
        for place, column in enumerate(columns)
    ]
    widths = [min(need, column.most or need) for need, column in zip(needed, columns, strict=True)]
    left = available - GAP * (len(columns) - 1)
    places = range(len(columns))
    least = [max(column.least, 4) for column in columns]
    # Columns to be kept whole give only when all others have given what they can; on a sliver of a screen all do.
    for givers, floor in (
        ([i for i in places if not columns[i].keep], least),
        ([i for i in places if columns[i].keep], least),
        (list(places), [2] * len(columns)),
    ):
        floors = {i: min(widths[i], floor[i]) for i in givers}
        while sum(widths) > left and (wide := [i for i in givers if widths[i] > floors[i]]):
            widest = max(wide, key=lambda i: widths[i])
            second = max((widths[i] for i in wide if i != widest), default=0)
            give = max(1, min(sum(widths) - left, widths[widest] - max(second, floors[widest])))
            widths[widest] -= give
    return widths


def _longest(text: str) -> int:
    return display_width(text) if "\n" not in text else max(map(display_width, text.split("\n")))
