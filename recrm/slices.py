"""The list of slices, and what each says of itself; a new slice is one name here.

They are imported by name, so that nothing below depends on a feature; a slice's descriptor imports nothing but what
describes it (a contract holds that).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from recrm.core.i18n import ngettext
from recrm.core.settings import GENERAL, URGENCY, Setting
from recrm.core.slice import DueKind, HistoryLine, Slice, Table, TextIndex, load

if TYPE_CHECKING:
    from recrm.core.brief import Brief
    from recrm.core.export import Entries, Sheet
    from recrm.core.rules import Rules

# What each of them lists (tables, texts, settings) is listed in this order. Those that have settings, texts, due kinds
# or a part in a briefing stand apart, because nearly every command asks for these and need not read the others.
DAILY = (
    "backups",
    "contacts",
    "clients",
    "followups",
    "complaints",
)
OTHERS = (
    "duplicates",
    "privacy",
    "imports",
    "digest",
    "history",
)


@cache
def slices() -> tuple[Slice, ...]:
    """Every slice's descriptor."""
    return (*daily(), *map(_descriptor, OTHERS))


@cache
def daily() -> tuple[Slice, ...]:
    """The descriptors of those that nearly every command asks."""
    return tuple(map(_descriptor, DAILY))


def _descriptor(name: str) -> Slice:
    described: Slice = import_module(f"recrm.{name}.slice").SLICE
    return described


@cache
def settings() -> dict[str, Setting]:
    """Every setting by its key, in the order in which `config` shows them: what makes the urgency stands last."""
    own = {key: setting for each in daily() for key, setting in each.settings.items()}
    weights = {key: own.pop(key) for key in list(own) if key.startswith("urgency.")}
    return {**GENERAL, **own, **weights, **URGENCY}


@cache
def tables() -> dict[str, Table]:
    """Every described table by its name."""
    return {table.name: table for each in slices() for table in each.tables}


def rows_label(table: str, count: int) -> str:
    """So many rows, in the language spoken: `3 contacts`; a table that no slice describes goes by its name."""
    described = tables().get(table)
    return ngettext(*described.counted, count) if described else f"{count} {table.replace('_', ' ')}"


@cache
def texts() -> tuple[TextIndex, ...]:
    """Every full-text index, that in which a word counts most first."""
    return tuple(sorted((index for each in daily() for index in each.texts), key=lambda index: index.order))


def sheets() -> list[Sheet]:
    """The sheets of a workbook behind that of the clients; imported now."""
    return [sheet for each in slices() if each.sheets for sheet in load(each.sheets)]


def entries() -> list[Entries]:
    """What stands in a calendar, kind by kind; imported now."""
    found = [kind for each in slices() if each.entries for kind in load(each.entries)]
    return sorted(found, key=lambda kind: kind.order)


def briefs() -> list[Callable[..., Brief]]:
    """What makes each slice's part of a briefing, of the App, a client, and how many of a long list; imported now."""
    return [load(each.brief) for each in daily() if each.brief]


def rules() -> list[Rules]:
    """What each slice holds true of its rows; imported now."""
    return [load(each.checks) for each in slices() if each.checks]


@cache
def due_kinds() -> dict[str, DueKind]:
    """Every kind of due item by its name, in the order in which their counts are listed."""
    return {kind.name: kind for kind in sorted((k for each in daily() for k in each.due), key=lambda k: k.order)}


@cache
def history_lines() -> dict[str, HistoryLine]:
    """What history says of each command that describes itself."""
    return {command: line for each in slices() for command, line in each.history.items()}
