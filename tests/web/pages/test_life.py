"""The life of a document: its own events and those of its jobs, in the order of time."""

from __future__ import annotations

from tests.peers.archive_scene import FakeArchive

from comptoir.core.document import Document, Origin
from comptoir.core.job import Job
from comptoir.core.record import Event
from comptoir.web.pages.life import life_of

JOB = Job(7, "u7", Document.of(b"x"), Origin("audit"), "TICKET", "completed", 0, 0)


def test_it_is_in_the_order_of_time() -> None:
    archive = FakeArchive()
    archive.put("Rapport")
    archive.happens(1, "document-held", reason="contrôle")
    kept, held = archive.happened[1]
    body = '{"status": "queued"}'
    jobs = [Event(9, kept.at, "job-accepted", 7, body, b""), Event(10, held.at - 1, "job-processing", 7, body, b"")]
    life = life_of([JOB], [held, kept, *jobs])
    assert [moment.kind for moment in life] == ["document-kept", "job-processing", "document-held"]
    assert [moment.at for moment in life] == sorted(moment.at for moment in life)
    assert [moment.job for moment in life] == [None, JOB, None]
    assert (life[2].text("reason"), life[2].text("nothing")) == ("contrôle", "")
