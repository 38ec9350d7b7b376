"""Real services that are started anew: what was accepted is printed once, and the new settings hold."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.command import comptoir
from tests.peers.services import Service, ask, free_port, stop_all

from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.settings import Append, Set, Settings

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")

#: the command, with a signal in place of the button on the page
PROGRAM = """
import asyncio, signal, sys
from comptoir.cli import main, running
ear = running.Life._ear
def also(life):
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, life.restart)
    return ear(life)
running.Life._ear = also
sys.exit(main())
"""


class Shop:
    """A command with its data folder."""

    def __init__(self, folder: Path, command: str = "station") -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = Settings(None, folder, {})
        self.settings.save([Set(("station", "port"), self.port)])
        arguments = [command, "--data", str(folder)]
        if command == "up":
            arguments += ["--hub-port", "0", "--no-browser"]
        self.ready = "Ctrl+C" if command == "up" else "Station "
        self.service = Service(arguments, "", program=("-c", PROGRAM))

    def start(self) -> None:
        self.service.start(self.ready)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.config.station.port}"

    def restart(self) -> int:
        """Ask for it; from which line on it says something of it."""
        assert self.service.process is not None
        before = len(self.service.says)
        self.service.process.send_signal(signal.SIGUSR1)
        return before

    def move(self) -> None:
        """To another port, in the file."""
        self.settings.save([Set(("station", "port"), free_port())])

    def job(self, number: int) -> Any:
        return ask(f"{self.url}/api/jobs/{number}")

    def print(self, text: str) -> int:
        number: int = ask(f"{self.url}/api/print", {"content": text})["id"]
        return number


@pytest.fixture
def shops() -> Iterator[list[Shop]]:
    made: list[Shop] = []
    yield made
    stop_all(shop.service for shop in made)


def refuses(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("command", ["station", "up"])
def test_it_moves_to_another_port(tmp_path: Path, shops: list[Shop], command: str) -> None:
    shop = Shop(tmp_path, command)
    shops.append(shop)
    shop.start()
    with socket.create_connection(("127.0.0.1", shop.port)) as reader:
        reader.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert reader.recv(100).startswith(b"HTTP/1.1 200")
        shop.move()
        since = shop.restart()
        shop.service.wait_for(shop.ready, since)
        while reader.recv(65536):
            pass  # what was open ends
    assert ask(f"{shop.url}/healthz")["status"] == "ok"
    assert refuses(shop.port)
    assert shop.service.stop() == 0
    assert "Traceback" not in "".join(shop.service.says)
    assert comptoir("journal", "verify", "--data", tmp_path).returncode == 0


def test_an_option_stays_on_top(tmp_path: Path, shops: list[Shop]) -> None:
    shop = Shop(tmp_path)
    shops.append(shop)
    port = free_port()
    shop.service.arguments += ["--port", str(port)]
    shop.start()
    shop.settings.save([Set(("station", "name"), "quay"), Set(("station", "port"), free_port())])
    shop.service.wait_for("Station quay", shop.restart())
    assert ask(f"http://127.0.0.1:{port}/healthz")["status"] == "ok"


async def test_a_paper_that_is_being_printed_is_finished_and_the_next_comes_after(
    tmp_path: Path, shops: list[Shop]
) -> None:
    async with VirtualPrinterServer(faults=["paper=2"]) as printer:
        shop = Shop(tmp_path)
        shops.append(shop)
        device = f"socket://127.0.0.1:{printer.port}"
        shop.settings.save([Append("printer", {"name": "TICKET", "device": device})])
        await asyncio.to_thread(shop.start)
        first = await asyncio.to_thread(shop.print, "first\n" * 30)
        await printer.until(lambda: "paper" in printer.faults)
        second = await asyncio.to_thread(shop.print, "second")
        shop.settings.save([Set(("printer", 0, "expires"), "1 h")])
        since = shop.restart()
        await asyncio.to_thread(shop.service.wait_for, "the service starts anew", since)
        third = await asyncio.to_thread(shop.print, "third")
        assert (await asyncio.to_thread(shop.job, first))["status"] == "sent"
        printer.set_faults()
        await asyncio.to_thread(shop.service.wait_for, "Station ", since)
        papers = [(await printer.next_printed()).paper.text for _ in range(3)]
        assert [word in paper for word, paper in zip(("first", "second", "third"), papers, strict=True)] == [True] * 3
        for number in (first, second, third):
            job = await asyncio.to_thread(shop.job, number)
            assert job["status"] in ("printed", "sent")
        assert await asyncio.to_thread(shop.service.stop) == 0
        assert printer.printed.empty(), "each once"
    events = comptoir("journal", "export", "--data", tmp_path).stdout.decode()
    assert "outcome-unknown" not in events


async def test_what_is_sent_all_the_while_comes_out_once_each(tmp_path: Path, shops: list[Shop]) -> None:
    """The hub and the station of `up`: what was accepted is neither lost nor sent twice."""
    async with VirtualPrinterServer() as printer:
        shop = Shop(tmp_path, "up")
        shops.append(shop)
        hub = free_port()
        shop.service.arguments += ["--hub-port", str(hub)]
        device = f"socket://127.0.0.1:{printer.port}"
        shop.settings.save([Append("printer", {"name": "TICKET", "device": device})])
        await asyncio.to_thread(shop.start)
        done = threading.Event()
        sending = asyncio.create_task(asyncio.to_thread(send_until, done, f"http://127.0.0.1:{hub}/print"))
        for _ in range(3):
            since = shop.restart()
            await asyncio.to_thread(shop.service.wait_for, shop.ready, since)
            await asyncio.to_thread(shop.service.wait_for, "linked to the hub", since)
        done.set()
        sent = await sending
        papers = [(await printer.next_printed()).paper.text for _ in range(sent)]
        assert sorted(int(word) for paper in papers for word in re.findall(r"number (\d+)\.", paper)) == [*range(sent)]
        assert await asyncio.to_thread(shop.service.stop) == 0
        assert printer.printed.empty()


def send_until(done: threading.Event, url: str) -> int:
    """Send one after the other, each with its key until it is accepted; how many."""
    number = 0
    while not done.is_set() or number == 0:
        try:
            ask(url, {"content": f"number {number}."}, headers={"Idempotency-Key": f"key-{number}"})
        except OSError:
            done.wait(0.01)  # nobody listens at the moment
        else:
            number += 1
    return number


async def test_a_signal_ends_it_while_a_printer_is_waited_for(tmp_path: Path, shops: list[Shop]) -> None:
    async with VirtualPrinterServer(faults=["paper=2"]) as printer:
        shop = Shop(tmp_path)
        shops.append(shop)
        device = f"socket://127.0.0.1:{printer.port}"
        shop.settings.save([Append("printer", {"name": "TICKET", "device": device})])
        await asyncio.to_thread(shop.start)
        await asyncio.to_thread(shop.print, "first\n" * 30)
        await printer.until(lambda: "paper" in printer.faults)
        await asyncio.to_thread(shop.service.wait_for, "the service starts anew", shop.restart())
        assert await asyncio.to_thread(shop.service.stop) == 0
        assert "Traceback" not in "".join(shop.service.says)


def test_where_the_new_settings_cannot_start_the_earlier_ones_do(tmp_path: Path, shops: list[Shop]) -> None:
    shop = Shop(tmp_path)
    shops.append(shop)
    shop.start()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        shop.settings.save([Set(("station", "port"), taken.getsockname()[1])])
        since = shop.restart()
        shop.service.wait_for("could not start anew", since)
        shop.service.wait_for(f":{shop.port}/", since)
    assert ask(f"http://127.0.0.1:{shop.port}/healthz")["status"] == "ok"
    assert f"port = {shop.settings.config.station.port}" in shop.settings.file.read_text("utf-8"), "it stays as saved"
    shop.service.wait_for("Station ", shop.restart())
    assert ask(f"{shop.url}/healthz")["status"] == "ok", "the port is free by now"
