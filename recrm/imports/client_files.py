"""A file of clients, a table or cards: how it is understood is shown, and it is imported."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from recrm.app import App
from recrm.core.i18n import N_, _
from recrm.imports import view
from recrm.imports.columns.card_properties import NotAClient
from recrm.imports.columns.cards import Card, Cards, read_cards, rejects_text
from recrm.imports.columns.extracting import Extracted
from recrm.imports.columns.mapping import Mapping, Need, apply_override, check_needs, guess_mapping
from recrm.imports.columns.sheet import Row, Sheet
from recrm.imports.columns.values import order_of
from recrm.imports.execution import ImportOptions, confirm, run_import
from recrm.imports.files.kinds import Kind, bytes_of
from recrm.imports.outcome import Outcome, rows_as_csv
from recrm.imports.people.preparing import ClientReader, date_order
from recrm.imports.people.writing import ClientWriter
from recrm.storage.db import Operation

# Without one of these a row neither names anybody nor can be anybody.
_NEED = Need(
    {"name", "family_name", "given_name", "company", "phone", "email", "wechat"},
    N_("None of the columns is known to be a name, a phone or an email."),
    N_('Say which is which: --map "{header}=name".'),
)


def import_table(
    app: App, file: Path, kind: Kind, sheet: Sheet, options: ImportOptions, overrides: Sequence[str]
) -> None:
    """Import the rows of a CSV file or a workbook."""
    mapping = apply_override(guess_mapping(sheet.header, sheet.sample), overrides)
    check_needs(mapping, [_NEED])
    order = date_order(sheet.rows, mapping)
    if not app.out.json:
        view.show_mapping(app.out, file, sheet, mapping)
        view.show_order_of_birthdays(app.out, "" if app.settings.text("date_order") else order)
    read = view.sheet_json(kind, sheet, mapping)
    _import(app, file, options, read, sheet.rows, rows_as_csv(sheet.header, sheet.delimiter), mapping, order)


def import_cards(app: App, file: Path, options: ImportOptions, encoding: str | None) -> None:
    """Import the cards of a vCard file; what cannot be taken goes back as cards."""
    found = read_cards(bytes_of(file), encoding=encoding)
    skipped = [(card.line, card.said.what()) for card in found.cards if isinstance(card.said, NotAClient)]
    cards = [card for card in found.cards if not isinstance(card.said, NotAClient)]
    if not app.out.json:
        _show_cards(app, file, found, len(cards), skipped)
    read = view.read_json(
        Kind.VCARD,
        encoding=found.encoding,
        layout=found.version_label,
        skipped=[{"line": line, "reason": reason} for line, reason in skipped],
    )
    order = order_of(card.said.fields.get("birthday", "") for card in cards if isinstance(card.said, Extracted))
    _import(app, file, options, read, cards, rejects_text, Mapping("", ()), order)


def _import(
    app: App, file: Path, options: ImportOptions, read: dict[str, Any], rows: Sequence[Row | Card],
    text_of: Callable[[Sequence[Any]], bytes], mapping: Mapping, order: str,
) -> None:  # fmt: skip
    confirm(app, options, read["kind"], len(rows))
    reader = ClientReader(mapping, app.region, app.today, app.settings.text("date_order") or order, options.tags)
    outcome = Outcome(file, read, len(rows), text_of, options.dry_run)

    def writer(conn: sqlite3.Connection) -> ClientWriter:
        operation = Operation(app.command, app.agent, app.now)
        return ClientWriter(conn, outcome, reader, operation, overwrite=options.overwrite, defaults=options.defaults)

    run_import(app, outcome, rows, writer)


def _show_cards(app: App, file: Path, found: Cards, count: int, skipped: Sequence[tuple[int, str]]) -> None:
    app.out.heading(
        _(
            "{file}: {version}, {things}, {encoding}",
            file=file.name,
            version=found.version_label,
            things=view.counted(Kind.VCARD, count),
            encoding=found.encoding,
        )
    )
    if skipped:
        app.out.say(_("Cards left out, because they are not clients: {count}.", count=len(skipped)))
    for line, reason in skipped[: view.MOST_LISTED]:
        app.out.say(_("line {line}: {reason}", line=line, reason=reason))
