from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from comptoir.core.errors import ConfigError
from comptoir.core.page import Line, Media, Page
from comptoir.core.profile import Confirm, DrawerPulse
from comptoir.devices.paper_folder import PaperFolder
from comptoir.devices.virtual import PaperRecord, VirtualDevice, papers
from comptoir.devices.virtual_printer import Snapshot
from comptoir.languages.escpos import Escpos

LANGUAGE = Escpos()
CONFIRMS: list[Confirm] = ["process-id", "in-order"]
FENCE = LANGUAGE.fence("in-order", 1)
JOB = LANGUAGE.encode([Page((Line("Hello"),))], Media()).data


async def test_a_job_is_on_disk_before_it_is_confirmed(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:", tmp_path)
    connection = await device.open()
    await connection.write(LANGUAGE.ask_status() + JOB + FENCE)
    assert await connection.read(5) == b"\x12\x12\x12\x12\x00"
    assert b"Hello\n" in (tmp_path / "000001.bin").read_bytes()
    await connection.finish()
    await connection.close()
    await device.settled()


async def test_what_it_says_is_understood() -> None:
    """Out of paper in the middle, a question, paper again: the same job is confirmed by both fences, and not before."""
    device, hearing = VirtualDevice("virtual:?faults=paper=2"), LANGUAGE.listener()
    connection = await device.open()
    await connection.write(LANGUAGE.watch() + b"1\n2\n3\n\x1dV\x00")
    for confirm in CONFIRMS:
        hearing.fencing(confirm, 42)
        await connection.write(LANGUAGE.fence(confirm, 42))
    hearing.asking()
    await connection.write(LANGUAGE.ask_status())
    hearing.feed(await connection.read(5))
    assert (hearing.answers, hearing.state.problems) == (1, ("media-empty-error",))
    assert not any(hearing.passed(confirm, 42) for confirm in CONFIRMS)
    device.printer.load_paper()
    while not all(hearing.passed(confirm, 42) for confirm in CONFIRMS):
        hearing.feed(await connection.read(5))
    assert hearing.state.problems == ()
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


async def test_nobody_hears_of_a_paper_before_it_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go, keep = threading.Event(), PaperFolder.keep

    def slowly(folder: PaperFolder, data: bytes) -> int:
        assert go.wait(10)
        return keep(folder, data)

    monkeypatch.setattr(PaperFolder, "keep", slowly)
    device = VirtualDevice("virtual:", tmp_path)
    device.printer.receive(JOB)
    collecting = [asyncio.create_task(device.collect()) for _ in range(2)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(task.done() for task in collecting), "the second must not be told that there is nothing"
    go.set()
    await asyncio.gather(*collecting)
    await device.settled()


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
    await connection.write(LANGUAGE.ask_status() + b"\x1b@" + FENCE)
    await connection.close()
    assert papers(tmp_path) == []


async def test_paper_put_in_when_everybody_has_gone(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:?faults=paper", tmp_path)
    connection = await device.open()
    await connection.write(JOB)
    await connection.close()
    assert papers(tmp_path) == []
    device.printer.set_faults([])
    await device.settled()
    assert [paper.text for paper in papers(tmp_path)] == ["Hello\n"]


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


@pytest.mark.parametrize("fault", ["busy", "cable"])
async def test_nobody_gets_in(fault: str) -> None:
    device = VirtualDevice(f"virtual:?faults={fault}")
    with pytest.raises(TimeoutError, match="busy" if fault == "busy" else "answer"):
        await device.open(patience=0.01)
    opening = asyncio.create_task(device.open())
    await asyncio.sleep(0)
    device.set_faults([])
    await (await opening).close()
    await device.settled()


async def test_whoever_gives_up_leaves_the_line() -> None:
    device = VirtualDevice("virtual:?faults=busy")
    opening = asyncio.create_task(device.open())
    await asyncio.sleep(0)
    opening.cancel()
    await asyncio.wait([opening])
    device.set_faults([])
    await (await device.open(patience=1)).close()
    await device.settled()


async def test_who_comes_after_it_was_switched_off_does_not_wait_in_line() -> None:
    device = VirtualDevice("virtual:")
    first = await device.open()
    device.set_faults(["off"])
    with pytest.raises(ConnectionRefusedError):
        await device.open(patience=0.01)
    await first.close()
    await device.settled()


async def test_switched_off_while_somebody_waits_in_line() -> None:
    device = VirtualDevice("virtual:")
    first = await device.open()
    second = asyncio.create_task(device.open())
    await asyncio.sleep(0)
    device.set_faults(["off"])
    await first.close()
    with pytest.raises(ConnectionRefusedError):
        await second
    device.set_faults([])
    await (await device.open(patience=1)).close()
    await device.settled()


async def test_what_a_person_sees_and_does() -> None:
    device = VirtualDevice("virtual:?faults=paper=2,low&drawer=low")
    changes: list[frozenset[str]] = []
    device.on_change.append(lambda: changes.append(device.snapshot().faults))
    opened = asyncio.create_task(device.until(lambda: device.drawer.open))
    out = asyncio.create_task(device.until(lambda: "paper" in device.printer.faults))
    connection = await device.open()
    await connection.write(LANGUAGE.pulse(DrawerPulse()) + b"1\n2\n3\n")
    await asyncio.gather(opened, out)
    assert device.snapshot() == Snapshot(frozenset({"paper", "low"}), lines=2, waiting=2, drawer_open=True, pulses=1)
    assert changes == [{"paper=2", "low"}, {"paper", "low"}]
    device.drawer.close()
    assert not device.snapshot().drawer_open
    await connection.close()
    await device.settled()


@pytest.mark.parametrize("uri", ["virtual:?drawer=open", "virtual:?faults=paper=x", "virtual:?stall=x"])
def test_an_address_that_cannot_be(uri: str) -> None:
    with pytest.raises(ConfigError):
        VirtualDevice(uri)


def test_a_fault_that_there_is_none_of() -> None:
    with pytest.raises(ConfigError, match="fire"):
        VirtualDevice("virtual:?faults=fire")
