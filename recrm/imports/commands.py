"""`recrm import`: read a whole file of any kind, show how it is understood, ask, and write it as one operation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from recrm.app import App
from recrm.clients import options as o
from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.params import Argument, Option
from recrm.imports.columns.sheet import read_sheet, read_workbook_sheet
from recrm.imports.execution import ImportOptions
from recrm.imports.files.kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def import_file(
    app: App,
    file: Annotated[
        Path, Argument("FILE", help="CSV, a workbook (XLSX, XLS, XLSB, ODS), vCard, or JSON of `recrm export`.")
    ],
    yes: Annotated[bool, Option("--yes", "-y", help="Import without asking.")] = False,
    map_: Annotated[
        list[str] | None, Option("--map", "-m", metavar='"HEADER=FIELD"', help="What a column is; no FIELD: leave it.")
    ] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Do everything but write: the same counts and reasons.")] = False,
    overwrite: Annotated[bool, Option("--overwrite", help="Replace what differs; a blank cell never erases.")] = False,
    history: Annotated[
        bool | None,
        Option("--history/--no-history", help="Rows are conversations with clients, not clients.", show_default=False),
    ] = None,
    sheet: Annotated[
        str | None, Option("--sheet", metavar="NAME", help="Which sheet of a workbook; else the first of clients.")
    ] = None,
    encoding: Annotated[str | None, Option("--encoding", metavar="NAME", help="utf-8, gb18030, utf-16, big5 …")] = None,
    delimiter: Annotated[str | None, Option("--delimiter", metavar="SIGN", help="What separates the columns.")] = None,
    tag: Annotated[
        list[str] | None, Option("--tag", metavar="TAG", help="A tag for every row.", complete=o.complete_tag)
    ] = None,
    source: Annotated[
        str | None, Option("--source", metavar="TEXT", help="Where new clients come from, if not said.")
    ] = None,
    agent: Annotated[
        str | None, Option("--agent", metavar="NAME", help="Who is responsible for new ones, if not said.")
    ] = None,
) -> None:
    """Import clients from CSV, Excel, vCard or recrm's JSON; a known phone or email updates that client.

    Example: recrm import contacts.csv --dry-run
    """
    from recrm.clients.fields import columns, tags_of

    defaults = columns(app, {"source": source, "agent": app.agent if agent is None else agent})
    wanted = ImportOptions(yes, dry_run, overwrite, tags_of(tag or ()), defaults)
    kind = kind_of(file)
    options = {
        "--map": map_, "--history": history, "--sheet": sheet, "--encoding": encoding, "--delimiter": delimiter,
        "--overwrite": overwrite, "--tag": tag, "--source": source, "--agent": agent,
    }  # fmt: skip
    _refuse_useless(kind, options)
    if app.db_path.exists() or not app.is_default_path:
        _opened = app.db  # a file that is not ours is refused before anything is asked
    if kind is Kind.JSON:
        from recrm.imports.full_dump.run import import_full_dump

        import_full_dump(app, file, wanted)
    elif kind is Kind.VCARD:
        from recrm.imports.client_files import import_cards

        import_cards(app, file, wanted, encoding)
    else:
        from recrm.imports.conversations.headers import looks_like_history

        is_csv = kind is Kind.CSV
        table = read_sheet(file, encoding=encoding, delimiter=delimiter) if is_csv else read_workbook_sheet(file, sheet)
        if looks_like_history(table.header) if history is None else history:
            from recrm.imports.conversations.run import import_history

            import_history(app, table, map_ or [], file=file, options=wanted)
        else:
            from recrm.imports.client_files import import_table

            import_table(app, file, kind, table, wanted, map_ or [])


_OF_WORKBOOKS = (
    N_("A workbook says itself how it is written, so {option} would do nothing here."), ("--encoding", "--delimiter")
)  # fmt: skip
_USELESS: dict[Kind, tuple[str, tuple[str, ...]]] = {
    **{kind: _OF_WORKBOOKS for kind in Kind if kind.is_workbook},
    Kind.CSV: (N_("A CSV file has one sheet only, so {option} would do nothing here."), ("--sheet",)),
    Kind.VCARD: (
        N_("A vCard says itself what each value is, so {option} would do nothing here."),
        ("--map", "--history", "--sheet", "--delimiter"),
    ),
    Kind.JSON: (
        N_("recrm's own JSON is taken as it is, so {option} would do nothing here."),
        ("--map", "--history", "--sheet", "--encoding", "--delimiter", "--overwrite", "--tag", "--source", "--agent"),
    ),
}


def _refuse_useless(kind: Kind, given: Mapping[str, object]) -> None:
    """An option that would do nothing is a misunderstanding. Raises UsageError."""
    what, options = _USELESS[kind]
    for option in options:
        if given[option]:
            raise UsageError(what, N_("Leave {option} out."), option=option)
