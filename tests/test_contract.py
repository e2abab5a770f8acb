"""What every command promises, asked of every command in the map: a new one without an entry here fails."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer

from recrm.cli.program import PLACES, one_line, program
from recrm.core.text import display_width
from tests.conftest import Ran, Shop

# For each command, words that work in the shop below, and whether --json then prints a list or one object.
WORKING: dict[str, tuple[list[str], type]] = {
    "due-today": ([], list),
    "overdue": (["--as-of", "2026-12-31"], list),
    "agenda": (["--days", "30"], list),
    "digest": ([], list),
    "find": (["Bob"], list),
    "log": (["1", "said", "--next", "+3d"], dict),
    "list-contacts": ([], list),
    "add-client": (["Eve", "--phone", "13900139000"], dict),
    "show-client": (["1"], dict),
    "list-clients": ([], list),
    "edit-client": (["1", "--tier", "B"], dict),
    "tag": (["1", "vip"], dict),
    "untag": (["1", "urgent"], dict),
    "archive-client": (["1"], dict),
    "unarchive-client": (["2"], dict),
    "find-duplicates": (["--least", "40"], list),
    "merge-clients": (["1", "2", "--yes"], dict),
    "consent": (["1", "--allow", "calls about flats"], dict),
    "export-person": (["1"], dict),
    "erase-client": (["1", "--yes"], dict),
    "add-follow-up": (["1", "tomorrow", "call"], dict),
    "done": (["1", "went well"], dict),
    "snooze": (["1", "tomorrow"], dict),
    "cancel-follow-up": (["1"], dict),
    "record-complaint": (["1", "no heating"], dict),
    "progress-complaint": (["1", "called"], dict),
    "resolve-complaint": (["1", "mended"], dict),
    "reopen-complaint": (["2", "again"], dict),
    "close-complaint": (["2", "--satisfied"], dict),
    "show-complaint": (["1"], dict),
    "list-complaints": ([], list),
    "undo": ([], dict),
    "redo": ([], dict),
    "history": ([], list),
    "init": (["--db", "new.db"], dict),
    "demo": (["--clients", "5", "--db", "demo.db"], dict),
    "import": (["contacts.csv", "--yes"], dict),
    "export": (["clients.csv", "--force"], dict),
    "backup": ([], dict),
    "list-backups": ([], list),
    "restore": (["latest", "--yes"], dict),
    "check": ([], dict),
    "encrypt": ([], dict),
    "decrypt": (["--db", "locked.db", "--yes"], dict),
    "change-passphrase": (["--db", "locked.db", "--new-key-file", "new-key"], dict),
    "config": ([], list),
    "completion": (["bash"], dict),
}
LISTS = [name for name, (_, kind) in WORKING.items() if kind is list]

HOSTILE = [
    "Bob [/] Smith",
    "[link=http://x]y[/link]",
    "[bold red]Ann",
    "Eve\x1b]52;c;aGVsbG8=\x07Evil",
    "A\u202edne\u202c Z",
    "Tab\tand\nline",
    "👩\u200d👩\u200d👧 Meier",
    "很长的名字" * 30,
    "W" * 180,
]


HAS_CIPHER = find_spec("sqlcipher3") is not None
ENCRYPTING = ("encrypt", "decrypt", "change-passphrase")
needs_cipher = pytest.mark.skipif(not HAS_CIPHER, reason="sqlcipher3 (extra encrypt) is not installed")
EVERY = [pytest.param(name, marks=needs_cipher) if name in ENCRYPTING else name for name in PLACES]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop in which every command finds something to do."""
    shop = Shop(tmp_path_factory.mktemp("template"))
    shop.ok("init")
    shop.ok(
        "add-client", "Bob [/] Smith", "--phone", "13800138000", "--tier", "A", "--tag", "urgent", "--birthday", "11-23"
    )
    shop.ok("archive-client", shop.add("Cid", "--phone", "13800138000", "--allow-duplicate"))
    shop.ok("add-follow-up", 1, "today", "send the plan")
    shop.ok("log", 1, "likes the balcony", "--keep-open", "--feedback", "too dear", "--at", "2026-11-20")
    shop.ok("record-complaint", 1, "no heating", "--severity", "major")
    shop.ok("record-complaint", 1, "rude on the phone")
    shop.ok("resolve-complaint", 2, "apologised")
    shop.ok("tag", 1, "taken-back")
    shop.ok("undo")
    shop.ok("backup")
    (shop.folder / "contacts.csv").write_text("Name,Phone\nFay,13700137000\n", "utf-8")
    if HAS_CIPHER:
        for name in ("key", "new-key"):
            (shop.folder / name).touch(0o600)
            (shop.folder / name).write_text(f"the passphrase of the {name}\n", "utf-8")
        shop.ok("init", "--db", "locked.db", "--encrypted", RECRM_KEY_FILE="key")
    return shop


