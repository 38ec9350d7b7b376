"""Shares that go away and come back, and a full disk: nothing is concluded from what cannot be read or written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.mounts import Disk, Share
from tests.peers.office import Office, eventually, files_of
from tests.peers.writers import Writer, paper

pytestmark = pytest.mark.xdist_group("folders")

NAMES = [f"{number}.pdf" for number in range(8)]
FIRST = {name: paper(name) for name in NAMES[:5]}
LATER = {name: paper(name) for name in NAMES[5:]}


def put(folder: Path, contents: dict[str, bytes]) -> None:
    with Writer(folder) as writer:
        for name, content in contents.items():
            writer.put(name, content)


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    with Share(tmp_path / "far") as one:
        yield one


@pytest.fixture
def office(tmp_path: Path, share: Share) -> Iterator[Office]:
    """Its folder on the share keeps what was taken; "near" is a local one."""
    with Office(tmp_path, sources={"in": {"path": share.path}, "near": {}}, original="keep") as one:
        yield one


def archived(office: Office, contents: dict[str, bytes]) -> None:
    """These and no others, once each."""
    assert sorted(one.contents[0] for one in office.archived()) == sorted(contents.values())


def test_a_share_is_unmounted_and_comes_back(office: Office, share: Share) -> None:
    put(share.behind, FIRST)
    office.until_archived(len(FIRST))
    office.settled()

    share.unmount()
    eventually(lambda: office.state()["trouble"])
    assert office.state()["hint"]
    assert office.state()["originals"]["kept"] == len(FIRST), "nothing is believed to be gone"
    put(share.behind, LATER)
    share.mount()
    office.until_archived(len(FIRST) + len(LATER))
    office.settled()
    office.restart()
    assert office.agrees()["taken"] == len(NAMES)
    archived(office, {**FIRST, **LATER})
    assert files_of(share.behind) == NAMES


def test_a_server_dies_and_comes_back(office: Office, share: Share) -> None:
    put(share.behind, FIRST)
    office.until_archived(len(FIRST))
    office.settled()

    share.die()
    eventually(lambda: not office.state()["reachable"])
    assert office.state()["originals"]["kept"] == len(FIRST)
    put(share.behind, LATER)
    share.unmount()
    share.mount()
    office.until_archived(len(NAMES))
    office.settled()
    office.agrees()
    archived(office, {**FIRST, **LATER})


def test_a_share_that_hangs_delays_nobody_else(office: Office, share: Share) -> None:
    put(share.behind, FIRST)
    office.until_archived(len(FIRST))
    share.hang()
    put(share.behind, LATER)
    put(office.folders["near"], {"near.pdf": paper("near")})
    office.until_archived(len(FIRST) + 1)
    assert office.ask("/healthz"), "it answers"
    office.station.kill()
    share.resume()
    office.start()
    office.until_archived(len(NAMES) + 1)
    for name in office.folders:
        office.settled(name)
    archived(office, {**FIRST, **LATER, "near.pdf": paper("near")})


def test_it_hangs_goes_on_and_nothing_is_concluded(office: Office, share: Share) -> None:
    put(share.behind, FIRST)
    office.until_archived(len(FIRST))
    office.settled()
    share.hang()
    put(share.behind, LATER)
    share.resume()
    office.until_archived(len(NAMES))
    office.settled()
    assert office.agrees()["taken"] == len(NAMES)
    archived(office, {**FIRST, **LATER})


def test_a_directory_vanishes_returns_empty_and_then_full(tmp_path: Path) -> None:
    with Office(tmp_path, original="keep") as office, Writer(tmp_path) as writer:
        put(office.folders["in"], FIRST)
        office.until_archived(len(FIRST))
        office.settled()

        writer.rename("in", "away")
        eventually(lambda: not office.state()["reachable"])
        assert office.state()["trouble"]
        writer.make("in")
        eventually(lambda: office.state()["reachable"])
        writer.delete("in")
        writer.rename("away", "in")
        put(office.folders["in"], LATER)
        office.until_archived(len(NAMES))
        office.settled()
        office.restart()
        assert office.agrees()["taken"] == len(NAMES)
        archived(office, {**FIRST, **LATER})


def test_the_data_folders_disk_is_full_and_has_room_again(tmp_path: Path) -> None:
    """Nothing is acknowledged, originals stay; a sentence says what is to be done; it goes on by itself."""
    contents = {name: paper(name, 40_000) for name in NAMES}
    with Disk(tmp_path / "disk", 16 << 20) as disk, Office(tmp_path, data=disk.path / "data") as office:
        put(office.folders["in"], {"first.pdf": paper("first", 40_000)})
        office.until_archived(1)
        office.settled()
        disk.fill()
        put(office.folders["in"], contents)
        eventually(lambda: "store" in office.waits() and sum(office.waits().values()) == len(contents))
        told = office.state()
        assert "disk" in f"{told['trouble']} {told['hint']}"
        assert files_of(office.folders["in"]) == NAMES
        assert len(office.archived()) == 1
        disk.empty()
        office.holds({"first.pdf": paper("first", 40_000), **contents})
