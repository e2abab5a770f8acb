"""Writing another program's log into a shop's folder and importing it with the real command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.conftest import Shop
from tests.imports import sheets

HEADER = ["Date", "Client", "Phone", "Channel", "Direction", "Text", "Author"]
Said = dict[str, str]


def write_log(shop: Shop, *said: Said, header: list[str] | None = None, name: str = "log.csv") -> Path:
    return sheets.write_sheet(shop.folder / name, header or HEADER, list(said))


def bring_log(shop: Shop, file: Path, *words: object) -> dict[str, Any]:
    """Import as history with --yes; the answer, its counts checked against the rows."""
    answer: dict[str, Any] = shop.get("import", file, "--history", "--yes", *words)
    assert answer["kind"] == "history"
    assert sum(answer[name] for name in ("added", "updated", "unchanged", "rejected")) == answer["rows"]
    assert len(answer["rejects"]) == answer["rejected"]
    return answer


def outcome(answer: dict[str, Any]) -> tuple[int, int, int]:
    """Added, unchanged, rejected."""
    assert answer["updated"] == 0
    return answer["added"], answer["unchanged"], answer["rejected"]


def reasons(answer: dict[str, Any]) -> str:
    return "\n".join(reject["reason"] for reject in answer["rejects"])


def contacts(shop: Shop, *words: object) -> list[dict[str, Any]]:
    """What was said, the oldest first."""
    found: list[dict[str, Any]] = shop.get("list-contacts", *words, "--limit", 0, "--sort", "oldest")
    return found
