"""A keyring in a file, for tests: PYTHON_KEYRING_BACKEND=ring.Ring, and RING names the file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class Ring(KeyringBackend):
    """Keeps what it is given; with RING_LOCKED it takes and gives nothing."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        Path(os.environ["RING"]).write_text(json.dumps({**self._all(), f"{service} {username}": password}), "utf-8")

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError

    def _all(self) -> dict[str, str]:
        if os.environ.get("RING_LOCKED"):
            raise RuntimeError("the ring is locked")
        file = Path(os.environ["RING"])
        kept: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return kept
