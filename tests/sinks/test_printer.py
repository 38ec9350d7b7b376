"""What a printer's sink says about the outcome: only what it knows. The printers are real peers on TCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.counter import channel, sink
from tests.peers.listener import Listener
from tests.peers.papers import submission
from tests.peers.services import free_port

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused, Withdrawn
from comptoir.core.job import Evidence, Job
from comptoir.core.units import local_second
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import channel as ways
from comptoir.sinks import printer as module


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as one:
        yield one


class Delivery:
    """One delivery; `began` counts how often the journal would have been told."""

    def __init__(self, journal: SqliteJournal, uri: str, folder: Path, ask_status: bool = True) -> None:
        self.journal = journal
        self.sink = sink(journal, channel(uri, folder, ask=ask_status))
        self.began = 0
        self.told: list[str] = []
        self.when_begun: list[str] | None = None
        self.server: VirtualPrinterServer | None = None

    async def started(self) -> None:
        self.began += 1
        if self.server is not None and self.when_begun is not None:
            self.server.set_faults(*self.when_begun)

    def stopped(self, reason: str, message: str) -> None:
        self.told.append(reason)

    def resumed(self) -> None:
        self.told.append("goes on")

    async def job(self, content: bytes | str = "Hello world", **more: object) -> Job:
        return (await self.journal.accept(submission(content, **more))).job  # type: ignore[arg-type]

    async def __call__(self, content: bytes | str = "Hello world", **more: object) -> Evidence:
        job = await self.job(content, **more)
        return await self.sink.deliver(job, job.document, self)


class Gone:
    """Progress of a job that was cancelled before its first byte."""

    async def started(self) -> None:
        raise Withdrawn("cancelled")

    def stopped(self, reason: str, message: str) -> None: ...

    def resumed(self) -> None: ...


@pytest.fixture
def deliver(journal: SqliteJournal, server: VirtualPrinterServer, tmp_path: Path) -> Delivery:
    one = Delivery(journal, f"socket://127.0.0.1:{server.port}?timeout=2&stall=2", tmp_path)
    one.server = server
    return one


async def test_a_printer_that_answers_confirms(deliver: Delivery, server: VirtualPrinterServer) -> None:
    evidence = await deliver("Hello world")
    assert evidence == Evidence("processed", local_second(START))
    assert "Hello world" in (await server.next_printed()).paper.text
    assert deliver.began == 1


async def test_copies_come_out_as_many_times(deliver: Delivery, server: VirtualPrinterServer) -> None:
    await deliver("Hello world", copies=3)
    papers = [await server.next_printed() for _ in range(3)]
    assert all("Hello world" in paper.paper.text for paper in papers)
    assert server.printed.empty()


async def test_what_cannot_be_printed_is_told(deliver: Delivery) -> None:
    assert "\ue000" in (await deliver("a \ue000 b")).unprintable


async def test_a_port_that_never_answers_took_the_bytes_and_no_more_is_said(
    journal: SqliteJournal, listener: Listener, tmp_path: Path
) -> None:
    deliver = Delivery(journal, f"socket://127.0.0.1:{listener.port}", tmp_path)
    assert (await deliver("Hello world")).kind == "sent"
    assert b"Hello world" in listener.wait(1)[0]


async def test_a_printer_that_must_not_be_asked_is_not_asked(
    journal: SqliteJournal, listener: Listener, tmp_path: Path
) -> None:
    deliver = Delivery(journal, f"socket://127.0.0.1:{listener.port}", tmp_path, ask_status=False)
    await deliver(b"raw bytes", format="raw")
    assert listener.wait(1) == [b"raw bytes"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("paper", "media-empty-error"), ("cover", "cover-open-error"), ("offline", "offline-report")],
)
async def test_a_printer_that_cannot_print_gets_nothing(
    deliver: Delivery, server: VirtualPrinterServer, fault: str, reason: str
) -> None:
    server.set_faults(fault)
    with pytest.raises(NotSent) as caught:
        await deliver()
    assert caught.value.reason == reason
    assert deliver.began == 0
    server.set_faults()
    await deliver("second")
    assert "second" in (await server.next_printed()).paper.text
    assert server.printed.empty(), "the first was not sent, and is not printed later"


async def test_low_paper_does_not_stop_it(deliver: Delivery, server: VirtualPrinterServer) -> None:
    server.set_faults("low")
    assert (await deliver()).kind == "processed"


async def test_nobody_there(journal: SqliteJournal, tmp_path: Path) -> None:
    deliver = Delivery(journal, f"socket://127.0.0.1:{free_port()}?timeout=2", tmp_path)
    with pytest.raises(NotSent) as caught:
        await deliver()
    assert (caught.value.reason, deliver.began) == ("connecting-to-device", 0)
    assert caught.value.hint


async def test_a_printer_that_has_answered_before_and_is_silent_now_gets_nothing(
    deliver: Delivery, server: VirtualPrinterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await deliver("first")
    await server.next_printed()
    monkeypatch.setattr(ways, "ANSWER", 0.05)
    server.set_faults("mute")
    with pytest.raises(NotSent, match="answer"):
        await deliver("second")
    assert deliver.began == 1


@pytest.mark.parametrize("fault", ["close", "stall", "mute"])
async def test_trouble_after_the_first_byte_is_an_unknown_outcome(
    deliver: Delivery, server: VirtualPrinterServer, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FENCE", 0.1)
    deliver.when_begun = [fault]
    with pytest.raises(OutcomeUnknown):
        await deliver("Hello world " * 100)
    assert deliver.began == 1


async def test_a_withdrawn_job_sends_nothing(deliver: Delivery, server: VirtualPrinterServer) -> None:
    job = await deliver.job("withdrawn")
    with pytest.raises(Withdrawn):
        await deliver.sink.deliver(job, job.document, Gone())
    await deliver("next")
    assert "next" in (await server.next_printed()).paper.text
    assert server.printed.empty()


@pytest.mark.parametrize(
    ("content", "form", "reason"),
    [
        (b"\xff\xfe", "message", "document-format-error"),
        (b"no picture", "image", "document-format-error"),
        (b"x", "docx", "document-format-error"),
    ],
)
async def test_what_cannot_be_drawn_is_refused_before_anything_is_opened(
    deliver: Delivery, server: VirtualPrinterServer, content: bytes, form: str, reason: str
) -> None:
    with pytest.raises(Refused) as caught:
        await deliver(content, format=form)
    assert caught.value.reason == reason
    assert (deliver.began, server.connections) == (0, 0)


async def test_a_document_damaged_on_the_disk_is_refused(
    deliver: Delivery, journal: SqliteJournal, tmp_path: Path
) -> None:
    job = await journal.job((await deliver.job("large " * 10_000)).id)
    assert job is not None
    (file,) = (path for path in (tmp_path / "journal" / "documents").rglob("*") if path.is_file())
    file.write_bytes(b"other")
    with pytest.raises(Refused, match="damaged"):
        await deliver.sink.deliver(job, job.document, deliver)


async def test_the_connection_is_let_go_whatever_happens(deliver: Delivery, server: VirtualPrinterServer) -> None:
    """A virtual printer serves one connection at a time, as a real one: a leak would block the second job."""
    server.set_faults("paper")
    for _ in range(3):
        with pytest.raises(NotSent):
            await deliver()
    server.set_faults()
    await asyncio.gather(deliver("a"), deliver("b"))
    assert server.connections == 5


async def test_a_printer_that_came_back_as_another_is_asked_again(
    journal: SqliteJournal, listener: Listener, tmp_path: Path
) -> None:
    """A silent printer is replaced by one that answers: once it was off, the new one is asked."""
    port = free_port()
    deliver = Delivery(journal, f"socket://127.0.0.1:{port}?timeout=2", tmp_path)
    async with VirtualPrinterServer(port=port, faults=["mute"]) as silent:
        assert (await deliver()).kind == "sent"
        await silent.next_printed()
    with pytest.raises(NotSent):
        await deliver()
    async with VirtualPrinterServer(port=port):
        assert (await deliver()).kind == "processed"


async def test_a_printer_in_a_file_is_sent(journal: SqliteJournal, tmp_path: Path) -> None:
    evidence = await Delivery(journal, "file:out.bin", tmp_path)("Hello world")
    assert evidence.kind == "sent"
    assert b"Hello world" in (tmp_path / "out.bin").read_bytes()


async def test_ready_made_bytes_that_ask_the_printer_something_are_no_confirmation(
    deliver: Delivery, server: VirtualPrinterServer
) -> None:
    """The answer to the document's own GS r is not about its end."""
    evidence = await deliver(b"\x1b@\x1dr\x01Hello world\n\x1dVB\x00", format="raw")
    assert evidence.kind == "sent"
    assert (await deliver(b"\x1b@Hello world\n\x1dVB\x00", format="raw")).kind == "processed"


