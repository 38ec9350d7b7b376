"""What every journal must do, whichever database it is in: jobs, events, credentials."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.journals import LARGE, OPENERS, Again, accepted, finish
from tests.peers.papers import submission

from comptoir.core.errors import JournalError, KeyConflict
from comptoir.core.job import OUTCOME_UNKNOWN, Change, Evidence
from comptoir.core.ports import Journal
from comptoir.core.record import GENESIS, Credential, Event, EventQuery, JobQuery, link
from comptoir.journal import JOURNALS


def test_every_journal_is_held_to_this() -> None:
    assert set(OPENERS) == set(JOURNALS)


async def test_accepting_keeps_the_document_and_everything_that_was_said(journal: Journal, clock: FakeClock) -> None:
    given = submission(
        "é€",
        "T",
        "api",
        user="anna",
        host="10.0.0.1",
        name="a.txt",
        printer="P",
        key="k1",
        uid="u1",
        title="Bar",
        format="text",
        copies=3,
        expires_at=START + 5,
        created_at=START - 5,
    )
    kept = await journal.accept(given)
    assert kept.fresh
    job = await journal.job(kept.job.id)
    assert job is not None
    assert replace(job, document=replace(job.document, content=given.document.content)) == kept.job
    assert (job.uid, job.key, job.title, job.format, job.copies, job.printer) == (
        "u1",
        "k1",
        "Bar",
        "text",
        3,
        "P",
    )
    assert (job.state, job.status, job.created_at, job.updated_at) == ("pending", "queued", START - 5, START)
    assert (job.origin, job.expires_at, job.destination) == (given.origin, START + 5, "T")
    assert await journal.content(job.document) == "é€".encode()


async def test_every_job_has_an_identity_of_its_own(journal: Journal) -> None:
    first, second = await journal.accept(submission()), await journal.accept(submission())
    assert first.job.id < second.job.id
    assert first.job.uid != second.job.uid
    assert len(first.job.uid) == 32


async def test_fifty_at_once_with_one_key_are_one_job(journal: Journal) -> None:
    found = await asyncio.gather(*(journal.accept(submission(key="k")) for _ in range(50)))
    assert sum(one.fresh for one in found) == 1
    assert {one.job.id for one in found} == {found[0].job.id}
    assert len(await journal.jobs(JobQuery())) == 1
    assert len(await journal.events()) == 1


async def test_a_key_again_gives_the_job_as_it_is_now(journal: Journal) -> None:
    number = await accepted(journal, key="k")
    await finish(journal, number)
    again = await journal.accept(submission(key="k", title="other"))
    assert (again.fresh, again.job.id, again.job.status, again.job.title) == (False, number, "printed", "")


async def test_a_key_belongs_to_its_source(journal: Journal) -> None:
    one, other = (
        await accepted(journal, key="k", source="api"),
        await accepted(journal, "x", key="k", source="relay"),
    )
    assert one != other
    for source, number in (("api", one), ("relay", other)):
        found = await journal.job_by_key(source, "k")
        assert found is not None
        assert found.id == number
    assert await journal.job_by_key("api", "other") is None
    assert await journal.job_by_key("other", "k") is None


async def test_a_key_with_another_content_is_a_conflict_and_changes_nothing(journal: Journal) -> None:
    await accepted(journal, key="k")
    with pytest.raises(KeyConflict) as caught:
        await journal.accept(submission("other", key="k"))
    assert "k" in caught.value.message
    assert caught.value.hint
    assert len(await journal.jobs(JobQuery())) == 1


async def test_a_conflict_does_not_undo_its_neighbours(journal: Journal) -> None:
    await accepted(journal, key="k")
    results = await asyncio.gather(
        journal.accept(submission("a")),
        journal.accept(submission("other", key="k")),
        journal.accept(submission("b")),
        return_exceptions=True,
    )
    assert [isinstance(result, KeyConflict) for result in results] == [False, True, False]
    assert len(await journal.jobs(JobQuery())) == 3


async def test_changes_are_written_and_told(journal: Journal, clock: FakeClock) -> None:
    number = await accepted(journal)
    clock.advance(1000)
    change = Change(number, "processing", "some-reason", "A sentence.", by="caisse-1", attempts=2)
    assert list(await journal.record([change])) == [True]
    job = await journal.job(number)
    assert job is not None
    assert (job.state, job.reason, job.message, job.attempts) == (
        "processing",
        "some-reason",
        "A sentence.",
        2,
    )
    assert job.updated_at == START + 1000
    evidence = Evidence("processed", "yes", "😀")
    await journal.record([Change(number, "completed", "", evidence=evidence)])
    job = await journal.job(number)
    assert job is not None
    assert (job.status, job.evidence, job.attempts) == ("printed", evidence, 2)
    bodies = [json.loads(event.body) for event in await journal.events(number)]
    assert [body["status"] for body in bodies] == ["queued", "sent", "printed"]
    assert bodies[1]["by"] == "caisse-1"
    assert bodies[2]["evidence"] == {"kind": "processed", "detail": "yes", "unprintable": "😀"}


@pytest.mark.parametrize("final", ["completed", "canceled", "aborted"])
async def test_final_is_final(journal: Journal, final: str) -> None:
    number = await accepted(journal)
    await journal.record([Change(number, final)])  # type: ignore[arg-type]
    before = (await journal.job(number), await journal.events())
    others = (
        "pending",
        "pending-held",
        "processing",
        "processing-stopped",
        "canceled",
        "aborted",
        "completed",
    )
    assert not any(await journal.record([Change(number, state) for state in others]))  # type: ignore[arg-type]
    assert (await journal.job(number), await journal.events()) == before


async def test_a_held_job_is_not_woken_and_a_job_that_is_not_there_not_made(journal: Journal) -> None:
    held = await accepted(journal)
    await journal.record([Change(held, "processing"), Change(held, "pending-held", OUTCOME_UNKNOWN)])
    changes = [Change(held, "pending"), Change(999, "completed"), Change(held, "completed")]
    assert list(await journal.record(changes)) == [False, False, True]


async def test_the_second_of_two_changes_sees_the_first(journal: Journal) -> None:
    number = await accepted(journal)
    assert list(await journal.record([Change(number, "canceled"), Change(number, "processing")])) == [
        True,
        False,
    ]


async def test_subscribers_hear_everything_in_order_and_after_the_commit(journal: Journal) -> None:
    heard: list[Event] = []
    on_disk: list[asyncio.Task[Sequence[Event]]] = []

    def listener(events: Sequence[Event]) -> None:
        heard.extend(events)
        on_disk.append(asyncio.ensure_future(journal.events(after=events[0].seq - 1, limit=len(events))))

    end = journal.subscribe(listener)
    numbers = [one.job.id for one in await asyncio.gather(*(journal.accept(submission(str(i))) for i in range(20)))]
    await journal.record([Change(number, "processing") for number in numbers])
    await journal.note("pairing", {"station": "x"})
    assert [event.seq for event in heard] == list(range(1, 42))
    read = [event for task in on_disk for event in await task]
    assert read == heard, "what is told is on disk already"
    end()
    await journal.note("after", {})
    assert len(heard) == 41


async def test_events_are_a_chain(journal: Journal) -> None:
    for number in range(5):
        await accepted(journal, str(number))
    previous = GENESIS
    for event in await journal.events():
        assert event.hash == link(previous, event.seq, event.at, event.kind, event.job_id, event.body)
        previous = event.hash


async def test_events_come_by_job_and_page_by_page(journal: Journal) -> None:
    one, two = await accepted(journal), await accepted(journal)
    await journal.record([Change(one, "processing"), Change(two, "processing")])
    assert [event.seq for event in await journal.events(two)] == [2, 4]
    assert [event.seq for event in await journal.events(after=1, limit=2)] == [2, 3]
    assert [event.seq for event in await journal.events(one, after=1)] == [3]


async def test_what_happened_on_a_day_is_found(journal: Journal, clock: FakeClock) -> None:
    for number in range(3):
        await journal.note("drawer-asked", {"n": number})
        await accepted(journal, str(number))
        await journal.note("signed-in", {"n": number})
        clock.advance(1000)

    async def seqs(**query: Any) -> list[int]:
        return [event.seq for event in await journal.history(EventQuery(**query))]

    assert await seqs() == [9, 7, 6, 4, 3, 1]
    assert await seqs(since=START) == [9, 7, 6, 4, 3, 1]
    assert await seqs(since=START + 1000, until=START + 2000) == [6, 4]
    assert await seqs(since=START + 1000, until=START + 2000, apart=False) == [6, 5, 4]
    assert await seqs(kinds=("drawer-asked", "job-accepted")) == [7, 4, 1]
    assert await seqs(kinds=("job-accepted",), apart=False, since=START + 1000) == [8, 5]
    assert await seqs(kinds=("signed-in",), since=0, below=9, limit=1) == [6]
    assert await seqs(until=START) == []
    (event,) = await journal.history(EventQuery(below=2))
    assert (event.kind, event.body, event.at) == ("drawer-asked", '{"n":0}', START)


async def test_a_clock_set_back_hides_nothing_of_a_day(journal: Journal, clock: FakeClock) -> None:
    for at in (START + 5000, START, START + 6000):
        clock.at = at
        await journal.note("drawer-opened", {})
    found = await journal.history(EventQuery(since=START, until=START + 1000))
    assert [event.seq for event in found] == [2]
    assert [event.seq for event in await journal.history(EventQuery(since=START))] == [3, 2, 1]


async def test_jobs_are_found(journal: Journal) -> None:
    for number in range(6):
        await accepted(journal, destination="A" if number % 2 else "B")
    await finish(journal, 1)
    await journal.record([Change(2, "aborted", OUTCOME_UNKNOWN), Change(3, "pending-held", OUTCOME_UNKNOWN)])

    async def ids(query: JobQuery) -> list[int]:
        return [job.id for job in await journal.jobs(query)]

    assert await ids(JobQuery()) == [6, 5, 4, 3, 2, 1]
    assert await ids(JobQuery(status=("printed",))) == [1]
    assert await ids(JobQuery(status=("queued", "unknown"))) == [6, 5, 4, 3, 2]
    assert await ids(JobQuery(destination="A")) == [6, 4, 2]
    assert await ids(JobQuery(limit=2)) == [6, 5]
    assert await ids(JobQuery(below=5, limit=2)) == [4, 3]
    assert await ids(JobQuery(after=2, limit=2)) == [3, 4]
    assert await ids(JobQuery(after=2, below=5)) == [3, 4]
    assert await ids(JobQuery(open_only=True)) == [6, 5, 4, 3]
    assert await ids(JobQuery(open_only=True, destination="B", status=("queued",))) == [5]
    assert await journal.counts() == {"queued": 3, "printed": 1, "unknown": 2}
    assert await journal.job(999) is None


async def test_what_came_by_the_relay_is_unreported_until_it_is_confirmed(journal: Journal) -> None:
    one, two = (
        await accepted(journal, source="relay", key="1.a"),
        await accepted(journal, source="relay", key="2.b"),
    )
    await accepted(journal, source="api")

    async def open_refs() -> list[str]:
        return [job.key for job in await journal.unreported("relay")]

    assert await open_refs() == ["1.a", "2.b"]
    await finish(journal, one)
    await journal.reported([one])
    assert await open_refs() == ["2.b"]
    await journal.reported([two])
    await journal.record([Change(two, "processing")])
    assert await open_refs() == ["2.b"], "what happens afterwards is to be reported, too"
    assert list(await journal.unreported("api")) == []


async def test_credentials(journal: Journal) -> None:
    station = Credential("station", "caisse-1", "hash-1", 1, None, None, "[]")
    await journal.put_credential(station)
    await journal.put_credential(Credential("client", "caisse-1", "hash-2", 2, 3, 4, "data"))
    assert await journal.credentials("station") == [station]
    assert await journal.credential("station", "hash-1") == station
    assert await journal.credential("client", "hash-1") is None
    renewed = replace(station, secret="hash-3", seen_at=5)
    await journal.put_credential(renewed)
    assert await journal.credentials("station") == [renewed]
    assert await journal.credential("station", "hash-1") is None, "the old token is worth nothing"
    assert await journal.drop_credential("station", "caisse-1")
    assert not await journal.drop_credential("station", "caisse-1")
    assert await journal.credentials("station") == []
    assert len(await journal.credentials("client")) == 1


async def test_everything_is_there_after_opening_again(again: Again, clock: FakeClock) -> None:
    journal = await again()
    uid = journal.uid
    small, large = await accepted(journal, key="k"), await accepted(journal, LARGE)
    await finish(journal, small)
    await journal.put_credential(Credential("client", "c", "s", 1))
    before = (await journal.jobs(JobQuery()), await journal.events(), await journal.counts())
    journal = await again()
    assert journal.uid == uid, "the same memory"
    assert (await journal.jobs(JobQuery()), await journal.events(), await journal.counts()) == before
    assert len(await journal.credentials("client")) == 1
    assert not (await journal.accept(submission(key="k"))).fresh
    job = await journal.job(large)
    assert job is not None
    assert await journal.content(job.document) == LARGE
    await journal.note("after", {})
    events = await journal.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


async def test_a_closed_journal_refuses_and_says_so(journal: Journal) -> None:
    pending = [asyncio.ensure_future(journal.accept(submission(str(n)))) for n in range(5)]
    await asyncio.sleep(0)
    await journal.close()
    assert all(one.fresh for one in await asyncio.gather(*pending)), "what was handed over before is written"
    with pytest.raises(JournalError, match="closed"):
        await journal.accept(submission())


CHILD = """
import asyncio, os, sys
from pathlib import Path
from comptoir.clock import SystemClock
from comptoir.core.document import Document, Origin, Submission
from comptoir.journal import open_journal

async def main():
    journal = await open_journal(sys.argv[1], Path(sys.argv[2]), SystemClock())
    for content in (b"small", b"large " * 10_000):
        await journal.accept(Submission(Document.of(content), Origin("api"), "T"))
    os.kill(os.getpid(), 9)  # SIGKILL, or on Windows TerminateProcess
asyncio.run(main())
"""


async def test_what_was_accepted_survives_a_kill(again: Again, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    opener = OPENERS[request.node.callspec.params["again"]]
    arguments = [sys.executable, "-c", CHILD, opener(tmp_path), str(tmp_path / "data")]
    child = await asyncio.to_thread(subprocess.run, arguments, check=False)
    assert child.returncode == (9 if sys.platform == "win32" else -9)
    journal = await again()
    jobs = await journal.jobs(JobQuery())
    assert [await journal.content(job.document) for job in jobs] == [b"large " * 10_000, b"small"]
    assert len(await journal.events()) == 2
