"""Files as they come: any encoding, any delimiter, and what is not a table at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from recrm.core.errors import RecrmError, UsageError
from recrm.imports.columns.sheet import Sheet, read_sheet
from recrm.imports.files import kinds
from recrm.imports.files.errors import EncodingUnknown, FileMistyped, FileUnreadable

CHINESE = "姓名,电话,备注\r\n李娜,13800138000,想看学区房\r\n王小明,13900139000,下周看房\r\n"
WESTERN = "Name;Phone;Notes\nJosé Núñez;+34 600 000 001;Señora Müller está casada\n"


def sheet_of(tmp_path: Path, data: bytes | str, **options: str) -> Sheet:
    path = tmp_path / "clients.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_sheet(path, **options)


def refused(tmp_path: Path, data: bytes | str, **options: str) -> RecrmError:
    with pytest.raises(RecrmError) as caught:
        sheet_of(tmp_path, data, **options)
    assert caught.value.what().endswith(".")
    assert caught.value.hint().endswith(".")
    return caught.value


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("utf-32-le", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
    ],
)
def test_chinese_sheet_is_read_in_every_encoding_it_comes_in(tmp_path: Path, written: str, found: str) -> None:
    sheet = sheet_of(tmp_path, CHINESE.encode(written))
    assert sheet.encoding == found
    assert sheet.header == ["姓名", "电话", "备注"]
    assert [row.cells[0] for row in sheet.rows] == ["李娜", "王小明"]


def test_western_sheet_of_an_old_windows_is_read(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, WESTERN.encode("cp1252"))
    assert (sheet.encoding, sheet.delimiter) == ("cp1252", ";")
    assert sheet.rows[0].cells[0] == "José Núñez"


def test_big5_and_cyrillic_are_not_read_as_simplified_chinese(tmp_path: Path) -> None:
    taiwan = "姓名,電話,備註\n陳怡君,0912345678,想看三房兩廳的電梯大樓，預算兩千萬\n林志豪,0922333444,下週帶看\n" * 3
    assert sheet_of(tmp_path, taiwan.encode("big5")).rows[0].cells[0] == "陳怡君"
    assert sheet_of(tmp_path, taiwan.encode("big5"), encoding="big5").encoding == "big5"
    short = sheet_of(tmp_path, "姓名,電話\n陳怡君,0912345678\n".encode("big5"))
    assert (short.encoding, short.header) == ("big5hkscs", ["姓名", "電話"])
    russian = "Имя,Телефон,Заметки\nИван Петров,+79160000001,Хочет квартиру в центре города\n" * 3
    assert sheet_of(tmp_path, russian.encode("cp1251")).encoding != "gb18030"


def test_two_line_gbk_sheet_is_not_taken_for_big5(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "姓名,电话\n单玥婷,13800138000\n".encode("gbk"))
    assert (sheet.encoding, sheet.rows[0].cells[0]) == ("gb18030", "单玥婷")


def test_encoding_named_by_the_user_is_taken_and_gb2312_means_its_superset(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, "姓名\n朱镕基\n".encode("gbk"), encoding="gb2312").rows[0].cells == ["朱镕基"]
    assert sheet_of(tmp_path, "Name\nJosé\n".encode("latin-1"), encoding="latin-1").rows[0].cells == ["José"]


@pytest.mark.parametrize("encoding", ["utf-9", "hex", "", "rot13", "\0"])
def test_encoding_that_is_none_is_a_usage_error(tmp_path: Path, encoding: str) -> None:
    if encoding:
        assert isinstance(refused(tmp_path, CHINESE, encoding=encoding), EncodingUnknown)
    else:
        assert sheet_of(tmp_path, CHINESE, encoding=encoding).encoding == "utf-8"


def test_damaged_utf8_is_refused_naming_the_line_and_the_option(tmp_path: Path) -> None:
    data = (CHINESE * 20).encode() + b"\xe6\x9d\xff,1,2\r\n" + CHINESE.encode()
    error = refused(tmp_path, data)
    assert isinstance(error, FileUnreadable)
    assert error.line == 61
    assert "Line 61" in error.what()
    assert "--encoding" in error.hint()


def test_wrong_encoding_told_is_refused_naming_the_line(tmp_path: Path) -> None:
    assert "Line 2" in refused(tmp_path, "Name\nJosé\n".encode("latin-1"), encoding="utf-8").what()
    assert refused(tmp_path, b"\xff\xfea\0\n\0\x00\xd8", encoding="utf-16").exit_code == 1


def test_zero_byte_in_the_middle_is_refused_naming_the_line(tmp_path: Path) -> None:
    assert "Line 3" in refused(tmp_path, b"Name,Phone\nBob,1\nAn\0n,2\n").what()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_though_cells_hold_the_others(tmp_path: Path, delimiter: str) -> None:
    other = ";" if delimiter != ";" else ","
    rows = [
        ["Name", "Mobile", "Tags"],
        ["Ann", "13800138000", f"hot{other}school"],
        ["Bob", "", f"a{other}b"],
    ]
    sheet = sheet_of(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert (sheet.delimiter, [row.cells for row in sheet.rows]) == (delimiter, rows[1:])


def test_unknown_column_names_still_give_the_delimiter_by_even_rows(tmp_path: Path) -> None:
    text = "foo;bar, or baz;qux\n1,5;2;3\n4;5,6;7\n8,0;9;1\n"
    assert sheet_of(tmp_path, text).header == ["foo", "bar, or baz", "qux"]


def test_quoted_delimiters_and_blanks_before_quotes_are_respected(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, '"Name";"Notes"\n"Ann";"a,b;c"\n').rows[0].cells == ["Ann", "a,b;c"]
    spaced = sheet_of(tmp_path, 'Name, Phone, Notes\nAnn, 1, "large, bright"\n')
    assert spaced.rows[0].cells == ["Ann", "1", "large, bright"]


def test_excel_sep_line_is_honoured_and_counted(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "sep=;\r\nName;Note\r\nAnn;a,b,c\r\n")
    assert (sheet.delimiter, sheet.header_line, sheet.rows[0].line) == (";", 2, 3)


def test_delimiter_told_is_taken_and_an_impossible_one_refused(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, "Name#Phone\nAnn#1\n", delimiter="#").header == ["Name", "Phone"]
    for delimiter in (";;", '"', "\n", ""):
        assert isinstance(refused(tmp_path, "Name\nAnn\n", delimiter=delimiter), UsageError)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_know_their_lines_past_quoted_line_ends_and_blank_lines(tmp_path: Path, end: str) -> None:
    text = end.join(["", "Name,Notes", 'Ann,"two', 'lines ""quoted"""', "", " , ", "Bob,x", ""])
    sheet = sheet_of(tmp_path, text)
    assert sheet.header_line == 2
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (3, ["Ann", f'two{end}lines "quoted"']),
        (7, ["Bob", "x"]),
    ]


