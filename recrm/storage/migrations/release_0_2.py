"""Release 0.2.0: undo and redo, merges, consents and erasures."""

from __future__ import annotations


def m009_reversals() -> list[str]:
    """What an undo or a redo took back: an operation is in effect unless one that is in effect reverses it."""
    return [
        """
        CREATE TABLE reversals (
            id INTEGER PRIMARY KEY,
            operation_id INTEGER NOT NULL REFERENCES operations(id),
            target_id INTEGER NOT NULL REFERENCES operations(id),
            UNIQUE (operation_id, target_id)
        ) STRICT
        """,
        "CREATE INDEX reversals_target ON reversals(target_id)",
        # To find what a client has lost, without reading the whole journal.
        "CREATE INDEX changes_deleted ON changes(table_name) WHERE action = 'delete'",
    ]


def m010_merges() -> list[str]:
    """Which client a merged one has become: its old id still finds them, and an erasure reaches its traces too."""
    return [
        """
        CREATE TABLE merges (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            merged_id INTEGER NOT NULL UNIQUE,
            at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z')
        ) STRICT
        """,
        "CREATE INDEX merges_client ON merges(client_id)",
    ]


def m011_privacy() -> list[str]:
    """What a client agreed to and took back; and, of those who were erased, only what keeps them from being called.

    A suppression is a keyed hash of a contact point, with one random key a database: whoever has the file can try
    all numbers of a country, so it hides nobody from them, but it can be read as nobody.
    """
    return [
        """
        CREATE TABLE consents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z'),
            event TEXT NOT NULL CHECK (event IN ('allowed', 'withdrawn', 'do-not-contact')),
            what TEXT NOT NULL,
            how TEXT NOT NULL,
            agent TEXT NOT NULL,
            created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z')
        ) STRICT
        """,
        "CREATE INDEX consents_client ON consents(client_id, at)",
        """
        CREATE TABLE suppressions (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
            added_at TEXT NOT NULL CHECK (added_at GLOB '????-??-??T??:??:??Z')
        ) STRICT
        """,
        """
        CREATE TABLE suppression_key (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            key TEXT NOT NULL CHECK (length(key) = 64)
        ) STRICT
        """,
    ]


def m012_lasting_ids() -> list[str]:
    """No row's id is given to another one: else an untag, undone after another client was tagged, would find its place
    taken, and be refused for a change that has nothing to do with it.

    SQLite can make a table count for good only anew. Ids that the journal remembers are taken as well.
    """

    def standing(name: str, event: str, client: str, when: str) -> str:
        refresh = (
            f"DELETE FROM standing WHERE client_id = {client}; "
            f"INSERT INTO standing SELECT * FROM standing_now WHERE client_id = {client};"
        )
        return f"CREATE TRIGGER standing_tag_{name} AFTER {event} {when} BEGIN {refresh} END"

    def anew(table: str, columns: str) -> list[str]:
        greatest = (
            f"max((SELECT coalesce(max(id), 0) FROM {table}), "
            f"(SELECT coalesce(max(row_id), 0) FROM changes WHERE table_name = '{table}'))"
        )
        return [
            f"CREATE TABLE new_{table} (id INTEGER PRIMARY KEY AUTOINCREMENT, {columns}) STRICT",
            f"INSERT INTO new_{table} SELECT * FROM {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE new_{table} RENAME TO {table}",
            f"DELETE FROM sqlite_sequence WHERE name IN ('{table}', 'new_{table}')",
            f"INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', {greatest}",
        ]

    old, new = "OLD.tag IN ('urgent', '紧急')", "NEW.tag IN ('urgent', '紧急')"
    return [
        # The view names a table that is gone for a moment.
        "PRAGMA legacy_alter_table=ON",
        *anew(
            "client_types",
            "client_id INTEGER NOT NULL REFERENCES clients(id), "
            "type TEXT NOT NULL CHECK (type IN ('buyer', 'seller', 'tenant', 'landlord')), UNIQUE (client_id, type)",
        ),
        *anew(
            "client_tags",
            "client_id INTEGER NOT NULL REFERENCES clients(id), "
            "tag TEXT NOT NULL CHECK (length(tag) BETWEEN 1 AND 100), UNIQUE (client_id, tag)",
        ),
        "CREATE INDEX client_tags_tag ON client_tags(tag, client_id)",
        standing("added", "INSERT ON client_tags", "NEW.client_id", f"WHEN {new}"),
        standing("changed", "UPDATE ON client_tags", "NEW.client_id", f"WHEN {old} OR {new}"),
        standing(
            "moved",
            "UPDATE OF client_id ON client_tags",
            "OLD.client_id",
            f"WHEN {old} AND OLD.client_id <> NEW.client_id",
        ),
        standing("gone", "DELETE ON client_tags", "OLD.client_id", f"WHEN {old}"),
        *anew(
            "contact_points",
            "client_id INTEGER NOT NULL REFERENCES clients(id), kind TEXT NOT NULL "
            "CHECK (kind IN ('phone', 'email', 'wechat', 'whatsapp', 'qq', 'address', 'website')), "
            "value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 500), extension TEXT NOT NULL DEFAULT '', "
            "shown TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (client_id, kind, key, extension)",
        ),
        "CREATE INDEX contact_points_key ON contact_points(key, kind, client_id)",
        "PRAGMA legacy_alter_table=OFF",
    ]


MIGRATIONS = [
    m009_reversals,
    m010_merges,
    m011_privacy,
    m012_lasting_ids,
]
