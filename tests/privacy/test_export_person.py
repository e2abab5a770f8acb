"""export-person: all that is held about one person, for them to read, and nothing of anybody else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from recrm.privacy.export_person import file_stem
from recrm.privacy.page import is_shown, labels_of
from recrm.storage.ownership import client_tables
from recrm.storage.schema import columns
from tests.conftest import Shop
from tests.privacy.test_erasing import NAME, SECRETS, rich
from tests.storage.kit import ram_shop

HOSTILE = '<script>alert("x")</script> & <b>bold</b>'


class Reader(HTMLParser):
    """What a browser would show of a page, and what it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.said += data


def written(shop: Shop, client: int, *words: str) -> tuple[str, Reader]:
    """Both files' content."""
    shop.ok("export-person", client, "--output", shop.folder, "--force", *words)
    (data,), (page,) = shop.folder.glob(f"*-{client}.json"), shop.folder.glob(f"*-{client}.html")
    return data.read_text("utf-8"), Reader(page.read_text("utf-8"))


def test_everything_that_is_held_stands_in_both_files(shop: Shop) -> None:
    her, other = rich(shop)
    data, page = written(shop, her)
    # Numbers stand as people read them on the page; parts of secrets stand nowhere by themselves.
    for secret in set(SECRETS) - {"quellenweg", "12345678", "1371234", "66778899", "ouyang", "cuihua"}:
        assert secret in data
        if secret not in ("oych", "ouyangcuihua", "13912345678", "13712345678"):
            assert secret in page.said, secret
    held = json.loads(data)
    assert held["referred_by"] == other
    assert len(held["has_sent"]) == 1
    assert len(held["ids"]) == 2, "her own and the merged one's"
    for name in ("Bob", "Carol", "likes gardens"):
        assert name not in data
        assert name not in page.said
    assert "somebody else" in page.said


def test_what_the_journal_remembers_is_told_by_what_changed(shop: Shop) -> None:
    ann = shop.add("Ann", "--note", "first")
    shop.ok("edit-client", ann, "--note", "second", "--tier", "B")
    shop.now = "2026-11-22T10:00:00"
    shop.ok("edit-client", ann, "--note", "third")
    earlier = shop.get("export-person", ann)["earlier"]
    changed = [(line["command"], line["at"], (line["was"] or {}).get("note")) for line in earlier]
    assert changed == [
        ("add-client", "2026-11-21T09:00:00+08:00", None),
        ("edit-client", "2026-11-21T09:00:00+08:00", "first"),
        ("edit-client", "2026-11-22T10:00:00+08:00", "second"),
    ]
    assert earlier[2]["was"].keys() == {"note", "verified_at"}


def test_while_two_were_taken_for_one_the_others_words_are_not_handed_over(shop: Shop) -> None:
    her = shop.add(NAME, "--note", "duplikatnotiz")
    bob = shop.add("Bob", "--note", "likes gardens", "--phone", "13800138000")
    shop.ok("add-follow-up", bob, "today", "call about the garden")
    shop.ok("record-complaint", bob, "garden gate squeaks")
    shop.ok("merge-clients", her, bob, "--yes")
    shop.ok("snooze", 1, "fri")
    shop.ok("progress-complaint", 1, "oiled the gate")
    shop.ok("undo", "--steps", "3")
    for client, own, others in ((her, "duplikatnotiz", "garden"), (bob, "garden", "duplikatnotiz")):
        held = str(shop.get("export-person", client))
        assert own in held
        assert others not in held


def test_the_page_is_whole_by_itself_and_every_value_is_escaped(shop: Shop) -> None:
    ann = shop.add("Ann " + HOSTILE, "--note", HOSTILE, "--tag", "<i>x</i>")
    shop.ok("log", ann, HOSTILE)
    _, page = written(shop, ann)
    assert page.tags.isdisjoint({"script", "b", "i", "img", "link", "iframe"})
    assert page.fetched == []
    assert page.said.count(HOSTILE) >= 3


