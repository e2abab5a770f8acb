"""Which client a row means, and what it adds to them: decided here, in memory, before anything is written.

A client is known by a phone or an email, in any format. Ids of WeChat, QQ and WhatsApp count only where they
are real ids (people write 有 or 同手机 in that column), and only for a row that has nothing better or bears the
client's name. A name alone never makes a client known, with one exception: a row that can be reached in no
way is the client of exactly its name who cannot be reached either; else a second import would add them again.

Within one file the first row wins: a later row of the same client fills what is blank and adds its note, also
under `--overwrite`, so that importing a file twice changes nothing the second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recrm.clients.model import ContactPoint
from recrm.core.errors import Conflict, UsageError
from recrm.imports.preparing import Birthday, Key, Prepared

STRONG = ("phone", "email")
_IDS = {
    "wechat": re.compile(r"[a-z][-_a-z0-9]{5,19}|1[3-9]\d{9}"),
    "whatsapp": re.compile(r"\+?\d[\d ()-]{6,20}"),
    "qq": re.compile(r"[1-9]\d{4,10}"),
}
IDENTIFYING = (*STRONG, *_IDS)
ADDED, UPDATED, UNCHANGED, REJECTED = "added", "updated", "unchanged", "rejected"


@dataclass(slots=True)
class Known:
    """A client as they stand after the rows planned so far; `line` is that of the row that adds them, else 0."""

    id: int
    columns: dict[str, Any]
    keys: list[Key]
    tags: list[str]  # in lower case
    types: list[str]
    line: int = 0
    is_written: bool = False
    changed: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)  # what this file has said already

    @property
    def words(self) -> str:
        """For a person: a client of the file has no number yet."""
        return f"{self.columns['name']} ({f'line {self.line}' if self.line else f'#{self.id}'})"

    @property
    def is_reachable(self) -> bool:
        return any(is_identity(key) for key in self.keys)


@dataclass(frozen=True, slots=True)
class NameKept:
    """A row that goes by another name than the client it updated."""

    line: int
    name: str
    client: Known


class RowAmbiguous(Conflict):
    """A row that could be several clients."""


class RowNameless(UsageError):
    """A row that names nobody, and whose phone and email nobody has."""


def is_identity(key: Key) -> bool:
    """Whether this contact point can tell who somebody is."""
    return key[0] in STRONG or (key[0] in _IDS and bool(_IDS[key[0]].fullmatch(key[1])))


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

    def learn(self, owners: dict[Key, list[int]], clients: dict[int, Known]) -> None:
        """Take in who has which contact point, and those clients; what is known already stands."""
        for client in clients.values():
            if client.id not in self.clients:
                self.clients[client.id] = client
                if not client.is_reachable:
                    self.named.setdefault(client.columns["name"], []).append(client.id)
        for key, ids in owners.items():
            known = self.owners.setdefault(key, [])
            known += [i for i in ids if i not in known]

    def written(self) -> None:
        """What was planned so far stands in the database."""
        for client in self.fresh:
            client.is_written = True
        for planned in (self.fresh, self.points, self.tags, self.types):
            planned.clear()

    @property
    def changed(self) -> list[Known]:
        """The clients who are written and have columns to change."""
        return [client for client in self.clients.values() if client.changed]

    def take(self, row: Prepared) -> tuple[Known, str]:
        """The row's client, and ADDED, UPDATED or UNCHANGED. Raises RowAmbiguous, RowNameless."""
        client = self._client_of(row)
        if client is None:
            return self._add(row), ADDED
        if row.name and row.name != client.columns["name"] and (not self.overwrite or client.line):
            self.names_kept.append(NameKept(row.line, row.name, client))
        changes = self._changes(client, row)
        self.change(client, changes)
        client.given.update(row.columns)
        client.given.update(changes)
        client.given.update(name for name in ("name", "birth_month") if getattr(row, _ATTRIBUTES[name]))
        return client, UPDATED if self._add_details(client, row) or changes else UNCHANGED

    def change(self, client: Known, changes: dict[str, Any]) -> None:
        """Let these columns be so."""
        client.columns.update(changes)
        if client.is_written:
            client.changed.update(changes)

    def merged_note(self, client: Known, note: str, lines: Iterable[str] = ()) -> str | None:
        """The client's note once a row has said this; None where it stays as it is.

        `lines` have no field of their own, a lunar birthday for one: they are added to whatever stands there.
        """
        own = merged = client.columns.get("note") or ""
        if note and note not in own:
            if own and (client.line or "note" in client.given):
                merged = f"{own}\n{note}"
            elif not own or self.overwrite:
                merged = note
        for line in lines:
            if line not in merged:
                merged = f"{merged}\n{line}".lstrip("\n")
        return merged if merged != own else None

    def _client_of(self, row: Prepared) -> Known | None:
        owners = self.owners
        strong = [key for key in row.points if key[0] in STRONG]
        if found := [key for key in strong if key in owners]:
            return self._one(row, found)
        weak = [key for key in row.points if key[0] in _IDS and is_identity(key)]
        if found := [key for key in weak if key in owners]:
            namesakes = {key: self._of_name(owners[key], row.name) for key in found}
            if not strong or any(namesakes.values()):
                return self._one(row, [key for key in found if not strong or namesakes[key]])
        if not row.name:
            what = "This row names nobody, and nobody here has its phone or email."
            raise RowNameless(what, "Give it a name or a company.")
        if not strong and not weak and (ids := self.named.get(row.name)):
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
            columns.update(zip(_BIRTHDAY, row.birthday, strict=True))
        self.clients[client.id] = client
        self.fresh.append(client)
        self._add_details(client, row)
        if not client.is_reachable:
            self.named.setdefault(row.name, []).append(client.id)
        return client

    def _changes(self, client: Known, row: Prepared) -> dict[str, Any]:
        """Columns that this row changes of a client who is there already."""
        has, said = client.columns, client.given
        replaces = self.overwrite and not client.line
        changes = {
            column: value
            for column, value in row.columns.items()
            if value != has.get(column) and (not has.get(column) or (replaces and column not in said))
        }
        if "tier" in changes:
            changes["tier_set_at"] = self.stamp
        if replaces and row.name and row.name != has["name"] and "name" not in said:
            changes |= row.names
        if row.birthday:
            changes |= _birthday_changes(has, row.birthday, replaces and "birth_month" not in said)
        if (note := self.merged_note(client, row.note, row.lines)) is not None:
            changes["note"] = note
        if row.do_not_contact and not has.get("do_not_contact"):
            changes["do_not_contact"] = 1  # an import may set a ban, and never lifts one
        return changes

    def _add_details(self, client: Known, row: Prepared) -> bool:
        before = len(self.points) + len(self.tags) + len(self.types)
        for key, point in row.points.items():
            if key not in client.keys:
                client.keys.append(key)
                self.points.append((client.id, point))
                if key[0] in IDENTIFYING:
                    self.owners.setdefault(key, []).append(client.id)
        for tag in row.tags:
            if tag.lower() not in client.tags:
                client.tags.append(tag.lower())
                self.tags.append((client.id, tag))
        for kind in row.types:
            if kind not in client.types:
                client.types.append(kind)
                self.types.append((client.id, kind))
        return len(self.points) + len(self.tags) + len(self.types) > before


_BIRTHDAY = ("birth_year", "birth_month", "birth_day")
_ATTRIBUTES = {"name": "name", "birth_month": "birthday"}


def _birthday_changes(has: dict[str, Any], birthday: Birthday, replaces: bool) -> dict[str, Any]:
    """A birthday is one value; a year is added to the day that is known, and never taken from it."""
    own = tuple(has.get(column) for column in _BIRTHDAY)
    if birthday[1:] == own[1:]:
        fills = birthday[0] is not None and birthday[0] != own[0] and (own[0] is None or replaces)
    else:
        fills = own[1] is None or replaces
    return dict(zip(_BIRTHDAY, birthday, strict=True)) if fills else {}


def identifying_keys(rows: Iterable[Prepared]) -> set[str]:
    """What to ask the database for: the contact points that can tell who somebody is."""
    return {key[1] for row in rows for key in row.points if is_identity(key)}


def names_out_of_reach(rows: Iterable[Prepared]) -> set[str]:
    """Names of rows that only a name can match."""
    return {row.name for row in rows if row.name and not any(map(is_identity, row.points))}
