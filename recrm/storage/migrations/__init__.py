"""The one append-only history of the database's shape, a module a release; a released migration is never edited.

Each migration is a function that returns its statements. `recrm.storage.db` runs them one by one inside a single
transaction, checks every foreign key, and sets `user_version` to the number of migrations that have run.
All tables that hold facts have an integer `id`, so that the journal can name a row; `standing` and the
`…_words` tables are derived from them and can be rebuilt at any time.
"""

from __future__ import annotations

from collections.abc import Callable

from recrm.storage.migrations.release_0_1_derived import m006_standing, m007_words, m008_digests
from recrm.storage.migrations.release_0_1_facts import (
    m001_operations,
    m002_clients,
    m003_contacts,
    m004_follow_ups,
    m005_complaints,
)
from recrm.storage.migrations.release_0_2 import m009_reversals, m010_merges, m011_privacy, m012_lasting_ids
from recrm.storage.migrations.release_0_3 import m013_owners_of_lines

# Says to `file` and to us whose file this is: "recr".
APPLICATION_ID = 0x72656372

MIGRATIONS: tuple[Callable[[], list[str]], ...] = (
    m001_operations,
    m002_clients,
    m003_contacts,
    m004_follow_ups,
    m005_complaints,
    m006_standing,
    m007_words,
    m008_digests,
    m009_reversals,
    m010_merges,
    m011_privacy,
    m012_lasting_ids,
    m013_owners_of_lines,
)

# What `user_version` of an up-to-date file says.
VERSION = len(MIGRATIONS)