def test_the_files_are_for_the_agent_s_eyes_and_never_written_over(shop: Shop) -> None:
    ann = shop.add("Ann")
    said = shop.get("export-person", ann, "--output", shop.folder)
    assert [Path(path).name for path in said["files"]] == ["Ann-1.json", "Ann-1.html"]
    for path in said["files"]:
        assert Path(path).stat().st_mode & 0o777 == 0o600
    before = (shop.folder / "Ann-1.json").read_bytes()
    shop.ok("edit-client", ann, "--note", "new")
    ran = shop.run("export-person", ann, "--output", shop.folder)
    assert (ran.code, (shop.folder / "Ann-1.json").read_bytes()) == (4, before)
    shop.ok("export-person", ann, "--output", shop.folder, "--force")
    assert (shop.folder / "Ann-1.json").read_bytes() != before
    assert shop.run("export-person", ann, "--output", "nowhere").code == 2


def test_json_alone_writes_no_file_and_says_the_same(shop: Shop) -> None:
    ann = shop.add("Ann", "--phone", "13900139000")
    before = sorted(shop.folder.iterdir())
    said = shop.get("export-person", ann)
    assert said["files"] == []
    assert sorted(shop.folder.iterdir()) == before
    data, _ = written(shop, ann)
    assert json.loads(data) == {key: value for key, value in said.items() if key != "files"}
    assert not re.search(r"\d\dT\d\d:\d\d:\d\dZ", data)


def test_texts_of_others_that_name_them_are_told_to_the_agent_alone(shop: Shop) -> None:
    her = shop.add(NAME)
    shop.add("Bob", "--note", f"cousin of {NAME}")
    ran = shop.run("export-person", her, "--output", shop.folder)
    assert "Bob (#2), profile: Bob cousin of" in ran.err
    assert "cousin" not in (shop.folder / f"{NAME}-1.json").read_text("utf-8")


def test_every_column_of_a_clients_row_has_its_label_on_the_page() -> None:
    conn = ram_shop().conn
    for owned in client_tables(conn):
        shown = {column for column in columns(conn, owned.table) if is_shown(owned.table, column)}
        assert shown
        assert shown <= labels_of(owned.table).keys(), owned.table


def test_every_code_and_every_text_of_our_own_is_read_in_the_language_spoken(shop: Shop) -> None:
    shop.ok("add-client", "上海半山物业", "--company", "--type", "landlord", "--phone", "13800138000")
    shop.ok("log", 1, "想看房", "--in", "--channel", "meeting")
    shop.ok("record-complaint", 1, "漏水", "--severity", "maintenance")
    shop.ok("resolve-complaint", 1, "修好了")
    shop.ok("close-complaint", 1, "--satisfied")
    shop.ok("log", 1, "一切正常", RECRM_NOW="2026-12-01")
    shop.ok("consent", 1, "--do-not-contact", RECRM_LANG="zh_CN")
    shop.ok("export-person", 1, RECRM_LANG="zh_CN")
    (page,) = shop.folder.glob("*.html")
    body = re.sub(r"(?s)<style>.*</style>|<[^>]*>", " ", page.read_text("utf-8"))
    for code in ("公司", "勿扰", "一切联系", "客户满意", "答复客户", "已回电", "客户主动"):
        assert code in body, code
    # The file beside it, the client's name in letters, and an interval and a tier's letter are what they are.
    assert set(re.findall("[A-Za-z][A-Za-z-]+", body)) == {"json", *"shang hai ban shan wu ye".split()}


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("王丽", "王丽-7"),
        ("../../etc/passwd", "etc-passwd-7"),
        ("Bob [/] Smith", "Bob-Smith-7"),
        (".hidden", "hidden-7"),
        ("👩\u200d👧", "client-7"),
    ],
)
def test_a_name_becomes_one_that_every_file_system_takes(name: str, stem: str) -> None:
    assert file_stem(name, 7) == stem


def test_the_longest_name_still_fits(shop: Shop) -> None:
    assert len(file_stem("很长" * 100, 7).encode()) <= 160
    written(shop, shop.add("很长的名字" * 40))
