"""`poe torture`: kill -9 at random moments of every writing command, and look what is left.

After each kill the database must open, `recrm check` must find nothing, and the command must be whole or absent:
either every fact is as before, or as the same command leaves it that runs to its end on a copy made before. A quarter
of the kills come at any moment of the process, the others within milliseconds of the moment when SQLite's journal
appears, or when it has been synced: from there to its deletion lies the time in which a write is neither done nor not.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import Shop
from tests.history.driving import facts, run, write_files

ROWS = 2_000  # of the larger import
HOT = bytes.fromhex("d9d505f920a163d7")  # a journal that is to be rolled back begins so (sqlite.org/fileformat)
LONGEST = 60.0  # seconds that one command may take


@dataclass
class Toll:
    """What became of the killed commands."""

    rounds: int = 0
    seconds: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    by_command: Counter[str] = field(default_factory=Counter)
    hot: int = 0  # killed in the midst of a write: its journal was left behind

    def words(self) -> str:
        """The counts, for a person."""
        lines = [
            f"{self.rounds} kills in {self.seconds:.0f} s over {len(self.by_command)} commands.",
            f"In the midst of a write, its journal left behind: {self.hot}.",
            *(f"{what}: {count}." for what, count in sorted(self.ends.items())),
            "Killed: " + ", ".join(f"{name} {count}" for name, count in sorted(self.by_command.items())) + ".",
            "Every database opened, every check was clean, every operation was whole or absent.",
        ]
        return "\n".join(lines)


class Torn(AssertionError):
    """A kill left what it must not leave; the folder is kept."""


def commands(shop: Shop, rng: random.Random) -> list[list[str]]:
    """One line of each writing command, with arguments that mostly find something to do."""
    client, other = (str(one[0]) for one in rng.sample(shop.sql("SELECT id FROM clients ORDER BY id LIMIT 8"), 2))
    number = str(rng.randint(1, max(1, shop.count("follow_ups"))))
    complaint = str(rng.randint(1, max(1, shop.count("complaints"))))
    lines = [
        ["add-client", f"王丽{rng.randint(0, 999)}", "--tier", "A", "--tag", "vip", "--note", "阳台"],
        ["edit-client", client, "--note", f"note {rng.random()}", "--tier", rng.choice("ABC")],
        ["tag", client, rng.choice(["urgent", "vip", "西区"])],
        ["untag", client, rng.choice(["urgent", "vip"])],
        [rng.choice(["archive-client", "unarchive-client"]), client],
        ["log", client, f"said {rng.random()}", "--next", "+3d"],
        ["add-follow-up", client, "today", "call", "--every", "2w"],
        ["done", number],
        ["snooze", number, "+2d"],
        ["cancel-follow-up", number],
        ["record-complaint", client, "no heating", "--severity", rng.choice(["general", "major", "maintenance"])],
        ["progress-complaint", complaint, "went on"],
        ["resolve-complaint", complaint, "mended"],
        ["reopen-complaint", complaint, "again"],
        ["close-complaint", complaint, rng.choice(["--satisfied", "--unsatisfied"])],
        ["consent", client, rng.choice(["--allow", "--withdraw"]), "calls", "--how", "by phone"],
        ["merge-clients", client, other, "--yes"],
        ["import", rng.choice(["clients.csv", "many.csv"]), "--yes", "--overwrite", "--tag", f"t{rng.randint(0, 9)}"],
        ["erase-client", client, "--yes"],
        ["check", "--repair"],
        ["backup"],
        ["digest", "--once"],
        ["undo"],
        ["undo", "--steps", "3"],
        ["redo"],
    ]
    many = shop.folder / "many.csv"
    if not many.exists():
        rows = (f"客户{n},1390000{n:04d},balcony {n}" for n in range(ROWS))
        many.write_text("\n".join(["姓名,电话,备注", *rows]), encoding="utf-8")
    return lines


def torture(folder: Path, rounds: int, seconds: float, seed: int) -> Toll:
    """Kill so many commands, or as many as the time allows; Raises Torn at the first that left anything wrong."""
    rng = random.Random(seed)
    toll, began = Toll(), time.monotonic()
    shop = Shop(folder)
    assert run(shop, ["init"])[0] == 0
    write_files(shop.folder)
    usual: dict[str, float] = {}
    places: list[int] = []
    while toll.rounds < rounds and time.monotonic() - began < seconds:
        while shop.count("clients") < 8:
            _replenish(shop, rng)
        lines = commands(shop, rng)
        places = places or rng.sample(range(len(lines)), len(lines))  # each once before any again
        words = lines[places.pop()]
        end = _one(shop, words, rng, usual, toll)
        toll.rounds += 1
        toll.ends[end] += 1
        toll.by_command[words[0]] += 1
    toll.seconds = time.monotonic() - began
    return toll


def _replenish(shop: Shop, rng: random.Random) -> None:
    """Merging and erasing use clients up."""
    words = ["add-client", f"Anna {rng.randint(0, 9999)}", "--tier", "B", "--phone", f"139{rng.randint(0, 10**8):08d}"]
    assert run(shop, words)[0] == 0


def _one(shop: Shop, words: list[str], rng: random.Random, usual: dict[str, float], toll: Toll) -> str:
    """Kill one command somewhere, and prove what is left; how it ended."""
    before, count = facts(shop), _operations(shop)
    twin = Shop(shop.folder / "twin")
    shutil.rmtree(twin.folder, ignore_errors=True)
    twin.folder.mkdir()
    for file in (shop.db, shop.folder / "clients.csv", shop.folder / "many.csv"):
        shutil.copy2(file, twin.folder)
    code = _kill(shop, words, rng, usual)
    journal = _journal(shop)
    toll.hot += _is_hot(journal)
    after = facts(shop)  # opening it rolls back what was caught in the midst
    journal.unlink(missing_ok=True)  # one that was never begun stays until the next write
    if shop.sql("PRAGMA quick_check") != [("ok",)] or shop.sql("PRAGMA foreign_key_check"):
        raise Torn(f"{words}: the file is damaged; see {shop.folder}")
    checked, said = run(shop, ["check"])
    if checked:
        raise Torn(f"{words}: check says: {said}; see {shop.folder}")
    if _operations(shop) == count:
        if after != before:
            raise Torn(f"{words}: facts changed without an operation; see {shop.folder}")
        return "Absent, as if it had never begun" if code else "Ran to its end, nothing to do or refused"
    run(twin, words)
    if after != facts(twin):
        raise Torn(f"{words}: the operation is not whole; see {shop.folder}")
    return "Whole, though it was killed" if code == -signal.SIGKILL else "Ran to its end before the kill"


def _kill(shop: Shop, words: list[str], rng: random.Random, usual: dict[str, float]) -> int:
    """Start a command, kill it at some moment, and say how it ended."""
    journal = _journal(shop)
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "recrm", *words],
        env=shop.environment(),
        cwd=shop.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    moment = rng.choice(("any", "journal", "hot", "hot"))
    if moment == "any":
        deadline = began + rng.uniform(0, 1.1 * usual.get(words[0], 0.3))
    else:
        is_reached = journal.exists if moment == "journal" else lambda: _is_hot(journal)
        while process.poll() is None and not is_reached() and time.monotonic() - began < LONGEST:
            pass  # the moment is too short to sleep through
        deadline = time.monotonic() + rng.expovariate(1 / 0.002)
    while process.poll() is None and time.monotonic() < deadline:
        pass
    process.kill()
    code = process.wait()
    if code != -signal.SIGKILL:
        usual[words[0]] = time.monotonic() - began
    return code


def _journal(shop: Shop) -> Path:
    return shop.db.with_name(f"{shop.db.name}-journal")


def _is_hot(journal: Path) -> bool:
    """Whether a write has been noted down that a reader would have to roll back."""
    try:
        with journal.open("rb") as file:
            return file.read(8) == HOT
    except FileNotFoundError:
        return False


def _operations(shop: Shop) -> int:
    return int(shop.sql("SELECT coalesce(max(id), 0) FROM operations")[0][0])


def main() -> None:
    """Torture from the command line; the seed that is printed repeats a run's choices, though not its moments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    print(f"Killing commands (seed {asked.seed}) …", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="recrm-torture-"))
    toll = torture(folder, asked.rounds, asked.minutes * 60, asked.seed)
    print(toll.words())
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
