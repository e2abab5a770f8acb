"""What every test may ask for: a migrated database, a fixed now, and the real command with width and colour pinned."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import pytest

from tests.forking import Loaded, can_fork
from tests.opening import Closing, open_files

NOW = "2026-11-21T09:00:00"
ZONE = "Asia/Shanghai"
LONGEST = 120  # seconds that a command may take in a test
OPEN_FILES = 1024  # at once: what a plain shell allows, wherever the tests are run


@cache
def loaded() -> Loaded:
    """The process that commands are forked off; one for each process that runs tests."""
    return Loaded()


def _read(file: BinaryIO) -> str:
    """What a process has written there, as a pipe read as text gives it."""
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Ran:
    """What one command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer, where --json was given."""
        return json.loads(self.out)


@dataclass
class Shop:
    """A shop's database file and the real program, run as its agent would; `now` may be moved."""

    folder: Path
    now: str = NOW
    agent: str = ""
    width: int = 120
    key_file: Path | None = None
    language: str = ""

    @property
    def db(self) -> Path:
        return self.folder / "shop.db"

    def environment(self, **more: str) -> dict[str, str]:
        """A clean environment: nothing of the machine's but where Python finds its things."""
        kept = {
            name: os.environ[name]
            for name in ("PATH", "SYSTEMROOT", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
            if name in os.environ
        }
        return kept | {
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "LANG": "C.UTF-8",
            "TZ": ZONE,
            "COLUMNS": str(self.width),
            "RECRM_DB": str(self.db),
            "RECRM_NOW": self.now,
            "RECRM_AGENT": self.agent,
            **({"RECRM_KEY_FILE": str(self.key_file)} if self.key_file else {}),
            **({"RECRM_LANG": self.language} if self.language else {}),
            **more,
        }

    def run(self, *words: object, stdin: str = "", **environment: str) -> Ran:
        """Run `recrm WORDS…` to its end."""
        started = self.environment(**environment)
        if can_fork(started):
            return self._forked(list(map(str, words)), stdin, started)
        done = subprocess.run(
            [sys.executable, "-m", "recrm", *map(str, words)],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=started,
            cwd=self.folder,
            timeout=LONGEST,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def _forked(self, words: list[str], stdin: str, started: dict[str, str]) -> Ran:
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write(stdin.encode())
            given.seek(0)
            code = loaded().run(words, started, self.folder, (given, out, err), LONGEST)
            said = [_read(file) for file in (out, err)]
        assert "Traceback" not in said[1], said[1]
        return Ran(code, *said)

    def shell(self, line: str, **environment: str) -> Ran:
        """Run a line of bash in which `recrm` is the real program: what pipes and closed streams make of it."""
        done = subprocess.run(
            ["bash", "-c", f'recrm() {{ "$0" -m recrm "$@"; }}; {line}', sys.executable],
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            timeout=LONGEST,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def ok(self, *words: object, **environment: str) -> str:
        """Run a command that has to succeed; what it said."""
        ran = self.run(*words, **environment)
        assert ran.code == 0, (words, ran)
        return ran.out

    def get(self, *words: object, **environment: str) -> Any:
        """Run a command that has to succeed, with --json; its answer."""
        ran = self.run(*words, "--json", **environment)
        assert ran.code == 0, (words, ran)
        return ran.json

    def add(self, name: str = "王丽", *words: object) -> int:
        """Add a client; their id."""
        return int(self.get("add-client", name, *words)["id"])

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database file itself, past the program, or change it."""
        with closing(sqlite3.connect(self.db)) as conn, conn:
            return conn.execute(query, values).fetchall()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.sql(f"SELECT count(*) FROM {table}")[0][0])

    def due(self, *words: object, kind: str | None = None) -> list[dict[str, Any]]:
        """What due-today shows, all of it or one kind."""
        items = self.get("due-today", "--limit", 0, *words)
        return [item for item in items if kind in (None, item["kind"])]


ShopMaker = Callable[[], Shop]


@pytest.fixture(scope="session")
def make_shop(tmp_path_factory: pytest.TempPathFactory) -> ShopMaker:
    """Makes empty shops. `init` runs once; the others start from a copy of the file it made."""
    first = Shop(tmp_path_factory.mktemp("first-shop"))
    first.ok("init")

    def make() -> Shop:
        made = Shop(tmp_path_factory.mktemp("shop"))
        shutil.copy(first.db, made.db)
        return made

    return make


@pytest.fixture
def shop(make_shop: ShopMaker) -> Shop:
    """An empty shop in Shanghai on a Saturday morning, its database made."""
    return make_shop()


@pytest.fixture
def bare(tmp_path: Path) -> Shop:
    """A shop whose database has not been made yet."""
    return Shop(tmp_path)


@pytest.fixture(autouse=True)
def _closing() -> Iterator[None]:
    """What a test opens in this process by `until_the_test_ends` is closed."""
    with Closing():
        yield


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_open() -> Iterator[None]:
    """No module leaves a file open: a thousand of them, and one that has nothing to do with it fails."""
    before = open_files()
    yield
    assert open_files() <= before, "a database, or another file, was opened in this module and never closed"


def pytest_configure() -> None:
    """Allow no more open files than the narrowest machine does."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft == resource.RLIM_INFINITY or soft > OPEN_FILES:
            resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update` rewrites the transcripts; read the difference before keeping it."""
    parser.addoption("--update", action="store_true", help="rewrite tests/transcripts by what recrm says now")
