"""Which client a row means, decided in memory, before anything is written.

A client is known by a phone or an email, in any format. Ids of WeChat, QQ and WhatsApp count only where they
are real ids (people write 有 or 同手机 in that column), and only for a row that has nothing better or bears the
client's name. A name alone never makes a client known, with one exception: a row that can be reached in no
way is the client of exactly its name who cannot be reached either; else a second import would add them again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from recrm.clients.model import ContactPoint
from recrm.core.errors import Conflict, UsageError
from recrm.imports.people.merging import BIRTHDAY, Known, changes_of
from recrm.imports.people.preparing import STRONG, Key, Prepared
from recrm.imports.people.row_memory import FilePast

ADDED, UPDATED, UNCHANGED, REJECTED = "added", "updated", "unchanged", "rejected"


@dataclass(frozen=True, slots=True)
class NameKept:
    """A row that goes by another name than the client it updated."""

    line: int
    name: str
    client_id: int
    client: str
    client_line: int  # of the row that adds them, else 0


class RowAmbiguous(Conflict):
    """A row that could be several clients."""


class RowNameless(UsageError):
    """A row that names nobody, and whose phone and email nobody has."""

    def __init__(self) -> None:
        what = "Nobody is named here, and nobody in the database has this phone or email."
        super().__init__(what, "Add a name or a company.")


@dataclass(slots=True)
class Plan:
    """What an import writes, row by row: first what the database knows of some rows is learnt, then they are taken."""

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
    past: FilePast = field(init=False)

    def __post_init__(self) -> None:
        self.past = FilePast(self.next_id)

    def learn(self, owners: dict[Key, list[int]], clients: dict[int, Known]) -> None:
        """Take in who has which contact point, and those clients; what is known already stands."""
        for client in clients.values():
            if client.id not in self.clients:
                self.past.recall(client)
                self.clients[client.id] = client
                if not client.is_reachable:
                    self.named.setdefault(client.columns["name"], []).append(client.id)
        for key, ids in owners.items():
            known = self.owners.setdefault(key, [])
            known += [i for i in ids if i not in known]

    def written(self) -> None:
        """What was planned so far stands in the database."""
        self.past.added([client.line for client in self.fresh])
        for client in self.fresh:
            client.is_written = True
        for planned in (self.fresh, self.points, self.tags, self.types):
            planned.clear()

    def forget(self) -> None:
        """Whom the rows so far meant can be learnt again, now that it is written; what the file has said is kept."""
        for client in self.clients.values():
            said = client.given if self.overwrite else client.given & {"note"}  # what merging will ask for
            if said and not client.line:
                self.past.said(client.id, said)
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
            return self._one(row, found)
        found = [key for key in row.weak if key in owners]
        if row.strong:
            found = [key for key in found if self._of_name(owners[key], row.name)]
        if found:
            return self._one(row, found)
        if not row.name:
            raise RowNameless
        if not row.strong and not row.weak and (ids := self.named.get(row.name)):
            if len(ids) > 1:
                raise self._ambiguous(f"{row.name} without a phone could be", ids)
            return self.clients[ids[0]]
        return None

    def _one(self, row: Prepared, keys: list[Key]) -> Known:
        """The one client who has all these contact points; of those with one WeChat id, who had it first."""
        ids = self.owners[keys[0]]
        for key in keys[1:]:
            if not (both := [i for i in ids if i in self.owners[key]]):
                one, other = self.clients[ids[0]], self.clients[self.owners[key][0]]
                what = (
                    f"{row.points[keys[0]].shown} belongs to {one.words}, but {row.points[key].shown} to {other.words}."
                )
                raise RowAmbiguous(what, "Leave out the one that is wrong.")
            ids = both
        if len(ids) > 1:
            ids = self._of_name(ids, row.name) or ids
        if len(ids) > 1:
            ids = [i for i in ids if not self.clients[i].columns.get("archived_at")] or ids
        if len(ids) > 1 and keys[0][0] in STRONG:
            raise self._ambiguous(f"{row.points[keys[0]].shown} is shared by", ids)
        return self.clients[ids[0]]

    def _of_name(self, ids: list[int], name: str) -> list[int]:
        return [i for i in ids if self.clients[i].columns["name"] == name]

    def _ambiguous(self, what: str, ids: list[int]) -> RowAmbiguous:
        listed = " and ".join(self.clients[i].words for i in ids)
        return RowAmbiguous(f"{what} {listed}.", "Add something that only one of them has.")

    def _add(self, row: Prepared) -> Known:
        client = Known(self.next_id, {**self.defaults, **row.names, **row.columns}, [], [], [], row.line)
        self.next_id += 1
        columns = client.columns
        columns["kind"] = "company" if row.is_company else "person"
        columns["note"] = "\n".join(filter(None, (row.note, *row.lines))) or None
        columns["do_not_contact"] = int(row.do_not_contact)
        if "tier" in row.columns:
            columns["tier_set_at"] = self.stamp
        if row.birthday:
            columns.update(zip(BIRTHDAY, row.birthday, strict=True))
        self.clients[client.id] = client
        self.fresh.append(client)
        self._add_details(client, row)
        if not row.strong and not row.weak:
            self.named.setdefault(row.name, []).append(client.id)
        return client

    def _add_details(self, client: Known, row: Prepared) -> bool:
        changed = False
        for key, point in row.points.items():
            if key not in client.keys:
                client.keys.append(key)
                self.points.append((client.id, point))
                changed = True
        for key in (*row.strong, *row.weak):
            ids = self.owners.setdefault(key, [])
            if client.id not in ids:
                ids.append(client.id)
        for tag in row.tags:
            if tag.lower() not in client.tags:
                client.tags.append(tag.lower())
                self.tags.append((client.id, tag))
                changed = True
        for kind in row.types:
            if kind not in client.types:
                client.types.append(kind)
                self.types.append((client.id, kind))
                changed = True
        return changed
