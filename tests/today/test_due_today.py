"""The due queue through the real commands: order, reasons, counts, what is cut off, and whose days are meant."""

from __future__ import annotations

import pytest

from tests.conftest import Shop

KEYS = [
    *("kind", "id", "client_id", "client", "title", "reason", "reason_code", "reason_facts"),
    *("due", "overdue_days", "urgency", "agent"),
]


def add(shop: Shop, name: str, *words: object, verified: str = "2026-11-20T00:00:00Z") -> int:
    """A client who is no inquiry: as if imported."""
    number = shop.add(name, *words)
    shop.sql("UPDATE clients SET origin = 'import', verified_at = ? WHERE id = ?", verified, number)
    return number


@pytest.fixture
def mixed(shop: Shop) -> Shop:
    """One item of every kind, each with an urgency worked out by hand."""
    shop.now = "2026-11-14T09:00"
    late, urgent = add(shop, "Late"), add(shop, "Urgent", "--tag", "urgent")
    touch = add(shop, "Touch", "--tier", "B", "--phone", "13800138000")
    shop.ok("log", touch, "hello")
    shop.ok("add-follow-up", late, "today", "send the floor plan")
    back = add(shop, "Back")
    shop.ok("record-complaint", back, "a smell")
    shop.ok("resolve-complaint", 1, "cleaned")
    shop.ok("close-complaint", 1, "--satisfied")
    shop.now = "2026-11-20T05:00"
    add(shop, "Asker")
    shop.ok("log", "Asker", "is it free?", "--in")
    shop.now = "2026-11-21T06:00"
    shop.ok("record-complaint", add(shop, "Breached", "--tier", "A"), "no heating")
    shop.now = "2026-11-21T09:00"
    shop.ok("record-complaint", add(shop, "Running"), "noise")
    shop.ok("progress-complaint", 3, "called")
    shop.ok("add-follow-up", urgent, "today", "call")
    add(shop, "Born", "--tier", "C", "--birthday", "1990-11-21")
    add(shop, "Soon", "--birthday", "11-28")
    add(shop, "Stale", verified="2026-05-15T00:00:00Z")
    return shop


# 12 × d: 8.8 today, 12 at seven days overdue or more, 8.34 tomorrow, 5.6 in seven days
BY_HAND = [
    ("Breached", "complaint", 29.8),  # 8.8 + 15 + A 6
    ("Urgent", "follow-up", 28.8),  # 8.8 + 5 + 15
    ("Running", "complaint", 17.34),  # 8.34 + 9
    ("Late", "follow-up", 17.0),  # 12 + 5
    ("Touch", "touch", 14.7),  # 8.8 + 2 + B 3.9
    ("Born", "birthday", 14.6),  # 8.8 + 4 + C 1.8
    ("Stale", "profile", 13.0),  # 12 + 1
    ("Asker", "inquiry", 9.8),  # 8.8 + 1, the earlier deadline of two equals
    ("Back", "call-back", 9.8),
    ("Soon", "birthday", 6.6),  # 5.6 + 1
]


def test_everything_is_ranked_by_the_formula(mixed: Shop) -> None:
    assert [(i["client"], i["kind"], i["urgency"]) for i in mixed.due()] == BY_HAND


def test_every_item_has_the_promised_keys_and_a_reason(mixed: Shop) -> None:
    mixed.agent = "Mei"
    for item in [*mixed.due(), *mixed.get("overdue"), *mixed.get("agenda")]:
        assert list(item) == KEYS
        assert item["reason"]
        assert item["title"]


def test_the_reasons_are_what_a_person_understands(mixed: Shop) -> None:
    reasons = {i["client"]: i["reason"] for i in mixed.due()}
    assert reasons == {
        "Breached": "BREACHED, general complaint, respond to the client (agent) is 1 hour late: no heating",
        "Urgent": "urgent, promised for today: call",
        "Running": "general complaint, 1 d left for: resolve (agent): noise",
        "Late": "promised 7 days ago: send the floor plan",
        "Touch": "last contact 7 days ago (B: every 7 days)",
        "Born": "turns 36 today",
        "Stale": "profile last verified on Fri 15 May (every 180 days)",
        "Asker": "asked yesterday, not answered yet: is it free?",
        "Back": "complaint c1 closed 7 days ago, call back today: a smell",
        "Soon": "birthday on Sat 28 Nov, in 7 days",
    }


