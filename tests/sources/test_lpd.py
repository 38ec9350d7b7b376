"""The line printer daemon against senders that do what CUPS, Windows and BSD do, and what broken ones do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.captures import PATIENCE, Captures

from comptoir.arrivals import LpdSourceConfig
from comptoir.core.errors import ConfigError, JournalError
from comptoir.sources import lpd as module
from comptoir.sources.lpd import ALONE, GONE, LpdSource, make

CONTROL = b"Hdesk\nPclaire\nJAudit du soir\nldfA001desk\nNaudit.txt\n"
TEXT = b"Audit\nline\n"


class Line:
    """Who speaks the protocol to the port, octet by octet."""

    def __init__(self, source: LpdSource) -> None:
        self._source = source

    async def __aenter__(self) -> Line:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._source.port)
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.writer.close()

    async def say(self, data: bytes) -> bytes:
        """The octet that answers; empty where the port hangs up."""
        if data:
            self.writer.write(data)
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read(1)

    async def file(self, section: bytes, name: bytes, content: bytes) -> bytes:
        """Announce a file and send it; the answer to the whole."""
        assert await self.say(b"%s%d %s\n" % (section, len(content), name)) == b"\0"
        return await self.say(content + b"\0")

    async def ask(self, data: bytes) -> bytes:
        self.writer.write(data)
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()

    def half_close(self) -> None:
        self.writer.write_eof()


@pytest.fixture
def captures(tmp_path: Path) -> Captures:
    return Captures(tmp_path)


@pytest.fixture
async def source(captures: Captures) -> AsyncIterator[LpdSource]:
    one = LpdSource(LpdSourceConfig(name="lines", port=0), captures.surroundings(), 1_000_000)
    listening = asyncio.Event()
    one.on_change.append(listening.set)
    running = asyncio.create_task(one.run())
    await listening.wait()
    yield one
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_files_without_an_order_crowd_nobody_out(
    source: LpdSource, captures: Captures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    async with Line(source) as first, Line(source) as second:
        for line in (first, second):
            assert await line.say(b"\x02lp\n") == b"\0"
            assert await line.file(b"\x03", b"dfA001pc", b"x") == b"\0"
        assert await second.say(b"\x031 dfB001pc\n") == b"\0"
        assert await second.say(b"") == b"\1", "refused"
    async with Line(source) as third:
        assert await third.say(b"\x02lp\n") == b"\0"


@pytest.mark.parametrize("order", ["control", "data"])
async def test_a_job_in_either_order(source: LpdSource, captures: Captures, order: str) -> None:
    async with Line(source) as line:
        assert await line.say(b"\x02any queue\n") == b"\0"
        parts = [(b"\x02", b"cfA001desk", CONTROL), (b"\x03", b"dfA001desk", TEXT)]
        for section, name, content in parts if order == "control" else parts[::-1]:
            assert await line.file(section, name, content) == b"\0"
        (capture,) = captures.taken  # before the connection ends: the last answer said so
    assert capture.document.content == TEXT
    assert (capture.title, capture.origin.user, capture.origin.host) == ("Audit du soir", "claire", "desk")
    assert (capture.printer, capture.copies, capture.partial) == ("any", 1, "")
    assert source.state().addresses == (f"lpd://127.0.0.1:{source.port}",)


async def test_two_jobs_on_one_connection_and_two_files_in_one_job(source: LpdSource, captures: Captures) -> None:
    control = b"Hdesk\nPzo\nfdfA2\nfdfA2\nNone.txt\nfdfB2\nNtwo.txt\n"
    async with Line(source) as line:
        assert await line.say(b"\x02lp\n") == b"\0"
        assert await line.file(b"\x02", b"cfA001desk", CONTROL) == b"\0"
        assert await line.file(b"\x03", b"dfA001desk", TEXT) == b"\0"
        assert await line.file(b"\x03", b"dfA2", b"one") == b"\0"
        assert await line.file(b"\x02", b"cfA2", control) == b"\0"
        assert len(captures.taken) == 1
        assert await line.file(b"\x03", b"dfB2", b"two") == b"\0"
    assert [(one.title, one.copies) for one in captures.taken] == [("Audit du soir", 1), ("one.txt", 2), ("two.txt", 1)]
    assert captures.contents[1:] == [b"one", b"two"]
    assert captures.given_up == 0


@pytest.mark.parametrize("size", [b"0", b"125899906843000"])
@pytest.mark.parametrize("last", [b"", b"\0"])
async def test_windows_that_does_not_count(source: LpdSource, captures: Captures, size: bytes, last: bytes) -> None:
    async with Line(source) as line:
        assert await line.say(b"\x02lp\n") == b"\0"
        assert await line.file(b"\x02", b"cfA001desk", CONTROL) == b"\0"
        assert await line.say(b"\x03" + size + b" dfA001desk\n") == b"\0"
        line.writer.write(TEXT + last)
        line.half_close()
        assert await line.say(b"") == b"\0"
    assert captures.contents == [TEXT]
    assert captures.taken[0].partial == ""


async def test_an_empty_file_is_one(source: LpdSource, captures: Captures) -> None:
    async with Line(source) as line:
        assert await line.say(b"\x02lp\n") == b"\0"
        assert await line.file(b"\x03", b"dfA001desk", b"") == b"\0"
        assert await line.file(b"\x02", b"cfA001desk", CONTROL) == b"\0"
    assert captures.contents == [b""]


async def test_the_document_says_what_the_control_file_does_not(source: LpdSource, captures: Captures) -> None:
    async with Line(source) as line:
        await line.say(b"\x02lp\n")
        await line.file(b"\x02", b"cfA1", b"ldfA1\n")
        await line.file(b"\x03", b"dfA1", b"%!PS-Adobe-3.0\n%%Title: (Flash)\n%%For: zo\n")
    capture = captures.taken[0]
    assert (capture.title, capture.origin.user, capture.origin.host) == ("Flash", "zo", "127.0.0.1")


async def test_who_goes_in_the_middle_leaves_a_part(source: LpdSource, captures: Captures) -> None:
    async with Line(source) as line:
        await line.say(b"\x02lp\n")
        await line.file(b"\x02", b"cfA001desk", CONTROL)
        assert await line.say(b"\x03100 dfA001desk\n") == b"\0"
        line.writer.write(TEXT)
    (capture,) = await captures.some(1)
    assert (capture.partial, capture.document.content, capture.title) == (GONE, TEXT, "Audit du soir")
    async with Line(source) as line:
        await line.say(b"\x02lp\n")
        await line.file(b"\x03", b"dfA001desk", TEXT)
    assert (await captures.some(2))[1].partial == ALONE


async def test_silence_is_the_same(source: LpdSource, captures: Captures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENCE", 0.05)
    async with Line(source) as line:
        await line.say(b"\x02lp\n")
        assert await line.say(b"\x03100 dfA001desk\n") == b"\0"
        line.writer.write(TEXT)
        assert (await captures.some(1))[0].partial == GONE
        assert await line.say(b"") == b""


async def test_a_job_that_is_taken_back_is_nothing(source: LpdSource, captures: Captures) -> None:
    async with Line(source) as line:
        await line.say(b"\x02lp\n")
        await line.file(b"\x03", b"dfA001desk", TEXT)
        assert await line.say(b"\x01\n") == b"\0"
        await line.file(b"\x02", b"cfA001desk", b"Hdesk\nldfZ\n")
    await captures.until(lambda: True)
    assert (captures.taken, captures.given_up) == ([], 1)


@pytest.mark.parametrize("where", ["full", "broken"])
async def test_what_cannot_be_kept_is_not_acknowledged(source: LpdSource, captures: Captures, where: str) -> None:
    setattr(captures, where, JournalError("the disk is full"))
    async with Line(source) as line:
        await line.say(b"\x02lp\n")
        await line.file(b"\x02", b"cfA001desk", CONTROL)
        assert await line.file(b"\x03", b"dfA001desk", TEXT) == b"\1"
    assert captures.taken == []
    assert (source.state().trouble, len(source.state().unkept)) == ("the disk is full", 1)


async def test_what_a_queue_says(source: LpdSource) -> None:
    async with Line(source) as line:
        assert await line.ask(b"\x04front desk\n") == b"front: ready\nno entries\n"
    async with Line(source) as line:
        assert await line.ask(b"\x03lp\n") == b"lp: ready\nno entries\n"
    for nothing in (b"\x01lp\n", b"\x05lp root 3\n"):
        async with Line(source) as line:
            assert await line.ask(nothing) == b"\0"


@pytest.mark.parametrize(
    "stream", [b"GET / HTTP/1.1\r\n\r\n", b"\x02lp\n\x02x\n", b"x" * 5000, b"\x02lp\n\x0299999999 cf\n"]
)
async def test_what_is_no_protocol_is_refused(source: LpdSource, captures: Captures, stream: bytes) -> None:
    async with Line(source) as line:
        assert (await line.ask(stream)).endswith(b"\1")
    assert captures.taken == []


async def test_the_same_file_twice_and_too_many(source: LpdSource) -> None:
    async with Line(source) as line:
        await line.say(b"\x02lp\n")
        await line.file(b"\x03", b"dfA", TEXT)
        assert await line.ask(b"\x035 dfA\n") == b"\0\1"


def test_values_that_cannot_be(captures: Captures) -> None:
    with pytest.raises(ConfigError, match="lines"):
        make(LpdSourceConfig(name="lines", largest="much"), captures.surroundings())
    assert make(LpdSourceConfig(name="lines"), captures.surroundings()).name == "lines"
