"""`recrm import` as an agent runs it: real exports in, clients out, rejects back."""

from __future__ import annotations

from typing import Any

import pytest
from babel.messages.pofile import read_po

from recrm.clients.fieldtable import FIELDS, SHEET, Kind
from recrm.imports.columns.headers import target_of
from tests.catalogue import PO
from tests.conftest import Shop
from tests.imports import sheets
from tests.imports.bringing import ANNA, LINA, PLAIN, Person, bring, clients, counts, write

GOOGLE_OLD = {"Name": "Anna Smith", "Given Name": "Anna", "Family Name": "Smith", "Birthday": "1985-03-04",
              "Phone 1 - Type": "Mobile", "Phone 1 - Value": "+1 212-555-0100 ::: +1 212-555-0101",
              "Group Membership": "* myContacts ::: Friends"}  # fmt: skip
GOOGLE_NEW = {"First Name": "娜", "Last Name": "李", "Labels": "老客户 ::: * myContacts",
              "Phone 1 - Label": "Mobile", "Phone 1 - Value": "\u202a+86 138 0013 8000\u202c",
              "Organization Name": "Acme", "Organization Title": "Head nurse"}  # fmt: skip
OUTLOOK = {"First Name": "Anna", "Last Name": "Smith", "E-mail Address": "anna@example.com",
           "Mobile Phone": "(212) 555-0100", "Birthday": "12/25/1985", "Notes": "Line one\nline two"}  # fmt: skip
HUBSPOT = {"Record ID": "1", "First Name": "Anna", "Last Name": "Smith", "Email": "anna@example.com",
           "Phone Number": "+12125550100", "Lifecycle Stage": "Lead", "Contact owner": "Kim"}  # fmt: skip
BOSS = {"ID": "7", "Name": "Anna Smith", "First Name": "Anna", "Last Name": "Smith", "Stage": "Hot Prospect",
        "Lead Source": "Zillow", "Assigned To": "Kim", "Phone 1": "+12125550100", "Tags": "Pool"}  # fmt: skip
SALESFORCE = {"Id": "003", "FirstName": "Anna", "LastName": "Smith", "MobilePhone": "+12125550100",
              "LeadSource": "Web", "DoNotCall": "1"}  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "header", "person", "name", "words"),
    [
        ("Google Contacts", sheets.GOOGLE_OLD, GOOGLE_OLD, "Anna Smith", {"birthday": "1985-03-04"}),
        ("Google Contacts", sheets.GOOGLE_NEW, GOOGLE_NEW, "李娜", {"occupation": "Head nurse; Acme"}),
        ("Outlook", sheets.OUTLOOK, OUTLOOK, "Anna Smith", {"birthday": "1985-12-25"}),
        ("HubSpot", sheets.HUBSPOT, HUBSPOT, "Anna Smith", {"agent": "Kim", "tags": ["Lead"]}),
        ("Follow Up Boss", sheets.FOLLOW_UP_BOSS, BOSS, "Anna Smith", {"source": "Zillow", "agent": "Kim"}),
        ("Salesforce", sheets.SALESFORCE, SALESFORCE, "Anna Smith", {"do_not_contact": True}),
    ],
)
def test_each_programs_export_comes_in_and_changes_nothing_the_second_time(
    shop: Shop, layout: str, header: list[str], person: Person, name: str, words: dict[str, Any]
) -> None:
    file = write(shop, person, header=header)
    answer = bring(shop, file, *(["--map", "Mobile Phone=-"] if layout == "Outlook" else []))
    assert answer["layout"] == layout
    assert counts(answer) == (1, 0, 0, 0), answer
    (found,) = clients(shop)
    assert found["name"] == name
    assert {key: found[key] for key in words} == words
    again = bring(shop, file, *(["--map", "Mobile Phone=-"] if layout == "Outlook" else []))
    assert counts(again) == (0, 0, 1, 0)


