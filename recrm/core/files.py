"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def draft_beside(target: Path) -> Iterator[Path]:
    """A new empty file, 0600, in the target's folder, gone at the end unless it was renamed. Raises OSError."""
    from tempfile import mkstemp

    descriptor, name = mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    os.close(descriptor)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write UTF-8 text, 0600: to a draft beside the file, synced, then renamed over it. Raises OSError, no draft left.

    A symbolic link stays one: the file it points to is replaced.
    """
    target = Path(os.path.realpath(path))
    with draft_beside(target) as draft:
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)


@contextmanager
def whole_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file to write bytes to, 0600, which gets its name when the block ends well: whole or not at all.

    An existing one is written over only if `replace` says so. Raises FileExistsError, OSError; no draft is left.
    """
    target = Path(os.path.realpath(path))
    if not replace and os.path.lexists(path):
        raise FileExistsError(path)
    with draft_beside(target) as draft:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(target)
        else:
            name_new(draft, target)


def name_new(draft: Path, path: Path) -> None:
    """Give a finished draft its name, never that of an existing file. Raises OSError."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # no hard links here: claim the name, then take it
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        draft.replace(path)
