"""What both imports ask alike, of rows of clients and of conversations: whose contact points are these?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce

from recrm.core.errors import Conflict
from recrm.core.i18n import N_, _
from recrm.imports.people.preparing import Key

_MOST_LISTED = 5


class RowAmbiguous(Conflict):
    """A row that could be several clients."""


class OwnersDiffer(RowAmbiguous):
    """Contact points of one row that nobody has all of."""

    def __init__(self, shown: str, client: str, other_shown: str, other: str) -> None:
        super().__init__(
            N_("{shown} belongs to {client}, but {other_shown} to {other}."),
            N_("Leave out the one that is wrong."),
            shown=shown,
            client=client,
            other_shown=other_shown,
            other=other,
        )


def owners_of_all(
    keys: Sequence[Key], owners: Mapping[Key, list[int]], shown: Callable[[Key], str], label: Callable[[int], str]
) -> list[int]:
    """The ids of those who have all these contact points, whoever had the first one first. Raises OwnersDiffer."""
    ids = owners[keys[0]]
    for key in keys[1:]:
        both = [client_id for client_id in ids if client_id in owners[key]]
        if not both:
            raise OwnersDiffer(shown(keys[0]), label(ids[0]), shown(key), label(owners[key][0]))
        ids = both
    return ids


def narrowed(ids: list[int], *tests: Callable[[int], object]) -> list[int]:
    """Of several ids those that pass a test, one test after another; one that none of them passes does not count."""
    for test in tests:
        if len(ids) > 1:
            ids = [client_id for client_id in ids if test(client_id)] or ids
    return ids


def all_of(labels: Iterable[str]) -> str:
    """`Ann (#3) and Ben (#7)`."""
    return reduce(lambda first, second: _("{first} and {second}", first=first, second=second), labels)


def one_of(labels: Sequence[str]) -> str:
    """`Ann (#3) or Ben (#7)`."""
    listed = reduce(lambda first, second: _("{first} or {second}", first=first, second=second), labels[:_MOST_LISTED])
    more = len(labels) - _MOST_LISTED
    return _("{listed} or {count} more", listed=listed, count=more) if more > 0 else listed
