"""The station is killed while texts and pictures are made: what was made is there, the rest is made by the next one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.filings import number

from comptoir.archive.archive import Archive
from comptoir.config import ArchiveConfig
from comptoir.core.search import Search
from comptoir.journal import open_journal

DOCUMENTS = 30


@pytest.mark.parametrize("lines", [1, 8, 40])
async def test_it_goes_on_where_it_was_killed(tmp_path: Path, lines: int) -> None:
    journal = await open_journal("", tmp_path / "data", FakeClock())
    numbers = [await number(journal, uid=str(one), content=f"Night audit {one}") for one in range(DOCUMENTS)]
    await journal.close()
    command = [sys.executable, "-m", "tests.peers.killed_archive", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(lines):
        assert process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    journal = await open_journal("", tmp_path / "data", FakeClock())
    archive = Archive(tmp_path / "archive", journal, FakeClock(), ArchiveConfig(ocr="never"))
    changed = asyncio.Event()
    archive.on_change.append(lambda _: changed.set())
    await archive.start()
    while (await archive.facets()).behind:
        await changed.wait()
        changed.clear()
    found = await archive.search(Search(text="audit"))
    assert [hit.number for hit in found.hits] == numbers[::-1]
    assert all(hit.thumbnail for hit in found.hits)
    await archive.stop()
    await journal.close()
