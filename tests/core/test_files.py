"""A file is written whole and private or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from recrm.core.files import write_whole


def test_a_file_is_whole_private_and_as_given(tmp_path: Path) -> None:
    path = tmp_path / "digest.txt"
    path.write_text("older")
    path.chmod(0o644)
    write_whole(path, "王丽\r\nsecond\n")
    assert path.read_bytes() == "王丽\r\nsecond\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "digest.txt"
    link.symlink_to(tmp_path / "real" / "file.txt")
    write_whole(link, "text")
    assert link.is_symlink()
    assert (tmp_path / "real" / "file.txt").read_text() == "text"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = tmp_path / "digest.txt"
    path.write_text("older")

    def failing(_: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(type(error)):
        write_whole(path, "newer")
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_as_long_as_a_disk_allows(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 251 + ".txt"), "text")
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "no such folder" / "a.txt", "text")
