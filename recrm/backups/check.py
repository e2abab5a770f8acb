"""check: the pages, the references, the rules of the shop; and, with --repair, whatever can be derived again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from recrm import slices
from recrm.app import App
from recrm.backups import text_index_check, view
from recrm.backups.model import Finding
from recrm.core import ui
from recrm.core.i18n import N_, _
from recrm.core.params import Option
from recrm.core.rules import REBUILD, REPAIR_HINT, THESE, Rule
from recrm.storage import backup as copies
from recrm.storage import errors, integrity
from recrm.storage.backup_folder import real
from recrm.storage.errors import DatabaseDamaged

BEFORE_REPAIR = "before-repair"
# How many ids a finding names at most.
MOST_IDS = 1_000
TRIES = 3
# A check that takes seconds shows its progress: for files from so many bytes on, in so many steps.
LONG_FILE, _STEPS = 20_000_000, 1_000
PAGES, CONSTRAINTS, REFERENCES, WORDS = "pages", "constraints", "references", "words"
_RESTORE = N_("Put the newest good backup in its place with `recrm restore latest`.")
_WORDS = Rule(
    WORDS,
    "",
    N_("Notes and contacts whose words are not indexed as they are written, so that `find` may miss them: {count}."),
    REPAIR_HINT,
    REBUILD,
)


def check(
    app: App,
    full: Annotated[bool, Option("--full", help="Compare every index with its table too; takes longer.")] = False,
    repair: Annotated[bool, Option("--repair", help="Mend what can be worked out anew, after a backup.")] = False,
) -> None:
    """Check that the file is sound and what it holds agrees.

    Example: recrm check --repair
    """
    marker = errors.marker_of(app.db_path)
    # A file that was found damaged counts as sound again only when every index is.
    try:
        with _bar(app) as advance:
            _refuse_damaged(app, full=full or marker.exists())
            advance(_STEPS // 5)
            found = _findings(app, advance)
    except DatabaseDamaged as damage:
        errors.mark_damaged(app.db_path, damage.reason, app.now)
        what = damage.what()
        _report(app, [Finding(PAGES, 1, what, _(_RESTORE), repairable=False)], [], None)
        app.exit_code = damage.exit_code
        return
    errors.unmark(app.db_path)
    mended: list[Finding] = []
    backup = None
    if repair and any(finding.repairable for finding in found):
        backup = copies.before(app, BEFORE_REPAIR)
        _repair(app, [finding for finding in found if finding.repairable])
        with _bar(app) as advance:
            before, found = found, _findings(app, advance)
        left = {finding.check: finding.count for finding in found}
        mended = [finding for finding in before if left.get(finding.check, 0) < finding.count]
    _report(app, found, mended, backup)
    if found:
        app.exit_code = 1


def _report(app: App, left: list[Finding], mended: list[Finding], backup: Path | None) -> None:
    app.out.show(
        lambda: view.report_json(left, mended, backup),
        lambda: view.say_report(app.out, app.db_path, left, mended, backup),
    )


def _refuse_damaged(app: App, *, full: bool) -> None:
    """Raise DatabaseDamaged where pages cannot be trusted; a broken constraint is a finding, not damage."""
    if fault := integrity.first_fault(app.db.conn, full=full):
        raise DatabaseDamaged(app.db_path, fault.rstrip("."))


@contextmanager
def _bar(app: App) -> Iterator[Callable[[int], None]]:
    """Progress in `_STEPS`: a fifth for the pages, a fifth for the rules, the rest for the words."""
    is_long = app.db.path.stat().st_size >= LONG_FILE  # opens it first: it may ask for a passphrase
    with ui.progress("Checking", _STEPS, least=0 if is_long else _STEPS + 1) as advance:
        yield advance


def _findings(app: App, advance: Callable[[int], None]) -> list[Finding]:
    """Everything but damage, rule by rule. Raises DatabaseTrouble where a page turns out to be damaged after all."""
    conn = app.db.conn
    for each in slices.rules():
        for name, arguments, call in each.functions(app):
            conn.create_function(name, arguments, call, deterministic=True)
    try:
        for _try in range(TRIES):
            (seen,) = conn.execute("PRAGMA data_version").fetchone()
            found = [*_broken_rows(conn), *_by_rules(conn, advance)]
            if not found or conn.execute("PRAGMA data_version").fetchone()[0] == seen:
                break  # else somebody wrote between two queries, which may explain the finding
        return found
    except sqlite3.Error as error:
        raise errors.from_sqlite_error(error, real(app.db_path)) from error


def _broken_rows(conn: sqlite3.Connection) -> list[Finding]:
    found = []
    lines = [line for line in integrity.faults(conn) if integrity.BROKEN_ROW.match(line)]
    if lines:
        what = _(
            "Rows that break the rules of their tables: {count}; the first: {row}.", count=len(lines), row=lines[0]
        )
        found.append(Finding(CONSTRAINTS, len(lines), what, _(_RESTORE), repairable=False))
    gone = conn.execute("PRAGMA foreign_key_check").fetchall()
    if gone:
        table, row, to = tuple(gone[0])[:3]
        what = _(
            "Rows that point to rows that are gone: {count}; the first: row {row} of {table}, to {to}.",
            count=len(gone),
            row=row,
            table=table,
            to=to,
        )
        found.append(Finding(REFERENCES, len(gone), what, _(_RESTORE), repairable=False))
    return found


def _by_rules(conn: sqlite3.Connection, advance: Callable[[int], None]) -> list[Finding]:
    found = []
    rules = [rule for each in slices.rules() for rule in each.rules]
    for rule in rules:
        ids = sorted({row[0] for row in conn.execute(rule.query).fetchall()})
        if ids:
            found.append(_finding(rule, ids))
        advance(_STEPS // 5 // len(rules))
    try:
        extent = text_index_check.extent(conn) or 1
        ids = text_index_check.strayed(conn, lambda rows: advance(_STEPS * 3 // 5 * rows // extent))
    except sqlite3.DatabaseError as error:
        # The pages are sound, so it must be the index; SQLCipher's module has no error code of its own for that.
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_CORRUPT"):
            raise
        found.append(Finding(WORDS, 1, _("The index of words cannot be read."), _(_WORDS.hint), repairable=True))
    else:
        if ids:
            found.append(_finding(_WORDS, ids))
    return found


def _finding(rule: Rule, ids: list[int]) -> Finding:
    what = _(rule.what, count=len(ids))
    return Finding(rule.name, len(ids), what, _(rule.hint), bool(rule.repair), tuple(ids[:MOST_IDS]))


def _repair(app: App, found: list[Finding]) -> None:
    """Rebuild derived tables outside the journal; mend facts as one operation, which can be undone."""
    broken = {finding.check for finding in found}
    rules = [rule for each in slices.rules() for rule in each.rules]
    rules = [rule for rule in (*rules, _WORDS) if rule.name in broken]
    try:
        if any(rule.repair == REBUILD for rule in rules):
            with app.db.fill():
                pass  # it rebuilds all derived tables at its end
        statements = [rule for rule in rules if rule.repair != REBUILD]
        if statements:
            with app.write() as tables:
                for rule in statements:
                    ids = [row[0] for row in tables.conn.execute(rule.query).fetchall()]
                    tables.conn.execute(rule.repair + THESE, (json.dumps(ids),))
        app.has_saved = True
    except sqlite3.Error as error:
        raise errors.from_sqlite_error(error, real(app.db_path)) from error
