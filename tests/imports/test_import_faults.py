"""Rows and files that cannot be taken, and imports that are stopped: nothing is lost and nothing half done."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from recrm.imports.columns.headers import REASON
from tests.conftest import Shop
from tests.imports.bringing import ANNA, LINA, PLAIN, bring, clients, counts, stop_while_writing, write


def test_rejects_can_be_mended_and_imported_again(shop: Shop) -> None:
    bad = {"name": "=王丽", "phone": "1380013800", "note": 'say "hi",\nplease', "tags": " kept "}
    file = write(shop, ANNA, bad, {"note": "nobody"})
    answer = bring(shop, file)
    assert counts(answer) == (1, 0, 0, 2)
    back = shop.folder / "contacts.rejects.csv"
    assert answer["rejects_file"] == str(back)
    assert back.stat().st_mode & 0o777 == 0o600
    assert back.read_bytes().startswith(b"\xef\xbb\xbf")
    with back.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows[0] == [*PLAIN, REASON]
    assert rows[1][:5] == [bad["name"], bad["phone"], "", bad["note"], bad["tags"]]
    assert "1380013800" in rows[1][5]
    assert [reject["line"] for reject in answer["rejects"]] == [3, 5]

    assert bring(shop, file)["rejects_file"] == str(back), "the same rows are handed back in the same file"
    back.write_text(back.read_text("utf-8-sig").replace("1380013800,", "13800138000,"), "utf-8-sig")
    mended = bring(shop, back)
    assert counts(mended) == (1, 0, 0, 1)
    assert {"header": REASON, "field": None} in mended["mapping"]
    assert mended["rejects_file"] == str(shop.folder / "contacts.rejects-2.csv")
    header = (shop.folder / "contacts.rejects-2.csv").read_text("utf-8-sig").splitlines()[0]
    assert header.count(REASON) == 1


def test_headless_sheet_hands_back_rows_that_can_come_again(shop: Shop) -> None:
    file = shop.folder / "bare.csv"
    file.write_text("王丽,13800138000\n张伟,13700137000\n李强,139001390012\n", "utf-8")
    answer = bring(shop, file)
    assert counts(answer) == (2, 0, 0, 1)
    back = Path(answer["rejects_file"])
    back.write_text(back.read_text("utf-8-sig").replace("139001390012,", "13900139001,"), "utf-8-sig")
    assert counts(bring(shop, back)) == (1, 0, 0, 0)
    assert [found["name"] for found in clients(shop)] == ["王丽", "张伟", "李强"]


def test_row_of_two_clients_is_rejected_naming_both(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000")
    shop.add("李强", "--email", "li@example.com")
    both = {"name": "王丽", "phone": "13800138000", "email": "li@example.com"}
    answer = bring(shop, write(shop, both))
    assert counts(answer) == (0, 0, 0, 1)
    assert "王丽 (#1)" in answer["rejects"][0]["reason"]
    assert "李强 (#2)" in answer["rejects"][0]["reason"]


def test_without_a_terminal_it_shows_the_mapping_and_wants_yes(shop: Shop) -> None:
    ran = shop.run("import", write(shop, ANNA))
    assert ran.code == 2
    assert "phone" in ran.out
    assert "--yes" in ran.err
    assert "--dry-run" in ran.err
    assert clients(shop) == []


def test_sheet_without_any_known_column_is_refused(shop: Shop) -> None:
    ran = shop.run("import", write(shop, {"a": "1", "b": "2"}, header=["a", "b"]), "--yes")
    assert ran.code == 2
    assert "--map" in ran.err


def test_a_file_that_cannot_be_read_to_its_end_imports_nothing(shop: Shop) -> None:
    file = shop.folder / "torn.csv"
    file.write_text('name,phone\n王丽,13800138000\n"李强,13900139000\n', "utf-8")
    ran = shop.run("import", file, "--yes")
    assert ran.code == 1
    assert "line 3" in ran.err
    assert clients(shop) == []


def test_read_only_folder_hands_back_beside_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from recrm.core.files import draft_beside
    from recrm.imports.outcome import Outcome, hand_back

    def refuse(target: Path) -> AbstractContextManager[Path]:
        if target.parent == tmp_path / "stick":
            raise PermissionError(13, "Permission denied", str(target))
        return draft_beside(target)

    monkeypatch.setattr("recrm.imports.outcome.draft_beside", refuse)
    outcome = Outcome(tmp_path / "stick" / "contacts.csv", {}, 0, lambda _rows: b"text", dry_run=False)
    written = hand_back(outcome, ".csv", tmp_path)
    assert written == tmp_path / "contacts.rejects.csv"
    assert written.read_bytes() == b"text"


def test_rejects_that_can_be_written_nowhere_are_told_and_the_rest_is_kept(shop: Shop) -> None:
    file = write(shop, ANNA, {"name": "x", "phone": "12"}, name=f"{'x' * 246}.csv")
    ran = shop.run("import", file, "--yes")
    assert ran.code == 1
    assert "line 3" in ran.err
    assert ran.out.splitlines()[-1] == "Added 1, updated 0, unchanged 0, rejected 1: 2 of 2 rows."
    assert len(clients(shop)) == 1


@pytest.fixture
def interrupted(shop: Shop) -> Callable[[int], int]:
    """Start an import of 20,000 rows and send it a signal once it writes; its exit code."""

    def interrupt(number: int) -> int:
        people = [{"name": f"Client {i}", "phone": f"138{i:08}", "note": "x" * 200} for i in range(20_000)]
        file = write(shop, *people)
        return stop_while_writing(shop, number, str(file))

    return interrupt


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_import_stopped_in_the_middle_leaves_nothing(
    shop: Shop, interrupted: Callable[[int], int], number: int
) -> None:
    assert interrupted(number) == (-number if number == signal.SIGKILL else 130)
    assert clients(shop) == []
    assert counts(bring(shop, write(shop, ANNA))) == (1, 0, 0, 0)


def test_what_is_no_file_or_far_too_large_is_refused_unread(shop: Shop) -> None:
    pipe, huge = shop.folder / "pipe.csv", shop.folder / "huge"
    os.mkfifo(pipe)
    for ending in (".csv", ".vcf", ".xlsx"):
        with huge.with_suffix(ending).open("wb") as file:
            file.truncate(10_000_000_000)  # takes no room
    for path, words in (
        (pipe, "pipe"), (Path("/dev/zero"), "device"), (shop.folder, "folder"), (shop.folder / "none", "no file"),
        *((huge.with_suffix(ending), "larger than 200 MB") for ending in (".csv", ".vcf", ".xlsx")),
    ):  # fmt: skip
        ran = shop.run("import", path, "--yes")
        assert ran.code in (1, 2)
        assert words in ran.err


def test_file_changed_after_it_was_read_is_imported_as_it_was_shown(shop: Shop) -> None:
    from recrm.imports.columns.sheet import read_sheet

    file = write(shop, ANNA)
    sheet = read_sheet(file)
    write(shop, LINA, LINA)
    assert [row.cells[0] for row in sheet.rows] == [ANNA["name"]]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's peak so")
def test_a_large_import_and_its_rehearsal_take_little_memory_and_agree(shop: Shop) -> None:
    people = [
        {"name": f"Client {i}", "phone": f"138{i % 29_000:08}", "note": f"seen {i}", "tags": "fair"}
        for i in range(30_000)
    ]
    people[29_500] |= {"phone": "12"}
    file = write(shop, *people)
    code = (
        "import atexit, re, sys; from pathlib import Path; from recrm.cli import main\n"
        "atexit.register(int)\n"  # where somebody waits for the end, main does not leave at once
        "try: code = main()\n"
        "except SystemExit as left: code = left.code\n"
        # getrusage would count what the process had before it became this one: this test's own memory.
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "sys.stderr.write(str(int(peak) // 1024)); sys.exit(code)\n"
    )

    def peak(*words: str) -> tuple[dict[str, object], int]:
        ran = subprocess.run(
            [sys.executable, "-c", code, "import", str(file), "--json", *words],
            env=shop.environment(), capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        answer = json.loads(ran.stdout)
        return {name: answer[name] for name in ("added", "updated", "unchanged", "rejected", "rejects")}, int(
            ran.stderr
        )

    rehearsed, in_rehearsal = peak("--dry-run")
    done, for_real = peak("--yes")
    assert rehearsed == done
    assert (done["added"], done["updated"], done["rejected"]) == (29_000, 999, 1)
    assert max(in_rehearsal, for_real) < 130
    again, _ = peak("--yes")
    assert (again["unchanged"], again["rejected"]) == (29_999, 1)
