"""add-client and the lists: what is kept, what is refused, and that a refusal writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Shop, ShopMaker

PHONES_OF_WANG_LI = (
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "+86 138 0013 8000",
    "+8613800138000",
    "008613800138000",
    "86 13800138000",
    "１３８００１３８０００",
    "(138) 0013.8000",
    "tel:+86-138-0013-8000",
)


def test_a_known_phone_in_any_format_is_a_conflict_that_names_the_other_client(shop: Shop) -> None:
    first = shop.add("王丽", "--phone", "13800138000")
    before = [shop.count(table) for table in ("clients", "contact_points", "operations", "changes")]
    for written in PHONES_OF_WANG_LI:
        ran = shop.run("add-client", "Somebody Else", "--phone", written)
        assert (ran.code, ran.out) == (4, ""), written
        assert f"王丽 (#{first})" in ran.err
    assert [shop.count(table) for table in ("clients", "contact_points", "operations", "changes")] == before


def test_allow_duplicate_lets_two_clients_share_a_phone(shop: Shop) -> None:
    first = shop.add("王丽", "--phone", "13800138000")
    second = shop.add("王军", "--phone", "138 0013 8000", "--allow-duplicate")
    assert shop.get("show-client", second)["phone"] == shop.get("show-client", first)["phone"] == "+8613800138000"


def test_a_known_email_in_another_case_is_a_conflict(shop: Shop) -> None:
    shop.add("Anna", "--email", "anna@example.com")
    ran = shop.run("add-client", "Anne", "--email", " ANNA@Example.com ")
    assert (ran.code, shop.count("clients")) == (4, 1)
    assert "Anna (#1)" in ran.err


def test_one_wechat_id_may_belong_to_two_clients(shop: Shop) -> None:
    shop.add("王丽", "--wechat", "wangs")
    shop.add("王军", "--wechat", "wangs")
    assert shop.count("clients") == 2


def test_two_extensions_of_one_number_are_two_phones(shop: Shop) -> None:
    shop.add("前台", "--phone", "010-88881234-801")
    shop.add("财务", "--phone", "010-88881234 转 802")
    points = shop.get("show-client", "财务")["contact_points"]
    assert [(p["value"], p["extension"]) for p in points] == [("+861088881234", "802")]


def test_a_landline_and_a_number_abroad_are_kept_in_e164(shop: Shop) -> None:
    shop.add("A", "--phone", "010-8888 1234", "--phone", "+44 (0)20 7946 0958", "--phone", "+1 415 555 2671")
    values = [p["value"] for p in shop.get("show-client", 1)["contact_points"]]
    assert values == ["+861088881234", "+442079460958", "+14155552671"]


def test_the_country_of_a_phone_without_code_is_the_configs(shop: Shop) -> None:
    shop.ok("config", "set", "phone_region", "GB")
    shop.add("A", "--phone", "020 7946 0958")
    assert shop.get("show-client", 1)["phone"] == "+442079460958"


def test_without_config_the_country_of_a_phone_is_the_locales(shop: Shop) -> None:
    shop.ok("add-client", "A", "--phone", "020 7946 0958", LANG="en_GB.UTF-8")
    assert shop.get("show-client", 1)["phone"] == "+442079460958"


def test_every_field_comes_back_as_it_was_given(shop: Shop) -> None:
    shop.add("老张")
    shop.agent = "Mei"
    added = shop.get(
        "add-client", "李娜", "-p", "13800138000", "-p", "13900139000", "-e", "lina@example.com", "-w", "lina_88",
        "--whatsapp", "+86138", "--qq", "10001", "--address", "上海市 徐汇区 1 号", "--preferred-channel", "wechat",
        "--tier", "a", "--type", "buyer,landlord", "--type", "Seller", "--tag", "学区房", "--tag", "#VIP",
        "--note", "two lines\nof note", "--avoid", "her ex-husband", "--birthday", "1990-05-20",
        "--persona", "first home", "--source", "portal", "--referrer", "老张", "--family", "one son",
        "--occupation", "teacher", "--consent", "by phone 2026-11-20", "--income", "35万", "--debts", "120k",
        "--down-payment", "1,500,000.50", "--credit-note", "clean", "--do-not-contact",
    )  # fmt: skip
    shown = shop.get("show-client", added["id"])
    expected = {
        "name": "李娜", "kind": "person", "pinyin": "li na", "phone": "+8613800138000", "email": "lina@example.com",
        "wechat": "lina_88", "tier": "A", "types": ["buyer", "landlord", "seller"], "tags": ["学区房", "VIP"],
        "note": "two lines\nof note", "avoid": "her ex-husband", "birthday": "1990-05-20", "persona": "first home",
        "source": "portal", "referrer_id": 1, "referrer": "老张", "family": "one son", "occupation": "teacher",
        "preferred_channel": "wechat", "consent": "by phone 2026-11-20", "income": 350000, "debts": 120000,
        "down_payment": 1500000.5, "currency": "CNY", "credit_note": "clean", "do_not_contact": True, "agent": "Mei",
        "created_at": "2026-11-21T09:00:00+08:00", "verified_at": "2026-11-21T09:00:00+08:00",
        "tier_set_at": "2026-11-21T09:00:00+08:00", "archived_at": None, "last_contact_at": None,
    }  # fmt: skip
    assert {key: shown[key] for key in expected} == expected
    assert {key: added[key] for key in expected} == expected
    assert [(p["kind"], p["value"]) for p in shown["contact_points"]] == [
        ("phone", "+8613800138000"), ("phone", "+8613900139000"), ("email", "lina@example.com"),
        ("wechat", "lina_88"), ("whatsapp", "+86138"), ("qq", "10001"), ("address", "上海市 徐汇区 1 号"),
    ]  # fmt: skip


def test_a_company_is_kept_as_one(shop: Shop) -> None:
    assert shop.get("add-client", "万科物业", "--company")["kind"] == "company"


def test_a_birthday_may_come_without_a_year(shop: Shop) -> None:
    for written in ("05-20", "--05-20", "5月20日", "20 may"):
        assert shop.get("add-client", "A", f"--birthday={written}")["birthday"] == "--05-20", written


def test_a_name_without_a_letter_is_refused(shop: Shop) -> None:
    for name in ("", "   ", "...", "\x1b[31m", "\u202e", "—"):
        ran = shop.run("add-client", name)
        assert (ran.code, len(ran.err.splitlines())) == (2, 2), name
    assert (shop.count("clients"), shop.count("operations")) == (0, 0)


def test_a_name_longer_than_any_name_is_refused(shop: Shop) -> None:
    assert shop.run("add-client", "王" * 201).code == 2
    assert shop.run("add-client", "王" * 200).code == 0


def test_an_odd_name_is_kept_to_the_letter_and_shown_so(shop: Shop) -> None:
    names = [
        "Bob [/] Smith",
        "[link=http://evil]x",
        "O'Brien",
        'A "B" C',
        "王 小 明",
        "Zoë 👩‍👧 Müller",
        "-- x",
        "%s {0}",
    ]
    for name in names:
        assert shop.run("add-client", "--json", "--", name).json["name"] == name
    listed = shop.ok("list-clients")
    assert [name for name in names if name not in listed] == []
    assert shop.ok("show-client", 2).startswith("[link=http://evil]x  #2\n")


def test_control_characters_never_reach_the_terminal(shop: Shop) -> None:
    shop.add("Eve\x1b]52;c;aGk=\x07\u202e!", "--note", "a\x1b[2Jb")
    for arguments in (["show-client", 1], ["list-clients"], ["find", "eve"]):
        shown = shop.ok(*arguments)
        assert "\x1b" not in shown
        assert "\u202e" not in shown


WRONG = (
    ["--phone", "1380013800o"],
    ["--phone", "call me"],
    ["--phone", "12"],
    ["--phone", ""],
    ["--phone", "1.38E+10"],
    ["--email", "anna@"],
    ["--email", "anna example.com"],
    ["--tier", "D"],
    ["--type", "owner"],
    ["--birthday", "31 feb"],
    ["--birthday", "2030-01-01"],
    ["--income", "much"],
    ["--income", "-5"],
    ["--wechat", " "],
    ["--tag", "#"],
    ["--colour", "red"],
)


def test_a_wrong_value_is_refused_in_two_lines_and_nothing_is_written(shop: Shop) -> None:
    for wrong in WRONG:
        ran = shop.run("add-client", "王丽", *wrong)
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 2), wrong
    assert (shop.count("clients"), shop.count("operations")) == (0, 0)


def test_without_a_name_and_a_terminal_nothing_is_asked(shop: Shop) -> None:
    ran = shop.run("add-client", "--phone", "13800138000")
    assert (ran.code, shop.count("clients")) == (2, 0)


def test_a_referrer_that_is_not_there_is_said_before_anything_is_written(shop: Shop) -> None:
    assert shop.run("add-client", "王丽", "--referrer", "nobody").code == 3
    assert shop.count("clients") == 0


def test_show_client_has_all_an_agent_wants_in_the_stairwell(shop: Shop) -> None:
    shop.add("李娜", "--phone", "13800138000", "--tier", "A", "--avoid", "her ex-husband", "--type", "buyer")
    shop.add("赵强", "--referrer", "李娜")
    for day, text in ((18, "first"), (19, "second"), (20, "third"), (21, "fourth")):
        shop.now = f"2026-11-{day}T09:00"
        shop.ok("log", "李娜", text, "--feedback", f"took the {text} well", "--keep-open")
    shop.ok("add-follow-up", "李娜", "2026-11-20", "send the floor plan")
    shop.ok("record-complaint", "李娜", "the key did not fit", "--severity", "major")
    card = shop.ok("show-client", "李娜")
    lines = card.splitlines()
    assert lines[0] == "李娜  #1  tier A  buyer"
    assert lines[1] == "AVOID: her ex-husband"
    for wanted in (
        "+86 138 0013 8000",
        "c1 major, 1 h left: manager on site (manager)\nthe key did not fit",
        "yesterday: send the floor plan",
        "Last 3 of 4 contacts",
        "fourth → took the fourth well",
        "赵强 (#2)",
    ):
        assert wanted in card
    assert "first" not in card
    shown = shop.get("show-client", "李娜")
    assert [c["text"] for c in shown["contacts"]] == ["fourth", "third", "second"]
    assert shown["contacts_in_all"] == 4
    assert [f["reason"] for f in shown["follow_ups"]] == ["send the floor plan"]
    assert [c["step"] for c in shown["complaints"]] == ["manager on site"]
    assert shown["referrals"] == [{"client_id": 2, "client": "赵强"}]


@pytest.fixture(scope="module")
def people(make_shop: ShopMaker) -> Shop:
    """Four clients who differ in all that a list can be filtered and sorted by; only read."""
    shop = make_shop()
    for day, arguments in enumerate(
        (
            ["赵强", "--tier", "C", "--type", "seller", "--agent", "Mei"],
            ["Anna", "--tier", "A", "--type", "buyer", "--tag", "VIP"],
            ["李娜", "--type", "buyer,landlord"],
            ["bob", "--tier", "A", "--agent", "Mei"],
        ),
        start=17,
    ):
        shop.now = f"2026-11-{day}T09:00"
        shop.add(*arguments)
    shop.ok("log", "李娜", "hello")
    shop.now = "2026-11-21T09:00"
    shop.ok("log", "Anna", "hello")
    return shop


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ([], ["Anna", "bob", "李娜", "赵强"]),
        (["--sort", "name"], ["Anna", "bob", "李娜", "赵强"]),
        (["--sort", "id"], ["赵强", "Anna", "李娜", "bob"]),
        (["--sort", "added"], ["bob", "李娜", "Anna", "赵强"]),
        (["--sort", "tier"], ["Anna", "bob", "赵强", "李娜"]),
        (["--sort", "last-contact"], ["赵强", "bob", "李娜", "Anna"]),
        (["--tier", "a"], ["Anna", "bob"]),
        (["--tier", "none"], ["李娜"]),
        (["--type", "buyer"], ["Anna", "李娜"]),
        (["--tag", "vip"], ["Anna"]),
        (["--agent", "Mei"], ["bob", "赵强"]),
        (["--tier", "A", "--agent", "Mei"], ["bob"]),
        (["--limit", "2"], ["Anna", "bob"]),
        (["--tag", "nothing"], []),
    ],
    ids=lambda options: "-".join(options),
)
def test_list_clients_filters_and_sorts(people: Shop, options: list[str], names: list[str]) -> None:
    assert [client["name"] for client in people.get("list-clients", *options)] == names


def test_a_list_says_how_many_it_leaves_out_and_how_to_see_them(people: Shop) -> None:
    ran = people.run("list-clients", "--limit", 3)
    assert ran.out.startswith("4 clients\n")
    assert ran.err == "Shown: 3 of 4; `--limit 0` shows all.\n"


def test_the_configs_limit_holds_and_zero_lifts_it(people: Shop, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("list_limit = 1\n")
    assert len(people.get("list-clients", "--config", config)) == 1
    assert len(people.get("list-clients", "--config", config, "--limit", 0)) == 4


@pytest.mark.parametrize(
    "arguments", [["--sort", "shoe-size"], ["--limit", "-1"], ["--tier", "X"], ["--type", "owner"]]
)
def test_an_unknown_sort_or_filter_is_a_usage_error(people: Shop, arguments: list[str]) -> None:
    assert people.run("list-clients", *arguments).code == 2


@pytest.mark.parametrize("speaks", ["en", "zh_CN"])
def test_types_and_tiers_are_taken_in_either_language(shop: Shop, speaks: str) -> None:
    shop.ok("add-client", "王丽", "--type", "买方、房东", "--type", "Seller", "--tier", "Ａ", RECRM_LANG=speaks)
    client = shop.get("show-client", 1)
    assert (set(client["types"]), client["tier"]) == ({"buyer", "landlord", "seller"}, "A")
    assert "王丽" in shop.ok("list-clients", "--type", "卖家", RECRM_LANG=speaks)
    shop.ok("edit-client", 1, "--type", "无", "--tier", "无", RECRM_LANG=speaks)
    client = shop.get("show-client", 1)
    assert (client["types"], client["tier"]) == ([], None)
    assert "王丽" in shop.ok("list-clients", "--tier", "无", RECRM_LANG=speaks)


def test_a_filter_that_names_no_type_leaves_nobody_out(shop: Shop) -> None:
    shop.add("Ann")
    assert "Ann" in shop.ok("list-clients", "--type", ",")
