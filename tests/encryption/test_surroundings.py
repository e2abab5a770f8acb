"""Faults for real on encrypted files: killed commands, damage, strangers, two processes; and what a plain one pays."""

from __future__ import annotations

import gzip
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Shop
from tests.encryption.conftest import PASSPHRASE, everything, key_file, legible
from tests.encryption.test_encrypting import OTHER, refused

PAGE = 4096

# A killed command.

KILLED = """
import os, signal, sys
from pathlib import Path
from recrm.storage import connections, reencryption
from recrm.encryption import replacing
def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
def after(place, name):
    whole = getattr(place, name)
    def last(*args, **named):
        whole(*args, **named)
        killed()
    setattr(place, name, last)
{stage}
from recrm import cli
cli.main(sys.argv[1:])
"""
STAGES = {
    "when the copy is made": "after(reencryption, 'copy')",
    "when the copy is verified": "after(reencryption, 'verify')",
    "before the renaming": "Path.replace = killed",
    "after the renaming": "after(Path, 'replace')",
    "before it overwrites": "replacing.overwrite = killed",
}


def run_killed(shop: Shop, stage: str, *words: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(stage=stage), *map(str, words)],
        env=shop.environment(PYTHONPATH=str(Path(__file__).parents[2])),
        cwd=shop.folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_a_killed_encrypt_leaves_the_old_file_or_the_new_one(plain: Shop, stage: str) -> None:
    before = everything(plain)
    run_killed(plain, stage, "encrypt")
    assert everything(plain) == before
    is_new = b"SQLite" not in plain.db.read_bytes()[:16]
    assert is_new == (stage in (STAGES["after the renaming"], STAGES["before it overwrites"]))
    assert legible(plain.folder) == ([] if is_new else ["shop.db"])
    if not is_new:
        plain.ok("encrypt")
    assert sorted(file.name for file in plain.folder.iterdir()) == ["key", "shop.db"]
    assert everything(plain) == before


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_a_killed_decrypt_leaves_nothing_legible_beside_an_encrypted_file(locked: Shop, stage: str) -> None:
    before = everything(locked)
    run_killed(locked, stage, "decrypt", "--yes")
    is_plain = locked.db.read_bytes().startswith(b"SQLite format 3\0")
    assert everything(locked) == before
    assert legible(locked.folder) == (["shop.db"] if is_plain else [])
    assert sorted(file.name for file in locked.folder.iterdir()) == ["key", "shop.db"]


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_one_of_the_two_passphrases_opens_after_a_killed_change(locked: Shop, stage: str) -> None:
    before = everything(locked)
    new = key_file(locked.folder, OTHER, "key-new")
    run_killed(locked, stage, "change-passphrase", "--new-key-file", new)
    if stage in (STAGES["after the renaming"], STAGES["before it overwrites"]):
        refused(locked.run("due-today"), 5, "does not open")
        locked.key_file = new
    assert everything(locked) == before
    assert legible(locked.folder) == []


