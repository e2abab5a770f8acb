"""Consents, erasures and exports as words, tables and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrm.clients.consents import Consent, Event
from recrm.clients.model import Client
from recrm.clients.view import client_json
from recrm.core import ui
from recrm.core.labels import day_label
from recrm.core.moments import iso, zone_of
from recrm.core.text import shorten
from recrm.core.ui import Cell, Column, Output
from recrm.privacy import backups
from recrm.privacy.mentions import Mention
from recrm.privacy.model import Person
from recrm.privacy.traces import Traces

if TYPE_CHECKING:
    from recrm.privacy.erase_client import Report

EVENT_WORDS = {
    Event.ALLOWED: Cell("allowed", ui.GOOD),
    Event.WITHDRAWN: Cell("withdrawn", ui.WARN),
    Event.DO_NOT_CONTACT: Cell("do not contact", ui.BAD),
}


def consents_json(client: Client, history: Sequence[Consent]) -> dict[str, Any]:
    """The client's own JSON, with what they said about being contacted, the newest first."""
    zone = client.created_at.tzinfo or zone_of(client.created_at)
    rows = [
        {
            "id": said.id,
            "at": iso(said.at, zone),
            "event": said.event,
            "what": said.what,
            "how": said.how or None,
            "agent": said.agent or None,
            "created_at": iso(said.created_at, zone),
        }
        for said in history
    ]
    return client_json(client) | {"consents": rows}


def standing_words(client: Client, was_forbidden: bool) -> str:
    """Whether a client may be contacted now, and whether that is new."""
    if client.do_not_contact:
        return "They are not to be contacted: no touches, birthdays or profile checks, and nothing is sent to them."
    if was_forbidden:
        return "They may be contacted again; do-not-contact was lifted."
    return "They may be contacted."


def consents_table(out: Output, client: Client, history: Sequence[Consent], now: datetime) -> None:
    """Whether they may be contacted, and everything they said about it."""
    if client.do_not_contact:
        out.paragraph(Cell(f"{client.name} (#{client.id}) is not to be contacted.", ui.BAD))
    else:
        out.paragraph(Cell(f"{client.name} (#{client.id}) may be contacted.", ui.STRONG))
    if not history:
        out.say(
            f"Noted in the profile: {client.consent}" if client.consent else "Nothing is recorded of what they allowed."
        )
        return
    out.table(
        [
            Column("When", keep=True),
            Column("Said", keep=True),
            Column("What", wrap=True, least=12),
            Column("How", wrap=True, least=8),
            Column("By", leave_below=80),
        ],
        [
            [day_label(said.at.date(), now.date()), EVENT_WORDS[Event(said.event)], said.what, said.how, said.agent]
            for said in history
        ],
    )


# What the rows of a table are called, one and many; a table without words here goes by its name.
TABLE_WORDS = {
    "clients": ("profile", "profiles"),
    "contact_points": ("contact point", "contact points"),
    "client_tags": ("tag", "tags"),
    "client_types": ("type", "types"),
    "contacts": ("contact", "contacts"),
    "follow_ups": ("follow-up", "follow-ups"),
    "complaints": ("complaint", "complaints"),
    "complaint_steps": ("complaint step", "complaint steps"),
    "complaint_events": ("complaint event", "complaint events"),
    "consents": ("consent", "consents"),
    "merges": ("merge", "merges"),
}


def table_words(table: str, count: int) -> str:
    """`3 contacts`."""
    one, many = TABLE_WORDS.get(table, (table.replace("_", " "), table.replace("_", " ")))
    return f"{count} {one if count == 1 else many}"


