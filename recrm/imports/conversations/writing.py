"""One import of history from its rows to its counts, inside one transaction, a batch at a time."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from recrm.core.errors import RecrmError
from recrm.core.moments import later, to_utc_text
from recrm.imports.columns.sheet import Row
from recrm.imports.conversations import store
from recrm.imports.conversations.matching import Person
from recrm.imports.conversations.reading import Entry, EntryReader
from recrm.imports.people.plan import ADDED, REJECTED, UNCHANGED, UPDATED, NameKept
from recrm.imports.people.preparing import reason_of
from recrm.imports.rejects import Rejects

BATCH = 2_000
NEWS = timedelta(days=7)
CLOSING_TEXT = "Imported history: nothing up to here waits for an answer."
Mark = tuple[str, int, str, str, str]  # of the moment or of the day, client, when, channel, text


@dataclass(slots=True)
class Placed:
    """An entry that found its client."""

    entry: Entry
    client: Person

    @property
    def marks(self) -> tuple[Mark, Mark]:
        """What it shares with the same words of the same moment, and of the same day."""
        entry = self.entry
        shared = (entry.channel, entry.text)
        return ("at", self.client.id, entry.when.at, *shared), ("day", self.client.id, entry.when.day, *shared)


@dataclass(slots=True)
class HistoryRun:
    """`counts` says what became of the rows, `closed` of how many clients an old word was marked as answered."""

    conn: sqlite3.Connection
    reader: EntryReader
    rejects: Rejects
    now: datetime
    counts: Counter[str] = field(default_factory=lambda: Counter({ADDED: 0, UPDATED: 0, UNCHANGED: 0, REJECTED: 0}))
    names_kept: list[NameKept] = field(default_factory=list)
    closed: int = 0
    _taken: set[Mark] = field(default_factory=set)  # what this file has said

    def take_all(self, rows: Sequence[Row], advance: Callable[[int], None]) -> None:
        """Take every row, and write it."""
        last = store.last_id(self.conn)
        stamp = to_utc_text(self.now)
        with store.many_contacts(self.conn) as clients:
            for first in range(0, len(rows), BATCH):
                batch = rows[first : first + BATCH]
                new = self._new_of(self._placed(batch))
                store.add(self.conn, (_columns(placed, stamp) for placed in new))
                clients.update(placed.client.id for placed in new)
                self.counts[ADDED] += len(new)
                advance(len(batch))
            self._close_old_words(clients, last, stamp)

    def _placed(self, batch: Sequence[Row]) -> list[Placed]:
        """The rows that say something of a client; the others are handed back, in the file's order."""
        read = [(row, self._read(row)) for row in batch]
        directory = store.directory(self.conn, [entry for _row, entry in read if isinstance(entry, Entry)])
        placed = []
        for row, entry in read:
            try:
                if isinstance(entry, RecrmError):
                    raise entry
                client = directory.client_of(entry, trusts_ids=self.reader.trusts_ids)
            except RecrmError as error:
                self.rejects.add(row, reason_of(error))
                self.counts[REJECTED] += 1
                continue
            if entry.name and entry.folded != client.folded:
                self.names_kept.append(NameKept(entry.line, entry.name, client.id, client.name, 0))
            placed.append(Placed(entry, client))
        return placed

    def _read(self, row: Row) -> Entry | RecrmError:
        try:
            return self.reader.read(row)
        except RecrmError as error:
            return error

    def _new_of(self, placed: Sequence[Placed]) -> list[Placed]:
        """Those that are neither in the database nor further up in the file.

        A conversation whose time nobody noted is the same as one with these words at any time of that day.
        """
        known = self._known(placed)
        new = []
        for one in placed:
            at, day = one.marks
            mark = day if one.entry.when.is_day else at
            if mark in known or mark in self._taken:
                self.counts[UNCHANGED] += 1
                continue
            self._taken |= {at, day}
            new.append(one)
        return new

    def _known(self, placed: Sequence[Placed]) -> set[Mark]:
        spans = {(one.client.id, one.entry.when.first, one.entry.when.last) for one in placed}
        days: dict[int, list[tuple[str, str, str]]] = {}
        for client_id, day, first, last in {(one.client.id, *one.entry.when[1:]) for one in placed}:
            days.setdefault(client_id, []).append((day, first, last))
        known: set[Mark] = set()
        for client_id, at, channel, text in store.within(self.conn, spans):
            known.add(("at", client_id, at, channel, text))
            known |= {
                ("day", client_id, day, channel, text) for day, first, last in days[client_id] if first <= at <= last
            }
        return known

    def _close_old_words(self, clients: Iterable[int], last: int, stamp: str) -> None:
        """Follow a client's last unanswered word with a line that asks for nothing, unless it is news.

        What they had asked here before the import (ids up to `last`) keeps waiting for its answer.
        """
        news = to_utc_text(later(self.now, -NEWS))
        closing = []
        for client_id in sorted(clients):
            waiting = store.unanswered(self.conn, client_id)
            until = min([news, *(at for at, number in waiting if number <= last)])
            if old := [at for at, number in waiting if number > last and at < until]:
                closing.append((client_id, max(old), "out", "other", CLOSING_TEXT, None, None, "", stamp))
        store.add(self.conn, closing)
        self.closed = len(closing)


def _columns(placed: Placed, stamp: str) -> tuple[object, ...]:
    entry = placed.entry
    rest = (entry.direction, entry.channel, entry.text, entry.feedback, entry.next_step, entry.author)
    return placed.client.id, entry.when.at, *rest, stamp
