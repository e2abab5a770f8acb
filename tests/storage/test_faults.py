"""Faults for real: a killed process, Ctrl-C, a full disk, a read-only folder, two processes at once."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import Ran, Shop

WRITES = [("add-client", "Bob"), ("log", "1", "said"), ("tag", "1", "vip"), ("add-follow-up", "1", "today")]


def python(shop: Shop, code: str, *words: str) -> subprocess.Popen[str]:
    """A Python of its own, in the shop's environment."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, *words]
    return subprocess.Popen(command, env=shop.environment(), cwd=shop.folder, stdout=pipe, stderr=pipe, text=True)


def run_as(shop: Shop, *words: str, before: tuple[str, ...] = (), limit: Callable[[], None] | None = None) -> Ran:
    """Run recrm under another program, or with a limit set first, which would stop coverage's own file as well."""
    environment = {name: value for name, value in shop.environment().items() if "COVERAGE" not in name}
    done = subprocess.run(
        [*before, sys.executable, "-m", "recrm", *words],
        env=environment,
        cwd="/",
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def state(shop: Shop) -> list[object]:
    """All that the shop knows, read by another connection; the file is whole."""
    conn = sqlite3.connect(shop.db)
    try:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        named = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1").fetchall()
        return [conn.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in named if "_words" not in name]
    finally:
        conn.close()


def assert_clean_refusal(ran: Ran, saying: str) -> None:
    assert (ran.code, ran.out) == (5, ""), ran
    assert saying in ran.err
    assert len(ran.err.splitlines()) == 2


# A killed process.

HALF_DONE = """
import signal, sys
from pathlib import Path
from recrm.storage import db
from tests.storage.kit import a_client, done_now
shop = db.open_existing(Path(sys.argv[1]))
shop.conn.execute("PRAGMA cache_size=2")  # so that changed pages reach the file before the end
with shop.write(done_now()):
    shop.conn.execute("UPDATE clients SET name = 'changed', note = hex(zeroblob(20000))")
    for number in range(200):
        a_client(shop.conn, name=f"{number}" * 20)
    print("half done", flush=True)
    signal.pause()
"""


def test_a_killed_process_leaves_the_last_whole_operation(shop: Shop) -> None:
    ann = shop.add("Ann", "--note", "as it was")
    before, file_before = state(shop), shop.db.read_bytes()
    child = python(
        shop, f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n{HALF_DONE}", str(shop.db)
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "half done\n"
    child.kill()
    child.communicate(timeout=60)
    assert shop.db.read_bytes() != file_before, "the file was to be caught half-written"
    assert shop.db.with_name("shop.db-journal").stat().st_size > 0
    assert [client["name"] for client in shop.get("list-clients")] == ["Ann"]
    assert state(shop) == before
    shop.ok("log", ann, "and on it goes")


# Ctrl-C.

INTERRUPTED = """
import os, signal, sys
from recrm.{module} import {name} as place
{more}
def interrupted(*args, **named):
    made = whole(*args, **named)
    os.kill(os.getpid(), signal.SIGINT)
    return made
whole, place.{function} = place.{function}, interrupted
from recrm.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize(
    ("module", "name", "function"),
    [
        ("contacts", "store", "add"),
        ("followups", "store", "add"),
        ("storage", "text_index", "follow"),
        ("storage", "db", "connect"),
    ],
)
def test_ctrl_c_in_the_middle_writes_nothing(shop: Shop, module: str, name: str, function: str) -> None:
    ann = shop.add("Ann")
    shop.ok("add-follow-up", ann, "today", "call")
    before = state(shop)
    code = INTERRUPTED.format(module=module, name=name, function=function, more="")
    child = python(shop, code, "log", str(ann), "said", "--next", "+3d")
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, ""), err
    assert err.strip() == "Stopped; nothing was saved."
    assert state(shop) == before


EARLY = """
import builtins, os, signal, sys
sys.path.insert(0, {root!r})
plain = builtins.__import__
def interrupted(name, *more):
    if name == {module!r} and {module!r} not in sys.modules:
        os.kill(os.getpid(), signal.SIGINT)
    return plain(name, *more)
builtins.__import__ = interrupted
from recrm.cli import main
main(["due-today"])
"""


@pytest.mark.parametrize("module", ["typer", "recrm.core.params"])
def test_ctrl_c_while_the_program_is_still_being_imported_is_silent(shop: Shop, module: str) -> None:
    child = python(shop, EARLY.format(root=str(Path(__file__).parents[2]), module=module))
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (-signal.SIGINT, "", "")


def test_to_import_the_program_changes_nothing_about_ctrl_c(shop: Shop) -> None:
    code = "import signal, recrm.cli; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    assert python(shop, code).communicate(timeout=60) == ("True\n", "")


# Disks and folders.


@pytest.fixture
def mortal() -> tuple[str, ...]:
    """What makes permissions count, which root may pass over."""
    if os.geteuid():
        return ()
    if shutil.which("setpriv"):
        before = (
            "setpriv",
            "--bounding-set=-dac_override,-dac_read_search",
            "--inh-caps=-dac_override,-dac_read_search",
        )
        if not subprocess.run([*before, "true"], check=False, capture_output=True).returncode:
            return before
    pytest.skip("root, and no setpriv to give up its powers")


@pytest.mark.parametrize("words", WRITES, ids=lambda words: words[0])
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_file_or_folder_refuses_writes_and_serves_reads(
    shop: Shop, mortal: tuple[str, ...], what: str, words: tuple[str, ...]
) -> None:
    shop.add("Ann")
    before = state(shop)
    place = shop.db if what == "file" else shop.folder
    place.chmod(0o400 if what == "file" else 0o500)
    try:
        assert_clean_refusal(run_as(shop, *words, before=mortal), "nothing was changed")
        assert "Ann" in run_as(shop, "list-clients", before=mortal).out
        assert run_as(shop, "due-today", "--json", before=mortal).code == 0
    finally:
        place.chmod(0o700)
    assert state(shop) == before
    assert [path.name for path in shop.folder.iterdir()] == ["shop.db"]


def test_an_unreadable_file_and_a_closed_folder_are_clean_errors(shop: Shop, mortal: tuple[str, ...]) -> None:
    shop.db.chmod(0)
    assert_clean_refusal(run_as(shop, "due-today", before=mortal), "Permission denied")
    closed = shop.folder / "closed"
    closed.mkdir(mode=0)
    for command in ("due-today", "init"):
        assert_clean_refusal(run_as(shop, command, "--db", str(closed / "a.db"), before=mortal), "Permission denied")


def test_a_full_disk_by_limit_writes_nothing(shop: Shop) -> None:
    shop.add("Ann")
    before, size = state(shop), shop.db.stat().st_size

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    note = "n" * 9000
    assert_clean_refusal(run_as(shop, "edit-client", "Ann", "--note", note, limit=full), "nothing was changed")
    assert state(shop) == before
    assert shop.get("edit-client", "Ann", "--note", note)["note"] == note


def test_a_limit_of_nothing_creates_nothing(bare: Shop) -> None:
    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    assert_clean_refusal(run_as(bare, "init", limit=full), str(bare.db))
    assert list(bare.folder.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 600 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_writes_nothing_and_goes_on_once_there_is_room(small_disk: Path) -> None:
    shop = Shop(small_disk)
    shop.ok("init")
    shop.add("Ann")
    before, filler = state(shop), small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass
    for words in (("edit-client", "Ann", "--note", "n" * 9000), *WRITES):
        assert_clean_refusal(shop.run(*words), "nothing was changed")
        assert state(shop) == before
    assert_clean_refusal(shop.run("init", "--db", small_disk / "other.db"), "other.db")
    assert {path.name for path in small_disk.iterdir()} == {"shop.db", "filler"}
    filler.unlink()
    for words in WRITES:
        shop.ok(*words)


# Two at once.

FIFTY = """
import sys
from recrm.cli import run
codes = [run(["log", "1", f"{sys.argv[1]} {number}", "--next", "+3d"]) for number in range(50)]
assert codes == [0] * 50, codes
"""


def test_two_processes_at_once_lose_no_row(shop: Shop) -> None:
    shop.add("Ann")
    agents = [python(shop, FIFTY, name) for name in ("Mei", "Jonas")]
    ran = [shop.run("due-today", "--json").code for _ in range(3)]
    if find_spec("recrm.digest.commands"):
        ran += [shop.run("digest", "--once").code for _ in range(3)]
    for agent in agents:
        _, err = agent.communicate(timeout=120)
        assert agent.returncode == 0, err
    assert set(ran) == {0}
    said = [contact["text"] for contact in shop.get("list-contacts", "--limit", 0)]
    assert sorted(said) == sorted(f"{name} {number}" for name in ("Mei", "Jonas") for number in range(50))
    conn = sqlite3.connect(shop.db)
    assert conn.execute("SELECT count(*) FROM operations WHERE command = 'log'").fetchone()[0] == 100
    assert conn.execute("SELECT count(*) FROM follow_ups").fetchone()[0] == 100
    # Every operation's lines are together: no process wrote between another's.
    of = [number for (number,) in conn.execute("SELECT operation_id FROM changes ORDER BY id")]
    assert of == sorted(of)
    conn.close()
    state(shop)
