"""The command itself: what it writes where, what it refuses, and what is left after a fault: nothing."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Ran, Shop
from tests.exports.taking import sheet
from tests.storage.test_faults import mortal, run_as  # noqa: F401  # mortal is a fixture
from tests.terminal import Terminal

ALL = {"csv": "a.csv", "json": "a.json", "vcf": "a.vcf", "vcf3": "b.vcf", "xlsx": "a.xlsx", "ics": "a.ics"}


def refusal(ran: Ran, code: int, *saying: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    assert len(ran.err.splitlines()) == 2, ran.err
    for words in saying:
        assert words in ran.err


@pytest.mark.parametrize("name", ["a.csv", "a.JSON", "a.vcf", "a.vcard", "a.xlsx", "a.ics"])
def test_the_ending_says_what_to_write_and_the_file_is_its_owner_s_alone(furnished: Shop, name: str) -> None:
    told = furnished.get("export", name)
    assert told["file"] == name
    file = furnished.folder / name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_size > 100
    assert sorted(path.name for path in furnished.folder.iterdir()) == sorted(["shop.db", name])


def test_what_was_written_is_said(furnished: Shop) -> None:
    assert furnished.ok("export", "a.csv") == "Exported 4 clients to a.csv.\n"
    assert furnished.get("export", "b.xlsx") == {
        "file": "b.xlsx",
        "format": "xlsx",
        "clients": 4,
        "counts": {"clients": 4, "contacts": 1, "follow_ups": 2, "complaints": 2},
    }


@pytest.mark.parametrize("kind", list(ALL))
def test_a_pipe_gets_what_a_file_would(furnished: Shop, kind: str) -> None:
    furnished.ok("export", ALL[kind], "--format", kind)
    done = subprocess.run(
        [sys.executable, "-m", "recrm", "export", "--format", kind],
        env=furnished.environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    if kind != "xlsx":  # a ZIP archive says when it was made
        assert done.stdout == (furnished.folder / ALL[kind]).read_bytes()
    assert furnished.run("export", "-", "--format", "vcf").code == 0


def test_a_reader_that_leaves_early_is_no_error(furnished: Shop) -> None:
    # More than a pipe holds, or nobody would be left waiting.
    furnished.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
        "INSERT INTO contacts (client_id, at, direction, channel, text, agent, created_at) "
        "SELECT (SELECT min(id) FROM clients), '2026-11-01T00:00:00Z', 'out', 'call', hex(zeroblob(50)), '', "
        "'2026-11-01T00:00:00Z' FROM n"
    )
    done = furnished.shell("recrm export --format json | head -1; echo ${PIPESTATUS[0]}")
    assert (done.out, done.err) == ("{\n0\n", "")


def test_what_cannot_be_told_is_asked_for(furnished: Shop) -> None:
    refusal(furnished.run("export"), 2, "recrm export clients.csv")
    refusal(furnished.run("export", "clients.pdf"), 2, "clients.pdf", "--format")
    refusal(furnished.run("export", "clients"), 2, "--format")
    refusal(furnished.run("export", "--format", "csv", "--json"), 2, "stdout")
    refusal(furnished.run("export", "nowhere/a.csv"), 2, "There is no folder nowhere")
    (furnished.folder / "folder.csv").mkdir()
    refusal(furnished.run("export", "folder.csv"), 2, "is a folder")


def test_a_workbook_is_not_thrown_at_a_terminal(furnished: Shop) -> None:
    with Terminal(furnished, "export", "--format", "xlsx") as terminal:
        terminal.expect("A workbook cannot be read on a terminal.")
    with Terminal(furnished, "export", "--format", "csv") as terminal:
        terminal.expect("Bob Smith")


def test_a_file_that_is_there_is_left_alone_unless_forced(furnished: Shop) -> None:
    file = furnished.folder / "a.csv"
    file.write_text("mine")
    refusal(furnished.run("export", "a.csv"), 4, "a.csv is there already", "--force")
    assert file.read_text() == "mine"
    furnished.ok("export", "a.csv", "--force")
    assert len(sheet(file)) == 4
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_database_itself_is_never_written_over(furnished: Shop) -> None:
    before = furnished.db.read_bytes()
    for name in ("shop.db", "link.csv"):
        if name == "link.csv":
            (furnished.folder / name).symlink_to(furnished.db)
        refusal(furnished.run("export", name, "--format", "csv", "--force"), 2, "is the database itself")
    assert furnished.db.read_bytes() == before


def test_a_link_stays_one_and_its_file_is_replaced(furnished: Shop) -> None:
    (furnished.folder / "real.csv").write_text("old")
    (furnished.folder / "link.csv").symlink_to("real.csv")
    furnished.ok("export", "link.csv", "--force")
    assert (furnished.folder / "link.csv").is_symlink()
    assert len(sheet(furnished.folder / "real.csv")) == 4


def test_filters_are_those_of_the_list(furnished: Shop) -> None:
    for words in (["--tier", "A"], ["--tier", "none"], ["--type", "buyer"], ["--tag", "URGENT"], ["--agent", "Mei"],
                  ["--archived"], []):  # fmt: skip
        furnished.ok("export", "a.csv", "--force", *words)
        listed = [one["name"] for one in furnished.get("list-clients", "--sort", "id", *words)]
        assert [row["Name"] for row in sheet(furnished.folder / "a.csv")] == listed
    assert furnished.run("export", "b.csv", "--tier", "Z").code == 2
    assert furnished.run("export", "b.csv", "--type", "friend").code == 2
    assert not (furnished.folder / "b.csv").exists()


def test_an_empty_database_gives_a_file_of_nobody(shop: Shop) -> None:
    for name in ("a.csv", "a.json", "a.vcf", "a.xlsx", "a.ics"):
        assert shop.get("export", name)["clients"] == 0
    assert (shop.folder / "a.vcf").read_bytes() == b""
    assert sheet(shop.folder / "a.csv") == []
    assert json.loads((shop.folder / "a.json").read_text())["tables"]["clients"] == []


def test_no_database_leaves_no_file(bare: Shop) -> None:
    ran = bare.run("export", "a.csv")
    assert ran.code == 5
    assert list(bare.folder.iterdir()) == []


def small_files() -> None:
    """As on a full disk, a write fails."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.vcf", "a.ics", "a.xlsx"])
