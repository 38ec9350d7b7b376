from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from comptoir.core.errors import RequestError
from comptoir.devices.virtual import papers
from comptoir.devices.virtual_drawer import VirtualDrawer
from comptoir.devices.virtual_model import ONLY_STATUS, Model
from comptoir.devices.virtual_server import VirtualPrinterServer


async def say(server: VirtualPrinterServer, data: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    await writer.drain()
    return reader, writer


async def test_prints_and_answers() -> None:
    async with VirtualPrinterServer() as server:
        reader, writer = await say(server, b"\x10\x04\x01\x10\x04\x02\x10\x04\x04Hello\n\x1dV\x00\x1dr\x01")
        assert await reader.readexactly(4) == b"\x12\x12\x12\x00"
        assert (await server.next_printed()).paper.text == "Hello"
        writer.close()


async def test_a_half_closed_connection_still_gets_its_answers() -> None:
    async with VirtualPrinterServer() as server:
        reader, writer = await say(server, b"Hello\n\x1dV\x00\x1dr\x01")
        writer.write_eof()
        assert await reader.read() == b"\x00"
        writer.close()


async def test_the_next_waits_for_its_turn() -> None:
    async with VirtualPrinterServer() as server:
        _, first = await say(server, b"first ")
        _, second = await say(server, b"second\n\x1dV\x00")
        first.write(b"still first\n\x1dV\x00")
        assert (await server.next_printed()).paper.text == "first still first"
        assert server.printed.empty()
        first.close()
        assert (await server.next_printed()).paper.text == "second"
        second.close()
        assert server.connections == 2


async def test_faults_come_and_go() -> None:
    async with VirtualPrinterServer(faults=["paper"]) as server:
        assert server.faults == {"paper"}
        reader, writer = await say(server, b"x\n\x1dV\x00\x1dr\x01\x10\x04\x04")
        assert await reader.readexactly(1) == b"\x7e"
        server.set_faults()
        assert await reader.readexactly(1) == b"\x00"
        assert (await server.next_printed()).paper.text == "x"
        writer.close()
        with pytest.raises(RequestError):
            server.set_faults("fire")


async def test_a_stalled_printer_reads_when_it_comes_back() -> None:
    async with VirtualPrinterServer(faults=["stall"]) as server:
        reader, writer = await say(server, b"\x10\x04\x01")
        server.set_faults()
        assert await reader.readexactly(1) == b"\x12"
        writer.close()


async def test_hanging_up_in_the_middle() -> None:
    async with VirtualPrinterServer(faults=["close"]) as server:
        reader, writer = await say(server, b"x" * 500)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        assert (await server.next_printed()).data == b"x" * 64
        writer.close()


async def test_off() -> None:
    async with VirtualPrinterServer(faults=["off"]) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()


async def test_switched_off_while_nobody_sends() -> None:
    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: failures.append(context))
    async with VirtualPrinterServer() as server:
        reader, writer = await say(server, b"half a job\n\x10\x04\x01")
        assert await reader.readexactly(1) == b"\x12"
        server.printer.power_cycle()
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        assert (await server.next_printed()).partial
        assert failures == []
        writer.close()
        reader, writer = await say(server, b"\x10\x04\x01")
        assert await reader.readexactly(1) == b"\x12"
        writer.close()


async def test_who_goes_away_while_paper_is_out_gets_his_paper_all_the_same() -> None:
    async with VirtualPrinterServer(faults=["paper"]) as server:
        reader, writer = await say(server, b"x\n\x1dV\x00\x1dr\x01\x10\x04\x01")
        assert await reader.readexactly(1) == b"\x1a"
        writer.close()
        server.set_faults()
        assert (await server.next_printed()).paper.text == "x"


async def test_what_was_read_is_printed_after_the_computer_has_broken_off() -> None:
    async with VirtualPrinterServer(model=Model(buffer=10)) as server:
        reader, writer = await say(server, b"\x1da\x0f")
        assert await reader.readexactly(4) == b"\x10\0\0\0"
        server.set_faults("paper")
        assert await reader.readexactly(4) == b"\x18\0\x0f\0"
        writer.write(b"0123456789abcdefghij\n\x1dV\x00")
        await writer.drain()
        while server.device.snapshot().waiting < 10:
            await asyncio.sleep(0)
        writer.transport.abort()
        for _ in range(20):
            server.set_faults("paper", "cover")
            await asyncio.sleep(0)
            server.set_faults("paper")
            await asyncio.sleep(0)
        server.set_faults()
        assert (await server.next_printed()).paper.text == "0123456789abcdefghij"


async def test_a_pulled_cable_tells_nobody() -> None:
    async with VirtualPrinterServer() as server:
        reader, writer = await say(server, b"\x10\x04\x01")
        assert await reader.readexactly(1) == b"\x12"
        server.set_faults("cable")
        writer.write(b"x\n\x1dV\x00\x1dr\x01")
        await writer.drain()
        reading = asyncio.create_task(reader.readexactly(1))
        await asyncio.sleep(0)
        assert not reading.done()
        assert server.printed.empty()
        server.set_faults()
        assert await reading == b"\x00"
        writer.close()


async def test_a_model_and_a_drawer_of_ones_own() -> None:
    drawer = VirtualDrawer(pin=5, sensor="low")
    async with VirtualPrinterServer(model=ONLY_STATUS, drawer=drawer) as server:
        reader, writer = await say(server, b"\x1dr\x01\x10\x04\x01\x1bp\x01\x19\xfa")
        assert await reader.readexactly(1) == b"\x16"
        await server.until(lambda: server.drawer.open)
        writer.write(b"\x10\x04\x01")
        assert await reader.readexactly(1) == b"\x12"
        writer.close()


async def test_papers_are_kept(tmp_path: Path) -> None:
    async with VirtualPrinterServer(folder=tmp_path) as server:
        _, writer = await say(server, b"kept\n\x1dV\x00")
        await server.next_printed()
        writer.close()
    assert [paper.text for paper in papers(tmp_path)] == ["kept\n"]
    assert (tmp_path / "000001.png").exists(), "closing waits for the drawing"
