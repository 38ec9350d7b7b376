"""A folder as one zip."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from comptoir.core.errors import ComptoirError
from comptoir.station.archive import packing
from comptoir.station.archive.packing import packed


async def test_all_files_are_in_it_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PIECE", 1_000)
    folder = tmp_path / "2026 (été)"
    (folder / "documents").mkdir(parents=True)
    files = {"manifest.json": b"{}", "documents/é.pdf": bytes(range(256)) * 100, "empty": b""}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    pieces = [piece async for piece in packed(folder)]
    assert max(map(len, pieces)) < 3_000, "it is never whole in memory"
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"{folder.name}/{name}": data for name, data in files.items()
        }


async def test_what_goes_meanwhile_breaks_it_off(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x" * 10)
    pieces = packed(tmp_path)
    await anext(pieces)
    (tmp_path / "b").unlink()
    with pytest.raises(ComptoirError, match="cannot be read"):
        async for _ in pieces:
            pass
