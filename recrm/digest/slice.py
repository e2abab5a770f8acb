"""What digests are to the rest of the program."""

from __future__ import annotations

from recrm.core.i18n import N_, NN_
from recrm.core.slice import HistoryLine, Slice, Table

SLICE = Slice(
    tables=(Table("digests", N_("digest"), N_("a digest"), NN_("{n} digest", "{n} digests")),),
    # What was sent stays sent, and is no change of what recrm knows.
    history={"digest": HistoryLine(undoable=False, listed=False)},
)
