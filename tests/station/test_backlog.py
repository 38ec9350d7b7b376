"""What of a queue stands on disk only: it comes back in order, whole, and nothing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.papers import submission

from comptoir.core.errors import JournalError
from comptoir.core.job import Change, Job
from comptoir.core.spool import Lane
from comptoir.journal.sqlite import SqliteJournal
from comptoir.station.backlog import Backlog

MOST = 4


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@pytest.fixture
def lane() -> Lane:
    return Lane("TICKET")


@pytest.fixture
def backlog(journal: SqliteJournal, lane: Lane) -> Backlog:
    return Backlog(journal, lane, MOST)


async def came(journal: SqliteJournal, lane: Lane, backlog: Backlog, destination: str = "TICKET") -> Job:
    """A new job, treated as the spooler does."""
    job = (await journal.accept(submission(destination=destination))).job
    if destination == lane.name:
        if backlog.has_room:
            lane.waiting[job.id] = job
        else:
            backlog.keep(job)
    return job


async def test_a_long_queue_comes_back_in_order_and_once(journal: SqliteJournal, lane: Lane, backlog: Backlog) -> None:
    for number in range(11):
        await came(journal, lane, backlog)
        await came(journal, lane, backlog, "OTHER")
        assert backlog.count == max(0, number + 1 - MOST)
    order: list[int] = []
    while lane.waiting:
        order.append(first := next(iter(lane.waiting)))
        del lane.waiting[first]
        await journal.record([Change(first, "completed")])
        if backlog.due:
            for job in await backlog.load():
                lane.waiting[job.id] = job
        assert len(lane.waiting) <= MOST + MOST // 2
    assert order == list(range(1, 23, 2))
    assert backlog.count == 0
    assert backlog.has_room


async def test_what_comes_while_the_disk_is_read_waits_behind_it(
    journal: SqliteJournal, lane: Lane, backlog: Backlog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MOST + 1):
        await came(journal, lane, backlog)
    lane.waiting.clear()
    read = journal.jobs

    async def slowly(query: object) -> object:
        found = await read(query)  # type: ignore[arg-type]
        assert not backlog.due, "it is being read"
        await came(journal, lane, backlog)
        return found

    monkeypatch.setattr(journal, "jobs", slowly)
    late = MOST + 2
    assert [job.id for job in await backlog.load()] == [MOST + 1]
    assert not lane.waiting, "the late one did not overtake"
    assert backlog.due
    monkeypatch.undo()
    assert [job.id for job in await backlog.load()] == [late]


async def test_what_ended_or_is_held_meanwhile_does_not_come_back(
    journal: SqliteJournal, lane: Lane, backlog: Backlog
) -> None:
    jobs = [await came(journal, lane, backlog) for _ in range(MOST + 3)]
    lane.waiting.clear()
    assert backlog.has(jobs[-1])
    assert not backlog.has(jobs[0])
    await journal.record([Change(jobs[-1].id, "canceled"), Change(jobs[-2].id, "pending-held", "outcome-unknown")])
    assert [job.id for job in await backlog.load()] == [jobs[-3].id]


async def test_a_job_that_is_in_the_lane_is_not_loaded_again(
    journal: SqliteJournal, lane: Lane, backlog: Backlog
) -> None:
    """Two callers who are told of their commits in another order than the journal wrote them."""
    jobs = [(await journal.accept(submission())).job for _ in range(2)]
    for number in range(MOST):
        lane.waiting[100 + number] = replace(jobs[0], id=100 + number)
    lane.waiting[jobs[1].id] = jobs[1]
    backlog.keep(jobs[0])
    assert [job.id for job in await backlog.load()] == [jobs[0].id]


async def test_a_journal_that_cannot_be_read_loses_nothing(
    journal: SqliteJournal, lane: Lane, backlog: Backlog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MOST + 2):
        await came(journal, lane, backlog)
    lane.waiting.clear()

    async def broken(query: object) -> object:
        raise JournalError("no")

    monkeypatch.setattr(journal, "jobs", broken)
    with pytest.raises(JournalError):
        await backlog.load()
    monkeypatch.undo()
    assert backlog.count == 2
    assert [job.id for job in await backlog.load()] == [MOST + 1, MOST + 2]
