"""One import of history from its rows to its counts, inside one transaction, a batch at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from recrm.core.errors import RecrmError
from recrm.core.moments import later, to_utc_text
from recrm.imports.columns.sheet import Row
from recrm.imports.conversations import store
from recrm.imports.conversations.matching import Directory
from recrm.imports.conversations.reading import Entry, EntryReader
from recrm.imports.people.merging import Known
from recrm.imports.people.plan import ADDED, UNCHANGED, NameKept
from recrm.imports.people.preparing import each_or_error
from recrm.imports.people.run import Counted
from recrm.imports.people.store import next_id
from recrm.imports.rejects import Rejects

BATCH = 2_000
NEWS = timedelta(days=7)
CLOSING_TEXT = "Imported history: nothing up to here waits for an answer."
Mark = tuple[int, str, str, str]  # client, moment or day, channel, text


class Placed(NamedTuple):
    """An entry that found its client."""

    entry: Entry
    client: Known


class HistoryRun(Counted):
    """An import of history; `closed` says of how many clients an old word was marked as answered."""

    def __init__(self, conn: sqlite3.Connection, reader: EntryReader, rejects: Rejects, now: datetime) -> None:
        super().__init__(rejects)
        self.conn = conn
        self.reader = reader
        self.now = now
        self.names_kept: list[NameKept] = []
        self.closed = 0

    def take_all(self, rows: Sequence[Row], advance: Callable[[int], None]) -> None:
        """Take every row, and write it."""
        first_new, stamp = next_id(self.conn, "contacts"), to_utc_text(self.now)
        with store.many_contacts(self.conn) as clients:
            for first in range(0, len(rows), BATCH):
                batch = rows[first : first + BATCH]
                new = self._new_of(batch)
                store.add(self.conn, ((client.id, *entry.columns, stamp) for entry, client in new))
                clients.update(placed.client.id for placed in new)
                advance(len(batch))
            self._close_old_words(clients, first_new, stamp)

    def _new_of(self, batch: Sequence[Row]) -> list[Placed]:
        """The conversations that are neither in the database nor further up in the batch.

        One whose time nobody noted is the same as one with these words at any time of that day.
        """
        entries = each_or_error(self.reader.read, batch)
        directory = store.directory(self.conn, [entry for entry in entries if isinstance(entry, Entry)])
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

        self.take_each(batch, rows, take)
        return new

    def _placed(self, directory: Directory, entry: Entry | RecrmError) -> Placed:
        if isinstance(entry, RecrmError):
            raise entry
        client = directory.client_of(entry, trusts_ids=self.reader.trusts_ids)
        if entry.name and not client.is_called(entry.folded):
            self.names_kept.append(NameKept(entry.line, entry.name, client.id, client.columns["name"], 0))
        return Placed(entry, client)

    def _known(self, rows: Iterable[Placed]) -> set[Mark]:
        """What was said to these clients on the days of these rows: each at its moment, and on its day."""
        spans = {(client.id, entry.when.day, entry.when.first, entry.when.last) for entry, client in rows}
        known: set[Mark] = set()
        for client_id, day, at, channel, text in store.within(self.conn, spans):
            known.update(((client_id, at, channel, text), (client_id, day, channel, text)))
        return known

    def _close_old_words(self, clients: Iterable[int], first_new: int, stamp: str) -> None:
        """Follow a client's last unanswered word with a line that asks for nothing, unless it is news.

        What they had asked here before the import (ids below `first_new`) keeps waiting for its answer.
        """
        news = to_utc_text(later(self.now, -NEWS))
        closing = []
        for client_id in sorted(clients):
            waiting = store.unanswered(self.conn, client_id)
            until = min([news, *(at for at, number in waiting if number < first_new)])
            if old := [at for at, number in waiting if number >= first_new and at < until]:
                closing.append((client_id, max(old), "out", "other", CLOSING_TEXT, None, None, "", stamp))
        store.add(self.conn, closing)
        self.closed = len(closing)
