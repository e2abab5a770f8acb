"""Consents, erasures and exports as sentences, tables and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrm import slices
from recrm.clients.consents import Consent, Event, event_label, shown_text
from recrm.clients.model import Client
from recrm.clients.view import client_json
from recrm.core import ui
from recrm.core.i18n import _, ngettext
from recrm.core.labels import day_label, enumeration
from recrm.core.moments import iso, zone_of
from recrm.core.text import shorten
from recrm.core.ui import Cell, Column, Output
from recrm.privacy import backups
from recrm.privacy.mentions import Mention
from recrm.privacy.model import Person
from recrm.privacy.traces import Traces
from recrm.storage.ownership import CLIENTS

if TYPE_CHECKING:
    from recrm.privacy.erase_client import Report

_EVENT_STYLES = {Event.ALLOWED: ui.GOOD, Event.WITHDRAWN: ui.WARN, Event.DO_NOT_CONTACT: ui.BAD}


def consents_json(client: Client, history: Sequence[Consent]) -> dict[str, Any]:
    """The client's own JSON, with what they said about being contacted, the newest first."""
    zone = client.created_at.tzinfo or zone_of(client.created_at)
    rows = [
        {
            "id": entry.id,
            "at": iso(entry.at, zone),
            "event": entry.event,
            "what": entry.what,
            "how": entry.how or None,
            "agent": entry.agent or None,
            "created_at": iso(entry.created_at, zone),
        }
        for entry in history
    ]
    return client_json(client) | {"consents": rows}


def permission_label(client: Client, was_forbidden: bool) -> str:
    """Whether a client may be contacted now, and whether that is new."""
    if client.do_not_contact:
        return _("They are not to be contacted: no touches, birthdays or profile checks, and nothing is sent to them.")
    if was_forbidden:
        return _("They may be contacted again; do-not-contact was lifted.")
    return _("They may be contacted.")


def consents_table(out: Output, client: Client, history: Sequence[Consent], now: datetime) -> None:
    """Whether they may be contacted, and everything they said about it."""
    if client.do_not_contact:
        not_allowed = _("{name} (#{id}) is not to be contacted.", name=client.name, id=client.id)
        out.paragraph(Cell(not_allowed, ui.BAD))
    else:
        out.paragraph(Cell(_("{name} (#{id}) may be contacted.", name=client.name, id=client.id), ui.STRONG))
    if not history:
        out.say(
            _("Noted in the profile: {consent}", consent=client.consent)
            if client.consent
            else _("Nothing is recorded of what they allowed.")
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
            [
                day_label(entry.at.date(), now.date()),
                Cell(event_label(entry.event), _EVENT_STYLES[Event(entry.event)]),
                shown_text(entry.what),
                shown_text(entry.how),
                entry.agent,
            ]
            for entry in history
        ],
    )


def preview(out: Output, person: Person, held: Traces, backup_count: int, with_backups: bool) -> None:
    """What an erasure is about to remove, and what it cannot reach."""
    out.heading(_("All that is held about {person} will be erased:", person=person.label), ui.BAD)
    for table, ids in held.rows.items():
        if ids:
            out.say(f"- {slices.rows_label(table, len(ids))}")
    if held.lines:
        lines = ngettext(
            "{n} line of the journal, with what stood there before",
            "{n} lines of the journal, with what stood there before",
            len(held.lines),
        )
        out.say(f"- {lines}")
    if backup_count and with_backups:
        same = ngettext("and the same in {n} backup", "and the same in {n} backups", backup_count)
        out.say(f"- {same}")
    elif backup_count:
        out.say(
            ngettext(
                "{n} backup would still hold them; --backups erases them there, too.",
                "{n} backups would still hold them; --backups erases them there, too.",
                backup_count,
            )
        )
    out.say(_("Exports, digests and files that were handed out are out of reach. This cannot be undone."))


def report_erased(out: Output, report: Report) -> None:
    """What went, and, honestly, what stays."""
    erased = report.erased
    number = erased.client_id
    if erased.rows:
        rows = enumeration(slices.rows_label(table, count) for table, count in erased.rows.items())
        out.say(_("Erased client #{id} for good: {rows}.", id=number, rows=rows))
    else:
        out.say(_("Client #{id} was gone already.", id=number))
    out.say(_("Lines of the journal that told of them and are gone: {count}.", count=erased.journal_lines))
    if erased.suppressed:
        out.say(
            _(
                "Contact points that will be marked do-not-contact if a list brings them back: {count}.",
                count=erased.suppressed,
            )
        )
    if report.mentions_in_all:
        out.say()
        out.say(
            _(
                "Texts of other clients hold their name or number; look whether it is them: {count}.",
                count=report.mentions_in_all,
            )
        )
        for each in report.mentions:
            out.say(mention_line(each))
    for outcome in report.backups:
        match outcome.state:
            case backups.ERASED:
                out.say(_("{file}: erased.", file=outcome.path.name))
            case backups.CLEAN:
                out.say(_("{file}: held nothing of them.", file=outcome.path.name))
            case _state:
                out.note(_("{path} may still hold them. {reason}", path=outcome.path, reason=outcome.why))
    if report.untouched:
        out.note(
            ngettext(
                "{n} backup may still hold them; `recrm erase-client {id} --backups` erases them there.",
                "{n} backups may still hold them; `recrm erase-client {id} --backups` erases them there.",
                len(report.untouched),
                id=number,
            )
        )
    out.note(_("Out of reach: exports, digests, rejected rows, and copies of the file that lie elsewhere."))


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


def report_exported(out: Output, client: Client, data: Mapping[str, Any], written: Sequence[Path]) -> None:
    """Where it is, how much it is, and what to look at before it is handed over."""
    rows = {CLIENTS: 1} | {table: len(rows) for table, rows in data["records"].items()}
    out.say(
        _(
            "All that is held about {name} (#{id}): {rows}; {lines}.",
            name=client.name,
            id=client.id,
            rows=enumeration(slices.rows_label(table, count) for table, count in rows.items()),
            lines=ngettext("{n} line of the journal", "{n} lines of the journal", len(data["earlier"])),
        )
    )
    for path in written:
        out.say(str(path))
    out.say(_("Read it before you hand it over: notes about them may name other people."))


def note_mentions(out: Output, found: Sequence[Mention], in_all: int) -> None:
    """Places that may be about them and are not in the export."""
    if not in_all:
        return
    out.note(
        _(
            "Not in it: texts of other clients in which their name or number stands, which may be about them: {count}.",
            count=in_all,
        )
    )
    for each in found:
        out.note(mention_line(each))


def mention_line(each: Mention) -> str:
    """`李四 (#2), contact 5: friend of …`."""
    described = slices.tables().get(each.table)
    facts = {
        "client": each.client,
        "client_id": each.client_id,
        "row": _(described.label) if described else each.table,
        "text": shorten(each.text, 60),
    }
    if each.table == CLIENTS:
        return _("{client} (#{client_id}), {row}: {text}", **facts)
    return _("{client} (#{client_id}), {row} {id}: {text}", id=each.id, **facts)
