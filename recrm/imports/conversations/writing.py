"""One import of history, a batch of rows at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from recrm.core.errors import RecrmError
from recrm.core.moments import later, to_utc_text
from recrm.imports.columns.sheet import Row
from recrm.imports.conversations import store
from recrm.imports.conversations.matching import client_of
from recrm.imports.conversations.reading import Entry, EntryReader
from recrm.imports.outcome import ADDED, UNCHANGED, NameKept, Outcome, each_or_error
from recrm.imports.people import store as people
from recrm.imports.people.known import Known

NEWS = timedelta(days=7)
CLOSING_TEXT = "Imported history: nothing up to here waits for an answer."


class Placed(NamedTuple):
    """An entry that found its client."""

    entry: Entry
    client: Known


class HistoryWriter:
    """Rows as contacts with clients who are there already.

    From the first row to the end, the trigger on contacts stands aside, as `store.hold_standing` says.
    """

    def __init__(self, conn: sqlite3.Connection, outcome: Outcome, reader: EntryReader, now: datetime) -> None:
        self.conn = conn
        self.outcome = outcome
        self.reader = reader
        self.now = now
        self._stamp = to_utc_text(now)
        self._first_new = people.next_id(conn, "contacts")
        self._clients: set[int] = set()
        self._trigger = store.hold_standing(conn)

    def take(self, rows: Sequence[Row]) -> None:
        """Write those of some rows that are neither in the database nor further up in the file.

        One whose time nobody noted is the same as one with these words at any time of that day.
        """
        entries = each_or_error(self.reader.read, rows)
        good = [entry for entry in entries if isinstance(entry, Entry)]
        ids = {entry.client_id for entry in good if entry.client_id is not None}
        directory = people.directory(self.conn, good, {entry.folded for entry in good if entry.name}, ids)

        def place(entry: Entry | RecrmError) -> Placed:
            if isinstance(entry, RecrmError):
                raise entry
            client = client_of(directory, entry, trusts_ids=self.reader.trusts_ids)
            if entry.name and not client.is_called(entry.folded):
                kept = NameKept(entry.line, entry.name, client.id, client.columns["name"], 0)
                self.outcome.names_kept.append(kept)
            return Placed(entry, client)

        found = each_or_error(place, entries)
        spans = {(placed.client.id, *placed.entry.when[1:]) for placed in found if isinstance(placed, Placed)}
        said = store.said_within(self.conn, spans)
        new = []

        def take(placed: Placed) -> str:
            entry, client = placed
            at, day = ((client.id, when, entry.channel, entry.text) for when in entry.when[:2])
            if (day if entry.when.is_day else at) in said:
                return UNCHANGED
            said.update((at, day))
            new.append((client.id, *entry.columns, self._stamp))
            self._clients.add(client.id)
            return ADDED

        self.outcome.take_each(rows, found, take)
        people.insert(self.conn, "contacts", store.COLUMNS, new)

    def end(self) -> None:
        """Mark the old words that nobody answered, and let `standing` be what it is now."""
        closed = self._close_old_words()
        store.renew_standing(self.conn, self._trigger, self._clients)
        self.outcome.read["asking_no_answer"] = None if self.outcome.dry_run else closed

    def _close_old_words(self) -> int:
        """Follow a client's last unanswered word with a line that asks for nothing, unless it is news; how many.

        What they had asked here before the import (ids below the first new one) keeps waiting for its answer.
        """
        news = to_utc_text(later(self.now, -NEWS))
        closing = []
        for client_id in sorted(self._clients):
            waiting = store.unanswered(self.conn, client_id)
            until = min([news, *(at for at, number in waiting if number < self._first_new)])
            if old := [at for at, number in waiting if number >= self._first_new and at < until]:
                closing.append((client_id, max(old), "out", "other", CLOSING_TEXT, None, None, "", self._stamp))
        people.insert(self.conn, "contacts", store.COLUMNS, closing)
        return len(closing)
