"""`poe bench`: what the daily commands cost, as whole processes, beside the floor; and an import beside its parts.

The floor is a cold process that imports typer, rich.console, rich.table and sqlite3 and does nothing. It runs before
each command, round after round; medians of the times are printed, and medians of the ratios of runs side by side,
which a machine of changing speed leaves alone. Peak memory is the operating system's own figure for each process.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

RECRM = str(Path(sys.executable).with_name("recrm"))
SQLITE_UTILS = str(Path(sys.executable).with_name("sqlite-utils"))
FLOOR = (sys.executable, "-c", "import typer, rich.console, rich.table, sqlite3")
NOW = "2026-11-21T09:00:00"

# name, words, at most so many times the floor
COMMANDS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("due-today --json", ("due-today", "--json"), 1.1),
    ("due-today", ("due-today", "--limit", "50"), 1.5),
    ("find lina", ("find", "lina"), 1.5),
    ("find 8000", ("find", "8000"), 1.5),
    ("find 学区房", ("find", "学区房"), 1.5),
    ("show-client 77", ("show-client", "77"), 1.5),
    ("log 77 …", ("log", "77", "called, wants a second viewing", "--next", "+3d"), 2.2),
)


@dataclass
class Figures:
    """The runs of one command: wall seconds and peak memory in MiB."""

    seconds: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def over(self, other: Sequence[float]) -> float:
        """The median of the ratios to the runs beside each: what a machine's changing speed leaves alone."""
        return statistics.median(mine / beside for mine, beside in zip(self.seconds, other, strict=True))


def run(words: Sequence[str], environment: dict[str, str], figures: Figures | None = None) -> float:
    """Run a process to its end; wall seconds. Raises RuntimeError when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} failed with {process.returncode}")
    if figures is not None:
        figures.seconds.append(took)
        # ru_maxrss counts KiB on Linux and bytes on macOS.
        figures.peak = max(figures.peak, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024))
    return took


def daily(folder: Path, clients: int, contacts: int, rounds: int) -> bool:
    """The table of the daily commands; whether every ratio holds."""
    environment = os.environ | {"RECRM_NOW": NOW, "COLUMNS": "120", "RECRM_CONFIG": "", "RECRM_AGENT": ""}
    full, small = folder / "full.db", folder / "small.db"
    print(f"Filling {clients:,} clients and {contacts:,} contacts …", flush=True)
    took = run((RECRM, "demo", "--db", str(full), "--clients", str(clients), "--contacts", str(contacts)), environment)
    print(f"… in {took:.0f} s; the file has {full.stat().st_size / 2**20:.0f} MiB.", flush=True)
    run((RECRM, "init", "--db", str(small)), environment)
    # One client whom every question finds: an answer of nothing is drawn without rich, and would compare with nothing.
    with sqlite3.connect(small) as conn:
        conn.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('clients', 76)")
    conn.close()
    earlier = environment | {"RECRM_NOW": "2026-11-01T09:00:00"}
    run((RECRM, "add-client", "李娜", "-p", "+8613800138000", "--tag", "学区房", "--db", str(small)), earlier)
    floor = {name: Figures() for name, _, _ in COMMANDS}
    at_full = {name: Figures() for name, _, _ in COMMANDS}
    at_small = {name: Figures() for name, _, _ in COMMANDS}
    for round_number in range(rounds + 1):
        counted = round_number > 0  # the first round warms the disk cache
        for name, words, _ in COMMANDS:
            run(FLOOR, environment, floor[name] if counted else None)
            run((RECRM, *words, "--db", str(full)), environment, at_full[name] if counted else None)
            run((RECRM, *words, "--db", str(small)), environment, at_small[name] if counted else None)
    print()
    print("| command | median | × floor | at most | × its own with one client | peak memory |")
    print("|---|---:|---:|---:|---:|---:|")
    floors = Figures([took for one in floor.values() for took in one.seconds], max(f.peak for f in floor.values()))
    print(f"| *the floor* | {floors.median * 1000:.0f} ms | 1.00 | | | {floors.peak:.0f} MiB |")
    holds = True
    for name, _, most in COMMANDS:
        figures = at_full[name]
        ratio, own = figures.over(floor[name].seconds), figures.over(at_small[name].seconds)
        print(
            f"| `{name}` | {figures.median * 1000:.0f} ms | {ratio:.2f} | {most} | {own:.2f} | {figures.peak:.0f} MiB |"
        )
        holds = holds and ratio <= most and own <= 1.2 and figures.peak < 80
    return holds


def importing(folder: Path, rows: int, rounds: int) -> bool:
    """An import beside `sqlite-utils insert` and beside parsing every phone, each as a whole process."""
    chance = random.Random(1)
    source = folder / "contacts.csv"
    family, given = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗", "娜伟芳敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂"
    with source.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["姓名", "手机", "邮箱", "标签", "备注"])
        for number in range(rows):
            name = chance.choice(family) + "".join(chance.choices(given, k=chance.choice((1, 2))))
            phone = f"1{chance.choice('3578')}{number:09d}"
            sheet.writerow([name, phone, f"client{number}@example.com", "学区房", f"看过{number % 90}平的房子"])
    parse = (
        "import csv, sys, phonenumbers as p\n"
        "for row in csv.DictReader(open(sys.argv[1], encoding='utf-8')):\n"
        "    number = p.parse(row['手机'], 'CN'); p.is_valid_number(number)\n"
        "    p.format_number(number, p.PhoneNumberFormat.E164)\n"
    )
    environment = os.environ | {"RECRM_NOW": NOW, "LANG": "C.UTF-8", "RECRM_CONFIG": "", "RECRM_AGENT": ""}
    insert, phones, whole = Figures(), Figures(), Figures()
    for round_number in range(rounds):
        raw, ours = folder / f"raw{round_number}.db", folder / f"ours{round_number}.db"
        run((RECRM, "init", "--db", str(ours)), environment)
        run((SQLITE_UTILS, "insert", str(raw), "clients", str(source), "--csv"), environment, insert)
        run((sys.executable, "-c", parse, str(source)), environment, phones)
        run((RECRM, "import", str(source), "--yes", "--db", str(ours)), environment, whole)
    ratio = whole.over([one + other for one, other in zip(insert.seconds, phones.seconds, strict=True)])
    print()
    print(f"| {rows:,} rows of CSV | median | peak memory |")
    print("|---|---:|---:|")
    print(f"| `sqlite-utils insert` | {insert.median:.2f} s | {insert.peak:.0f} MiB |")
    print(f"| every phone through phonenumbers | {phones.median:.2f} s | {phones.peak:.0f} MiB |")
    print(f"| `recrm import` | {whole.median:.2f} s, {ratio:.2f} × both | {whole.peak:.0f} MiB |")
    return ratio <= 2.5 and whole.peak <= 150


def main() -> None:
    """Print both tables; exit 1 where a ratio does not hold."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=100_000)
    options.add_argument("--contacts", type=int, default=1_000_000)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--rounds", type=int, default=25)
    given = options.parse_args()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, typer {version('typer')}")
    with tempfile.TemporaryDirectory() as name:
        daily_holds = daily(Path(name), given.clients, given.contacts, given.rounds)
        import_holds = importing(Path(name), given.rows, max(3, given.rounds // 5))
    print()
    print("Every ratio holds." if daily_holds and import_holds else "A ratio does not hold.")
    sys.exit(0 if daily_holds and import_holds else 1)


if __name__ == "__main__":
    main()
