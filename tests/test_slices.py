"""What a slice says of itself is all that the rest of the program knows of it, and nothing is left unsaid."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from recrm import slices
from recrm.cli.commands import PLACES
from recrm.core.slice import load
from recrm.storage.schema import journaled_tables, unjournaled_tables
from tests.conftest import Shop
from tests.storage.kit import ram_shop

RECRM = Path(slices.__file__).parent
DESCRIPTORS = sorted(RECRM.glob("*/slice.py"))
# The parts that serve every slice; what they name of one, and why.
ALL = (*slices.DAILY, *slices.OTHERS)
CENTRAL = (
    *("history", "privacy", "duplicates", "exports", "imports", "today", "digest", "core", "storage", "backups"),
)
OF_CLIENTS = {table.name for table in load("recrm.clients.slice:SLICE").tables}  # whose all else is
NAMED = {
    ("imports", "contacts"): "a log of conversations is written there",
    ("imports", "merges"): "an id of another program's log finds whom it has become",
    ("duplicates", "contacts"): "whoever was spoken to more stays",
}
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|FROM|JOIN|WHERE)\b")
# How columns of days and moments end.
DATE_LIKE = ("_at", "_day", "_time", "_by", "_due", "_back")


def modules(part: str) -> Iterator[ast.Module]:
    for file in sorted((RECRM / part).rglob("*.py")):
        # Migrations are what once was, and a descriptor speaks of its own.
        if file.name not in ("slice.py", "migrations.py") and "migrations" not in file.parts:
            yield ast.parse(file.read_text("utf-8"))


def strings(tree: ast.Module) -> Iterator[str]:
    """Every string of a module but its docstrings, the parts of f-strings included."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def named(value: str, names: set[str]) -> set[str]:
    """Which of the names a string is or, where it is SQL, has in it."""
    return set(re.findall(r"\w+", value)) & names if SQL.search(value) else {value} & names


@pytest.mark.parametrize("part", CENTRAL)
def test_what_serves_all_slices_names_no_table_command_or_kind_of_one(part: str) -> None:
    own = {table.name for table in load(f"recrm.{part}.slice:SLICE").tables} if part in ALL else set()
    tables = set(slices.tables()) - OF_CLIENTS - own
    # A word such as `log` or `birthday` means many things; with a hyphen it is a command's name or a kind's.
    commands = {name for name, (_panel, place) in PLACES.items() if not place.startswith(f"recrm.{part}.")}
    hyphenated = {name for name in commands | set(slices.due_kinds()) if "-" in name}
    found = {name for tree in modules(part) for value in strings(tree) for name in named(value, tables | hyphenated)}
    assert {name for name in found if (part, name) not in NAMED} == set()
    assert {name for where, name in NAMED if where == part} <= found, "named no more"


@pytest.mark.parametrize("part", ["today", "digest", "core"])
def test_what_lists_due_items_knows_no_kind(part: str) -> None:
    kinds = set(slices.due_kinds()) - {"profile"}  # a word of the program's own
    words = {"birthday"} if part == "core" else set()  # a date, too
    assert {value for tree in modules(part) for value in strings(tree)} & (kinds - words) == set()


def test_only_those_that_nearly_every_command_asks_have_settings_texts_due_kinds_or_a_brief() -> None:
    for name in slices.OTHERS:
        described = load(f"recrm.{name}.slice:SLICE")
        assert [described.settings, described.texts, described.due, described.brief] == [{}, (), (), ""], name


