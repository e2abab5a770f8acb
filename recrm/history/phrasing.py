"""What an operation did, in the agent's words: read off the journal, so that nothing personal is stored twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import Any

from recrm.core.moments import from_utc_text
from recrm.core.text import clean_line, shorten
from recrm.history import store
from recrm.history.model import Done, undone

_TEXT_WIDTH = 60  # columns of a text that is cited

# The table whose first row an operation is about; the others are about a client.
_ABOUT = {
    "log": "contacts",
    "add-follow-up": "follow_ups",
    "done": "follow_ups",
    "snooze": "follow_ups",
    "cancel-follow-up": "follow_ups",
    "record-complaint": "complaints",
    "progress-complaint": "complaint_events",
    "resolve-complaint": "complaints",
    "reopen-complaint": "complaints",
    "close-complaint": "complaints",
    "consent": "consents",
    "tag": "client_tags",
    "untag": "client_tags",
    "merge-clients": "merges",
}

_SENTENCES = {
    "add-client": "Added {client}.",
    "archive-client": "Archived {client}.",
    "unarchive-client": "Brought {client} back from the archive.",
    "log": "Logged with {client}: {text}",
    "add-follow-up": "Promised {client}, f{id}: {text}",
    "done": "Done for {client}, f{id}: {text}",
    "snooze": "Moved f{id} of {client} to {due}: {text}",
    "cancel-follow-up": "Cancelled f{id} of {client}: {text}",
    "record-complaint": "Recorded complaint c{id} of {client}: {text}",
    "progress-complaint": "Went on with complaint c{complaint} of {client}: {text}",
    "resolve-complaint": "Resolved complaint c{id} of {client}: {text}",
    "reopen-complaint": "Reopened complaint c{id} of {client}: {text}",
    "close-complaint": "Closed complaint c{id} of {client}: {text}",
    "consent": "{client} allows: {text}",
    "merge-clients": "Merged #{merged} into {client}.",
}

# Columns that follow from others, and how the rest are called.
_FOLLOWING = {"search_key", "pinyin_given", "tier_set_at", "verified_at", "currency", "birth_month", "birth_day"}
_FIELD_WORDS = {"birth_year": "birthday", "income_minor": "income", "debts_minor": "debts"}
_FIELD_WORDS |= {"down_payment_minor": "down payment", "preferred_channel": "preferred channel"}
_FIELD_WORDS |= {"credit_note": "credit note", "do_not_contact": "do not contact", "referrer_id": "referrer"}
_DETAILS = {"contact_points": "contact points", "client_types": "types", "client_tags": "tags"}


def done(conn: sqlite3.Connection, numbers: Iterable[int], zone: tzinfo) -> list[Done]:
    """These operations, in their order."""
    found = store.reversals(conn)
    gone = undone(found)
    made = []
    for number in numbers:
        _, command, agent, at = tuple(conn.execute("SELECT * FROM operations WHERE id = ?", (number,)).fetchone())
        asked = "SELECT table_name, count(DISTINCT row_id) FROM changes WHERE operation_id = ? GROUP BY table_name"
        rows = {row[0]: row[1] for row in conn.execute(asked, (number,)).fetchall()}
        reverses = tuple(sorted(found.get(number, ())))
        said = summary(conn, number, command, reverses, rows, zone)
        made.append(Done(number, command, agent, from_utc_text(at, zone), said, gone.get(number), reverses, rows))
    return made


def summary(
    conn: sqlite3.Connection,
    number: int,
    command: str,
    reverses: tuple[int, ...],
    rows: dict[str, int],
    zone: tzinfo,
) -> str:
    """One sentence on what an operation did; `rows` counts the rows it changed by table."""
    if reverses:
        return _reversal(conn, command, reverses)
    if command == "erase-client":
        return "Erased a client for good."
    if not rows:
        return "What it changed was erased."
    if command == "import":
        return _import(conn, number, rows)
    if command in ("tag", "untag"):
        return _tags(conn, number, command)
    if command == "edit-client":
        return _edit(conn, number, rows)
    return _about(conn, number, command, rows, zone)


def affected(conn: sqlite3.Connection, table: str, row_id: int, operation: int) -> str:
    """The row that a later operation changed: `the client 李娜 (#1)`, `a tag of 李娜 (#1)`."""
    what = store.TABLE_WORDS.get(table, "a row")
    row = store.row_after(conn, table, row_id, operation) or store.row_before(conn, table, row_id, operation)
    client = _client(conn, row_id if table == "clients" else row.get("client_id"), operation)
    if not client:
        return what
    return f"{what} {client}" if table == "clients" else f"{what} of {client}"


def _reversal(conn: sqlite3.Connection, command: str, reverses: tuple[int, ...]) -> str:
    found = store.reversals(conn)
    if command == "redo":
        targets = sorted(target for undo in reverses for target in found.get(undo, ()))
        numbers = ", ".join(map(str, targets))
        return f"Did operation {numbers} again." if len(targets) == 1 else f"Did operations {numbers} again."
    numbers = ", ".join(map(str, reverses))
    return f"Took back operation {numbers}." if len(reverses) == 1 else f"Took back operations {numbers}."


def _import(conn: sqlite3.Connection, number: int, rows: dict[str, int]) -> str:
    if "clients" not in rows and set(rows) == {"contacts"}:
        return f"Imported contacts: {rows['contacts']} added."
    counts = store.counts(conn, number, "clients")
    added, changed = counts.get("insert", 0), counts.get("update", 0)
    details = sum(rows.get(table, 0) for table in _DETAILS) if not added else 0
    if details and not changed:
        return f"Imported details of clients: {details} added."
    return f"Imported clients: {added} added, {changed} changed."


def _tags(conn: sqlite3.Connection, number: int, command: str) -> str:
    ids = store.first_rows(conn, number, "client_tags", 20)
    read = store.row_after if command == "tag" else store.row_before
    tags = [row for row in (read(conn, "client_tags", i, number) for i in ids) if row]
    names = ", ".join(row["tag"] for row in tags)
    client = _client(conn, tags[0]["client_id"], number) if tags else "a client"
    return f"Tagged {client}: {names}." if command == "tag" else f"Took tags from {client}: {names}."


def _edit(conn: sqlite3.Connection, number: int, rows: dict[str, int]) -> str:
    fields: list[str] = []
    client_id = None
    for client_id in store.first_rows(conn, number, "clients", 1):
        before = store.row_before(conn, "clients", client_id, number)
        after = store.row_after(conn, "clients", client_id, number)
        changed = [name for name in before if before[name] != after.get(name)]
        fields = [_FIELD_WORDS.get(name, name) for name in changed if name not in _FOLLOWING]
        if not fields and {"birth_month", "birth_day"} & set(changed):
            fields = ["birthday"]
        if "name" in fields and "pinyin" in fields:
            fields.remove("pinyin")
    for table in (table for table in _DETAILS if table in rows):
        fields.append(_DETAILS[table])
        if client_id is None:
            for row_id in store.first_rows(conn, number, table, 1):
                row = store.row_after(conn, table, row_id, number) or store.row_before(conn, table, row_id, number)
                client_id = row.get("client_id")
    client = _client(conn, client_id, number) or "a client"
    return f"Changed {client}: {', '.join(fields)}." if fields else f"Verified the profile of {client}."


def _about(conn: sqlite3.Connection, number: int, command: str, rows: dict[str, int], zone: tzinfo) -> str:
    table = _ABOUT.get(command, "clients")
    sentence = _SENTENCES.get(command)
    # A merge moves earlier ones along, and a consent may find one to note down first: their own row is the newest.
    ids = store.first_rows(conn, number, table, 1, newest=command in ("merge-clients", "consent"))
    if not sentence or not ids:
        count = sum(rows.values())
        return f"{command}: one row changed." if count == 1 else f"{command}: {count} rows changed."
    row = store.row_after(conn, table, ids[0], number) or store.row_before(conn, table, ids[0], number)
    complaint = row.get("complaint_id")
    if complaint:
        row = store.row_after(conn, "complaints", complaint, number) | {"text": row.get("text", "")}
    if row.get("event") == "do-not-contact":
        sentence = "{client} is not to be contacted."
    elif row.get("event") == "withdrawn":
        sentence = "{client} no longer allows: {text}"
    text = row.get("resolution" if command == "resolve-complaint" else "text") or row.get("reason") or row.get("what")
    said: dict[str, str | Callable[[], str]] = {
        "id": str(ids[0]),
        "complaint": str(complaint or ""),
        "merged": str(row.get("merged_id", "")),
        "due": _due(row, zone),
        "text": f"“{shorten(clean_line(str(text)), _TEXT_WIDTH)}”" if text else "no words",
        "client": _client(conn, ids[0] if table == "clients" else row.get("client_id"), number) or "a client",
    }
    return sentence.format(**said)


def _due(row: dict[str, Any], zone: tzinfo) -> str:
    if row.get("due_day"):
        return str(row["due_day"])
    if not row.get("due_at"):
        return ""
    return f"{from_utc_text(row['due_at'], zone):%Y-%m-%d %H:%M}"


def _client(conn: sqlite3.Connection, client_id: int | None, operation: int) -> str:
    """A client as they were called then; empty where that is not known any more."""
    if client_id is None:
        return ""
    row = store.row_after(conn, "clients", client_id, operation)
    row = row or store.row_before(conn, "clients", client_id, operation)
    return f"{clean_line(row['name'])} (#{client_id})" if row else f"#{client_id}"
