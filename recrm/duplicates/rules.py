"""What `check` holds true of merges."""

from __future__ import annotations

from recrm.core.i18n import N_
from recrm.core.rules import REPAIR_HINT, Rule, Rules

RULES = Rules(
    (
        Rule(
            "merge",
            "SELECT id FROM merges WHERE client_id = merged_id",
            N_("Merges of a client into themselves: {count}."),
            REPAIR_HINT,
            "DELETE FROM merges",
        ),
    )
)