def tell_ahead(out: Output, person: Person, held: Traces, lying: int, with_backups: bool) -> None:
    """What an erasure is about to remove, and what it cannot reach."""
    out.heading(f"All that is held about {person.words} will be erased:", ui.BAD)
    for table, ids in held.rows.items():
        if ids:
            out.say(f"- {table_words(table, len(ids))}")
    if held.lines:
        count = len(held.lines)
        out.say(f"- {count} {'line' if count == 1 else 'lines'} of the journal, with what stood there before")
    if lying and with_backups:
        out.say(f"- and the same in {lying} {'backup' if lying == 1 else 'backups'}")
    elif lying:
        out.say(
            f"{lying} {'backup' if lying == 1 else 'backups'} would still hold them; --backups erases them there, too."
        )
    out.say("Exports, digests and files that were handed out are out of reach. This cannot be undone.")


def tell_erased(out: Output, report: Report) -> None:
    """What went, and, honestly, what stays."""
    erased = report.erased
    number = erased.client_id
    if erased.rows:
        went = ", ".join(table_words(table, count) for table, count in erased.rows.items())
        out.say(f"Erased client #{number} for good: {went}.")
    else:
        out.say(f"Client #{number} was gone already.")
    out.say(f"Lines of the journal that told of them and are gone: {erased.journal_lines}.")
    if erased.suppressed:
        out.say(f"Contact points that will be marked do-not-contact if a list brings them back: {erased.suppressed}.")
    if report.mentions_in_all:
        out.say()
        out.say(f"Texts of other clients hold their name or number; look whether it is them: {report.mentions_in_all}.")
        for each in report.mentions:
            out.say(mention_words(each))
    for outcome in report.backups:
        match outcome.state:
            case backups.ERASED:
                out.say(f"{outcome.path.name}: erased.")
            case backups.CLEAN:
                out.say(f"{outcome.path.name}: held nothing of them.")
            case _:
                out.note(f"{outcome.path} may still hold them. {outcome.why}")
    if report.untouched:
        count = len(report.untouched)
        out.note(
            f"{count} {'backup may' if count == 1 else 'backups may'} still hold them; "
            f"`recrm erase-client {number} --backups` erases them there."
        )
    out.note("Out of reach: exports, digests, rejected rows, and copies of the file that lie elsewhere.")


def erased_json(report: Report) -> dict[str, Any]:
    """An erasure as one object; of the person it holds the id alone."""
    erased = report.erased
    return {
        "id": erased.client_id,
        "erased": erased.rows,
        "journal_lines": erased.journal_lines,
        "suppressed": erased.suppressed,
        "rewritten": report.is_rewritten,
        "mentions": [
            {"client_id": each.client_id, "client": each.client, "table": each.table, "id": each.id}
            for each in report.mentions
        ],
        "mentions_in_all": report.mentions_in_all,
        "backups": [
            {"file": str(outcome.path), "state": outcome.state, "reason": outcome.why or None}
            for outcome in report.backups
        ],
        "backups_untouched": [str(path) for path in report.untouched],
    }


def tell_exported(out: Output, client: Client, data: Mapping[str, Any], written: Sequence[Path]) -> None:
    """Where it is, how much it is, and what to look at before it is handed over."""
    rows = {"clients": 1} | {table: len(rows) for table, rows in data["records"].items()}
    held = ", ".join(table_words(table, count) for table, count in rows.items())
    count = len(data["earlier"])
    lines = "1 line of the journal" if count == 1 else f"{count} lines of the journal"
    out.say(f"All that is held about {client.name} (#{client.id}): {held}; {lines}.")
    for path in written:
        out.say(str(path))
    out.say("Read it before you hand it over: notes about them may name other people.")


def note_mentions(out: Output, found: Sequence[Mention], in_all: int) -> None:
    """Places that may be about them and are not in the export."""
    if not in_all:
        return
    out.note(
        f"Not in it: texts of other clients in which their name or number stands, which may be about them: {in_all}."
    )
    for each in found:
        out.note(mention_words(each))


def mention_words(each: Mention) -> str:
    """`李四 (#2), contact 5: friend of …`."""
    words, _ = TABLE_WORDS.get(each.table, (each.table, ""))
    which = words if each.table == "clients" else f"{words} {each.id}"
    return f"{each.client} (#{each.client_id}), {which}: {shorten(each.text, 60)}"
