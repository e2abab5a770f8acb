"""The interface in Chinese: every sentence has its translation, every command speaks it, and nothing else."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from recrm.cli.program import PLACES
from recrm.complaints.model import SEVERITY_SYNONYMS, Severity
from recrm.contacts.model import CHANNEL_SYNONYMS, DIRECTION_SYNONYMS, Channel
from recrm.core import i18n
from recrm.core.i18n import PLACEHOLDER
from recrm.core.text import display_width
from tests import catalogue
from tests.conftest import Ran, Shop
from tests.test_contract import ENCRYPTING, HAS_CIPHER, WORKING, needs_cipher

ROOT = Path(__file__).parents[1]
TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
CODE = re.compile(r"`[^`]+`")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+", re.ASCII)


# The catalogue.


def translations() -> Iterator[tuple[str, str]]:
    """Every template with its translation; of a plural, the one for many."""
    for message in catalogue.translated():
        if message.id:
            template = message.id if isinstance(message.id, str) else message.id[-1]
            yield template, "".join(catalogue.strings(message.string)[-1:])


def test_the_catalogue_holds_every_sentence_of_the_program_and_no_other() -> None:
    assert catalogue.PO.read_bytes() == catalogue.as_po(catalogue.updated(catalogue.translated())), "run `poe update`"


def test_the_compiled_catalogue_is_the_one_that_is_written() -> None:
    assert catalogue.MO.read_bytes() == catalogue.as_mo(catalogue.translated()), "run `poe compile`"


def test_no_sentence_is_left_untranslated() -> None:
    assert [template for template, text in translations() if not text] == []


def test_no_translation_misses_a_placeholder_or_has_one_too_many() -> None:
    wrong = [
        (template, text)
        for template, text in translations()
        if set(re.findall(PLACEHOLDER, template)) != set(re.findall(PLACEHOLDER, text))
    ]
    assert wrong == []


def test_commands_and_options_in_a_sentence_stay_what_one_types() -> None:
    wrong = []
    for template, text in filter(all, translations()):
        commands = {re.sub(r'"[^"]*"|[A-Z…]{2,}', "", code) for code in CODE.findall(template)}
        ours = {re.sub(r'"[^"]*"|[A-Z…]{2,}', "", code) for code in CODE.findall(text)}
        options = set(OPTION.findall(template)) - set(OPTION.findall(text))
        if {code for code in commands if code.startswith("`recrm ")} - ours or options:
            wrong.append((template, text))
    assert wrong == []


def test_only_what_leads_in_ends_in_a_blank() -> None:
    """`{when}: ` leads in what follows in another style; everything else is whole, with no blanks at its ends."""
    lead_in = re.compile(r".*[,:;] |Usage: ", re.DOTALL)
    wrong = [
        (template, text)
        for template, text in translations()
        if text != text.strip() or (template != template.strip() and not lead_in.fullmatch(template))
    ]
    assert wrong == []


# The code.

_MARKS = {"_": 1, "N_": 1, "ngettext": 2, "NN_": 2, "Column": 1}
_WORDS = re.compile(r"[A-Za-z’']{2,} [a-z’']{2,} [a-z’']{2,}")
# What is written in English by design: SQL, what is data, what goes to a developer, and the terms of other programs.
_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|PRAGMA|FROM|WHERE|JOIN|ORDER BY|ATTACH|VALUES)\b")
_TYPED = re.compile(r"(recrm|pip) |bold \w+ on \w+$")  # commands, and styles
_NOT_SHOWN = (
    "recrm/setup/sample/",  # made-up people
    "recrm/storage/migrations",  # SQL
    "recrm/cli/usage.py",  # the parser's sentences, to be recognised
    # What people, files and other programs write, to be recognised.
    "recrm/clients/tag_cells.py",
    "recrm/clients/type_synonyms.py",
    "recrm/core/dates/",
    "recrm/duplicates/name_similarity.py",
    "recrm/imports/columns/",
    "recrm/imports/conversations/",
    "recrm/storage/integrity.py",
)
ALLOWED = frozenset(
    {
        "a million names in one second",  # for a developer
        "the consent's moment has no zone",
        "now has no zone",
        "Imported history: nothing up to here waits for an answer.",  # stored, whatever the interface speaks
    }
)


def test_no_sentence_stands_in_the_code_without_being_marked_for_translation() -> None:
    assert [found for path in sorted((ROOT / "recrm").rglob("*.py")) for found in _unmarked(path)] == []


def _unmarked(path: Path) -> Iterator[str]:
    place = path.relative_to(ROOT).as_posix()
    if place.startswith(_NOT_SHOWN):
        return
    tree = ast.parse(path.read_text("utf-8"))
    known: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # docstrings
            known.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            known |= {id(part) for part in node.values}
        elif isinstance(node, ast.keyword) and node.arg == "known_as":  # headers of other programs' files
            known.add(id(node.value))
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            known |= {id(argument) for argument in node.args[: _MARKS.get(name, 0)]}
            known |= {id(argument) for argument in node.args[1:2] if name == "Argument"}
            known |= {id(keyword.value) for keyword in node.keywords if keyword.arg in ("help", "panel")}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in known:
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            text = node.value
        else:
            continue
        if _WORDS.search(text) and not _SQL.search(text) and not _TYPED.match(text) and text not in ALLOWED:
            yield f"{place}:{node.lineno}: {text}"


def test_the_name_of_translation_is_not_used_for_anything_else() -> None:
    """A function that throws something away into `_` would have no `_` to translate with."""
    shadowed = []
    for path in sorted((ROOT / "recrm").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        names = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        if "_" in names:
            shadowed += [
                f"{path}:{node.lineno}"
                for node in ast.walk(tree)
                if (isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store))
                or (isinstance(node, ast.arg) and node.arg == "_")
            ]
    assert shadowed == []


# The program.

# For each command whose words in the contract's table are English, the same in Chinese.
CHINESE = {
    "find": ["王丽"],
    "log": ["1", "看了两套房", "--next", "+3d"],
    "add-client": ["赵敏", "--phone", "13900139000"],
    "tag": ["1", "学区房"],
    "consent": ["1", "--allow", "电话推荐房源"],
    "add-follow-up": ["1", "明天", "发户型图"],
    "done": ["1", "已经发了"],
    "record-complaint": ["1", "暖气不热"],
    "progress-complaint": ["1", "打过电话"],
    "resolve-complaint": ["1", "修好了"],
    "reopen-complaint": ["2", "又坏了"],
}
# Names that are the same in every language: programs, formats, codes, what one types.
_NAMES = re.compile(
    r"`[^`]*`|--?[a-z][a-z-]*|\b[\w./-]*\.(?:db|csv|json|toml|xlsx|vcf|ics)\b|\S*@\S*|[\w-]*[/\\~]\S*|\b[A-Z_]{2,}\b"
)
_ENGLISH = re.compile(r"\b[A-Za-z][a-z]+(?:[ ,.;:]+[A-Za-z]?[a-z]+){2,}")


def english(text: str) -> list[str]:
    """What reads like an English sentence: three words in a row that are not something one types."""
    examples = re.sub(r"(?m)^.*\brecrm [a-z-]+.*$|^complaint\..*(?:\n +.*)*|(?:buyer|seller), .*", "", text)
    return _ENGLISH.findall(_NAMES.sub(" 、 ", examples))


@pytest.fixture(scope="module")
def shop_in_chinese(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop in which every command finds something to do, and nobody wrote a word of English."""
    shop = Shop(tmp_path_factory.mktemp("chinese"))
    shop.ok("init")
    shop.ok("add-client", "王丽", "--phone", "13800138000", "--tier", "A", "--tag", "紧急", "--birthday", "11-23")
    shop.ok("tag", 1, "urgent")
    shop.ok("archive-client", shop.add("陈刚", "--phone", "13800138000", "--allow-duplicate"))
    shop.ok("add-follow-up", 1, "today", "发户型图")
    shop.ok("log", 1, "喜欢那个阳台", "--keep-open", "--feedback", "太贵", "--at", "2026-11-20")
    shop.ok("record-complaint", 1, "暖气不热", "--severity", "major")
    shop.ok("record-complaint", 1, "电话里态度不好")
    shop.ok("resolve-complaint", 2, "道歉了")
    shop.ok("tag", 1, "学区")
    shop.ok("undo")
    shop.ok("backup")
    (shop.folder / "contacts.csv").write_text("姓名,电话\n周芳,13700137000\n无号,12\n", "utf-8")
    if HAS_CIPHER:
        for name in ("key", "new-key"):
            (shop.folder / name).touch(0o600)
            (shop.folder / name).write_text(f"{name} 的口令，够长了\n", "utf-8")
        shop.ok("init", "--db", "locked.db", "--encrypted", RECRM_KEY_FILE="key")
    return shop


