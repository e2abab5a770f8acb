"""What has to be true of a sound shop: rules that a slice gives to `check`, each one query for the rows that break it.

SQLite's own checks see pages, references and the schema's constraints; these see what only a slice knows. A rule
that can be worked out anew has a repair: a statement over the rows found, or, for what is derived, a rebuilding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from recrm.core.i18n import N_

# A derived table is made anew as a whole, outside the journal, which does not know it.
REBUILD = "rebuild"
REPAIR_HINT = N_("Type `recrm check --repair`.")
# Ends each statement that repairs: takes the ids as one JSON array, so that its text never depends on values.
THESE = " WHERE id IN (SELECT value FROM json_each(?))"


class Rule(NamedTuple):
    """One rule: `query` gives the ids that break it, `what` says so of `{count}` rows, `hint` what to do.

    Both are templates, marked with `N_`. `repair` is REBUILD, a statement that lacks only which rows (THESE), or empty
    where only a person knows.
    """

    name: str
    query: str
    what: str
    hint: str
    repair: str = ""


class Function(NamedTuple):
    """A function that the queries of rules call: whether a row says what follows from it, and what it would say.

    It raises no error, for a strange row is a finding.
    """

    name: str
    arguments: int
    call: Callable[..., Any]


class Rules(NamedTuple):
    """What stands at a slice's place of checks. `functions` makes what its queries call, given the App."""

    rules: tuple[Rule, ...]
    functions: Callable[[Any], tuple[Function, ...]] = lambda _app: ()
