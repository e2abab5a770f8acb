"""Files that were once taken for something else: encodings of few names, marks of cards, lines without an end."""

from __future__ import annotations

from pathlib import Path

import pytest

from recrm.clients.tag_cells import one_cell
from recrm.imports.columns.sheet import read_sheet
from recrm.imports.columns.values import clean, split_tags
from recrm.imports.files import csv_file, decoding
from recrm.imports.files.decoding import decode
from recrm.imports.files.errors import FileUnreadable
from tests.conftest import Shop
from tests.imports.bringing import ANNA, bring, client, counts, write


@pytest.mark.parametrize(
    ("encoding", "found", "names"),
    [
        ("gbk", "gb18030", "王喆|李堃|赵玥"),
        ("mac-roman", "mac-roman", "José Muñoz|María López"),
        ("cp1252", "cp1252", "José Muñoz|Jürgen Groß|O’Connor"),
        ("cp1250", "cp1250", "Łukasz Żółć|Grażyna Wiśniewska"),
        ("cp1251", "cp1251", "Иван Петров|Ольга Белова"),
        ("big5", "big5hkscs", "陳大文|黃美玲"),
    ],
)
def test_a_few_names_are_read_in_the_encoding_they_were_written_in(encoding: str, found: str, names: str) -> None:
    text = "name,phone\n" + "".join(
        f"{name},+1 212 555 01{number:02}\n" for number, name in enumerate(names.split("|"))
    )
    assert decode(text.encode(encoding)) == (text, found)


def test_an_escape_sequence_leaves_nothing_of_itself_in_a_cell() -> None:
    assert clean("\x1b]52;c;eHg=\x07Bob") == "Bob"
    assert clean("\x1b[31mred\x1b[0m\ta\xa0b\r\nc") == "red a b\nc"


@pytest.mark.parametrize("tags", [("*x",), ("\\*x", "y"), ("a;b", "a、b|c"), ("=1", "#2")])
def test_the_tags_of_a_card_stay_as_they_stand(tags: tuple[str, ...]) -> None:
    assert split_tags(one_cell(tags)) == tags


def test_a_phones_own_groups_are_no_tags_of_a_card() -> None:
    assert split_tags(one_cell(["myContacts", "* My Contacts", "我的联系人", "friends"])) == ("friends",)


def test_an_apostrophe_at_the_beginning_of_a_cards_name_is_the_names(shop: Shop) -> None:
    card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:'134\r\nTEL:+12125550100\r\nCATEGORIES:*x\r\nEND:VCARD\r\n"
    file = shop.folder / "cards.vcf"
    file.write_text(card, encoding="utf-8")
    bring(shop, file)
    assert (client(shop, 1)["name"], client(shop, 1)["tags"]) == ("'134", ["*x"])
    assert counts(bring(shop, file)) == (0, 0, 1, 0)


@pytest.mark.parametrize("note", ["_x000D_ and _x0041_", "'1", '="x"'])
def test_what_only_looks_like_a_spreadsheets_escape_comes_back_from_a_workbook(shop: Shop, note: str) -> None:
    shop.get("add-client", "Anna", "--phone", "+12125550100", "--note", note)
    assert client(shop, 1)["note"] == note
    book = shop.folder / "clients.xlsx"
    shop.get("export", book)
    assert counts(bring(shop, book)) == (0, 0, 1, 0)
    shop.get("edit-client", 1, "--note", "")
    bring(shop, book)
    assert client(shop, 1)["note"] == note


def test_rejected_cards_are_called_cards(shop: Shop) -> None:
    file = shop.folder / "cards.vcf"
    file.write_text("BEGIN:VCARD\nVERSION:3.0\nTEL:+12125550100\nEND:VCARD\n", encoding="utf-8")
    answer = shop.run("import", file, "--yes")
    assert "Handed back in " in answer.err
    assert "cards.rejects.vcf: 1 card. Mend" in answer.err
    assert "row" not in answer.out + answer.err
    assert "1 of 1 card." in answer.out


def test_a_line_that_would_take_all_memory_is_refused_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "_LONGEST_LINE", 1_000_000)
    file = tmp_path / "long.csv"
    file.write_text(f"name,note\nAnna,x\nBob,{'x' * 3_000_000}\n", encoding="utf-8")
    with pytest.raises(FileUnreadable, match="Line 3 is longer than"):
        read_sheet(file)


def test_a_cell_of_endless_lines_is_refused_by_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "LONGEST_CELL", 1_000)
    file = tmp_path / "long.csv"
    file.write_text('name,note\nAnna,x\nBob,"' + "x\n" * 5_000 + '"\n', encoding="utf-8")
    with pytest.raises(FileUnreadable, match="row that begins on line 3 has over"):
        read_sheet(file)


def test_columns_that_only_some_rows_fill_are_all_written(shop: Shop) -> None:
    """The statement names only columns that somebody has; the others must not take their neighbours' values."""
    header = ["name", "phone", "source", "occupation", "note"]
    people = [
        {"name": "Bob", "phone": "+1 212-555-0101", "occupation": "cook"},
        {"name": "Cy", "phone": "+1 212-555-0102", "source": "a friend", "note": "tall"},
        {"name": ANNA["name"], "phone": ANNA["phone"]},
    ]
    bring(shop, write(shop, *people, header=header))
    kept = [[client(shop, number).get(name) for name in header[2:]] for number in (1, 2, 3)]
    assert kept == [[None, "cook", None], ["a friend", None, "tall"], [None, None, None]]