async def test_the_characters_that_are_missing_are_named_up_to_a_limit(deliver: Delivery) -> None:
    text = "".join(chr(0xE000 + number) for number in range(1_000))
    assert len((await deliver(text, format="text")).unprintable) == 200


async def test_a_printer_that_is_shared_is_left_without_automatic_status(
    journal: SqliteJournal, server: VirtualPrinterServer, tmp_path: Path
) -> None:
    """Another computer's program does not expect a printer that speaks by itself."""
    one = Delivery(journal, f"socket://127.0.0.1:{server.port}", tmp_path)
    assert (await one("Hello world")).kind == "processed"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"\x10\x04\x01")
    assert await asyncio.wait_for(reader.read(100), 20) == b"\x12"
    server.set_faults("low")
    writer.write(b"\x10\x04\x01")
    assert await asyncio.wait_for(reader.read(100), 20) == b"\x12", "and nothing by itself"
    writer.close()
    await writer.wait_closed()


async def test_answers_that_ready_made_bytes_asked_for_are_not_the_next_jobs(
    journal: SqliteJournal, server: VirtualPrinterServer, tmp_path: Path
) -> None:
    way = channel(f"socket://127.0.0.1:{server.port}", tmp_path, keep=True)
    one = Delivery(journal, f"socket://127.0.0.1:{server.port}", tmp_path)
    one.sink = sink(journal, way)
    await one(b"\x1b@\x1dr\x01ready-made\n\x1dVB\x00", format="raw")
    assert server.connections == 1
    assert (await one("next")).kind == "processed"
    assert server.connections == 2
    await way.close()
