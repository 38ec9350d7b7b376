from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from comptoir.core.errors import ConfigError
from comptoir.core.page import Line, Media, Page
from comptoir.devices.virtual import PaperRecord, VirtualDevice, papers
from comptoir.languages.escpos import Escpos

LANGUAGE = Escpos()
JOB = LANGUAGE.encode([Page((Line("Hello"),))], Media()).data


async def test_a_job_is_on_disk_before_it_is_confirmed(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:", tmp_path)
    connection = await device.open()
    await connection.write(LANGUAGE.ask_status() + JOB + LANGUAGE.ask_fence())
    replies = LANGUAGE.read_replies(await connection.read(5))
    assert (replies.answered, replies.fenced, replies.problems) == (True, True, ())
    assert b"Hello\n" in (tmp_path / "000001.bin").read_bytes()
    await connection.finish()
    await connection.close()
    await device.settled()


async def test_listeners_hear_of_a_paper_when_its_files_are_there(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:", tmp_path)
    heard: list[PaperRecord] = []

    def listen(record: PaperRecord) -> None:
        assert (tmp_path / f"{record.number:06}.png").exists()
        heard.append(record)

    device.listeners.append(listen)
    connection = await device.open()
    await connection.write(JOB + JOB)
    await connection.close()
    await device.settled()
    assert [(record.number, record.text) for record in heard] == [(1, "Hello\n"), (2, "Hello\n")]
    assert papers(tmp_path) == heard[::-1]


async def test_what_is_not_cut_comes_out_when_the_connection_ends(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:", tmp_path)
    connection = await device.open()
    await connection.write(b"no cut")
    assert papers(tmp_path) == []
    await connection.close()
    assert [paper.text for paper in papers(tmp_path)] == ["no cut\n"]
    await device.settled()


async def test_questions_alone_are_no_paper(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:", tmp_path)
    connection = await device.open()
    await connection.write(LANGUAGE.ask_status() + b"\x1b@" + LANGUAGE.ask_fence())
    await connection.close()
    assert papers(tmp_path) == []


async def test_paper_put_in_while_somebody_waits_for_the_answer() -> None:
    device = VirtualDevice("virtual:?faults=paper")
    connection = await device.open()
    await connection.write(JOB + LANGUAGE.ask_fence())
    assert await connection.read(0) == b""
    reading = asyncio.create_task(connection.read(10))
    await asyncio.sleep(0)
    device.printer.set_faults([])
    assert await reading == b"\x00"
    await connection.close()


async def test_paper_put_in_when_everybody_has_gone(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:?faults=paper", tmp_path)
    connection = await device.open()
    await connection.write(JOB)
    await connection.close()
    assert papers(tmp_path) == []
    device.printer.set_faults([])
    await device.settled()
    assert [paper.text for paper in papers(tmp_path)] == ["Hello\n"]


async def test_a_stalled_printer_is_given_up_and_comes_back() -> None:
    device = VirtualDevice("virtual:?faults=stall&stall=0.01")
    connection = await device.open()
    with pytest.raises(TimeoutError):
        await connection.write(JOB)
    device.stall = 10
    writing = asyncio.create_task(connection.write(LANGUAGE.ask_fence()))
    await asyncio.sleep(0)
    device.printer.set_faults([])
    await writing
    assert await connection.read(5) == b"\x00"
    await connection.close()


async def test_hanging_up_leaves_a_partial_paper(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:?faults=close", tmp_path)
    connection = await device.open()
    with pytest.raises(ConnectionResetError):
        await connection.write(b"x" * 500)
    with pytest.raises(EOFError):
        await connection.read(5)
    with pytest.raises(ConnectionResetError):
        await connection.finish()
    await connection.close()
    assert [len(path.read_bytes()) for path in tmp_path.glob("*.bin")] == [64]
    await device.settled()


async def test_one_prints_at_a_time() -> None:
    device = VirtualDevice("virtual:")
    first = await device.open()
    with pytest.raises(TimeoutError, match="busy"):
        await device.open(patience=0.01)
    second = asyncio.create_task(device.open())
    await first.close()
    await (await second).close()


async def test_a_printer_that_is_off() -> None:
    with pytest.raises(ConnectionRefusedError):
        await VirtualDevice("virtual:?faults=off").open()


async def test_slowly_but_whole() -> None:
    device = VirtualDevice("virtual:?faults=slow")
    came: list[bytes] = []
    device.on_printed.append(lambda printed: came.append(printed.data))
    connection = await device.open()
    await connection.write(b"x" * 200 + b"\n\x1dV\x00")
    await connection.close()
    assert came == [b"x" * 200 + b"\n\x1dV\x00"]


async def test_a_disk_that_cannot_be_written_is_an_error_and_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    device = VirtualDevice("virtual:", tmp_path / "file")
    connection = await device.open()
    with pytest.raises((FileExistsError, NotADirectoryError)):
        await connection.write(JOB + LANGUAGE.ask_fence())
    await connection.close()


def test_a_fault_that_there_is_none_of() -> None:
    with pytest.raises(ConfigError, match="fire"):
        VirtualDevice("virtual:?faults=fire")
