"""The workbook: text that stays text, whatever opens it."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from recrm.exports import workbook
from tests.conftest import Shop
from tests.exports.taking import HOSTILE, add_called, export, sheet


def rows(file: Path, title: str) -> list[tuple[Any, ...]]:
    book = load_workbook(file)
    return [tuple(row) for row in book[title].iter_rows(values_only=True)]


def test_sheets_of_clients_and_of_what_was_said_promised_and_complained(furnished: Shop) -> None:
    file = export(furnished, "all.xlsx")
    assert load_workbook(file).sheetnames == ["Clients", "Contacts", "Follow-ups", "Complaints"]
    header, *clients = rows(file, "Clients")
    same = sheet(export(furnished, "all.csv"))
    assert list(header) == list(same[0])
    assert [row[0] for row in clients] == [row["Name"] for row in same]
    assert rows(file, "Contacts")[1][:6] == (
        "李娜", "1", "2026-11-20T12:00:00+08:00", "call", "we began", "=cmd()",
    )  # fmt: skip
    assert ("Bob Smith", "2", "2026-11-30T14:30:00+08:00", "send the plan, soon; really") in [
        row[:4] for row in rows(file, "Follow-ups")
    ]
    assert [row[4] for row in rows(file, "Complaints")[1:]] == ["no heating", "rude on the phone"]


def test_the_header_stays_in_sight_and_columns_are_wide_enough(furnished: Shop) -> None:
    book = load_workbook(export(furnished, "all.xlsx"))
    for each in book:
        assert each.freeze_panes == "A2"
        assert all(column.width >= 12 for column in each.column_dimensions.values())
        assert len(each.column_dimensions) == each.max_column


def test_every_cell_is_text_and_none_a_formula(shop: Shop) -> None:
    for number, words in enumerate([*HOSTILE, "#N/A", "=1+1"]):
        add_called(shop, f"{words} x", f"--phone=1380013{8000 + number}", f"--note={words}", f"--source={words}")
    for row in load_workbook(export(shop, "all.xlsx"))["Clients"].iter_rows():
        for cell in row:
            assert cell.value is None or cell.data_type == "s", cell.value
    header, *found = rows(shop.folder / "all.xlsx", "Clients")
    # One apostrophe more for what begins with one, which an import would take away.
    kept = [f"'{words}" if words.startswith("'=") else words for words in [*HOSTILE, "#N/A", "=1+1"]]
    assert [row[header.index("Note")] for row in found] == kept


def test_what_no_workbook_can_hold_is_left_out_or_cut() -> None:
    assert workbook.shorten_cell("x" * 40_000) == "x" * 32_766 + "…"


def test_a_control_character_that_got_into_the_file_breaks_nothing(furnished: Shop) -> None:
    furnished.sql("UPDATE contacts SET text = char(1) || 'odd' || char(27) || '[1m' || char(65534)")
    assert rows(export(furnished, "all.xlsx"), "Contacts")[1][5] == "odd"


def test_more_rows_than_a_sheet_holds_go_on_in_another(furnished: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl import Workbook

    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    book = Workbook(write_only=True)
    assert workbook.write_sheet(book, "Contacts", ("Text",), ([str(number)] for number in range(5))) == 5
    book.save(furnished.folder / "split.xlsx")
    found = load_workbook(furnished.folder / "split.xlsx")
    assert found.sheetnames == ["Contacts", "Contacts 2", "Contacts 3"]
    assert [[row[0] for row in each.iter_rows(values_only=True)] for each in found] == [
        ["Text", "0", "1"],
        ["Text", "2", "3"],
        ["Text", "4"],
    ]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice Calc is not installed")
def test_libreoffice_opens_it_and_shows_the_same(furnished: Shop) -> None:
    file = export(furnished, "all.xlsx")
    done = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{furnished.folder}/office", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(furnished.folder / "out"), str(file)],
        env=furnished.environment(),
        capture_output=True,
        check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with (furnished.folder / "out" / "all.csv").open(encoding="utf-8", newline="") as text:
        found = list(csv.DictReader(text))
    assert [row["Name"] for row in found] == ["李娜", "Bob Smith", "王丽", "万科地产"]
    assert found[0]["Note"].startswith("=not a formula")
    assert found[0]["Birthday"] == "--05-20"
    assert found[0]["Phone"] == "+86 138 0013 8000"


def test_recrm_s_own_import_brings_it_back(furnished: Shop, shop: Shop) -> None:
    pytest.importorskip("recrm.imports.files.workbook", reason="workbooks are not read yet")
    answer = shop.get("import", export(furnished, "all.xlsx"), "--yes")
    assert (answer["added"], answer["rejected"]) == (4, 0)
    assert export(shop, "again.csv").read_bytes() == export(furnished, "first.csv").read_bytes()
