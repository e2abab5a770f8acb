"""What `check` holds true of the history: nothing takes back what came after it."""

from __future__ import annotations

from recrm.core.i18n import N_
from recrm.core.rules import Rule, Rules

RULES = Rules(
    (
        Rule(
            "reversal",
            "SELECT id FROM reversals WHERE target_id >= operation_id",
            N_("Lines of the history that take back something that came after them: {count}."),
            N_("Restore the newest good backup: `recrm restore latest`; no command can have written this."),
        ),
    )
)
