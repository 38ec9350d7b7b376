"""The process that reads documents, for real: it starts, rests, dies, and is there again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from comptoir.archive.errand import Errand
from comptoir.archive.worker import Died, Worker

TEXT = Errand(task="read", key="k", media_type="text/plain", size=4)


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    one = Worker(idle=0.05)
    yield one
    await one.close()


def pid_of(worker: Worker) -> int:
    assert worker._process is not None
    return worker._process.pid


async def test_it_starts_with_the_first_document_and_ends_when_there_is_none(worker: Worker) -> None:
    assert not worker.running
    answer, _ = await worker.ask(TEXT, b"text")
    assert answer.text == "text"
    process = worker._process
    assert process is not None
    assert await process.wait() == 0
    assert not worker.running


async def test_a_file_is_read_by_its_path(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "é.txt").write_text("from a file")
    answer, _ = await worker.ask(Errand(task="read", key="k", media_type="text/plain", path=str(tmp_path / "é.txt")))
    assert answer.text == "from a file"
    gone, _ = await worker.ask(Errand(task="read", key="o", media_type="text/plain", path=str(tmp_path / "none")))
    assert gone.trouble


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
async def test_what_takes_too_long_ends_it_and_it_comes_back(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    worker = Worker(patience={"read": 0.5, "draw": 30, "eyes": 30})
    endless = Errand(task="read", key="k", media_type="text/plain", path=str(tmp_path / "pipe"))
    with pytest.raises(Died, match="longer"):
        await worker.ask(endless)
    assert not worker.running
    worker._patience["read"] = 30
    assert (await worker.ask(TEXT, b"text"))[0].text == "text"
    await worker.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
async def test_who_dies_in_the_middle_has_died_of_the_document(worker: Worker, tmp_path: Path) -> None:
    await worker.ask(TEXT, b"text")
    os.mkfifo(tmp_path / "pipe")
    asking = asyncio.create_task(
        worker.ask(Errand(task="read", key="o", media_type="text/plain", path=str(tmp_path / "pipe")))
    )
    writing = await asyncio.to_thread(os.open, tmp_path / "pipe", os.O_WRONLY)  # it has begun to read
    os.kill(pid_of(worker), signal.SIGKILL)
    with pytest.raises(Died, match="ended"):
        await asking
    os.close(writing)
    assert (await worker.ask(TEXT, b"text"))[0].text == "text"


@pytest.mark.skipif(sys.platform != "linux", reason="bounds of memory are those of Linux")
async def test_a_document_that_wants_too_much_memory_gets_none(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(3_000_000_000)
    worker = Worker()
    answer, _ = await worker.ask(Errand(task="read", key="k", media_type="image/urf", path=str(tmp_path / "large")))
    assert "MemoryError" in answer.trouble
    assert worker.running
    await worker.close()


async def test_who_stops_waiting_leaves_no_half_answer(worker: Worker) -> None:
    await worker.ask(TEXT, b"text")
    asking = asyncio.create_task(worker.ask(TEXT, b"text"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    other = Errand(task="read", key="o", media_type="text/plain", size=5)
    assert (await worker.ask(other, b"other"))[0].text == "other"


async def test_one_at_a_time(worker: Worker) -> None:
    errands = [Errand(task="read", key=str(n), media_type="text/plain", size=1) for n in range(5)]
    found = await asyncio.gather(*(worker.ask(one, b"%d" % n) for n, one in enumerate(errands)))
    assert [answer.text for answer, _ in found] == ["0", "1", "2", "3", "4"]
