"""A file of vCards: each card is a client, and what cannot be taken goes back as cards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recrm.app import App
from recrm.core.errors import UsageError
from recrm.imports import rejects, view
from recrm.imports.columns import cards as vcards
from recrm.imports.columns.cards import Card
from recrm.imports.columns.extracting import Extracted
from recrm.imports.columns.mapping import Mapping
from recrm.imports.execution import ImportOptions, carry, confirm_import, tell
from recrm.imports.files.kinds import Kind
from recrm.imports.people.preparing import Preparer, order_of


def import_cards(app: App, file: Path, wishes: ImportOptions, encoding: str | None) -> None:
    """Show what the cards are, ask, and import them."""
    found = vcards.read_cards(file.read_bytes(), encoding=encoding)
    cards = [card for card in found.cards if not card.skipped]
    skipped = [card for card in found.cards if card.skipped]
    if not app.out.json:
        _show(app, file, found, len(cards), skipped)
    confirm_import(app, len(cards), wishes, "card", "cards")
    order = app.settings.text("date_order") or order_of(card.extracted.birthday for card in cards if card.extracted)
    handing = RejectedCards()
    run = carry(app, wishes, CardPreparer(Mapping("", ()), app.region, app.today, order, wishes.tags), cards, handing)
    read = view.read_json(
        Kind.VCARD,
        encoding=found.encoding,
        layout=found.version_words,
        skipped=[{"line": card.line, "reason": card.skipped} for card in skipped],
    )
    tell(app, view.Report(file, read, len(cards), run.counts, handing, run.plan.names_kept, wishes.dry_run))


class CardPreparer(Preparer):
    """Cards into what recrm keeps."""

    def said(self, row: Any) -> Extracted:
        """A card says itself what each value is."""
        card: Card = row
        if card.extracted is None:
            raise UsageError(card.reason)
        return card.extracted


class RejectedCards:
    """Cards that could not be taken."""

    def __init__(self) -> None:
        self._kept: list[tuple[Card, str]] = []

    def add(self, thing: object, reason: str) -> None:
        """Keep a card and its reason."""
        if not isinstance(thing, Card):
            raise TypeError(thing)
        self._kept.append((thing, reason))

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return ((card.line, reason) for card, reason in self._kept)

    def write(self, source: Path, second_folder: Path) -> Path:
        """Write them beside the source, or where that cannot be, in the second folder; where. Raises OSError."""
        return rejects.write(source, second_folder, lambda: iter([vcards.rejects_text(self._kept)]), ".vcf")


def _show(app: App, file: Path, found: vcards.Cards, count: int, skipped: list[Card]) -> None:
    of = f"{count} {'card' if count == 1 else 'cards'}"
    app.out.heading(f"{file.name}: {found.version_words}, {of}, {found.encoding}")
    if skipped:
        app.out.say(f"Cards left out, because they are no clients: {len(skipped)}.")
        for card in skipped[:5]:
            app.out.say(f"line {card.line}: {card.skipped}")
