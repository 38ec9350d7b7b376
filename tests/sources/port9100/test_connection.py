"""One sender: what he asks while he sends, what he hears when he has closed his half, and how little waits for him."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.captures import PATIENCE, Captures

from comptoir.core.document import Document
from comptoir.core.errors import NotSent
from comptoir.sources.arriving import Arriving
from comptoir.sources.port9100.connection import QUESTIONS, Connection, Patience, Port

ASK = b"\x10\x04\x01"


class Talk:
    """A connection over a pair of sockets."""

    def __init__(self, captures: Captures, patience: Patience = Patience()) -> None:  # noqa: B008
        self.documents: list[tuple[bytes, str]] = []
        self._came = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.asked = 0
        self.pulses: list[bytes] = []
        self.error: Exception | None = None
        self._journal = captures.surroundings().journal
        self._port = Port(lambda: Arriving(self._journal, None), self._take, self._ask, self._pulse, patience)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        where = self._server.sockets[0].getsockname()
        self.reader, self.writer = await asyncio.open_connection(*where)

    async def end(self) -> None:
        self.writer.close()
        self._server.close()
        async with asyncio.timeout(PATIENCE):
            await self.served

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.served: asyncio.Future[Any] = asyncio.ensure_future(Connection(reader, writer, "x", self._port).serve())
        await asyncio.wait([self.served])
        writer.close()

    async def _take(self, document: Document, head: bytes, host: str, partial: str) -> None:
        self.documents.append((document.content or b"", partial))
        self._came.set()

    async def came(self) -> None:
        """Once a document did."""
        async with asyncio.timeout(PATIENCE):
            await self._came.wait()

    async def _ask(self, question: bytes) -> bytes:
        self.asked += 1
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return b"%d " % self.asked

    async def _pulse(self, pulse: bytes) -> None:
        self.pulses.append(pulse)
        self._came.set()
        if self.error is not None:
            raise self.error


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    one = Talk(Captures(tmp_path))
    await one.start()
    yield one
    await one.end()


async def answer(talk: Talk) -> bytes:
    async with asyncio.timeout(PATIENCE):
        return await talk.reader.read()


async def test_who_has_closed_his_half_is_answered_still(talk: Talk) -> None:
    talk.writer.write(b"Ticket\n" + ASK)
    talk.writer.write_eof()
    talk.may_answer.set()
    assert await answer(talk) == b"1 "
    assert talk.documents == [(b"Ticket\n", "")]


async def test_a_question_does_not_hold_up_the_document(talk: Talk) -> None:
    talk.writer.write(ASK + b"Ticket\n\x1dV\x00next\n")
    await talk.came()
    assert talk.documents == [(b"Ticket\n\x1dV\x00", "")]
    talk.may_answer.set()
    talk.writer.write_eof()
    assert await answer(talk) == b"1 "


async def test_a_drawer_waits_for_no_answer(talk: Talk) -> None:
    talk.error = NotSent("it is away")
    talk.writer.write(ASK + b"\x1bp\x00\x19\xfa")
    await talk.came()
    assert (talk.pulses, talk.documents) == ([b"\x1bp\x00\x19\xfa"], [])
    talk.may_answer.set()
    talk.writer.write_eof()
    assert await answer(talk) == b""


async def test_a_flood_of_questions_is_bounded(talk: Talk) -> None:
    talk.writer.write(ASK * 1000)
    talk.writer.write_eof()
    talk.may_answer.set()
    assert len((await answer(talk)).split()) <= QUESTIONS + 1


async def test_a_printer_that_cannot_be_asked_is_silence(talk: Talk) -> None:
    talk.error = NotSent("it is away")
    talk.may_answer.set()
    talk.writer.write(ASK + b"Ticket\n")
    talk.writer.write_eof()
    assert await answer(talk) == b""
    assert talk.documents == [(b"Ticket\n", "")]


async def test_without_idle_only_the_connection_ends_a_document(tmp_path: Path) -> None:
    talk = Talk(Captures(tmp_path), Patience(cut=0.01, idle=None, stalled=0.02))
    await talk.start()
    talk.writer.write(b"Ticket\n\x1dV\x00")
    await talk.came()
    talk.writer.write(b"no cut\n")
    other = Talk(Captures(tmp_path), Patience(cut=0.01, idle=0.02, stalled=0.03))
    await other.start()
    other.writer.write(b"no cut\n")
    await other.came()
    assert len(talk.documents) == 1
    talk.writer.write_eof()
    assert await answer(talk) == b""
    assert talk.documents[1] == (b"no cut\n", "")
    await other.end()
    await talk.end()


async def test_a_connection_that_the_system_gives_up_is_no_silence(tmp_path: Path) -> None:
    """What TCP says of a sender whose power went is a TimeoutError, as our own patience is."""
    talk = Talk(Captures(tmp_path))
    reader = asyncio.StreamReader()
    reader.set_exception(TimeoutError(110, "Connection timed out"))
    writer: Any = None
    async with asyncio.timeout(PATIENCE):
        await Connection(reader, writer, "x", talk._port).serve()
    assert talk.documents == []


@pytest.mark.parametrize(
    "request_of",
    [
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1:22910\r\n\r\n",
        b"GET /" + b"a" * 30_000 + b" HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
    ],
)
async def test_a_page_in_a_browser_neither_prints_nor_opens_a_drawer(tmp_path: Path, request_of: bytes) -> None:
    talk = Talk(Captures(tmp_path))
    await talk.start()
    talk.writer.write(request_of + b"\x1bp\x00\x19\xfaTicket\n\x1dV\x00")
    assert await answer(talk) == b""
    assert (talk.pulses, talk.documents) == ([], [])
    with pytest.raises(ConnectionAbortedError):
        await talk.end()


async def test_a_ticket_that_begins_with_such_a_word_is_one(talk: Talk) -> None:
    talk.writer.write(b"POST OFFICE\n\x1dV\x00")
    await talk.came()
    assert len(talk.documents) == 1
