"""CSV: what Excel opens, what no spreadsheet runs, and what recrm's own import brings back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recrm.clients.phones import PhoneNotUnderstood, parse_phone
from recrm.clients.tag_cells import JOINT, tag_word
from recrm.core.text import clean_line, clean_text
from recrm.exports.csv_file import PHONE_CELL, guarded
from recrm.imports.columns.values import clean, split_tags
from tests.conftest import Shop, ShopMaker
from tests.exports.taking import HOSTILE, add_called, export, sheet


def test_a_row_a_client_in_columns_that_say_what_they_are(furnished: Shop) -> None:
    rows = sheet(export(furnished, "clients.csv"))
    assert [row["Name"] for row in rows] == ["李娜", "Bob Smith", "王丽", "万科地产"]
    lina, bob, wangli, company = rows
    assert (lina["Phone"], lina["Phone 2"]) == ("+86 138 0013 8000", "+86 10 8888 1234 ext. 5")
    assert (lina["Type"], lina["Tags"]) == ("buyer; landlord", r"urgent; a\;b; \starred")
    assert lina["Birthday"] == "'--05-20"
    assert lina["Created"] == "2026-11-21T09:00:00+08:00"
    assert (bob["Birthday"], bob["Referrer"]) == ("1992-02-29", "李娜")
    assert (wangli["Do not contact"], wangli["Phone"]) == ("yes", "+31 6 12345678")
    assert (company["Company"], company["Referrer"]) == ("万科地产", "Bob Smith")


def test_excel_is_told_that_it_is_utf_8_with_lines_of_its_own(furnished: Shop) -> None:
    data = export(furnished, "clients.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfName,")
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == 5


def test_what_csv_carries_comes_back_from_an_import_as_it_was(furnished: Shop, shop: Shop) -> None:
    first = export(furnished, "clients.csv")
    answer = shop.get("import", first, "--yes")
    assert (answer["added"], answer["rejected"]) == (4, 0)
    assert export(shop, "again.csv").read_bytes() == first.read_bytes()
    again = shop.get("import", first, "--yes")
    assert again["unchanged"] == 4


def test_hostile_values_come_back_as_they_were(shop: Shop, make_shop: ShopMaker) -> None:
    for number, words in enumerate(HOSTILE):
        add_called(
            shop, words, f"--phone=1380013{8000 + number}", f"--note={words}\n{words}", f"--source={words}",
            f"--occupation={words}", f"--family={words}", f"--avoid={words}", f"--address={words}",
            f"--persona={words}", f"--wechat={words[:90]}", f"--tag={words[:90]}",
        )  # fmt: skip
    first = export(shop, "clients.csv")
    other = make_shop()
    assert other.get("import", first, "--yes")["added"] == len(HOSTILE)
    assert export(other, "again.csv").read_bytes() == first.read_bytes()


def test_no_cell_runs_in_a_spreadsheet(shop: Shop) -> None:
    for number, words in enumerate(HOSTILE):
        add_called(shop, words, f"--phone=1380013{8000 + number}", f"--note={words}", f"--wechat={words[:90]}")
    for row in sheet(export(shop, "clients.csv")):
        phones = {name for name in row if name.startswith("Phone")}
        for name, cell in row.items():
            assert name in phones or not cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t")), cell
        assert all(PHONE_CELL.fullmatch(row[name]) for name in phones)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_an_apostrophe_is_put_where_import_takes_it_away(text: str) -> None:
    for cleaned in (clean_line(text), clean_text(text)):
        assert clean(guarded(cleaned)) == cleaned


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab*\\;；、|#' 标", min_size=1, max_size=8), max_size=5))
def test_tags_with_separators_come_back_from_one_cell(words: list[str]) -> None:
    tags = [tag for word in words if (tag := clean_line(word))]
    assert split_tags(clean(guarded(JOINT.join(map(tag_word, tags))))) == tuple(tags)


@pytest.mark.parametrize("name", ["my contacts", "我的联系人", "Starred", "* friends", "\\", "imported on 5/6"])
def test_a_tag_that_a_phone_would_have_given_by_itself_comes_back_too(name: str) -> None:
    assert split_tags(JOINT.join(map(tag_word, ["x", name]))) == ("x", name)


@settings(deadline=None)
@given(st.from_regex(r"\+?[1-9][0-9]{6,13}( ext\. [0-9]{1,5})?", fullmatch=True), st.sampled_from(["CN", "US", "GB"]))
def test_a_phone_as_shown_reads_back_as_the_same_anywhere(words: str, region: str) -> None:
    try:
        phone = parse_phone(words, region)
    except PhoneNotUnderstood:
        return
    assert PHONE_CELL.fullmatch(phone.shown)
    assert parse_phone(phone.shown, "CN") == phone


def test_namesakes_who_sent_somebody_are_called_by_phone(shop: Shop, make_shop: ShopMaker) -> None:
    shop.add("王丽", "--phone", "13800138001")
    sender = shop.add("王丽", "--phone", "13800138002")
    shop.add("Bob", "--phone", "13800138003", "--referrer", sender)
    first = export(shop, "clients.csv")
    assert sheet(first)[2]["Referrer"] == "'+86 138 0013 8002"
    other = make_shop()
    other.ok("import", first, "--yes")
    assert other.get("show-client", 3)["referrer_id"] == 2


def test_an_import_may_make_a_client_older_but_never_changes_when_one_was_added(shop: Shop) -> None:
    shop.add("李娜", "--phone", "13800138000")
    file = shop.folder / "in.csv"
    file.write_text(
        "Name,Phone,Created\n李娜,13800138000,2020-01-01T00:00:00Z\nBob,13800138001,2020-01-01T00:00:00Z\n"
        "Ann,13800138002,2020-01-01\n",
        "utf-8",
    )
    shop.ok("import", file, "--yes", "--overwrite")
    created = [row[0] for row in shop.sql("SELECT created_at FROM clients ORDER BY id")]
    assert created == ["2026-11-21T01:00:00Z", "2020-01-01T00:00:00Z", "2026-11-21T01:00:00Z"]
