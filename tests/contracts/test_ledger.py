"""What every ledger must do: files are copied whole, taken once, and followed to their end."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.journals import Again
from tests.peers.papers import submission
from tests.peers.takings import LARGE, SOURCE, Taking, plan

from comptoir.core.document import Origin
from comptoir.core.intake import Delivery, Plan, Stamp, StepDone, Take, Unit, identity
from comptoir.core.ports import Journal
from comptoir.core.record import JobQuery

DELETE = plan("T", original="delete")


@pytest.fixture
def taking(journal: Journal, tmp_path: Path) -> Taking:
    (tmp_path / "in").mkdir()
    return Taking(journal, tmp_path / "in")


# -- copying ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"small", LARGE, b"x" * 16_384, b"x" * 16_385], ids=len)
async def test_what_is_copied_and_taken_is_kept_byte_for_byte(taking: Taking, content: bytes) -> None:
    stamp = taking.put("a/é.pdf", content)
    (copied,) = taking.copy("a/é.pdf")
    assert (copied.path, copied.stamp, copied.error, copied.changed) == ("a/é.pdf", stamp, "", False)
    (jobs,) = await taking.journal.ledger.take([Unit(SOURCE, (Take(copied, plan("T")),))])
    assert await taking.journal.content(jobs[0].document) == content
    (found,) = await taking.journal.jobs(JobQuery())
    assert await taking.journal.content(found.document) == content
    assert found.document.name == "é.pdf"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders, and links need rights")
async def test_what_cannot_be_copied_is_said_and_the_others_are_copied(taking: Taking) -> None:
    taking.put("good")
    (taking.folder / "directory").mkdir()
    os.mkfifo(taking.folder / "pipe")
    (taking.folder / "link").symlink_to("good")
    (taking.folder / "linked").symlink_to("directory")
    taking.put("directory/inside")
    paths = ["missing", "directory", "pipe", "link", "linked/inside", "../outside", "/etc/passwd", "good"]
    copied = taking.copy(*paths)
    assert [one.path for one in copied] == paths
    assert [bool(one.error) for one in copied] == [True] * 7 + [False]
    assert all(one.document is None for one in copied[:-1])
    taking.journal.ledger.give_up(copied)


async def test_a_folder_that_is_not_there_is_said_of_each_file(taking: Taking) -> None:
    copied = taking.journal.ledger.copy(str(taking.folder / "away"), ["a", "b"])
    assert [(one.path, bool(one.error), one.changed) for one in copied] == [("a", True, False), ("b", True, False)]


async def test_what_is_given_up_leaves_nothing(taking: Taking, tmp_path: Path) -> None:
    taking.put("a", LARGE)
    copied = taking.copy("a")
    taking.journal.ledger.give_up(copied)
    await taking.states()  # the reader has had its turn
    assert not [path for path in tmp_path.glob("data/documents/**/*") if path.is_file()]


async def test_several_sources_copy_at_once(taking: Taking) -> None:
    names = [f"{number}.bin" for number in range(40)]
    for name in names:
        taking.put(name, name.encode() * 5_000)
    several = await asyncio.gather(*(asyncio.to_thread(taking.copy, *names) for _ in range(4)))
    for turn, copied in enumerate(several):
        units = [Unit(f"s{turn}", (Take(one, plan("T")),)) for one in copied]
        assert len(await taking.journal.ledger.take(units)) == 40
    for job in await taking.journal.jobs(JobQuery(limit=1000)):
        assert await taking.journal.content(job.document) == job.document.name.encode() * 5_000


# -- taking -----------------------------------------------------------------------------------------------------------


async def test_a_job_says_all_that_its_plan_says(taking: Taking) -> None:
    stamp = taking.put("sub/a.pdf", b"%PDF-1.4")
    attributes = {"path": "sub/a.pdf", "sides": "two-sided-long-edge"}
    delivery = Delivery("T", "pdf", 2, attributes, expires_in=60_000)
    (job,) = await taking.take("sub/a.pdf", Plan((delivery,), name="Invoice 1", keep=1_000))
    found = await taking.journal.job(job.id)
    assert found is not None
    assert replace(found, document=job.document) == job
    assert (job.destination, job.format, job.copies, job.attributes) == ("T", "pdf", 2, attributes)
    assert (job.origin, job.title, job.document.name) == (Origin(SOURCE), "Invoice 1", "Invoice 1")
    assert job.expires_at == START + 60_000
    assert job.uid == identity(SOURCE, "sub/a.pdf", job.document.digest, stamp.mtime_ns, "T")
    original = await taking.journal.ledger.original(job.original or 0)
    assert original is not None
    assert (original.path, original.stamp, original.state) == ("sub/a.pdf", stamp, "waiting")
    assert (original.keep_until, original.document.digest) == (START + 1_000, job.document.digest)


@pytest.mark.parametrize(
    ("content", "form"),
    [(b"%PDF-1.4", "pdf"), (b"\x89PNG\r\n\x1a\n", "image"), (b"words", "message"), (b"\0\1", "raw")],
)
async def test_a_format_that_no_plan_says_is_told_by_the_bytes(taking: Taking, content: bytes, form: str) -> None:
    taking.put("a", content)
    assert [job.format for job in await taking.take("a", plan("T"))] == [form]


async def test_each_destination_gets_one_job_however_often_it_is_named(taking: Taking) -> None:
    taking.put("a")
    several = Plan((Delivery("T", copies=2), Delivery("ARCHIVE"), Delivery("T", copies=3)))
    jobs = await taking.take("a", several)
    assert [(job.destination, job.copies) for job in jobs] == [("T", 2), ("ARCHIVE", 1)]
    assert len({job.document.row for job in jobs}) == 1


async def test_the_same_file_is_not_taken_again(taking: Taking, again: Again) -> None:
    taking.put("a", LARGE)
    assert len(await taking.take("a", plan("T"))) == 1
    assert await taking.take("a", plan("T")) == []
    later = replace(taking, journal=await again())
    assert await later.take("a", plan("T")) == []
    assert len(await later.journal.jobs(JobQuery())) == 1
    assert await later.journal.ledger.known(SOURCE) == {"a": taking.stamp("a")}


async def test_another_content_at_the_same_path_is_another_original(taking: Taking) -> None:
    taking.put("a", "one", mtime_ns=10**18)
    first = await taking.take("a", DELETE)
    taking.put("a", "two", mtime_ns=10**18 + 100)
    second = await taking.take("a", DELETE)
    assert first[0].original != second[0].original
    assert await taking.journal.ledger.known(SOURCE) == {"a": taking.stamp("a")}
    assert await taking.states() == {"waiting": 2}


async def test_what_is_to_go_nowhere_is_due_or_kept_at_once(taking: Taking) -> None:
    taking.put("a", "1")
    taking.put("b", "2")
    assert await taking.take("a", Plan(())) == []
    assert await taking.take("b", Plan((), original="delete", after=500)) == []
    assert (await taking.newest("a")).state == "kept"
    due = await taking.newest("b")
    assert (due.state, due.due_at, due.delivered_at) == ("due", START + 500, START)


@pytest.mark.not_wine  # its files have names that the system under it can have
async def test_names_that_are_no_unicode_come_back(taking: Taking) -> None:
    path = "sub/caf\udce9.txt"
    taking.put(path, "content")
    (job,) = await taking.take(path, Plan((Delivery("T", attributes={"path": path}),)))
    assert job.title == "caf\\udce9.txt"
    assert job.attributes == {"path": "sub/caf\\udce9.txt"}
    assert await taking.journal.ledger.known(SOURCE) == {path: taking.stamp(path)}
    assert (await taking.newest(path)).path == path
    assert await taking.take(path, plan("T")) == []


async def test_numbers_that_no_database_holds_come_back(taking: Taking) -> None:
    """Inodes of 128 bits, times after the year 2262."""
    taking.put("a")
    (copied,) = taking.copy("a")
    stamp = Stamp(7, 2**64 + 1, 2**127)
    unit = Unit(SOURCE, (Take(replace(copied, stamp=stamp), plan("T")),))
    await taking.journal.ledger.take([unit])
    assert await taking.journal.ledger.known(SOURCE) == {"a": stamp}
    assert (await taking.newest("a")).stamp == stamp


async def test_a_thousand_units_are_one_commit(taking: Taking) -> None:
    taking.put("a", "content")
    (copied,) = taking.copy("a")
    units = [Unit(SOURCE, (Take(replace(copied, path=f"{number}"), plan("T")),)) for number in range(1000)]
    seen: list[int] = []
    taking.journal.subscribe(lambda events: seen.append(len(events)))
    made = await taking.journal.ledger.take(units)
    assert [len(jobs) for jobs in made] == [1] * 1000
    assert seen == [2000]
    assert await taking.states() == {"waiting": 1000}


# -- the same content -------------------------------------------------------------------------------------------------


async def test_the_same_content_again_is_delivered_and_said_to_be_a_duplicate(taking: Taking) -> None:
    taking.put("a", "same")
    taking.put("b", "same")
    await taking.take("a", plan("T"))
    assert len(await taking.take("b", plan("T"))) == 1
    assert (await taking.newest("b")).duplicate_of == (await taking.newest("a")).id


async def test_the_same_content_once_fares_as_the_first_one(taking: Taking) -> None:
    once = replace(DELETE, once=True)
    for name in "abc":
        taking.put(name, "same")
    (job,) = await taking.take("a", once)
    assert await taking.take("b", once) == []
    assert (await taking.newest("b")).state == "waiting"
    await taking.end(job, "aborted", "No.")
    assert [(await taking.newest(name)).state for name in "ab"] == ["failed", "failed"]
    assert await taking.take("c", once) == []
    assert [(await taking.newest("c")).state, (await taking.newest("c")).message] == ["failed", "No."]
    (retry,) = [await taking.journal.accept(replace(submission("same", uid=job.uid), original=job.original))]
    await taking.end(retry.job)
    assert await taking.states() == {"due": 3}


async def test_the_same_content_once_after_it_was_delivered_is_due_at_once(taking: Taking) -> None:
    once = replace(DELETE, once=True)
    taking.put("a", "same")
    taking.put("b", "same")
    (job,) = await taking.take("a", once)
    await taking.end(job)
    assert await taking.take("b", once) == []
    assert (await taking.newest("b")).state == "due"


async def test_the_same_content_once_is_delivered_where_the_first_was_given_up(taking: Taking) -> None:
    once = replace(DELETE, once=True)
    taking.put("a", "same")
    taking.put("b", "same")
    (job,) = await taking.take("a", once)
    await taking.end(job, "aborted")
    await taking.journal.ledger.step([StepDone(job.original or 0, "kept", "left by anna")])
    assert len(await taking.take("b", once)) == 1


async def test_another_source_has_its_own_memory(taking: Taking) -> None:
    taking.put("a", "same")
    await taking.take("a", replace(plan("T"), once=True))
    other = replace(taking, source="other")
    assert len(await other.take("a", replace(plan("T"), once=True))) == 1
    assert set(await other.journal.ledger.known("other")) == {"a"}


# -- the end of jobs --------------------------------------------------------------------------------------------------


async def test_an_original_waits_for_all_of_its_destinations(taking: Taking, clock: FakeClock) -> None:
    taking.put("a")
    jobs = await taking.take("a", plan("T", "ARCHIVE", original="move:done", after=1_000))
    unit = await taking.end(jobs[0])
    assert unit is not None
    assert unit.state == "waiting"
    clock.advance(50)
    unit = await taking.end(jobs[1])
    assert unit is not None
    assert (unit.state, unit.due_at, unit.delivered_at) == ("due", START + 1_050, START + 50)
    ledger = taking.journal.ledger
    assert await ledger.due(START + 1_049, 10) == []
    assert await ledger.next_due() == START + 1_050
    assert await ledger.due(START + 1_050, 10) == [unit]


@pytest.mark.parametrize("end", ["aborted", "canceled"])
async def test_one_that_fails_is_failed_until_its_retry_arrives(taking: Taking, end: str) -> None:
    taking.put("a")
    first, second = await taking.take("a", plan("T", "ARCHIVE", original="delete"))
    unit = await taking.end(first, end, "No paper.")
    assert unit is not None
    assert (unit.state, unit.message) == ("failed", "No paper.")
    unit = await taking.end(second)
    assert unit is not None
    assert unit.state == "failed"
    again = replace(submission(uid=first.uid, destination="T"), document=first.document, original=first.original)
    retry = (await taking.journal.accept(again)).job
    unit = await taking.journal.ledger.settle(unit.id)
    assert unit is not None
    assert (unit.state, unit.message) == ("waiting", "")
    unit = await taking.end(retry)
    assert unit is not None
    assert unit.state == "due"
    assert [job.id for job in await taking.journal.ledger.jobs_of(unit.id)] == [first.id, second.id, retry.id]


async def test_a_persons_reprint_changes_nothing(taking: Taking) -> None:
    taking.put("a")
    (job,) = await taking.take("a", DELETE)
    reprint = replace(submission(reprint_of=job.id), document=job.document, original=job.original)
    again = (await taking.journal.accept(reprint)).job
    unit = await taking.end(again, "aborted")
    assert unit is not None
    assert unit.state == "waiting"
    assert (await taking.end(job)) == replace(unit, state="due", due_at=START, delivered_at=START)


async def test_settling_says_nothing_twice(taking: Taking) -> None:
    taking.put("a")
    (job,) = await taking.take("a", plan("T"))
    await taking.end(job)
    before = await taking.journal.events()
    unit = await taking.journal.ledger.settle(job.original or 0)
    assert unit is not None
    assert unit.state == "kept"
    assert await taking.journal.ledger.settle(99) is None
    assert await taking.journal.events() == before


async def test_many_jobs_are_settled_in_one_commit(taking: Taking) -> None:
    for name in "abc":
        taking.put(name, name)
    jobs = [job for name in "abc" for job in await taking.take(name, plan("T", "U"))]
    other = (await taking.journal.accept(submission())).job
    for job in jobs[:-1]:
        await taking.end(job)
    settled = await taking.journal.ledger.settle_jobs([other.id, *(job.id for job in jobs), 999])
    assert [one.state for one in settled] == ["kept", "kept", "waiting"]


async def test_the_life_of_an_original_is_told_by_its_events(taking: Taking) -> None:
    taking.put("a")
    (job,) = await taking.take("a", DELETE)
    await taking.end(job)
    await taking.journal.ledger.step([StepDone(job.original or 0, "going")])
    await taking.journal.ledger.step([StepDone(job.original or 0, "deleted")])
    events = await taking.journal.ledger.events_of(job.original or 0)
    kinds = ["file-taken", "file-delivered", "original-going", "original-deleted"]
    assert [event.kind for event in events] == kinds
    body = json.loads(events[0].body)
    assert (body["source"], body["path"], body["digest"]) == (SOURCE, "a", job.document.digest)
    assert [json.loads(event.body)["state"] for event in events] == ["waiting", "due", "going", "deleted"]
