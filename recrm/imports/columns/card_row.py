"""A card as the row of a sheet that has just the columns it needs."""

from __future__ import annotations

from recrm.imports.columns.extracting import Extracted, extract
from recrm.imports.columns.mapping import Column, Mapping
from recrm.imports.columns.sheet import Row


class CardRow:
    """The row as it grows: cells, the columns that they are in, and what waits for the rest of the card."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.columns: list[Column] = []
        self.has: set[str] = set()
        self.whole_name = self.nickname = self.company = self.lunar_birthday = ""
        self.names: dict[str, str] = {}
        self.shows_company = False
        self.letters: list[tuple[str, str]] = []  # address labels by group

    def put(self, field: str, text: str, *, header: str = "", label: str = "", part: str = "", group: str = "") -> None:
        """Add a cell, unless it is blank, and beside it the label that says what it is."""
        if not (text := text.strip()):
            return
        if text[0] in "'=":  # a card's own: what a spreadsheet wraps a value in is taken away again
            text = f"'{text}"
        at = None
        if label:
            at = len(self.cells)
            self.cells.append(label)
        place = len(self.cells)
        self.columns.append(Column(place, header, field, part=part, group=group, label=at, plain=not header))
        self.cells.append(text)
        self.has.add(field)

    def extracted(self, line: int) -> Extracted:
        """What the row says, as of any sheet."""
        return extract(Row(line, self.cells), Mapping("vCard", tuple(self.columns)))
