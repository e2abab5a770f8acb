"""`recrm import` as an agent runs it: real exports in, clients out, rejects back."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from recrm.imports.rejects import REASON
from tests.conftest import Shop
from tests.imports import sheets

PLAIN = ["name", "phone", "email", "note", "tags"]
Person = dict[str, str]


def write(shop: Shop, *people: Person, name: str = "contacts.csv", header: list[str] | None = None) -> Path:
    return sheets.write_sheet(shop.folder / name, header or PLAIN, list(people))


def bring(shop: Shop, file: Path, *words: object) -> dict[str, Any]:
    """Import with --yes; the answer, its counts checked against the rows."""
    answer: dict[str, Any] = shop.get("import", file, "--yes", *words)
    assert sum(answer[name] for name in ("added", "updated", "unchanged", "rejected")) == answer["rows"]
    return answer


def counts(answer: Mapping[str, Any]) -> tuple[int, int, int, int]:
    return answer["added"], answer["updated"], answer["unchanged"], answer["rejected"]


def client(shop: Shop, words: object) -> dict[str, Any]:
    found: dict[str, Any] = shop.get("show-client", words)
    return found.get("client", found) if isinstance(found.get("client"), dict) else found


def clients(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.get("list-clients", "--limit", 0, "--sort", "id")
    return found


ANNA = {"name": "Anna Smith", "phone": "+1 212-555-0100", "email": "Anna@Example.com", "note": "Likes light"}
LINA = {"name": "李娜", "phone": "138 0013 8000", "note": "看过三套", "tags": "学区房;urgent"}

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
    told = {name: found[name] for name in ("name", "note", "tier", "birthday", "occupation")}
    assert told == {
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


def test_row_of_two_clients_is_rejected_naming_both(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000")
    shop.add("李强", "--email", "li@example.com")
    both = {"name": "王丽", "phone": "13800138000", "email": "li@example.com"}
    answer = bring(shop, write(shop, both))
    assert counts(answer) == (0, 0, 0, 1)
    assert "王丽 (#1)" in answer["rejects"][0]["reason"]
    assert "李强 (#2)" in answer["rejects"][0]["reason"]


def test_rejects_can_be_mended_and_imported_again(shop: Shop) -> None:
    bad = {"name": "=王丽", "phone": "1380013800", "note": 'say "hi",\nplease', "tags": " kept "}
    file = write(shop, ANNA, bad, {"note": "nobody"})
    answer = bring(shop, file)
    assert counts(answer) == (1, 0, 0, 2)
    back = shop.folder / "contacts.rejects.csv"
    assert answer["rejects_file"] == str(back)
    assert back.stat().st_mode & 0o777 == 0o600
    assert back.read_bytes().startswith(b"\xef\xbb\xbf")
    with back.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows[0] == [*PLAIN, REASON]
    assert rows[1][:5] == [bad["name"], bad["phone"], "", bad["note"], bad["tags"]]
    assert "1380013800" in rows[1][5]
    assert [reject["line"] for reject in answer["rejects"]] == [3, 5]

    assert bring(shop, file)["rejects_file"] == str(back), "the same rows are handed back in the same file"
    back.write_text(back.read_text("utf-8-sig").replace("1380013800,", "13800138000,"), "utf-8-sig")
    mended = bring(shop, back)
    assert counts(mended) == (1, 0, 0, 1)
    assert mended["mapping"][REASON] is None
    assert mended["rejects_file"] == str(shop.folder / "contacts.rejects-2.csv")
    header = (shop.folder / "contacts.rejects-2.csv").read_text("utf-8-sig").splitlines()[0]
    assert header.count(REASON) == 1


def test_headless_sheet_hands_back_rows_that_can_come_again(shop: Shop) -> None:
    file = shop.folder / "bare.csv"
    file.write_text("王丽,13800138000\n张伟,13700137000\n李强,139001390012\n", "utf-8")
    answer = bring(shop, file)
    assert counts(answer) == (2, 0, 0, 1)
    back = Path(answer["rejects_file"])
    back.write_text(back.read_text("utf-8-sig").replace("139001390012,", "13900139001,"), "utf-8-sig")
    assert counts(bring(shop, back)) == (1, 0, 0, 0)
    assert [found["name"] for found in clients(shop)] == ["王丽", "张伟", "李强"]


def test_dry_run_counts_the_same_and_writes_nothing(shop: Shop) -> None:
    shop.add("李娜", "--phone", "13800138000")
    file = write(shop, ANNA, LINA, ANNA, {"name": "x", "phone": "12"})
    before = shop.db.read_bytes()
    rehearsed = shop.get("import", file, "--dry-run")
    assert shop.db.read_bytes() == before
    assert not list(shop.folder.glob("*.rejects*"))
    done = bring(shop, file)
    for told in (rehearsed, done):
        del told["dry_run"], told["rejects_file"]
    assert rehearsed == done
    words = shop.ok("import", file, "--dry-run")
    assert words.splitlines()[-1] == (
        "Would add 0, update 0, leave 3 unchanged, reject 1: 4 of 4 rows; nothing was written."
    )


def test_dry_run_needs_no_database(bare: Shop) -> None:
    ran = bare.run("import", write(bare, ANNA), "--dry-run", "--json", RECRM_DB="")
    assert counts(ran.json) == (1, 0, 0, 0)
    assert not (bare.folder / "data").exists()


def test_without_a_terminal_it_shows_the_mapping_and_wants_yes(shop: Shop) -> None:
    ran = shop.run("import", write(shop, ANNA))
    assert ran.code == 2
    assert "phone" in ran.out
    assert "--yes" in ran.err
    assert "--dry-run" in ran.err
    assert clients(shop) == []


def test_words_show_layout_mapping_and_sums(shop: Shop) -> None:
    shown = shop.ok("import", write(shop, ANNA, LINA, header=[*PLAIN, "Shoe size"]), "--yes")
    assert shown.splitlines()[0] == "contacts.csv: a plain sheet, 2 rows, utf-8, separated by commas"
    assert "Likes light" in shown
    assert shown.splitlines()[-1] == "Added 2, updated 0, unchanged 0, rejected 0: 2 of 2 rows."


def test_map_tag_source_and_agent_are_taken(shop: Shop) -> None:
    file = write(shop, {"who": "Anna", "where": "+12125550100"}, header=["who", "where"])
    told = ("--map", "who=name", "--map", "where=电话", "--tag", "fair", "--source", "fair", "--agent", "Kim")
    assert counts(bring(shop, file, *told)) == (1, 0, 0, 0)
    (found,) = clients(shop)
    assert (found["tags"], found["source"], found["agent"]) == (["fair"], "fair", "Kim")
    assert shop.run("import", file, "--map", "who=nonsense", "--yes").code == 2


def test_sheet_without_any_known_column_is_refused(shop: Shop) -> None:
    ran = shop.run("import", write(shop, {"a": "1", "b": "2"}, header=["a", "b"]), "--yes")
    assert ran.code == 2
    assert "--map" in ran.err


def test_a_file_that_cannot_be_read_to_its_end_imports_nothing(shop: Shop) -> None:
    file = shop.folder / "torn.csv"
    file.write_text('name,phone\n王丽,13800138000\n"李强,13900139000\n', "utf-8")
    ran = shop.run("import", file, "--yes")
    assert ran.code == 1
    assert "line 3" in ran.err
    assert clients(shop) == []


def test_imported_clients_are_no_inquiries_and_freshly_verified(shop: Shop) -> None:
    bring(shop, write(shop, ANNA))
    assert shop.due() == []


def test_read_only_folder_hands_back_beside_the_database(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recrm.imports import rejects

    def refuse(path: Path, text: str) -> None:
        if path.parent == tmp_path / "stick":
            raise PermissionError(13, "Permission denied", str(path))
        path.write_text(text, "utf-8")

    (tmp_path / "stick").mkdir()
    monkeypatch.setattr(rejects, "write_whole", refuse)
    written = rejects.write(tmp_path / "stick" / "contacts.csv", tmp_path, "text")
    assert written == tmp_path / "contacts.rejects.csv"


def test_rejects_that_can_be_written_nowhere_are_told_and_the_rest_is_kept(shop: Shop) -> None:
    file = write(shop, ANNA, {"name": "x", "phone": "12"}, name=f"{'x' * 246}.csv")
    ran = shop.run("import", file, "--yes")
    assert ran.code == 1
    assert "line 3" in ran.err
    assert ran.out.splitlines()[-1] == "Added 1, updated 0, unchanged 0, rejected 1: 2 of 2 rows."
    assert len(clients(shop)) == 1


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


@pytest.fixture
def interrupted(shop: Shop) -> Callable[[int], int]:
    """Start an import of 20,000 rows and send it a signal once it writes; its exit code."""

    def interrupt(number: int) -> int:
        people = [{"name": f"Client {i}", "phone": f"138{i:08}", "note": "x" * 200} for i in range(20_000)]
        file = write(shop, *people)
        running = subprocess.Popen(
            [sys.executable, "-m", "recrm", "import", str(file), "--yes"],
            env=shop.environment(), cwd=shop.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        journal = Path(f"{shop.db}-journal")
        size = shop.db.stat().st_size
        while running.poll() is None and not (journal.exists() and shop.db.stat().st_size > size):
            time.sleep(0.001)
        os.kill(running.pid, number)
        running.communicate(timeout=60)
        return running.returncode

    return interrupt


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_import_stopped_in_the_middle_leaves_nothing(
    shop: Shop, interrupted: Callable[[int], int], number: int
) -> None:
    assert interrupted(number) == (-number if number == signal.SIGKILL else 130)
    assert clients(shop) == []
    assert counts(bring(shop, write(shop, ANNA))) == (1, 0, 0, 0)
