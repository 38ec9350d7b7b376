"""Printers of Windows by their driver: what it is told to draw, and what a failure means. The driver is a process."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from tests.peers.clock import FakeClock
from tests.peers.driven import Driven
from tests.peers.papers import submission
from tests.peers.pdfs import locked, pdf, text

from comptoir.core.errors import NotReady, NotSent, OutcomeUnknown, Refused, Withdrawn
from comptoir.core.job import CANCELED_BY_USER, DOCUMENT_FORMAT_ERROR, EXPIRED, NO_PAPER, UNREACHABLE
from comptoir.core.queued import Queued
from comptoir.core.sheet import Paper, Setup, Wishes
from comptoir.formats import sheets
from comptoir.journal.sqlite import SqliteJournal
from comptoir.languages.lettering import draw_line
from comptoir.sinks.gdi import MOST_FAILURES

INVOICE = pdf(text("Facture 2026-001", 72, 700), text("2", 72, 30), text("3", 72, 700))


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@pytest.fixture
def deliver(journal: SqliteJournal, tmp_path: Path) -> Driven:
    return Driven(journal, tmp_path)


def expected(content: bytes, form: str = "pdf") -> list[Image.Image]:
    """The sides as they are to come out on A4: what lies within a sixth of an inch of the edge cannot be printed."""
    setup = Setup(Paper("there", 20_997, 29_701), 75, "colours", 407)
    drawn = sheets.sides(content, form, setup, Wishes(), draw_line, {})
    found = []
    for side in drawn:
        mode = "RGB" if side.ink == "colours" else "L"
        whole = Image.frombuffer(mode, (side.width, side.height), bytes(side.dots), "raw", mode, 0, 1).convert("L")
        page = Image.new("L", whole.size, 255)
        box = (12, 12, side.width - 12, side.height - 12)
        page.paste(whole.crop(box), box[:2])
        found.append(page)
    return found


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


async def test_a_pdf_comes_out_dot_for_dot_where_it_stands_on_the_page(deliver: Driven) -> None:
    evidence = await deliver(INVOICE)
    assert (evidence.kind, evidence.detail) == ("sent", "taken by the spooler, job 12")
    sides = [*deliver.sides()]
    assert [same(*pair) for pair in zip(sides, expected(INVOICE), strict=True)] == [True] * 3
    assert all(side.getextrema()[0] < 64 for side in sides)
    assert deliver.asked("look", "begin")[0] == "look OFFICE"
    assert deliver.asked("begin")[0].startswith("begin Facture (")
    assert (deliver.began, deliver.queue.open_jobs) == (1, 0)


async def test_pictures_texts_and_messages_too(deliver: Driven) -> None:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(file, "PNG")
    await deliver(file.getvalue(), media_type="image/png", format="image")
    (side,) = deliver.sides()
    assert side.getpixel((310, 438)) == 76, "red, in its middle"
    await deliver("Café 12 €".encode(), media_type="text/plain", format="text")
    (side,) = deliver.sides()
    assert side.getextrema() == (0, 255)


async def test_wishes_become_settings_of_the_driver(deliver: Driven) -> None:
    attributes = {"sides": "two-sided-long-edge", "media": "a5", "media-source": "bac 2"}
    evidence = await deliver(INVOICE, attributes=attributes)
    assert deliver.asked("set") == ["set copies=1 collate=False sides=2 paper=11 width=0 height=0 tray=262"]
    assert "not done" not in evidence.detail
    assert next(deliver.sides()).size == (437, 620)


async def test_what_it_cannot_is_said(deliver: Driven) -> None:
    evidence = await deliver(INVOICE, attributes={"media": "a3", "media-source": "tray-9"})
    assert evidence.detail.endswith("; not done: media-source=tray-9, media=iso_a3_297x420mm")


async def test_copies_are_one_document_each_on_sheets_of_its_own(deliver: Driven) -> None:
    await deliver(INVOICE, copies=2, attributes={"sides": "two-sided-long-edge"})
    inked = [side.getextrema()[0] < 128 for side in deliver.sides()]
    assert inked == [True, True, True, False, True, True, True]
    assert len(deliver.asked("begin", "end")) == 2


async def test_copies_that_the_driver_sorts_are_drawn_once(deliver: Driven) -> None:
    deliver.trouble = "sorts"
    await deliver(INVOICE, copies=3)
    assert deliver.asked("set")[-1].startswith("set copies=3 collate=True")
    assert len(deliver.asked("side")) == 3


async def test_a_driver_that_makes_no_copies_although_it_says_so(deliver: Driven) -> None:
    deliver.trouble = "sorts-not"
    await deliver(INVOICE, copies=3)
    assert deliver.asked("set")[-1].startswith("set copies=1 collate=False")
    assert len(deliver.asked("side")) == 9


async def test_a_reprint_says_so(deliver: Driven, journal: SqliteJournal) -> None:
    first = (await journal.accept(submission(b"x"))).job
    await deliver(pdf(text("Facture", 72, 400)), reprint_of=first.id)
    (side,) = deliver.sides()
    assert side.crop((0, 0, 620, 60)).getextrema()[0] < 128


# -- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [locked(), b"%PDF-1.7 broken"])
async def test_a_pdf_that_cannot_be_read_never_reaches_the_driver(deliver: Driven, content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        await deliver(content)
    assert (caught.value.reason, deliver.began) == (DOCUMENT_FORMAT_ERROR, 0)
    assert not (deliver.folder / "asked").exists()


async def test_ready_made_bytes_are_refused(deliver: Driven) -> None:
    with pytest.raises(Refused, match="ready-made"):
        await deliver(b"\x1b@x", media_type="application/octet-stream", format="raw")


async def test_a_printer_that_asks_for_a_files_name_is_none(deliver: Driven) -> None:
    deliver.trouble = "file"
    with pytest.raises(Refused, match="asks a person"):
        await deliver(INVOICE)
    assert deliver.began == 0


async def test_a_printer_that_has_stopped_is_not_asked(deliver: Driven) -> None:
    heard: list[object] = []
    deliver.sink.on_say.append(heard.append)
    deliver.queue.refuses = NotReady("Windows says that it has no paper", "", NO_PAPER)
    with pytest.raises(NotSent) as caught:
        await deliver(INVOICE)
    assert (caught.value.reason, deliver.began) == (NO_PAPER, 0)
    assert heard == [(NO_PAPER, "Windows says that it has no paper")]


@pytest.mark.parametrize("trouble", ["look", "set", "begin", "side", "band", "crash-begin", "crash-band"])
async def test_what_fails_before_a_side_is_whole_has_left_nothing(deliver: Driven, trouble: str) -> None:
    deliver.trouble = trouble
    with pytest.raises(NotSent) as caught:
        await deliver(INVOICE)
    assert caught.value.reason != UNREACHABLE
    assert deliver.began == (trouble not in ("look", "set"))
    if "crash" in trouble:
        assert deliver.queue.log[0].startswith("find Facture (")
    elif trouble in ("side", "band"):
        assert deliver.asked("abort") == ["abort"]


async def test_a_crash_that_leaves_something_in_the_queue_is_not_sent_again(deliver: Driven) -> None:
    deliver.trouble, deliver.queue.left, deliver.queue.taken_back = "crash-band", True, "there"
    with pytest.raises(OutcomeUnknown, match="may stand in the queue"):
        await deliver(INVOICE)


async def test_a_document_that_breaks_the_driver_again_and_again_is_refused(
    deliver: Driven, journal: SqliteJournal
) -> None:
    deliver.trouble = "crash-band"
    job = (await journal.accept(submission(INVOICE, media_type="application/pdf", format="pdf"))).job
    for attempt in range(MOST_FAILURES):
        object.__setattr__(job, "attempts", attempt)
        with pytest.raises(NotSent if attempt < MOST_FAILURES - 1 else Refused):
            await deliver.sink.deliver(job, job.document, deliver)


async def test_a_side_is_out_and_the_driver_fails(deliver: Driven, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver.trouble, deliver.queue.left = "end", True
    with pytest.raises(OutcomeUnknown, match="broke off in the middle"):
        await deliver(INVOICE)
    assert deliver.queue.log[1:] == ["take back"], "what is left of it would come out behind the back of who decides"


async def test_a_driver_that_hangs(deliver: Driven) -> None:
    deliver.trouble, deliver.patience = "slow-set", 1.0
    with pytest.raises(NotSent, match="longer than"):
        await deliver(INVOICE)


# -- in the queue -----------------------------------------------------------------------------------------------------


async def test_what_stops_it_in_the_queue_is_told(deliver: Driven) -> None:
    deliver.queue.phases = [Queued("waits", NO_PAPER, "Windows says that it has no paper"), Queued("printed")]
    evidence = await deliver(INVOICE)
    assert evidence.detail == "the spooler reports it printed, job 12"
    assert deliver.told == [NO_PAPER]


async def test_it_expires_in_the_queue(deliver: Driven) -> None:
    deliver.queue.phases = [Queued("waits")]
    deliver.queue.on_look = lambda: deliver.clock.advance(120_000)
    with pytest.raises(Refused) as caught:
        await deliver(INVOICE, expires_at=deliver.clock.now() + 60_000)
    assert caught.value.reason == EXPIRED
    assert deliver.queue.log == ["take back"]


async def test_it_is_cancelled_before_it_is_in_the_queue(deliver: Driven) -> None:
    deliver.sink.unwanted.update(range(100))
    with pytest.raises(Refused) as caught:
        await deliver(INVOICE)
    assert caught.value.reason == CANCELED_BY_USER
    assert "end" not in deliver.asked()


async def test_it_is_withdrawn_before_anything_is_spooled(deliver: Driven) -> None:
    deliver.withdrawn = True
    with pytest.raises(Withdrawn):
        await deliver(INVOICE)
    assert deliver.asked("begin") == []


async def test_after_a_crash_of_this_service_it_is_looked_for(deliver: Driven) -> None:
    with pytest.raises(OutcomeUnknown):
        await deliver(INVOICE, attempts=1)
    deliver.queue.left, deliver.queue.phases = True, [Queued("waits"), Queued("left")]
    assert (await deliver(INVOICE, attempts=1)).kind == "sent"
    assert "take back" in deliver.queue.log
