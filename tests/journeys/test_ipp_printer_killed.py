"""A station that dies while CUPS prints: it never says “completed” of what is not in the archive, and in the end
everything is there, once. What CUPS makes of two deaths within one print: `Queues.told`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.night_printer import NightPrinter, Queues, all_once, honest_when_cut, paper, queues, until

pytestmark = pytest.mark.xdist_group("capture cups killed")

PRINTS = 8


@pytest.fixture(scope="module")
def cups() -> Iterator[Queues]:
    with queues() as one:
        yield one


def test_killed_while_cups_prints(cups: Queues, tmp_path: Path) -> None:
    """It dies right before or right after a step to the disk, in each of its lives at another one."""
    luck, papers = random.Random(6), dict[int, Path]()
    with NightPrinter(tmp_path / "data") as station:
        assert station.start()
        queue = cups.add(station.uri)
        station.kill()
        for number in range(PRINTS):
            path = paper(tmp_path, number, luck.choice((0, 40_000)))
            papers[cups.print(queue, path, f"Rapport {number}", "anne", "raw")] = path
        deaths, cut = 0, set[int]()
        while not set(papers) <= cups.completed():
            station.start(fatal=luck.randint(8, 60))
            until(lambda: not station.process.lives or set(papers) <= cups.completed() or cups.stopped(queue))
            deaths += not station.process.lives
            cut = honest_when_cut(cups, station, papers)
            assert len(cut) <= deaths // 2, "it takes two deaths within one print"
            station.kill()
            # A queue that cannot know what became of a print stops, and keeps it: somebody lets it go on.
            cups.cups.run("cupsenable", queue)
            assert deaths < 100
        assert deaths > 1
        assert station.start()
        all_once(station, {number: path for number, path in papers.items() if number not in cut})
