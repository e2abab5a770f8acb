"""The one append-only history of the database's shape; a released migration is never edited.

Each migration is a function that returns its statements. `recrm.storage.db` runs them one by one inside a single
transaction, checks every foreign key, and sets `user_version` to the number of migrations that have run.
All tables that hold facts have an integer `id`, so that the journal can name a row; `standing` and the
`…_words` tables are derived from them and can be rebuilt at any time.
"""

from __future__ import annotations

from collections.abc import Callable

# Says to `file` and to us whose file this is: "recr".
APPLICATION_ID = 0x72656372


def m001_operations() -> list[str]:
    """Every writing command is one operation; every row it changes is one line of the journal."""
    return [
        """
        CREATE TABLE operations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            command TEXT NOT NULL,
            agent TEXT NOT NULL,
            at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z')
        ) STRICT
        """,
        # `before` is the whole row as JSON ahead of an update or a delete; an insert needs none to be undone.
        """
        CREATE TABLE changes (
            id INTEGER PRIMARY KEY,
            operation_id INTEGER NOT NULL REFERENCES operations(id),
            table_name TEXT NOT NULL,
            row_id INTEGER NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete')),
            before TEXT CHECK ((before IS NULL) = (action = 'insert'))
        ) STRICT
        """,
        "CREATE INDEX changes_operation ON changes(operation_id)",
        "CREATE INDEX changes_row ON changes(table_name, row_id)",
    ]


def m002_clients() -> list[str]:
    """Who the agent serves, and how to reach them."""
    return [
        """
        CREATE TABLE clients (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
            kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'company')),
            pinyin TEXT NOT NULL DEFAULT '',
            pinyin_given INTEGER NOT NULL DEFAULT 0 CHECK (pinyin_given IN (0, 1)),
            search_key TEXT NOT NULL,
            tier TEXT CHECK (tier IN ('A', 'B', 'C')),
            tier_set_at TEXT CHECK (tier_set_at GLOB '????-??-??T??:??:??Z'),
            persona TEXT,
            source TEXT,
            referrer_id INTEGER REFERENCES clients(id),
            family TEXT,
            occupation TEXT,
            preferred_channel TEXT,
            birth_year INTEGER CHECK (birth_year BETWEEN 1800 AND 2199),
            birth_month INTEGER CHECK (birth_month BETWEEN 1 AND 12),
            birth_day INTEGER CHECK (birth_day BETWEEN 1 AND 31),
            avoid TEXT,
            note TEXT,
            income_minor INTEGER CHECK (income_minor >= 0),
            debts_minor INTEGER CHECK (debts_minor >= 0),
            down_payment_minor INTEGER CHECK (down_payment_minor >= 0),
            currency TEXT CHECK (length(currency) = 3),
            credit_note TEXT,
            consent TEXT,
            do_not_contact INTEGER NOT NULL DEFAULT 0 CHECK (do_not_contact IN (0, 1)),
            agent TEXT NOT NULL DEFAULT '',
            origin TEXT NOT NULL CHECK (origin IN ('manual', 'import')),
            created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z'),
            verified_at TEXT NOT NULL CHECK (verified_at GLOB '????-??-??T??:??:??Z'),
            archived_at TEXT CHECK (archived_at GLOB '????-??-??T??:??:??Z'),
            CHECK ((tier IS NULL) = (tier_set_at IS NULL)),
            CHECK ((birth_month IS NULL) = (birth_day IS NULL)),
            CHECK (birth_year IS NULL OR birth_month IS NOT NULL)
        ) STRICT
        """,
        # Covers the substring search, so that it reads these few bytes and not the whole rows.
        "CREATE INDEX clients_search ON clients(search_key)",
        "CREATE INDEX clients_name ON clients(name)",
        "CREATE INDEX clients_referrer ON clients(referrer_id) WHERE referrer_id IS NOT NULL",
        """
        CREATE TABLE client_types (
            id INTEGER PRIMARY KEY,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            type TEXT NOT NULL CHECK (type IN ('buyer', 'seller', 'tenant', 'landlord')),
            UNIQUE (client_id, type)
        ) STRICT
        """,
        """
        CREATE TABLE client_tags (
            id INTEGER PRIMARY KEY,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            tag TEXT NOT NULL CHECK (length(tag) BETWEEN 1 AND 100),
            UNIQUE (client_id, tag)
        ) STRICT
        """,
        "CREATE INDEX client_tags_tag ON client_tags(tag, client_id)",
        # `key` is what two spellings of one contact point have in common: E.164, a lower-case address.
        """
        CREATE TABLE contact_points (
            id INTEGER PRIMARY KEY,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            kind TEXT NOT NULL
                CHECK (kind IN ('phone', 'email', 'wechat', 'whatsapp', 'qq', 'address', 'website')),
            value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 500),
            extension TEXT NOT NULL DEFAULT '',
            shown TEXT NOT NULL,
            key TEXT NOT NULL,
            UNIQUE (client_id, kind, key, extension)
        ) STRICT
        """,
        "CREATE INDEX contact_points_key ON contact_points(key, kind, client_id)",
    ]


