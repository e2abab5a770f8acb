"""The one append-only history of the database's shape, a module a release; a released migration is never edited.

Each migration is a function that returns its statements. `recrm.storage.db` runs them one by one inside a single
transaction, checks every foreign key, and sets `user_version` to the number of migrations that have run.
All tables that hold facts have an integer `id`, so that the journal can name a row; `standing` and the
`…_words` tables are derived from them and can be rebuilt at any time.
"""

from __future__ import annotations

from collections.abc import Callable

from recrm.storage.migrations import release_0_3

Migration = Callable[[], list[str]]

# Says to `file` and to us whose file this is: "recr".
APPLICATION_ID = 0x72656372

# How many there were up to the last release: they do not change, and only a file that is made or upgraded needs them.
RELEASED = 12

# What `user_version` of an up-to-date file says.
VERSION = RELEASED + len(release_0_3.MIGRATIONS)


def all_migrations() -> tuple[Migration, ...]:
    """All of them, in their order."""
    from recrm.storage.migrations import release_0_1_derived, release_0_1_facts, release_0_2

    return (
        *release_0_1_facts.MIGRATIONS,
        *release_0_1_derived.MIGRATIONS,
        *release_0_2.MIGRATIONS,
        *release_0_3.MIGRATIONS,
    )
