"""Which column is which field: by name, by content, and as told."""

from __future__ import annotations

import pytest

from recrm.imports.columns.headers import FIELDS, target_of
from recrm.imports.columns.mapping import MapNotUnderstood, Mapping, apply_override, guess_mapping
from tests.imports import sheets


def fields_of(mapping: Mapping) -> dict[str, str | None]:
    return {column.header: column.field for column in mapping.columns}


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        (sheets.GOOGLE_OLD, "Google Contacts"),
        (sheets.GOOGLE_NEW, "Google Contacts"),
        (sheets.OUTLOOK, "Outlook"),
        (sheets.HUBSPOT, "HubSpot"),
        (sheets.FOLLOW_UP_BOSS, "Follow Up Boss"),
        (sheets.SALESFORCE, "Salesforce"),
        (["First Name", "Last Name", "Email", "Phone", "Account Name", "Mailing City"], "Salesforce"),
        (
            ["Record ID", "First Name", "Last Name", "Email", "Phone Number", "Associated Company IDs"],
            "HubSpot",
        ),
        (sheets.CHINESE, ""),
        (["First Name", "Last Name", "Email", "Phone"], ""),
        (["Name", "Phone"], ""),
    ],
)
def test_program_a_sheet_came_from_is_told_by_its_header(header: list[str], layout: str) -> None:
    assert guess_mapping(header, []).layout == layout


@pytest.mark.parametrize(
    "layout",
    ["GOOGLE_OLD", "GOOGLE_NEW", "OUTLOOK", "HUBSPOT", "FOLLOW_UP_BOSS", "SALESFORCE", "CHINESE"],
)
def test_every_program_gives_a_name_a_phone_an_email_and_tags_of_known_fields(layout: str) -> None:
    mapping = guess_mapping(getattr(sheets, layout), [])
    assert mapping.fields & {"name", "family_name"}
    assert mapping.fields >= {"phone", "email", "tag"}
    assert mapping.fields <= {*FIELDS}
    assert not any(column.guessed for column in mapping.columns)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("姓名", "name"),
        ("客户姓名 *", "name"),
        ("* 电话", "phone"),
        ("电话（手机）", "phone"),
        ("手机号码2", "phone"),
        ("座 机", "phone"),
        ("联系方式(微信)", "phone"),
        ("其他(微信)", "wechat"),
        ("ＱＱ号", "qq"),
        ("E_MAIL", "email"),
        ("e-mail 2 address", "email"),
        ("MobilePhone", "phone"),
        ("Mobile Phone (work)", "phone"),
        ("出生日期", "birthday"),
        ("客户等级", "tier"),
        ("渠道", "source"),
        ("介绍人", "referrer"),
        ("忌讳", "avoid"),
        ("跟进人", "agent"),
        ("Contact owner", "agent"),
        ("Do-Not-Call", "do_not_contact"),
        ("勿扰", "do_not_contact"),
        ("Phone 1 - Label", "label"),
        ("Address 3 - Zip", "address"),
        ("What they like", None),
        ("Relationship Phone 1", None),
        ("序号", None),
        ("", None),
    ],
)
def test_column_names_are_known_whatever_their_dress(header: str, field: str | None) -> None:
    target = target_of(header)
    assert (target.field if target else None) == field


def test_title_is_a_salutation_or_a_job_by_what_is_in_it() -> None:
    assert fields_of(guess_mapping(["Name", "Title"], [["Ann", "Ms."], ["Bob", "Dr"]]))["Title"] == "prefix"
    assert fields_of(guess_mapping(["Name", "Title"], [["Ann", "Director"]]))["Title"] == "occupation"


def test_form_of_address_and_nickname_are_names_only_for_want_of_better() -> None:
    assert fields_of(guess_mapping(["称呼", "电话"], []))["称呼"] == "name"
    assert fields_of(guess_mapping(["称呼", "姓名"], []))["称呼"] == "note"
    assert fields_of(guess_mapping(["Nickname", "First Name"], []))["Nickname"] == "note"


def test_unknown_columns_are_guessed_by_content_and_marked() -> None:
    rows = [
        ["李娜", "13800138000", "lina@example.com", "2024-01-15"],
        ["王芳", "010-6552 9988", "", "2024-02-01"],
    ]
    mapping = guess_mapping(["Column 1", "Column 2", "Column 3", "Column 4"], rows)
    assert [column.field for column in mapping.columns] == ["name", "phone", "email", None]
    assert [column.guessed for column in mapping.columns] == [True, True, True, False]
    assert [column.header for column in mapping.columns if not column.field] == ["Column 4"]


def test_numbers_that_are_no_phones_are_not_guessed_to_be() -> None:
    rows = [["Ann", "1700000000", "2024-01-15", "1500000", "20240101", "88"]] * 5
    mapping = guess_mapping(["Name", "Epoch", "Visited", "Price", "Day", "Area"], rows)
    assert mapping.fields == {"name"}


def test_content_is_not_consulted_where_names_tell() -> None:
    mapping = guess_mapping(["Name", "Phone", "Emergency"], [["Ann", "", "13800138000"]])
    assert fields_of(mapping)["Emergency"] is None


def test_map_option_sets_ignores_and_accepts_known_words_for_fields() -> None:
    mapping = guess_mapping(["Name", "Phone", "Extra", "a=b"], [])
    mended = apply_override(mapping, ["extra=wechat", "Phone=-", "a=b=电话", "name="])
    assert fields_of(mended) == {"Name": None, "Phone": None, "Extra": "wechat", "a=b": "phone"}
    assert all(column.explicit for column in mended.columns)
    assert fields_of(apply_override(mapping, ["Extra=do-not-contact"]))["Extra"] == "do_not_contact"


def test_map_option_naming_no_column_or_field_says_what_there_is() -> None:
    mapping = guess_mapping(["Full Name", "Phone", "Phone (2)", "手机"], [])
    for override, near in [
        ("Fulname=name", "Full Name"),
        ("Nothing=name", "手机"),
        ("Phone=fone", "phone"),
        ("Phone=zzz", "birthday"),
        ("Phone", "wechat"),
        ("pho-ne=email", "Phone (2)"),
    ]:
        with pytest.raises(MapNotUnderstood) as caught:
            apply_override(mapping, [override])
        assert near in caught.value.near
        assert near in caught.value.hint()
        assert caught.value.exit_code == 2
