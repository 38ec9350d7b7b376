"""What every destination must do, whichever it is: whole, once, and honest about it."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers import fars
from tests.peers.delivery import Bench, bench_of
from tests.peers.far import a_job, a_lot, in_store
from tests.peers.memory import weighing
from tests.peers.watch import eventually

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused

#: more than one piece of the store, and not divisible by 3
CONTENT = os.urandom(300_001)
HOSTILE = (
    "../../etc/passwd",
    "CON",
    "a" * 300 + ".pdf",
    "",
    "line\r\nbreak.pdf",
    "emoji 🧾 é ß 漢.pdf",
    'quote".pdf',
    "\udcff.pdf",
    ".",
    "x/../y.pdf",
    "rtl\u202efdp.exe",
)


REMOTE, REPEATABLE, LOTS, LARGE = (
    pytest.mark.parametrize("bench", kinds, indirect=True)
    for kinds in (fars.REMOTE, fars.REPEATABLE, fars.LOTS, fars.LARGE)
)


@pytest.fixture(params=fars.FARS)
async def bench(
    request: pytest.FixtureRequest, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Bench]:
    caplog.set_level(logging.DEBUG)
    async with bench_of(fars.FARS[request.param], tmp_path) as one:
        yield one
    for secret in one.far.secrets:
        assert all(secret not in sentence for sentence in one.said)
        assert secret not in caplog.text


async def test_a_document_arrives_whole_and_once(bench: Bench) -> None:
    evidence = await bench.deliver(await a_job(bench.journal, CONTENT))
    assert evidence.kind in ("delivered", "archived", "sent")
    assert evidence.detail
    (arrival,) = await bench.far.arrivals()
    assert arrival.content == CONTENT
    assert not arrival.name or arrival.name.endswith("FAC-1.pdf")
    assert await bench.far.halves() == []
    assert bench.told.began == 1


async def test_small_documents_arrive_too(bench: Bench) -> None:
    sink = bench.sink()
    for content in (b"x", b"two", b"\0" * 16_384, b"\r\n.\r\n--"):
        await bench.deliver(await a_job(bench.journal, content, name=f"{len(content)}.bin"), sink)
    assert sorted(await bench.contents()) == sorted([b"x", b"two", b"\0" * 16_384, b"\r\n.\r\n--"])


@pytest.mark.parametrize("name", HOSTILE)
async def test_whatever_a_document_is_called(bench: Bench, name: str) -> None:
    job = await a_job(bench.journal, CONTENT, title="a\nb", user="Zoë\r\nBcc: x")
    job = replace(job, document=replace(job.document, name=name))
    await bench.deliver(job)
    (arrival,) = await bench.far.arrivals()
    assert arrival.content == CONTENT
    assert ".." not in arrival.name.split("/")
    assert arrival.name.isprintable()
    assert len(arrival.name.encode()) < 256
    if "emoji" in name:
        assert not arrival.name or "emoji 🧾 é ß 漢.pdf" in arrival.name


async def test_two_of_one_name_are_two(bench: Bench) -> None:
    sink = bench.sink()
    for content in (CONTENT, CONTENT[1:]):
        await bench.deliver(await a_job(bench.journal, content), sink)
    assert sorted(await bench.contents()) == sorted([CONTENT, CONTENT[1:]])


@LOTS
async def test_a_lot_arrives_together(bench: Bench) -> None:
    members = {"a.pdf": os.urandom(20_000), "b/é.pdf": os.urandom(300_000), "b/c.txt": os.urandom(17_000)}
    job = await a_lot(bench.journal, "lot 12", members)
    await bench.deliver(job)
    arrived = await bench.far.arrivals()
    assert sorted(one.content for one in arrived) == sorted(members.values())
    assert len({one.lot for one in arrived}) == 1
    assert arrived[0].lot
    assert await bench.far.halves() == []


@REPEATABLE
async def test_again_after_a_success_is_still_one(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT)
    first = bench.sink()
    before = await bench.deliver(job, first)
    assert (await bench.deliver(job)).kind == before.kind
    assert await bench.contents() == [CONTENT]


@REPEATABLE
async def test_a_lot_again_is_still_one(bench: Bench) -> None:
    members = {"a.pdf": os.urandom(20_000), "b.pdf": os.urandom(20_000)}
    job = await a_lot(bench.journal, "lot", members)
    sink = bench.sink()
    await bench.deliver(job, sink)
    await bench.deliver(job)
    assert sorted(await bench.contents()) == sorted(members.values())


async def test_nobody_there_means_not_sent(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT)
    with pytest.raises(NotSent) as caught:
        await bench.deliver(job, bench.sink(bench.far.nobody()))
    assert caught.value.hint
    assert bench.told.began == 0
    await bench.deliver(job)
    assert await bench.contents() == [CONTENT]


@pytest.mark.parametrize("share", [0.001, 0.3, 0.9, 0.99])
@REMOTE
async def test_a_line_that_breaks_in_the_middle(bench: Bench, share: float) -> None:
    job = await a_job(bench.journal, CONTENT)
    bench.far.cut(max(1, int(len(CONTENT) * share)))
    sink = bench.sink()
    # Who cannot repeat it may only say that nothing came out where the last byte has not left this machine.
    with pytest.raises(NotSent if sink.repeatable else (NotSent, OutcomeUnknown)) as caught:
        await bench.deliver(job, sink)
    assert await bench.contents() == []
    if caught.type is NotSent:
        await bench.deliver(job, sink)
        assert await bench.contents() == [CONTENT]
    assert await bench.far.halves() == []


@REMOTE
async def test_an_answer_that_is_lost(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT)
    sink = bench.sink()
    bench.far.lose_answer(len(CONTENT))
    with pytest.raises(NotSent if sink.repeatable else OutcomeUnknown):
        await bench.deliver(job, sink)
    if sink.repeatable:
        await bench.deliver(job, sink)
    assert await bench.contents() == [CONTENT]
    assert await bench.far.halves() == []


@REMOTE
async def test_who_is_not_let_in_is_told_what_to_check(bench: Bench) -> None:
    bench.far.lock()
    with pytest.raises(NotSent) as caught:
        await bench.deliver(await a_job(bench.journal, CONTENT))
    assert "_file" in caught.value.hint
    assert await bench.contents() == []


@REMOTE
async def test_a_secret_that_is_missing_is_named(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT)
    kept = {path: path.read_bytes() for path in bench.folder.iterdir() if path.is_file()}
    for path in kept:
        path.unlink()
    with pytest.raises(NotSent, match="secret file"):
        await bench.deliver(job)
    for path, content in kept.items():
        path.write_bytes(content)
    await bench.deliver(job)
    assert await bench.contents() == [CONTENT]


async def test_a_far_side_without_room(bench: Bench) -> None:
    bench.far.fill()
    with pytest.raises((NotSent, Refused)) as caught:
        await bench.deliver(await a_job(bench.journal, CONTENT))
    assert caught.value.message
    assert await bench.contents() == []
    assert await bench.far.halves() == []


async def test_a_document_that_was_damaged_on_the_disk(bench: Bench, tmp_path: Path) -> None:
    job = await a_job(bench.journal, CONTENT)
    digest = job.document.digest
    (tmp_path / "journal" / "documents" / digest[:2] / digest).write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(Refused, match="damaged"):
        await bench.deliver(job)
    assert await bench.contents() == []
    assert await bench.far.halves() == []


async def test_who_is_cancelled_leaves_nothing_half(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT)
    bench.watched.stop_after = 1
    sink = bench.sink()
    delivery = asyncio.ensure_future(sink.deliver(job, job.document, bench.told))
    await bench.watched.stopped.wait()
    delivery.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivery
    assert await bench.contents() == []
    assert await bench.far.halves() == []
    bench.watched.stop_after = None
    await bench.deliver(job, sink)
    assert await bench.contents() == [CONTENT]


async def test_many_at_once(bench: Bench) -> None:
    sink = bench.sink()
    jobs = [await a_job(bench.journal, os.urandom(20_000)) for _ in range(12)]
    await asyncio.gather(*(bench.deliver(job, sink) for job in jobs))
    assert len(await bench.contents()) == 12
    assert await bench.far.halves() == []


async def test_closing_ends_its_connections(bench: Bench) -> None:
    sink = bench.sink()
    await bench.deliver(await a_job(bench.journal, CONTENT), sink)
    await sink.close()
    await eventually(lambda: bench.far.connections() == 0)
    await sink.close()


@LARGE
async def test_a_large_document_is_never_in_memory(bench: Bench, tmp_path: Path) -> None:
    """Measured when its last piece has been read: what is held by then on our side."""
    job = await a_job(bench.journal, CONTENT)
    sink = bench.sink()
    await bench.deliver(job, sink)  # what is imported and cached is there
    large = replace(job, uid="f" * 32, document=in_store(tmp_path / "journal", 40_000_000))
    with weighing() as scales:
        bench.watched.at_end.append(scales)
        await bench.deliver(large, sink)
    assert 0 < scales.held < 20_000_000
    assert max(len(content) for content in await bench.contents()) == 40_000_000
