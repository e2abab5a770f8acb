"""Headers, channels, directions and HTML of other programs' logs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrm.contacts.model import Channel, Direction
from recrm.core.errors import UsageError
from recrm.imports.columns import headers as layouts
from recrm.imports.columns.mapping import MapNotUnderstood
from recrm.imports.conversations.headers import FIELDS, looks_like_history, map_history
from recrm.imports.conversations.html_text import plain_text
from recrm.imports.conversations.vocabulary import CHANNELS, channel_of, direction_of, is_planned
from tests.imports import sheets

HUBSPOT_CALLS = (
    "Record ID|Call Title|Call notes|Call direction|Call outcome|Activity date|Activity assigned to|Associated Contact"
)
HUBSPOT_NOTES = "Record ID|Note body|Activity date|Activity assigned to|Associated Contact|Create date"
SALESFORCE = "Subject|Date|Status|Task Subtype|Call Type|Assigned|Contact|Company / Account|Full Comments"
BOSS_TEXTS = "ID|Created|Name|From Number|To Number|Is Incoming|Message|User"
BOSS_NOTES = "ID|Created|Created By|Name|Subject|Body|Type"
ZOHO_NOTES = "Record Id|Note Owner|Note Title|Note Content|Parent ID|Created Time"
PIPEDRIVE = "ID|Subject|Type|Due date|Due time|Done|Note|Contact person|Add time|Assigned to user"
WECHAT = "跟进时间|跟进人|跟进方式|跟进内容|客户姓名|微信号|客户反馈|下一步"
PLAIN_CHINESE = "日期|时间|经纪人|方式|内容|客户|电话"
LOGS = [HUBSPOT_CALLS, HUBSPOT_NOTES, SALESFORCE, BOSS_TEXTS, BOSS_NOTES, ZOHO_NOTES, PIPEDRIVE, WECHAT, PLAIN_CHINESE]


def mapped(header: str, *overrides: str, sample: list[list[str]] | None = None) -> dict[str, str]:
    names = header.split("|")
    columns = map_history(names, sample or [], overrides).columns
    return {column.header: column.field for column in columns if column.field}


@pytest.mark.parametrize("header", LOGS)
def test_logs_are_known_for_logs(header: str) -> None:
    assert looks_like_history(header.split("|"))


@pytest.mark.parametrize(
    "header",
    [sheets.GOOGLE_OLD, sheets.GOOGLE_NEW, sheets.OUTLOOK, sheets.HUBSPOT, sheets.FOLLOW_UP_BOSS, sheets.SALESFORCE,
     sheets.CHINESE, "Name|Phone|Created at|Notes".split("|"), "客户姓名|电话|创建时间|跟进人|跟进记录|备注".split("|"),
     "日期|客户姓名|电话|渠道|备注".split("|"), "Date|Name|Message".split("|"),
     "Name|Phone|Activity date|Notes|Tags|Birthday".split("|"), ["跟进时间", "跟进内容"]],
)  # fmt: skip
def test_sheets_of_clients_are_not_taken_for_logs(header: list[str]) -> None:
    assert not looks_like_history(header)


@pytest.mark.parametrize(
    ("header", "layout", "fields"),
    [
        (HUBSPOT_CALLS, "HubSpot", {"Call Title": "subject", "Call notes": "text", "Call direction": "direction",
            "Call outcome": "feedback", "Activity date": "date", "Activity assigned to": "author",
            "Associated Contact": "client"}),
        (SALESFORCE, "Salesforce", {"Subject": "subject", "Date": "date", "Status": "status", "Task Subtype": "channel",
            "Call Type": "direction", "Assigned": "author", "Contact": "client", "Full Comments": "text"}),
        (BOSS_TEXTS, "Follow Up Boss", {"Created": "date", "Name": "client", "From Number": "phone",
            "To Number": "phone", "Is Incoming": "direction", "Message": "text", "User": "author"}),
        (ZOHO_NOTES, "Zoho CRM", {"Note Owner": "author", "Note Title": "subject", "Note Content": "text",
            "Parent ID": "client", "Created Time": "date"}),
        (PIPEDRIVE, "Pipedrive", {"Subject": "subject", "Type": "channel", "Due date": "date", "Due time": "time",
            "Done": "status", "Note": "text", "Contact person": "client", "Assigned to user": "author"}),
        (WECHAT, "", {"跟进时间": "date", "跟进人": "author", "跟进方式": "channel", "跟进内容": "text",
            "客户姓名": "client", "微信号": "wechat", "客户反馈": "feedback", "下一步": "next_step"}),
        (PLAIN_CHINESE, "", {"日期": "date", "时间": "time", "经纪人": "author", "方式": "channel", "内容": "text",
            "客户": "client", "电话": "phone"}),
    ],
)  # fmt: skip
def test_each_programs_columns_are_understood(header: str, layout: str, fields: dict[str, str]) -> None:
    assert map_history(header.split("|"), [], []).layout == layout
    assert mapped(header) == fields


def test_the_activitys_own_date_goes_before_the_day_it_was_typed_in() -> None:
    assert mapped("Created at|Activity date|Text|Name")["Activity date"] == "date"
    assert "Created at" not in mapped("Created at|Activity date|Text|Name")
    assert mapped("时间|创建时间|客户|内容") == {"时间": "date", "客户": "client", "内容": "text"}


def test_a_column_of_ways_to_reach_is_a_channel_only_where_it_names_channels() -> None:
    header = "日期|客户|内容|联系方式"
    assert mapped(header)["联系方式"] == "phone"
    assert mapped(header, sample=[["", "", "", "微信"], ["", "", "", "电话"]])["联系方式"] == "channel"


def test_what_stands_in_brackets_counts_where_the_rest_is_unknown() -> None:
    assert mapped("日期(必填)|客户|内容（跟进）") == {"日期(必填)": "date", "客户": "client", "内容（跟进）": "text"}


def test_map_corrects_a_column_and_takes_the_place_of_another() -> None:
    assert mapped("Date|Seen|Text|Name", "Seen=date") == {"Seen": "date", "Text": "text", "Name": "client"}
    assert mapped("Date|Text|Name|Extra", "Extra=跟进人", "Name=-", "name=phone")["Name"] == "phone"
    assert "Name" not in mapped("Date|Text|Name|Phone", "Name=")


@pytest.mark.parametrize("override", ["Nothing=date", "Date", "Date=tier", "Date=birthday"])
def test_a_map_that_is_not_understood_says_what_could_be_meant(override: str) -> None:
    with pytest.raises(MapNotUnderstood) as refused:
        mapped("Date|Text|Name", override)
    assert refused.value.near


@pytest.mark.parametrize(
    ("header", "missing"), [("Text|Name", "date"), ("Date|Name", "text"), ("Date|Text", "client"), ("a|b", "date")]
)
def test_a_log_without_a_day_words_or_a_client_is_refused_saying_what_to_type(header: str, missing: str) -> None:
    with pytest.raises(UsageError) as refused:
        mapped(header)
    assert f"={missing}" in refused.value.hint()


def test_channels_and_directions_are_those_of_contacts() -> None:
    assert set(Channel) == CHANNELS
    assert {direction_of("IN", "Direction"), direction_of("去电", "方向")} == set(Direction)
    assert {"date", "text", "client"} <= set(FIELDS)


@pytest.mark.parametrize(
    ("words", "said"),
    [("Call", "call"), ("电话", "call"), ("微信", "wechat"), ("WHATS_APP", "whatsapp"), ("带看", "viewing"),
     ("面谈", "meeting"), ("到店", "meeting"), ("拜访", "meeting"), ("E-mail", "email"), ("短信", "sms"),
     ("Text", "sms"), ("NOTE", "other"), ("Showing", "viewing"), ("通话", "call"),
     ("看房", "viewing"), ("邮件", "email")],
)  # fmt: skip
def test_channel_words(words: str, said: str) -> None:
    assert channel_of(words) == (said, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [("INCOMING_EMAIL", ("email", "in")), ("Inbound call", ("call", "in")), ("来电", ("call", "in")),
     ("去电", ("call", "out")), ("Sent email", ("email", "out")), ("Text received", ("sms", "in")), ("飞鸽", None),
     ("", None)],
)  # fmt: skip
def test_channel_words_that_say_who_began(words: str, said: tuple[str, str] | None) -> None:
    assert channel_of(words) == said


@pytest.mark.parametrize(
    ("words", "header", "direction"),
    [("Inbound", "Call Type", "in"), ("received", "Direction", "in"), ("客户", "方向", "in"), ("来电", "方向", "in"),
     ("Outbound", "Call Type", "out"), ("sent", "", "out"), ("去电", "", "out"), ("Yes", "Is Incoming", "in"),
     ("false", "Is Incoming", "out"), ("yes", "Direction", None), ("INCOMING_EMAIL", "Email direction", "in"),
     ("EMAIL", "Email direction", "out"), ("sideways", "Direction", None)],
)  # fmt: skip
def test_direction_words(words: str, header: str, direction: str | None) -> None:
    assert direction_of(words, header) == direction


def test_what_was_only_planned_is_known_by_its_status() -> None:
    assert all(map(is_planned, ["Not Started", "To do", "0", "No", "未完成", "Planned"]))
    assert not any(map(is_planned, ["Completed", "Done", "1", "Yes", "已完成", "", "NO_ANSWER"]))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Saw 2 flats &amp; liked one</p><p><b>Too dear</b></p>", "Saw 2 flats & liked one\nToo dear"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ('<div style="x">见 <a href="https://example.com/1">房源</a></div>', "见 房源 (https://example.com/1)"),
        ('<a href="https://example.com">https://example.com</a>', "https://example.com"),
        ("<style>p {color: red}</style><p>kept</p><script>alert(1)</script>", "kept"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n c"),
        ("offer <Bob> 3 < 5 > 4", "offer <Bob> 3 < 5 > 4"),
        ("<p>for <Bob></p>", "for <Bob>"),
        ("Tom &amp; Jerry &#39;s", "Tom & Jerry 's"),
        ("R&D &copy now", "R&D &copy now"),
        ("line one\n\nline two", "line one\n\nline two"),
    ],
)
def test_html_becomes_text_and_text_stays(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(alphabet=st.sampled_from("ab <>/&;pbr!-\"'=#x\n你")))
def test_any_text_survives_the_reading_of_html(text: str) -> None:
    assert isinstance(plain_text(text), str)
    if "<" not in text and "&" not in text:
        assert plain_text(text) == text


def test_names_that_clients_sheets_know_are_known_here_as_well() -> None:
    assert layouts.target_of("客户手机")
    assert mapped("Date|Text|客户手机|Cell Phone|微信号") == {
        "Date": "date", "Text": "text", "客户手机": "phone", "Cell Phone": "phone", "微信号": "wechat",
    }  # fmt: skip
