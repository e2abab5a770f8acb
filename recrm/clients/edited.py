"""How history words a change of a profile: which fields, or that all was found as it should be."""

from __future__ import annotations

from recrm.core.i18n import N_, _
from recrm.core.slice import Changes

# Columns that follow from others, and how the rest are called.
_FOLLOWING = {"search_key", "pinyin_given", "tier_set_at", "verified_at", "currency", "birth_month", "birth_day"}
_LABELS = {
    "name": N_("name"),
    "kind": N_("kind"),
    "pinyin": N_("pinyin"),
    "tier": N_("tier"),
    "persona": N_("persona"),
    "source": N_("source"),
    "referrer_id": N_("referrer"),
    "family": N_("family"),
    "occupation": N_("occupation"),
    "preferred_channel": N_("preferred channel"),
    "birth_year": N_("birthday"),
    "avoid": N_("topics to avoid"),
    "note": N_("note"),
    "income_minor": N_("income"),
    "debts_minor": N_("debts"),
    "down_payment_minor": N_("down payment"),
    "credit_note": N_("credit note"),
    "consent": N_("consent"),
    "do_not_contact": N_("do not contact"),
    "agent": N_("agent"),
}
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
        changed = [column for column in before if before[column] != after.get(column)]
        columns = [column for column in changed if column not in _FOLLOWING]
        if not columns and {"birth_month", "birth_day"} & set(changed):
            columns = ["birth_year"]
        if "name" in columns and "pinyin" in columns:
            columns.remove("pinyin")  # which follows the name
        labels = [_(_LABELS.get(column, column)) for column in columns]
    for table in (table for table in _DETAILS if table in changes.rows):
        if (label := _(_DETAILS[table])) not in labels:
            labels.append(label)
        if client_id is None:
            for before, after in changes.first(table, 1):
                client_id = (after or before).get("client_id")
    client = changes.client(client_id)
    if not labels:
        return _("Verified the profile of {client}.", client=client)
    return _("Changed {client}: {fields}.", client=client, fields=", ".join(labels))