def test_short_rows_are_padded_and_long_ones_marked(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "Name,Phone,Notes\nAnn\nBob,1,2,3\nCid,1,2,, \n")
    assert [row.too_long for row in sheet.rows] == [False, True, False]
    assert [row.cells for row in sheet.rows] == [["Ann", "", ""], ["Bob", "1", "2", "3"], ["Cid", "1", "2"]]


def test_header_names_are_cleaned_kept_apart_and_given_to_nameless_columns(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, '\ufeff Name ,"Phone\nnumber",Phone,Phone,,Phone (2),,\nAnn,1,2,3,4,5,,\n')
    assert sheet.header == ["Name", "Phone number", "Phone", "Phone (2)", "Column 5", "Phone (2) (2)"]


def test_title_line_above_the_header_is_passed_over(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "2026年客户名单,,\n导出于3月1日\n姓名,电话,备注\n李娜,13800138000,\n")
    assert (sheet.header, sheet.header_line) == (["姓名", "电话", "备注"], 3)
    assert sheet_of(tmp_path, "Name,,\nAnn Phone,Bob,x\n").header_line == 1


def test_sheet_without_a_header_does_not_lose_its_first_client(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "李娜,13800138000\n王芳,13900139000,老客户\n")
    assert (sheet.header, sheet.header_line, len(sheet.rows)) == (["Column 1", "Column 2", "Column 3"], 0, 2)


def test_header_alone_is_a_sheet_of_no_rows(tmp_path: Path) -> None:
    assert list(sheet_of(tmp_path, "Name,Phone\n").rows) == []


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n \r\n,,\r\n"])
def test_empty_file_is_said_to_be_empty(tmp_path: Path, data: bytes) -> None:
    assert "empty" in refused(tmp_path, data).what()


def test_unclosed_quote_is_refused_naming_the_line_it_opens_on(tmp_path: Path) -> None:
    error = refused(tmp_path, 'Name,Notes\nAnn,x\nBob,"never\nCid,y\n')
    assert isinstance(error, FileUnreadable)
    assert (error.line, "never closed" in error.what()) == (3, True)
    far = "Name,Notes\n" + "Ann,x\n" * 20_000 + 'Bob,"never\n'
    assert "line 20002" in refused(tmp_path, far).what()


def test_quotes_that_do_not_match_are_refused_naming_the_line(tmp_path: Path) -> None:
    assert "line 2" in refused(tmp_path, 'Name,Notes\n"Ann" Lee,x\n').what()


def test_note_of_a_million_characters_is_read(tmp_path: Path) -> None:
    assert len(sheet_of(tmp_path, f"Name,Notes\nAnn,{'长' * 1_000_000}\n").rows[0].cells[1]) == 1_000_000


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04\x14\0", "XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
        (b"%PDF-1.7\n", "PDF"),
        (b"SQLite format 3\0", "database"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "vCard"),
        ("\ufeffBEGIN:VCARD\r\n".encode("utf-16-le"), "vCard"),
        (b"<html><table><tr><td>Ann", "web page"),
        (b'[{"name": "Ann"}]', "JSON"),
        (b"\x1f\x8b\x08\0", "gzip"),
    ],
)
def test_file_of_another_kind_is_called_by_its_name(tmp_path: Path, data: bytes, kind: str) -> None:
    error = refused(tmp_path, data)
    assert kind in error.what()
    assert "CSV" in error.hint()


def test_missing_file_and_folder_are_usage_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(RecrmError) as caught:
            read_sheet(path)
        assert caught.value.exit_code == (2 if "\0" not in str(path) else 1)
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileMistyped):
        read_sheet(tmp_path / "file" / "below.csv")


def test_unreadable_file_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "clients.csv").write_text("Name\nAnn\n")
    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(FileUnreadable, match="Permission denied"):
        read_sheet(tmp_path / "clients.csv")


def test_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MAX_BYTES", 20)
    assert "larger" in refused(tmp_path, "Name,Phone\n" * 3).what()
