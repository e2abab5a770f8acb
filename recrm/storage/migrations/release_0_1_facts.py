"""Release 0.1.0, the facts: the journal, clients, contacts, follow-ups and complaints."""

from __future__ import annotations


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


MIGRATIONS = [
    m001_operations,
    m002_clients,
    m003_contacts,
    m004_follow_ups,
    m005_complaints,
]
