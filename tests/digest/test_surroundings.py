"""A digest runs where nobody looks: cron's empty environment, odd encodings, files that have to stay whole."""

from __future__ import annotations

import json
import stat
import subprocess
import sys

import pytest

from tests.conftest import Shop
from tests.digest.readers import Mail


def test_output_is_private_and_replaces_a_file_whole(busy: Shop) -> None:
    file = busy.folder / "digest.html"
    file.write_text("yesterday", encoding="utf-8")
    file.chmod(0o644)
    assert busy.ok("digest", "-f", "html", "-o", file) == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="utf-8") == busy.ok("digest", "-f", "html")
    assert [path.name for path in busy.folder.glob("*digest*")] == ["digest.html"]


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
def test_output_holds_what_stdout_would(busy: Shop, form: str) -> None:
    file = busy.folder / "made"
    busy.ok("digest", "-f", form, "-o", file)
    assert file.read_text(encoding="utf-8") == busy.ok("digest", "-f", form)
    assert "王丽" in file.read_text(encoding="utf-8")


def test_failing_write_leaves_the_old_file_whole(busy: Shop) -> None:
    file = busy.folder / "digest.txt"
    file.write_text("yesterday", encoding="utf-8")
    script = "ulimit -f 0; trap '' XFSZ; exec \"$@\""  # every write fails, as on a full disk, coverage's too
    environment = {name: value for name, value in busy.environment().items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, "-m", "recrm", "digest", "-o", str(file)],
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"The digest cannot be written to {file}: ")
    assert "Traceback" not in done.stderr
    assert file.read_text(encoding="utf-8") == "yesterday"
    assert [path.name for path in busy.folder.glob("*digest*")] == ["digest.txt"]


def test_crons_empty_environment_is_enough(busy: Shop) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recrm", "digest", "--once", "--db", str(busy.db), "--as-of", "2026-11-21"],
        env={"HOME": str(busy.folder), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd="/",
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "王丽" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
def test_stdout_of_another_encoding_does_not_stop_it(busy: Shop, form: str, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recrm", "digest", "-f", form],
        env=busy.environment(PYTHONIOENCODING=encoding),
        capture_output=True,
        timeout=120,
        check=True,
    )
    said = done.stdout.decode(encoding)
    if form == "json":
        assert json.loads(said) == busy.get("digest")
    elif form == "html":
        assert Mail(done.stdout.decode("utf-8")).text == Mail(busy.ok("digest", "-f", "html")).text
    else:
        assert "+86 138 0013 8000" in said


def test_missing_database_is_not_made(bare: Shop) -> None:
    ran = bare.run("digest", "--once")
    assert (ran.code, ran.out) == (5, "")
    assert not bare.db.exists()


@pytest.mark.parametrize(
    ("form", "loads_jinja"), [("text", False), ("markdown", False), ("json", False), ("html", True)]
)
def test_digest_imports_only_what_its_format_needs(busy: Shop, form: str, loads_jinja: bool) -> None:
    script = (
        "import sys; from recrm.cli import run; code = run(sys.argv[1:]); "
        "print([m for m in ('rich', 'jinja2', 'sqlite_utils') if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "digest", "-f", form],
        env=busy.environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    assert done.stderr.strip() == ("['jinja2']" if loads_jinja else "[]")
