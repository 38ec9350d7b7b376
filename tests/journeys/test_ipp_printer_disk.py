"""A disk that is full, a folder that cannot be written: CUPS never says “completed” of what is not in the archive, and
goes on by itself when all is well again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.mounts import Disk
from tests.peers.night_printer import NightPrinter, Queues, all_once, honest, paper, queues, until

pytestmark = pytest.mark.xdist_group("capture cups disk")

MB = 1 << 20


@pytest.fixture(scope="module")
def cups() -> Iterator[Queues]:
    with queues() as one:
        yield one


def test_a_full_disk(cups: Queues, tmp_path: Path) -> None:
    papers: dict[int, Path] = {}
    with Disk(tmp_path / "disk", 16 * MB) as disk, NightPrinter(disk.path / "data") as station:
        assert station.start()
        queue = cups.add(station.uri)
        path = paper(tmp_path, 0)
        papers[cups.print(queue, path, "Avant", "anne", "raw")] = path
        assert cups.all_completed(list(papers))
        disk.fill()
        for number in (1, 2):
            path = paper(tmp_path, number, MB)
            papers[cups.print(queue, path, "Plein", "anne", "raw")] = path
        assert until(lambda: bool(troubles(station)))
        honest(cups, station, papers)
        assert len(cups.completed() & set(papers)) == 1
        disk.empty()
        assert cups.all_completed(list(papers))
        all_once(station, papers)


def test_a_folder_that_cannot_be_written(cups: Queues, tmp_path: Path) -> None:
    """Its store is gone: root may write into any folder, but not into a file."""
    papers: dict[int, Path] = {}
    with NightPrinter(tmp_path / "data") as station:
        assert station.start()
        queue = cups.add(station.uri)
        store = next((tmp_path / "data").rglob("documents"))
        away = store.with_name("away")
        store.rename(away)
        store.write_bytes(b"")
        path = paper(tmp_path, 1, 40_000)
        papers[cups.print(queue, path, "Sans dossier", "anne", "raw")] = path
        assert until(lambda: bool(troubles(station)))
        honest(cups, station, papers)
        assert not cups.completed() & set(papers)
        store.unlink()
        away.rename(store)
        assert cups.all_completed(list(papers))
        all_once(station, papers)


def troubles(station: NightPrinter) -> list[str]:
    """What its log says of it."""
    return [line for line in station.process.says if "nuit takes nothing" in line]