@pytest.fixture
def chinese(shop_in_chinese: Shop, tmp_path: Path) -> Shop:
    """A copy of it, to be written to."""
    shutil.copytree(shop_in_chinese.folder, tmp_path / "shop", ignore=shutil.ignore_patterns("data", "config"))
    return Shop(tmp_path / "shop", width=80, key_file=tmp_path / "shop" / "key" if HAS_CIPHER else None)


def speaks_chinese(ran: Ran) -> None:
    for stream in (ran.out, ran.err):
        assert english(stream) == [], stream
    assert re.search("[一-鿿]", ran.out + ran.err), ran


EVERY = [pytest.param(name, marks=needs_cipher) if name in ENCRYPTING else name for name in PLACES]


@pytest.mark.parametrize("name", EVERY)
def test_every_command_answers_in_chinese_within_80_columns(name: str, chinese: Shop) -> None:
    words = CHINESE.get(name, WORKING[name][0])
    ran = chinese.run(name, *words, RECRM_LANG="zh_CN")
    assert ran.code == 0, ran
    if name == "completion":
        return
    speaks_chinese(ran)
    if name not in ("config", "export-person"):  # a setting's value and a printed page are as long as they are
        tables = [line for line in ran.out.splitlines() if "  " in line.strip()]
        assert [line for line in tables if display_width(line) > 80] == []


