"""What a slice says of itself, as data: names and strings only, so that reading it costs next to nothing.

Each feature slice has a module `slice.py` with one `SLICE`. The parts that serve all slices (due queue, history,
privacy, duplicates, export, import, search, settings, check) read these through `recrm.slices` and know no slice
by name. A `Place` names what is only loaded when it is used, as `module:attribute`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from recrm.core.settings import Setting

Place = str
Plural = tuple[str, str]


class Table(NamedTuple):
    """A table of facts, and what people call its rows.

    `one` is one row in a sentence (`a follow-up`), `counted` a number of them, marked with `NN_`. `personal` are the
    columns of free text in which a person may be named, `lines` those of them that may have several lines.
    """

    name: str
    one: str
    counted: Plural
    personal: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class TextIndex(NamedTuple):
    """A full-text index over columns of a table, made by a migration and kept by `recrm.storage.text_index`."""

    name: str
    table: str
    columns: tuple[str, ...]


class DueKind(NamedTuple):
    """A kind of due item.

    `counted` are its words, marked with `NN_`; `source` is the place of its DueSource; `weight` the setting that
    weighs it, with others where it is heavier once overdue or on the day itself; `style` draws it in lists; `letter`
    begins its id there (f12), and is empty where the id is the client's.
    """

    name: str
    counted: Plural
    source: Place
    weight: str = "urgency.other"
    weight_overdue: str = ""
    weight_on_day: str = ""
    style: str = ""
    letter: str = ""


class Sentence(NamedTuple):
    """What `history` says of a command, a template over `{client}`, `{id}`, `{text}` and the like.

    `about` is the table whose first changed row it speaks of, `newest` its last one instead. Where one template is
    not enough, `worded` is the place of a function that says it.
    """

    template: str = ""
    about: str = "clients"
    newest: bool = False
    worded: Place = ""


class Slice(NamedTuple):
    """One slice. `history` is by command. `settings` are by key, in the order in which `config` shows them.

    `checks` is the place of its rules for `check`, `sheets` of its sheets in an exported workbook, `entries` of what
    it puts into a calendar.
    """

    tables: tuple[Table, ...] = ()
    texts: tuple[TextIndex, ...] = ()
    due: tuple[DueKind, ...] = ()
    settings: Mapping[str, Setting] = {}
    history: Mapping[str, Sentence] = {}
    not_undoable: tuple[str, ...] = ()
    checks: Place = ""
    sheets: Place = ""
    entries: Place = ""


def load(place: Place) -> Any:
    """What stands at a place, imported now."""
    module, _colon, name = place.partition(":")
    return getattr(import_module(module), name)
