"""Killed at every step of taking and delivering, and at 200 random moments: nothing lost, nothing twice, sums agree."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.peers.office import Office, count_files, files_of
from tests.peers.writers import Writer, paper

pytestmark = pytest.mark.xdist_group("folders killed")

KILLS = 200
TROUBLE = 0.3  # of the lives
LIES = ("cut", "cut-stored", "half-stored", "500")
#: a file of each kind: within the journal's row, and one with a file of its own in the store
SIZES = (2_000, 30_000)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, sources={"in": {"quiet": "10 ms"}}, start=False) as one:
        yield one


@pytest.mark.parametrize("original", ["delete", "move:done"])
def test_killed_at_every_step(tmp_path: Path, original: str) -> None:
    """Right before and right after each step to the disk that a file's way takes; the next life ends what was begun."""
    contents: dict[str, bytes] = {}
    sources = {"in": {"quiet": "10 ms", "ignore": ["done/*"]}}
    with (
        Office(tmp_path, sources=sources, original=original) as office,
        Writer(office.folders["in"]) as writer,
    ):
        office.station.kill()
        for step in count(1):
            name = f"{step}.pdf"
            contents[name] = paper(name, SIZES[step % 2])
            writer.put(name, contents[name])
            if office.station.start(fatal=step) and office.ended_or_died(len(contents)):
                break
            office.station.died()
            present = {path.rpartition("/")[2] for path in files_of(office.folders["in"])}
            stored = {one.resources[0]["fileName"] for one in office.archived()}
            assert present | stored >= set(contents), "neither in the folder nor archived"
            office.start()
            assert office.ended_or_died(len(contents)), office.station.last_words
            office.station.kill()
        assert step > 20, "there are not so few steps"
        left = sorted(f"done/{name}" for name in contents) if original != "delete" else []
        office.holds(contents, left=left)


def test_killed_at_200_random_steps_by_an_archive_in_trouble(office: Office) -> None:
    """Lives that end anywhere, in the recovery from the one before, too; answers that are lost besides."""
    luck, contents = random.Random(5), dict[str, bytes]()
    with Writer(office.folders["in"]) as writer:
        for kill in range(KILLS):
            writer.make(str(kill))
            for number in range(luck.randint(0, 3)):
                name = f"{kill}/{number}.pdf"
                contents[name] = paper(name, luck.choice(SIZES))
                writer.put(name, contents[name])
            if luck.random() < TROUBLE:
                office.lie(luck.choice(LIES))
            office.station.start(fatal=luck.randint(1, 80))
            office.ended_or_died(len(contents), patience=0.3)
            office.station.kill()
            assert count_files(office.folders["in"]) + len(office.archived()) >= len(contents), "lost"
        office.mend()  # each failure in a row is waited for longer, and the last life has to end
        office.start()
        office.holds(contents)
