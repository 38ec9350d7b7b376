"""Packs are made by another process: what ends it is left out, and nothing of it stays on disk."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from tests.peers.clock import FakeClock
from tests.peers.nights import Hotel, NoPictures
from tests.peers.pdfs import pdf, text

from comptoir.archive import binding, pack
from comptoir.archive.leaves import BROKEN, Cover, Leaf
from comptoir.archive.pack import MOST, Packer
from comptoir.core.errors import FormatError, JournalError
from comptoir.core.kept import Kept
from comptoir.core.ports import Journal
from comptoir.journal import open_journal

COVER = Cover("Night", "Hotel", [], "", "", "", [], "Documents", ("", "", "", "", ""), "", "en", {BROKEN: "Broken."})
FRIDAY = date(2026, 11, 20)


class Drawn:
    """Three pages of every document."""

    async def page(self, kept: Kept, page: int, width: int) -> bytes | None:
        if page > 3:
            return None
        out = io.BytesIO()
        Image.new("L", (width, width), 255).save(out, "PNG")
        return out.getvalue()


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    one = await open_journal("", tmp_path / "station", FakeClock())
    yield one
    await one.close()


async def kept(journal: Journal, content: bytes) -> tuple[Leaf, Kept]:
    filed = await Hotel(journal, str(len(content))).prints(FRIDAY, "Report", content=content)
    assert filed.number is not None
    found = await journal.keeping.kept(filed.number)
    assert found is not None
    return Leaf("Report", "02:10", "Report", "", ""), found


def pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range().strip() for page in document]


async def test_pdfs_in_files_and_in_rows_and_pictures_of_all_else(journal: Journal, tmp_path: Path) -> None:
    small, large = pdf(text("small", 9, 9)), pdf(*(text(f"large {n:04}", 9, 9) for n in range(200)))
    leaves = [await kept(journal, content) for content in (small, large, b"\x1b@receipt")]
    async with Packer(journal, Drawn(), tmp_path / "packs").bind(COVER, leaves) as path:
        found = pages(path)
    assert found[1:3] == ["small", "large 0000"]
    assert len(found) == 1 + 1 + 200 + 3
    assert not list((tmp_path / "packs").iterdir())


async def test_what_cannot_be_drawn_says_so(journal: Journal, tmp_path: Path) -> None:
    leaves = [await kept(journal, b"\x1b@receipt")]
    async with Packer(journal, NoPictures(), tmp_path / "packs").bind(COVER, leaves) as path:
        assert "Broken." in pages(path)[1]


async def test_a_document_on_which_the_process_ends_is_left_out(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves = [await kept(journal, pdf(text(said, 9, 9))) for said in ("one", "deadly", "three")]
    deadly = leaves[1][1].document.digest
    # As a PDF would that makes its reader take all memory: the process is gone without a word.
    (tmp_path / "deadly.py").write_text(
        "import os, sys\nfrom pathlib import Path\nfrom comptoir.archive import binding\nread = binding._digest\n"
        f"binding._digest = lambda file: (d := read(file)) and (os._exit(9) if d == {deadly!r} else d)\n"
        "binding.main(Path(sys.argv[-1]))\n"
    )
    monkeypatch.setattr(pack, "COMMAND", (*pack.COMMAND[:1], str(tmp_path / "deadly.py")))
    async with Packer(journal, NoPictures(), tmp_path / "packs").bind(COVER, leaves) as path:
        found = pages(path)
    assert found[1] == "one"
    assert "Broken." in found[2]
    assert found[3] == "three"


async def test_a_process_that_cannot_work_at_all_is_an_error(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "COMMAND", (*pack.COMMAND[:1], "-c", "raise SystemExit(1)"))
    with pytest.raises(FormatError):
        async with Packer(journal, NoPictures(), tmp_path / "packs").bind(COVER, []):
            pass
    assert not list((tmp_path / "packs").iterdir())


async def test_a_silent_process_is_ended(journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "COMMAND", (*pack.COMMAND[:1], "-c", "import signal; signal.pause()"))
    monkeypatch.setattr(pack, "SILENCE", 0.2)
    with pytest.raises(FormatError):
        async with Packer(journal, NoPictures(), tmp_path / "packs").bind(COVER, []):
            pass


async def test_what_a_killed_service_has_left_is_swept_away_once(journal: Journal, tmp_path: Path) -> None:
    packer = Packer(journal, NoPictures(), tmp_path / "packs")
    left = tmp_path / "packs" / "pack-left"
    left.mkdir(parents=True)
    async with packer.bind(COVER, []) as first:
        assert not left.exists()
        async with packer.bind(COVER, []):
            assert first.exists(), "another one that is being read stays"


async def test_there_is_a_bound(journal: Journal, tmp_path: Path) -> None:
    leaf, one = await kept(journal, b"x")
    with pytest.raises(FormatError):
        async with Packer(journal, NoPictures(), tmp_path).bind(COVER, [(leaf, one)] * (MOST + 1)):
            pass
    huge = replace(one, document=replace(one.document, size=pack.LARGEST + 1))
    with pytest.raises(FormatError):
        async with Packer(journal, NoPictures(), tmp_path).bind(COVER, [(leaf, huge)]):
            pass


async def test_a_disk_that_takes_nothing_is_said(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "packs").write_text("a file is in the way")
    with pytest.raises(JournalError):
        async with Packer(journal, NoPictures(), tmp_path / "packs").bind(COVER, []):
            pass


def test_the_bounds_of_the_process_are_finite() -> None:
    assert 0 < binding.MEMORY < 1 << 34
    assert 0 < binding.SECONDS < 3600
