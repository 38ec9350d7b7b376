"""Many files and large ones: all are taken, and memory does not grow with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.peers.office import Office, eventually
from tests.peers.writers import Writer

pytestmark = pytest.mark.xdist_group("folders")

#: the long version: COMPTOIR_TEST_LARGE=2000
LARGE = int(os.environ.get("COMPTOIR_TEST_LARGE", "200")) * 1_000_000
GROWTH = 100_000_000


def test_20_000_files_in_300_new_directories_while_the_reader_is_stalled(tmp_path: Path) -> None:
    """More than the system's queue of events holds: it overflows, and they are all taken."""
    keep = '\n[[route]]\nfrom = "in"\nto = []\nkeep = "1 day"\n'
    with Office(tmp_path, sources={"in": {"to": []}}, original="keep", config=keep) as office:
        paths = [f"{d % 10}/{d % 60}/{d}/{number}.pdf" for d in range(300) for number in range(67)][:20_000]
        office.station.freeze()
        with Writer(office.folders["in"]) as writer:
            writer.burst([(path, path) for path in paths])
        office.station.thaw()
        eventually(lambda: office.state()["taken"] == len(paths), patience=120)
        assert office.agrees()["originals"]["kept"] == len(paths)


def test_a_large_file_is_delivered_without_being_held(tmp_path: Path) -> None:
    with Office(tmp_path) as office, Writer(office.folders["in"]) as writer:
        writer.bulk("small.pdf", "small", 1_000_000)
        office.until_archived(1)
        before = office.station.memory(peak=True)
        writer.bulk("large.pdf", "large", LARGE)
        archives = office.until_archived(2)
        office.settled()
        assert [one.resources[0]["size"] for one in archives] == [1_000_000, LARGE]
        assert office.station.memory(peak=True) - before < GROWTH
