"""What a slice says of itself, as data: names and strings only, so that reading it costs next to nothing.

Each feature slice has a module `slice.py` with one `SLICE`. The parts that serve all slices (due queue, history,
privacy, duplicates, export, import, search, settings, check) read these through `recrm.slices` and know no slice
by name. A `Place` names what is only loaded when it is used, as `module:attribute`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from recrm.core.record import Record

if TYPE_CHECKING:
    from recrm.core.settings import Setting

Place = str
Plural = tuple[str, str]


class Texts(Record):
    """Columns of free text in which a person may be named, and columns of text that may have several lines."""

    personal: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class Table(Record):
    """A table of facts, and what people call its rows.

    `label` is a row beside its number (`contact 5`), `one` a row in a sentence (`a contact`), `counted` a number of
    them, marked with `NN_`. What is not `journaled` cannot be undone, such as what an erasure leaves behind. `labels`
    call its columns as the person reads them of whom it tells (`export-person`), where they are not called alike
    everywhere, and `shown` the places of functions that word a column in which there are codes or recrm's own texts.
    """

    name: str
    label: str
    one: str
    counted: Plural
    columns: Texts | Place = Texts()
    journaled: bool = True
    labels: Mapping[str, str] = {}
    shown: Mapping[str, Place] = {}

    @property
    def texts(self) -> Texts:
        """Its columns of text, read at their place where they follow from something else."""
        return load(self.columns) if isinstance(self.columns, str) else self.columns


class TextIndex(Record):
    """A full-text index over columns of a table, made by a migration and kept by `recrm.storage.text_index`.

    `label` is what `find` calls the place, and `owner` the column that says whose the row is. Where a word counts
    more comes first in the `order` of the indexes. Within one, rows stand by the column `newest`, the latest first, or
    else by their ids.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    label: str
    order: int = 100
    owner: str = "client_id"
    newest: str = ""


class DueKind(Record):
    """A kind of due item.

    `counted` are its words, marked with `NN_`; `source` is the place of its DueSource. Kinds are listed by their
    `order`. `weight` is the setting that weighs it, with others where it is heavier once overdue or on the day
    itself. `style` draws it in lists; `letter` begins its id there (f12), and is empty where the id is the client's.
    `alarm` are the words, marked with `NN_`, for those overdue where that is a breach, which every list says first.
    `ahead` says that what is due tomorrow is worth knowing today.
    """

    name: str
    counted: Plural
    source: Place
    order: int = 100
    weight: str = "urgency.other"
    weight_overdue: str = ""
    weight_on_day: str = ""
    style: str = ""
    letter: str = ""
    alarm: Plural | None = None
    ahead: bool = False


class HistoryLine(Record):
    """What `history` says of a command, and whether it may be taken back.

    The template's facts are the columns of one row that the command changed, with its `{id}`, `{client}`, `{due}`,
    the `{text}` that its column `text` holds, and `{texts}`, those of all changed rows. The row is the first changed
    one of the table `about`, or the one with the highest id (`newest`); with `about` empty the template needs none.
    `cases` are other templates by the value of a column. Where no template is enough, `worded` is the place of a
    function that takes the operation's `Changes`.
    """

    template: str = ""
    about: str = "clients"
    text: str = "text"
    newest: bool = False
    cases: tuple[str, Mapping[str, str]] = ("", {})
    worded: Place = ""
    undoable: bool = True
    listed: bool = True


class Slice(Record):
    """One slice. `history` is by command, `settings` by key, in the order in which `config` shows them.

    `checks` is the place of its Rules for `check`, `sheets` of its Sheets in an exported workbook, `entries` of
    its Entries in a calendar, `brief` of the function that makes its Brief of a client.
    """

    tables: tuple[Table, ...] = ()
    texts: tuple[TextIndex, ...] = ()
    due: tuple[DueKind, ...] = ()
    settings: Mapping[str, Setting] = {}
    history: Mapping[str, HistoryLine] = {}
    checks: Place = ""
    sheets: Place = ""
    entries: Place = ""
    brief: Place = ""


def load(place: Place) -> Any:
    """What stands at a place, imported now."""
    module, _colon, name = place.partition(":")
    return getattr(import_module(module), name)