@pytest.mark.parametrize("name", EVERY)
def test_every_help_page_is_in_chinese(name: str, chinese: Shop) -> None:
    page = chinese.run(name, "--help", RECRM_LANG="zh_CN")
    speaks_chinese(page)
    assert re.findall("[^…]… +│", page.out) == [], "nothing is cut off"


def test_the_program_s_help_is_in_chinese(chinese: Shop) -> None:
    speaks_chinese(chinese.run("--help", RECRM_LANG="zh_CN"))
    speaks_chinese(chinese.run(RECRM_LANG="zh_CN"))


@pytest.mark.parametrize(
    "words",
    [
        ["show-client", "没有这个人"],
        ["show-client", "99"],
        ["show-client"],
        ["show-client", "1", "多余"],
        ["add-client"],
        ["add-client", ""],
        ["add-client", "赵敏", "--phone", "13800138000"],
        ["add-client", "赵敏", "--phone", "12"],
        ["add-client", "赵敏", "--phone", "+999123456"],
        ["add-client", "赵敏", "--email", "不是邮箱"],
        ["add-client", "赵敏", "--tier", "D"],
        ["add-client", "赵敏", "--type", "邻居"],
        ["add-client", "赵敏", "--birthday", "2月30日"],
        ["add-client", "赵敏", "--income", "很多"],
        ["add-client", "赵敏", "--no-such"],
        ["add-client", "赵敏", "--tier"],
        ["edit-client", "1"],
        ["edit-client", "1", "--remove", "13900000000"],
        ["tag", "1"],
        ["archive-client", "2"],
        ["unarchive-client", "1"],
        ["merge-clients", "1", "1"],
        ["merge-clients", "1", "2"],
        ["log", "1", "说了", "--at", "明天"],
        ["log", "1", ""],
        ["add-follow-up", "1", "5/6", "打电话"],
        ["add-follow-up", "1", "7", "打电话"],
        ["add-follow-up", "1", "不知道"],
        ["add-follow-up", "1", "2026-02-30"],
        ["add-follow-up", "1", "tomorrow", "--until", "fri"],
        ["add-follow-up", "1", "tomorrow", "--every", "有时"],
        ["done", "99"],
        ["done", "c1"],
        ["snooze", "1", "yesterday"],
        ["record-complaint", "1", "坏了", "--severity", "可怕"],
        ["show-complaint", "99"],
        ["close-complaint", "1"],
        ["reopen-complaint", "1", "又坏了"],
        ["resolve-complaint", "2", "又修了"],
        ["undo", "99"],
        ["redo", "99"],
        ["history", "--client", "没有这个人"],
        ["import", "没有.csv"],
        ["import", "shop.db"],
        ["export", "clients.docx"],
        ["export", "没有/clients.csv"],
        ["restore", "没有", "--yes"],
        ["restore", "latest"],
        ["erase-client", "1"],
        ["consent", "没有这个人"],
        ["export-person", "没有这个人"],
        ["config", "set", "touch.A", "5"],
        ["config", "set", "touch.Z", "5d"],
        ["config", "set", "touch.A"],
        ["agenda", "--days", "0"],
        ["agenda", "--days", "几天"],
        ["no-such-command"],
        ["due-todya"],
        ["--db", "没有.db", "due-today"],
        ["--config", "没有.toml", "due-today"],
        ["decrypt", "--yes"],
    ],
    ids=" ".join,
)
def test_every_refusal_is_in_chinese(words: list[str], chinese: Shop) -> None:
    ran = chinese.run(*words, RECRM_LANG="zh_CN")
    assert ran.code != 0
    assert ran.out == ""
    speaks_chinese(ran)
    for line in ran.err.splitlines():
        assert line[-1] in "。？…：；", line


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
def test_no_sentence_of_the_english_interface_is_left_in_a_chinese_session(file: Path, chinese: Shop) -> None:
    """The sessions of `tests/transcripts`, whose clients write English themselves, said in Chinese."""
    from tests.test_transcripts import play

    shop = Shop(chinese.folder.parent / "fresh", language="zh_CN")
    shop.folder.mkdir()
    shop.ok("init")
    played = re.sub(r"(?m)^\$.*$", "", play(file.read_text("utf-8"), shop))
    templates = [template for template, text in translations() if text != template]
    pieces = {
        piece.strip(" .,;:?") for template in templates for piece in re.split(PLACEHOLDER, CODE.sub("{}", template))
    }
    assert [piece for piece in pieces if len(piece) > 14 and " " in piece and piece in played] == []