def m003_contacts() -> list[str]:
    """What was said."""
    return [
        """
        CREATE TABLE contacts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z'),
            direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
            channel TEXT NOT NULL,
            text TEXT NOT NULL,
            feedback TEXT,
            next_step TEXT,
            agent TEXT NOT NULL,
            created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z')
        ) STRICT
        """,
        "CREATE INDEX contacts_client ON contacts(client_id, at)",
        "CREATE INDEX contacts_at ON contacts(at)",
    ]


def m004_follow_ups() -> list[str]:
    """What was promised. A promise is for a day or for a moment, never both."""
    return [
        """
        CREATE TABLE follow_ups (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            due_day TEXT CHECK (due_day GLOB '????-??-??'),
            due_at TEXT CHECK (due_at GLOB '????-??-??T??:??:??Z'),
            reason TEXT NOT NULL DEFAULT '',
            status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'cancelled')),
            every TEXT,
            anchor_day TEXT CHECK (anchor_day GLOB '????-??-??'),
            anchor_time TEXT CHECK (anchor_time GLOB '??:??'),
            scheduled_day TEXT CHECK (scheduled_day GLOB '????-??-??'),
            until_day TEXT CHECK (until_day GLOB '????-??-??'),
            snoozes INTEGER NOT NULL DEFAULT 0,
            contact_id INTEGER REFERENCES contacts(id),
            outcome TEXT,
            agent TEXT NOT NULL,
            created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z'),
            closed_at TEXT CHECK (closed_at GLOB '????-??-??T??:??:??Z'),
            CHECK ((due_day IS NULL) <> (due_at IS NULL)),
            CHECK ((every IS NULL) = (anchor_day IS NULL)),
            CHECK ((status = 'open') = (closed_at IS NULL))
        ) STRICT
        """,
        "CREATE INDEX follow_ups_client ON follow_ups(client_id, status)",
        "CREATE INDEX follow_ups_day ON follow_ups(due_day) WHERE status = 'open' AND due_day IS NOT NULL",
        "CREATE INDEX follow_ups_at ON follow_ups(due_at) WHERE status = 'open' AND due_at IS NOT NULL",
        "CREATE INDEX follow_ups_contact ON follow_ups(contact_id) WHERE contact_id IS NOT NULL",
    ]


