"""What every journal must do with documents: keep them whole, forget only what nobody needs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.journals import LARGE, Again, accepted, finish
from tests.peers.papers import pieces, submission

from comptoir.core.document import digest_of
from comptoir.core.errors import JournalError, KeyConflict, TooLarge
from comptoir.core.ports import Journal
from comptoir.core.record import JobQuery


@pytest.mark.parametrize("content", [b"", b"small \x00\xff", LARGE], ids=["empty", "small", "large"])
async def test_content_comes_back_whole_and_in_parts(journal: Journal, content: bytes) -> None:
    job = await journal.job(await accepted(journal, content))
    assert job is not None
    assert await journal.content(job.document) == content
    for offset in (0, 1, len(content) - 1, len(content)):
        got = b"".join([piece async for piece in journal.chunks(job.document, max(0, offset))])
        assert got == content[max(0, offset) :]


async def test_a_stream_is_kept_as_it_comes(journal: Journal) -> None:
    document = await journal.keep(pieces(b"%PDF-1.7 ", LARGE, b"end"), "", "a.pdf")
    whole = b"%PDF-1.7 " + LARGE + b"end"
    assert (document.digest, document.size) == (digest_of(whole), len(whole))
    assert (document.media_type, document.name, document.content) == ("application/pdf", "a.pdf", None)
    job = (await journal.accept(replace(submission(), document=document))).job
    assert await journal.content(job.document) == whole
    assert await journal.jobs(JobQuery()) == [job]


@pytest.mark.parametrize("content", [b"Hello world", LARGE], ids=["small", "large"])
async def test_a_document_that_is_here_already_can_be_printed_again(journal: Journal, content: bytes) -> None:
    """As a reprint does: the document is one that was read from the journal, without its bytes."""
    first = await journal.job(await accepted(journal, content))
    assert first is not None
    assert first.document.content is None
    again = (await journal.accept(replace(submission(), document=first.document))).job
    found = await journal.job(again.id)
    assert found is not None
    assert await journal.content(found.document) == content


async def test_a_stream_that_is_too_large_or_breaks_leaves_nothing(journal: Journal, tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1_000_000)

    with pytest.raises(TooLarge):
        await journal.keep(endless(), "", "")

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError("gone")

    with pytest.raises((JournalError, ConnectionResetError)):
        await journal.keep(broken(), "", "")
    assert [path for path in (tmp_path / "data" / "documents").rglob("*") if path.is_file()] == []


async def test_a_damaged_document_is_not_handed_out(journal: Journal, tmp_path: Path) -> None:
    job = await journal.job(await accepted(journal, LARGE))
    assert job is not None
    (path,) = (path for path in (tmp_path / "data").rglob(job.document.digest) if path.is_file())
    path.write_bytes(LARGE[:-1] + b"!")
    with pytest.raises(JournalError, match="damaged"):
        await journal.content(job.document)
    path.unlink()
    with pytest.raises(JournalError, match="missing"):
        await journal.content(job.document)
    with pytest.raises(JournalError):
        assert [piece async for piece in journal.chunks(job.document)]


async def test_only_what_is_final_reported_and_old_is_forgotten(journal: Journal, clock: FakeClock) -> None:
    final, waiting = await accepted(journal, LARGE), await accepted(journal, "open")
    relayed = await accepted(journal, "r", source="relay", key="1.a")
    for number in (final, relayed):
        await finish(journal, number)
    clock.advance(1000)
    young = await accepted(journal, "young")
    await finish(journal, young)
    events = await journal.events()
    assert await journal.purge(START + 1) == 1
    assert [job.id for job in await journal.jobs(JobQuery())] == [young, relayed, waiting]
    kept = await journal.events(limit=len(events))
    assert kept == events, "the journal's events stay"
    assert (await journal.events())[-1].kind == "jobs-purged"
    await journal.reported([relayed])
    assert await journal.purge(START + 1) == 1
    assert await journal.purge(START + 1) == 0
    assert await accepted(journal) > young, "a number is never given twice"


async def test_the_bytes_go_with_the_last_job_that_needs_them(
    journal: Journal, clock: FakeClock, tmp_path: Path
) -> None:
    one, two = await accepted(journal, LARGE), await accepted(journal, LARGE)
    folder = tmp_path / "data" / "documents"
    await finish(journal, one)
    assert await journal.purge(START + 1) == 1
    job = await journal.job(two)
    assert job is not None
    assert await journal.content(job.document) == LARGE
    await finish(journal, two)
    assert await journal.purge(START + 1) == 1
    assert [path for path in folder.rglob("*") if path.is_file()] == []


async def test_a_document_that_is_just_being_taken_in_is_not_purged(journal: Journal) -> None:
    """The same content comes again while its earlier job is forgotten: what is acknowledged is there."""
    old = await accepted(journal, LARGE)
    await finish(journal, old)
    document = await journal.keep(pieces(LARGE), "text/plain", "")
    assert await journal.purge(START + 1) == 1
    job = (await journal.accept(replace(submission(), document=document))).job
    assert await journal.content(job.document) == LARGE


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "data" / "documents").rglob("*") if path.is_file())


async def test_the_same_content_taken_in_twice_is_there_for_both(journal: Journal) -> None:
    first, second = [await journal.keep(pieces(LARGE), "text/plain", "") for _ in range(2)]
    old = (await journal.accept(replace(submission(), document=first))).job
    await finish(journal, old.id)
    assert await journal.purge(START + 1) == 1
    new = (await journal.accept(replace(submission(), document=second))).job
    assert await journal.content(new.document) == LARGE


async def test_purging_and_taking_in_the_same_content_at_once(journal: Journal) -> None:
    """Whatever is acknowledged is there, however the two meet."""
    stop = asyncio.Event()

    async def purge() -> int:
        total = 0
        while not stop.is_set():
            total += await journal.purge(START + 1)
            await asyncio.sleep(0)
        return total

    async def take_in(streamed: bool) -> None:
        for _ in range(20):
            document = await journal.keep(pieces(LARGE), "", "") if streamed else submission(LARGE).document
            job = (await journal.accept(replace(submission(), document=document))).job
            assert await journal.content(replace(job.document, content=None)) == LARGE
            await finish(journal, job.id)

    purging = asyncio.ensure_future(purge())
    try:
        await asyncio.gather(*(take_in(streamed) for streamed in (True, True, False, False)))
    finally:
        stop.set()
        total = await purging
    assert total + await journal.purge(START + 1) == 80


async def test_a_document_that_is_nowhere_is_not_acknowledged(journal: Journal, tmp_path: Path) -> None:
    first = (await journal.accept(submission(LARGE))).job
    await finish(journal, first.id)
    await journal.purge(START + 1)
    for row in (None, first.document.row):
        gone = replace(first.document, content=None, row=row)
        with pytest.raises(JournalError, match="not here any more"):
            await journal.accept(replace(submission(), document=gone))
    assert await journal.jobs(JobQuery()) == []


@pytest.mark.parametrize("content", ["small", LARGE.decode()], ids=["small", "large"])
async def test_a_forgotten_document_is_not_taken_for_one_that_came_later(journal: Journal, content: str) -> None:
    """A journal may use the numbers of its rows again."""
    forgotten = (await journal.accept(submission("forgotten"))).job
    await finish(journal, forgotten.id)
    await journal.purge(START + 1)
    await accepted(journal, content)
    gone = replace(forgotten.document, content=None)
    with pytest.raises(JournalError):
        await journal.accept(replace(submission(), document=gone))
    with pytest.raises(JournalError):
        await journal.content(gone)
    with pytest.raises(JournalError):
        assert [piece async for piece in journal.chunks(gone)]


async def test_what_is_refused_or_known_leaves_no_file(journal: Journal, tmp_path: Path) -> None:
    other = LARGE + b"!"
    await accepted(journal, "small", key="k")
    with pytest.raises(KeyConflict):
        await journal.accept(submission(other, key="k"))
    document = await journal.keep(pieces(other), "", "")
    with pytest.raises(KeyConflict):
        await journal.accept(replace(submission(key="k"), document=document))
    document = await journal.keep(pieces(b"small"), "text/plain", "")
    assert not (await journal.accept(replace(submission(key="k"), document=document))).fresh
    assert files(tmp_path) == []
    needed = await accepted(journal, other)
    with pytest.raises(KeyConflict):
        await journal.accept(submission(other, key="k"))
    job = await journal.job(needed)
    assert job is not None
    assert await journal.content(job.document) == other, "another job needs the file"


async def test_who_goes_away_while_it_is_accepted_changes_nothing(journal: Journal) -> None:
    """The journal may have it or not, but never a job without its document."""
    for steps in range(12):
        accepting = asyncio.ensure_future(journal.accept(submission(LARGE + b"%d" % steps)))
        for _ in range(steps):
            await asyncio.sleep(0)
        accepting.cancel()
        await asyncio.wait([accepting])
        await journal.purge(START + 1)
    await journal.note("what was handed over before is written now", {})
    for job in await journal.jobs(JobQuery()):
        assert len(await journal.content(job.document)) == job.document.size


async def test_what_was_kept_and_never_accepted_goes_with_the_journal(again: Again, tmp_path: Path) -> None:
    journal = await again()
    await journal.keep(pieces(LARGE), "", "")
    await again()
    assert files(tmp_path) == []


# -- one document to several destinations -----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"small", LARGE], ids=["small", "large"])
async def test_one_document_becomes_a_job_for_each_destination(journal: Journal, content: bytes) -> None:
    given = [submission(content, name) for name in ("T", "U", "ARCHIVE")]
    commits: list[int] = []
    journal.subscribe(lambda events: commits.append(len(events)))
    made = await journal.accept_all(given)
    assert [(one.fresh, one.job.destination) for one in made] == [(True, "T"), (True, "U"), (True, "ARCHIVE")]
    assert commits == [3]
    assert len({one.job.document.row for one in made}) == 1
    for one in made:
        found = await journal.job(one.job.id)
        assert found is not None
        assert await journal.content(found.document) == content


async def test_a_key_stands_for_all_the_jobs_of_its_document(journal: Journal) -> None:
    given = [submission("x", name, key="k") for name in ("T", "U", "U")]
    first = await journal.accept_all(given)
    assert [one.job.key for one in first] == ["k", "k#U", "k#U#"]
    again = await journal.accept_all(given)
    assert [(one.fresh, one.job.id) for one in again] == [(False, one.job.id) for one in first]
    fewer = await journal.accept_all(given[:1])
    assert [(one.fresh, one.job.id) for one in fewer] == [(False, first[0].job.id)]
    more = await journal.accept_all([*given, submission("x", "V", key="k")])
    assert [one.job.id for one in more] == [one.job.id for one in first], "what the first request made is the answer"
    with pytest.raises(KeyConflict):
        await journal.accept_all([submission("other", name, key="k") for name in ("T", "U")])
    assert len(await journal.jobs(JobQuery())) == 3


async def test_a_document_of_several_jobs_goes_with_the_last(journal: Journal, clock: FakeClock) -> None:
    made = await journal.accept_all([submission("x", name) for name in ("T", "U")])
    await finish(journal, made[0].job.id)
    clock.advance(1000)
    assert await journal.purge(clock.now()) == 1
    assert await journal.content(replace(made[1].job.document, content=None)) == b"x"


async def test_what_else_is_known_of_a_job_comes_back_and_is_in_its_event(journal: Journal) -> None:
    attributes = {"path": "a/é.pdf", "sides": "two-sided-long-edge"}
    number = await accepted(journal, attributes=attributes, original=7)
    plain = await accepted(journal)
    job, other = await journal.job(number), await journal.job(plain)
    assert job is not None
    assert other is not None
    assert (job.attributes, job.original, other.attributes, other.original) == (attributes, 7, {}, None)
    bodies = [json.loads(event.body) for event in await journal.events()]
    assert (bodies[0]["attributes"], bodies[0]["original"]) == (attributes, 7)
    assert not {"attributes", "original"} & set(bodies[1])


# -- documents of any size --------------------------------------------------------------------------------------------


async def test_only_a_document_that_is_a_file_has_a_path(journal: Journal) -> None:
    for content in (b"small", LARGE):
        job = await journal.job(await accepted(journal, content))
        assert job is not None
        path = journal.path(job.document)
        assert (path is not None) == (content == LARGE)
        assert path is None or Path(path).read_bytes() == LARGE


async def test_what_memory_should_not_hold_is_not_read_at_once(journal: Journal) -> None:
    job = await journal.job(await accepted(journal, LARGE))
    assert job is not None
    with pytest.raises(TooLarge, match="2048 MB"):
        await journal.content(replace(job.document, size=2**31))


async def test_pieces_of_a_damaged_document_end_with_an_error(journal: Journal) -> None:
    job = await journal.job(await accepted(journal, LARGE))
    assert job is not None
    path = journal.path(job.document)
    assert path is not None
    Path(path).write_bytes(LARGE[:-1] + b"?")
    with pytest.raises(JournalError, match="damaged"):
        async for _ in journal.chunks(job.document):
            pass
    assert [piece async for piece in journal.chunks(job.document, len(LARGE) - 1)] == [b"?"]
