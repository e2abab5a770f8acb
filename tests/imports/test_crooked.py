"""Files as they really are: each row is imported right, or handed back with a reason that a person understands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from recrm.core.errors import RecrmError
from recrm.imports.columns.mapping import guess_mapping
from recrm.imports.columns.sheet import read_sheet
from recrm.imports.outcome import each_or_error
from recrm.imports.people.preparing import ClientReader, Prepared, date_order
from tests.conftest import Shop
from tests.imports.bringing import bring, clients, counts

TODAY = date(2026, 11, 21)


def brought(folder: Path, text: str | bytes) -> list[Prepared | str]:
    """What a file's rows come to: a client ready to be taken, or the reason why not."""
    path = folder / "crooked.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    sheet = read_sheet(path)
    mapping = guess_mapping(sheet.header, sheet.sample)
    reader = ClientReader(mapping, "CN", TODAY, date_order(sheet.rows, mapping))
    made = each_or_error(reader.read, sheet.rows)
    assert len(made) == len(sheet.rows)
    return [row.in_full() if isinstance(row, RecrmError) else row for row in made]


def people(folder: Path, text: str | bytes) -> list[tuple[str, list[str]]]:
    """Names and phones, of a file in which nothing is amiss."""
    found = []
    for row in brought(folder, text):
        assert isinstance(row, Prepared), row
        found.append((row.name, [key for kind, key, _ in row.points if kind == "phone"]))
    return found


def reason(folder: Path, text: str) -> str:
    """Why the last row is handed back."""
    *others, last = brought(folder, text)
    assert all(isinstance(row, Prepared) for row in others), others
    assert isinstance(last, str), last
    assert last.endswith(".")
    return last


def refused(folder: Path, text: str | bytes) -> RecrmError:
    with pytest.raises(RecrmError) as caught:
        brought(folder, text)
    assert caught.value.hint().endswith(".")
    return caught.value


LINA, WANGLI = ("李娜", ["+8613800138000"]), ("王丽", ["+8613900139000"])


@pytest.mark.parametrize(
    "text",
    [
        "客户名单\n姓名,手机\n李娜,13800138000\n王丽,13900139000\n",
        "客户名单,\n\n姓名,手机\n李娜,13800138000\n王丽,13900139000\n",
        "李娜,13800138000\n王丽,13900139000\n",
        "姓名,手机\n\n李娜,13800138000\n\n王丽,13900139000\n\n",
        "姓名,手机\r李娜,13800138000\r王丽,13900139000\r",
        "姓名,手机,,\n李娜,13800138000,,\n王丽,13900139000,,,,\n",
        "姓名,手机\n李娜,'13800138000\n王丽,13900139000.0\n",
        '姓名,手机\n李娜,="13800138000"\n王丽,"1390 013 9000"\n',
        "姓名,手机\n李娜,１３８００１３８０００\n王丽,+86 139-0013-9000\n",
        "姓名,手机\n李娜,13800138000\n姓名,手机\n王丽,13900139000\n",
        "姓名,手机,手机,姓名\n李娜,13800138000,,李娜\n王丽,,13900139000,王丽\n",
        ",姓名,手机\n1,李娜,13800138000\n2,王丽,13900139000\n",
        "No.;姓名;手机;面积\n1;李娜;13800138000;89,5\n2;王丽;13900139000;1.200,5\n",
        "姓名,手机,邮箱\n李娜,13800138000,无\n王丽,13900139000,未知\n",
        "姓名,手机,座机\n李娜,13800138000,0\n王丽,13900139000,不详\n",
    ],
)
def test_crooked_sheet_of_two_people_gives_just_those_two(tmp_path: Path, text: str) -> None:
    assert people(tmp_path, text) == [LINA, WANGLI]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be", "utf-32", "gbk"])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_wide_and_chinese_encodings_with_and_without_a_mark(tmp_path: Path, encoding: str, end: str) -> None:
    text = end.join(["姓名,手机", "李娜,13800138000", "王丽,13900139000"])
    assert people(tmp_path, text.encode(encoding)) == [LINA, WANGLI]


