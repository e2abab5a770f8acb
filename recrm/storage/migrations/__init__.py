"""The one append-only history of the database's shape, a module a release; a released migration is never edited.

Each migration is a function that returns its statements. `recrm.storage.db` runs them one by one inside a single
transaction, checks every foreign key, and sets `user_version` to the number of migrations that have run.
All tables that hold facts have an integer `id`, so that the journal can name a row; `standing` and the
`…_words` tables are derived from them and can be rebuilt at any time.
"""

from __future__ import annotations

from collections.abc import Callable

from recrm.storage.migrations import release_0_1_derived, release_0_1_facts, release_0_2, release_0_3

# Says to `file` and to us whose file this is: "recr".
APPLICATION_ID = 0x72656372

MIGRATIONS: tuple[Callable[[], list[str]], ...] = (
    *release_0_1_facts.MIGRATIONS,
    *release_0_1_derived.MIGRATIONS,
    *release_0_2.MIGRATIONS,
    *release_0_3.MIGRATIONS,
)

# What `user_version` of an up-to-date file says.
VERSION = len(MIGRATIONS)
