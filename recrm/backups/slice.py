"""What backups are to the rest of the program."""

from __future__ import annotations

from recrm.core.slice import Slice

SLICE = Slice()
