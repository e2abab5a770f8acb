"""Cells of every kind as what they say of a client."""

from __future__ import annotations

import pytest

from recrm.core.errors import UsageError
from recrm.imports.columns import extracting
from recrm.imports.columns.extracting import compose_name
from recrm.imports.columns.mapping import Mapping, apply_override, guess_mapping
from recrm.imports.columns.sheet import Row
from tests.imports import sheets


def extract(row: Row, mapping: Mapping) -> sheets.Said:
    return sheets.said(extracting.extract(row, mapping))


def said(**cells: str) -> sheets.Said:
    """What a plain sheet of one row says, its columns named by keyword."""
    row = Row(2, list(cells.values()))
    return extract(row, guess_mapping(list(cells), [row.cells]))


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"family_name": "李", "given_name": "娜"}, "李娜"),
        ({"family_name": "欧阳", "given_name": "娜娜", "name": "娜娜 欧阳"}, "欧阳娜娜"),
        ({"family_name": "김", "given_name": "민수"}, "김민수"),
        ({"family_name": "李", "suffix": "先生"}, "李先生"),
        ({"family_name": "Smith", "given_name": "Anna", "middle_name": "M."}, "Anna M. Smith"),
        ({"family_name": "Smith", "given_name": "Al", "prefix": "Dr.", "suffix": "Sr."}, "Al Smith Sr."),
        ({"given_name": "李娜"}, "李娜"),
        ({"name": "李娜 (学区)", "given_name": "李娜"}, "李娜 (学区)"),
        ({"prefix": "Mr."}, "Acme"),
        ({}, "Acme"),
    ],
)
def test_name_is_composed_as_its_language_does(parts: dict[str, str], name: str) -> None:
    assert compose_name({**parts, "company": "Acme"}) == name


def test_row_that_names_nobody_has_no_name() -> None:
    assert said(Name=" ", Phone="13800138000").name == ""


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("+86 138 0013 8000；010-65529988", ["+86 138 0013 8000", "010-65529988"]),
        ("13800138000\n13900139000", ["13800138000", "13900139000"]),
        ("010-65529988/7", ["010-65529988/7"]),
        ("13800138000，找王姐", ["13800138000，找王姐"]),
        ('="013800138000"', ["013800138000"]),
        ("'+8613800138000", ["+8613800138000"]),
        ("13800138000.0", ["13800138000"]),
        ("tel:+1-212-555-0100", ["+1-212-555-0100"]),
        ("\u200e13800138000\u00a0", ["13800138000"]),
        ("无", []),
        ("-", []),
    ],
)
def test_phone_cells_are_split_only_where_every_part_is_a_phone(cell: str, phones: list[str]) -> None:
    assert said(Name="Ann", Phone=cell).points == tuple(("phone", phone) for phone in phones)


def test_emails_are_split_and_repeated_points_said_once() -> None:
    row = said(Name="Ann", Email="a@example.com; b@example.com", Email_2="mailto:b@example.com", Mail="not one, two")
    assert [value for _, value in row.points] == ["a@example.com", "b@example.com", "not one, two"]


@pytest.mark.parametrize(
    ("word", "tier"),
    [
        ("a", "A"),
        ("B级", "B"),
        ("C类客户", "C"),
        ("Tier A", "A"),
        ("Hot", "A"),
        ("warm", "B"),
        ("高意向", "A"),
        ("冷", "C"),
    ],
)
def test_tier_is_understood_in_the_words_agents_use(word: str, tier: str) -> None:
    assert said(Name="Ann", Tier=word).tier == tier


def test_tier_of_another_scale_is_kept_as_a_note() -> None:
    row = said(姓名="李娜", 客户等级="钻石")
    assert (row.tier, row.notes) == ("", "客户等级: 钻石")


def test_types_are_understood_and_others_become_tags() -> None:
    row = said(Name="Ann", Type="Buyer / Landlord, Investor", 客户类型="求租客户、卖家")
    assert (row.types, row.tags) == (("buyer", "landlord", "tenant", "seller"), ("Investor",))


@pytest.mark.parametrize("blank", ["0/0/00", "00/00/00", "0000-00-00", "0000-00-00 00:00:00", "1900-01-00", "--"])
def test_birthday_of_zeros_is_none(blank: str) -> None:
    assert said(Name="Ann", Birthday=blank).birthday == ""


def test_lunar_birthday_column_says_so_in_the_value() -> None:
    assert said(姓名="李娜", 农历生日="8月15").birthday == "农历8月15"
    assert said(姓名="李娜", 农历生日="农历八月十五").birthday == "农历八月十五"


@pytest.mark.parametrize(("cell", "truth"), [("1", True), ("是", True), ("TRUE", True), ("0", False), ("否", False)])
def test_do_not_contact_is_yes_or_no(cell: str, truth: bool) -> None:
    assert said(Name="Ann", DoNotCall=cell).do_not_contact is truth


def test_wish_in_the_do_not_contact_column_is_a_note_not_a_ban() -> None:
    row = said(姓名="李娜", 勿扰="晚上9点后")
    assert (row.do_not_contact, row.notes) == (None, "勿扰: 晚上9点后")
    assert said(姓名="李娜", 勿扰="是", 免打扰="否").do_not_contact is True


def test_province_city_and_street_are_one_address_and_two_addresses_stay_two() -> None:
    assert said(姓名="李娜", 省="广东省", 市="深圳市", 区="南山区", 地址="科苑路1号").points == (
        ("address", "广东省深圳市南山区科苑路1号"),
    )
    assert [value for _, value in said(姓名="李娜", 家庭住址="长安街1号", 联系地址="建国路2号").points] == [
        "长安街1号",
        "建国路2号",
    ]


def test_relation_named_referrer_and_phones_labelled_with_a_messenger_go_where_they_belong() -> None:
    header = ["Name", "Relation 1 - Label", "Relation 1 - Value", "Phone 1 - Label", "Phone 1 - Value"]
    mapping = guess_mapping(header, [])
    row = extract(Row(2, ["Ann", "Referred By", "Bob", "微信", "13800138000"]), mapping)
    assert (row.fields, row.points) == ({"referrer": "Bob"}, (("wechat", "13800138000"),))


def test_several_formatted_addresses_joined_by_google_stay_several() -> None:
    row = Row(2, ["Ann", "1 Elm St\nSalem ::: 2 Oak St"])
    extracted = extract(row, guess_mapping(["Name", "Address 1 - Formatted"], []))
    assert extracted.points == (("address", "1 Elm St, Salem"), ("address", "2 Oak St"))


def test_hostile_characters_are_cleaned_and_emoji_kept() -> None:
    row = said(Name="Bob\x1b]52;c\x07 \u202eEvil", Notes="👩\u200d👧 'tis\x00\tgood\r\nnow")
    assert row.name == "Bob Evil"
    assert row.notes == "👩\u200d👧 'tis good\nnow"
    assert said(Name="'t Hooft").name == "'t Hooft"


def test_overridden_column_is_taken_as_told() -> None:
    mapping = apply_override(guess_mapping(["Name", "Extra", "Where"], []), ["Extra=tag", "Where=address"])
    row = extract(Row(2, ["Ann", "a;b;A", "1 Elm St"]), mapping)
    assert (row.tags, row.points) == (("a", "b"), (("address", "1 Elm St"),))


def test_row_with_too_many_cells_has_a_reason_and_others_none() -> None:
    mapping = guess_mapping(["Name"], [])
    with pytest.raises(UsageError, match=r"\.$"):
        extract(Row(2, ["Ann", "x"], too_long=True), mapping)
    assert extract(Row(2, ["Ann"]), mapping).name == "Ann"
