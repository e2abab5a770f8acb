"""A card as the row of a sheet that has just the columns it needs, and what waits until all of the card is read."""

from __future__ import annotations

from recrm.imports.columns.extracting import Extracted, extract
from recrm.imports.columns.mapping import Column, Mapping
from recrm.imports.columns.sheet import Row
from recrm.imports.columns.values import is_cjk


class CardRow:
    """The row as it grows: cells, and the columns that they are in."""

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
        if label:
            self.cells.append(label)
        place = len(self.cells)
        at = place - 1 if label else None
        self.columns.append(Column(place, header, field, part=part, group=group, label=at, plain=not header))
        self.cells.append(text)
        self.has.add(field)

    def extracted(self, line: int) -> Extracted | None:
        """What the row says, as of any sheet; None where it says nothing."""
        self._put_names()
        if "birthday" in self.has:
            self.put("note", self.lunar_birthday, header="Lunar birthday")
        else:
            self.put("birthday", self.lunar_birthday, header="农历生日")
        if "address" not in self.has:
            for group, text in self.letters:
                self.put("address", text, part="formatted", group=group)
        return extract(Row(line, self.cells), Mapping("vCard", tuple(self.columns))) if self.cells else None

    def _put_names(self) -> None:
        """The whole name, unless its pieces are the same in better order, or it is no name at all."""
        whole, pieces = self.whole_name, self.names
        family, given = pieces.get("family_name", ""), pieces.get("given_name", "")
        parts = [part for part in (family, pieces.get("middle_name", ""), given) if part]
        joined = "".join(parts)
        if self.shows_company:
            if not self.company:
                self.company = whole
                self.put("company", whole)
            if joined and joined not in self.company:
                contact = joined if is_cjk(joined) else " ".join(filter(None, (given, family)))
                self.put("note", contact, header="Contact person")
            self.put("name", self.company)
            return
        is_turned = is_cjk(joined) and sorted(joined) == sorted("".join(whole.split()))
        if parts and (is_turned or whole == f"{family}, {given}" or not any(map(str.isalpha, whole))):
            whole = ""
        for field, text in ({"name": whole} if whole else pieces).items():
            self.put(field, text)
        if self.nickname and not whole and not parts and not self.company:
            self.put("name", self.nickname)
        elif self.nickname != whole:
            self.put("note", self.nickname, header="Nickname")
