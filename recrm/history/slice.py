"""What the history is to the rest of the program; its own tables are no facts of the shop."""

from __future__ import annotations

from recrm.core.slice import Slice

SLICE = Slice(checks="recrm.history.rules:RULES")
