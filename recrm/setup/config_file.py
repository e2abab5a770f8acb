"""Changing one value in the config file: comments, order and everything else in it stay as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recrm.core.errors import Failed, system_reason
from recrm.core.files import write_whole
from recrm.core.i18n import N_


def change(path: Path, key: str, value: Any) -> None:
    """Set a dotted key, or take it away where the value is None. Raises Failed when the file cannot be written."""
    import tomlkit

    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    table_name, _, name = key.rpartition(".")
    if table_name and table_name not in document and value is not None:
        document.add(table_name, tomlkit.table())
    holder: Any = document[table_name] if table_name and table_name in document else document
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = value
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, tomlkit.dumps(document))
    except OSError as error:
        raise Failed(
            N_("The config file {file} cannot be written: {reason}."),
            N_("Mend its permissions, or name another with --config."),
            file=path, reason=system_reason(error),
        ) from error  # fmt: skip