def test_every_descriptor_is_listed_and_imports_nothing_that_costs() -> None:
    assert sorted(file.parent.name for file in DESCRIPTORS if file.parent.name != "core") == sorted(ALL)
    allowed = {"__future__", "pathlib", "recrm.core.i18n", "recrm.core.settings", "recrm.core.slice"}
    for file in (file for file in DESCRIPTORS if file.parent.name != "core"):
        tree = ast.parse(file.read_text("utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
        assert imported <= allowed, file


def test_every_table_of_facts_is_described_once() -> None:
    described = [table.name for each in slices.slices() for table in each.tables]
    conn = ram_shop().conn
    assert sorted(described) == sorted([*journaled_tables(conn), *unjournaled_tables()])


def test_every_text_of_a_table_is_personal_or_known_to_be_none() -> None:
    """A column that is forgotten would hide a person from an erasure, and lose the lines of a text on import."""
    codes = {
        *("agent", "anchor_time", "at", "channel", "currency", "direction", "event", "every", "handler", "hash"),
        *("key", "kind", "origin", "pinyin", "recipient", "role", "search_key", "severity", "status", "tier", "type"),
    }
    conn = ram_shop().conn
    for table in slices.tables().values():
        rows = conn.execute("SELECT name, type FROM pragma_table_info(?)", (table.name,)).fetchall()
        columns = [row[0] for row in rows]
        assert set(table.texts.personal) <= set(columns), table.name
        assert set(table.texts.lines) <= set(columns), table.name
        texts = {row[0] for row in rows if row[1] == "TEXT" and not row[0].endswith(DATE_LIKE) and row[0] != "day"}
        assert texts - codes <= set(table.texts.personal), table.name


def test_every_place_leads_somewhere() -> None:
    for each in slices.slices():
        for kind in each.due:
            assert load(kind.source)(kind).kind is kind
        places = [each.checks, each.sheets, each.entries, *(line.worded for line in each.history.values())]
        for place in filter(None, places):
            assert load(place), place


def test_every_kind_weighs_by_settings_that_exist() -> None:
    for kind in slices.due_kinds().values():
        for key in filter(None, (kind.weight, kind.weight_overdue, kind.weight_on_day)):
            assert key in slices.settings(), kind.name


def test_every_command_that_writes_is_worded_for_history() -> None:
    writing = {"undo", "redo"}  # which the history words itself
    for command in slices.history_lines():
        assert command in PLACES
    for file in RECRM.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            place = f"recrm.{file.relative_to(RECRM).with_suffix('').as_posix().replace('/', '.')}:{function.name}"
            names = [name for name, (_panel, known) in PLACES.items() if known == place]
            if names and any(isinstance(n, ast.Attribute) and n.attr == "write" for n in ast.walk(function)):
                writing |= set(names)
    assert len(writing) > 10
    assert writing - {"undo", "redo"} - {"check"} <= set(slices.history_lines())


def test_no_two_slices_name_the_same() -> None:
    def count(of: str) -> list[str]:
        found = [getattr(each, of) for each in slices.slices()]
        return sorted(getattr(one, "name", one) for group in found for one in group)

    for of in ("tables", "texts", "due", "settings", "history"):
        names = count(of)
        assert names == sorted(set(names)), of


# A slice to come, with a kind of due item, a setting and a source over the clients there are.
LEASES = """
import sys, types
from datetime import timedelta
from recrm import slices
from recrm.core.due import Count, Due, DueItem, DueSource, rank
from recrm.core.i18n import N_, NN_, _
from recrm.core.settings import weight
from recrm.core.slice import DueKind, Slice

class LeaseSource(DueSource):
    def due(self, conn, window, limit):
        day = window.now.date() if window.since is None else window.since.date()
        days = [day - timedelta(days=1), day] if window.since is None else [day]
        days = [each for each in days if each < window.by.date() or each < window.now.date()]
        clients = conn.execute("SELECT id, name FROM clients ORDER BY id").fetchall()
        items = [DueItem(self.kind, row[0], row[0], row[1], each, "", False, "") for row in clients for each in days]
        overdue = sum(item.due < window.now.date() for item in items)
        return Due(Count(len(items), overdue), rank(items, window.now, window.settings)[:limit])

    def describe(self, conn, window, item):
        return item.described(_("lease ends"), "lease-end", _("lease ends"), day=item.due.isoformat())

slice_module = types.ModuleType("recrm.leases.slice")
slice_module.SLICE = Slice(
    due=(DueKind("lease-end", NN_("{n} lease end", "{n} lease ends"), "leases:LeaseSource", weight="urgency.lease",
                 letter="l", alarm=NN_("{n} lease is over", "{n} leases are over"), ahead=True),),
    settings={"urgency.lease": weight(7, N_("weight of a lease end"))},
)
source_module = types.ModuleType("leases")
source_module.LeaseSource = LeaseSource
sys.modules |= {"recrm.leases": types.ModuleType("recrm.leases"), "recrm.leases.slice": slice_module,
                "leases": source_module}
slices.DAILY += ("leases",)
from recrm.cli import main
main()
"""


def test_a_new_kind_of_a_new_slice_stands_on_every_list(shop: Shop) -> None:
    shop.add("Ann")
    script = shop.folder / "with_leases.py"
    script.write_text(LEASES, "utf-8")

    def recrm(words: str) -> str:
        ran = shop.shell(f'"$0" {script} {words}')
        assert ran.code == 0, ran
        return ran.out

    items = [each for each in json.loads(recrm("due-today --json --explain")) if each["kind"] == "lease-end"]
    assert [(each["reason_code"], each["overdue_days"], each["explain"]["kind"]) for each in items] == [
        ("lease-end", 1, 7),
        ("lease-end", 0, 7),
    ]
    today = recrm("due-today")
    assert "2 lease ends" in today
    assert "1 lease is over." in today
    assert "l1" in today
    assert "lease ends" in recrm("overdue")
    assert "lease ends" in recrm("agenda --days 1")
    assert "2 lease ends" in recrm("")
    digest = json.loads(recrm("digest --format json"))
    assert (digest["counts"]["lease-end"], digest["breached"]) == (2, 1)
    assert "1 LEASE IS OVER" in recrm("digest")
    assert json.loads(recrm("config show urgency.lease --json"))[0]["value"] == 7
