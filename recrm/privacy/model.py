"""Who is meant by a privacy command, also where they are gone and only their traces are left."""

from __future__ import annotations

from typing import NamedTuple

from recrm.clients.model import Client
from recrm.core.errors import Conflict, UsageError
from recrm.core.i18n import N_, _


class Person(NamedTuple):
    """A client, or the id of one who is gone, and whom the journal or a backup may still remember."""

    id: int
    client: Client | None

    @property
    def label(self) -> str:
        """For a sentence: `王丽 (#3)`, or `#3`, who is gone."""
        return _("{client} (#{id})", client=self.client.name, id=self.id) if self.client else f"#{self.id}"


class NotConfirmed(UsageError):
    """An erasure that nobody has confirmed."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            N_("Nothing was erased, because there is no terminal to confirm it on."),
            N_("See what is held with `recrm export-person {id}`, and add --yes to erase it for good.")
            if person.client
            else N_("Add --yes to erase what is left of them for good."),
            id=person.id,
        )


class FileThere(Conflict):
    """An export would go over a file."""

    def __init__(self, path: object) -> None:
        super().__init__(
            N_("{path} exists already; nothing was written."),
            N_("Name another folder with --output, or add --force."),
            path=path,
        )
