"""A file of clients, a table or cards: how it is understood is shown, the person is asked, and it is imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recrm.app import App
from recrm.core.i18n import N_, _, ngettext
from recrm.imports import view
from recrm.imports.columns.cards import Cards, read_cards, rejects_text
from recrm.imports.columns.mapping import Mapping, Need, apply_override, check_needs, guess_mapping
from recrm.imports.columns.sheet import Sheet
from recrm.imports.execution import ImportOptions, confirm, report, run_import
from recrm.imports.files.kinds import Kind, bytes_of
from recrm.imports.people.preparing import Preparer, date_order, order_of
from recrm.imports.rejects import Rejects, rejected_rows

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
    order = app.settings.text("date_order")
    seen_order = "" if order else date_order(sheet.rows, mapping)
    if not app.out.json:
        view.show_mapping(app.out, file, sheet, mapping)
        view.show_order_of_birthdays(app.out, seen_order)
    count = len(sheet.rows)
    confirm(app, options, count, ngettext("Import {n} row?", "Import {n} rows?", count))
    preparer = Preparer(mapping, app.region, app.today, order or seen_order, options.tags)
    rejects = rejected_rows(sheet.header, sheet.delimiter)
    run = run_import(app, options, preparer, sheet.rows, rejects)
    read = view.sheet_json(kind, sheet, mapping)
    report(app, view.Report(file, read, count, run.counts, rejects, run.plan.names_kept, options.dry_run))


def import_cards(app: App, file: Path, options: ImportOptions, encoding: str | None) -> None:
    """Import the cards of a vCard file; what cannot be taken goes back as cards."""
    found = read_cards(bytes_of(file), encoding=encoding)
    cards = [card for card in found.cards if not card.skipped]
    skipped = [{"line": card.line, "reason": card.skipped} for card in found.cards if card.skipped]
    if not app.out.json:
        _show_cards(app, file, found, len(cards))
    confirm(app, options, len(cards), ngettext("Import {n} card?", "Import {n} cards?", len(cards)))
    order = app.settings.text("date_order") or order_of(card.extracted.birthday for card in cards if card.extracted)
    preparer = Preparer(Mapping("", ()), app.region, app.today, order, options.tags)
    rejects = Rejects(rejects_text, ".vcf")
    run = run_import(app, options, preparer, cards, rejects)
    read = view.read_json(Kind.VCARD, encoding=found.encoding, layout=found.version_label, skipped=skipped)
    report(app, view.Report(file, read, len(cards), run.counts, rejects, run.plan.names_kept, options.dry_run))


def _show_cards(app: App, file: Path, found: Cards, count: int) -> None:
    facts = {"file": file.name, "version": found.version_label, "encoding": found.encoding}
    app.out.heading(
        ngettext("{file}: {version}, {n} card, {encoding}", "{file}: {version}, {n} cards, {encoding}", count, **facts)
    )
    skipped = [card for card in found.cards if card.skipped]
    if skipped:
        app.out.say(_("Cards left out, because they are not clients: {count}.", count=len(skipped)))
    for card in skipped[: view.MOST_LISTED]:
        app.out.say(_("line {line}: {reason}", line=card.line, reason=card.skipped))
