"""A file of vCards: each card is a client, and what cannot be taken goes back as cards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recrm.app import App
from recrm.core.i18n import _, ngettext
from recrm.imports import view
from recrm.imports.columns.cards import Card, Cards, read_cards, rejects_text
from recrm.imports.columns.extracting import Extracted
from recrm.imports.columns.mapping import Mapping
from recrm.imports.execution import ImportOptions, confirm, report, run_import
from recrm.imports.files.kinds import Kind, bytes_of
from recrm.imports.people.preparing import Preparer, RowRefused, order_of
from recrm.imports.rejects import Rejects


def import_cards(app: App, file: Path, options: ImportOptions, encoding: str | None) -> None:
    """Show what the cards are, ask, and import them."""
    found = read_cards(bytes_of(file), encoding=encoding)
    cards = [card for card in found.cards if not card.skipped]
    skipped = [card for card in found.cards if card.skipped]
    count = len(cards)
    if not app.out.json:
        _show(app, file, found, count, skipped)
    confirm(app, options, count, ngettext("Import {n} card?", "Import {n} cards?", count))
    order = app.settings.text("date_order") or order_of(card.extracted.birthday for card in cards if card.extracted)
    preparer = CardPreparer(Mapping("", ()), app.region, app.today, order, options.tags)
    rejects = Rejects(rejects_text, ".vcf")
    run = run_import(app, options, preparer, cards, rejects)
    read = view.read_json(
        Kind.VCARD,
        encoding=found.encoding,
        layout=found.version_label,
        skipped=[{"line": card.line, "reason": card.skipped} for card in skipped],
    )
    report(app, view.Report(file, read, count, run.counts, rejects, run.plan.names_kept, options.dry_run))


class CardPreparer(Preparer):
    """Cards into what recrm keeps."""

    def extract(self, row: Any) -> Extracted:
        """A card says itself what each value is."""
        card: Card = row
        if card.extracted is None:
            raise RowRefused(card.reason)
        return card.extracted


def _show(app: App, file: Path, found: Cards, count: int, skipped: list[Card]) -> None:
    app.out.heading(
        ngettext(
            "{file}: {version}, {n} card, {encoding}",
            "{file}: {version}, {n} cards, {encoding}",
            count,
            file=file.name,
            version=found.version_label,
            encoding=found.encoding,
        )
    )
    if skipped:
        app.out.say(_("Cards left out, because they are not clients: {count}.", count=len(skipped)))
        for card in skipped[: view.MOST_LISTED]:
            app.out.say(_("line {line}: {reason}", line=card.line, reason=card.skipped))
