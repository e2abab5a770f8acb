"""What every kind of file with rows and columns is read into: a table of cells, none of them understood yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Record = tuple[int, list[str]]  # the line it begins on, its cells
IsHeader = Callable[[str], bool]  # whether a cell is a known column's name: it tells a table from what stands around


class Table(NamedTuple):
    """Every record of a file that holds anything, in its order."""

    records: list[Record]
    encoding: str = ""
    delimiter: str = ","
    sheet: str = ""  # of a workbook
