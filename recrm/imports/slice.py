"""What imports are to the rest of the program."""

from __future__ import annotations

from recrm.core.slice import HistoryLine, Slice

SLICE = Slice(history={"import": HistoryLine(worded="recrm.imports.imported:imported")})