def test_a_killed_write_leaves_the_last_whole_operation_and_nothing_legible(locked: Shop) -> None:
    before = everything(locked)
    done = subprocess.run(
        [sys.executable, "-c", HALF_DONE, str(locked.db)],
        env=locked.environment(PYTHONPATH=str(Path(__file__).parents[2])),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done
    assert locked.db.with_name("shop.db-journal").stat().st_size > 0
    assert legible(locked.folder) == []
    assert everything(locked) == before


HALF_DONE = f"""
import os, signal, sys
from pathlib import Path
from recrm.storage import db
from recrm.storage.keys import Keys
from tests.storage.kit import a_client, done_now
path = Path(sys.argv[1])
shop = db.open_existing(path, lambda: Keys(path, None, lambda _: {PASSPHRASE!r}))
shop.conn.execute("PRAGMA cache_size=2")
with shop.write(done_now()):
    shop.conn.execute("UPDATE clients SET note = hex(zeroblob(20000)) || 'Zanzibar'")
    for number in range(200):
        a_client(shop.conn, name=f"Zanzibar {{number}}" * 9)
    os.kill(os.getpid(), signal.SIGKILL)
"""


# What cannot be written.


def test_a_copy_that_differs_is_not_taken(plain: Shop) -> None:
    before = plain.db.read_bytes()
    spoiled = """
def copy(conn, draft, passphrase, whole=reencryption.copy):
    whole(conn, draft, passphrase)
    conn.execute("ATTACH DATABASE ? AS draft KEY ?", (str(draft), passphrase))
    conn.execute("UPDATE draft.clients SET note = note || '.'")
    conn.execute("DETACH DATABASE draft")
reencryption.copy = copy
"""
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(stage=spoiled), "encrypt"],
        env=plain.environment(PYTHONPATH=str(Path(__file__).parents[2])),
        cwd=plain.folder, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not agree" in done.stderr
    assert plain.db.read_bytes() == before
    assert sorted(file.name for file in plain.folder.iterdir()) == ["key", "shop.db"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_said(plain: Shop) -> None:
    plain.folder.chmod(0o500)
    try:
        ran = plain.run("encrypt")
    finally:
        plain.folder.chmod(0o700)
    refused(ran, 1, "could not be written anew")


# Damage and strangers.


@pytest.mark.parametrize("what", ["first page", "later page", "cut", "cut within the first page"])
def test_a_damaged_file_is_refused_and_left_as_it_is(locked: Shop, what: str) -> None:
    whole = locked.db.read_bytes()
    damaged = bytearray(whole)
    if what == "first page":
        damaged[100] ^= 1
    elif what == "later page":
        for place in range(PAGE, len(whole), PAGE):
            damaged[place + 100] ^= 1
    else:
        del damaged[PAGE * 2 + 77 if what == "cut" else 1000 :]
    locked.db.write_bytes(damaged)
    saying = {"first page": "does not open", "cut within the first page": "is not a recrm database"}.get(
        what, "damaged"
    )
    refused(locked.run("due-today"), 5, saying)
    refused(locked.run("decrypt", "--yes"), 5, saying)
    assert locked.db.read_bytes() == bytes(damaged)
    assert sorted(file.name for file in locked.folder.iterdir()) == ["key", "shop.db"]


def test_a_stranger_is_no_encrypted_database(locked: Shop) -> None:
    noise = random.Random(1).randbytes(3 * PAGE)
    strangers = {
        "notes.txt": b"call Ann\n" * 3000,
        "zeros": bytes(PAGE * 3),
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(5000) + noise,
        "short": noise[:2000],
        "sheet.gz": gzip.compress(b"Name,Phone\n" * 10),
    }
    for name, content in strangers.items():
        file = locked.folder / name
        file.write_bytes(content)
        refused(locked.run("due-today", "--db", file), 5, "is not a recrm database")
        assert file.read_bytes() == content
    (locked.folder / "noise").write_bytes(noise)
    refused(locked.run("due-today", "--db", "noise"), 5, "or this is not a recrm database")
    locked.key_file = None
    refused(locked.run("due-today", "--db", "noise"), 5, "is encrypted, or not a recrm database")


def test_an_encrypted_database_of_another_program_is_refused(locked: Shop) -> None:
    from recrm.storage import cipher

    other = locked.folder / "other.db"
    with closing(cipher.connect(other, PASSPHRASE)) as conn:
        conn.execute("CREATE TABLE t (a)")
    before = other.read_bytes()
    refused(locked.run("due-today", "--db", other), 5, "is a database of another program")
    assert other.read_bytes() == before


def test_without_the_extra_an_encrypted_file_is_said_to_need_it(locked: Shop) -> None:
    blocked = "import sys; sys.modules['sqlcipher3'] = None; from recrm import cli; cli.main(sys.argv[1:])"

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", blocked, *words],
            env=locked.environment(PYTHONPATH=str(Path(__file__).parents[2])),
            check=False, capture_output=True, text=True,
        )  # fmt: skip

    for words in (["due-today"], ["decrypt", "--yes"], ["init", "--encrypted", "--db", str(locked.folder / "new.db")]):
        done = run(*words)
        assert (done.returncode, done.stdout) == (5, "")
        assert "pip install sqlcipher3 keyring" in done.stderr
    assert not (locked.folder / "new.db").exists()


