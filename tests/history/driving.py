"""Every writing command with arguments to choose from, run inside the test's own process: thousands of them."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st

from recrm.cli import boundary
from recrm.storage.schema import journaled_tables
from tests.conftest import Shop

CLIENT = st.sampled_from(["1", "2", "3", "4"])
NUMBER = st.sampled_from(["1", "2", "3", "4", "5"])
WORDS = st.sampled_from(["阳台漏水", "wants a balcony", "价格太高", "don't", "[/] x", "第一行 second"])
WHEN = st.sampled_from(["today", "+3d", "fri", "tomorrow 14:30", "eom"])
NAME = st.sampled_from(["李娜", "Anna de Vries", "王丽", "Bob [/] Smith"])
TAG = st.sampled_from(["urgent", "vip", "学区房"])
PHONE = st.sampled_from(["13800138000", "13900139000", "+31612345678"])


def line(*parts: Any) -> st.SearchStrategy[list[str]]:
    """A command line of fixed words and strategies."""
    made = [part if isinstance(part, st.SearchStrategy) else st.just(part) for part in parts]
    return st.tuples(*made).map(lambda words: [str(word) for word in words])


# Every command that writes to the database, as its agent may type it. Files are made by `write_files`.
WRITING: dict[str, list[st.SearchStrategy[list[str]]]] = {
    "add-client": [
        line("add-client", NAME, "--tier", "A", "--tag", TAG),
        line("add-client", NAME, "--phone", PHONE, "--allow-duplicate", "--birthday", "1990-05-20"),
        line("add-client", NAME, "--referrer", CLIENT, "--type", "buyer", "--note", WORDS),
    ],
    "edit-client": [
        line("edit-client", CLIENT, "--note", WORDS, "--tier", st.sampled_from(["A", "C", "none"])),
        line("edit-client", CLIENT, "--phone", PHONE, "--allow-duplicate"),
        line("edit-client", CLIENT, "--name", NAME, "--do-not-contact"),
        line("edit-client", CLIENT, "--referrer", CLIENT),
    ],
    "tag": [line("tag", CLIENT, TAG)],
    "untag": [line("untag", CLIENT, TAG)],
    "archive-client": [line("archive-client", CLIENT)],
    "unarchive-client": [line("unarchive-client", CLIENT)],
    "log": [
        line("log", CLIENT, WORDS, "--next", WHEN),
        line("log", CLIENT, WORDS, "--in", "--at", "yesterday", "--keep-open"),
    ],
    "add-follow-up": [
        line("add-follow-up", CLIENT, WHEN, WORDS),
        line("add-follow-up", CLIENT, "today", WORDS, "--every", "2w"),
    ],
    "done": [line("done", NUMBER, WORDS)],
    "snooze": [line("snooze", NUMBER, WHEN)],
    "cancel-follow-up": [line("cancel-follow-up", NUMBER)],
    "record-complaint": [
        line("record-complaint", CLIENT, WORDS, "--severity", st.sampled_from(["general", "major", "maintenance"]))
    ],
    "progress-complaint": [line("progress-complaint", NUMBER, WORDS)],
    "resolve-complaint": [line("resolve-complaint", NUMBER, WORDS)],
    "reopen-complaint": [line("reopen-complaint", NUMBER, WORDS)],
    "close-complaint": [line("close-complaint", NUMBER, st.sampled_from(["--satisfied", "--unsatisfied"]))],
    "import": [
        line("import", "clients.csv", "--yes"),
        line("import", "clients.csv", "--yes", "--overwrite", "--tag", TAG),
        line("import", "clients.vcf", "--yes"),
        line("import", "history.csv", "--history", "--yes"),
    ],
    "consent": [
        line("consent", CLIENT, "--allow", WORDS, "--how", "by phone"),
        line("consent", CLIENT, "--do-not-contact"),
    ],
    "merge-clients": [line("merge-clients", CLIENT, CLIENT, "--yes")],
    "check": [line("check", "--repair")],
}

# What writes nothing an undo could take back, or is the taking back itself.
NOT_UNDOABLE = {
    "due-today", "overdue", "agenda", "find", "list-contacts", "show-client", "list-clients", "show-complaint",
    "list-complaints", "history", "config", "completion", "init", "demo", "digest", "undo", "redo",
    "find-duplicates", "export", "export-person", "erase-client", "backup", "list-backups", "restore", "encrypt",
    "decrypt", "change-passphrase",
}  # fmt: skip


def any_command() -> st.SearchStrategy[list[str]]:
    """One of all of them, each command as likely as any other."""
    return st.sampled_from(sorted(WRITING)).flatmap(lambda name: st.one_of(WRITING[name]))


def write_files(folder: Path) -> None:
    """The files that imports read."""
    rows = [
        "姓名,电话,标签,备注",
        "李娜,13800138000,vip,阳台",
        "赵敏,13700137000,urgent,",
        "Anna de Vries,+31612345678,,x",
    ]
    (folder / "clients.csv").write_text("\n".join(rows), encoding="utf-8")
    card = ["BEGIN:VCARD", "VERSION:3.0", "FN:李娜", "TEL:13800138000", "BDAY:--0520", "NOTE:花园", "END:VCARD", ""]
    (folder / "clients.vcf").write_text("\r\n".join(card), encoding="utf-8")
    said = ["日期,跟进人,跟进方式,跟进内容,电话", "2026-11-01 10:00,Mei,微信,看了三套房,13800138000"]
    (folder / "history.csv").write_text("\n".join(said), encoding="utf-8")


def run(shop: Shop, words: Iterable[str], **environment: str) -> tuple[int, str]:
    """Run a command in this process; its exit code and all it said."""
    said = io.StringIO()
    before, started = Path.cwd(), shop.environment(**environment)
    with patch.dict(os.environ, started, clear=True), redirect_stdout(said), redirect_stderr(said):
        os.chdir(shop.folder)
        try:
            code = boundary.run(list(words))
        except SystemExit as left:  # so completion ends
            code = int(left.code or 0)
        finally:
            os.chdir(before)
    return code, said.getvalue()


def facts(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Every table that holds facts, row by row; digests sent aside."""
    with closing(sqlite3.connect(shop.db)) as conn:
        names = [name for name in journaled_tables(conn) if name != "digests"]
        return {name: conn.execute(f'SELECT * FROM "{name}" ORDER BY id').fetchall() for name in names}
