from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from comptoir.core.page import Line, Media, Page
from comptoir.devices.virtual import VirtualDevice
from comptoir.devices.virtual_model import Model
from comptoir.languages.escpos import Escpos

LANGUAGE = Escpos()
FENCE = LANGUAGE.fence("in-order", 1)
JOB = LANGUAGE.encode([Page((Line("Hello"),))], Media()).data


async def test_paper_put_in_while_somebody_waits_for_the_answer() -> None:
    device = VirtualDevice("virtual:?faults=paper")
    connection = await device.open()
    await connection.write(JOB + FENCE)
    assert await connection.read(0) == b""
    reading = asyncio.create_task(connection.read(10))
    await asyncio.sleep(0)
    device.printer.set_faults([])
    assert await reading == b"\x00"
    await connection.close()


async def test_a_stalled_printer_is_given_up_and_comes_back() -> None:
    device = VirtualDevice("virtual:?faults=stall&stall=0.01")
    connection = await device.open()
    with pytest.raises(TimeoutError):
        await connection.write(JOB)
    device.stall = 10
    writing = asyncio.create_task(connection.write(FENCE))
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
        await connection.write(JOB + FENCE)
    assert await connection.read(0) == b"", "it would be a lie"
    await connection.close()


async def test_a_disk_that_fails_later_is_silence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    device = VirtualDevice("virtual:?faults=paper", tmp_path / "file")
    connection = await device.open()
    await connection.write(JOB + FENCE)
    device.set_faults([])
    await device.settled()
    assert await connection.read(0) == b""
    await connection.close()


async def test_a_full_buffer_holds_the_sender_back() -> None:
    device = VirtualDevice("virtual:?faults=paper&stall=0.01", model=Model(buffer=100))
    connection = await device.open()
    with pytest.raises(TimeoutError):
        await connection.write(bytes(101))
    assert device.snapshot().waiting == 100
    device.set_faults([])
    await connection.close()
    await device.settled()


async def test_who_is_told_to_wait_waits_on() -> None:
    device = VirtualDevice("virtual:?faults=paper&stall=0.001", model=Model(buffer=5))
    connection = await device.open()
    asked = 0

    def waits() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            device.set_faults([])
        return True

    await connection.write(JOB + FENCE, waits)
    assert (asked, await connection.read(5)) == (3, b"\x00")
    device.set_faults(["stall"])
    with pytest.raises(TimeoutError):
        await connection.write(JOB, lambda: False)
    await connection.close()
    await device.settled()


async def test_switched_off_while_somebody_waits_for_the_answer(tmp_path: Path) -> None:
    device = VirtualDevice("virtual:?faults=paper=1", tmp_path)
    connection = await device.open()
    await connection.write(b"one\ntwo\n" + FENCE)
    reading = asyncio.create_task(connection.read(10))
    await asyncio.sleep(0)
    device.printer.power_cycle()
    with pytest.raises(EOFError):
        await reading
    with pytest.raises(ConnectionResetError):
        await connection.write(b"three")
    with pytest.raises(ConnectionResetError):
        await connection.finish()
    await connection.close()
    await device.settled()
    assert [path.read_bytes() for path in tmp_path.glob("*.bin")] == [b"one\n"]
    again = await device.open()
    device.set_faults([])
    await again.write(FENCE)
    assert await again.read(5) == b"\x00"
    await again.close()


async def test_switched_off_while_the_sender_waits_for_room() -> None:
    device = VirtualDevice("virtual:?faults=stall")
    connection = await device.open()
    writing = asyncio.create_task(connection.write(JOB))
    await asyncio.sleep(0)
    device.set_faults(["off"])
    with pytest.raises(ConnectionResetError):
        await writing
    await connection.close()
    await device.settled()


async def test_switched_off_by_command_it_says_so_first() -> None:
    device = VirtualDevice("virtual:")
    connection = await device.open()
    await connection.write(b"\x10\x14\x02\x01\x08")
    assert await connection.read(5) == b";0\x00"
    with pytest.raises(EOFError):
        await connection.read(5)
    await connection.close()
    await device.settled()


async def test_a_pulled_cable_is_silence_and_then_everything_comes() -> None:
    device = VirtualDevice("virtual:?faults=paper")
    connection = await device.open()
    await connection.write(JOB + FENCE)
    device.set_faults(["cable"])
    assert await connection.read(0.001) == b""
    writing = asyncio.create_task(connection.write(b"\x10\x04\x01"))
    await asyncio.sleep(0)
    assert not writing.done()
    device.set_faults([])
    await writing
    assert await connection.read(5) == b"\x00\x12"
    await connection.close()
    await device.settled()


async def test_a_drawer_that_is_pushed_shut_is_told_without_asking() -> None:
    device = VirtualDevice("virtual:")
    connection = await device.open()
    await connection.write(LANGUAGE.watch() + b"\x1bp\x00\x19\xfa")
    assert await connection.read(5) == b"\x10\0\0\0\x14\0\0\0"
    reading = asyncio.create_task(connection.read(10))
    await asyncio.sleep(0)
    device.drawer.close()
    assert await reading == b"\x10\0\0\0"
    await connection.close(drop=True)
    await device.settled()
