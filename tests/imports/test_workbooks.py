"""Workbooks: every kind of cell as its text, the right sheet, and no way to harm the reader."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference

from recrm.core.errors import RecrmError, UsageError
from recrm.imports.columns.sheet import read_workbook_sheet as read_workbook
from recrm.imports.files.errors import FileUnreadable
from tests.conftest import Shop
from tests.imports.books import SHEET, book, ods, with_part, with_rows, xls, xlsb
from tests.imports.bringing import bring, client, clients, counts

HEADER = ["姓名", "手机", "生日", "勿扰"]


def cells_of(path: Path, sheet: str | None = None) -> list[list[str]]:
    return [row.cells for row in read_workbook(path, sheet).rows]


def refused(path: Path) -> RecrmError:
    with pytest.raises(RecrmError) as caught:
        read_workbook(path)
    assert caught.value.what().endswith(".")
    assert caught.value.hint().endswith(".")
    return caught.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13800138000, "13800138000"),
        (13800138000.0, "13800138000"),
        ("013800138000", "013800138000"),
        (89.5, "89.5"),
        (0.1 + 0.2, "0.3"),
        (-3, "-3"),
        (True, "TRUE"),
        (date(1990, 5, 20), "1990-05-20"),
        (datetime.fromisoformat("2026-03-01T14:30:00"), "2026-03-01 14:30:00"),
        ("#N/A", ""),
        ("two\nlines", "two\nlines"),
    ],
)
def test_every_kind_of_cell_is_the_text_that_a_csv_file_would_hold(tmp_path: Path, value: Any, text: str) -> None:
    made = book(tmp_path / "a.xlsx", 客户=[["姓名", "备注"], ["李娜", value]])
    assert cells_of(made) == [["李娜", text]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2"><v>1.3800138E10</v></c>', "13800138000"),
        ('<c r="B2"><v>13800138000.0</v></c>', "13800138000"),
        ('<c r="B2" t="str"><f>A1&amp;"x"</f><v>worked out</v></c>', "worked out"),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ""),
        ('<c r="B2" t="inlineStr"><is><r><t>王</t></r><r><t>丽</t></r></is></c>', "王丽"),
        ('<c r="B2" t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></is></c>', "東京"),
        ('<c r="B2" t="str"><v>a_x000D_b</v></c>', "a\rb"),
        ('<c r="B2" t="d"><v>1990-05-20T00:00:00</v></c>', "1990-05-20"),
        ('<c t="b"><v>0</v></c>', "FALSE"),
    ],
)
def test_cells_as_other_programs_write_them(tmp_path: Path, cell: str, text: str) -> None:
    made = book(tmp_path / "a.xlsx", 客户=[["姓名", "备注"]])
    named = '<c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    header = named.format(1, "姓名") + '<c r="B1" t="inlineStr"><is><t>备注</t></is></c>'
    with_rows(made, f'<row r="1">{header}</row><row r="2">{named.format(2, "李娜")}{cell}</row>')
    assert cells_of(made) == [["李娜", text]]


@pytest.mark.parametrize(("kind", "write"), [("xls", xls), ("xlsb", xlsb), ("ods", ods)])
def test_workbooks_of_other_kinds_are_imported(shop: Shop, kind: str, write: Callable[..., Path]) -> None:
    cells = (
        '<table:table-cell office:value-type="string"><text:p>李娜</text:p></table:table-cell>',
        '<table:table-cell office:value-type="float" office:value="13800138000"/>',
    )
    file = write(shop.folder / "named.xlsx", *(cells if kind == "ods" else ()))
    answer = bring(shop, file)
    assert (counts(answer), answer["kind"], answer["sheet"]) == ((1, 0, 0, 0), kind, "客户")
    found = client(shop, "李娜")
    assert (found["phone"], found["birthday"]) == ("+8613800138000", "1990-05-20" if kind == "xls" else None)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2" s="1"><v>0.6041666666666666</v></c>', "14:30"),
        ('<c r="B2" s="2"><v>1.25</v></c>', "1 day, 6:00:00"),
        ('<c r="B2" s="3"><v>13800138000</v></c>', "13800138000"),
    ],
)
def test_times_durations_and_numbers_shown_as_phones(tmp_path: Path, cell: str, text: str) -> None:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for place, form in enumerate(("h:mm", "[h]:mm", "000-0000-0000"), 1):
        sheet.cell(9, place, 1).number_format = form
    made.save(tmp_path / "a.xlsx")
    header = '<c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>备注</t></is></c>'
    with_rows(tmp_path / "a.xlsx", f'<row r="1">{header}</row><row r="2">{cell}</row>')
    assert cells_of(tmp_path / "a.xlsx") == [["", text]]


def test_value_in_the_farthest_cell_is_refused_and_harms_nobody(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    made = book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜"]])
    with_part(made, SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    assert "damaged" in refused(made).what()


def test_row_that_is_repeated_a_million_times_is_refused(tmp_path: Path) -> None:
    cell = f'<table:table-cell office:value-type="string"><text:p>{"x" * 200}</text:p></table:table-cell>'
    made = ods(tmp_path / "a.ods", cell)
    row, repeated = b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000000000">'
    with_part(made, "content.xml", lambda xml: repeated.join(xml.rsplit(row, 1)))
    assert "unpacks to far more" in refused(made).what()


def test_formula_that_was_never_calculated_is_refused_naming_the_cell(tmp_path: Path) -> None:
    error = refused(book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜", "=A2"]]))
    assert "B2" in error.what()
    assert "Excel" in error.hint()


def test_rich_text_is_its_text(tmp_path: Path) -> None:
    rich = CellRichText("李", TextBlock(InlineFont(b=True), "娜"))
    assert cells_of(book(tmp_path / "a.xlsx", 客户=[["姓名"], [rich]])) == [["李娜"]]


def test_merged_title_header_below_and_blank_rows_keep_their_line_numbers(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet["A1"] = "2026年客户名单"
    sheet.merge_cells("A1:D1")
    for place, name in enumerate(HEADER):
        sheet.cell(3, place + 1, name)
    sheet["A7"], sheet["B7"] = "李娜", 13800138000
    made.save(tmp_path / "a.xlsx")
    read = read_workbook(tmp_path / "a.xlsx")
    assert (read.header, read.header_line) == (HEADER, 3)
    assert [(row.line, row.cells) for row in read.rows] == [(7, ["李娜", "13800138000", "", ""])]


def test_first_visible_sheet_with_known_columns_is_taken_and_another_by_name(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].title = "说明"
    made.worksheets[0].append(["请先阅读"])
    hidden = made.create_sheet("旧")
    hidden.sheet_state = "hidden"
    hidden.append(HEADER)
    chart = BarChart()
    chart.add_data(Reference(hidden, min_col=1, min_row=1))
    made.create_chartsheet("图").add_chart(chart)
    for title, name in (("客户", "李娜"), ("Others", "王丽")):
        made.create_sheet(title).append(HEADER)
        made[title].append([name])
    made.save(tmp_path / "a.xlsx")
    assert read_workbook(tmp_path / "a.xlsx").name == "客户"
    assert cells_of(tmp_path / "a.xlsx", "others")[0][0] == "王丽"
    assert read_workbook(tmp_path / "a.xlsx", "旧").name == "旧"
    with pytest.raises(UsageError, match="no sheet called “none”") as caught:
        read_workbook(tmp_path / "a.xlsx", "none")
    assert "“客户”" in caught.value.hint()


def test_sheet_whose_dimension_says_one_cell_is_read_whole(tmp_path: Path) -> None:
    made = book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜", "13800138000"], ["王丽", "13900139000"]])
    with_part(made, SHEET, lambda xml: xml.replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1"'))
    assert len(cells_of(made)) == 2


def test_million_blank_formatted_rows_are_passed_over_in_little_memory(tmp_path: Path) -> None:
    made = book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜", "13800138000"]])
    blank = "".join(f'<row r="{row}" ht="15"><c r="A{row}" s="0"/></row>' for row in range(3, 1_048_577))
    with_part(made, SHEET, lambda xml: xml.replace(b"</sheetData>", blank.encode() + b"</sheetData>"))
    code = "import sys; from recrm.imports.columns import sheet\n"
    code += "print(len(sheet.read_workbook_sheet(sys.argv[1]).rows))"
    assert within(200_000_000, code, made).stdout == "1\n"


@pytest.mark.parametrize("cut", [100, 2000])
def test_damaged_workbook_is_refused(tmp_path: Path, cut: int) -> None:
    made = book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜"]])
    made.write_bytes(made.read_bytes()[:-cut])
    assert isinstance(refused(made), FileUnreadable)


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "[Content_Types].xml", "xl/styles.xml"])
@pytest.mark.parametrize("data", [b"", b"<a", b"<a/>", b"\xff\xfe<"])
def test_workbook_with_a_spoiled_part_is_refused_or_read_and_never_a_traceback(
    tmp_path: Path, part: str, data: bytes
) -> None:
    made = with_part(book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜"]]), part, lambda _: data)
    with suppress(RecrmError):
        read_workbook(made)


def test_workbook_locked_with_a_password_is_refused_saying_so(shop: Shop) -> None:
    locked = shop.folder / "locked.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le"))
    ran = shop.run("import", locked, "--yes")
    assert ran.code == 1
    assert "password" in ran.err


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        (["mimetype", "content.xml"], "ODS"),
        (["Index/Document.iwa"], "Numbers"),
        (["xl/workbook.bin"], "XLSB"),
        (["contacts.csv"], "ZIP archive"),
    ],
)
def test_other_archives_are_called_by_their_names(shop: Shop, parts: list[str], kind: str) -> None:
    file = shop.folder / "file.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    ran = shop.run("import", file, "--yes")
    assert ran.code == 1
    assert kind in ran.err


def within(memory: int, code: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run Python code with so many bytes of memory at the most."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        preexec_fn=limit, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


READ = (
    "import sys\nfrom recrm.core.errors import RecrmError\nfrom recrm.imports.files.kinds import kind_of\n"
    "from recrm.imports.columns.sheet import read_workbook_sheet as read_workbook\nfrom pathlib import Path\n"
    "try:\n    kind_of(Path(sys.argv[1])); read_workbook(sys.argv[1])\n"
    "except RecrmError as error:\n    print(error.what())\n"
)


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    made = book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜"]])
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/more.xml", "w") as part:
        for _ in range(300):
            part.write(b"<" + b" " * 999_999)
    assert made.stat().st_size < 1_000_000
    assert "unpacks to far more" in within(300_000_000, READ, made).stdout


def test_zip_whose_directory_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    made = book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜"]])
    with_part(made, SHEET, lambda xml: xml.replace(b"</sheetData>", b"<row/>" * 20_000_000 + b"</sheetData>"))
    with zipfile.ZipFile(made) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    data = made.read_bytes()
    assert data.count(size) >= 1
    made.write_bytes(data.replace(size, (5000).to_bytes(4, "little")))
    ran = within(300_000_000, READ, made)
    assert "damaged" in ran.stdout, ran


def test_zip_directory_of_a_million_entries_is_refused_unread(tmp_path: Path) -> None:
    entry = b"PK\x01\x02" + bytes(24) + (1).to_bytes(2, "little") + bytes(16) + b"x"
    directory = entry * 2_000_000
    end = b"PK\x05\x06" + bytes(8) + len(directory).to_bytes(4, "little") + bytes(4) + bytes(2)
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"PK\x03\x04" + directory + end)
    assert "unpacks to far more" in within(200_000_000, READ, file).stdout


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_grow_or_fetch_are_refused(tmp_path: Path, part: str, encoding: str) -> None:
    grow = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY a0 "lol">{grow}'
    bomb += '<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&a9;&f;</a>'
    made = with_part(book(tmp_path / "a.xlsx", 客户=[HEADER, ["李娜"]]), part, lambda _: bomb.encode(encoding))
    assert "document type" in within(300_000_000, READ, made).stdout


def test_workbook_is_imported_its_rejects_handed_back_as_csv_and_nothing_changes_twice(shop: Shop) -> None:
    rows: list[list[object]] = [
        [*HEADER],
        ["李娜", 13800138000, date(1990, 5, 20), True],
        ["王丽", 1380013, None, False],
    ]
    file = book(shop.folder / "名单.xlsx", 客户=rows)
    answer = bring(shop, file)
    assert counts(answer) == (1, 0, 0, 1)
    assert (answer["kind"], answer["sheet"], answer["delimiter"]) == ("xlsx", "客户", None)
    found = client(shop, "李娜")
    assert (found["phone"], found["birthday"], found["do_not_contact"]) == ("+8613800138000", "1990-05-20", True)
    back = shop.folder / "名单.rejects.csv"
    assert answer["rejects_file"] == str(back)
    assert counts(bring(shop, file)) == (0, 0, 1, 1)
    back.write_text(back.read_text("utf-8-sig").replace("1380013,", "13900139000,"), "utf-8-sig")
    assert counts(bring(shop, back)) == (1, 0, 0, 0)
    assert [found["name"] for found in clients(shop)] == ["李娜", "王丽"]


def test_words_name_the_sheet_and_options_of_other_kinds_are_refused(shop: Shop) -> None:
    file = book(shop.folder / "a.xlsx", 客户=[HEADER, ["李娜", 13800138000]])
    assert "from the sheet “客户”" in shop.ok("import", file, "--dry-run").splitlines()[0]
    for words in (("--encoding", "gbk"), ("--delimiter", ";")):
        ran = shop.run("import", file, "--dry-run", *words)
        assert ran.code == 2
        assert words[0] in ran.err
    plain = shop.folder / "a.csv"
    plain.write_text("name\nAnn\n")
    assert shop.run("import", plain, "--sheet", "x", "--dry-run").code == 2