def test_what_a_reason_says_a_program_reads_as_a_code_and_facts(mixed: Shop) -> None:
    mixed.ok("consent", "Back", "--do-not-contact")
    said = {i["client"]: (i["reason_code"], i["reason_facts"]) for i in mixed.due()}
    assert {client: code for client, (code, _facts) in said.items()} == {
        "Breached": "complaint-step-breached",
        "Urgent": "promised",
        "Running": "complaint-step",
        "Late": "promised-overdue",
        "Touch": "touch",
        "Born": "birthday-today",
        "Stale": "profile",
        "Asker": "inquiry",
        "Back": "call-back",
        "Soon": "birthday",
    }
    plain = {"urgent": False, "do_not_contact": False}
    assert said["Late"][1] == {"due": "2026-11-14", "overdue_days": 7, "text": "send the floor plan"} | plain
    assert said["Born"][1] == {"day": "2026-11-21", "days": 0, "age": 36} | plain
    touched = {"tier": "B", "every": "7d", "since": "2026-11-14T09:00:00+08:00"}
    assert said["Touch"][1] == touched | {"last_contact_at": "2026-11-14T09:00:00+08:00"} | plain
    assert said["Urgent"][1]["urgent"]
    assert said["Back"][1]["do_not_contact"]
    (back,) = [i for i in mixed.due() if i["client"] == "Back"]
    assert back["reason"] == "DO NOT CONTACT, complaint c1 closed 7 days ago, call back today: a smell"


def test_the_head_counts_what_is_due_kind_by_kind(mixed: Shop) -> None:
    head, kinds, breached = mixed.ok("due-today").splitlines()[:3]
    assert head == "Sat 21 Nov: 10 due, 4 of them overdue"
    assert kinds == ("2 complaints, 2 follow-ups, 1 call-back, 1 inquiry, 1 touch, 2 birthdays, 1 profile")
    assert breached == "1 complaint clock has run out."


def test_overdue_holds_only_what_is_broken_already(mixed: Shop) -> None:
    assert [i["client"] for i in mixed.get("overdue")] == ["Breached", "Late", "Stale", "Asker"]


def test_what_the_limit_cuts_off_is_said_at_the_foot(mixed: Shop) -> None:
    ran = mixed.run("due-today", "--limit", 3)
    assert ran.out.startswith("Sat 21 Nov: 10 due")
    assert "Shown: 3 of 10; `--limit 0` shows all." in ran.err
    as_json = mixed.run("due-today", "--limit", 3, "--json")
    assert [i["client"] for i in as_json.json] == ["Breached", "Urgent", "Running"]
    assert "Shown: 3 of 10" in as_json.err


def test_the_phone_stands_on_the_row(mixed: Shop) -> None:
    (row,) = [line for line in mixed.ok("due-today").splitlines() if line.startswith("Touch")]
    assert "+86 138 0013 8000" in row


def test_explain_shows_the_parts_of_the_sum(mixed: Shop) -> None:
    first = mixed.get("due-today", "--explain", "--limit", 1)[0]
    assert first["explain"] == {"due": 8.8, "kind": 15.0, "tier": 6.0, "urgent": 0.0}
    assert "29.8 = due 8.8" in mixed.ok("due-today", "--explain")


def test_the_weights_are_the_configs(mixed: Shop) -> None:
    mixed.ok("config", "set", "urgency.care", "100")
    assert mixed.due()[0]["client"] == "Born"


def test_ties_go_to_the_earlier_deadline_then_to_the_name(shop: Shop) -> None:
    for name, due in (("Zoe", "2026-11-01"), ("Bea", "2026-11-02"), ("Abe", "2026-11-02"), ("Cyd", "2026-11-12")):
        shop.ok("add-follow-up", add(shop, name), due, "call")
    items = shop.due()
    assert [i["client"] for i in items] == ["Zoe", "Abe", "Bea", "Cyd"]
    assert {i["urgency"] for i in items} == {17.0}


def test_as_of_shows_the_list_as_it_would_stand_then(shop: Shop) -> None:
    shop.ok("add-follow-up", add(shop, "Li"), "2026-11-25", "call")
    assert shop.due() == []
    assert [i["overdue_days"] for i in shop.due("--as-of", "wed")] == [0]
    assert [i["overdue_days"] for i in shop.get("overdue", "--as-of", "2026-11-28")] == [3]
    assert shop.get("overdue", "--as-of", "2026-11-25 23:59") == []
    assert [i["client"] for i in shop.get("agenda", "--days", 1, "--as-of", "11月25日")] == ["Li"]


