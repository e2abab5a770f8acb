"""What is going on with which client this morning, so that a list of any size has a good mix and no flood.

A shop with more clients is not busier in step: most of a hundred thousand are an archive. What is going on
grows with the number of clients to the power 0.7, running complaints slower still.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class Role(NamedTuple):
    """What is going on with a client. `number` counts the clients of the same kind from 0."""

    kind: str
    tier: str | None
    number: int
    urgent: bool = False


# Kind, tier, and how many in a shop of 200. Quiet ones were contacted as their tier demands.
_DUE: tuple[tuple[str, str | None, int], ...] = (
    ("touch", "A", 2),
    ("promised late", "B", 2),
    ("promised today", "B", 1),
    ("promised at", "A", 1),
    ("asking", "B", 1),
    ("complains", "C", 6),
    ("touch", "B", 4),
    ("promised late", "A", 1),
    ("comes back today", "B", 1),
    ("unverified", None, 2),
    ("touch", "C", 4),
    ("promised today", "C", 1),
    ("asking", None, 1),
    ("promised late", "C", 1),
    ("promised at", "B", 1),
    ("promised ahead", "A", 3),
    ("promised ahead", "B", 6),
    ("promised ahead", "C", 4),
    ("promised ahead", None, 2),
    ("comes back ahead", "C", 2),
    ("comes back ahead", None, 1),
)
_QUIET: tuple[tuple[str, str | None, int], ...] = (("quiet", "A", 1), ("quiet", "B", 15), ("quiet", "C", 52))
_COMPLAINING = ("C", "B", None)
NEWCOMERS = 1


class Roles(NamedTuple):
    """Roles by the client's place, how many new ones come last, and whose birthday is in so many days."""

    by_place: dict[int, Role]
    newcomers: int
    birthdays: dict[int, int]


def assign_roles(rng: Random, clients: int) -> Roles:
    """Give each client a role or none; a shop too small for all has one of each kind first."""
    size = clients / 200
    busy = min(size, size**0.7)
    newcomers = round(max(1, NEWCOMERS * busy)) if clients >= 10 else 0
    known = clients - newcomers
    early = max(1, int(known * 0.85))  # who came last month cannot have been forgotten for longer
    due, quiet = _parts(_DUE, busy), _parts(_QUIET, busy)
    places = rng.sample(range(early), min(len(due), early))
    # Every twenty-eighth is urgent: two of the 47 with something going on in a shop of 200.
    roles = {
        place: part._replace(urgent=number % 28 == 1)
        for number, (place, part) in enumerate(zip(places, due, strict=False))
    }
    free = [place for place in rng.sample(range(known), min(known, len(due) + len(quiet))) if place not in roles]
    roles |= dict(zip(free, quiet, strict=False))
    near = rng.sample(range(known), min(known, max(3, clients // 80)))
    birthdays = {place: (0, 3, 6)[i] if i < 3 else int(rng.random() * 8) for i, place in enumerate(near)}
    return Roles(roles, newcomers, birthdays)


def _parts(table: tuple[tuple[str, str | None, int], ...], busy: float) -> list[Role]:
    """One of each row first, then the rest."""
    seen: dict[str, int] = {}
    first: list[Role] = []
    rest: list[Role] = []
    for kind, tier, at_200 in table:
        wanted = max(1, round(at_200 * busy))
        if kind == "complains":
            wanted = max(at_200, round(at_200 * busy**0.6))
        for i in range(wanted):
            number = seen[kind] = seen.get(kind, -1) + 1
            part = Role(kind, _COMPLAINING[number % 3] if kind == "complains" else tier, number)
            (first if i == 0 or kind == "complains" else rest).append(part)
    return first + rest
