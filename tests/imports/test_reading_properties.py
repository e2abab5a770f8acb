"""Whatever table is written can be read again, and whatever bytes come, the answer is a sheet or an error."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recrm.core.errors import RecrmError, UsageError
from recrm.imports.columns.extracting import extract
from recrm.imports.columns.headers import is_known
from recrm.imports.columns.mapping import guess_mapping
from recrm.imports.columns.sheet import Sheet, read_sheet

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
# What GB18030 is told by: text that reads as Chinese.
CHINESE_TEXT = st.text("李娜王芳的房子看过想买一套学区, ;\t|\"'\n\rab1", max_size=12)
HEADER = ["姓名", "电话", "备注"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"]


@contextmanager
def reading(data: bytes, **options: str | None) -> Iterator[Sheet]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(data)
        yield read_sheet(file.name, **options)


def written(rows: list[list[str]], delimiter: str, quote_all: bool, line_end: str) -> str:
    text = io.StringIO(newline="")
    broken = any(end in cell for row in rows for cell in row for end in "\r\n")
    # csv.writer itself leaves a line end bare that is not its own.
    everything = quote_all or (broken and line_end != "\r\n")
    csv.writer(
        text,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL,
        lineterminator=line_end,
    ).writerows([HEADER, *rows])
    return text.getvalue()


def full(rows: list[list[str]]) -> list[list[str]]:
    return [row for row in rows if "".join(row).strip()]


dialects = {
    "delimiter": st.sampled_from(",;\t|"),
    "quote_all": st.booleans(),
    "line_end": st.sampled_from(["\r\n", "\n", "\r"]),
}


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(ANY_TEXT, min_size=3, max_size=3), max_size=8),
    **dialects,
    encoding=st.sampled_from(ENCODINGS),
)
def test_any_table_told_how_it_was_written_reads_back_equal(
    rows: list[list[str]], delimiter: str, quote_all: bool, line_end: str, encoding: str
) -> None:
    data = written(rows, delimiter, quote_all, line_end).encode(encoding)
    with reading(data, encoding=encoding, delimiter=delimiter) as sheet:
        assert (sheet.header, [row.cells for row in sheet.rows]) == (HEADER, full(rows))


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(CHINESE_TEXT, min_size=3, max_size=3), max_size=8),
    **dialects,
    encoding=st.sampled_from([*ENCODINGS, "utf-16-le", "utf-16-be"]),
)
def test_chinese_table_reads_back_equal_though_nothing_was_told(
    rows: list[list[str]], delimiter: str, quote_all: bool, line_end: str, encoding: str
) -> None:
    assume(all(sum(map(is_known, row)) < 2 for row in rows))  # names of columns, 区 and 1区, begin another table
    with reading(written(rows, delimiter, quote_all, line_end).encode(encoding)) as sheet:
        assert sheet.delimiter == delimiter
        assert (sheet.header, [row.cells for row in sheet.rows]) == (HEADER, full(rows))


@settings(max_examples=300, deadline=None)
@given(
    data=st.one_of(st.binary(max_size=200), ANY_TEXT.map(str.encode)),
    encoding=st.sampled_from([None, "utf-8", "utf-16", "gbk", "utf-7", "idna", "unicode_escape", "nonsense"]),
)
def test_any_bytes_are_a_sheet_or_an_error_and_every_row_can_be_extracted(data: bytes, encoding: str | None) -> None:
    try:
        with reading(data, encoding=encoding) as sheet:
            mapping = guess_mapping(sheet.header, sheet.sample)
            assert len({*sheet.header}) == len(sheet.header)
            assert len(list(sheet.rows)) == len(sheet.rows)
            for row in sheet.rows:
                assert len(row.cells) >= len(sheet.header)
                with suppress(UsageError):
                    extract(row, mapping).name.encode()
    except RecrmError:
        return
