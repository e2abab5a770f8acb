"""One import of clients, a batch of rows at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from recrm.app import App
from recrm.clients import consents
from recrm.core.i18n import _
from recrm.core.moments import to_utc_text
from recrm.imports.columns.sheet import Row
from recrm.imports.outcome import UNCHANGED, UPDATED, Outcome
from recrm.imports.people import store
from recrm.imports.people.plan import Plan
from recrm.imports.people.preparing import Prepared, Preparer
from recrm.imports.people.referrers import Referrers

if TYPE_CHECKING:
    from recrm.imports.columns.cards import Card

_BATCH = 2_000


class ClientWriter:
    """Rows as clients: known ones gain what the row has, others are added."""

    def __init__(
        self,
        app: App,
        conn: sqlite3.Connection,
        outcome: Outcome,
        preparer: Preparer,
        *,
        overwrite: bool,
        defaults: Mapping[str, Any],
    ) -> None:
        stamp = to_utc_text(app.now)
        columns = {**defaults, "origin": "import", "created_at": stamp, "verified_at": stamp}
        self.app = app
        self.conn = conn
        self.outcome = outcome
        self.preparer = preparer
        self.plan = Plan(store.next_id(conn, "clients"), stamp, overwrite, columns, names_kept=outcome.names_kept)
        self._referred: list[tuple[bool, int, str]] = []  # whether the row changed nothing else, whom, by whom

    def take(self, rows: Sequence[Row | Card]) -> None:
        """Take some rows, and write them."""
        prepared = self.preparer.prepare_all(rows)
        self._learn([row for row in prepared if isinstance(row, Prepared)])
        self.outcome.take_each(rows, prepared, self._take)
        self._write()

    def end(self) -> None:
        """Note who sent whom, now that every client of the file is known, and forbid what nobody may contact."""
        for first in range(0, len(self._referred), _BATCH):
            self._refer(self._referred[first : first + _BATCH])
            self._write()
        suppressed = consents.follow(self.conn, self.app.command, self.app.agent, self.app.now)
        if not self.outcome.dry_run:
            self.outcome.notes += consents.messages(suppressed)
        elif suppressed:
            self.outcome.notes.append(
                _(
                    "Contact points of people who asked to be forgotten, who would be marked do-not-contact: {count}.",
                    count=len(suppressed),
                )
            )

    def _write(self) -> None:
        store.write(self.conn, self.plan)
        self.plan.forget()

    def _take(self, row: Prepared) -> str:
        client, became = self.plan.take(row)
        if row.referrer:
            self._referred.append((became == UNCHANGED, client.id, row.referrer))
        return became

    def _learn(self, rows: list[Prepared]) -> None:
        """Ask the database whom these rows could be."""
        keys = {key[1] for row in rows for key in (*row.strong, *row.weak)}
        owners = store.owners(self.conn, keys)
        bare = {row.name for row in rows if row.name and not row.strong and not row.weak}
        namesakes = store.named(self.conn, bare)
        ids = {i for several in (*owners.values(), *namesakes.values()) for i in several}
        self.plan.learn(owners, store.clients(self.conn, ids))

    def _refer(self, referred: list[tuple[bool, int, str]]) -> None:
        referrers = Referrers(self.conn, [text for _unchanged, _client_id, text in referred], self.app.region)
        self.plan.learn({}, store.clients(self.conn, {client_id for _unchanged, client_id, _text in referred}))
        counts = self.outcome.counts
        for was_unchanged, client_id, text in referred:
            if referrers.apply(self.plan.clients[client_id], text, self.plan.overwrite) and was_unchanged:
                counts[UNCHANGED] -= 1
                counts[UPDATED] += 1
