"""The calendar, read again by icalendar and by vobject."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from tests.conftest import Shop
from tests.exports.taking import export

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def events(file: Path) -> dict[str, Any]:
    """Events by their summary."""
    found = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in found}


def test_everything_with_a_deadline_stands_in_it(furnished: Shop) -> None:
    found = events(export(furnished, "all.ics"))
    assert set(found) == {
        "李娜: follow up",
        "Bob Smith: send the plan, soon; really",
        "李娜: major complaint: manager on site (manager)",
        "Bob Smith: call back after the complaint",
        "李娜: birthday",
        "Bob Smith: birthday (1992)",
    }
    promise = found["李娜: follow up"]
    assert (promise["DTSTART"].dt, promise["DTEND"].dt) == (date(2026, 11, 24), date(2026, 11, 25))
    assert promise["TRANSP"] == "TRANSPARENT"
    timed = found["Bob Smith: send the plan, soon; really"]
    assert timed["DTSTART"].dt == datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
    assert timed["DURATION"].dt == timedelta(minutes=30)
    assert "+1 415-555-2671" in timed["DESCRIPTION"]
    clock = found["李娜: major complaint: manager on site (manager)"]
    assert clock["DTSTART"].dt == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    assert found["Bob Smith: call back after the complaint"]["DTSTART"].dt == date(2026, 11, 28)


def test_a_second_program_reads_the_same(furnished: Shop) -> None:
    file = export(furnished, "all.ics")
    calendar = vobject.readOne(file.read_bytes().decode())
    assert {event.summary.value for event in calendar.vevent_list} == set(events(file))
    birthday = next(e for e in calendar.vevent_list if e.summary.value == "Bob Smith: birthday (1992)")
    days = [day.date() for day in birthday.getrruleset()[:5]]
    assert days == [date(1992, 2, 29), date(1993, 2, 28), date(1994, 2, 28), date(1995, 2, 28), date(1996, 2, 29)]
    assert calendar.serialize()


def test_a_birthday_without_a_year_comes_back_every_year(furnished: Shop) -> None:
    birthday = events(export(furnished, "all.ics"))["李娜: birthday"]
    assert birthday["DTSTART"].dt == date(2026, 5, 20)
    assert birthday["RRULE"] == {"FREQ": ["YEARLY"]}


def test_who_is_archived_or_not_to_be_contacted_has_no_birthday_but_keeps_promises(furnished: Shop) -> None:
    assert [name for name in events(export(furnished, "a.ics")) if name.startswith(("王丽", "Cid"))] == []
    furnished.ok("add-follow-up", 5, "tomorrow", "keys")
    assert "Cid Olds: keys" in events(export(furnished, "b.ics"))


def test_a_calendar_given_the_file_again_updates_and_does_not_double(furnished: Shop) -> None:
    before = events(export(furnished, "a.ics"))["李娜: follow up"]
    furnished.now = "2026-11-22T10:00:00"
    (number,) = (item["id"] for item in furnished.due("--as-of", "2026-11-24", kind="follow-up"))
    furnished.ok("snooze", number, "2026-12-01")
    after = events(export(furnished, "b.ics"))["李娜: follow up"]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt == datetime(2026, 11, 22, 2, 0, tzinfo=UTC) > before["LAST-MODIFIED"].dt
    assert after["DTSTART"].dt == date(2026, 12, 1)
    furnished.ok("done", number)
    assert "李娜: follow up" not in events(export(furnished, "c.ics"))


def test_a_complaint_s_entry_moves_with_its_clock(furnished: Shop) -> None:
    before = events(export(furnished, "a.ics"))["李娜: major complaint: manager on site (manager)"]
    furnished.ok("progress-complaint", 1, "went there")
    (after,) = (event for name, event in events(export(furnished, "b.ics")).items() if "major complaint" in name)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["SUMMARY"] != before["SUMMARY"]


def test_the_file_does_not_depend_on_when_it_was_made(furnished: Shop) -> None:
    first = export(furnished, "a.ics").read_bytes()
    furnished.now = "2027-03-01T10:00:00"
    assert export(furnished, "b.ics").read_bytes() == first


def test_two_shops_never_share_a_name(furnished: Shop, shop: Shop) -> None:
    shop.now = "2026-11-21T09:00:01"
    shop.add("李娜", "--birthday", "--05-20")
    shop.ok("add-follow-up", 1, "tomorrow")
    ours, theirs = (
        {str(event["UID"]) for event in events(export(each, "all.ics")).values()} for each in (furnished, shop)
    )
    assert theirs
    assert not ours & theirs


def test_no_line_is_longer_than_75_octets(furnished: Shop) -> None:
    furnished.ok("add-follow-up", 1, "tomorrow", "把房产证、身份证和户口本都带来，" * 8)
    data = export(furnished, "all.ics").read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 75