@pytest.fixture
def furnished(template: Shop, tmp_path: Path) -> Shop:
    """A copy of it, to be written to."""
    for file in template.folder.iterdir():
        if file.is_file():
            shutil.copy2(file, tmp_path / file.name)
    shutil.copytree(template.folder / "backups", tmp_path / "backups")
    return Shop(tmp_path, key_file=tmp_path / "key" if HAS_CIPHER else None)


def docstring(name: str) -> str:
    module, _, function = PLACES[name][1].partition(":")
    return str(getattr(import_module(module), function).__doc__)


def assert_error(ran: Ran, code: int) -> None:
    """By the contract: the code, an empty stdout, one or two whole lines on stderr."""
    assert (ran.code, ran.out) == (code, ""), ran
    lines = ran.err.splitlines()
    assert len(lines) in (1, 2), lines
    for line in lines:
        assert line == line.strip() != ""
        assert line[-1] in ".?…", line


def test_every_command_has_an_entry_here() -> None:
    assert list(WORKING) == list(PLACES)


# Typer calls its own shell_complete deprecated; recrm.clients.lookup says why it is used.
@pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning")
@pytest.mark.parametrize("name", EVERY)
def test_help_is_one_line_with_an_example_that_parses(name: str, bare: Shop) -> None:
    ran = bare.run(name, "--help", COLUMNS="200")
    assert (ran.code, ran.err) == (0, "")
    about, _, *rest = docstring(name).strip().splitlines()
    assert about in ran.out
    assert about[-1] == "."
    assert display_width(about) < 110
    assert bare.run(name, "-h", COLUMNS="200").out == ran.out
    (example,) = (line.strip() for line in rest if line.strip().startswith("Example: "))
    assert example in ran.out
    words = shlex.split(re.split(r" (?:>>?|\|) ", example.removeprefix("Example: "))[0])
    assert words[:2] == ["recrm", name]
    command: Any = program().get_command(typer.Context(program()), name)
    assert command.make_context(name, words[2:]).params


def test_the_program_s_help_names_every_command_with_its_line(bare: Shop) -> None:
    listed = [" ".join(line.strip("│ ").split()) for line in bare.ok("--help", COLUMNS="80").splitlines()]
    for name in PLACES:
        about = one_line(docstring(name))
        assert f"{name} {about}" in listed
        assert docstring(name).strip().startswith(about.removesuffix("."))


def test_a_name_without_quotes_is_answered_with_how_to_type_it(bare: Shop) -> None:
    ran = bare.run("add-client", "Wang", "Li")
    assert (ran.code, ran.out) == (2, "")
    assert "“Li” is more than `recrm add-client` takes.\nPut words that belong together in quotes" in ran.err


@pytest.mark.parametrize("name", EVERY)
def test_json_is_one_document_and_nothing_else(name: str, furnished: Shop) -> None:
    words, kind = WORKING[name]
    for order in ([name, *words, "--json"], ["--json", name, *words]):
        (furnished.folder / "new.db").unlink(missing_ok=True)
        (furnished.folder / "demo.db").unlink(missing_ok=True)
        copies = {file: file.read_bytes() for file in furnished.folder.glob("*.db")}
        ran = furnished.run(*order)
        for file, copy in copies.items():
            file.write_bytes(copy)
        assert ran.code == 0, ran
        answer = json.loads(ran.out)
        if name == "digest" and isinstance(answer, dict):
            kind = dict  # its counts stand beside the list
        assert isinstance(answer, kind)
        assert answer, "the shop was furnished so that there is something to show"
        assert ran.out == json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
        assert_keys_are_stable(answer)


