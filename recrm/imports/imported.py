"""How history words an import: clients, details of clients, or contacts."""

from __future__ import annotations

from recrm.core.changes import Changes
from recrm.core.i18n import _

_DETAILS = ("contact_points", "client_types", "client_tags")


def imported(changes: Changes) -> str:
    """`Imported clients: 20 added, 3 changed.`"""
    rows = changes.rows
    if "clients" not in rows and set(rows) == {"contacts"}:
        return _("Imported contacts: {count} added.", count=rows["contacts"])
    counts = changes.counts("clients")
    added, changed = counts.get("insert", 0), counts.get("update", 0)
    details = sum(rows.get(table, 0) for table in _DETAILS)
    if details and not added and not changed:
        return _("Imported details of clients: {count} added.", count=details)
    return _("Imported clients: {added} added, {changed} changed.", added=added, changed=changed)
