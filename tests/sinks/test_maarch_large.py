"""Large documents to the archive: never in memory, and an answer that comes before the last byte is heard."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.far import Told
from tests.peers.far_maarch import FarMaarch
from tests.peers.maarch_process import ROOT, MaarchProcess

from comptoir.core.document import Origin, Submission
from comptoir.core.errors import NotSent, Refused
from comptoir.core.job import Job
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks.maarch import LARGE, MaarchSink, make

#: more than the system's buffers take
SIZE = 20_000_000
PIECE = 1_000_000


class Bench:
    """The archive, a sink to it, and a document that is large."""

    def __init__(self, far: FarMaarch, journal: SqliteJournal, folder: Path, job: Job) -> None:
        self.archive = far.archive
        self.job = job
        self.told = Told()
        self._far, self._journal, self._folder = far, journal, folder
        self.sinks = [self._made("300 ms")]

    def _made(self, timeout: str) -> MaarchSink:
        config = self._far.config(timeout=timeout, url=self.archive.url)
        return make(config, self._journal, self._folder, FakeClock())

    def be_patient(self, attempts: int = 0) -> None:
        """From now on this machine may be as busy as it likes; the sink knows nothing of what was."""
        self.job = replace(self.job, attempts=attempts)
        self.sinks.append(self._made("60 s"))

    async def deliver(self) -> str:
        return (await self.sinks[-1].deliver(self.job, self.job.document, self.told)).detail

    @property
    def asked(self) -> list[str]:
        return [one.method for one in self.archive.seen]


async def pieces(size: int) -> AsyncIterator[bytes]:
    for number in range(size // PIECE):
        yield bytes([number % 256]) * PIECE


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    document = await journal.keep(pieces(SIZE), "application/pdf", "large.pdf")
    job = (await journal.accept(Submission(document, Origin("factures"), "archives"))).job
    async with FarMaarch(tmp_path) as far:
        one = Bench(far, journal, tmp_path, job)
        yield one
        for sink in one.sinks:
            await sink.close()
    await journal.close()


async def test_it_is_asked_for_before_so_much_is_sent(bench: Bench) -> None:
    assert bench.job.document.size > LARGE
    bench.be_patient()
    bench.archive.token = "another"
    with pytest.raises(NotSent, match="refuses the token"):
        await bench.deliver()
    assert bench.asked == ["GET"]
    assert bench.told.began == 0


@pytest.mark.parametrize("mode", ["413", "413-reset"])
async def test_an_answer_before_the_last_byte_is_heard(bench: Bench, mode: str) -> None:
    bench.be_patient()
    bench.archive.lie(mode)
    try:
        await bench.deliver()
    except Refused as error:
        assert "client_max_body_size" in error.hint
    except NotSent as error:
        # A reset may overtake the answer: the system drops what has come then.
        assert mode == "413-reset"
        assert "broke off after" in error.message
    else:
        raise AssertionError("it was taken")
    assert bench.archive.archives == {}


@pytest.mark.parametrize("mode", ["stall", "stall-body", "stall-stored", "cut-body", "cut"])
async def test_silence_has_an_end_and_it_arrives_once(bench: Bench, mode: str) -> None:
    bench.archive.lie(mode)
    with pytest.raises(NotSent) as caught:
        await bench.deliver()
    assert "127.0.0.1" in caught.value.message
    is_there = bool(bench.archive.archives)
    bench.be_patient(attempts=1)
    known = "known already" in await bench.deliver()
    assert known or not is_there
    (archive,) = bench.archive.archives.values()
    assert archive.resources[0]["hash"] == bench.job.document.digest
    assert len(archive.contents[0]) == SIZE


async def test_who_is_cancelled_sends_no_more(bench: Bench) -> None:
    bench.be_patient()
    bench.archive.lie("stall-body")
    delivery = asyncio.ensure_future(bench.deliver())
    await bench.archive.until(lambda archive: archive.deposits == 1)
    delivery.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivery
    assert bench.archive.archives == {}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process tells its memory otherwise")
def test_its_memory_does_not_grow_with_a_document(tmp_path: Path) -> None:
    """Measured in a process of its own; by hand with 2,000,000,000 bytes, too (docs/maarch.md)."""
    size = 300_000_000
    with MaarchProcess(tmp_path) as archive:
        (tmp_path / "laabs.token").write_text(archive.token)
        command = [sys.executable, "-m", "tests.peers.maarch_sender", archive.url, str(tmp_path), str(size)]
        said = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=300).stdout)
        (_, stored) = archive.archives()
    assert stored["resources"][0] == {
        "fileName": "large.pdf", "fileExtension": "pdf", "mimetype": "application/octet-stream", "size": size,
        "hash": said["digest"], "hashAlgorithm": "SHA256",
    }  # fmt: skip
    assert said["growth"] < 50_000_000