# Choosing the language.


@pytest.mark.parametrize(
    ("environment", "config", "speaks"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "", "zh"),
        ({"LANG": "zh_CN.UTF-8", "RECRM_LANG": "en"}, "", "en"),
        ({"LANG": "en_US.UTF-8", "RECRM_LANG": "zh"}, "", "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "", "en"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "", "zh"),
        ({"LANG": "C.UTF-8"}, "zh_CN", "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "en", "en"),
        ({"LANG": "zh_CN.UTF-8", "RECRM_LANG": "en_GB.UTF-8"}, "zh_CN", "en"),
        ({"LANG": "de_DE.UTF-8"}, "", "en"),
        ({"LANG": "zh_TW.UTF-8"}, "", "en"),
        ({}, "", "en"),
    ],
)
def test_the_environment_goes_before_the_config_and_that_before_the_locale(
    environment: dict[str, str], config: str, speaks: str, shop: Shop
) -> None:
    if config:
        shop.ok("config", "set", "language", config)
    ran = shop.run("due-today", **{"LANG": "", **environment})
    assert ("没有" in ran.out) == (speaks == "zh"), ran
    assert ran.err == ""


@pytest.mark.parametrize(
    ("encoding", "speaks"), [("gbk", "没有待办"), ("ascii", "Nothing is due"), ("latin-1", "Nothing is due")]
)
def test_where_stdout_cannot_carry_chinese_it_is_english(encoding: str, speaks: str, shop: Shop) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recrm", "due-today"],
        env=shop.environment(PYTHONIOENCODING=encoding, RECRM_LANG="zh_CN"),
        capture_output=True,
        check=True,
    )
    assert speaks in done.stdout.decode(encoding)


def test_a_config_named_on_the_command_line_chooses_for_help_and_errors_too(shop: Shop) -> None:
    (shop.folder / "c.toml").write_text('language = "zh_CN"\n', "utf-8")
    assert "用法" in shop.ok("--config", "c.toml", "due-today", "--help")
    assert "没有选项" in shop.run("due-today", "--nonsense", "--config=c.toml").err


@pytest.mark.parametrize("wish", ["fr", "klingon", "中文", "zh_TW", "e\x1b[31mn"])
def test_an_unknown_language_is_english_with_one_note(wish: str, shop: Shop) -> None:
    ran = shop.run("due-today", RECRM_LANG=wish)
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert "Nothing is due" in ran.out
    assert "does not speak" in ran.err
    assert "\x1b" not in ran.err
    (shop.folder / "c.toml").write_text('language = "tlh"\n', "utf-8")
    assert shop.run("due-today", "--config", "c.toml").err.count("does not speak “tlh”") == 1
    assert shop.run("config", "set", "language", "tlh", "--config", "d.toml").code == 2
    (shop.folder / "c.toml").write_text("language = 3\n", "utf-8")
    assert "does not speak “3”" in shop.run("due-today", "--config", "c.toml").err
    assert json_is_clean(shop.run("due-today", "--json", "--config", "c.toml"))


