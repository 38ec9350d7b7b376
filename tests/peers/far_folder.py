"""A folder as a destination: what a person who opens it sees."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from tests.peers.far import Arrival

from comptoir.destinations import FolderConfig
from comptoir.sinks import placing


class FarFolder:
    """`tests.peers.far.Far` on the disk."""

    secrets: tuple[str, ...] = ()

    def __init__(self, folder: Path, metadata: bool = True) -> None:
        self.path = folder / "prints"
        self._metadata = metadata
        self._patch = pytest.MonkeyPatch()

    async def __aenter__(self) -> FarFolder:
        self.path.mkdir()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._patch.undo()

    def config(self, **keys: Any) -> FolderConfig:
        return FolderConfig(**{"name": "archives", "path": str(self.path), "metadata": self._metadata, **keys})

    def nobody(self) -> FolderConfig:
        return self.config(path=str(self.path / "unmounted"))

    async def arrivals(self) -> list[Arrival]:
        found = []
        for path in sorted(self.path.iterdir()):
            if path.name.startswith("."):
                continue
            note = path.with_name(f"{path.name}.json")
            known = json.loads(note.read_text("utf-8")) if note.exists() else {}
            if path.is_dir():
                members = (one for one in sorted(path.rglob("*")) if one.is_file())
                found += [
                    Arrival(one.relative_to(path).as_posix(), one.read_bytes(), path.name, known) for one in members
                ]
            elif not (path.suffix == ".json" and path.with_suffix("").exists() and self._metadata):
                found.append(Arrival(path.name, path.read_bytes(), known=known))
        return found

    async def halves(self) -> list[str]:
        """Everything that is hidden, too: nothing stays behind."""
        left = [path.name for path in self.path.iterdir() if path.name.startswith(".")]
        lonely = [
            path.name for path in self.path.glob("*.json") if self._metadata and not path.with_suffix("").exists()
        ]
        return left + lonely

    def cut(self, after: int) -> None:
        raise NotImplementedError

    def lose_answer(self, after: int) -> None:
        raise NotImplementedError

    def lock(self) -> None:
        raise NotImplementedError

    def fill(self) -> None:
        def full(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        self._patch.setattr(placing, "sync", full)

    def connections(self) -> int:
        return 0
