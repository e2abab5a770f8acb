"""`recrm import --history` as an agent runs it: another program's log in, contacts out, rejects back."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from recrm.imports.columns.headers import REASON
from recrm.imports.conversations.writing import CLOSING_TEXT
from tests.conftest import Shop
from tests.imports.logs import HEADER, Said, bring_log, contacts, outcome, reasons, write_log
from tests.terminal import Terminal

CALL: Said = {"Date": "2026-11-20 14:30", "Client": "王丽", "Phone": "138-0013-8000", "Channel": "电话",
              "Text": "看中了阳台", "Author": "小王"}  # fmt: skip


@pytest.fixture
def wang(shop: Shop) -> int:
    return shop.add("王丽", "--phone", "13800138000")


def log_line(**said: str) -> Said:
    """A row of the plain header; the fields that matter, the others as in CALL."""
    return CALL | {name.capitalize(): words for name, words in said.items()}


def test_a_row_becomes_a_contact_and_nothing_else(shop: Shop, wang: int) -> None:
    before = {table: shop.count(table) for table in ("clients", "contact_points", "follow_ups", "complaints")}
    answer = bring_log(shop, write_log(shop, CALL))
    assert outcome(answer) == (1, 0, 0)
    (said,) = contacts(shop)
    assert said == {
        "id": said["id"], "client_id": wang, "client": "王丽", "at": "2026-11-20T14:30:00+08:00", "direction": "out",
        "channel": "call", "text": "看中了阳台", "feedback": None, "next_step": None, "agent": "小王",
    }  # fmt: skip
    assert {table: shop.count(table) for table in before} == before
    assert shop.sql("SELECT created_at FROM contacts") == [("2026-11-21T01:00:00Z",)]


@pytest.mark.parametrize(
    ("layout", "header", "row", "kept"),
    [
        ("HubSpot",
         "Record ID,Call Title,Call notes,Call direction,Activity date,Activity assigned to,Associated Contact",
         "9,Call with Ann,<p>Wants a garden</p>,INBOUND,2026-11-20 14:30,Kim,Ann Lee (ann@example.com)",
         ("call", "in", "Call with Ann\nWants a garden", "Kim")),
        ("Salesforce", "Subject,Date,Status,Task Subtype,Assigned,Contact,Email,Full Comments",
         "Email: hello,11/20/2026 2:30 PM,Completed,Email,Kim,Ann Lee,ANN@example.com,sent the plan",
         ("email", "out", "Email: hello\nsent the plan", "Kim")),
        ("Follow Up Boss", "ID,Created,Name,From Number,To Number,Is Incoming,Message,User",
         "5,2026-11-20T06:30:00Z,Ann Lee,+1 212-555-0100,+12125550199,Yes,Is it free?,Kim",
         ("other", "in", "Is it free?", "Kim")),
        ("Zoho CRM", "Record Id,Note Owner,Note Title,Note Content,Parent ID,Created Time",
         "zcrm_1,Kim,Budget,up to 900k,Ann Lee,2026-11-20 14:30:00", ("other", "out", "Budget\nup to 900k", "Kim")),
        ("Pipedrive", "ID,Subject,Type,Due date,Due time,Done,Note,Contact person,Add time,Assigned to user",
         "3,Call,call,2026-11-20,14:30,Done,likes it,Ann Lee,2026-11-01 10:00:00,Kim",
         ("call", "out", "Call\nlikes it", "Kim")),
        ("", "跟进时间,跟进人,跟进方式,跟进内容,客户姓名,微信号",
         "2026年11月20日 14:30,Kim,微信,看过三套,某人,ann_lee_88",
         ("wechat", "out", "看过三套", "Kim")),
    ],
)  # fmt: skip
def test_each_programs_log_comes_in_and_changes_nothing_the_second_time(
    shop: Shop, layout: str, header: str, row: str, kept: tuple[str, ...]
) -> None:
    shop.add("Ann Lee", "--phone", "+1 212 555 0100", "--email", "ann@example.com", "--wechat", "Ann_Lee_88")
    file = shop.folder / "log.csv"
    file.write_text(f"{header}\n{row}\n", "utf-8")
    answer = shop.get("import", file, "--yes")  # each is known for a log without being told
    assert (answer["kind"], answer["layout"]) == ("history", layout or None)
    assert outcome(answer) == (1, 0, 0), answer
    (said,) = contacts(shop)
    assert (said["channel"], said["direction"], said["text"], said["agent"]) == kept
    assert said["at"] == "2026-11-20T14:30:00+08:00"
    assert outcome(bring_log(shop, file)) == (0, 1, 0)


def test_the_same_words_of_the_same_moment_come_in_once(shop: Shop, wang: int) -> None:
    other = [log_line(text="later"), log_line(date="2026-11-20 15:30"), log_line(channel="微信")]
    assert outcome(bring_log(shop, write_log(shop, CALL, CALL, *other))) == (4, 1, 0)
    assert outcome(bring_log(shop, write_log(shop, CALL, *other, log_line(author="小李")))) == (0, 5, 0)


def test_a_day_without_a_time_is_the_same_conversation_whenever_it_is_imported(shop: Shop, wang: int) -> None:
    file = write_log(shop, log_line(date="2026-11-21"), log_line(date="2026/11/20"))
    assert outcome(bring_log(shop, file)) == (2, 0, 0)
    assert [said["at"][11:16] for said in contacts(shop)] == ["12:00", "09:00"]
    shop.now = "2026-11-21T10:00:00"
    assert outcome(bring_log(shop, file)) == (0, 2, 0)
    shop.now = "2026-11-23T10:00:00"
    assert outcome(bring_log(shop, file)) == (0, 2, 0)


def test_what_was_logged_here_is_not_doubled(shop: Shop, wang: int) -> None:
    shop.ok("log", wang, "看中了阳台", "--at", "2026-11-20 14:30")
    assert outcome(bring_log(shop, write_log(shop, CALL))) == (0, 1, 0)


@pytest.mark.parametrize(
    ("client", "phone", "word"),
    [
        ("李强", "", "could be 李强 (#2) or 李强 (#3)"),
        ("谁也不是", "", "No client has the name “谁也不是”"),
        ("王丽", "13700137000", "王丽 (#1) has another phone"),
        ("谁", "13700137000", "No client has +86 137 0013 7000"),
        ("李强", "13800138000", "belongs to 王丽 (#1), but the name is that of 李强 (#2)"),
        ("王丽", "1380013800", "too short"),
        ("", "", "does not say who the client is"),
        ("", "13900139000", "could be 李强 (#2) or 张伟 (#4)"),
        ("", "13800138000;13600136000", "belongs to 王丽 (#1), but"),
    ],
)
def test_a_row_that_is_not_certain_to_be_a_clients_is_handed_back(
    shop: Shop, wang: int, client: str, phone: str, word: str
) -> None:
    shop.add("李强", "--phone", "13900139000")
    shop.add("李强", "--phone", "13600136000")
    shop.add("张伟")
    shop.sql(
        "INSERT INTO contact_points (client_id, kind, value, shown, key) "
        "VALUES (4, 'phone', '+8613900139000', '+86 139 0013 9000', '+8613900139000')"
    )
    answer = bring_log(shop, write_log(shop, log_line(client=client, phone=phone)))
    assert outcome(answer) == (0, 0, 1)
    assert word in reasons(answer)
    assert contacts(shop) == []


@pytest.mark.parametrize(
    ("client", "phone"),
    [("王丽", ""), ("王丽姐", "+86 13800138000"), ("", "13800138000"), ("李强", "13900139000"), ("ANN  LEE", ""),
     ("Ann Lée", ""), ("138 0013 8000", ""), ("Lee, A. (ann@example.com)", ""), ("陈晨", "13500135000")],
)  # fmt: skip
def test_a_client_is_known_by_phone_email_or_a_name_that_nothing_contradicts(
    shop: Shop, wang: int, client: str, phone: str
) -> None:
    shop.add("李强", "--phone", "13900139000")
    shop.add("李强")
    shop.add("Ann Lee", "--email", "ann@example.com")
    shop.add("陈晨", "--email", "chen@example.com")
    assert outcome(bring_log(shop, write_log(shop, log_line(client=client, phone=phone)))) == (1, 0, 0)


def test_a_name_that_is_written_otherwise_is_told(shop: Shop, wang: int) -> None:
    answer = bring_log(shop, write_log(shop, log_line(client="王姐")))
    assert answer["names_kept"] == [{"line": 2, "name": "王姐", "client_id": wang, "client": "王丽"}]
    assert bring_log(shop, write_log(shop, log_line(client="王丽")))["names_kept"] == []


def test_another_programs_number_is_no_client_until_told(shop: Shop, wang: int) -> None:
    header = ["Client ID", "Date", "Text"]
    file = write_log(shop, {"Client ID": "1", "Date": "2026-11-20", "Text": "hm"}, header=header)
    answer = bring_log(shop, file)
    assert outcome(answer) == (0, 0, 1)
    assert "another program" in reasons(answer)
    assert outcome(bring_log(shop, file, "--map", "Client ID=client_id")) == (1, 0, 0)
    assert outcome(bring_log(shop, write_log(shop, {"Client ID": "99", "Date": "2026-11-20", "Text": "hm"},
        header=header), "--map", "Client ID=client_id")) == (0, 0, 1)  # fmt: skip


def test_an_id_decides_between_namesakes(shop: Shop) -> None:
    first, second = shop.add("李强"), shop.add("李强", "--phone", "13600136000")
    header = ["client_id", "client", "at", "text"]
    rows = [{"client_id": str(i), "client": "李强", "at": "2026-11-20T10:00:00+08:00", "text": "hm"} for i in (2, 1)]
    assert outcome(bring_log(shop, write_log(shop, *rows, header=header))) == (2, 0, 0)
    assert [said["client_id"] for said in contacts(shop)] == [second, first]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"date": "2026-11-22"}, "future"),
        ({"date": "2026-02-30"}, "calendar"),
        ({"date": ""}, "no date"),
        ({"text": "  "}, "what was said"),
        ({"text": "<p> </p><br>"}, "what was said"),
        ({"text": "字" * 10_001}, "10001 characters"),
        ({"text": "x" * 200_001}, "200001 characters"),
    ],
)
def test_a_row_that_cannot_be_kept_is_handed_back_with_its_reason(
    shop: Shop, wang: int, said: dict[str, str], word: str
) -> None:
    answer = bring_log(shop, write_log(shop, log_line(**said), CALL))
    assert outcome(answer) == (1, 0, 1)
    assert word in reasons(answer)
    assert answer["rejects"][0]["line"] == 2


def test_what_was_planned_and_not_done_is_no_history(shop: Shop, wang: int) -> None:
    header = [*HEADER, "Status"]
    rows = [CALL | {"Status": "Not Started"}, CALL | {"Status": "Completed"}]
    answer = bring_log(shop, write_log(shop, *rows, header=header))
    assert outcome(answer) == (1, 0, 1)
    assert "planned" in reasons(answer)


def test_words_that_recrm_does_not_know_stay_at_the_head_of_the_text(shop: Shop, wang: int) -> None:
    rows = [log_line(channel="飞鸽 [b]", direction="sideways"), log_line(channel="", text="a\n\n b ")]
    bring_log(shop, write_log(shop, *rows))
    first, second = contacts(shop)
    assert (first["channel"], first["direction"]) == ("other", "out")
    assert first["text"] == "[飞鸽 [b]] [sideways] 看中了阳台"
    assert (second["channel"], second["text"]) == ("other", "a\n\n b")


def test_hostile_text_is_made_safe(shop: Shop, wang: int) -> None:
    bring_log(shop, write_log(shop, log_line(text="a\x1b]52;c;x\x07b\u202ec", author="小\u200b王\x1b[31m")))
    (said,) = contacts(shop)
    assert (said["text"], said["agent"]) == ("abc", "小王")


def test_an_old_word_that_nobody_answered_is_no_inquiry_of_today(shop: Shop) -> None:
    client = shop.add("王丽", "--phone", "13800138000", "--tier", "B")
    old = log_line(date="2019-05-03 10:00", direction="in", text="Is it free?")
    answer = bring_log(shop, write_log(shop, log_line(date="2019-05-02 10:00"), old))
    assert answer["asking_no_answer"] == 1
    assert shop.due(kind="inquiry") == []
    assert [said["direction"] for said in contacts(shop)] == ["out", "in", "out"]
    assert contacts(shop)[-1]["text"] == CLOSING_TEXT
    assert shop.get("show-client", client)["last_contact_at"].startswith("2019-05-03T10:00")
    again = bring_log(shop, shop.folder / "log.csv")
    assert (outcome(again), again["asking_no_answer"], shop.count("contacts")) == ((0, 2, 0), 0, 3)


def test_news_that_nobody_answered_is_an_inquiry(shop: Shop, wang: int) -> None:
    rows = [log_line(date="2019-05-03 10:00", direction="in"), log_line(date="2026-11-19 10:00", direction="in")]
    assert bring_log(shop, write_log(shop, *rows))["asking_no_answer"] == 1
    (due,) = shop.due(kind="inquiry")
    assert due["due"].startswith("2026-11-20T10:00")


def test_what_was_asked_here_keeps_waiting_for_its_answer(shop: Shop, wang: int) -> None:
    shop.ok("log", wang, "when can I see it?", "--in", "--at", "2026-10-01 10:00")
    before = shop.due(kind="inquiry")
    rows = [log_line(date=f"{day} 10:00", direction="in") for day in ("2019-05-03", "2026-10-02", "2026-11-20")]
    assert bring_log(shop, write_log(shop, *rows))["asking_no_answer"] == 1
    assert shop.due(kind="inquiry") == before != []
    assert [said["at"][:10] for said in contacts(shop) if said["text"] == CLOSING_TEXT] == ["2019-05-03"]


def test_history_completes_no_promise_and_moves_the_touch_clock(shop: Shop) -> None:
    client = shop.add("王丽", "--phone", "13800138000", "--tier", "B")
    shop.ok("add-follow-up", client, "today", "send the floor plan")
    bring_log(shop, write_log(shop, log_line(date="2026-11-21 08:00"), log_line(date="2020-01-01 10:00")))
    assert [item["title"] for item in shop.due(kind="follow-up")] == ["send the floor plan"]
    assert shop.sql("SELECT last_contact_at FROM standing") == [("2026-11-21T00:00:00Z",)]
    assert shop.sql("SELECT * FROM standing") == shop.sql("SELECT * FROM standing_now")


def test_rejects_can_be_mended_and_imported_again(shop: Shop, wang: int) -> None:
    bad = log_line(date="2026-02-30", text='say "hi",\nplease')
    answer = bring_log(shop, write_log(shop, CALL, bad))
    back = Path(answer["rejects_file"])
    assert back.stat().st_mode & 0o777 == 0o600
    with back.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows[0] == [*HEADER, REASON]
    assert rows[1][5] == bad["Text"]
    back.write_text(back.read_text("utf-8-sig").replace("2026-02-30", "2026-02-28"), "utf-8-sig")
    assert outcome(bring_log(shop, back)) == (1, 0, 0)
    assert bring_log(shop, back)["mapping"][-1] == {"header": REASON, "field": None}


def test_a_log_that_could_be_a_sheet_of_clients_says_to_add_the_option_again(shop: Shop, wang: int) -> None:
    rows = [{"日期": "2026-02-30", "客户": "王丽", "备注": "hm"}]
    ran = shop.run("import", write_log(shop, *rows, header=list(rows[0])), "--history", "--yes")
    assert "Add --history again" in ran.err
    assert "--history" not in shop.run("import", write_log(shop, log_line(date="x")), "--history", "--yes").err


def test_a_rehearsal_counts_the_same_and_writes_nothing(shop: Shop, wang: int) -> None:
    file = write_log(shop, CALL, CALL, log_line(text="other"), log_line(client="谁", phone=""))
    rehearsed = bring_log(shop, file, "--dry-run")
    assert rehearsed["rejects_file"] is None
    assert contacts(shop) == []
    assert not list(shop.folder.glob("*rejects*"))
    said = shop.ok("import", file, "--history", "--dry-run").splitlines()
    assert said[-1] == "Would add 2, update 0, leave 1 unchanged, reject 1: 4 of 4 conversations; nothing was written."
    assert outcome(bring_log(shop, file)) == outcome(rehearsed) == (2, 1, 1)


def test_without_a_terminal_it_shows_the_mapping_and_wants_yes(shop: Shop, wang: int) -> None:
    ran = shop.run("import", write_log(shop, log_line(date="20/11/2026")), "--history")
    assert ran.code == 2
    assert "Every row is read as a conversation with a client." in ran.out
    assert "day, month, year" in ran.out
    assert "--yes" in ran.err
    assert contacts(shop) == []


def test_on_a_terminal_it_asks(shop: Shop, wang: int) -> None:
    file = write_log(shop, CALL)
    for answer, kept in (("n", 0), ("y", 1)):
        with Terminal(shop, "import", file, "--history") as terminal:
            terminal.expect("Import 1 conversation?")
            terminal.type(answer)
            terminal.end()
        assert len(contacts(shop)) == kept


def test_without_a_database_it_says_what_to_type(bare: Shop) -> None:
    ran = bare.run("import", write_log(bare, CALL), "--history", "--yes")
    assert ran.code == 5
    assert "recrm init" in ran.err


def test_a_backup_is_made_before_anything_is_written(shop: Shop, wang: int) -> None:
    def copies() -> list[Path]:
        return [path for path in shop.folder.rglob("*before-import*") if path.is_file()]

    bring_log(shop, write_log(shop, CALL), "--dry-run")
    assert copies() == []
    bring_log(shop, write_log(shop, CALL))
    assert len(copies()) == 1


def test_an_undo_takes_the_whole_history_back(shop: Shop, wang: int) -> None:
    before: Any = shop.sql("SELECT * FROM standing")
    old = log_line(date="2019-05-03", direction="in")
    bring_log(shop, write_log(shop, CALL, old, log_line(text="other")))
    assert shop.sql("SELECT count(*), command FROM operations GROUP BY command HAVING command = 'import'")[0][0] == 1
    shop.ok("undo")
    assert contacts(shop) == []
    assert shop.sql("SELECT * FROM standing") == before
    assert shop.get("find", "看中了阳台") == []
