"""Where the passphrase comes from: the key file, the keyring, the person; and what is said where it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Shop
from tests.encryption.conftest import PASSPHRASE, everything, key_file
from tests.encryption.test_encrypting import OTHER, refused
from tests.terminal import CTRL_C, CTRL_D, Terminal

ASKED = "Passphrase of shop.db: "


@pytest.fixture
def ring(tmp_path: Path) -> dict[str, str]:
    """An environment with a keyring of its own, a file called `ring`."""
    return {
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTHON_KEYRING_BACKEND": "ring.Ring",
        "RING": str(tmp_path / "key-ring"),
    }


def kept(ring: dict[str, str]) -> dict[str, str]:
    file = Path(ring["RING"])
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}


# The key file.


@pytest.mark.parametrize(
    ("content", "mode", "saying"),
    [
        (None, 0o600, "cannot be read: No such file or directory"),
        (b"", 0o600, "has an empty first line"),
        (b"\nsecond line\n", 0o600, "has an empty first line"),
        (b"\xff\xfe\x00", 0o600, "is not UTF-8 text"),
        (PASSPHRASE.encode(), 0o640, "can be read by others (mode 640)"),
        (PASSPHRASE.encode(), 0o604, "can be read by others (mode 604)"),
    ],
)
def test_a_key_file_that_is_not_fit_is_said_so(locked: Shop, content: bytes | None, mode: int, saying: str) -> None:
    before = locked.db.read_bytes()
    file = locked.folder / "key"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
        file.chmod(mode)
    refused(locked.run("due-today"), 5, saying)
    refused(locked.run("log", 1, "said", "--json"), 5, saying)
    assert locked.db.read_bytes() == before


@pytest.mark.parametrize("content", ["{}", "\ufeff{}\r\nanother line\r\n", "{}\n"])
def test_the_first_line_counts_however_it_ends(locked: Shop, content: str) -> None:
    (locked.folder / "key").write_text(content.format(PASSPHRASE), "utf-8", newline="")
    assert locked.get("list-clients")[0]["name"] == "Ann Zanzibar"


def test_letters_with_accents_are_the_same_however_a_system_writes_them(plain: Shop) -> None:
    key_file(plain.folder, "cafe\u0301 au lait")
    plain.ok("encrypt")
    key_file(plain.folder, "caf\u00e9 au lait")
    assert plain.get("list-clients")


def test_a_key_may_come_from_another_program(locked: Shop) -> None:
    done = locked.shell("RECRM_KEY_FILE=<(cat key) recrm show-client 1 --json")
    assert done.json["name"] == "Ann Zanzibar", done.err


def test_the_digest_of_an_encrypted_shop_goes_out_under_cron(locked: Shop) -> None:
    environment = {
        "HOME": str(locked.folder), "RECRM_DB": str(locked.db), "RECRM_NOW": locked.now, "TZ": "Asia/Shanghai",
        "RECRM_KEY_FILE": str(locked.key_file),
    }  # fmt: skip

    def digest(**more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "recrm", "digest", "--once"]
        return subprocess.run(
            command,
            env=environment | more,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    assert "Ann Zanzibar" in digest().stdout
    done = digest(RECRM_KEY_FILE="")
    assert (done.returncode, done.stdout) == (5, "")
    assert "no passphrase was given" in done.stderr


# The keyring.


def test_the_keyring_opens_what_was_encrypted_with_it(plain: Shop, ring: dict[str, str]) -> None:
    before = everything(plain)
    assert plain.get("encrypt", "--keyring", **ring)["in_keyring"] is True
    assert kept(ring) == {f"recrm {plain.db}": PASSPHRASE}
    plain.key_file = None
    assert [plain.get(*words, **ring) for words in (["due-today"], ["list-contacts"])] == list(before)[:2]  # type: ignore[call-overload]
    refused(plain.run("due-today", **ring, RING_LOCKED="1"), 5, "no passphrase was given")


def test_the_keyring_takes_the_new_passphrase(plain: Shop, ring: dict[str, str]) -> None:
    plain.ok("encrypt", "--keyring", **ring)
    plain.key_file = None
    new = key_file(plain.folder, OTHER, "key-new")
    assert "So has this system's keyring." in plain.ok("change-passphrase", "--new-key-file", new, **ring)
    assert kept(ring) == {f"recrm {plain.db}": OTHER}
    assert plain.get("list-clients", **ring)


def test_a_keyring_that_refuses_changes_nothing(plain: Shop, ring: dict[str, str]) -> None:
    before = plain.db.read_bytes()
    refused(plain.run("encrypt", "--keyring", **ring, RING_LOCKED="1"), 1, "the ring is locked")
    refused(plain.run("encrypt", "--keyring", PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring"), 1, "keyring")
    assert plain.db.read_bytes() == before


def test_an_old_entry_of_the_keyring_gives_way_to_the_question(locked: Shop, ring: dict[str, str]) -> None:
    Path(ring["RING"]).write_text(json.dumps({f"recrm {locked.db}": OTHER}), "utf-8")
    locked.key_file = None
    refused(locked.run("list-clients", **ring), 5, "The passphrase in the keyring does not open")
    with Terminal(locked, "list-clients", **ring) as terminal:
        terminal.answer(ASKED, PASSPHRASE)
        assert terminal.end() == 0
        assert "Ann Zanzibar" in terminal.seen


# The person.


def test_a_person_is_asked_and_nothing_of_the_passphrase_is_shown(locked: Shop) -> None:
    locked.key_file = None
    with Terminal(locked, "show-client", "1") as terminal:
        terminal.answer(ASKED, "wrong passphrase", PASSPHRASE)
        assert terminal.end() == 0
    assert "That does not open it." in terminal.seen
    assert "Ann Zanzibar" in terminal.seen
    assert PASSPHRASE not in terminal.seen


def test_three_wrong_answers_are_enough(locked: Shop) -> None:
    locked.key_file = None
    with Terminal(locked, "due-today") as terminal:
        terminal.answer(ASKED, "wrong one", "wrong again", "and again")
        assert terminal.end() == 5
    assert "The passphrase typed does not open" in terminal.seen


@pytest.mark.parametrize(("keys", "code"), [(CTRL_C, 130), (CTRL_D, 1)])
def test_the_question_can_be_left(locked: Shop, keys: str, code: int) -> None:
    locked.key_file = None
    before = locked.db.read_bytes()
    with Terminal(locked, "log", "1", "said") as terminal:
        terminal.answer(ASKED, keys)
        assert terminal.end() == code
    assert "Traceback" not in terminal.seen
    assert locked.db.read_bytes() == before


def test_a_new_passphrase_is_typed_twice(plain: Shop) -> None:
    plain.key_file = None
    before = plain.db.read_bytes()
    with Terminal(plain, "encrypt", "--no-keyring") as terminal:
        terminal.answer("New passphrase for shop.db: ", PASSPHRASE)
        terminal.answer("The same once more: ", "something else")
        assert terminal.end() == 2
    assert plain.db.read_bytes() == before
    with Terminal(plain, "encrypt", "--no-keyring") as terminal:
        terminal.answer("New passphrase for shop.db: ", PASSPHRASE)
        terminal.answer("The same once more: ", PASSPHRASE)
        assert terminal.end() == 0
    with Terminal(plain, "change-passphrase") as terminal:
        terminal.answer(ASKED, PASSPHRASE)
        terminal.answer("New passphrase for shop.db: ", OTHER)
        terminal.answer("The same once more: ", OTHER)
        assert terminal.end() == 0
    plain.key_file = key_file(plain.folder, OTHER)
    assert plain.get("list-clients")


def test_the_keyring_is_offered_where_there_is_one(plain: Shop, ring: dict[str, str]) -> None:
    plain.key_file = None
    with Terminal(plain, "encrypt", **ring) as terminal:
        terminal.answer("New passphrase for shop.db: ", PASSPHRASE)
        terminal.answer("The same once more: ", PASSPHRASE)
        terminal.answer("Keep the passphrase in this system's keyring", "y")
        assert terminal.end() == 0
    assert plain.get("list-clients", **ring)


def test_decrypting_asks_first(locked: Shop) -> None:
    with Terminal(locked, "decrypt") as terminal:
        terminal.answer("Take the encryption off?", "n")
        assert terminal.end() == 1
    with Terminal(locked, "decrypt") as terminal:
        terminal.answer("Take the encryption off?", "y")
        assert terminal.end() == 0
    assert locked.count("clients") == 1


def test_completion_uses_the_key_file_and_never_asks(locked: Shop, ring: dict[str, str]) -> None:
    asked = {"_RECRM_COMPLETE": "complete_bash", "COMP_WORDS": "recrm show-client ann", "COMP_CWORD": "2"}
    assert locked.run(**asked).out == "1\n"
    locked.key_file = None
    Path(ring["RING"]).write_text(json.dumps({f"recrm {locked.db}": PASSPHRASE}), "utf-8")
    with Terminal(locked, **asked, **ring) as terminal:
        assert terminal.end() in (0, 1)
    assert terminal.seen.strip() == ""


def test_a_passphrase_is_never_taken_from_the_command_line_or_a_variable(locked: Shop) -> None:
    refused(locked.run("due-today", RECRM_KEY_FILE=PASSPHRASE), 5, "cannot be read")
    help_text = locked.ok("encrypt", "--help") + locked.ok("change-passphrase", "--help")
    assert "--passphrase" not in help_text


def test_the_library_writes_nothing_to_stderr_by_itself(locked: Shop) -> None:
    key_file(locked.folder, OTHER)
    ran = locked.run("due-today")
    assert len(ran.err.splitlines()) == 2
    assert os.linesep.join(("ERROR", "CORE")) not in ran.err
