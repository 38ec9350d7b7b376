"""The desk of tests answers as the protocol says, so that pages may be tested with it."""

from __future__ import annotations

from tests.peers.archive_scene import FakeArchive

from comptoir.web.archive_desk import ArchiveDesk, Life


async def test_the_desk_of_tests_is_one() -> None:
    archive = FakeArchive()
    desk: ArchiveDesk = archive
    archive.put("Rapport")
    assert await desk.life(1) == Life([], archive.happened[1])
