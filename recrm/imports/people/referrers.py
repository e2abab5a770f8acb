"""Who sent a client: another client of exactly that name or phone, in the database or in the same file.

Where nobody answers, or several do, the text stays as a line of the note.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection

from recrm.clients.phones import PhoneNotUnderstood, parse_phone
from recrm.core.text import fold
from recrm.imports.people import store
from recrm.imports.people.known import Known


class Referrers:
    """Who may be meant by what some rows give as referrers."""

    def __init__(self, conn: sqlite3.Connection, texts: Collection[str], region: str) -> None:
        self._conn = conn
        self._meant: defaultdict[str, set[int]] = defaultdict(set)
        self._sent_by: dict[int, int] = {}  # what is not written yet
        phones: defaultdict[str, list[str]] = defaultdict(list)
        for text in texts:
            try:
                phones[parse_phone(text, region).e164].append(text)
            except PhoneNotUnderstood:
                self._meant[text] = set()
        for _folded, client_id, name in store.named(conn, {fold(text) for text in self._meant}):
            if name in self._meant:
                self._meant[name].add(client_id)
        for (kind, key, _extension), ids in store.owners(conn, phones).items():
            for text in phones[key] if kind == "phone" else ():
                self._meant[text].update(ids)

    def apply(self, client: Known, text: str, overwrite: bool) -> bool:
        """Note who sent this client; whether that changed anything."""
        others = self._meant[text] - {client.id}
        referrer = others.pop() if len(others) == 1 else 0
        if not referrer or self._leads_back(referrer, client.id):
            note = client.merged_note("", [f"Referred by {text}"])
            client.change({"note": note} if note else {})
            return bool(note)
        own = client.columns.get("referrer_id")
        replaces = overwrite and not client.line and "referrer_id" not in client.given
        client.given |= {"referrer_id"}
        if own == referrer or (own and not replaces):
            return False
        client.change({"referrer_id": referrer})
        self._sent_by[client.id] = referrer
        return True

    def _leads_back(self, referrer: int, client: int) -> bool:
        """Whether the referrer was sent by the client, or by one they sent."""
        seen: set[int] = set()
        at: int | None = referrer
        while at is not None and at not in seen:
            if at == client:
                return True
            seen.add(at)
            at = self._sent_by.get(at) or store.referrer_of(self._conn, at)
        return False
