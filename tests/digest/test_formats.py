"""What stands in a digest, in each of its formats."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from recrm import slices
from recrm.core.text import display_width
from recrm.core.wrapping import wrap
from recrm.digest.markdown import escaped
from tests.conftest import Shop
from tests.digest.conftest import HOSTILE
from tests.digest.readers import Mail, chat


def keys(items: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(item["kind"], item["id"]) for item in items]


def test_text_digest_reads_as_an_agent_wants_it(busy: Shop) -> None:
    said = busy.ok("digest")
    assert said.startswith("Sat 21 Nov: 4 due, 2 of them overdue\n1 complaint, 2 follow-ups, 1 birthday\n")
    alarm, after, tomorrow = (
        said.index(word) for word in ("!!! 1 COMPLAINT CLOCK HAS RUN OUT !!!", "AFTER THAT", "TOMORROW")
    )
    assert alarm < said.index("[c1]") < after < said.index("[f2]") < said.index("[f1]") < said.index("[#3]") < tomorrow
    first = said[said.index("  1.") :]
    assert first.startswith("  1. 王丽 (A)  +86 138 0013 8000  [c1]\n     BREACHED, major complaint, manager on site")
    assert "(manager) is 2 hours late:" in " ".join(first[:200].split())
    assert said.index("[f3]") < said.index("[f4]"), "a moment comes before the end of its day"
    assert said.endswith('As it stands now: `recrm due-today`.\nAfter each call: `recrm log NAME "what was said"`.\n')


def test_text_lines_are_at_most_78_columns_wide(hostile: Shop) -> None:
    hostile.ok("add-client", "陈" * 60, "--phone", "13900139000", "--tier", "A")
    for words in ("很长的中文没有空格，" * 20, "word" * 60, "https://a.example/" + "x" * 200, "👨‍👩‍👧 🇨🇳 " * 30):
        hostile.ok("add-follow-up", 7, "2026-11-21", words)
    lines = hostile.ok("digest").splitlines()
    assert max(map(display_width, lines)) <= 78
    assert max(map(display_width, lines)) > 70
    assert not any("\x1b" in line or "\u202e" in line or line != line.rstrip() for line in lines)


@pytest.mark.parametrize(
    "said", ["", "a", "中文字，" * 9, "x" * 50, "ab " * 30, "👨‍👩‍👧" * 20, "e\u0301" * 40, "a中" * 40]
)
def test_wrapping_loses_nothing_and_fits(said: str) -> None:
    lines = wrap(said, 20)
    assert "".join(lines).replace(" ", "") == said.replace(" ", "")
    assert all(0 < display_width(line) <= 20 for line in lines if said)
    assert not any(line[:1] in ("，", "\u200d", "\u0301") for line in lines)


def test_json_items_are_those_of_due_today_with_a_phone(busy: Shop) -> None:
    made = busy.get("digest")
    assert [{k: v for k, v in item.items() if k != "phone"} for item in made.pop("items")] == busy.due()
    assert made == {
        "date": "2026-11-21",
        "generated_at": "2026-11-21T09:00:00+08:00",
        "due": 4,
        "overdue": 2,
        "breached": 1,
        "counts": dict.fromkeys(slices.due_kinds(), 0) | {"complaint": 1, "follow-up": 2, "birthday": 1},
        "cut": 0,
        "waiting": {},
        "missed_since": None,
    }  # fmt: skip
    phones = {item["client"]: item["phone"] for item in busy.get("digest")["items"]}
    assert phones == {"王丽": "+8613800138000", "Bob Smith": "+14155552671", "Sabine Müller": None}


def test_json_option_and_json_format_are_one(busy: Shop) -> None:
    assert busy.get("digest") == json.loads(busy.ok("digest", "--format", "json"))
    assert busy.get("digest", "--format", "json") == busy.get("digest")
    for words in (("digest", "--json", "-f", "html"), ("--json", "digest", "-f", "text")):
        ran = busy.run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert "contradict" in ran.err
    assert busy.run("digest", "--format", "pdf").code == 2


def test_limit_says_what_was_cut_and_never_cuts_a_breached_clock(busy: Shop) -> None:
    busy.ok("tag", 2, "urgent")  # lifts a promise above the breached clock
    assert keys(busy.due())[0] == ("follow-up", 1)
    made = busy.get("digest", "--limit", 1)
    assert keys(made["items"]) == [("follow-up", 1), ("complaint", 1)]
    assert (made["due"], made["cut"], made["breached"]) == (4, 2, 1)
    said = busy.ok("digest", "--limit", 1)
    assert said.index("[c1]") < said.index("[f1]")
    assert "2 more due and not listed here: `recrm due-today --limit 0`." in said


def test_caps_hold_back_and_are_told(busy: Shop) -> None:
    busy.ok("config", "set", "touch.daily_cap", "1")
    for name in ("Ann", "Ben", "Cy"):
        busy.ok("log", busy.add(name, "--tier", "A"), "hello")
    later = ("--as-of", "2026-12-10")
    assert busy.get("digest", *later)["waiting"]["touch"] == 2
    said = busy.ok("digest", *later)
    assert "Today's cap of 1 holds back 2 touches: `recrm due-today --all`." in said
    assert said.startswith("Thu 10 Dec: ")
    html = Mail(busy.ok("digest", *later, "-f", "html"))
    assert "cap of 1 holds back 2 touches: recrm due-today --all." in html.text


def test_long_list_calls_five_first(shop: Shop) -> None:
    for day in range(1, 8):
        shop.ok("add-follow-up", shop.add(f"Client {day}"), f"2026-11-{day + 10}", "call")
    said = shop.ok("digest")
    assert (
        said.index("CALL FIRST") < said.index("  5. Client 5") < said.index("AFTER THAT") < said.index("  6. Client 6")
    )
    for day in range(8):
        shop.ok("add-follow-up", 1, "tomorrow", f"promise {day}")
    assert "3 more tomorrow: `recrm agenda`." in shop.ok("digest")


def test_empty_day_says_so(shop: Shop) -> None:
    assert shop.ok("digest") == "Sat 21 Nov: nothing is due\n\nWhat lies ahead: `recrm agenda`.\n"
    assert "nothing is due" in Mail(shop.ok("digest", "-f", "html")).text
    assert shop.ok("digest", "-f", "markdown").startswith("## Sat 21 Nov: nothing is due\n")


def test_markdown_gives_hostile_names_back_as_text(hostile: Shop) -> None:
    said = hostile.ok("digest", "-f", "markdown")
    read = chat(said)
    assert set(read.tags) <= {"h2", "h3", "p", "ol", "li", "strong", "code"}
    text = read.text.replace("\u2060", "")
    for words in HOSTILE:
        assert text.count(words) == 2, words
    # Nor in the programs that know no backslash, or link what merely looks like an address.
    assert not re.search(r"\]\(|https?://|www\.|[<@]\w|@[^\u2060]|\w\.example", said)
    assert all(re.match(r"(\d+\.|-) \*\*", line) for line in said.splitlines() if "evil" in line)


@pytest.mark.parametrize(
    "plain", ["promised for today 14:30: send the plan", "3.5% off (maybe), 120 m2 + 1", "发户型图：三居"]
)
def test_markdown_leaves_plain_words_alone(plain: str) -> None:
    assert escaped(plain) == plain


def test_markdown_and_html_show_what_text_shows(busy: Shop) -> None:
    order = (
        "4 due, 2 of them overdue",
        "王丽",
        "c1",
        "After that",
        "f2",
        "f1",
        "#3",
        "Tomorrow, Sun 22 Nov",
        "f3",
        "f4",
    )
    for read in (chat(busy.ok("digest", "-f", "markdown")), Mail(busy.ok("digest", "-f", "html"))):
        assert re.search(".*".join(order), read.text)
        assert "1 complaint clock has run out" in read.text.lower()
        assert "+86 138 0013 8000" in read.text


def test_html_is_one_page_that_fetches_nothing(busy: Shop) -> None:
    page = busy.ok("digest", "-f", "html")
    mail = Mail(page)
    assert page.lstrip().startswith("<!doctype html>")
    assert ("meta", "charset", "utf-8") in mail.attributes
    assert ("html", "lang", "en") in mail.attributes
    assert not {"script", "style", "link", "img", "iframe", "form"} & set(mail.tags)
    assert "://" not in page
    assert "url(" not in page
    links = {(name, value) for tag, name, value in mail.attributes if name in ("href", "src", "background", "action")}
    assert links == {("href", "tel:+8613800138000"), ("href", "tel:+14155552671")}
    assert "max-width:640px" in page


def test_html_gives_hostile_names_back_as_text(hostile: Shop) -> None:
    page = hostile.ok("digest", "-f", "html")
    mail = Mail(page)
    assert not {"script", "img"} & set(mail.tags)
    assert not any(name.startswith("on") or name == "href" for _, name, _ in mail.attributes)
    for words in HOSTILE:
        assert mail.text.count(words) == 2, words
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_extension_is_shown_and_not_dialled(shop: Shop) -> None:
    shop.ok("add-follow-up", shop.add("Ann", "--phone", "010-88886666 ext 12"), "2026-11-20", "call")
    page = shop.ok("digest", "-f", "html")
    assert 'href="tel:+861088886666"' in page
    assert "ext. 12" in page