# Two processes.


def test_who_waited_for_the_lock_finds_the_new_file(plain: Shop) -> None:
    """An opener that saw the plain file before it was replaced opens the encrypted one in its place."""
    from recrm.storage import connections, db
    from recrm.storage.keys import Keys

    keys = Keys(plain.db, plain.key_file, None)
    seen = connections.is_plain_file(plain.db)
    plain.ok("encrypt")
    with pytest.MonkeyPatch.context() as patch:
        answers = iter([seen])
        true = connections.is_plain_file
        patch.setattr(db, "is_plain_file", lambda path: next(answers, None) or true(path))
        identities = iter([(0, 0)])
        now = db.file_identity
        patch.setattr(db, "file_identity", lambda path: next(identities, None) or now(path))
        shop = db.open_existing(plain.db, lambda: keys)
    with closing(shop):
        assert shop.is_encrypted
        assert shop.conn.execute("SELECT count(*) FROM clients").fetchone()[0] == 1


def test_a_file_in_use_is_not_encrypted_under_its_user(plain: Shop) -> None:
    before = plain.db.read_bytes()
    with closing(sqlite3.connect(plain.db, isolation_level=None)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        code = (
            "from recrm.storage import cipher; cipher.LOCK_SECONDS = 0.1; from recrm import cli; cli.main(['encrypt'])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=plain.environment(PYTHONPATH=str(Path(__file__).parents[2])),
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        conn.execute("ROLLBACK")
    assert done.returncode == 5
    assert "Another program has been writing" in done.stderr
    assert plain.db.read_bytes() == before


def test_a_writer_that_waited_does_not_write_into_the_old_file(plain: Shop) -> None:
    with closing(sqlite3.connect(plain.db, isolation_level=None)) as conn:
        assert conn.execute("SELECT count(*) FROM clients").fetchone() == (1,)
        plain.ok("encrypt")
        with pytest.raises(sqlite3.Error):
            conn.execute("INSERT INTO operations (command, agent, at) VALUES ('x', '', '2026-11-21T01:00:00Z')")


# What a plain database pays.


@pytest.mark.parametrize("words", [["due-today"], ["show-client", "1"], ["log", "1", "said"], ["find", "ann"]])
def test_a_plain_database_imports_nothing_of_it(plain: Shop, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "recrm", *words],
        env=plain.environment(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    modules = set(re.findall(r"^import time: .*\| +([\w.]+)$", done.stderr, re.MULTILINE))
    assert {name for name in modules if name.split(".")[0] in ("sqlcipher3", "keyring")} == set()
    assert "recrm.storage.keys" not in modules
    assert "recrm.storage.cipher" not in modules


def test_a_broken_index_of_words_is_no_damage_and_is_made_anew(locked: Shop) -> None:
    from recrm.storage import cipher

    with closing(cipher.connect(locked.db, PASSPHRASE)) as conn:
        for index in ("client_words", "contact_words"):
            conn.execute(f"UPDATE {index}_data SET block = x'00' WHERE id > 10")
    ran = locked.run("find", "Zanzibar", "--json")
    assert (ran.code, ran.err.splitlines()[1]) == (5, "Rebuild it with `recrm check --repair`.")
    ran = locked.run("check", "--json")
    assert ran.code == 1
    assert [each["check"] for each in ran.json["findings"]] == ["words"]
    assert not locked.db.with_name("shop.db.damaged").exists()
    locked.ok("check", "--repair")
    assert [hit["client_id"] for hit in locked.get("list-contacts")] == [1]
    assert locked.run("find", "学区房").code == 0
    locked.ok("check", "--full")


def test_sqlcipher_s_errors_are_sqlite_s(locked: Shop) -> None:
    from recrm.storage import cipher

    with closing(cipher.connect(locked.db, PASSPHRASE)) as conn:
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute("INSERT INTO clients (id) VALUES (1)")
        with pytest.raises(sqlite3.OperationalError):
            conn.execute("SELECT nothing FROM nowhere")
        with pytest.raises(sqlite3.ProgrammingError):
            conn.execute("SELECT ?", ())