def json_is_clean(ran: Ran) -> bool:
    return ran.code == 0 and ran.json == []


@pytest.mark.parametrize("damage", ["absent", "empty", "cut", "text"])
def test_a_catalogue_that_is_missing_or_damaged_is_english(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "zh_CN" / "LC_MESSAGES" / "recrm.mo"
    file.parent.mkdir(parents=True)
    whole = catalogue.MO.read_bytes()
    if damage != "absent":
        file.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "text": b"not a catalogue"}[damage])
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    i18n.use("zh_CN")
    try:
        assert i18n._("Left without saving anything.") == "Left without saving anything."
        assert i18n.ngettext("{n} client", "{n} clients", 2) == "2 clients"
        assert i18n.language() == "en"
    finally:
        i18n.use("en")


def test_a_translation_that_misses_a_placeholder_falls_back_to_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = catalogue.translated()
    for message in wrong:
        if message.id == "{text} is not valid text.":
            message.string = "这不是{文字}。"
        if message.id == "There is no command {name}.":
            message.string = "没有这个命令。"
    file = tmp_path / "zh_CN" / "LC_MESSAGES" / "recrm.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(catalogue.as_mo(wrong))
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    i18n.use("zh_CN")
    try:
        assert i18n._("{text} is not valid text.", text="x") == "x is not valid text."
        assert i18n._("There is no command {name}.", name="x") == "There is no command x."
        assert i18n._("Left without saving anything.") == "已退出，什么都没有保存。"
    finally:
        i18n.use("en")


def test_what_a_person_wrote_is_never_read_as_a_template() -> None:
    assert i18n._("{text} is not valid text.", text="{0} {__class__} %s") == "{0} {__class__} %s is not valid text."


def test_json_keeps_its_keys_and_codes_and_follows_the_language_in_its_sentences(chinese: Shop) -> None:
    english_items = chinese.run("due-today", "--json").json
    chinese_items = chinese.run("due-today", "--json", RECRM_LANG="zh_CN").json
    assert len(english_items) == len(chinese_items) > 2
    for one, other in zip(english_items, chinese_items, strict=True):
        assert one.keys() == other.keys()
        same = one.keys() - {"title", "reason"}
        assert {key: one[key] for key in same} == {key: other[key] for key in same}
        assert one["reason"] != other["reason"]


@pytest.mark.parametrize("speaks", ["en", "zh_CN"])
def test_choices_are_taken_in_either_language(speaks: str, shop: Shop) -> None:
    shop.add("王丽")
    shown = dict(translations())
    labels = {code: code for code in (*Channel, *Severity)} | {"in": "they began", "out": "we began"}
    del labels["whatsapp"]  # a name
    assert {
        shown[label]: code for code, label in labels.items()
    } == CHANNEL_SYNONYMS | DIRECTION_SYNONYMS | SEVERITY_SYNONYMS
    shop.ok("log", 1, "hi", "--channel", "微信", "--direction", "客户主动", RECRM_LANG=speaks)
    shop.ok("record-complaint", 1, "no heating", "--severity", "维修", RECRM_LANG=speaks)
    (contact,) = shop.get("list-contacts", "--channel", "微信", RECRM_LANG=speaks)
    assert (contact["channel"], contact["direction"]) == ("wechat", "in")
    assert shop.get("list-complaints", "--severity", "维修")[0]["severity"] == "maintenance"
    assert shop.run("log", 1, "hi", "--channel", "鸽子", RECRM_LANG=speaks).code == 2


def test_a_damaged_file_is_told_in_chinese(chinese: Shop) -> None:
    whole = chinese.db.read_bytes()
    chinese.db.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    ran = chinese.run("due-today", RECRM_LANG="zh_CN")
    assert ran.code == 5
    assert "已损坏" in ran.err
    assert re.findall("[a-z]{3,} [a-z]{3,}", re.sub("`[^`]*`", "", ran.err)) == []
