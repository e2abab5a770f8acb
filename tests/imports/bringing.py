"""Writing a sheet into a shop's folder and importing it with the real command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conftest import Shop
from tests.imports import sheets

PLAIN = ["name", "phone", "email", "note", "tags"]
Person = dict[str, str]


def write(shop: Shop, *people: Person, name: str = "contacts.csv", header: list[str] | None = None) -> Path:
    return sheets.write_sheet(shop.folder / name, header or PLAIN, list(people))


def bring(shop: Shop, file: Path, *words: object) -> dict[str, Any]:
    """Import with --yes; the answer, its counts checked against the rows."""
    answer: dict[str, Any] = shop.get("import", file, "--yes", *words)
    assert sum(answer[name] for name in ("added", "updated", "unchanged", "rejected")) == answer["rows"]
    return answer


def counts(answer: Mapping[str, Any]) -> tuple[int, int, int, int]:
    return answer["added"], answer["updated"], answer["unchanged"], answer["rejected"]


def client(shop: Shop, words: object) -> dict[str, Any]:
    found: dict[str, Any] = shop.get("show-client", words)
    return found.get("client", found) if isinstance(found.get("client"), dict) else found


def clients(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.get("list-clients", "--limit", 0, "--sort", "id")
    return found


ANNA = {"name": "Anna Smith", "phone": "+1 212-555-0100", "email": "Anna@Example.com", "note": "Likes light"}
LINA = {"name": "李娜", "phone": "138 0013 8000", "note": "看过三套", "tags": "学区房;urgent"}


def stop_while_writing(shop: Shop, number: int, *words: str) -> int:
    """Start `recrm import WORDS…` and send it a signal once it writes; its exit code."""
    size = shop.db.stat().st_size
    journal = Path(f"{shop.db}-journal")
    running = subprocess.Popen(
        [sys.executable, "-m", "recrm", "import", *words, "--yes"],
        env=shop.environment(),
        cwd=shop.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while running.poll() is None and not (journal.exists() and shop.db.stat().st_size > size):
        time.sleep(0.001)
    os.kill(running.pid, number)
    running.communicate(timeout=60)
    return running.returncode
