"""What can be exported, and why a file cannot be written."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from recrm.core.errors import Conflict, UsageError
from recrm.core.i18n import N_
from recrm.core.text import quoted


class Format(StrEnum):
    """The kinds of file recrm writes."""

    CSV = "csv"
    JSON = "json"
    VCF = "vcf"
    VCF3 = "vcf3"
    XLSX = "xlsx"
    ICS = "ics"


ENDINGS = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".vcf": Format.VCF,
    ".vcard": Format.VCF,
    ".xlsx": Format.XLSX,
    ".ics": Format.ICS,
}
# A spreadsheet cannot say that somebody is archived, and would bring them back as if they were not.
WITH_ARCHIVED = frozenset({Format.JSON, Format.ICS})


class FormatUnknown(UsageError):
    """Neither `--format` nor the file's ending says what to write."""

    def __init__(self, file: Path | None) -> None:
        super().__init__(
            N_("The ending of {file} does not say what to write.")
            if file
            else N_("Neither what to write nor where to was said."),
            N_(
                "Type `recrm export clients.csv` (or .json .vcf .xlsx .ics), "
                "or add --format csv|json|vcf|vcf3|xlsx|ics."
            ),
            file=quoted(str(file)),
        )


class FileThere(Conflict):
    """The file exists, and nobody said that it may be written over."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            N_("{file} is there already; it was left as it is."), N_("Add --force, or name another file."), file=file
        )


def format_of(file: Path | None, explicit: Format | None) -> Format:
    """What to write: the format that was named, else what the file's ending says. Raises FormatUnknown."""
    found = explicit or (ENDINGS.get(file.suffix.lower()) if file else None)
    if found is None:
        raise FormatUnknown(file)
    return found
