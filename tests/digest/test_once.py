"""Once a day for each recipient, whatever fails, dies or runs at the same time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from recrm.digest.model import is_held, missed_since
from tests.conftest import Shop

ONCE = ("digest", "--once")


def rows(shop: Shop) -> list[tuple[str, str, bool]]:
    with closing(sqlite3.connect(shop.db)) as conn:
        return [
            (recipient, day, sent is not None)
            for recipient, day, sent in conn.execute(
                "SELECT recipient, day, sent_at FROM digests ORDER BY id"
            ).fetchall()
        ]


def leave_claim(shop: Shop, at: str) -> None:
    """What a run killed between claiming and sending leaves."""
    with closing(sqlite3.connect(shop.db)) as conn, conn:
        conn.execute("INSERT INTO digests (recipient, day, claimed_at) VALUES ('', '2026-11-21', ?)", (at,))


def test_second_run_of_a_day_prints_nothing(busy: Shop) -> None:
    assert busy.ok(*ONCE) == busy.ok("digest")
    busy.now = "2026-11-21T23:59:59"
    for words in (ONCE, (*ONCE, "--json"), (*ONCE, "-f", "html")):
        ran = busy.run(*words)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
    busy.now = "2026-11-22T00:00:00"
    assert busy.ok(*ONCE).startswith("Sun 22 Nov: ")
    assert rows(busy) == [("", "2026-11-21", True), ("", "2026-11-22", True)]


def test_second_run_leaves_the_file_alone(busy: Shop) -> None:
    file = busy.folder / "digest.txt"
    assert busy.ok(*ONCE, "--output", file) == ""
    file.write_text("read", encoding="utf-8")
    assert busy.ok(*ONCE, "--output", file) == ""
    assert file.read_text(encoding="utf-8") == "read"


def test_each_recipient_gets_one(busy: Shop) -> None:
    assert busy.ok(*ONCE, "--recipient", "小李")
    assert busy.ok(*ONCE, "--recipient", "小李 ") == ""
    assert busy.ok(*ONCE)
    assert rows(busy) == [("小李", "2026-11-21", True), ("", "2026-11-21", True)]


def test_one_run_catches_up_after_days_off(busy: Shop) -> None:
    busy.now = "2026-11-18T09:00:00"
    assert "No digest" not in busy.ok(*ONCE)
    busy.now = "2026-11-21T09:00:00"
    said = busy.ok(*ONCE)
    assert "\nNo digest went out since Wed 18 Nov; what fell due since then is counted here.\n" in said
    assert "[f1]" in said
    assert busy.ok(*ONCE) == ""
    busy.now = "2026-11-22T09:00:00"
    assert "No digest went out" not in busy.ok(*ONCE)
    busy.now = "2026-11-25T09:00:00"
    assert busy.get(*ONCE)["missed_since"] == "2026-11-22"


def test_empty_days_off_are_told_too(shop: Shop) -> None:
    shop.ok(*ONCE)
    shop.now = "2026-11-30T09:00:00"
    assert shop.ok(*ONCE).startswith("Mon 30 Nov: nothing is due\nNo digest went out since Sat 21 Nov.\n")


def test_catching_up_is_told_in_every_format(busy: Shop) -> None:
    busy.now = "2026-11-18T09:00:00"
    for form in ("markdown", "html"):
        busy.ok(*ONCE, "--recipient", form)
    busy.now = "2026-11-21T09:00:00"
    for form in ("markdown", "html"):
        assert "No digest went out since Wed 18 Nov;" in busy.ok(*ONCE, "--recipient", form, "-f", form)


def test_quiet_if_empty_says_nothing_and_counts_as_sent(shop: Shop) -> None:
    file = shop.folder / "digest.txt"
    assert shop.ok("digest", "--quiet-if-empty") == ""
    assert shop.ok(*ONCE, "--quiet-if-empty", "--output", file) == ""
    assert not file.exists()
    assert rows(shop) == [("", "2026-11-21", True)]
    shop.ok("add-follow-up", shop.add(), "2026-11-20", "call")
    assert shop.ok(*ONCE, "--quiet-if-empty") == ""
    assert "王丽" in shop.ok("digest", "--quiet-if-empty")


def test_digests_at_once_send_one(busy: Shop) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "recrm", *ONCE],
            env=busy.environment(),
            cwd=busy.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for _ in range(8)
    ]
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0] * 8
    assert sorted(bool(out) for out, _ in ended) == [False] * 7 + [True]
    assert [err for _, err in ended] == [""] * 8
    assert rows(busy) == [("", "2026-11-21", True)]


def test_failed_delivery_gives_the_day_back(busy: Shop) -> None:
    ran = busy.run(*ONCE, "--output", busy.folder / "absent" / "digest.txt")
    assert (ran.code, ran.out) == (1, "")
    assert "absent/digest.txt: No such file or directory." in ran.err
    assert rows(busy) == []
    assert busy.ok(*ONCE)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_full_disk_behind_stdout_gives_the_day_back(busy: Shop, form: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        code, err = into(busy, full.fileno(), *ONCE, "-f", form)
    assert code == 1
    assert err.startswith("The digest cannot be printed: No space left on device.\n")
    assert "Exception ignored" not in err
    assert rows(busy) == []


def test_reader_that_left_gives_the_day_back(busy: Shop) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code, err = into(busy, writing, *ONCE)
    assert code == 1
    assert err.startswith("The digest was not read to its end, so it does not count as sent.\n")
    assert rows(busy) == []
    assert into(busy, writing, "digest") == (0, ""), "without --once a reader may have seen enough"
    os.close(writing)


def test_closed_stdout_is_a_failure_in_words(busy: Shop) -> None:
    code, err = into(busy, None, *ONCE)
    assert code == 1
    assert err.startswith("There is no stdout to print the digest on.\n")
    assert rows(busy) == []


def into(shop: Shop, stdout: int | None, *words: str) -> tuple[int, str]:
    """Run recrm with this stdout, None for a closed one: its code, and its words on stderr."""
    command = [sys.executable, "-m", "recrm", *words]
    if stdout is None:
        command = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
    done = subprocess.run(
        command, env=shop.environment(), stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=120, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_run_killed_while_its_reader_dawdles_holds_nothing_up(busy: Shop) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while os.write(writing, b" " * 4096):
            pass
    os.set_blocking(writing, True)
    command = [sys.executable, "-m", "recrm", *ONCE]
    with subprocess.Popen(command, env=busy.environment(), stdout=writing) as stuck:
        while not rows(busy):
            assert stuck.poll() is None
        assert busy.ok(*ONCE) == "", "it is being sent"
        busy.add("Ann")  # no transaction is open meanwhile
        stuck.kill()
    os.close(reading)
    os.close(writing)
    assert rows(busy) == [("", "2026-11-21", False)]
    busy.now = "2026-11-21T09:10:00"
    assert busy.ok(*ONCE)


def test_claim_of_a_run_at_work_is_respected(busy: Shop) -> None:
    leave_claim(busy, "2026-11-21T00:50:01Z")  # 9 minutes 59 seconds ago
    ran = busy.run(*ONCE)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert rows(busy) == [("", "2026-11-21", False)]


@pytest.mark.parametrize("at", ["2026-11-21T00:50:00Z", "2026-11-21T09:00:00Z"], ids=["old", "of a wrong clock"])
def test_claim_of_a_killed_run_is_taken_over(busy: Shop, at: str) -> None:
    leave_claim(busy, at)
    assert busy.ok(*ONCE).startswith("Sat 21 Nov: ")
    assert rows(busy) == [("", "2026-11-21", True)]


def test_failure_of_a_takeover_gives_the_day_back(busy: Shop) -> None:
    leave_claim(busy, "2026-11-20T23:00:00Z")
    assert busy.run(*ONCE, "--output", busy.folder).code == 1
    assert rows(busy) == []


def test_as_of_claims_the_day_it_tells_of(busy: Shop) -> None:
    assert busy.ok(*ONCE, "--as-of", "tomorrow").startswith("Sun 22 Nov: ")
    assert busy.ok(*ONCE).startswith("Sat 21 Nov: ")
    busy.now = "2026-11-22T09:00:00"
    assert busy.ok(*ONCE) == ""


def test_claim_holds_ten_minutes_and_yesterdays_digest_is_no_gap() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert is_held(now, now)
    assert is_held(now - timedelta(minutes=9, seconds=59), now)
    assert not is_held(now - timedelta(minutes=10), now)
    today = date(2026, 11, 21)
    assert missed_since(None, today) is None
    assert missed_since(date(2026, 11, 20), today) is None
    assert missed_since(date(2026, 11, 19), today) == date(2026, 11, 19)
