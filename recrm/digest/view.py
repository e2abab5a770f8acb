"""A digest as JSON, and as a page: sentences and rows, cleaned, that text, Markdown and HTML each draw their way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from recrm.clients.model import ContactPoint
from recrm.core.due import Ranked
from recrm.core.i18n import _, ngettext
from recrm.core.labels import day_label
from recrm.core.moments import iso
from recrm.core.text import clean_line, shorten
from recrm.digest.content import Digest
from recrm.today.phrasing import alarm_text, counts_text, head_text, item_json, short_id
from recrm.today.queue import Queue

FIRST_ROWS = 5
WHY_COLUMNS = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One due item. `number` is its place in the day, None ahead of it; `tel` is a phone that can be dialled."""

    number: int | None
    client: str
    tier: str
    phone: str
    tel: str
    why: str
    id: str


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a title; `is_alarm` where a complaint's clock has run out."""

    title: str
    rows: list[Row]
    is_alarm: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a digest says, in order; commands within `notes` stand between backticks."""

    head: str
    counts: str
    missed: str
    sections: list[Section]
    cut: list[str]
    tomorrow: Section | None
    notes: list[str]


def digest_json(digest: Digest) -> dict[str, Any]:
    """One digest, the stable shape; its items are ranked as `due-today --json` ranks them."""
    queue = digest.queue
    now = queue.window.now
    phone_of = digest.phones.get
    return {
        "date": now.date().isoformat(),
        "generated_at": iso(digest.generated_at, queue.window.zone),
        "due": queue.due,
        "overdue": queue.overdue,
        "breached": queue.breached,
        "counts": {kind: count.due for kind, count in queue.counts.items()},
        "items": [
            item_json(ranked, now) | {"phone": phone.value if (phone := phone_of(ranked.item.client_id)) else None}
            for ranked in queue.ranked
        ],
        "cut": max(0, queue.cut),
        "waiting": {kind: waiting for kind in queue.counts if (waiting := queue.waiting(kind))},
        "missed_since": digest.missed_since.isoformat() if digest.missed_since else None,
    }


def page(digest: Digest) -> Page:
    """The digest in words: breached clocks before everything, then the ranked list."""
    queue = digest.queue
    today = queue.window.now.date()
    by_alarm = sorted(queue.ranked, key=lambda ranked: not ranked.item.is_breach(queue.window.now))
    rows = _rows(digest, by_alarm, first=1)
    alarm, rest = rows[: queue.breached], rows[queue.breached :]
    if alarm:
        sections = [Section(alarm_text(queue), alarm, is_alarm=True), Section(_("After that"), rest)]
    else:
        sections = [Section(_("Call first"), rest[:FIRST_ROWS]), Section(_("After that"), rest[FIRST_ROWS:])]
    next_day = _("Tomorrow, {day}", day=day_label(today + timedelta(days=1), today))
    tomorrow = Section(next_day, _rows(digest, digest.tomorrow))
    return Page(
        head=head_text(queue),
        counts=counts_text(queue),
        missed=_missed_text(digest),
        sections=[section for section in sections if section.rows],
        cut=_cut_lines(queue),
        tomorrow=tomorrow if tomorrow.rows else None,
        notes=_notes(digest),
    )


def _rows(digest: Digest, items: Sequence[Ranked], first: int | None = None) -> list[Row]:
    return [_row(ranked, digest, None if first is None else first + place) for place, ranked in enumerate(items)]


def _row(ranked: Ranked, digest: Digest, number: int | None) -> Row:
    item = ranked.item
    phone: ContactPoint | None = digest.phones.get(item.client_id)
    return Row(
        number=number,
        client=clean_line(item.client),
        tier=item.tier,
        phone=clean_line(phone.shown) if phone else "",
        tel=phone.value if phone and re.fullmatch(r"\+?[0-9]{3,}", phone.value) else "",
        why=shorten(clean_line(item.reason), WHY_COLUMNS),
        id=short_id(item),
    )


def _missed_text(digest: Digest) -> str:
    if digest.missed_since is None:
        return ""
    since = day_label(digest.missed_since, digest.queue.window.now.date())
    if not digest.queue.due:
        return _("No digest went out since {since}.", since=since)
    return _("No digest went out since {since}; what fell due since then is counted here.", since=since)


def _cut_lines(queue: Queue) -> list[str]:
    """What this digest leaves out, and how to see it."""
    lines = []
    for kind, count in queue.by_kind():
        if waiting := queue.waiting(kind.name):
            items = ngettext(*kind.counted, waiting)
            lines.append(
                _("Today's cap of {cap} holds back {items}: `recrm due-today --all`.", cap=count.cap, items=items)
            )
    if queue.cut > 0:
        lines.append(_("{n} more due and not listed here: `recrm due-today --limit 0`.", n=queue.cut))
    return lines


def _notes(digest: Digest) -> list[str]:
    lines = []
    if (more := digest.tomorrow_due - len(digest.tomorrow)) > 0:
        lines.append(_("{n} more tomorrow: `recrm agenda`.", n=more))
    if digest.queue.due:
        lines += [
            _("As it stands now: `recrm due-today`."),
            _('After each call: `recrm log NAME "what was said"`.'),
        ]
    else:
        lines.append(_("What lies ahead: `recrm agenda`."))
    return lines
