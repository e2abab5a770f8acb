"""Backups, a restoration and findings, as sentences, tables and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from recrm.backups.model import Finding, Listed, Restored
from recrm.core import ui
from recrm.core.i18n import N_, _, ngettext
from recrm.core.labels import enumeration
from recrm.core.moments import iso
from recrm.core.ui import Cell, Column, Output

STATE_STYLE = {"good": ui.GOOD, "bad": ui.BAD, "newer": ui.WARN, "foreign": ui.WARN, "locked": ui.WARN}
# A backup's state and occasion, as tables name them.
LABELS = (
    *(N_("good"), N_("bad"), N_("newer"), N_("foreign"), N_("locked")),
    *(N_("manual"), N_("before-upgrade"), N_("before-restore"), N_("before-import"), N_("before-repair")),
)
# Ids of a finding that a sentence names; JSON has more of them.
IDS_SHOWN = 5


def backup_json(listed: Listed, zone: tzinfo) -> dict[str, Any]:
    """One backup."""
    return {
        "file": str(listed.path),
        "time": iso(listed.at, zone),
        "occasion": listed.occasion,
        "size": listed.size,
        "version": listed.version,
        "clients": listed.clients,
        "state": listed.state,
        "why": listed.why or None,
        "encrypted": listed.encrypted,
    }


def backups_table(out: Output, found: Sequence[Listed], zone: tzinfo) -> None:
    """The newest first, each with its state."""
    if not found:
        out.paragraph(_("There is no backup here yet. Make one with `recrm backup`."))
        return
    out.table(
        [
            # On a narrow screen the file's name, which `restore` wants, says when and why as well.
            Column("Taken", keep=True, leave_below=110),
            Column("Occasion", most=16, leave_below=110),
            Column("Size", right=True),
            Column("Clients", right=True),
            Column("State", keep=True),
            Column("Encrypted", leave_below=110),
            Column("File", keep=True),
        ],
        [
            [
                listed.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
                _(listed.occasion),
                size_text(listed.size),
                "" if listed.clients is None else str(listed.clients),
                Cell(_(listed.state), STATE_STYLE[listed.state]),
                _("yes") if listed.encrypted else _("no"),
                listed.path.name,
            ]
            for listed in found
        ],
    )
    bad = sum(listed.state != "good" for listed in found)
    if bad:
        out.note(_("Of these backups, {bad} cannot be restored; `--json` says why.", bad=bad))


def size_text(size: int) -> str:
    """Bytes in the unit a person would choose: `812 KB`, `3.4 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1_000))} KB"
    return f"{size / 1_000_000:.1f} MB" if size < 1_000_000_000 else f"{size / 1_000_000_000:.1f} GB"


def restored_json(restored: Restored) -> dict[str, Any]:
    """What a restoration did."""
    return {
        "db": str(restored.database),
        "restored": str(restored.file),
        "version": restored.version,
        "clients": restored.clients,
        "kept": str(restored.kept) if restored.kept else None,
        "encrypted": restored.encrypted,
    }


def say_restored(out: Output, restored: Restored) -> None:
    """What is there now, and where the replaced file is."""
    out.say(
        ngettext(
            "Restored {db} from {file}: {n} client.",
            "Restored {db} from {file}: {n} clients.",
            restored.clients,
            db=restored.database,
            file=restored.file.name,
        )
    )
    if restored.kept and restored.kept_whole:
        out.say(_("The file that could not be opened was kept as {kept}.", kept=restored.kept))
    elif restored.kept:
        out.say(_("What it held before was kept as {kept}.", kept=restored.kept))
    if restored.kept:
        out.say(_("Undo does not reach back across a restoration; restoring that file does."))
    if restored.is_bared:
        out.note(_("It is not encrypted, as the replaced one was. Type `recrm encrypt` to encrypt it."))


def report_json(left: Sequence[Finding], mended: Sequence[Finding], backup: Path | None) -> dict[str, Any]:
    """What a check found and left, what it mended, and the backup it took first."""
    return {
        "ok": not left,
        "findings": [finding_json(finding) for finding in left],
        "mended": [finding_json(finding) for finding in mended],
        "backup": str(backup) if backup else None,
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding."""
    return {
        "check": finding.check,
        "count": finding.count,
        "what": finding.what,
        "hint": finding.hint,
        "repairable": finding.repairable,
        "ids": list(finding.ids),
    }


def say_report(
    out: Output, path: Path, left: Sequence[Finding], mended: Sequence[Finding], backup: Path | None
) -> None:
    """A paragraph for each finding; one line where all is well."""
    if backup:
        out.say(_("A backup was taken first: {backup}.", backup=backup))
    for finding in mended:
        out.paragraph(Cell(f"{_('mended')}  ", ui.GOOD), _in_full(finding))
    for finding in left:
        out.paragraph(Cell(f"{_('found')}   ", ui.BAD), _in_full(finding, finding.hint))
    if not left:
        out.say(_("All is well with {path}.", path=path))
    elif any(finding.repairable for finding in left):
        out.note(_("Mend what can be worked out anew with `recrm check --repair`; a backup is taken first."))


def _in_full(finding: Finding, hint: str = "") -> str:
    text = finding.what
    for more in filter(None, (_which(finding), hint)):
        text = _("{what} {hint}", what=text, hint=more)
    return text


def _which(finding: Finding) -> str:
    if not finding.ids:
        return ""
    shown = enumeration(map(str, finding.ids[:IDS_SHOWN]))
    return _("(ids {ids}, …)", ids=shown) if finding.count > IDS_SHOWN else _("(ids {ids})", ids=shown)
