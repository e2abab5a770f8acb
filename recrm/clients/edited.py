"""How history words a change of a profile: which fields, or that all was found as it should be."""

from __future__ import annotations

from recrm.clients.fieldtable import FIELDS, Kind, small
from recrm.core.changes import Changes
from recrm.core.i18n import N_, _
from recrm.core.labels import enumeration

_DETAILS = {
    "contact_points": N_("contact points"),
    "client_types": N_("types"),
    "client_tags": N_("tags"),
    "consents": N_("consent"),
}


def edited(changes: Changes) -> str:
    """`Changed 李娜 (#1): tier, birthday.`"""
    labels: list[str] = []
    client_id = None
    for before, after in changes.first("clients", 1):
        client_id = before.get("id") or after.get("id")
        changed = {column for column in before if before[column] != after.get(column)}
        for field in FIELDS:
            follows = field.kind is Kind.PINYIN and "name" in changed
            if field.label and not changed.isdisjoint(field.columns) and not follows:
                labels.append(small(_(field.label)))
    for table in (table for table in _DETAILS if table in changes.rows):
        if (label := _(_DETAILS[table])) not in labels:
            labels.append(label)
        if client_id is None:
            for before, after in changes.first(table, 1):
                client_id = (after or before).get("client_id")
    client = changes.client(client_id)
    if not labels:
        return _("Verified the profile of {client}.", client=client)
    return _("Changed {client}: {fields}.", client=client, fields=enumeration(labels))
