-- A database that recrm 0.2.0 made, schema version 12: commands of every kind, merges kept and undone, an erasure.
BEGIN;
PRAGMA application_id=1919247218;
PRAGMA user_version=12;
CREATE TABLE operations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            command TEXT NOT NULL,
            agent TEXT NOT NULL,
            at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z')
        ) STRICT
        ;
CREATE TABLE changes (
            id INTEGER PRIMARY KEY,
            operation_id INTEGER NOT NULL REFERENCES operations(id),
            table_name TEXT NOT NULL,
            row_id INTEGER NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete')),
            before TEXT CHECK ((before IS NULL) = (action = 'insert'))
        ) STRICT
        ;
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
        ;
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
        ;
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
        ;
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
        ;
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
        ;
CREATE TABLE complaint_events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            complaint_id INTEGER NOT NULL REFERENCES complaints(id),
            at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z'),
            event TEXT NOT NULL
                CHECK (event IN ('recorded', 'progressed', 'resolved', 'reopened', 'closed', 'called-back')),
            text TEXT NOT NULL,
            agent TEXT NOT NULL
        ) STRICT
        ;
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
        ;
CREATE TABLE digests (
            id INTEGER PRIMARY KEY,
            recipient TEXT NOT NULL,
            day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
            claimed_at TEXT NOT NULL CHECK (claimed_at GLOB '????-??-??T??:??:??Z'),
            sent_at TEXT CHECK (sent_at GLOB '????-??-??T??:??:??Z'),
            UNIQUE (recipient, day)
        ) STRICT
        ;
CREATE TABLE reversals (
            id INTEGER PRIMARY KEY,
            operation_id INTEGER NOT NULL REFERENCES operations(id),
            target_id INTEGER NOT NULL REFERENCES operations(id),
            UNIQUE (operation_id, target_id)
        ) STRICT
        ;
CREATE TABLE merges (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            client_id INTEGER NOT NULL REFERENCES clients(id),
            merged_id INTEGER NOT NULL UNIQUE,
            at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z')
        ) STRICT
        ;
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
        ;
CREATE TABLE suppressions (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
            added_at TEXT NOT NULL CHECK (added_at GLOB '????-??-??T??:??:??Z')
        ) STRICT
        ;
CREATE TABLE suppression_key (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            key TEXT NOT NULL CHECK (length(key) = 64)
        ) STRICT
        ;
