"""One import of clients, a batch of rows at a time: whom each row means, and what it adds.

A client is known by a phone or an email, in any format. Ids of WeChat, QQ and WhatsApp count only where they
are real ids (people write 有 or 同手机 in that column), and only for a row that has nothing better or bears the
client's name. A name alone never makes a client known, with one exception: a row that can be reached in no
way is the client of exactly its name who cannot be reached either; else a second import would add them again.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from recrm.clients import consents
from recrm.core.errors import UsageError
from recrm.core.i18n import N_, _
from recrm.core.moments import to_utc_text
from recrm.core.text import fold, quoted
from recrm.imports.columns.sheet import Row
from recrm.imports.outcome import ADDED, UNCHANGED, UPDATED, NameKept, Outcome, each_or_error
from recrm.imports.people import store
from recrm.imports.people.known import BIRTHDAY, Known
from recrm.imports.people.matching import RowAmbiguous
from recrm.imports.people.preparing import ClientReader, Prepared
from recrm.imports.people.referrers import Referrers
from recrm.imports.people.who import STRONG
from recrm.storage.db import Operation

if TYPE_CHECKING:
    from recrm.imports.columns.cards import Card

_REFERRED_AT_ONCE = 2_000


class ClientWriter:
    """Rows as clients: known ones gain what the row has, others are added.

    Whom a batch of rows means is asked of the database, and forgotten once it is written. Two things the database
    cannot tell are kept: which line of the file added a client, and what it has said of one who was there before.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        outcome: Outcome,
        reader: ClientReader,
        operation: Operation,
        *,
        overwrite: bool = False,
        defaults: Mapping[str, Any] | None = None,  # columns of a new client where a row is silent
    ) -> None:
        self.conn = conn
        self.outcome = outcome
        self.reader = reader
        self.operation = operation
        self.overwrite = overwrite
        self.stamp = to_utc_text(operation.at)
        stamped = {"origin": "import", "created_at": self.stamp, "verified_at": self.stamp}
        self.defaults = {**(defaults or {}), **stamped}
        self.next_id = store.next_id(conn, "clients")
        self.lines: dict[int, int] = {}
        self.given: dict[int, frozenset[str]] = {}
        self._referred: list[tuple[int, str, bool]] = []  # whom, by whom, whether the row changed nothing else

    def take(self, rows: Sequence[Row | Card]) -> None:
        read = each_or_error(self.reader.read, rows)
        good = [row for row in read if isinstance(row, Prepared)]
        self._learn(good, {fold(row.name) for row in good if row.name and not row.identities})
        self.outcome.take_each(rows, read, self._take)
        self._write()

    def end(self) -> None:
        """Note who sent whom, now that every client of the file is known, and forbid what nobody may contact."""
        for first in range(0, len(self._referred), _REFERRED_AT_ONCE):
            self._refer(self._referred[first : first + _REFERRED_AT_ONCE])
        suppressed = consents.follow(self.conn, *self.operation)
        if not self.outcome.dry_run:
            self.outcome.notes += consents.messages(suppressed)
        elif suppressed:
            self.outcome.notes.append(
                _(
                    "Contact points of people who asked to be forgotten, who would be marked do-not-contact: {count}.",
                    count=len(suppressed),
                )
            )

    def _learn(self, rows: Sequence[Prepared], names: set[str], ids: Sequence[int] = ()) -> None:
        self.known = store.directory(self.conn, rows, names, ids)
        self.details: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)  # to be written, by table
        for client in self.known.clients.values():
            client.line = self.lines.get(client.id, 0)
            client.given = self.given.get(client.id, client.given)

    def _write(self) -> None:
        store.write(self.conn, self.known.clients.values(), self.details)
        for client in self.known.clients.values():
            if client.line:
                self.lines[client.id] = client.line
            elif given := client.given if self.overwrite else client.given & {"note"}:  # what merging will ask for
                self.given[client.id] = given

    def _take(self, row: Prepared) -> str:
        client = self._client_of(row)
        became = UNCHANGED
        if client is None:
            client, became = self._add(row), ADDED
        elif client.merge(row, overwrite=self.overwrite, stamp=self.stamp):
            became = UPDATED
        if row.name not in ("", client.columns["name"]):
            kept = NameKept(row.line, row.name, client.id, client.columns["name"], client.line)
            self.outcome.names_kept.append(kept)
        if self._add_details(client, row) and became == UNCHANGED:
            became = UPDATED
        if row.referrer:
            self._referred.append((client.id, row.referrer, became == UNCHANGED))
        return became

    def _client_of(self, row: Prepared) -> Known | None:
        """The row's client, None for a new one. Raises RecrmError where that cannot be told."""
        if having := self.known.having(row, lambda client: client.columns["name"] == row.name):
            point, found = having
            if len(found) > 1 and point.kind in STRONG:  # of those with one WeChat id, who had it first
                raise RowAmbiguous(point.shown, found)
            return found[0]
        if not row.name:
            raise UsageError(
                N_("Nobody is named here, and nobody in the database has this phone or email."),
                N_("Add a name or a company."),
            )
        if row.identities:
            return None
        same = (client for client in self.known.called(fold(row.name)) if client.columns["name"] == row.name)
        found = [client for client in same if not client.is_reachable]
        if len(found) > 1:
            raise RowAmbiguous(quoted(row.name), found)
        return found[0] if found else None

    def _add(self, row: Prepared) -> Known:
        columns = {
            **self.defaults,
            **row.names,
            **row.columns,
            "kind": "company" if row.is_company else "person",
            "note": "\n".join(filter(None, (row.note, *row.lines))) or None,
            "do_not_contact": int(row.do_not_contact),
            **({"tier_set_at": self.stamp} if "tier" in row.columns else {}),
            **dict(zip(BIRTHDAY, row.birthday or (), strict=False)),
        }
        client = self.known.clients[self.next_id] = Known(self.next_id, columns, set(), row.line)
        self.next_id += 1
        self.known.named.setdefault(fold(row.name), []).append(client.id)
        return client

    def _add_details(self, client: Known, row: Prepared) -> bool:
        """Plan the contact points, tags and types that the client has not yet; whether there was any."""
        before = len(client.details)
        for key, table, values in row.details():
            if key not in client.details:
                client.details.add(key)
                self.details[table].append((client.id, *values))
        for key in row.identities:
            ids = self.known.owners.setdefault(key, [])
            if client.id not in ids:
                ids.append(client.id)
        return len(client.details) > before

    def _refer(self, referred: Sequence[tuple[int, str, bool]]) -> None:
        self._learn((), set(), [client_id for client_id, _text, _was_unchanged in referred])
        referrers = Referrers(self.conn, {text for _client_id, text, _was_unchanged in referred}, self.reader.region)
        for client_id, text, was_unchanged in referred:
            if referrers.apply(self.known.clients[client_id], text, self.overwrite) and was_unchanged:
                self.outcome.counts[UNCHANGED] -= 1
                self.outcome.counts[UPDATED] += 1
        self._write()