def assert_keys_are_stable(answer: Any) -> None:
    """Keys are snake_case; an instant has its offset."""
    if isinstance(answer, list):
        for each in answer:
            assert_keys_are_stable(each)
        assert len({tuple(each) for each in answer if isinstance(each, dict)}) <= 1, "one shape a list"
    elif isinstance(answer, dict):
        for key, value in answer.items():
            assert re.fullmatch(r"[a-z][a-z0-9_]*|[a-z]+(-[a-z]+)+", key), key
            assert_keys_are_stable(value)
    elif isinstance(answer, str) and re.match(r"\d{4}-\d\d-\d\dT", answer):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", answer), answer


@pytest.mark.parametrize("name", EVERY)
def test_words_are_words_and_nothing_on_stderr_unless_a_note(name: str, furnished: Shop) -> None:
    ran = furnished.run(name, *WORKING[name][0])
    assert ran.code == 0, ran
    assert ran.out.strip()
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize("name", EVERY)
def test_an_unknown_option_is_a_usage_error_that_says_where_to_look(name: str, furnished: Shop) -> None:
    ran = furnished.run(name, *WORKING[name][0], "--no-such-option")
    assert_error(ran, 2)
    assert "--no-such-option" in ran.err
    assert f"recrm {name} --help" in ran.err


@pytest.mark.parametrize("name", EVERY)
def test_every_command_without_its_database_says_so(name: str, furnished: Shop) -> None:
    words = WORKING[name][0]
    if name in ("init", "demo", "config", "completion", "list-backups", "restore"):
        return
    for file in furnished.folder.glob("*.db"):
        file.unlink()
    assert_error(furnished.run(name, *words), 5)
    assert_error(furnished.run(name, *words, "--json"), 5)
    assert not furnished.db.exists()


