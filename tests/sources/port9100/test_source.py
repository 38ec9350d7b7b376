"""The port against real senders: what they print is taken, what they ask is answered, what breaks is said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.peers.captures import PATIENCE, Captures

from comptoir.arrivals import Port9100SourceConfig
from comptoir.core.errors import ConfigError, JournalError
from comptoir.core.kept import Capture
from comptoir.core.print_header import UEL
from comptoir.resetting import reset
from comptoir.sources import capture_port as module
from comptoir.sources.port9100 import make
from comptoir.sources.port9100.connection import GONE, SILENT, Patience
from comptoir.sources.port9100.source import Port9100Source

CUT = b"\x1dV\x00"
ONE, TWO = b"\x1b@CAFE DU PORT\n1 cafe\n" + CUT, b"\x1b@CAFE DU PORT\n2 cafes\n" + CUT
JOB = UEL + b'@PJL JOB NAME="Audit"\n@PJL SET USERNAME="claire"\n@PJL ENTER LANGUAGE=PCL\nx' + UEL + b"@PJL EOJ\n" + UEL


class Sender:
    """A program that prints to the port."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def end(self) -> bytes:
        """Close our half; what was said until the port closes its own."""
        self.writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            said = await self.reader.read()
        self.writer.close()
        return said

    async def refused(self) -> bool:
        """Whether the connection is reset."""
        try:
            async with asyncio.timeout(PATIENCE):
                return bool(await self.reader.read() and False)
        except ConnectionError:
            return True

    def break_off(self) -> None:
        """As a computer whose program crashed with bytes unread: a reset."""
        reset(self.writer)


class Port:
    """A running port, and what it took."""

    def __init__(self, folder: Path, patience: Patience = Patience(), **keys: object) -> None:  # noqa: B008
        self.captures = Captures(folder)
        config = Port9100SourceConfig(name="till", port=0, **keys)  # type: ignore[arg-type]
        self.source = Port9100Source(config, self.captures.surroundings(), patience, 1_000_000)
        self._changed = asyncio.Event()
        self.source.on_change.append(self._changed.set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Port]:
        running = asyncio.create_task(self.source.run())
        try:
            await self.until(lambda: self.source.port or running.done())
            yield self
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def until(self, done: object) -> None:
        assert callable(done)
        async with asyncio.timeout(PATIENCE):
            while not done():
                self._changed.clear()
                await self._changed.wait()

    async def sender(self) -> Sender:
        return Sender(*await asyncio.open_connection("127.0.0.1", self.source.port))

    async def some(self, count: int) -> list[Capture]:
        return await self.captures.some(count)


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[Port]:
    async with Port(tmp_path).running() as one:
        yield one


async def test_a_document_ends_with_its_connection(port: Port) -> None:
    sender = await port.sender()
    await sender.send(b"%PDF-1.4 ...%%EOF\n")
    assert await sender.end() == b""
    (capture,) = await port.some(1)
    assert capture.document.media_type == "application/pdf"
    assert (capture.origin.source, capture.origin.host, capture.partial) == ("till", "127.0.0.1", "")
    state = port.source.state()
    assert (state.taken, state.busy, state.trouble) == (1, 0, "")
    assert state.addresses == (f"socket://127.0.0.1:{port.source.port}",)


async def test_several_receipts_on_one_connection(port: Port) -> None:
    sender = await port.sender()
    await sender.send(ONE + TWO)
    await port.some(2)  # the second one ends by the short silence behind its cut
    await sender.send(ONE)
    captures = await port.some(3)
    assert port.captures.contents == [ONE, TWO, ONE]
    assert [capture.title for capture in captures] == ["CAFE DU PORT"] * 3
    assert len({capture.uid for capture in captures}) == 3
    await sender.end()


async def test_the_job_of_an_office_driver(port: Port) -> None:
    sender = await port.sender()
    await sender.send(JOB + JOB)
    captures = await port.some(2)
    assert port.captures.contents == [JOB, JOB]
    assert [(capture.title, capture.origin.user) for capture in captures] == [("Audit", "claire")] * 2
    await sender.end()


async def test_silence_ends_a_document_that_is_whole(tmp_path: Path) -> None:
    async with Port(tmp_path, Patience(idle=0.05, stalled=300)).running() as port:
        sender = await port.sender()
        await sender.send(b"a line\n")
        await port.some(1)
        await sender.send(b"%PDF-1.4 and no end yet")
        other = await port.sender()
        await other.send(b"another\n")
        await other.end()
        await port.some(2)
        assert port.source.state().busy == 1
        await sender.send(b"%%EOF\n")
        await port.some(3)
        assert port.captures.contents[2] == b"%PDF-1.4 and no end yet%%EOF\n"


@pytest.mark.not_wine  # its receiving side takes the reset for an end
async def test_a_connection_that_breaks_leaves_a_partial(port: Port) -> None:
    sender = await port.sender()
    await sender.send(b"Ticket 1\nmore")
    await port.until(lambda: port.source.state().busy)
    sender.break_off()
    (capture,) = await port.some(1)
    assert capture.partial == GONE


