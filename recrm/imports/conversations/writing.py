"""One import of history, a batch of rows at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
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
from recrm.imports.people.matching import Directory

NEWS = timedelta(days=7)
CLOSING_TEXT = "Imported history: nothing up to here waits for an answer."
Mark = tuple[int, str, str, str]  # client, moment or day, channel, text


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
        """Take some rows, and write them."""
        new = self._new_of(rows)
        store.add(self.conn, ((client.id, *entry.columns, self._stamp) for entry, client in new))
        self._clients.update(placed.client.id for placed in new)

    def end(self) -> None:
        """Mark the old words that nobody answered, and let `standing` be what it is now."""
        closed = self._close_old_words()
        store.renew_standing(self.conn, self._trigger, self._clients)
        self.outcome.read["asking_no_answer"] = None if self.outcome.dry_run else closed

    def _new_of(self, batch: Sequence[Row]) -> list[Placed]:
        """The conversations that are neither in the database nor further up in the batch.

        One whose time nobody noted is the same as one with these words at any time of that day.
        """
        entries = each_or_error(self.reader.read, batch)
        good = [entry for entry in entries if isinstance(entry, Entry)]
        ids = {entry.client_id for entry in good if entry.client_id is not None}
        directory = people.directory(self.conn, good, {entry.folded for entry in good if entry.name}, ids)
        rows = each_or_error(partial(self._placed, directory), entries)
        known = self._known(row for row in rows if isinstance(row, Placed))
        new = []

        def take(placed: Placed) -> str:
            entry, client = placed
            at, day = ((client.id, when, entry.channel, entry.text) for when in entry.when[:2])
            if (day if entry.when.is_day else at) in known:
                return UNCHANGED
            known.update((at, day))
            new.append(placed)
            return ADDED

        self.outcome.take_each(batch, rows, take)
        return new

    def _placed(self, directory: Directory, entry: Entry | RecrmError) -> Placed:
        if isinstance(entry, RecrmError):
            raise entry
        client = client_of(directory, entry, trusts_ids=self.reader.trusts_ids)
        if entry.name and not client.is_called(entry.folded):
            self.outcome.names_kept.append(NameKept(entry.line, entry.name, client.id, client.columns["name"], 0))
        return Placed(entry, client)

    def _known(self, rows: Iterable[Placed]) -> set[Mark]:
        """What was said to these clients on the days of these rows: each at its moment, and on its day."""
        spans = {(client.id, entry.when.day, entry.when.first, entry.when.last) for entry, client in rows}
        known: set[Mark] = set()
        for client_id, day, at, channel, text in store.within(self.conn, spans):
            known.update(((client_id, at, channel, text), (client_id, day, channel, text)))
        return known

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
        store.add(self.conn, closing)
        return len(closing)
