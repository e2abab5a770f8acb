"""One import from its rows to its counts, inside one view of the database.

Rows are read and checked in a second thread while SQLite, which lets other threads run, writes those before
them: that hides a third of the time. Nothing here waits for anything but the two of them.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from recrm.core.app import App
from recrm.core.errors import RecrmError
from recrm.core.moments import to_utc_text
from recrm.imports import store
from recrm.imports.merging import Known
from recrm.imports.plan import ADDED, REJECTED, UNCHANGED, UPDATED, Plan
from recrm.imports.preparing import Prepared, Preparer, reason_of
from recrm.imports.reading import Row
from recrm.imports.referrers import Referrers, words_of

_AT_ONCE = 2_000
_MOST_AHEAD = 5
_PATIENCE = 0.0005  # seconds a thread waits for the other; Python's 5 ms cost SQLite a fifth of its time
Batch = list[Prepared | RecrmError]


class Run:
    """`outcomes` says of each row by its place what became of it, `refused` why it was handed back."""

    def __init__(
        self,
        app: App,
        conn: sqlite3.Connection,
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
        self.outcomes: dict[int, str] = {}
        self.refused: dict[int, str] = {}
        self._referred: list[tuple[int, Known, str]] = []

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were added, updated, unchanged and rejected; together, all of them."""
        counts = Counter(self.outcomes.values())
        counts[REJECTED] = len(self.refused)
        return {name: counts[name] for name in (ADDED, UPDATED, UNCHANGED, REJECTED)}

    def take_all(self, preparer: Preparer, rows: Sequence[Row], advance: Callable[[int], None]) -> None:
        """Take every row, and write it unless this is a rehearsal."""
        place = 0
        for batch in _batches(preparer, rows):
            self._take(place, batch)
            if not self.is_rehearsal:
                store.write_added(self.conn, self.plan)
            place += len(batch)
            advance(len(batch))
        if self._referred:
            self._refer()
        if not self.is_rehearsal:
            store.write_changed(self.conn, self.plan)

    def _take(self, first: int, batch: Batch) -> None:
        plan = self.plan
        if not self.is_first:
            self._learn([row for row in batch if isinstance(row, Prepared)])
        for place, row in enumerate(batch, first):
            if isinstance(row, RecrmError):
                self.refused[place] = reason_of(row)
                continue
            try:
                client, self.outcomes[place] = plan.take(row)
            except RecrmError as error:
                self.refused[place] = reason_of(error)
                continue
            if row.referrer:
                self._referred.append((place, client, row.referrer))

    def _learn(self, rows: list[Prepared]) -> None:
        """Ask the database whom these rows could be."""
        plan, conn = self.plan, self.conn
        owners = store.owners(conn, {key[1] for row in rows for key in row.strong + row.weak})
        bare = {row.name for row in rows if row.name and not row.strong and not row.weak}
        namesakes = store.named(conn, bare)
        ids = {i for several in (*owners.values(), *namesakes.values()) for i in several}
        plan.learn(owners, store.clients(conn, ids - plan.clients.keys()))

    def _refer(self) -> None:
        """Only now is every client of the file known."""
        conn = self.conn
        names, phones = words_of([words for _, _, words in self._referred], self.region)
        referrers = Referrers(store.named(conn, names), store.with_phones(conn, phones), store.sent_by(conn))
        referrers.include(self.plan.clients.values())
        for place, client, words in self._referred:
            changed = referrers.apply(client, words, self.region, self.plan.overwrite)
            if changed and self.outcomes[place] == UNCHANGED:
                self.outcomes[place] = UPDATED


def _batches(preparer: Preparer, rows: Sequence[Row]) -> Iterator[Batch]:
    """All rows in order, prepared a few batches ahead."""
    patience = sys.getswitchinterval()
    sys.setswitchinterval(_PATIENCE)
    with ThreadPoolExecutor(1) as worker:
        try:
            ahead: deque[Future[Batch]] = deque()
            for first in range(0, len(rows), _AT_ONCE):
                ahead.append(worker.submit(preparer.prepare_all, rows[first : first + _AT_ONCE]))
                if len(ahead) > _MOST_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            worker.shutdown(wait=False, cancel_futures=True)
            sys.setswitchinterval(patience)
