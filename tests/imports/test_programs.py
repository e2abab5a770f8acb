"""Exports of real programs, read whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.imports import sheets


def test_old_google_export_is_read_whole(tmp_path: Path) -> None:
    person = {
        "Name": "Anna Maria Smith", "Given Name": "Anna", "Additional Name": "Maria", "Family Name": "Smith",
        "Nickname": "Annie", "Birthday": "1985-03-04", "Notes": "Likes light", "Occupation": "Nurse",
        "Group Membership": "* myContacts ::: * starred ::: School district ::: * friends",
        "E-mail 1 - Type": "* Home", "E-mail 1 - Value": "anna@example.com ::: a.smith@example.org",
        "Phone 1 - Type": "Mobile", "Phone 1 - Value": "+1 212-555-0100 ::: +1 212-555-0101",
        "Phone 2 - Type": "Work Fax", "Phone 2 - Value": "+1 212-555-0199",
        "Address 1 - Formatted": "1 Main St\nNew York, NY 10001", "Address 1 - City": "New York",
        "Organization 1 - Name": "Acme", "Organization 1 - Title": "Head nurse",
        "Website 1 - Type": "Blog", "Website 1 - Value": "https://example.com/anna",
        "Custom Field 1 - Type": "WeChat", "Custom Field 1 - Value": "anna_s",
    }  # fmt: skip
    row = sheets.one(tmp_path, sheets.GOOGLE_OLD, person)
    assert row.name == "Anna Maria Smith"
    assert row.points == (
        ("email", "anna@example.com"),
        ("email", "a.smith@example.org"),
        ("phone", "+1 212-555-0100"),
        ("phone", "+1 212-555-0101"),
        ("website", "https://example.com/anna"),
        ("wechat", "anna_s"),
        ("address", "1 Main St, New York, NY 10001"),
    )
    assert row.tags == ("School district", "friends")
    assert row.birthday == "1985-03-04"
    assert row.notes == "Nickname: Annie\nLikes light\nWork Fax: +1 212-555-0199"
    assert row.fields == {"occupation": "Nurse; Head nurse", "company": "Acme"}


def test_new_google_export_is_read_whole(tmp_path: Path) -> None:
    person = {
        "First Name": "娜", "Last Name": "李", "Labels": "老客户 ::: * myContacts", "Notes": "看过三套",
        "E-mail 1 - Label": "* ", "E-mail 1 - Value": "lina@example.com",
        "Phone 1 - Label": "Mobile", "Phone 1 - Value": "\u202a+86 138 0013 8000\u202c",
        "Phone 2 - Label": "WhatsApp", "Phone 2 - Value": "+85260000001",
        "Address 1 - Street": "长安街1号", "Address 1 - City": "北京", "Address 1 - Country": "中国",
        "Relation 1 - Label": "Spouse", "Relation 1 - Value": "王强",
        "Event 1 - Label": "Anniversary", "Event 1 - Value": "2010-10-01",
        "Custom Field 1 - Label": "Budget", "Custom Field 1 - Value": "500万",
    }  # fmt: skip
    row = sheets.one(tmp_path, sheets.GOOGLE_NEW, person)
    assert row.name == "李娜"
    assert row.points == (
        ("email", "lina@example.com"),
        ("phone", "+86 138 0013 8000"),
        ("whatsapp", "+85260000001"),
        ("address", "中国北京长安街1号"),
    )
    assert row.tags == ("老客户",)
    assert row.fields == {"family": "Spouse: 王强"}
    assert row.notes == "看过三套\nAnniversary: 2010-10-01\nBudget: 500万"


def test_outlook_export_is_read_whole(tmp_path: Path) -> None:
    person = {
        "Title": "Mr.", "First Name": "John", "Middle Name": "Q.", "Last Name": "Public", "Suffix": "Jr.",
        "Company": "Acme", "Job Title": "Engineer", "Mobile Phone": "(212) 555-0100",
        "Home Phone": "(212) 555-0101", "Business Fax": "(212) 555-0109", "Anniversary": "0/0/00",
        "Birthday": "0/0/00", "Categories": "Buyer list;VIP", "E-mail Address": "john@example.com",
        "E-mail Type": "SMTP", "E-mail Display Name": "John (john@example.com)",
        "E-mail 2 Address": "jq@example.com", "Home Street": "1 Elm St", "Home Street 2": "Apt 4",
        "Home City": "Salem", "Home State": "MA", "Home Postal Code": "01970", "Priority": "Normal",
        "Business City": "Boston", "Spouse": "Jane", "Children": "Tim", "Referred By": "李娜",
    }  # fmt: skip
    row = sheets.one(tmp_path, sheets.OUTLOOK, person)
    assert row.name == "John Q. Public Jr."
    assert [value for kind, value in row.points if kind == "phone"] == ["(212) 555-0101", "(212) 555-0100"]
    assert [value for kind, value in row.points if kind == "email"] == ["john@example.com", "jq@example.com"]
    assert [value for kind, value in row.points if kind == "address"] == [
        "Boston",
        "1 Elm St, Apt 4, Salem, MA, 01970",
    ]
    assert (row.birthday, row.tags) == ("", ("Buyer list", "VIP"))
    assert row.notes == "Business Fax: (212) 555-0109"
    assert row.fields["family"] == "Children: Tim; Spouse: Jane"
    assert row.fields["referrer"] == "李娜"


def test_hubspot_stages_become_tags_and_never_a_tier(tmp_path: Path) -> None:
    person = {
        "Record ID": "901", "First Name": "Gaëlle", "Last Name": "Perrin", "Email": "g@example.com",
        "Phone Number": "+33 4 50 11 22 33", "Contact owner": "Inès", "Lead Status": "IN_PROGRESS",
        "Lifecycle Stage": "Lead", "Create Date": "2024-03-12 09:14", "Unsubscribed from all email": "true",
        "Street Address": "2 rue X", "City": "Annecy", "Postal Code": "74000", "Country/Region": "France",
    }  # fmt: skip
    row = sheets.one(tmp_path, sheets.HUBSPOT, person)
    assert (row.name, row.tier, row.tags) == ("Gaëlle Perrin", "", ("IN_PROGRESS", "Lead", "no-email"))
    assert row.fields == {"id": "901", "agent": "Inès", "created": "2024-03-12 09:14"}
    assert row.points[-1] == ("address", "2 rue X, Annecy, 74000, France")
    assert row.do_not_contact is None


def test_follow_up_boss_export_is_read_whole(tmp_path: Path) -> None:
    person = {
        "ID": "7", "Date Added": "2024-01-02", "Name": "Bob Stone", "First Name": "Bob", "Last Name": "Stone",
        "Stage": "Hot Prospect", "Lead Source": "Zillow", "Assigned To": "May", "Is Contacted": "1",
        "Tags": "first-time,VA loan", "Email 1": "bob@example.com", "Email 1 - Type": "home",
        "Phone 1": "(407) 555-0100", "Phone 1 - Type": "mobile", "Phone 2": "4075550101",
        "Address 1 - Street": "9 Bay Rd", "Address 1 - City": "Orlando", "Address 1 - State": "FL",
        "Address 1 - Zip": "32819", "Background": "Relocating", "Timeframe": "0-3 Months", "Calls": "3",
    }  # fmt: skip
    row = sheets.one(tmp_path, sheets.FOLLOW_UP_BOSS, person)
    assert (row.name, row.tags) == ("Bob Stone", ("Hot Prospect", "first-time", "VA loan"))
    assert row.points == (
        ("email", "bob@example.com"),
        ("phone", "(407) 555-0100"),
        ("phone", "4075550101"),
        ("address", "9 Bay Rd, Orlando, FL, 32819"),
    )
    assert row.notes == "Background: Relocating\nTimeframe: 0-3 Months"
    assert row.fields == {"id": "7", "created": "2024-01-02", "source": "Zillow", "agent": "May"}


def test_salesforce_export_is_read_whole(tmp_path: Path) -> None:
    person = {
        "Id": "003A", "LastName": "Hall", "FirstName": "Grace", "Salutation": "Ms.", "Phone": "312-555-0111",
        "MobilePhone": "312-555-0112", "Email": "grace@example.com", "Title": "Admiral", "LeadSource": "Web",
        "Birthdate": "1980-12-09", "Description": "Met at the fair", "OwnerId": "005xx", "DoNotCall": "1",
        "HasOptedOutOfEmail": "0", "MailingStreet": "5 Quay", "MailingCity": "Chicago",
    }  # fmt: skip
    row = sheets.one(tmp_path, sheets.SALESFORCE, person)
    assert (row.name, row.do_not_contact, row.tags) == ("Grace Hall", True, ())
    assert row.fields == {"id": "003A", "occupation": "Admiral", "source": "Web"}
    assert (row.birthday, row.notes) == ("1980-12-09", "Description: Met at the fair")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_chinese_sheet_is_read_whole_from_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    person = {
        "序号": "1", "客户姓名*": "李娜", "电话（手机）": "13800138000/13900139000", "微信号": "lina88",
        "QQ": "10001", "客户类型": "买家、业主、投资客", "客户等级": "A级", "意向区域": "朝阳",
        "生日": "农历八月十五", "推荐人": "王芳", "来源渠道": "抖音", "职业": "医生", "工作单位": "协和",
        "家庭住址": "长安街1号",
        "标签": "学区房，急", "忌讳": "房价", "跟进人": "小陈", "备注": "想看南向，\n三居", "勿扰": "否",
    }  # fmt: skip
    path = sheets.write_sheet(tmp_path / "客户.csv", sheets.CHINESE, [person], encoding, delimiter)
    mapping, rows = sheets.imported(path)
    assert [column.header for column in mapping.columns if not column.field] == ["序号"]
    assert rows == [
        sheets.Said(
            line=2,
            name="李娜",
            points=(
                ("phone", "13800138000"),
                ("phone", "13900139000"),
                ("wechat", "lina88"),
                ("qq", "10001"),
                ("address", "长安街1号"),
            ),
            tags=("投资客", "学区房", "急"),
            types=("buyer", "seller"),
            tier="A",
            birthday="农历八月十五",
            notes="意向区域: 朝阳\n想看南向，\n三居",
            fields={
                "referrer": "王芳", "source": "抖音", "occupation": "医生", "company": "协和",
                "avoid": "房价", "agent": "小陈",
            },
            do_not_contact=False,
        )
    ]  # fmt: skip