def m005_complaints() -> list[str]:
    """Grievances and their clocks. A reopened complaint starts a new round of steps; the old ones stay."""
    return [
        """
        CREATE TABLE complaints (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            severity TEXT NOT NULL CHECK (severity IN ('general', 'major', 'maintenance')),
            text TEXT NOT NULL,
            cause TEXT,
            measures TEXT,
            handler TEXT NOT NULL DEFAULT '',
            status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved', 'closed')),
            round INTEGER NOT NULL DEFAULT 1 CHECK (round >= 1),
            opened_at TEXT NOT NULL CHECK (opened_at GLOB '????-??-??T??:??:??Z'),
            resolved_at TEXT CHECK (resolved_at GLOB '????-??-??T??:??:??Z'),
            resolution TEXT,
            confirm_by TEXT CHECK (confirm_by GLOB '????-??-??T??:??:??Z'),
            closed_at TEXT CHECK (closed_at GLOB '????-??-??T??:??:??Z'),
            call_back_due TEXT CHECK (call_back_due GLOB '????-??-??'),
            called_back_at TEXT CHECK (called_back_at GLOB '????-??-??T??:??:??Z'),
            agent TEXT NOT NULL,
            CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
            CHECK ((status = 'open') = (resolved_at IS NULL)),
            CHECK ((status = 'resolved') = (confirm_by IS NOT NULL))
        ) STRICT
        """,
        "CREATE INDEX complaints_client ON complaints(client_id)",
        "CREATE INDEX complaints_running ON complaints(status) WHERE status <> 'closed'",
        """
        CREATE INDEX complaints_call_back ON complaints(call_back_due)
            WHERE call_back_due IS NOT NULL AND called_back_at IS NULL
        """,
        """
        CREATE TABLE complaint_steps (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            complaint_id INTEGER NOT NULL REFERENCES complaints(id),
            round INTEGER NOT NULL,
            position INTEGER NOT NULL,
            step TEXT NOT NULL,
            role TEXT NOT NULL,
            due_at TEXT NOT NULL CHECK (due_at GLOB '????-??-??T??:??:??Z'),
            done_at TEXT CHECK (done_at GLOB '????-??-??T??:??:??Z'),
            note TEXT,
            agent TEXT,
            UNIQUE (complaint_id, round, position)
        ) STRICT
        """,
        """
        CREATE TABLE complaint_events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            complaint_id INTEGER NOT NULL REFERENCES complaints(id),
            at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z'),
            event TEXT NOT NULL
                CHECK (event IN ('recorded', 'progressed', 'resolved', 'reopened', 'closed', 'called-back')),
            text TEXT NOT NULL,
            agent TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX complaint_events_complaint ON complaint_events(complaint_id)",
    ]


def m006_standing() -> list[str]:
    """One derived row a client: what the due queue asks of a hundred thousand clients, read off indexes.

    The view is the definition and the table its copy, refreshed by triggers for the one client concerned, so
    that an undo, a merge or a repair cannot leave it behind: `DELETE FROM standing; INSERT INTO standing
    SELECT * FROM standing_now` is always right.
    - resting: archived or not to be contacted; nothing reaches out to such a client by itself.
    - inquiry_at: the first incoming contact that no outgoing one has followed; or, for a client added by
      hand and never contacted, the moment they were added.
    - touch_from: the later of the last contact and the moment the tier was set, where a touch is wanted at all.
    """

    def trigger(name: str, event: str, client: str, when: str = "") -> str:
        # Not INSERT OR REPLACE: a trigger fired by INSERT OR IGNORE takes over the IGNORE, and the row would stay old.
        refresh = (
            f"DELETE FROM standing WHERE client_id = {client}; "
            f"INSERT INTO standing SELECT * FROM standing_now WHERE client_id = {client};"
        )
        return f"CREATE TRIGGER standing_{name} AFTER {event} {when} BEGIN {refresh} END"

    def triggers(name: str, table: str, old: str = "1", new: str = "1") -> list[str]:
        """Those of a table whose rows belong to a client; `old` and `new` say which rows matter."""
        return [
            trigger(f"{name}_added", f"INSERT ON {table}", "NEW.client_id", f"WHEN {new}"),
            trigger(f"{name}_changed", f"UPDATE ON {table}", "NEW.client_id", f"WHEN {old} OR {new}"),
            trigger(
                f"{name}_moved",
                f"UPDATE OF client_id ON {table}",
                "OLD.client_id",
                f"WHEN {old} AND OLD.client_id <> NEW.client_id",
            ),
            trigger(f"{name}_gone", f"DELETE ON {table}", "OLD.client_id", f"WHEN {old}"),
        ]

    return [
        """
        CREATE VIEW standing_now AS
        SELECT
            client_id, tier, urgent, last_contact_at, next_due_day, next_due_at,
            CASE
                WHEN last_contact_at IS NULL THEN CASE WHEN origin = 'manual' AND NOT resting THEN created_at END
                ELSE (
                    SELECT min(incoming.at) FROM contacts AS incoming
                    WHERE incoming.client_id = facts.client_id AND incoming.direction = 'in'
                        AND NOT EXISTS (
                            SELECT 1 FROM contacts AS answer
                            WHERE answer.client_id = facts.client_id AND answer.direction = 'out'
                                AND (answer.at, answer.id) > (incoming.at, incoming.id)
                        )
                )
            END AS inquiry_at,
            CASE
                WHEN tier <> '' AND NOT resting AND next_due_day IS NULL AND next_due_at IS NULL
                THEN max(coalesce(last_contact_at, ''), tier_set_at)
            END AS touch_from,
            CASE WHEN NOT resting THEN verified_at END AS verified_at,
            CASE WHEN NOT resting THEN birthday END AS birthday
        FROM (
            SELECT
                clients.id AS client_id,
                coalesce(tier, '') AS tier,
                tier_set_at, origin, created_at, verified_at,
                archived_at IS NOT NULL OR do_not_contact AS resting,
                CASE WHEN birth_month IS NOT NULL THEN printf('%02d-%02d', birth_month, birth_day) END AS birthday,
                EXISTS (
                    SELECT 1 FROM client_tags
                    WHERE client_tags.client_id = clients.id AND tag IN ('urgent', '紧急')
                ) AS urgent,
                (SELECT max(at) FROM contacts WHERE contacts.client_id = clients.id) AS last_contact_at,
                (
                    SELECT min(due_day) FROM follow_ups
                    WHERE follow_ups.client_id = clients.id AND status = 'open'
                ) AS next_due_day,
                (
                    SELECT min(due_at) FROM follow_ups
                    WHERE follow_ups.client_id = clients.id AND status = 'open'
                ) AS next_due_at
            FROM clients
        ) AS facts
        """,
        """
        CREATE TABLE standing (
            client_id INTEGER PRIMARY KEY,
            tier TEXT NOT NULL,
            urgent INTEGER NOT NULL,
            last_contact_at TEXT,
            next_due_day TEXT,
            next_due_at TEXT,
            inquiry_at TEXT,
            touch_from TEXT,
            verified_at TEXT,
            birthday TEXT
        ) STRICT
        """,
        "CREATE INDEX standing_due_day ON standing(tier, urgent, next_due_day) WHERE next_due_day IS NOT NULL",
        "CREATE INDEX standing_due_at ON standing(tier, urgent, next_due_at) WHERE next_due_at IS NOT NULL",
        "CREATE INDEX standing_inquiry ON standing(tier, urgent, inquiry_at) WHERE inquiry_at IS NOT NULL",
        "CREATE INDEX standing_touch ON standing(tier, urgent, touch_from) WHERE touch_from IS NOT NULL",
        "CREATE INDEX standing_verified ON standing(tier, urgent, verified_at) WHERE verified_at IS NOT NULL",
        """
        CREATE INDEX standing_birthday ON standing(birthday, tier, urgent, last_contact_at)
            WHERE birthday IS NOT NULL
        """,
        "INSERT INTO standing SELECT * FROM standing_now",
        trigger("client_added", "INSERT ON clients", "NEW.id"),
        trigger(
            "client_changed",
            "UPDATE OF tier, tier_set_at, origin, created_at, verified_at, archived_at, do_not_contact, "
            "birth_month, birth_day ON clients",
            "NEW.id",
        ),
        trigger("client_gone", "DELETE ON clients", "OLD.id"),
        *triggers("tag", "client_tags", "OLD.tag IN ('urgent', '紧急')", "NEW.tag IN ('urgent', '紧急')"),
        *triggers("contact", "contacts"),
        *triggers("follow_up", "follow_ups"),
    ]


def m007_words() -> list[str]:
    """Full-text indexes over notes and contacts; `recrm.storage.text_index` feeds them, Chinese characters apart."""
    return [
        "CREATE VIRTUAL TABLE client_words USING fts5(words, content='', tokenize='unicode61')",
        "CREATE VIRTUAL TABLE contact_words USING fts5(words, content='', tokenize='unicode61')",
    ]


def m008_digests() -> list[str]:
    """Who has been sent which day's digest, so that `--once` means once."""
    return [
        """
        CREATE TABLE digests (
            id INTEGER PRIMARY KEY,
            recipient TEXT NOT NULL,
            day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
            claimed_at TEXT NOT NULL CHECK (claimed_at GLOB '????-??-??T??:??:??Z'),
            sent_at TEXT CHECK (sent_at GLOB '????-??-??T??:??:??Z'),
            UNIQUE (recipient, day)
        ) STRICT
        """,
    ]


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
)

# What `user_version` of an up-to-date file says.
VERSION = len(MIGRATIONS)
