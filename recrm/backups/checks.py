"""What has to be true of a sound shop, each rule one query for the rows that break it.

SQLite's own checks see pages, references and the schema's constraints; these see what only recrm knows. A rule
that can be worked out anew has a repair: a statement over the rows found, or, for what is derived, a rebuilding.
The functions that queries call are those of `recrm.backups.derived`.
"""

from __future__ import annotations

from dataclasses import dataclass

# A derived table is made anew as a whole, outside the journal, which does not know it.
REBUILD = "rebuild"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: `query` gives the ids that break it, `what` says so of `{count}` rows, `hint` what to do.

    `repair` is REBUILD, a statement that lacks only which rows (THESE), or empty where only a person knows.
    """

    name: str
    query: str
    what: str
    hint: str
    repair: str = ""


_REPAIR = "Type `recrm check --repair`."
# Ends each statement that repairs: takes the ids as one JSON array, so that its text never depends on values.
THESE = " WHERE id IN (SELECT value FROM json_each(?))"

CHECKS: tuple[Check, ...] = (
    Check(
        "standing",
        """
        SELECT client_id FROM (SELECT * FROM standing EXCEPT SELECT * FROM standing_now)
        UNION SELECT client_id FROM (SELECT * FROM standing_now EXCEPT SELECT * FROM standing)
        """,
        "Clients whom the due list knows otherwise than their contacts, promises or profile say: {count}.",
        _REPAIR,
        REBUILD,
    ),
    Check(
        "search-key",
        """
        SELECT id FROM clients
        WHERE NOT named_so(name, pinyin, pinyin_given, search_key)
        """,
        "Clients whose pinyin or initials do not follow from their names, so that `find` may miss them: {count}.",
        _REPAIR,
        """
        UPDATE clients SET search_key = search_key_of(name, pinyin, pinyin_given),
            pinyin = pinyin_of(name, pinyin, pinyin_given)
        """,
    ),
    Check(
        "contact-point",
        "SELECT id FROM contact_points WHERE NOT pointed_so(kind, value, extension, shown, key)",
        "Phones or addresses kept in another form than they are searched in: {count}.",
        _REPAIR,
        # Two that become the same are left: one of them is to be removed by hand.
        """
        UPDATE OR IGNORE contact_points SET key = key_of(kind, value, key),
            shown = shown_of(kind, value, extension, shown)
        """,
    ),
    Check(
        "referrer",
        """
        WITH RECURSIVE chain(start, id) AS (
            SELECT id, referrer_id FROM clients WHERE referrer_id IS NOT NULL
            UNION SELECT start, referrer_id FROM chain JOIN clients USING (id) WHERE referrer_id IS NOT NULL
        )
        SELECT start FROM chain WHERE id = start
        """,
        "Clients who were sent by themselves, by way of others: {count}.",
        "Name another referrer: `recrm edit-client ID --referrer WHO`.",
    ),
    Check(
        "currency",
        """
        SELECT id FROM clients
        WHERE currency IS NULL AND coalesce(income_minor, debts_minor, down_payment_minor) IS NOT NULL
        """,
        "Clients with amounts in no currency: {count}.",
        "Give the amount again: `recrm edit-client ID --income AMOUNT`.",
    ),
    Check(
        "recurrence",
        "SELECT id FROM follow_ups WHERE every IS NOT NULL AND NOT recurs_so(every, anchor_day, scheduled_day)",
        "Recurring follow-ups that do not say from which day they count, or how often they come back: {count}.",
        "Cancel each with `recrm cancel-follow-up ID` and promise it again with `--every`.",
    ),
    Check(
        "closing",
        "SELECT id FROM follow_ups WHERE closed_at < created_at",
        "Follow-ups closed before they were made, because a clock was wrong: {count}.",
        _REPAIR,
        "UPDATE follow_ups SET closed_at = created_at",
    ),
    Check(
        "kept-by",
        """
        SELECT follow_ups.id FROM follow_ups JOIN contacts ON contacts.id = contact_id
        WHERE contacts.client_id <> follow_ups.client_id
        """,
        "Follow-ups said to be kept by a contact with somebody else: {count}.",
        _REPAIR,
        "UPDATE follow_ups SET contact_id = NULL",
    ),
    Check(
        "open-step",
        """
        SELECT id FROM complaints WHERE status = 'open' AND NOT EXISTS (
            SELECT 1 FROM complaint_steps
            WHERE complaint_id = complaints.id AND complaint_steps.round = complaints.round AND done_at IS NULL
        )
        """,
        "Open complaints without an open step, so that their clocks stand still: {count}.",
        'Resolve each with `recrm resolve-complaint ID "how"`.',
    ),
    Check(
        "late-step",
        """
        SELECT id FROM complaints WHERE EXISTS (
            SELECT 1 FROM complaint_steps WHERE complaint_id = complaints.id AND done_at IS NULL
                AND (complaints.status <> 'open' OR complaint_steps.round < complaints.round)
        )
        """,
        "Complaints that are over, or in a later round, with a step still open: {count}.",
        'Reopen each with `recrm reopen-complaint ID "why"` if it is not over.',
    ),
    Check(
        "round",
        """
        SELECT id FROM complaints WHERE round <> 1 + (
            SELECT count(*) FROM complaint_events WHERE complaint_id = complaints.id AND event = 'reopened'
        ) OR round <> (SELECT count(DISTINCT round) FROM complaint_steps WHERE complaint_id = complaints.id)
        OR NOT EXISTS (SELECT 1 FROM complaint_events WHERE complaint_id = complaints.id AND event = 'recorded')
        """,
        "Complaints whose rounds do not agree with their steps and their history: {count}.",
        "Look at each with `recrm show-complaint ID`, and write down what is missing with `recrm log`.",
    ),
    Check(
        "confirmation",
        "SELECT id FROM complaints WHERE status = 'resolved' AND confirm_by IS NULL",
        "Resolved complaints without a moment by which the client is to be asked: {count}.",
        "Close each as the client says: `recrm close-complaint ID --satisfied`, or --unsatisfied.",
    ),
    Check(
        "call-back",
        "SELECT id FROM complaints WHERE status = 'closed' AND call_back_due IS NULL",
        "Closed complaints without a day on which the client is to be called back: {count}.",
        _REPAIR,
        "UPDATE complaints SET call_back_due = call_back_of(closed_at)",
    ),
    Check(
        "merge",
        "SELECT id FROM merges WHERE client_id = merged_id",
        "Merges that lead from a client to the same one: {count}.",
        _REPAIR,
        "DELETE FROM merges",
    ),
    Check(
        "reversal",
        "SELECT id FROM reversals WHERE target_id >= operation_id",
        "Lines of the history that take back something that came after them: {count}.",
        "Restore the newest good backup: `recrm restore latest`; no command can have written this.",
    ),
)
