"""What was taken is followed to its end, and what ended while nobody listened is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.peers.papers import submission
from tests.peers.taken import Taken
from tests.peers.watch import eventually

from comptoir.core.errors import JournalError
from comptoir.core.intake import Original, StepDone
from comptoir.station.folders import following as module
from comptoir.station.folders.following import Following


class Running:
    """A follower that runs. `told`: the sources of which it said that something had changed."""

    def __init__(self, office: Taken) -> None:
        self.told: list[str] = []
        self.following = Following(office.journal, office.steps, office.clock, self.told.append)
        self.task = asyncio.create_task(self.following.run())

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
async def running(office: Taken) -> AsyncIterator[Running]:
    one = Running(office)
    await asyncio.sleep(0)
    yield one
    await one.stop()


async def test_the_step_comes_when_every_destination_has_it(office: Taken, running: Running) -> None:
    number, (first, second) = await office.take("a.pdf", "FACTURE", "archives")
    await office.end(first)
    await eventually(lambda: running.told)
    assert office.steps.done == []
    await office.end(second)
    await eventually(lambda: office.steps.done == [number])
    await eventually(lambda: running.told[-1:] == ["factures"])


async def test_what_has_nowhere_to_go_is_done_at_once(office: Taken, running: Running) -> None:
    number, _ = await office.take("a.pdf")
    await eventually(lambda: office.steps.done == [number])


async def test_a_failure_stops_the_step_until_another_job_has_made_up_for_it(office: Taken, running: Running) -> None:
    number, (job,) = await office.take("a.pdf", "FACTURE")
    await office.end(job, state="aborted")
    await eventually(lambda: running.told)
    assert await office.state(number) == "failed"
    assert office.steps.done == []


async def test_a_step_has_its_time(office: Taken, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OFTEN", 0.01)
    number, (job,) = await office.take("a.pdf", "FACTURE", after=10_000)
    await office.end(job)
    await eventually(lambda: running.told)
    assert await office.state(number) == "due"
    office.clock.advance(9_999)
    running.following.look()
    await asyncio.sleep(0)
    assert office.steps.done == []
    office.clock.advance(1)
    await eventually(lambda: office.steps.done == [number])


@pytest.mark.parametrize("ends", [True, False])
async def test_what_ended_while_nobody_listened_is_found(office: Taken, ends: bool) -> None:
    taken = [await office.take(f"{number}.pdf", "FACTURE", content=b"%d" % number) for number in range(3)]
    if ends:
        await office.end(*(job for _, jobs in taken for job in jobs))
    running = Running(office)
    wanted = {number for number, _ in taken} if ends else set()
    await eventually(lambda: set(office.steps.done) == wanted)
    await running.stop()


async def test_thousands_that_end_are_settled_in_few_commits(
    office: Taken, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOGETHER", 100)
    asked: list[int] = []
    settle = office.journal.ledger.settle_jobs

    async def counted(jobs: Any) -> Any:
        asked.append(len(jobs))
        return await settle(jobs)

    monkeypatch.setattr(office.journal.ledger, "settle_jobs", counted)
    taken = [await office.take(f"{number}.pdf", "FACTURE", content=b"%d" % number) for number in range(300)]
    await office.end(*(job for _, jobs in taken for job in jobs))
    await eventually(lambda: len(office.steps.done) == 300)
    assert len(asked) <= 6
    assert max(asked) == 100


async def test_a_disk_that_refuses_is_waited_for(
    office: Taken, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "JOURNAL_RETRY", 0.0)
    settle, refusals = office.journal.ledger.settle_jobs, [JournalError("full"), JournalError("full")]

    async def refuse(jobs: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return await settle(jobs)

    monkeypatch.setattr(office.journal.ledger, "settle_jobs", refuse)
    number, (job,) = await office.take("a.pdf", "FACTURE")
    await office.end(job)
    await eventually(lambda: office.steps.done == [number])


async def test_jobs_of_no_file_are_nobodys_business(office: Taken, running: Running) -> None:
    job = (await office.journal.accept(submission())).job
    await office.end(job)
    _, (own,) = await office.take("a.pdf", "FACTURE", original="keep")
    await office.end(own)
    await eventually(lambda: running.told)
    assert running.told == ["factures"]
    assert office.steps.done == []


# -- what is delivered is removed on demand ---------------------------------------------------------------------------


async def test_a_purge_removes_what_is_delivered_and_nothing_else(office: Taken, running: Running) -> None:
    kept, (printed,) = await office.take("kept.pdf", "FACTURE", original="keep", content=b"1")
    later, (also,) = await office.take("later.pdf", "FACTURE", after=3_600_000, content=b"2")
    await office.take("open.pdf", "FACTURE", "archives", content=b"3")
    other, _ = await office.take("failed.pdf", "FACTURE", content=b"4")
    await office.end(printed, also)
    assert await running.following.remove_delivered("factures") == 2
    assert set(office.steps.done) == {kept, later}
    assert await office.state(other) == "waiting"
    assert await running.following.remove_delivered("factures") == 0
    assert await running.following.remove_delivered("other") == 0


async def test_what_cannot_be_removed_is_not_counted(office: Taken, running: Running) -> None:
    number, (printed,) = await office.take("kept.pdf", "FACTURE", original="keep")
    office.steps.refuses = {number}
    await office.end(printed)
    assert await running.following.remove_delivered("factures") == 0
    assert await office.state(number) == "due"


async def test_what_a_person_has_given_up_is_not_delivered(office: Taken, running: Running) -> None:
    number, (job,) = await office.take("a.pdf", "FACTURE")
    await office.end(job, state="aborted")
    await eventually(lambda: running.told)
    await office.journal.ledger.step([StepDone(number, "kept")])
    assert await running.following.remove_delivered("factures") == 0
    found = await office.journal.ledger.original(number)
    assert isinstance(found, Original)
    assert found.state == "kept"
