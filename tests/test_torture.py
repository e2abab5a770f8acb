"""A small round of `poe torture`: kill -9 in the midst of writing commands leaves each whole or absent."""

from __future__ import annotations

from pathlib import Path

from tests.torture import torture


def test_killed_commands_are_whole_or_absent(tmp_path: Path) -> None:
    toll = torture(tmp_path, rounds=25, seconds=40, seed=1)
    assert toll.rounds >= 5
    assert sum(toll.ends.values()) == toll.rounds
