"""Which client a row means, decided in memory, before anything is written.

A client is known by a phone or an email, in any format. Ids of WeChat, QQ and WhatsApp count only where they
are real ids (people write 有 or 同手机 in that column), and only for a row that has nothing better or bears the
client's name. A name alone never makes a client known, with one exception: a row that can be reached in no
way is the client of exactly its name who cannot be reached either; else a second import would add them again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recrm.clients.model import ContactPoint
from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.imports.outcome import ADDED, UNCHANGED, UPDATED, NameKept
from recrm.imports.people.matching import RowAmbiguous, all_of, narrowed, owners_of_all
from recrm.imports.people.merging import BIRTHDAY, Known, changes_of
from recrm.imports.people.preparing import STRONG, Key, Prepared

_ADD_SOMETHING = N_("Add something that only one of them has.")


class RowNameless(UsageError):
    """A row that names nobody, and whose phone and email nobody has."""

    def __init__(self) -> None:
        super().__init__(
            N_("Nobody is named here, and nobody in the database has this phone or email."),
            N_("Add a name or a company."),
        )


@dataclass(slots=True)
class Plan:
    """What an import writes, row by row: first what the database knows of some rows is learnt, then they are taken.

    Whom the rows meant is forgotten once it is written, and learnt again when a later row means the same client. Two
    things the database cannot tell are kept: which line of the file added a client, and what it has said of one who
    was there before it.
    """

    next_id: int
    stamp: str  # this moment, as stored
    overwrite: bool = False
    defaults: dict[str, Any] = field(default_factory=dict)  # columns of a new client, where its row is silent
    owners: dict[Key, list[int]] = field(default_factory=dict)
    clients: dict[int, Known] = field(default_factory=dict)
    named: dict[str, list[int]] = field(default_factory=dict)  # clients out of reach, by name
    fresh: list[Known] = field(default_factory=list)  # to be written, as are these three
    points: list[tuple[int, ContactPoint]] = field(default_factory=list)
    tags: list[tuple[int, str]] = field(default_factory=list)
    types: list[tuple[int, str]] = field(default_factory=list)
    names_kept: list[NameKept] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)  # the line that added a client
    given: dict[int, frozenset[str]] = field(default_factory=dict)  # what the file has said of a client

    def learn(self, owners: dict[Key, list[int]], clients: dict[int, Known]) -> None:
        """Take in who has which contact point, and those clients; what is known already stands."""
        for client in clients.values():
            if client.id not in self.clients:
                client.line = self.lines.get(client.id, 0)
                client.given = self.given.get(client.id, client.given)
                self.clients[client.id] = client
                if not client.is_reachable:
                    self.named.setdefault(client.columns["name"], []).append(client.id)
        for key, ids in owners.items():
            known = self.owners.setdefault(key, [])
            known += [i for i in ids if i not in known]

    def written(self) -> None:
        """What was planned so far stands in the database."""
        for client in self.fresh:
            self.lines[client.id] = client.line
            client.is_written = True
        for planned in (self.fresh, self.points, self.tags, self.types):
            planned.clear()

    def forget(self) -> None:
        """Whom the rows so far meant can be learnt again, now that it is written."""
        for client in self.clients.values():
            given = client.given if self.overwrite else client.given & {"note"}  # what merging will ask for
            if given and not client.line:
                self.given[client.id] = given
        for known in (self.owners, self.clients, self.named):
            known.clear()

    @property
    def changed(self) -> list[Known]:
        """The clients who are written and have columns to change."""
        return [client for client in self.clients.values() if client.changed]

    def take(self, row: Prepared) -> tuple[Known, str]:
        """The row's client, and ADDED, UPDATED or UNCHANGED. Raises RowAmbiguous, RowNameless."""
        client = self._client_of(row)
        if client is None:
            return self._add(row), ADDED
        changes = changes_of(client, row, overwrite=self.overwrite, stamp=self.stamp)
        client.change(changes)
        client.has_been_given(row, changes)
        if row.name not in ("", client.columns["name"]):
            kept = NameKept(row.line, row.name, client.id, client.columns["name"], client.line)
            self.names_kept.append(kept)
        return client, UPDATED if self._add_details(client, row) or changes else UNCHANGED

    def _client_of(self, row: Prepared) -> Known | None:
        owners = self.owners
        if found := [key for key in row.strong if key in owners]:
            return self._owner(row, found)
        found = [key for key in row.weak if key in owners]
        if row.strong:
            found = [key for key in found if any(self.clients[i].columns["name"] == row.name for i in owners[key])]
        if found:
            return self._owner(row, found)
        if not row.name:
            raise RowNameless
        if not row.strong and not row.weak and (ids := self.named.get(row.name)):
            if len(ids) > 1:
                clients = all_of(self.clients[i] for i in ids)
                what = N_("{name} without a phone could be {clients}.")
                raise RowAmbiguous(what, _ADD_SOMETHING, name=row.name, clients=clients)
            return self.clients[ids[0]]
        return None

    def _owner(self, row: Prepared, keys: list[Key]) -> Known:
        """The one client who has all these contact points; of those with one WeChat id, who had it first."""
        found = narrowed(
            owners_of_all(keys, row.points, self.owners, self.clients),
            lambda client: client.columns["name"] == row.name,
            lambda client: not client.columns.get("archived_at"),
        )
        if len(found) > 1 and keys[0][0] in STRONG:
            what = N_("{shown} is shared by {clients}.")
            raise RowAmbiguous(what, _ADD_SOMETHING, shown=row.points[keys[0]].shown, clients=all_of(found))
        return found[0]

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
        client = self.clients[self.next_id] = Known(self.next_id, columns, [], [], [], row.line)
        self.next_id += 1
        self.fresh.append(client)
        self._add_details(client, row)
        if not row.strong and not row.weak:
            self.named.setdefault(row.name, []).append(client.id)
        return client

    def _add_details(self, client: Known, row: Prepared) -> bool:
        """Plan what the client has not yet; whether there was any."""
        new = False
        details: tuple[tuple[list[Any], Iterable[tuple[Any, Any]], list[Any]], ...] = (
            (client.keys, row.points.items(), self.points),
            (client.tags, ((tag.lower(), tag) for tag in row.tags), self.tags),
            (client.types, ((kind, kind) for kind in row.types), self.types),
        )
        for known, given, planned in details:
            for key, value in given:
                if key not in known:
                    new = True
                    known.append(key)
                    planned.append((client.id, value))
        for key in (*row.strong, *row.weak):
            ids = self.owners.setdefault(key, [])
            if client.id not in ids:
                ids.append(client.id)
        return new