@pytest.mark.parametrize(
    ("words", "code", "saying"),
    [
        (("no-such-command",), 2, "no-such-command"),
        (("log", "1"), 2, "TEXT"),
        (("log", "1", ""), 2, "word"),
        (("log", "1", "x", "--at", "tomorrow"), 2, "future"),
        (("log", "1", "x", "--next", "5/6"), 2, "5/6"),
        (("log", "1", "x", "--channel", "smoke"), 2, "smoke"),
        (("add-follow-up", "1", "30 feb"), 2, "30 feb"),
        (("add-follow-up", "1", "12"), 2, "12"),
        (("agenda", "--days", "0"), 2, "0"),
        (("list-clients", "--limit", "-1"), 2, "-1"),
        (("list-clients", "--limit", "99999999999999999999"), 2, "1000000000"),
        (("list-contacts", "--limit", "9223372036854775808"), 2, "1000000000"),
        (("find", "Bob", "--limit", "9223372036854775808"), 2, "1000000000"),
        (("list-contacts", "--since", "tomorrow"), 2, "is in the future"),
        (("log", "1", "-5% is fine"), 2, "Put -- before words that begin with a dash."),
        (("list-clients", "--sort", "luck"), 2, "luck"),
        (("list-clients", "--tier", "D"), 2, "D"),
        (("add-client", ""), 2, "name"),
        (("add-client",), 2, "name"),
        (("add-client", "\u200b\x07"), 2, "name"),
        (("add-client", "Eve", "--phone", "call me"), 2, "call me"),
        (("add-client", "Eve", "--email", "nobody"), 2, "nobody"),
        (("add-client", "Eve", "--birthday", "1990-02-30"), 2, "1990-02-30"),
        (("show-client", "Quux"), 3, "Quux"),
        (("show-client", "999"), 3, "999"),
        (("done", "999"), 3, "999"),
        (("show-complaint", "c999"), 3, "999"),
        (("done", "abc"), 2, "abc"),
        (("add-client", "Eve", "--phone", "138-0013 8000"), 4, "Bob [/] Smith"),
        (("init",), 4, "exists already"),
        (("archive-client", "2"), 4, "archived already"),
        (("close-complaint", "1", "--satisfied"), 4, "open"),
        (("due-today", "--db", "absent.db"), 5, "absent.db"),
        (("due-today", "--as-of", "someday"), 2, "someday"),
        (("import", "absent.csv"), 2, "absent.csv"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_errors_have_their_code_and_two_lines(template: Shop, words: tuple[str, ...], code: int, saying: str) -> None:
    before = template.db.read_bytes()
    for more in ((), ("--json",)):
        ran = template.run(*words, *more)
        assert_error(ran, code)
        assert saying.lower() in ran.err.lower()
    assert template.db.read_bytes() == before


def test_two_who_answer_are_listed_with_their_ids(furnished: Shop) -> None:
    for _ in range(2):
        furnished.add("王丽")
    ran = furnished.run("log", "王丽", "x")
    assert (ran.code, ran.out) == (2, "")
    assert "#3" in ran.err
    assert "#4" in ran.err


def test_recrm_now_that_is_no_time_is_a_usage_error(template: Shop) -> None:
    assert_error(template.run("due-today", RECRM_NOW="noon"), 2)


@pytest.mark.parametrize("now", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31T23:59+00:00"])
def test_recrm_now_of_another_age_is_a_usage_error(template: Shop, now: str) -> None:
    for name in ("due-today", "digest", "agenda", "list-clients"):
        ran = template.run(name, RECRM_NOW=now)
        assert ran.code == 2 or name == "list-clients", ran
    assert_error(template.run("due-today", RECRM_NOW=now), 2)


@pytest.mark.parametrize("zone", ["UTC+25", "UTC+24", "Foo/Bar", "CST", "\u2603"])
def test_a_tz_that_is_no_zone_is_a_usage_error(template: Shop, zone: str) -> None:
    ran = template.run("due-today", TZ=zone)
    assert_error(ran, 2)
    assert ran.err.startswith("TZ is ")


@pytest.mark.parametrize("zone", ["CST-8", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0530>-5:30", "UTC0", ":Asia/Tokyo"])
def test_a_tz_by_rule_is_a_zone(template: Shop, zone: str) -> None:
    assert template.run("due-today", TZ=zone).code == 0


BROKEN = "\udcff"  # the byte ff, as Python hands it on


@pytest.mark.parametrize(
    "words",
    [
        *([name, *words, BROKEN] for name, (words, _) in WORKING.items()),
        ["show-client", BROKEN],
        ["add-client", f"王{BROKEN}丽"],
        ["config", "set", "agent", BROKEN],
        ["list-clients", f"--tag={BROKEN}"],
        ["log", "1", "said", "--note", BROKEN],
        [BROKEN],
    ],
    ids=lambda words: ascii(" ".join(words)),
)
def test_bytes_that_are_no_text_are_a_usage_error(template: Shop, words: list[str]) -> None:
    before = template.db.read_bytes()
    ran = template.run(*words)
    assert_error(ran, 2)
    assert "is not valid text" in ran.err
    assert template.db.read_bytes() == before


def test_a_path_may_be_no_text(furnished: Shop) -> None:
    other = furnished.folder / f"{BROKEN}.db"
    try:
        shutil.copy2(furnished.db, other)
    except OSError:
        pytest.skip("this file system takes no such name")
    for words in (["--db", other], [f"--db={other}"]):
        assert furnished.get("show-client", 1, *words)["id"] == 1
    assert_error(furnished.run("show-client", 1, "--db", f"absent{BROKEN}.db"), 5)
    contacts = furnished.folder / f"{BROKEN}.csv"
    shutil.copy2(furnished.folder / "contacts.csv", contacts)
    assert furnished.run("import", contacts, "--yes").code in (0, 2)


def test_an_agent_in_the_environment_that_is_no_text_is_a_usage_error(furnished: Shop) -> None:
    assert_error(furnished.run("log", "1", "said", RECRM_AGENT=BROKEN), 2)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_lead_nowhere_and_end_nothing(furnished: Shop, closed: str) -> None:
    for words, code in (("due-today", 0), ("log 1 said", 0), ("list-clients --json", 0), ("show-client Quux", 3)):
        done = furnished.shell(f"recrm {words} {closed}")
        assert done.code == code, done
        assert "Traceback" not in done.err
    assert [contact["text"] for contact in furnished.get("list-contacts", "--limit", 1)] == ["said"]


def test_the_version_is_told(bare: Shop) -> None:
    assert re.fullmatch(r"recrm \d+\.\d+\.\d+\n", bare.ok("--version"))


# The terminal.


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop whose clients' names, notes, tags and words try everything."""
    shop = Shop(tmp_path_factory.mktemp("hostile"))
    shop.ok("init")
    for name in HOSTILE:
        number = shop.add(
            name[:200],
            "--tier",
            "B",
            "--note",
            name,
            "--phone",
            f"1380013{8000 + len(name)}",
            "--allow-duplicate",
            "--birthday",
            "11-23",
            "--tag",
            name[:90],
        )
        shop.ok("log", number, name, "--feedback", name, "--at", "2026-10-01", "--in")
        shop.ok("add-follow-up", number, "today", name)
        shop.ok("record-complaint", number, name, "--severity", "major", "--to", name[:50])
    return shop


SHOWN = [
    *([name, *WORKING[name][0]] for name in LISTS if name not in ("config", "find")),
    ["find", "138"],
    ["find", "Meier"],
    ["show-client", "1"],
    ["show-client", "4"],
    ["show-client", "8"],
    ["show-complaint", "8"],
    ["list-clients", "--sort", "last-contact"],
    ["config"],
    [],
]


# Not the digest, written for a mail or a chat; nor `recrm` alone at 40, which is drawn for 80. A path is never broken,
# so the database is named by a short one.
@pytest.mark.parametrize(
    ("words", "width"),
    [
        (words, width)
        for words in SHOWN
        for width in (40, 80, 120, 200)
        if words != ["digest"] and (words or width > 40)
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_no_line_is_wider_than_the_terminal(hostile: Shop, words: list[str], width: int) -> None:
    ran = hostile.run(*words, COLUMNS=str(width), RECRM_DB=hostile.db.name)
    assert ran.code == 0
    assert [line for line in ran.out.splitlines() if display_width(line) > width] == []


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
def test_hostile_text_is_shown_as_text(hostile: Shop, words: list[str]) -> None:
    said = hostile.run(*words, COLUMNS="400")
    assert said.code == 0
    for text in (said.out, said.err):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert "aGVsbG8" not in text
    if words in (["due-today"], ["list-clients"], ["list-contacts"], ["list-complaints"]):
        for name in (
            "Bob [/] Smith",
            "[link=http://x]y[/link]",
            "[bold red]Ann",
            "EveEvil",
            "Tab and line",
            "👩\u200d👩\u200d👧 Meier",
        ):
            assert name in said.out


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_of_another_encoding_gets_what_it_can_show(hostile: Shop, words: list[str], encoding: str) -> None:
    environment = hostile.environment(PYTHONIOENCODING=encoding, PYTHONUTF8="0", LANG="C")
    for more in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "recrm", *words, *more],
            env=environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
        said = done.stdout.decode(encoding)
        if more:
            json.loads(said)


def test_colour_only_on_a_terminal_that_wants_it(hostile: Shop) -> None:
    assert "\x1b" not in hostile.ok("due-today")
    assert "\x1b" not in hostile.ok("due-today", NO_COLOR="1", TERM="xterm-256color")


@pytest.mark.parametrize(
    "words",
    [["list-contacts", "--limit", "0"], ["list-contacts", "--limit", "0", "--json"], ["--help"]],
    ids=" ".join,
)
def test_a_reader_that_leaves_early_is_no_error(furnished: Shop, words: list[str]) -> None:
    fill_with_contacts(furnished, 3000)
    done = furnished.shell(f"recrm {shlex.join(words)} | head -1; echo ${{PIPESTATUS[0]}}")
    assert done.err == ""
    assert done.out.splitlines()[-1] == "0"


def fill_with_contacts(shop: Shop, number: int) -> None:
    """So much that no pipe holds it."""
    import sqlite3

    row = (1, "2026-11-01T00:00:00Z", "out", "call", "x " * 50, "", "2026-11-01T00:00:00Z")
    with sqlite3.connect(shop.db) as conn:
        conn.executemany(
            "INSERT INTO contacts (client_id, at, direction, channel, text, agent, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [row] * number,
        )
    conn.close()


def test_a_full_output_is_an_error_and_not_a_traceback(furnished: Shop) -> None:
    fill_with_contacts(furnished, 500)
    for words in ("list-contacts", "list-contacts --json", "due-today", "show-client 1"):
        done = furnished.shell(f"recrm {words} > /dev/full")
        assert done.code == 1, done
        assert "Traceback" not in done.err
        assert "No space left on device" in done.err


def test_what_was_saved_is_said_though_the_answer_was_lost(furnished: Shop) -> None:
    done = furnished.shell("recrm log 1 'said twice?' > /dev/full")
    assert_error(done, 1)
    assert done.err.startswith("It was saved; only the answer could not be printed: No space left on device.")
    assert furnished.get("list-contacts", "--limit", 1)[0]["text"] == "said twice?"