@pytest.mark.parametrize("half", [b"%PDF-1.4 ...", b"Ticket\n\x1dv0\x00\x10\x00\x10\x00\xff"])
async def test_an_end_in_the_middle_is_a_partial(port: Port, half: bytes) -> None:
    sender = await port.sender()
    await sender.send(half)
    await sender.end()
    (capture,) = await port.some(1)
    assert (capture.partial, capture.document.content) == (GONE, half)


async def test_silence_in_the_middle_is_a_partial(tmp_path: Path) -> None:
    async with Port(tmp_path, Patience(idle=0.01, stalled=0.02)).running() as port:
        sender = await port.sender()
        await sender.send(b"Ticket\n\x1dv0\x00\x10\x00\x10\x00\xff")
        (capture,) = await port.some(1)
        assert capture.partial == SILENT
        await sender.send(b"whole\n")
        assert (await port.some(2))[1].partial == ""


async def test_only_what_stalls_is_a_partial(tmp_path: Path) -> None:
    async with Port(tmp_path, Patience(idle=0.01, stalled=0.02)).running() as port:
        sender = await port.sender()
        await sender.send(ONE + b"\x1dv0\x00\x10\x00\x10\x00\xff")
        captures = await port.some(2)
        assert [capture.partial for capture in captures] == ["", SILENT]
        assert port.captures.contents[0] == ONE


async def test_nothing_but_questions_is_no_document(port: Port) -> None:
    port.captures.answers = {b"\x10\x04\x01": b"\x16", UEL + b"@PJL INFO ID\r\n" + UEL: b"@PJL INFO ID\r\nLASER\r\n\f"}
    sender = await port.sender()
    await sender.send(b"\x10\x04\x01")
    assert await sender.reader.readexactly(1) == b"\x16"
    await sender.end()
    sender = await port.sender()
    await sender.send(UEL + b"@PJL INFO ID\r\n" + UEL)
    assert await sender.end() == b"@PJL INFO ID\r\nLASER\r\n\f"
    await (await port.sender()).end()
    assert port.captures.taken == []


async def test_no_replies_where_none_are_wanted(tmp_path: Path) -> None:
    async with Port(tmp_path, replies=False).running() as port:
        sender = await port.sender()
        await sender.send(b"\x10\x04\x01\x1bp\x00\x19\xfa" + ONE)
        assert await sender.end() == b""
        assert (port.captures.asked, port.captures.contents) == ([], [ONE])
        assert port.captures.pulses == [b"\x1bp\x00\x19\xfa"]


async def test_a_drawer_opens_now_and_with_no_document(port: Port) -> None:
    sender = await port.sender()
    await sender.send(b"\x1b@\x1bp\x00\x19\xfa")
    await port.captures.until(lambda: port.captures.pulses)
    await sender.end()
    assert port.captures.taken == []


@pytest.mark.parametrize("where", ["full", "broken"])
async def test_what_cannot_be_kept_is_refused_by_a_reset(port: Port, where: str) -> None:
    setattr(port.captures, where, JournalError("the disk is full", "Make room."))
    sender = await port.sender()
    await sender.send(ONE)
    with suppress(OSError):
        sender.writer.write_eof()
    assert await sender.refused()
    await port.until(lambda: port.source.state().trouble)
    state = port.source.state()
    assert (state.trouble, state.hint, state.since) == ("the disk is full", "Make room.", port.captures.clock.at)
    assert [(one.why, one.reference) for one in state.unkept] == [("the disk is full", "127.0.0.1")]
    setattr(port.captures, where, None)
    sender = await port.sender()
    await sender.send(ONE)
    await sender.end()
    await port.some(1)
    assert port.source.state().trouble == ""


async def test_what_is_too_large_is_refused(port: Port) -> None:
    sender = await port.sender()
    with suppress(OSError):
        for _ in range(40):
            await sender.send(b"%PDF-1.4" + b"x" * 65_536)
    assert await sender.refused()
    assert port.captures.taken == []
    assert port.source.state().trouble == ""  # it is the sender's


async def test_one_more_sender_takes_the_place_of_a_silent_one(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    silent, busy = await port.sender(), await port.sender()
    await busy.send(b"Ticket\n")
    await port.until(lambda: port.source.state().busy)
    late = await port.sender()
    await late.send(b"late\n")
    assert await silent.refused()
    await port.until(lambda: port.source.state().busy == 2)
    assert await (await port.sender()).refused()
    await late.end()
    await busy.end()
    assert sorted(port.captures.contents) == [b"Ticket\n", b"late\n"]


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    async with Port(tmp_path).running() as first:
        second = Port(tmp_path)
        second.source._address = ("127.0.0.1", first.source.port)
        running = asyncio.create_task(second.source.run())
        await second.until(lambda: second.source.state().trouble)
        assert f"the port {first.source.port} cannot be listened on" in second.source.state().trouble
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_values_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="till"):
        make(Port9100SourceConfig(name="till", idle="soon"), Captures(tmp_path).surroundings())
    assert make(Port9100SourceConfig(name="till", idle=""), Captures(tmp_path).surroundings())._patience.idle is None
