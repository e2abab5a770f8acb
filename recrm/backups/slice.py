"""What backups are to the rest of the program."""

from __future__ import annotations

from pathlib import Path

from recrm.core.i18n import N_
from recrm.core.settings import count, text
from recrm.core.slice import Slice

SLICE = Slice(
    settings={
        "backup.folder": text(
            "",
            N_("where backups go; empty: the folder `backups` beside the database"),
            N_("a full path such as ~/backups, or nothing"),
            lambda v: not v or v.startswith("~") or Path(v).is_absolute(),
        ),
        "backup.keep": count(10, N_("so many of the newest backups are kept, and some older ones"), 1, 1_000),
    }
)
