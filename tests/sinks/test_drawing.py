"""A document on its way to paper: in threads, a side at a time, and let go of when whoever wanted it has gone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.papers import job, submission
from tests.peers.pdfs import locked, pdf, text

from comptoir.core.errors import Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, Job
from comptoir.core.sheet import A4, Setup, Side, Wishes
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks.drawing import Drawing, Paged, paged, wishes_for

PAGES = pdf(*[text(f"page {number}", 72, 700) for number in range(5)])


class Names:
    """Writes the number of each side; what it writes depends on what came before, as with many languages."""

    def __init__(self) -> None:
        self.count = 0
        self.begun = False

    def begin(self) -> bytes:
        self.begun = True
        return b"begin"

    def side(self, side: Side) -> Iterator[bytes]:
        assert self.begun
        self.count += 1
        yield b" %d" % self.count

    def end(self) -> bytes:
        return b" end"


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


async def document(journal: SqliteJournal, content: bytes = PAGES, form: str = "pdf", **more: object) -> Paged:
    kept: Job = (await journal.accept(submission(content, format=form, **more))).job  # type: ignore[arg-type]
    return await paged(kept, kept.document, journal)


def drawing(source: Paged) -> Drawing:
    return Drawing(source, Setup(A4, 72), Wishes(), Names)


async def test_sides_come_in_their_order_and_each_copy_from_the_beginning(journal: SqliteJournal) -> None:
    one = drawing(await document(journal))
    for _ in range(2):
        assert b"".join([piece async for piece in one.chunks()]) == b"begin 1 2 3 4 5 end"


async def test_what_cannot_be_drawn_is_refused_before_the_first_byte(journal: SqliteJournal) -> None:
    with pytest.raises(Refused) as caught:
        await anext(drawing(await document(journal, b"%PDF-1.7")).chunks())
    assert caught.value.reason == DOCUMENT_FORMAT_ERROR


async def test_characters_that_no_font_has_are_collected(journal: SqliteJournal) -> None:
    one = drawing(await document(journal, "\ue000\f\ue001\ue000".encode(), "text"))
    assert [piece async for piece in one.chunks()]
    assert one.missing == "\ue000\ue001"


async def test_a_till_does_not_wait_for_ten_invoices(journal: SqliteJournal) -> None:
    go_on = threading.Event()

    def slowly() -> Names:
        go_on.wait()
        return Names()

    source = await document(journal)
    slow = [Drawing(source, Setup(A4, 72), Wishes(), slowly).chunks() for _ in range(40)]
    waiting = [asyncio.ensure_future(anext(one)) for one in slow]
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(30):
            assert await asyncio.to_thread(lambda: "a receipt") == "a receipt"
        assert not any(one.done() for one in waiting)
    finally:
        go_on.set()
        await asyncio.gather(*waiting)
        for one in slow:
            await one.aclose()


async def test_who_stops_in_the_middle_leaves_nothing_open(journal: SqliteJournal) -> None:
    drawn = drawing(await document(journal)).chunks()
    assert [await anext(drawn), await anext(drawn)] == [b"begin", b" 1"]
    stopping = asyncio.ensure_future(anext(drawn))
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
    with pytest.raises(StopAsyncIteration):
        await anext(drawn)


async def test_others_may_draw_meanwhile(journal: SqliteJournal) -> None:
    """Two long documents at a time: neither waits for the other's end."""
    documents = [await document(journal, pdf(*["0 0 9 9 re f"] * 40, width=200 + number)) for number in (1, 2)]
    first, second = (drawing(one).chunks() for one in documents)
    order: list[int] = []

    async def draw(chunks: AsyncIterator[bytes], number: int) -> None:
        async for _ in chunks:
            order.append(number)

    await asyncio.gather(draw(first, 1), draw(second, 2))
    assert order != sorted(order)


@pytest.mark.parametrize("content", [locked(), b"%PDF-1.7"])
async def test_a_pdf_is_opened_before_it_is_passed(journal: SqliteJournal, content: bytes) -> None:
    with pytest.raises(Refused):
        await (await document(journal, content)).checked()


async def test_what_is_no_pdf_is_not_opened(journal: SqliteJournal) -> None:
    await (await document(journal, b"anything", "raw")).checked()


async def test_a_document_that_is_gone_is_refused(journal: SqliteJournal) -> None:
    kept = (await journal.accept(submission(b"x" * 100_000, format="raw"))).job
    source = await paged(kept, kept.document, journal)
    assert isinstance(source.source, Path)
    source.source.unlink()
    with pytest.raises(Refused) as caught:
        [piece async for piece in source.passed()]
    assert caught.value.reason == OTHER_ERROR


def test_wishes_of_a_job() -> None:
    one = job(1, copies=2, title="", attributes={"sides": "one-sided"}, reprint_of=7)
    assert wishes_for(one) == Wishes(2, "one-sided", duplicata=True)
    with pytest.raises(Refused):
        wishes_for(job(1, attributes={"sides": "all"}))