CREATE TABLE "client_types" (id INTEGER PRIMARY KEY AUTOINCREMENT, client_id INTEGER NOT NULL REFERENCES clients(id), type TEXT NOT NULL CHECK (type IN ('buyer', 'seller', 'tenant', 'landlord')), UNIQUE (client_id, type)) STRICT;
CREATE TABLE "client_tags" (id INTEGER PRIMARY KEY AUTOINCREMENT, client_id INTEGER NOT NULL REFERENCES clients(id), tag TEXT NOT NULL CHECK (length(tag) BETWEEN 1 AND 100), UNIQUE (client_id, tag)) STRICT;
CREATE TABLE "contact_points" (id INTEGER PRIMARY KEY AUTOINCREMENT, client_id INTEGER NOT NULL REFERENCES clients(id), kind TEXT NOT NULL CHECK (kind IN ('phone', 'email', 'wechat', 'whatsapp', 'qq', 'address', 'website')), value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 500), extension TEXT NOT NULL DEFAULT '', shown TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (client_id, kind, key, extension)) STRICT;
CREATE INDEX changes_operation ON changes(operation_id);
CREATE INDEX changes_row ON changes(table_name, row_id);
CREATE INDEX clients_search ON clients(search_key);
CREATE INDEX clients_name ON clients(name);
CREATE INDEX clients_referrer ON clients(referrer_id) WHERE referrer_id IS NOT NULL;
CREATE INDEX contacts_client ON contacts(client_id, at);
CREATE INDEX contacts_at ON contacts(at);
CREATE INDEX follow_ups_client ON follow_ups(client_id, status);
CREATE INDEX follow_ups_day ON follow_ups(due_day) WHERE status = 'open' AND due_day IS NOT NULL;
CREATE INDEX follow_ups_at ON follow_ups(due_at) WHERE status = 'open' AND due_at IS NOT NULL;
CREATE INDEX follow_ups_contact ON follow_ups(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX complaints_client ON complaints(client_id);
CREATE INDEX complaints_running ON complaints(status) WHERE status <> 'closed';
CREATE INDEX complaints_call_back ON complaints(call_back_due)
            WHERE call_back_due IS NOT NULL AND called_back_at IS NULL
        ;
CREATE INDEX complaint_events_complaint ON complaint_events(complaint_id);
CREATE INDEX standing_due_day ON standing(tier, urgent, next_due_day) WHERE next_due_day IS NOT NULL;
CREATE INDEX standing_due_at ON standing(tier, urgent, next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX standing_inquiry ON standing(tier, urgent, inquiry_at) WHERE inquiry_at IS NOT NULL;
CREATE INDEX standing_touch ON standing(tier, urgent, touch_from) WHERE touch_from IS NOT NULL;
CREATE INDEX standing_verified ON standing(tier, urgent, verified_at) WHERE verified_at IS NOT NULL;
CREATE INDEX standing_birthday ON standing(birthday, tier, urgent, last_contact_at)
            WHERE birthday IS NOT NULL
        ;
CREATE INDEX reversals_target ON reversals(target_id);
CREATE INDEX changes_deleted ON changes(table_name) WHERE action = 'delete';
CREATE INDEX merges_client ON merges(client_id);
CREATE INDEX consents_client ON consents(client_id, at);
CREATE INDEX client_tags_tag ON client_tags(tag, client_id);
CREATE INDEX contact_points_key ON contact_points(key, kind, client_id);
CREATE VIRTUAL TABLE client_words USING fts5(words, content='', tokenize='unicode61');
CREATE VIRTUAL TABLE contact_words USING fts5(words, content='', tokenize='unicode61');
INSERT INTO operations VALUES (1, 'add-client', 'Mei', '2026-11-20T00:02:00Z');
INSERT INTO operations VALUES (2, 'add-client', 'Mei', '2026-11-20T00:03:00Z');
INSERT INTO operations VALUES (3, 'add-client', 'Mei', '2026-11-20T00:04:00Z');
INSERT INTO operations VALUES (4, 'edit-client', 'Mei', '2026-11-20T00:05:00Z');
INSERT INTO operations VALUES (5, 'untag', 'Mei', '2026-11-20T00:06:00Z');
INSERT INTO operations VALUES (6, 'log', 'Mei', '2026-11-20T00:07:00Z');
INSERT INTO operations VALUES (7, 'log', 'Mei', '2026-11-20T00:08:00Z');
INSERT INTO operations VALUES (8, 'add-follow-up', 'Mei', '2026-11-20T00:09:00Z');
INSERT INTO operations VALUES (9, 'done', 'Mei', '2026-11-20T00:10:00Z');
INSERT INTO operations VALUES (10, 'snooze', 'Mei', '2026-11-20T00:11:00Z');
INSERT INTO operations VALUES (11, 'record-complaint', 'Mei', '2026-11-20T00:12:00Z');
INSERT INTO operations VALUES (12, 'progress-complaint', 'Mei', '2026-11-20T00:13:00Z');
INSERT INTO operations VALUES (13, 'resolve-complaint', 'Mei', '2026-11-20T00:14:00Z');
INSERT INTO operations VALUES (14, 'reopen-complaint', 'Mei', '2026-11-20T00:15:00Z');
INSERT INTO operations VALUES (15, 'consent', 'Mei', '2026-11-20T00:16:00Z');
INSERT INTO operations VALUES (16, 'consent', 'Mei', '2026-11-20T00:17:00Z');
INSERT INTO operations VALUES (17, 'add-client', 'Mei', '2026-11-20T00:18:00Z');
INSERT INTO operations VALUES (18, 'log', 'Mei', '2026-11-20T00:19:00Z');
INSERT INTO operations VALUES (19, 'merge-clients', 'Mei', '2026-11-20T00:20:00Z');
INSERT INTO operations VALUES (20, 'add-client', 'Mei', '2026-11-20T00:21:00Z');
INSERT INTO operations VALUES (21, 'record-complaint', 'Mei', '2026-11-20T00:22:00Z');
INSERT INTO operations VALUES (22, 'merge-clients', 'Mei', '2026-11-20T00:23:00Z');
INSERT INTO operations VALUES (23, 'undo', 'Mei', '2026-11-20T00:24:00Z');
INSERT INTO operations VALUES (24, 'add-client', 'Mei', '2026-11-20T00:25:00Z');
INSERT INTO operations VALUES (25, 'log', 'Mei', '2026-11-20T00:26:00Z');
INSERT INTO operations VALUES (26, 'erase-client', 'Mei', '2026-11-20T00:27:00Z');
INSERT INTO operations VALUES (27, 'archive-client', 'Mei', '2026-11-20T00:28:00Z');
INSERT INTO operations VALUES (28, 'undo', 'Mei', '2026-11-20T00:29:00Z');
INSERT INTO operations VALUES (29, 'redo', 'Mei', '2026-11-20T00:30:00Z');
INSERT INTO operations VALUES (30, 'import', 'Mei', '2026-11-20T00:31:00Z');
INSERT INTO operations VALUES (31, 'digest', 'Mei', '2026-11-20T00:32:00Z');
INSERT INTO operations VALUES (32, 'digest', 'Mei', '2026-11-20T00:32:00Z');
INSERT INTO operations VALUES (33, 'cancel-follow-up', 'Mei', '2026-11-20T00:33:00Z');
INSERT INTO operations VALUES (34, 'undo', 'Mei', '2026-11-20T00:34:00Z');
INSERT INTO changes VALUES (1, 1, 'clients', 1, 'insert', NULL);
INSERT INTO changes VALUES (2, 1, 'client_types', 1, 'insert', NULL);
INSERT INTO changes VALUES (3, 1, 'client_tags', 1, 'insert', NULL);
INSERT INTO changes VALUES (4, 1, 'client_tags', 2, 'insert', NULL);
INSERT INTO changes VALUES (5, 1, 'contact_points', 1, 'insert', NULL);
INSERT INTO changes VALUES (6, 1, 'contact_points', 2, 'insert', NULL);
INSERT INTO changes VALUES (7, 1, 'contact_points', 3, 'insert', NULL);
INSERT INTO changes VALUES (8, 1, 'consents', 1, 'insert', NULL);
INSERT INTO changes VALUES (9, 2, 'clients', 2, 'insert', NULL);
INSERT INTO changes VALUES (10, 2, 'client_types', 2, 'insert', NULL);
INSERT INTO changes VALUES (11, 2, 'contact_points', 4, 'insert', NULL);
INSERT INTO changes VALUES (12, 2, 'contact_points', 5, 'insert', NULL);
INSERT INTO changes VALUES (13, 3, 'clients', 3, 'insert', NULL);
INSERT INTO changes VALUES (14, 3, 'client_tags', 3, 'insert', NULL);
INSERT INTO changes VALUES (15, 3, 'contact_points', 6, 'insert', NULL);
INSERT INTO changes VALUES (16, 4, 'clients', 1, 'update', '{"id":1,"name":"王丽","kind":"person","pinyin":"wang li","pinyin_given":0,"search_key":"王丽\nwl\nwang li\nwangli","tier":"A","tier_set_at":"2026-11-20T00:02:00Z","persona":null,"source":null,"referrer_id":null,"family":null,"occupation":null,"preferred_channel":null,"birth_year":1990,"birth_month":5,"birth_day":20,"avoid":null,"note":"学区房","income_minor":35000000,"debts_minor":null,"down_payment_minor":null,"currency":"CNY","credit_note":null,"consent":"calls about flats","do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:02:00Z","verified_at":"2026-11-20T00:02:00Z","archived_at":null}');
INSERT INTO changes VALUES (17, 5, 'client_tags', 2, 'delete', '{"id":2,"client_id":1,"tag":"vip"}');
INSERT INTO changes VALUES (18, 6, 'contacts', 1, 'insert', NULL);
INSERT INTO changes VALUES (19, 6, 'follow_ups', 1, 'insert', NULL);
INSERT INTO changes VALUES (20, 7, 'contacts', 2, 'insert', NULL);
INSERT INTO changes VALUES (21, 8, 'follow_ups', 2, 'insert', NULL);
INSERT INTO changes VALUES (22, 9, 'follow_ups', 2, 'update', '{"id":2,"client_id":2,"due_day":"2026-11-22","due_at":null,"reason":"send the contract","status":"open","every":"2w","anchor_day":"2026-11-22","anchor_time":null,"scheduled_day":"2026-11-22","until_day":null,"snoozes":0,"contact_id":null,"outcome":null,"agent":"Mei","created_at":"2026-11-20T00:09:00Z","closed_at":null}');
INSERT INTO changes VALUES (23, 9, 'follow_ups', 3, 'insert', NULL);
INSERT INTO changes VALUES (24, 10, 'follow_ups', 1, 'update', '{"id":1,"client_id":1,"due_day":"2026-11-23","due_at":null,"reason":"平面图","status":"open","every":null,"anchor_day":null,"anchor_time":null,"scheduled_day":null,"until_day":null,"snoozes":0,"contact_id":null,"outcome":null,"agent":"Mei","created_at":"2026-11-20T00:07:00Z","closed_at":null}');
INSERT INTO changes VALUES (25, 11, 'complaints', 1, 'insert', NULL);
INSERT INTO changes VALUES (26, 11, 'complaint_steps', 1, 'insert', NULL);
INSERT INTO changes VALUES (27, 11, 'complaint_steps', 2, 'insert', NULL);
INSERT INTO changes VALUES (28, 11, 'complaint_steps', 3, 'insert', NULL);
INSERT INTO changes VALUES (29, 11, 'complaint_events', 1, 'insert', NULL);
INSERT INTO changes VALUES (30, 12, 'complaint_steps', 1, 'update', '{"id":1,"complaint_id":1,"round":1,"position":1,"step":"respond to the client","role":"agent","due_at":"2026-11-20T02:12:00Z","done_at":null,"note":null,"agent":null}');
INSERT INTO changes VALUES (31, 12, 'complaint_events', 2, 'insert', NULL);
INSERT INTO changes VALUES (32, 13, 'complaint_steps', 2, 'update', '{"id":2,"complaint_id":1,"round":1,"position":2,"step":"repair plan","role":"maintenance","due_at":"2026-11-21T00:12:00Z","done_at":null,"note":null,"agent":null}');
INSERT INTO changes VALUES (33, 13, 'complaint_steps', 3, 'update', '{"id":3,"complaint_id":1,"round":1,"position":3,"step":"repair done","role":"maintenance","due_at":"2026-11-23T00:12:00Z","done_at":null,"note":null,"agent":null}');
INSERT INTO changes VALUES (34, 13, 'complaint_events', 3, 'insert', NULL);
INSERT INTO changes VALUES (35, 13, 'complaints', 1, 'update', '{"id":1,"client_id":2,"severity":"maintenance","text":"no heating","cause":"boiler","measures":null,"handler":"","status":"open","round":1,"opened_at":"2026-11-20T00:12:00Z","resolved_at":null,"resolution":null,"confirm_by":null,"closed_at":null,"call_back_due":null,"called_back_at":null,"agent":"Mei"}');
INSERT INTO changes VALUES (36, 14, 'complaints', 1, 'update', '{"id":1,"client_id":2,"severity":"maintenance","text":"no heating","cause":"boiler","measures":null,"handler":"","status":"resolved","round":1,"opened_at":"2026-11-20T00:12:00Z","resolved_at":"2026-11-20T00:14:00Z","resolution":"repaired","confirm_by":"2026-11-21T00:14:00Z","closed_at":null,"call_back_due":null,"called_back_at":null,"agent":"Mei"}');
INSERT INTO changes VALUES (37, 14, 'complaint_steps', 4, 'insert', NULL);
INSERT INTO changes VALUES (38, 14, 'complaint_steps', 5, 'insert', NULL);
INSERT INTO changes VALUES (39, 14, 'complaint_steps', 6, 'insert', NULL);
INSERT INTO changes VALUES (40, 14, 'complaint_events', 4, 'insert', NULL);
INSERT INTO changes VALUES (41, 15, 'consents', 2, 'insert', NULL);
INSERT INTO changes VALUES (42, 15, 'clients', 2, 'update', '{"id":2,"name":"Anna de Vries","kind":"person","pinyin":"","pinyin_given":0,"search_key":"anna de vries\nannadevries\nadv","tier":null,"tier_set_at":null,"persona":null,"source":null,"referrer_id":1,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":"wants a balcony","income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":null,"do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:03:00Z","verified_at":"2026-11-20T00:03:00Z","archived_at":null}');
INSERT INTO changes VALUES (43, 16, 'consents', 3, 'insert', NULL);
INSERT INTO changes VALUES (44, 16, 'clients', 3, 'update', '{"id":3,"name":"李娜","kind":"person","pinyin":"li na","pinyin_given":0,"search_key":"李娜\nln\nli na\nlina","tier":"B","tier_set_at":"2026-11-20T00:04:00Z","persona":null,"source":null,"referrer_id":null,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":null,"income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":null,"do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:04:00Z","verified_at":"2026-11-20T00:04:00Z","archived_at":null}');
INSERT INTO changes VALUES (45, 16, 'clients', 3, 'update', '{"id":3,"name":"李娜","kind":"person","pinyin":"li na","pinyin_given":0,"search_key":"李娜\nln\nli na\nlina","tier":"B","tier_set_at":"2026-11-20T00:04:00Z","persona":null,"source":null,"referrer_id":null,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":null,"income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":"Not to be contacted (by phone, 2026-11-20)","do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:04:00Z","verified_at":"2026-11-20T00:04:00Z","archived_at":null}');
INSERT INTO changes VALUES (46, 17, 'clients', 4, 'insert', NULL);
INSERT INTO changes VALUES (47, 17, 'client_tags', 4, 'insert', NULL);
INSERT INTO changes VALUES (48, 17, 'contact_points', 7, 'insert', NULL);
INSERT INTO changes VALUES (49, 18, 'contacts', 3, 'insert', NULL);
INSERT INTO changes VALUES (50, 19, 'clients', 1, 'update', '{"id":1,"name":"王丽","kind":"person","pinyin":"wang li","pinyin_given":0,"search_key":"王丽\nwl\nwang li\nwangli","tier":"A","tier_set_at":"2026-11-20T00:02:00Z","persona":null,"source":null,"referrer_id":null,"family":null,"occupation":"teacher","preferred_channel":null,"birth_year":1990,"birth_month":5,"birth_day":20,"avoid":null,"note":"学区房，阳台","income_minor":35000000,"debts_minor":null,"down_payment_minor":null,"currency":"CNY","credit_note":null,"consent":"calls about flats","do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:02:00Z","verified_at":"2026-11-20T00:05:00Z","archived_at":null}');
INSERT INTO changes VALUES (51, 19, 'client_tags', 5, 'insert', NULL);
INSERT INTO changes VALUES (52, 19, 'contact_points', 8, 'insert', NULL);
INSERT INTO changes VALUES (53, 19, 'client_tags', 4, 'delete', '{"id":4,"client_id":4,"tag":"vip"}');
INSERT INTO changes VALUES (54, 19, 'contact_points', 7, 'delete', '{"id":7,"client_id":4,"kind":"phone","value":"+8613800138001","extension":"","shown":"+86 138 0013 8001","key":"+8613800138001"}');
INSERT INTO changes VALUES (55, 19, 'contacts', 3, 'update', '{"id":3,"client_id":4,"at":"2026-11-20T00:19:00Z","direction":"out","channel":"call","text":"asked for a key","feedback":null,"next_step":null,"agent":"Mei","created_at":"2026-11-20T00:19:00Z"}');
INSERT INTO changes VALUES (56, 19, 'clients', 4, 'delete', '{"id":4,"name":"Wang Li","kind":"person","pinyin":"","pinyin_given":0,"search_key":"wang li\nwangli\nwl","tier":null,"tier_set_at":null,"persona":null,"source":null,"referrer_id":null,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":"the same?","income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":null,"do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:18:00Z","verified_at":"2026-11-20T00:18:00Z","archived_at":null}');
INSERT INTO changes VALUES (57, 19, 'merges', 1, 'insert', NULL);
INSERT INTO changes VALUES (58, 20, 'clients', 5, 'insert', NULL);
INSERT INTO changes VALUES (59, 20, 'contact_points', 9, 'insert', NULL);
INSERT INTO changes VALUES (60, 21, 'complaints', 2, 'insert', NULL);
INSERT INTO changes VALUES (61, 21, 'complaint_steps', 7, 'insert', NULL);
INSERT INTO changes VALUES (62, 21, 'complaint_steps', 8, 'insert', NULL);
INSERT INTO changes VALUES (63, 21, 'complaint_events', 5, 'insert', NULL);
INSERT INTO changes VALUES (64, 22, 'clients', 2, 'update', '{"id":2,"name":"Anna de Vries","kind":"person","pinyin":"","pinyin_given":0,"search_key":"anna de vries\nannadevries\nadv","tier":null,"tier_set_at":null,"persona":null,"source":null,"referrer_id":1,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":"wants a balcony","income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":"Allowed email (in writing, 2026-11-20)","do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:03:00Z","verified_at":"2026-11-20T00:03:00Z","archived_at":null}');
INSERT INTO changes VALUES (65, 22, 'contact_points', 10, 'insert', NULL);
INSERT INTO changes VALUES (66, 22, 'complaints', 2, 'update', '{"id":2,"client_id":5,"severity":"general","text":"rude","cause":null,"measures":null,"handler":"","status":"open","round":1,"opened_at":"2026-11-20T00:22:00Z","resolved_at":null,"resolution":null,"confirm_by":null,"closed_at":null,"call_back_due":null,"called_back_at":null,"agent":"Mei"}');
INSERT INTO changes VALUES (67, 22, 'contact_points', 9, 'delete', '{"id":9,"client_id":5,"kind":"phone","value":"+31612345679","extension":"","shown":"+31 6 12345679","key":"+31612345679"}');
INSERT INTO changes VALUES (68, 22, 'clients', 5, 'delete', '{"id":5,"name":"Anna Smith","kind":"person","pinyin":"","pinyin_given":0,"search_key":"anna smith\nannasmith\nas","tier":null,"tier_set_at":null,"persona":null,"source":null,"referrer_id":null,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":"her sister","income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":null,"do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:21:00Z","verified_at":"2026-11-20T00:21:00Z","archived_at":null}');
INSERT INTO changes VALUES (69, 22, 'merges', 2, 'insert', NULL);
INSERT INTO changes VALUES (70, 23, 'contact_points', 10, 'delete', '{"id":10,"client_id":2,"kind":"phone","value":"+31612345679","extension":"","shown":"+31 6 12345679","key":"+31612345679"}');
INSERT INTO changes VALUES (71, 23, 'merges', 2, 'delete', '{"id":2,"client_id":2,"merged_id":5,"at":"2026-11-20T00:23:00Z"}');
INSERT INTO changes VALUES (72, 23, 'clients', 2, 'update', '{"id":2,"name":"Anna de Vries","kind":"person","pinyin":"","pinyin_given":0,"search_key":"anna de vries\nannadevries\nadv","tier":null,"tier_set_at":null,"persona":null,"source":null,"referrer_id":1,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":"wants a balcony\nMerged with Anna Smith (#5) on 2026-11-20:\nher sister","income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":"Allowed email (in writing, 2026-11-20)","do_not_contact":0,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:03:00Z","verified_at":"2026-11-20T00:21:00Z","archived_at":null}');
INSERT INTO changes VALUES (73, 23, 'clients', 5, 'insert', NULL);
INSERT INTO changes VALUES (74, 23, 'complaints', 2, 'update', '{"id":2,"client_id":2,"severity":"general","text":"rude","cause":null,"measures":null,"handler":"","status":"open","round":1,"opened_at":"2026-11-20T00:22:00Z","resolved_at":null,"resolution":null,"confirm_by":null,"closed_at":null,"call_back_due":null,"called_back_at":null,"agent":"Mei"}');
INSERT INTO changes VALUES (75, 23, 'contact_points', 9, 'insert', NULL);
INSERT INTO changes VALUES (76, 27, 'clients', 3, 'update', '{"id":3,"name":"李娜","kind":"person","pinyin":"li na","pinyin_given":0,"search_key":"李娜\nln\nli na\nlina","tier":"B","tier_set_at":"2026-11-20T00:04:00Z","persona":null,"source":null,"referrer_id":null,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":null,"income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":"Not to be contacted (by phone, 2026-11-20)","do_not_contact":1,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:04:00Z","verified_at":"2026-11-20T00:04:00Z","archived_at":null}');
INSERT INTO changes VALUES (77, 28, 'clients', 3, 'update', '{"id":3,"name":"李娜","kind":"person","pinyin":"li na","pinyin_given":0,"search_key":"李娜\nln\nli na\nlina","tier":"B","tier_set_at":"2026-11-20T00:04:00Z","persona":null,"source":null,"referrer_id":null,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":null,"income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":"Not to be contacted (by phone, 2026-11-20)","do_not_contact":1,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:04:00Z","verified_at":"2026-11-20T00:04:00Z","archived_at":"2026-11-20T00:28:00Z"}');
INSERT INTO changes VALUES (78, 29, 'clients', 3, 'update', '{"id":3,"name":"李娜","kind":"person","pinyin":"li na","pinyin_given":0,"search_key":"李娜\nln\nli na\nlina","tier":"B","tier_set_at":"2026-11-20T00:04:00Z","persona":null,"source":null,"referrer_id":null,"family":null,"occupation":null,"preferred_channel":null,"birth_year":null,"birth_month":null,"birth_day":null,"avoid":null,"note":null,"income_minor":null,"debts_minor":null,"down_payment_minor":null,"currency":null,"credit_note":null,"consent":"Not to be contacted (by phone, 2026-11-20)","do_not_contact":1,"agent":"Mei","origin":"manual","created_at":"2026-11-20T00:04:00Z","verified_at":"2026-11-20T00:04:00Z","archived_at":null}');
INSERT INTO changes VALUES (79, 30, 'clients', 7, 'insert', NULL);
INSERT INTO changes VALUES (80, 30, 'contact_points', 12, 'insert', NULL);
INSERT INTO changes VALUES (81, 30, 'client_tags', 6, 'insert', NULL);
INSERT INTO changes VALUES (82, 30, 'client_tags', 7, 'insert', NULL);
INSERT INTO changes VALUES (83, 31, 'digests', 1, 'insert', NULL);
INSERT INTO changes VALUES (84, 32, 'digests', 1, 'update', '{"id":1,"recipient":"","day":"2026-11-20","claimed_at":"2026-11-20T00:32:00Z","sent_at":null}');
INSERT INTO changes VALUES (85, 33, 'follow_ups', 1, 'update', '{"id":1,"client_id":1,"due_day":"2026-11-27","due_at":null,"reason":"平面图","status":"open","every":null,"anchor_day":null,"anchor_time":null,"scheduled_day":null,"until_day":null,"snoozes":1,"contact_id":null,"outcome":null,"agent":"Mei","created_at":"2026-11-20T00:07:00Z","closed_at":null}');
INSERT INTO changes VALUES (86, 34, 'follow_ups', 1, 'update', '{"id":1,"client_id":1,"due_day":"2026-11-27","due_at":null,"reason":"平面图","status":"cancelled","every":null,"anchor_day":null,"anchor_time":null,"scheduled_day":null,"until_day":null,"snoozes":1,"contact_id":null,"outcome":null,"agent":"Mei","created_at":"2026-11-20T00:07:00Z","closed_at":"2026-11-20T00:33:00Z"}');
INSERT INTO clients VALUES (1, '王丽', 'person', 'wang li', 0, '王丽
wl
wang li
wangli', 'A', '2026-11-20T00:02:00Z', NULL, NULL, NULL, NULL, 'teacher', NULL, 1990, 5, 20, NULL, '学区房，阳台
Merged with Wang Li (#4) on 2026-11-20:
the same?', 35000000, NULL, NULL, 'CNY', NULL, 'calls about flats', 0, 'Mei', 'manual', '2026-11-20T00:02:00Z', '2026-11-20T00:18:00Z', NULL);
INSERT INTO clients VALUES (2, 'Anna de Vries', 'person', '', 0, 'anna de vries
annadevries
adv', NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'wants a balcony', NULL, NULL, NULL, NULL, NULL, 'Allowed email (in writing, 2026-11-20)', 0, 'Mei', 'manual', '2026-11-20T00:03:00Z', '2026-11-20T00:03:00Z', NULL);
INSERT INTO clients VALUES (3, '李娜', 'person', 'li na', 0, '李娜
ln
li na
lina', 'B', '2026-11-20T00:04:00Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'Not to be contacted (by phone, 2026-11-20)', 1, 'Mei', 'manual', '2026-11-20T00:04:00Z', '2026-11-20T00:04:00Z', '2026-11-20T00:28:00Z');
INSERT INTO clients VALUES (5, 'Anna Smith', 'person', '', 0, 'anna smith
annasmith
as', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'her sister', NULL, NULL, NULL, NULL, NULL, NULL, 0, 'Mei', 'manual', '2026-11-20T00:21:00Z', '2026-11-20T00:21:00Z', NULL);
INSERT INTO clients VALUES (7, '赵敏', 'person', 'zhao min', 0, '赵敏
zm
zhao min
zhaomin', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '花园', NULL, NULL, NULL, NULL, NULL, NULL, 0, 'Mei', 'import', '2026-11-20T00:31:00Z', '2026-11-20T00:31:00Z', NULL);
INSERT INTO contacts VALUES (1, 1, '2026-11-20T00:07:00Z', 'out', 'call', 'likes the balcony', '不错', '平面图', 'Mei', '2026-11-20T00:07:00Z');
INSERT INTO contacts VALUES (2, 2, '2026-11-20T00:08:00Z', 'in', 'call', 'rang about the roof', NULL, NULL, 'Mei', '2026-11-20T00:08:00Z');
INSERT INTO contacts VALUES (3, 1, '2026-11-20T00:19:00Z', 'out', 'call', 'asked for a key', NULL, NULL, 'Mei', '2026-11-20T00:19:00Z');
INSERT INTO follow_ups VALUES (1, 1, '2026-11-27', NULL, '平面图', 'open', NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, 'Mei', '2026-11-20T00:07:00Z', NULL);
INSERT INTO follow_ups VALUES (2, 2, '2026-11-22', NULL, 'send the contract', 'done', '2w', '2026-11-22', NULL, '2026-11-22', NULL, 0, NULL, 'sent it', 'Mei', '2026-11-20T00:09:00Z', '2026-11-20T00:10:00Z');
INSERT INTO follow_ups VALUES (3, 2, '2026-12-06', NULL, 'send the contract', 'open', '2w', '2026-11-22', NULL, '2026-12-06', NULL, 0, NULL, NULL, 'Mei', '2026-11-20T00:10:00Z', NULL);
INSERT INTO complaints VALUES (1, 2, 'maintenance', 'no heating', 'boiler', NULL, '', 'open', 2, '2026-11-20T00:12:00Z', NULL, NULL, NULL, NULL, NULL, NULL, 'Mei');
INSERT INTO complaints VALUES (2, 5, 'general', 'rude', NULL, NULL, '', 'open', 1, '2026-11-20T00:22:00Z', NULL, NULL, NULL, NULL, NULL, NULL, 'Mei');
INSERT INTO complaint_steps VALUES (1, 1, 1, 1, 'respond to the client', 'agent', '2026-11-20T02:12:00Z', '2026-11-20T00:13:00Z', 'rang them', 'Mei');
INSERT INTO complaint_steps VALUES (2, 1, 1, 2, 'repair plan', 'maintenance', '2026-11-21T00:12:00Z', '2026-11-20T00:14:00Z', 'repaired', 'Mei');
INSERT INTO complaint_steps VALUES (3, 1, 1, 3, 'repair done', 'maintenance', '2026-11-23T00:12:00Z', '2026-11-20T00:14:00Z', 'repaired', 'Mei');
INSERT INTO complaint_steps VALUES (4, 1, 2, 1, 'respond to the client', 'agent', '2026-11-20T02:15:00Z', NULL, NULL, NULL);
INSERT INTO complaint_steps VALUES (5, 1, 2, 2, 'repair plan', 'maintenance', '2026-11-21T00:15:00Z', NULL, NULL, NULL);
INSERT INTO complaint_steps VALUES (6, 1, 2, 3, 'repair done', 'maintenance', '2026-11-23T00:15:00Z', NULL, NULL, NULL);
INSERT INTO complaint_steps VALUES (7, 2, 1, 1, 'respond to the client', 'agent', '2026-11-20T02:22:00Z', NULL, NULL, NULL);
INSERT INTO complaint_steps VALUES (8, 2, 1, 2, 'resolve', 'agent', '2026-11-21T00:22:00Z', NULL, NULL, NULL);
INSERT INTO complaint_events VALUES (1, 1, '2026-11-20T00:12:00Z', 'recorded', 'no heating', 'Mei');
INSERT INTO complaint_events VALUES (2, 1, '2026-11-20T00:13:00Z', 'progressed', 'rang them', 'Mei');
INSERT INTO complaint_events VALUES (3, 1, '2026-11-20T00:14:00Z', 'resolved', 'repaired', 'Mei');
INSERT INTO complaint_events VALUES (4, 1, '2026-11-20T00:15:00Z', 'reopened', 'cold again', 'Mei');
INSERT INTO complaint_events VALUES (5, 2, '2026-11-20T00:22:00Z', 'recorded', 'rude', 'Mei');
INSERT INTO standing VALUES (1, 'A', 1, '2026-11-20T00:19:00Z', '2026-11-27', NULL, NULL, NULL, '2026-11-20T00:18:00Z', '05-20');
INSERT INTO standing VALUES (2, '', 0, '2026-11-20T00:08:00Z', '2026-12-06', NULL, '2026-11-20T00:08:00Z', NULL, '2026-11-20T00:03:00Z', NULL);
INSERT INTO standing VALUES (3, 'B', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO standing VALUES (5, '', 0, NULL, NULL, NULL, '2026-11-20T00:21:00Z', NULL, '2026-11-20T00:21:00Z', NULL);
INSERT INTO standing VALUES (7, '', 1, NULL, NULL, NULL, NULL, NULL, '2026-11-20T00:31:00Z', NULL);
INSERT INTO digests VALUES (1, '', '2026-11-20', '2026-11-20T00:32:00Z', '2026-11-20T00:32:00Z');
INSERT INTO reversals VALUES (1, 23, 22);
INSERT INTO reversals VALUES (2, 28, 27);
INSERT INTO reversals VALUES (3, 29, 28);
INSERT INTO reversals VALUES (4, 34, 33);
INSERT INTO merges VALUES (1, 1, 4, '2026-11-20T00:20:00Z');
INSERT INTO consents VALUES (1, 1, '2026-11-20T00:02:00Z', 'allowed', 'calls about flats', 'as noted in the profile', 'Mei', '2026-11-20T00:02:00Z');
INSERT INTO consents VALUES (2, 2, '2026-11-20T00:16:00Z', 'allowed', 'email', 'in writing', 'Mei', '2026-11-20T00:16:00Z');
INSERT INTO consents VALUES (3, 3, '2026-11-20T00:17:00Z', 'do-not-contact', 'everything', 'by phone', 'Mei', '2026-11-20T00:17:00Z');
INSERT INTO suppressions VALUES (1, 'cbe4519f4a65fd5489e4b2b929b22a47347f5ae4e3b3aee6dd1b3347d087e089', '2026-11-20T00:27:00Z');
INSERT INTO suppression_key VALUES (1, 'a29a57c64c6cfcf47058e58586db05708dd4a6e02dc7bc68281838a4720a518b');
INSERT INTO client_types VALUES (1, 1, 'buyer');
INSERT INTO client_types VALUES (2, 2, 'seller');
INSERT INTO client_tags VALUES (1, 1, 'urgent');
INSERT INTO client_tags VALUES (3, 3, '学区房');
INSERT INTO client_tags VALUES (5, 1, 'vip');
INSERT INTO client_tags VALUES (6, 7, 'urgent');
INSERT INTO client_tags VALUES (7, 1, '老客户');
INSERT INTO contact_points VALUES (1, 1, 'phone', '+8613800138000', '', '+86 138 0013 8000', '+8613800138000');
INSERT INTO contact_points VALUES (2, 1, 'email', 'wangli@example.com', '', 'wangli@example.com', 'wangli@example.com');
INSERT INTO contact_points VALUES (3, 1, 'wechat', 'wangli88', '', 'wangli88', 'wangli88');
INSERT INTO contact_points VALUES (4, 2, 'phone', '+31612345678', '', '+31 6 12345678', '+31612345678');
INSERT INTO contact_points VALUES (5, 2, 'address', 'Quellenweg 9', '', 'Quellenweg 9', 'quellenweg 9');
INSERT INTO contact_points VALUES (6, 3, 'phone', '+8613900139000', '', '+86 139 0013 9000', '+8613900139000');
INSERT INTO contact_points VALUES (8, 1, 'phone', '+8613800138001', '', '+86 138 0013 8001', '+8613800138001');
INSERT INTO contact_points VALUES (9, 5, 'phone', '+31612345679', '', '+31 6 12345679', '+31612345679');
INSERT INTO contact_points VALUES (12, 7, 'phone', '+8613700137001', '', '+86 137 0013 7001', '+8613700137001');
INSERT INTO client_words (rowid, words) VALUES (1, '学 区 房 , 阳 台 merged with wang li (#4) on 2026-11-20: the same?');
INSERT INTO client_words (rowid, words) VALUES (2, 'wants a balcony');
INSERT INTO client_words (rowid, words) VALUES (5, 'her sister');
INSERT INTO client_words (rowid, words) VALUES (7, '花 园');
INSERT INTO contact_words (rowid, words) VALUES (1, 'likes the balcony 不 错');
INSERT INTO contact_words (rowid, words) VALUES (2, 'rang about the roof');
INSERT INTO contact_words (rowid, words) VALUES (3, 'asked for a key');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES ('client_types', 2);
INSERT INTO sqlite_sequence VALUES ('client_tags', 7);
INSERT INTO sqlite_sequence VALUES ('contact_points', 12);
INSERT INTO sqlite_sequence VALUES ('operations', 34);
INSERT INTO sqlite_sequence VALUES ('clients', 7);
INSERT INTO sqlite_sequence VALUES ('consents', 3);
INSERT INTO sqlite_sequence VALUES ('contacts', 4);
INSERT INTO sqlite_sequence VALUES ('follow_ups', 3);
INSERT INTO sqlite_sequence VALUES ('complaints', 2);
INSERT INTO sqlite_sequence VALUES ('complaint_steps', 8);
INSERT INTO sqlite_sequence VALUES ('complaint_events', 5);
INSERT INTO sqlite_sequence VALUES ('merges', 2);
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
        ) AS facts;
CREATE TRIGGER standing_client_added AFTER INSERT ON clients  BEGIN DELETE FROM standing WHERE client_id = NEW.id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = NEW.id; END;
CREATE TRIGGER standing_client_changed AFTER UPDATE OF tier, tier_set_at, origin, created_at, verified_at, archived_at, do_not_contact, birth_month, birth_day ON clients  BEGIN DELETE FROM standing WHERE client_id = NEW.id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = NEW.id; END;
CREATE TRIGGER standing_client_gone AFTER DELETE ON clients  BEGIN DELETE FROM standing WHERE client_id = OLD.id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = OLD.id; END;
CREATE TRIGGER standing_contact_added AFTER INSERT ON contacts WHEN 1 BEGIN DELETE FROM standing WHERE client_id = NEW.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = NEW.client_id; END;
CREATE TRIGGER standing_contact_changed AFTER UPDATE ON contacts WHEN 1 OR 1 BEGIN DELETE FROM standing WHERE client_id = NEW.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = NEW.client_id; END;
CREATE TRIGGER standing_contact_moved AFTER UPDATE OF client_id ON contacts WHEN 1 AND OLD.client_id <> NEW.client_id BEGIN DELETE FROM standing WHERE client_id = OLD.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = OLD.client_id; END;
CREATE TRIGGER standing_contact_gone AFTER DELETE ON contacts WHEN 1 BEGIN DELETE FROM standing WHERE client_id = OLD.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = OLD.client_id; END;
CREATE TRIGGER standing_follow_up_added AFTER INSERT ON follow_ups WHEN 1 BEGIN DELETE FROM standing WHERE client_id = NEW.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = NEW.client_id; END;
CREATE TRIGGER standing_follow_up_changed AFTER UPDATE ON follow_ups WHEN 1 OR 1 BEGIN DELETE FROM standing WHERE client_id = NEW.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = NEW.client_id; END;
CREATE TRIGGER standing_follow_up_moved AFTER UPDATE OF client_id ON follow_ups WHEN 1 AND OLD.client_id <> NEW.client_id BEGIN DELETE FROM standing WHERE client_id = OLD.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = OLD.client_id; END;
CREATE TRIGGER standing_follow_up_gone AFTER DELETE ON follow_ups WHEN 1 BEGIN DELETE FROM standing WHERE client_id = OLD.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = OLD.client_id; END;
CREATE TRIGGER standing_tag_added AFTER INSERT ON client_tags WHEN NEW.tag IN ('urgent', '紧急') BEGIN DELETE FROM standing WHERE client_id = NEW.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = NEW.client_id; END;
CREATE TRIGGER standing_tag_changed AFTER UPDATE ON client_tags WHEN OLD.tag IN ('urgent', '紧急') OR NEW.tag IN ('urgent', '紧急') BEGIN DELETE FROM standing WHERE client_id = NEW.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = NEW.client_id; END;
CREATE TRIGGER standing_tag_moved AFTER UPDATE OF client_id ON client_tags WHEN OLD.tag IN ('urgent', '紧急') AND OLD.client_id <> NEW.client_id BEGIN DELETE FROM standing WHERE client_id = OLD.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = OLD.client_id; END;
CREATE TRIGGER standing_tag_gone AFTER DELETE ON client_tags WHEN OLD.tag IN ('urgent', '紧急') BEGIN DELETE FROM standing WHERE client_id = OLD.client_id; INSERT INTO standing SELECT * FROM standing_now WHERE client_id = OLD.client_id; END;
COMMIT;
