"""The book of jobs: numbers, names, what is told to listeners, and that it does not grow without end."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.clock import FakeClock

from comptoir.sources.ipp_printer import book as module
from comptoir.sources.ipp_printer.book import Book, TooManyOpen
from comptoir.sources.ipp_printer.numbers import Numbers
from comptoir.sources.ipp_printer.print_job import PrintJob, Standing
from comptoir.wire.ipp_codes import JobState

ABORTED = Standing(JobState.ABORTED, ("aborted-by-system",))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def book(tmp_path: Path, clock: FakeClock) -> Book:
    return Book(Numbers(tmp_path), clock)


async def opened(book: Book, named: str = "", *, held: bool = False) -> PrintJob:
    return await book.open("t", "anne", "h", named, {}, held=held)


async def test_a_job_is_found_by_number_and_by_the_name_that_its_client_gave_it(book: Book) -> None:
    first, second = await opened(book), await opened(book, "urn:uuid:x")
    assert (book.job(first.number), book.job(99)) == (first, None)
    assert book.named("urn:uuid:x") is second
    assert book.named(first.uuid) is None, "this name it has from here: no client can send it again"
    assert list(book) == [first, second]


async def test_what_happens_is_told_once(book: Book) -> None:
    told: list[tuple[int, str]] = []
    book.on_change.append(lambda job, what: told.append((job.number, what)))
    job = await opened(book)
    book.changed(job)
    job.held = True
    book.changed(job)
    book.end(job, ABORTED)
    book.end(job, ABORTED)
    assert told == [(1, "job-created"), (1, "job-state-changed"), (1, "job-completed")]
    assert job.ended == book.now()


async def test_only_so_many_may_be_open(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OPEN", 3)
    jobs = [await opened(book) for _ in range(3)]
    with pytest.raises(TooManyOpen):
        await opened(book)
    book.end(jobs[0], ABORTED)
    await opened(book)


async def test_only_so_many_may_be_held_and_others_are_not_kept_out(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_HELD", 2)
    for _ in range(2):
        (await opened(book, held=True)).closed = True
    with pytest.raises(TooManyOpen):
        await opened(book, held=True)
    await opened(book)


async def test_ended_ones_are_forgotten_the_oldest_first(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ENDED", 2)
    keeps = await opened(book)
    for _ in range(5):
        book.end(await opened(book), ABORTED)
    await opened(book)
    assert [job.number for job in book] == [keeps.number, 5, 6, 7]


async def test_who_waits_too_long_for_a_document(book: Book, clock: FakeClock) -> None:
    waits, gets, held, closed = [await opened(book) for _ in range(4)]
    gets.incoming, held.held, closed.closed = 1, True, True
    clock.advance(1000)
    assert book.stale(1000) == []
    clock.advance(1)
    assert book.stale(1000) == [waits]


async def test_who_was_cancelled_and_is_not_told_so_yet(book: Book, clock: FakeClock) -> None:
    job = await opened(book)
    book.end(job, Standing(JobState.PROCESSING, ("processing-to-stop-point",)))
    assert (job.final, book.stopping(10)) == (False, [])
    clock.advance(11)
    assert book.stopping(10) == [job]
    book.end(job, ABORTED)
    assert book.stopping(10) == []
