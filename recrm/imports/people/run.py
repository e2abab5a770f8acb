"""One import from its rows to its counts, inside one view of the database.

Rows are read and checked in a second thread while SQLite, which lets other threads run, writes those before
them: that hides a third of the time. Nothing here waits for anything but the two of them.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

from recrm.app import App
from recrm.core.errors import RecrmError
from recrm.core.moments import to_utc_text
from recrm.imports.people import store
from recrm.imports.people.plan import ADDED, REJECTED, UNCHANGED, UPDATED, Plan
from recrm.imports.people.preparing import Prepared, Preparer, Source, reason_of
from recrm.imports.people.referrers import Referrers, words_of
from recrm.imports.people.row_memory import Seen
from recrm.imports.rejects import RejectSink

_AT_ONCE = 2_000
_MOST_AHEAD = 3
_PATIENCE = 0.0005  # seconds a thread waits for the other; Python's 5 ms cost SQLite a fifth of its time
Batch = list[tuple[Source, Prepared | RecrmError]]


class Run:
    """`counts` says how many rows were added, updated, unchanged and rejected: together, all of them."""

    def __init__(
        self,
        app: App,
        conn: sqlite3.Connection,
        handing: RejectSink,
        *,
        overwrite: bool,
        is_rehearsal: bool,
        defaults: Mapping[str, Any],
    ) -> None:
        stamp = to_utc_text(app.now)
        columns = {**defaults, "origin": "import", "created_at": stamp, "verified_at": stamp}
        self.conn = conn
        self.region = app.region
        self.is_rehearsal = is_rehearsal
        self.is_first = not store.has_clients(conn)
        self.plan = Plan(store.next_id(conn), stamp, overwrite, columns)
        self.handing = handing
        self.counts = dict.fromkeys((ADDED, UPDATED, UNCHANGED, REJECTED), 0)
        self._seen = Seen()
        self._referred: list[tuple[bool, int, str]] = []  # whether the row changed nothing else, whom, by whom
        if is_rehearsal:
            store.rehearse(conn)

    def take_all(self, preparer: Preparer, rows: Iterable[Source], advance: Callable[[int], None]) -> None:
        """Take every row, and write it; a rehearsal writes it aside."""
        for batch in _batches(preparer, rows):
            self._take(batch)
            self._write()
            advance(len(batch))
        for first in range(0, len(self._referred), _AT_ONCE):
            self._refer(self._referred[first : first + _AT_ONCE])
            self._write()

    def _write(self) -> None:
        store.write(self.conn, self.plan, is_rehearsal=self.is_rehearsal)
        self.plan.forget()

    def _take(self, batch: Batch) -> None:
        plan = self.plan
        self._learn([row for _, row in batch if isinstance(row, Prepared)])
        for source, row in batch:
            try:
                if isinstance(row, RecrmError):
                    raise row
                client, outcome = plan.take(row)
            except RecrmError as error:
                self.handing.add(source, reason_of(error))
                outcome = REJECTED
            else:
                if row.referrer:
                    self._referred.append((outcome == UNCHANGED, client.id, sys.intern(row.referrer)))
            self.counts[outcome] += 1

    def _learn(self, rows: list[Prepared]) -> None:
        """Ask the database whom these rows could be; of an empty one, only what the file may have had before."""
        keys = {key for row in rows for key in row.strong} | {key for row in rows for key in row.weak}
        bare = {row.name for row in rows if row.name and not row.strong and not row.weak}
        if self.is_first:
            keys = set(self._seen.perhaps(keys))
            bare = {name for _, name, _ in self._seen.perhaps(("name", name, "") for name in bare)}
        owners = store.owners(self.conn, {key[1] for key in keys})
        namesakes = store.named(self.conn, bare)
        ids = {i for several in (*owners.values(), *namesakes.values()) for i in several}
        self.plan.learn(owners, store.clients(self.conn, ids))

    def _refer(self, referred: list[tuple[bool, int, str]]) -> None:
        """Only now is every client of the file known."""
        conn = self.conn
        names, phones = words_of([words for _, _, words in referred], self.region)
        referrers = Referrers(
            store.named(conn, names), store.with_phones(conn, phones), lambda sent: store.referrer_of(conn, sent)
        )
        self.plan.learn({}, store.clients(conn, {client_id for _, client_id, _ in referred}))
        for was_unchanged, client_id, words in referred:
            client = self.plan.clients[client_id]
            if referrers.apply(client, words, self.region, self.plan.overwrite) and was_unchanged:
                self.counts[UNCHANGED] -= 1
                self.counts[UPDATED] += 1


def _batches(preparer: Preparer, rows: Iterable[Source]) -> Iterator[Batch]:
    """All rows in order, read and prepared a few batches ahead."""
    rest = iter(rows)

    def prepared() -> Batch:
        some = list(islice(rest, _AT_ONCE))
        return list(zip(some, preparer.prepare_all(some), strict=True))

    patience = sys.getswitchinterval()
    sys.setswitchinterval(_PATIENCE)
    with ThreadPoolExecutor(1) as worker:
        try:
            ahead: deque[Future[Batch]] = deque()
            for _ in range(_MOST_AHEAD):
                ahead.append(worker.submit(prepared))
            while batch := ahead.popleft().result():
                ahead.append(worker.submit(prepared))
                yield batch
        finally:
            worker.shutdown(wait=False, cancel_futures=True)
            sys.setswitchinterval(patience)
