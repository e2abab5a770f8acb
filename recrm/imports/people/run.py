"""One import from its rows to its counts, inside one transaction, a batch at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from recrm.app import App
from recrm.core.errors import RecrmError
from recrm.core.moments import to_utc_text
from recrm.imports.columns.sheet import Row, Source
from recrm.imports.people import store
from recrm.imports.people.plan import ADDED, REJECTED, UNCHANGED, UPDATED, Plan
from recrm.imports.people.preparing import Prepared, Preparer, reason_of
from recrm.imports.people.referrers import Referrers
from recrm.imports.rejects import Rejects

if TYPE_CHECKING:
    from recrm.imports.columns.cards import Card

_BATCH = 2_000
_Made = TypeVar("_Made")


class Counted:
    """What became of the rows of a file: `counts` add up to all of them, and what cannot be taken is handed back."""

    def __init__(self, rejects: Rejects) -> None:
        self.counts = dict.fromkeys((ADDED, UPDATED, UNCHANGED, REJECTED), 0)
        self.rejects = rejects

    def take_each(
        self, sources: Iterable[Source], rows: Iterable[_Made | RecrmError], take: Callable[[_Made], str]
    ) -> None:
        """Take what was made of each row; `take` gives what became of it, or raises RecrmError."""
        for source, row in zip(sources, rows, strict=True):
            try:
                if isinstance(row, RecrmError):
                    raise row
                outcome = take(row)
            except RecrmError as error:
                self.rejects.add(source, reason_of(error))
                outcome = REJECTED
            self.counts[outcome] += 1


class Run(Counted):
    """An import of clients."""

    def __init__(
        self, app: App, conn: sqlite3.Connection, rejects: Rejects, *, overwrite: bool, defaults: Mapping[str, Any]
    ) -> None:
        super().__init__(rejects)
        stamp = to_utc_text(app.now)
        columns = {**defaults, "origin": "import", "created_at": stamp, "verified_at": stamp}
        self.conn = conn
        self.region = app.region
        self.plan = Plan(store.next_id(conn, "clients"), stamp, overwrite, columns)
        self._referred: list[tuple[bool, int, str]] = []  # whether the row changed nothing else, whom, by whom

    def take_all(self, preparer: Preparer, rows: Sequence[Row | Card], advance: Callable[[int], None]) -> None:
        """Take every row, and write it."""
        for first in range(0, len(rows), _BATCH):
            batch = rows[first : first + _BATCH]
            prepared = preparer.prepare_all(batch)
            self._learn([row for row in prepared if isinstance(row, Prepared)])
            self.take_each(batch, prepared, self._take)
            self._write()
            advance(len(batch))
        for first in range(0, len(self._referred), _BATCH):  # only now is every client of the file known
            self._refer(self._referred[first : first + _BATCH])
            self._write()

    def _write(self) -> None:
        store.write(self.conn, self.plan)
        self.plan.forget()

    def _take(self, row: Prepared) -> str:
        client, outcome = self.plan.take(row)
        if row.referrer:
            self._referred.append((outcome == UNCHANGED, client.id, row.referrer))
        return outcome

    def _learn(self, rows: list[Prepared]) -> None:
        """Ask the database whom these rows could be."""
        keys = {key[1] for row in rows for key in (*row.strong, *row.weak)}
        owners = store.owners(self.conn, keys)
        bare = {row.name for row in rows if row.name and not row.strong and not row.weak}
        namesakes = store.named(self.conn, bare)
        ids = {i for several in (*owners.values(), *namesakes.values()) for i in several}
        self.plan.learn(owners, store.clients(self.conn, ids))

    def _refer(self, referred: list[tuple[bool, int, str]]) -> None:
        referrers = Referrers(self.conn, [text for _unchanged, _client_id, text in referred], self.region)
        self.plan.learn({}, store.clients(self.conn, {client_id for _unchanged, client_id, _text in referred}))
        for was_unchanged, client_id, text in referred:
            if referrers.apply(self.plan.clients[client_id], text, self.plan.overwrite) and was_unchanged:
                self.counts[UNCHANGED] -= 1
                self.counts[UPDATED] += 1