def test_the_agenda_goes_day_by_day_and_no_further_than_asked(shop: Shop) -> None:
    li = add(shop, "Li", "--birthday", "11-26")
    for when, what in (
        ("2026-11-20", "yesterday's"), ("today", "today's"), ("2026-11-24 16:00", "late"),
        ("2026-11-24 09:30", "early"),
        ("2026-11-24", "any time"), ("2026-11-27", "last day"), ("2026-11-28", "too far"),
    ):  # fmt: skip
        shop.ok("add-follow-up", li, when, what)
    ran = shop.run("agenda", "--json")
    assert [i["title"] for i in ran.json] == ["today's", "early", "late", "any time", "birthday", "last day"]
    shown = shop.ok("agenda").splitlines()
    assert shown[0] == "1 overdue before all this: see `recrm overdue`."
    days = [line[:10] for line in shown if line[:3] in ("Sat", "Tue", "Thu", "Fri")]
    assert days == ["Sat 21 Nov", "Tue 24 Nov", "Thu 26 Nov", "Fri 27 Nov"]
    assert [i["title"] for i in shop.get("agenda", "--days", 1)] == ["today's"]
    assert "too far" in [i["title"] for i in shop.get("agenda", "--days", 8)]
    assert shop.run("agenda", "--days", 0).code == 2


def test_an_empty_list_says_where_to_look(shop: Shop) -> None:
    assert "recrm agenda" in shop.ok("due-today")
    assert shop.get("due-today") == []
    assert shop.ok("overdue").splitlines()[-1] == "Nothing is overdue. Well kept."
    assert shop.get("agenda") == []


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Asia/Shanghai", "2026-11-21T23:30", "2026-11-28"),  # the same day in UTC
        ("Asia/Shanghai", "2026-11-21T07:30", "2026-11-28"),  # the day before in UTC
        ("America/New_York", "2026-11-21T23:30", "2026-11-28"),  # the day after in UTC
        ("America/New_York", "2026-10-30T23:30", "2026-11-06"),  # with a day of 25 hours between
        ("Pacific/Kiritimati", "2026-11-21T13:59", "2026-11-28"),
    ],
)
def test_a_touch_counts_local_days(shop: Shop, zone: str, at: str, due: str) -> None:
    shop.now = at
    shop.ok("add-client", "Li", "--tier", "B", TZ=zone)
    shop.ok("log", "Li", "hello", TZ=zone)
    day_before = f"{due[:-2]}{int(due[-2:]) - 1:02}"
    shop.now = f"{day_before}T23:59"
    assert shop.get("due-today", TZ=zone) == []
    shop.now = f"{due}T00:00"
    (item,) = shop.get("due-today", TZ=zone)
    assert (item["kind"], item["due"]) == ("touch", due)


def test_48_hours_are_hours_across_a_change_of_clocks(shop: Shop) -> None:
    shop.now = "2026-10-31T12:00"
    shop.ok("add-client", "Li", "--tier", "A", TZ="America/New_York")
    shop.ok("log", "Li", "hello", TZ="America/New_York")
    shop.now = "2026-11-02T08:00"
    (item,) = shop.get("due-today", TZ="America/New_York")
    assert item["due"] == "2026-11-02T11:00:00-05:00"


def test_a_promise_for_the_long_day_is_good_for_all_its_25_hours(shop: Shop) -> None:
    shop.now = "2026-10-31T12:00"
    add(shop, "Li")
    assert shop.get("add-follow-up", "Li", "tomorrow", TZ="America/New_York")["due"] == "2026-11-01"
    shop.now = "2026-11-01T23:59"
    assert shop.get("overdue", TZ="America/New_York") == []
    shop.now = "2026-11-02T00:00"
    assert len(shop.get("overdue", TZ="America/New_York")) == 1


def test_a_time_that_the_clocks_skip_is_refused(shop: Shop) -> None:
    add(shop, "Li")
    assert shop.run("add-follow-up", "Li", "2027-03-14 02:30", TZ="America/New_York").code == 2
    assert shop.run("add-follow-up", "Li", "2027-03-14 03:30", TZ="America/New_York").code == 0


def test_the_configs_timezone_goes_before_the_machines(shop: Shop) -> None:
    add(shop, "Li")
    shop.ok("config", "set", "timezone", "America/New_York")
    shop.now = "2026-11-21T09:00+08:00"
    assert shop.ok("due-today").startswith("Fri 20 Nov:")


def test_recrm_alone_shows_the_day_and_what_to_try(mixed: Shop) -> None:
    shown = mixed.ok().splitlines()
    assert shown[0] == "Sat 21 Nov: 10 due, 4 of them overdue."
    assert "First: Breached, BREACHED, general complaint" in shown[2]
    tries = [line.split("  ")[0] for line in shown[-3:]]
    number = mixed.due()[0]["client_id"]
    assert tries == ["recrm due-today", f"recrm show-client {number}", f'recrm log {number} "…"']
    answer = mixed.get()
    assert (answer["due"], answer["overdue"], answer["clients"]) == (10, 4, 10)


def test_recrm_alone_without_a_database_says_how_to_begin(bare: Shop) -> None:
    shown = bare.ok()
    assert "recrm init" in shown
    assert "recrm demo" in shown
    assert bare.get() == {"db": str(bare.db), "exists": False}
    assert bare.run("due-today").code == 5
    assert not bare.db.exists()