def test_two_values_in_a_cell_are_two_and_a_quoted_line_end_is_kept(tmp_path: Path) -> None:
    text = '姓名,手机,备注\n李娜,13800138000/13900139000,"第一行\n第二行"\nAnn,+12125550100 ::: +12125550101,\n'
    first, second = brought(tmp_path, text)
    assert isinstance(first, Prepared)
    assert isinstance(second, Prepared)
    assert [key for _, key, _ in first.points] == ["+8613800138000", "+8613900139000"]
    assert first.note == "第一行\n第二行"
    assert [key for _, key, _ in second.points] == ["+12125550100", "+12125550101"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("王丽,1.38E+10,,", "rounded"),
        ("王丽,1.39001E+10,,", "rounded"),
        ("王丽,11111111111,,", "made-up"),
        ("王丽,12345678901,,", "made-up"),
        ("王丽,138****8000,,", "signs"),
        ("王丽,13900139000,1990-02-30,", "not a day"),
        ("王丽,13900139000,32874,", "1990-01-01"),
        ("王丽,13900139000,2030-01-01,", "future"),
        ("王丽,13900139000,5/6/1990,", "5/6/1990"),
        ("王丽,13900139000,,none@none.com", "made-up"),
        ("王丽,13900139000,,123456@qq.com", "made-up"),
        ("合计,312,,", "total"),
        ("Total: 312,,,", "total"),
        ("共 312 条,,,", "total"),
        ("Exported from SuperCRM on 2026-01-02,,,", "footer"),
        ("导出时间：2026-01-02 10:00,,,", "footer"),
        ("312,,,", "nobody's name"),
        ("王丽,13900139000,,,extra", "more cells"),
    ],
)
def test_row_that_cannot_be_known_is_handed_back_saying_why(tmp_path: Path, row: str, words: str) -> None:
    assert words in reason(tmp_path, f"姓名,手机,生日,邮箱\n李娜,13800138000,,\n{row}\n")


def test_total_under_another_column_than_the_name_is_no_client(tmp_path: Path) -> None:
    assert "total" in reason(tmp_path, "序号,姓名,手机\n1,李娜,13800138000\n合计,1,\n")


def test_names_that_only_look_like_totals_are_clients_where_they_can_be_reached(tmp_path: Path) -> None:
    text = "Name,Phone\nCount,+12125550100\nSum 41,+12125550101\n13800138000,13800138000\n"
    assert [name for name, _ in people(tmp_path, text)] == ["Count", "Sum 41", "13800138000"]


@pytest.mark.parametrize("other", ["手机,姓名", "Phone,Name", "姓名,手机,备注"])
def test_two_tables_in_one_file_are_refused_naming_the_line(tmp_path: Path, other: str) -> None:
    error = refused(tmp_path, f"姓名,手机\n李娜,13800138000\n{other}\n13900139000,王丽\n")
    assert "Line 3" in error.what()
    assert "two tables" in error.what()


def test_row_of_words_that_are_also_columns_is_still_a_client(tmp_path: Path) -> None:
    text = "姓名,首选联系方式,客户类型,来源\n李娜,微信,业主,渠道\n王丽,电话,客户,来源\n"
    assert [name for name, _ in people(tmp_path, text)] == ["李娜", "王丽"]


@pytest.mark.parametrize("first", ["utf-8", "gbk"])
def test_two_encodings_in_one_file_are_refused_naming_a_line(tmp_path: Path, first: str) -> None:
    second = "gbk" if first == "utf-8" else "utf-8"
    data = "姓名,手机\n李娜,13800138000\n".encode(first) + "王丽,13900139000\n张伟,13700137000\n".encode(second)
    assert "another encoding" in refused(tmp_path, data).what()


def test_stray_byte_and_zero_byte_are_refused_naming_the_line(tmp_path: Path) -> None:
    text = "姓名,手机\n李娜,13800138000\n".encode()
    assert "Line 3" in refused(tmp_path, text + b"\xff,1\n").what()
    assert "Line 3" in refused(tmp_path, text + b"A\0nn,1\n").what()


def test_crooked_file_imports_what_it_can_counts_it_all_and_changes_nothing_twice(shop: Shop) -> None:
    file = shop.folder / "crooked.csv"
    text = (
        "客户名单,,\n姓名,手机,生日\n李娜,'13800138000,1990/5/20\n\n王丽,1.39E+10,\n姓名,手机,生日\n"
        "张伟,13700137000.0,32874\n赵六,13600136000,\n合计,4,\n"
    )
    file.write_text(text, "utf-8")
    rehearsed = shop.get("import", file, "--dry-run")
    answer = bring(shop, file)
    assert counts(answer) == counts(rehearsed) == (2, 0, 0, 3)
    assert answer["rejects"] == rehearsed["rejects"]
    assert [reject["line"] for reject in answer["rejects"]] == [5, 7, 9]
    assert [found["name"] for found in clients(shop)] == ["李娜", "赵六"]
    assert counts(bring(shop, file)) == (0, 0, 2, 3)
