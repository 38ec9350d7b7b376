"""What a person may do to a job; a real journal, and parts that only remember what they were asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.papers import submission

from comptoir.core.document import Submission
from comptoir.core.errors import UnknownName, WrongState
from comptoir.core.job import OUTCOME_UNKNOWN, Change, Job
from comptoir.core.record import JobQuery
from comptoir.journal.sqlite import SqliteJournal
from comptoir.web.desk import Desk, Parts


class Role:
    """The parts of a role; `withdraws`: whether a job can still be withdrawn."""

    def __init__(self, journal: SqliteJournal) -> None:
        self.journal = journal
        self.started: list[int] = []
        self.ended: list[int] = []
        self.withdraws = True
        self.troubled: tuple[str, str] | None = None
        #: where what names no destination goes
        self.default = "DEFAULT"

    def address(self, submission: Submission) -> list[Submission]:
        if submission.destination == "nowhere":
            raise UnknownName("no printer is called “nowhere”")
        names = submission.destination or self.default
        return [replace(submission, destination=name) for name in names.split()]

    async def withdraw(self, job: Job, by: str) -> bool:
        if self.withdraws:
            await self.journal.record([Change(job.id, "canceled", by=by)])
        return self.withdraws

    async def paper(self, job: Job) -> bytes | None:
        return None

    def parts(self) -> Parts:
        return Parts(
            address=self.address,
            start=lambda job: self.started.append(job.id),
            withdraw=self.withdraw,
            ended=lambda job, by: self.ended.append(job.id),
            places=list,
            trouble=lambda job: self.troubled,
            paper=self.paper,
            prints=lambda name: name != "archives",
        )


@pytest.fixture
async def role(tmp_path: Path) -> AsyncIterator[Role]:
    journal = await SqliteJournal.open("", tmp_path, FakeClock())
    yield Role(journal)
    await journal.close()


@pytest.fixture
def desk(role: Role) -> Desk:
    return Desk("station", "caisse-1", role.journal, FakeClock(), role.parts())


async def held(desk: Desk) -> int:
    number = (await desk.submit(submission(key="k", title="Bar"))).job.id
    await desk.journal.record([Change(number, "processing"), Change(number, "pending-held", OUTCOME_UNKNOWN)])
    return number


async def test_work_begins_after_it_is_on_disk_and_once(desk: Desk, role: Role) -> None:
    first = await desk.submit(submission(key="k"))
    again = await desk.submit(submission(key="k"))
    assert (role.started, again.fresh) == ([first.job.id], False)


async def test_what_has_no_address_is_not_kept(desk: Desk, role: Role) -> None:
    with pytest.raises(UnknownName):
        await desk.submit(submission(destination="nowhere"))
    assert (role.started, await role.journal.counts()) == ([], {})


async def test_an_order_goes_to_each_of_its_destinations_and_its_sender_follows_the_first(
    desk: Desk, role: Role
) -> None:
    role.default = "TICKET archives"
    first = await desk.submit(submission(key="k", destination=""))
    again = await desk.submit(submission(key="k", destination=""))
    jobs = await role.journal.jobs(JobQuery())
    assert sorted((job.destination, job.document.digest) for job in jobs) == [
        ("TICKET", first.job.document.digest),
        ("archives", first.job.document.digest),
    ]
    assert (first.job.destination, first.fresh, again.job.id, again.fresh) == ("TICKET", True, first.job.id, False)
    assert sorted(role.started) == sorted(job.id for job in jobs)


async def test_what_is_no_printer_gets_the_same_document_again_not_a_duplicata(desk: Desk, role: Role) -> None:
    sent = submission(destination="archives", attributes={"path": "a/b.pdf"}, original=None)
    number = (await desk.submit(sent)).job.id
    await role.journal.record([Change(number, "aborted", "other-error")])
    first, again = await desk.job(number), await desk.reprint(number, "anna")
    assert (again.uid, again.reprint_of, again.attributes) == (first.uid, None, {"path": "a/b.pdf"})
    printed = (await desk.submit(submission(destination="TICKET"))).job.id
    await role.journal.record([Change(printed, "completed")])
    paper = await desk.reprint(printed, "anna")
    assert paper.reprint_of == printed
    assert paper.uid != (await desk.job(printed)).uid


async def test_a_waiting_job_says_why_and_a_running_one_does_not(desk: Desk, role: Role) -> None:
    number = (await desk.submit(submission())).job.id
    role.troubled = ("media-empty-error", "No paper")
    assert (await desk.job(number)).reason == "media-empty-error"
    assert (await role.journal.job(number)).reason == "", "which is not written to each job"  # type: ignore[union-attr]
    await role.journal.record([Change(number, "processing")])
    assert (await desk.job(number)).reason == ""
    with pytest.raises(UnknownName, match="99"):
        await desk.job(99)


async def test_cancel(desk: Desk, role: Role) -> None:
    number = (await desk.submit(submission())).job.id
    role.withdraws = False
    with pytest.raises(WrongState, match="queued"):
        await desk.cancel(number, "anna")
    role.withdraws = True
    assert (await desk.cancel(number, "anna")).state == "canceled"
    with pytest.raises(WrongState, match="canceled"):
        await desk.cancel(number, "anna")
    sent = (await desk.submit(submission())).job.id
    await role.journal.record([Change(sent, "processing")])
    role.withdraws = False
    with pytest.raises(WrongState) as caught:
        await desk.cancel(sent, "anna")
    assert "station" in caught.value.hint


async def test_cancelling_a_held_job_ends_it_and_its_outcome_stays_unknown(desk: Desk, role: Role) -> None:
    number = await held(desk)
    job = await desk.cancel(number, "anna")
    assert (job.state, job.status) == ("aborted", "unknown")
    assert role.ended == [number]


async def test_confirm_is_the_evidence_of_a_person(desk: Desk, role: Role) -> None:
    number = await held(desk)
    job = await desk.confirm(number, "anna")
    assert job.evidence is not None
    assert (job.status, job.evidence.kind) == ("printed", "person")
    assert "anna" in job.evidence.detail
    assert role.ended == [number]


@pytest.mark.parametrize("action", ["confirm", "give_up"])
async def test_only_a_held_job_waits_for_a_person(desk: Desk, role: Role, action: str) -> None:
    number = (await desk.submit(submission())).job.id
    with pytest.raises(WrongState):
        await getattr(desk, action)(number, "anna")
    with pytest.raises(UnknownName):
        await getattr(desk, action)(99, "anna")
    assert role.ended == []


async def test_two_persons_decide_and_one_is_too_late(desk: Desk) -> None:
    number = await held(desk)
    await desk.confirm(number, "anna")
    with pytest.raises(WrongState):
        await desk.give_up(number, "bert")


async def test_a_reprint_says_what_it_repeats_and_ends_what_was_held(desk: Desk, role: Role) -> None:
    number = await held(desk)
    again = await desk.reprint(number, "anna")
    assert (again.reprint_of, again.title, again.key, again.origin.source, again.origin.user) == (
        number,
        "Bar",
        "",
        "reprint",
        "anna",
    )
    assert await desk.journal.content(again.document) == b"Hello world"
    first = await desk.job(number)
    assert (first.status, str(again.id) in first.message) == ("unknown", True)
    assert role.started == [number, again.id]
    second = await desk.reprint(number, "anna")
    assert second.id != again.id, "each wish is a job of its own"
    with pytest.raises(WrongState, match="queued"):
        await desk.reprint(second.id, "anna")


async def test_at_a_hub_a_job_that_the_station_has_may_wait_there(role: Role) -> None:
    desk = Desk("hub", "hub", role.journal, FakeClock(), role.parts())
    number = (await desk.submit(submission())).job.id
    await role.journal.record([Change(number, "processing", message="The station has it.")])
    role.troubled = ("media-empty-error", "No paper")
    told = await desk.job(number)
    assert (told.status, told.reason) == ("sent", "media-empty-error")


async def test_a_reprint_with_a_key_prints_once(desk: Desk, role: Role) -> None:
    number = await held(desk)
    first = await desk.reprint(number, "anna", "again-1")
    assert (await desk.reprint(number, "anna", "again-1")).id == first.id
    assert (await desk.reprint(number, "anna", "again-2")).id != first.id
    assert len(role.started) == 3
