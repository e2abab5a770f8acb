"""Who sent a client: another client of exactly that name or phone, in the database or in the same file.

Where nobody answers, or several do, the text stays as a line of the note.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from recrm.clients.phones import PhoneNotUnderstood, parse_phone
from recrm.imports.people.merging import Known, merged_note


@dataclass(slots=True)
class Referrers:
    """`by_name` and `by_phone` are ids of clients who may be meant."""

    by_name: dict[str, list[int]]
    by_phone: dict[str, list[int]]
    referrer_of: Callable[[int], int | None]  # as it is written
    sent_by: dict[int, int] = field(default_factory=dict)  # what is not written yet

    def apply(self, client: Known, text: str, region: str, overwrite: bool) -> bool:
        """Note who sent this client; whether that changed anything."""
        phone = phone_of(text, region)
        ids = self.by_phone.get(phone, []) if phone else self.by_name.get(text, [])
        others = set(ids) - {client.id}
        referrer = others.pop() if len(others) == 1 else 0
        if not referrer or self._leads_back(referrer, client.id):
            note = merged_note(client, "", [f"Referred by {text}"])
            client.change({"note": note} if note else {})
            return bool(note)
        own = client.columns.get("referrer_id")
        replaces = overwrite and not client.line and "referrer_id" not in client.given
        client.given |= {"referrer_id"}
        if own == referrer or (own and not replaces):
            return False
        client.change({"referrer_id": referrer})
        self.sent_by[client.id] = referrer
        return True

    def _leads_back(self, referrer: int, client: int) -> bool:
        """Whether the referrer was sent by the client, or by one they sent."""
        seen: set[int] = set()
        at: int | None = referrer
        while at is not None and at not in seen:
            if at == client:
                return True
            seen.add(at)
            at = self.sent_by.get(at) or self.referrer_of(at)
        return False


def phone_of(text: str, region: str) -> str:
    """The text as a phone's key; empty where it is none."""
    try:
        return parse_phone(text, region).e164
    except PhoneNotUnderstood:
        return ""


def names_and_phones(texts: Collection[str], region: str) -> tuple[set[str], set[str]]:
    """Names that rows give as referrers, and the keys of the phones among them."""
    phones = {text: phone for text in set(texts) if (phone := phone_of(text, region))}
    return set(texts) - set(phones), set(phones.values())
