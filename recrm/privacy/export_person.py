"""export-person: all that is held about one client, as JSON for machines and as a page for the person."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

from recrm.app import App
from recrm.clients.lookup import ClientArgument
from recrm.core.errors import Failed, UsageError, system_reason
from recrm.core.files import write_whole
from recrm.core.i18n import N_
from recrm.core.params import Option
from recrm.privacy import view
from recrm.privacy.gathering import gather
from recrm.privacy.mentions import mentions
from recrm.privacy.model import FileThere

MOST_NAME_BYTES = 150  # file systems take 255, and a draft's name is longer


def export_person(
    app: App,
    client: ClientArgument,
    output: Annotated[
        Path | None,
        Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Where to write; by default the current folder.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, Option("--force", help="Write over files of these names.")] = False,
) -> None:
    """Write down all that is held about a client: a JSON file and a page to read, for their right to know.

    Example: recrm export-person 王丽 --output ~/requests
    """
    data = gather(app, client.id)
    written: list[Path] = []
    if output is not None or not app.out.json:
        written = _write(output.expanduser() if output else Path(), client.name, client.id, data, force=force)
    found, in_all = mentions(app.db.conn, client, data["ids"])
    app.out.show(
        lambda: data | {"files": [str(path) for path in written]},
        lambda: view.report_exported(app.out, client, data, written),
    )
    view.note_mentions(app.out, found, in_all)


def _write(folder: Path, name: str, client_id: int, data: dict[str, object], *, force: bool) -> list[Path]:
    """Both files, 0600. Raises UsageError, FileThere, Failed."""
    from recrm.privacy.page import page

    if not folder.is_dir():
        raise UsageError(
            N_("There is no folder {folder}."), N_("Name a folder that is there with --output."), folder=folder
        )
    stem = file_stem(name, client_id)
    wanted = {folder / f"{stem}.json": json.dumps(data, ensure_ascii=False, indent=2) + "\n"}
    wanted[folder / f"{stem}.html"] = page(data)
    for path in wanted:
        if os.path.lexists(path) and not force:
            raise FileThere(path)
    for path, text in wanted.items():
        try:
            write_whole(path, text)
        except OSError as error:
            raise Failed(
                N_("{path} cannot be written: {error}."),
                N_("Check the disk, the folder and their permissions, or name another with --output."),
                path=path,
                error=system_reason(error),
            ) from error
    return list(wanted)


def file_stem(name: str, client_id: int) -> str:
    """A client's name and number as every file system takes them.

    >>> file_stem("Bob [/] Smith", 7)
    'Bob-Smith-7'
    """
    parts = "".join(c if c.isalnum() else " " for c in name).split()
    stem = "-".join(parts).encode()[:MOST_NAME_BYTES].decode(errors="ignore")
    return f"{stem}-{client_id}" if stem else f"client-{client_id}"
