"""Bytes that others have made for a receipt printer: no drawer opens late, and a reprint says what it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import channel, sink
from tests.peers.listener import Listener
from tests.peers.papers import submission

from comptoir.core.document import RAW
from comptoir.core.errors import Refused
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import ready_made
from comptoir.sinks.ready_made import LATE

RECEIPT = b"\x1b@Shop\n\x1bp\x00\x19\xfaTotal 12.00\n\x1dV\x00"
SAFE = RECEIPT.replace(b"\x1bp\x00\x19\xfa", bytes(5))


class Began:
    async def started(self) -> None: ...

    def stopped(self, reason: str, message: str) -> None: ...

    def resumed(self) -> None: ...


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def journal(tmp_path: Path, clock: FakeClock) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", clock)
    yield one
    await one.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as one:
        yield one


@pytest.mark.parametrize(
    ("waited", "arrives"), [(0, RECEIPT), (LATE, RECEIPT), (LATE + 1, SAFE), (3_600_000, SAFE), (-1, SAFE)]
)
async def test_a_pulse_goes_now_or_never(
    journal: SqliteJournal, clock: FakeClock, listener: Listener, tmp_path: Path, waited: int, arrives: bytes
) -> None:
    printer = sink(journal, channel(f"socket://127.0.0.1:{listener.port}", tmp_path, ask=False), clock=clock)
    job = (await journal.accept(submission(RECEIPT, media_type=RAW, format="raw"))).job
    clock.advance(waited)
    await printer.deliver(job, job.document, Began())
    assert listener.wait(1) == [arrives]


@pytest.mark.parametrize(
    ("of", "arrives"),
    [({"attributes": {"source": "lpd"}}, SAFE), ({"attributes": {"source": "caisse"}, "original": 1}, RECEIPT)],
)
async def test_who_may_print_on_a_port_may_not_open_a_drawer(
    journal: SqliteJournal, clock: FakeClock, listener: Listener, tmp_path: Path, of: dict[str, Any], arrives: bytes
) -> None:
    """A file of a watched folder may: who writes there is at the machine."""
    printer = sink(journal, channel(f"socket://127.0.0.1:{listener.port}", tmp_path, ask=False), clock=clock)
    job = (await journal.accept(submission(RECEIPT, media_type=RAW, format="raw", **of))).job
    await printer.deliver(job, job.document, Began())
    assert listener.wait(1) == [arrives]


async def test_a_reprint_says_so_and_opens_no_drawer(journal: SqliteJournal, clock: FakeClock, tmp_path: Path) -> None:
    async with VirtualPrinterServer() as server:
        printer = sink(journal, channel(f"socket://127.0.0.1:{server.port}", tmp_path), clock=clock)
        job = (await journal.accept(submission(RECEIPT, media_type=RAW, format="raw", reprint_of=1))).job
        await printer.deliver(job, job.document, Began())
        assert "DUPLICATA" in (await server.next_printed()).paper.text
        assert not server.drawer.open


async def test_a_reprint_that_cannot_be_marked_is_refused(
    journal: SqliteJournal, clock: FakeClock, listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready_made, "LARGEST", 10)
    printer = sink(journal, channel(f"socket://127.0.0.1:{listener.port}", tmp_path, ask=False), clock=clock)
    job = (await journal.accept(submission(RECEIPT, media_type=RAW, format="raw", reprint_of=1))).job
    with pytest.raises(Refused):
        await printer.deliver(job, job.document, Began())
