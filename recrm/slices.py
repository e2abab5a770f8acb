"""The list of slices, and what each says of itself; a new slice is one name here.

They are imported by name, so that nothing below depends on a feature; a slice's descriptor imports nothing but what
describes it (a contract holds that).
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from recrm.core.slice import DueKind, Slice, Table

# In the order in which people meet them; lists of tables and kinds follow it.
NAMES = ("followups",)  # grows as each slice describes itself


@cache
def slices() -> tuple[Slice, ...]:
    """Every slice's descriptor."""
    return tuple(import_module(f"recrm.{name}.slice").SLICE for name in NAMES)


@cache
def tables() -> dict[str, Table]:
    """Every described table by its name."""
    return {table.name: table for each in slices() for table in each.tables}


@cache
def due_kinds() -> dict[str, DueKind]:
    """Every kind of due item by its name."""
    return {kind.name: kind for each in slices() for kind in each.due}
