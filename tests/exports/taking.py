"""Shops to export from, and exports taken with the real command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from tests.conftest import Shop

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "@SUM(A1)",
    "-2+3 cmd",
    "＝1+1",
    "'t Hooft",
    "'=quoted",
    'Bob "the builder" Smith',
    "A, B; C",
    "n/a Smith",
    "👩\u200d👩\u200d👧 Meier",
    "back\\slash\\n",
    "很长的名字" * 30,
]


def furnish(shop: Shop) -> Shop:
    """Clients with everything that an export carries, and a history."""
    lina = shop.add(
        "李娜", "--phone", "13800138000", "--phone", "010-88881234-5", "--email", "lina@example.com",
        "--wechat", "lina_88", "--whatsapp", "+8613800138000", "--qq", "12345678", "--address", "北京朝阳, 1号; 二单元",
        "--tier", "A", "--type", "buyer", "--type", "landlord", "--tag", "urgent", "--tag", "a;b", "--tag", "starred",
        "--birthday", "--05-20", "--persona", "upgrade", "--source", "walk-in", "--family", "husband\ntwo children",
        "--occupation", "teacher", "--preferred-channel", "wechat", "--avoid", "her former agent",
        "--note", "=not a formula\n第二行, with; signs \\ and \"quotes\"", "--agent", "Mei", "--income", "350k",
        "--consent", "calls, in May",
    )  # fmt: skip
    bob = shop.add("Bob Smith", "--phone", "+1 415 555 2671", "--birthday", "1992-02-29", "--referrer", lina)
    shop.add("王丽", "--do-not-contact", "--phone", "+31 6 12345678", "--birthday", "1980-01-02")
    shop.add("万科地产", "--company", "--email", "office@example.com", "--referrer", bob)
    shop.ok("log", lina, "=cmd()", "--feedback", "too dear", "--at", "2026-11-20", "--next", "+3d")
    shop.ok("add-follow-up", bob, "2026-11-30 14:30", "send the plan, soon; really")
    shop.ok("record-complaint", lina, "no heating", "--severity", "major")
    shop.ok("record-complaint", bob, "rude on the phone")
    shop.ok("resolve-complaint", 2, "apologised")
    shop.ok("close-complaint", 2, "--satisfied")
    shop.ok("archive-client", shop.add("Cid Olds", "--phone", "13900139000", "--birthday", "03-03"))
    return shop


def add_called(shop: Shop, name: str, *words: str) -> None:
    """Add a client of any name, one that begins with a dash too."""
    shop.ok("add-client", *words, "--", name[:200])


def export(shop: Shop, name: str, *words: object) -> Path:
    """Export to a file of this name; where it is."""
    shop.ok("export", name, "--force", *words)
    return shop.folder / name


def sheet(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def tables(file: Path) -> dict[str, list[dict[str, Any]]]:
    """The tables of a whole export."""
    found: dict[str, list[dict[str, Any]]] = json.loads(file.read_text("utf-8"))["tables"]
    return found