@pytest.mark.parametrize(("encoding", "delimiter"), [("gb18030", "\t"), ("utf-16", ","), ("utf-8-sig", ";")])
def test_chinese_sheet_comes_in_from_any_encoding_and_separator(shop: Shop, encoding: str, delimiter: str) -> None:
    person = {"客户姓名*": "李娜", "电话（手机）": "13800138000", "微信号": "lina_88", "客户类型": "买家",
              "客户等级": "A类", "生日": "5月20日", "备注": "喜欢采光好的", "跟进人": "小王"}  # fmt: skip
    file = sheets.write_sheet(shop.folder / "名单.csv", sheets.CHINESE, [person], encoding, delimiter)
    answer = bring(shop, file)
    assert (answer["encoding"], answer["delimiter"]) == (encoding, delimiter)
    (found,) = clients(shop)
    assert (found["name"], found["tier"], found["types"], found["agent"]) == ("李娜", "A", ["buyer"], "小王")
    assert (found["birthday"], found["note"]) == ("--05-20", "喜欢采光好的")
    assert counts(bring(shop, file)) == (0, 0, 1, 0)


def test_same_file_twice_is_all_unchanged_also_for_bare_names_and_odd_wechat(shop: Shop) -> None:
    header = [*PLAIN, "微信", "推荐人", "生日"]
    people: list[Person] = [
        ANNA,
        LINA | {"推荐人": "Anna Smith", "生日": "农历八月十五"},
        {"name": "王丽"},
        {"name": "王丽", "note": "wants to sell"},
        {"name": "王丽", "phone": "13900139000", "推荐人": "老周"},
        {"name": "张伟", "微信": "同手机"},
        {"name": "张伟", "微信": "zhangwei_8"},
        {"name": "", "phone": "13900139000", "note": "second line"},
    ]
    file = write(shop, *people, header=header)
    assert counts(bring(shop, file)) == (6, 2, 0, 0)
    before = clients(shop)
    assert counts(bring(shop, file)) == (0, 0, 8, 0)
    assert counts(bring(shop, file, "--overwrite")) == (0, 0, 8, 0)
    assert clients(shop) == before
    lina = next(found for found in before if found["name"] == "李娜")
    assert lina["note"] == "看过三套\nBirthday (lunar): 农历八月十五"
    assert lina["referrer"] == "Anna Smith"
    assert before[3]["note"] == "second line\nReferred by 老周"


def test_known_phone_or_email_fills_blanks_and_never_erases(shop: Shop) -> None:
    known = shop.add("李娜", "--phone", "+86 138-0013-8000", "--note", "hers", "--tier", "B", "--tag", "vip")
    file = write(shop, LINA | {"note": "another", "email": "lina@example.com", "tags": "VIP;学区房"})
    assert counts(bring(shop, file)) == (0, 1, 0, 0)
    (found,) = clients(shop)
    assert (found["id"], found["note"], found["tier"], found["tags"]) == (known, "hers", "B", ["vip", "学区房"])
    blank = write(shop, {"name": "", "phone": "13800138000"}, name="blank.csv")
    assert counts(bring(shop, blank, "--overwrite")) == (0, 0, 1, 0)
    assert clients(shop) == [found]


def test_overwrite_replaces_what_the_row_gives_and_nothing_else(shop: Shop) -> None:
    header = [*PLAIN, "tier", "birthday", "occupation"]
    shop.add("李娜娜", "--phone", "13800138000", "--note", "old", "--tier", "B", "--occupation", "nurse")
    row = LINA | {"note": "new", "tier": "A", "birthday": "1990-05-20"}
    assert counts(bring(shop, write(shop, row, header=header), "--overwrite")) == (0, 1, 0, 0)
    (found,) = clients(shop)
    kept = {name: found[name] for name in ("name", "note", "tier", "birthday", "occupation")}
    assert kept == {
        "name": "李娜", "note": "new", "tier": "A", "birthday": "1990-05-20", "occupation": "nurse"
    }  # fmt: skip
    assert shop.get("find", "lina")