def test_a_disk_that_is_full_leaves_nothing_and_the_old_file(furnished: Shop, name: str) -> None:
    furnished.ok("edit-client", 1, "--note", "很长的笔记" * 1_900)
    for _ in range(5):
        furnished.ok("log", 1, os.urandom(4_900).hex())
    furnished.ok("add-follow-up", 1, "tomorrow", "很长的笔记" * 1_900)
    file = furnished.folder / name
    file.write_text("old")
    ran = run_as(furnished, "export", str(file), "--force", limit=small_files)
    refusal(ran, 1, "could not be written", "nothing is left of it")
    assert file.read_text() == "old"
    assert sorted(path.name for path in furnished.folder.iterdir()) == sorted(["shop.db", name])


def test_a_folder_that_is_read_only_is_a_clean_error(furnished: Shop, mortal: tuple[str, ...]) -> None:  # noqa: F811
    closed = furnished.folder / "closed"
    closed.mkdir(0o500)
    try:
        refusal(run_as(furnished, "export", str(closed / "a.csv"), before=mortal), 1, "could not be written")
        assert list(closed.iterdir()) == []
    finally:
        closed.chmod(0o700)


def test_a_killed_export_leaves_no_file_of_that_name(furnished: Shop) -> None:
    code = (
        "import os, signal\n"
        "from recrm import cli\n"
        "from recrm.exports import csv_file\n"
        "def die(*words):\n    words[0].write(b'half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "csv_file.write = die\n"
        "cli.main(['export', 'a.csv'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=furnished.environment(),
        cwd=furnished.folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert not (furnished.folder / "a.csv").exists()
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in furnished.folder.iterdir())


def test_exporting_changes_nothing(furnished: Shop) -> None:
    before = furnished.db.read_bytes()
    for kind, name in ALL.items():
        furnished.ok("export", name, "--format", kind)
    assert furnished.db.read_bytes() == before


def test_one_view_of_the_database_from_its_beginning_to_its_end(furnished: Shop, tmp_path: Path) -> None:
    """A writer has to wait: what it would add halfway would point to somebody who is not in the file."""
    import sqlite3
    from contextlib import closing

    from recrm.clients.filters import Wanted
    from recrm.exports import store
    from recrm.storage import db

    opened = db.open_existing(furnished.db)
    with closing(sqlite3.connect(furnished.db, timeout=0, isolation_level=None)) as other:
        with store.choice(opened.conn, Wanted(None, None, None, None), None) as chosen:
            assert len(chosen.ids) == 5
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("UPDATE clients SET note = 'x'")
        other.execute("UPDATE clients SET note = 'x'")
    opened.close()
