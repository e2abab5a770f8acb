"""Release 0.1.0, what is derived from facts for the due queue and the search, and which digests were sent."""

from __future__ import annotations


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


MIGRATIONS = [
    m006_standing,
    m007_words,
    m008_digests,
]