def test_other_name_on_a_known_phone_is_kept_and_told(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000")
    answer = bring(shop, write(shop, {"name": "李强", "phone": "13800138000"}))
    assert counts(answer) == (0, 0, 1, 0)
    assert answer["names_kept"] == [{"line": 2, "name": "李强", "client_id": 1, "client": "王丽"}]


def test_namesakes_without_a_phone_in_common_stay_two_clients(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000")
    assert counts(bring(shop, write(shop, {"name": "王丽", "phone": "13900139000"}, {"name": "王丽"}))) == (
        2,
        0,
        0,
        0,
    )


def test_dry_run_counts_the_same_and_writes_nothing(shop: Shop) -> None:
    shop.add("李娜", "--phone", "13800138000")
    file = write(shop, ANNA, LINA, ANNA, {"name": "x", "phone": "12"})
    before = shop.db.read_bytes()
    rehearsed = shop.get("import", file, "--dry-run")
    assert shop.db.read_bytes() == before
    assert not list(shop.folder.glob("*.rejects*"))
    done = bring(shop, file)
    for answer in (rehearsed, done):
        del answer["dry_run"], answer["rejects_file"]
    assert rehearsed == done
    words = shop.ok("import", file, "--dry-run")
    assert words.splitlines()[-1] == (
        "Would add 0, update 0, leave 3 unchanged, reject 1: 4 of 4 rows; nothing was written."
    )


def test_dry_run_needs_no_database(bare: Shop) -> None:
    ran = bare.run("import", write(bare, ANNA), "--dry-run", "--json", RECRM_DB="")
    assert counts(ran.json) == (1, 0, 0, 0)
    assert not (bare.folder / "data").exists()


def test_words_show_layout_mapping_and_sums(shop: Shop) -> None:
    shown = shop.ok("import", write(shop, ANNA, LINA, header=[*PLAIN, "Shoe size"]), "--yes")
    assert shown.splitlines()[0] == "contacts.csv: a plain sheet, 2 rows, utf-8, separated by commas"
    assert "Likes light" in shown
    assert shown.splitlines()[-1] == "Added 2, updated 0, unchanged 0, rejected 0: 2 of 2 rows."


def test_map_tag_source_and_agent_are_taken(shop: Shop) -> None:
    file = write(shop, {"who": "Anna", "where": "+12125550100"}, header=["who", "where"])
    options = ("--map", "who=name", "--map", "where=电话", "--tag", "fair", "--source", "fair", "--agent", "Kim")
    assert counts(bring(shop, file, *options)) == (1, 0, 0, 0)
    (found,) = clients(shop)
    assert (found["tags"], found["source"], found["agent"]) == (["fair"], "fair", "Kim")
    assert shop.run("import", file, "--map", "who=nonsense", "--yes").code == 2


def test_imported_clients_are_no_inquiries_and_freshly_verified(shop: Shop) -> None:
    bring(shop, write(shop, ANNA))
    assert shop.due() == []


def test_an_import_is_one_operation(shop: Shop) -> None:
    import sqlite3

    bring(shop, write(shop, ANNA, LINA))
    with sqlite3.connect(shop.db) as conn:
        operations = conn.execute("SELECT id, command FROM operations").fetchall()
        changes = conn.execute("SELECT count(DISTINCT operation_id), count(*) FROM changes").fetchone()
        standing = conn.execute("SELECT * FROM standing EXCEPT SELECT * FROM standing_now").fetchall()
    conn.close()
    assert [command for _, command in operations] == ["import"]
    assert changes == (1, 2 + 3 + 2)
    assert standing == []


VALUES = {
    Kind.NAME: "王丽", Kind.TEXT: "one", Kind.LINES: "two", Kind.AGENT: "Kim", Kind.TIER: "A", Kind.DAY: "1990-05-20",
    Kind.FLAG: "yes", Kind.MOMENT: "2026-01-02T03:04:05+08:00", Kind.REFERRER: "李强",
}  # fmt: skip


def test_no_field_that_an_import_knows_is_lost_on_its_way_to_the_table(shop: Shop) -> None:
    shop.add("李强")
    fields = [field for field in FIELDS if field.known_as and field.columns and field.kind is not Kind.COMPANY]
    person = {field.name: VALUES[field.kind] for field in fields} | {"phone": "13800138000"}
    assert counts(bring(shop, write(shop, person, header=list(person)))) == (1, 0, 0, 0)
    for field in fields:
        [(kept,)] = shop.sql(f"SELECT {field.columns[0]} FROM clients WHERE id = 2")
        assert kept, field.name


def test_headings_of_a_chinese_export_are_known_to_the_import() -> None:
    with PO.open("rb") as file:
        chinese = read_po(file)
    for field in FIELDS:
        message = chinese.get(field.label) if field.name in SHEET else None
        if message and message.string:
            target = target_of(str(message.string))
            assert target, (field.name, message.string)
            assert target.field == field.name, (target, message.string)
