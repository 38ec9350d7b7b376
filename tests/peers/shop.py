"""A station in a process of its own, and its network printers in a thread of this one: a test breaks them at will."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from tests.peers.cable import Cable
from tests.peers.services import PATIENCE, Service, ask, free_port, stop_all

from comptoir.devices.virtual_server import VirtualPrinterServer

T = TypeVar("T")

PRINTER = """
[[printer]]
name = "{name}"
device = "socket://127.0.0.1:{port}"
profile = "TM-T20III"
"""


class Loop:
    """An event loop that runs beside the test. Use as `with`."""

    def __enter__(self) -> Loop:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(_end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE * 2)

    def do(self, work: Callable[[], T]) -> T:
        """Call something that belongs to the loop's thread."""

        async def call() -> T:
            return work()

        return self.run(call())


class NetworkPrinter:
    """A virtual printer on a port, at the end of a cable. All that it has printed is remembered."""

    def __init__(self, loop: Loop, folder: Path | None = None) -> None:
        self._loop = loop
        self.server = VirtualPrinterServer(folder=folder)
        self.papers: list[str] = []
        #: how many papers were out when each pulse came
        self.pulses: list[int] = []
        self.server.device.on_printed.append(lambda printed: self.papers.append(printed.paper.text))
        self.server.drawer.listeners.append(self._moved)
        loop.run(self.server.start())
        self.cable: Cable = loop.do(lambda: Cable(self.server.port))
        loop.run(self.cable.__aenter__())

    @property
    def port(self) -> int:
        return self.cable.port

    def close(self) -> None:
        self._loop.run(self.cable.__aexit__(None, None, None))
        self._loop.run(self.server.close())

    def faults(self, *words: str) -> None:
        """From now on these and no others."""
        self._loop.do(lambda: self.server.set_faults(*words))

    def power_cycle(self) -> None:
        self._loop.do(self.server.printer.power_cycle)

    def pull(self) -> None:
        """Its cable."""
        self._loop.do(self.cable.pull)

    def plug(self) -> None:
        self._loop.do(self.cable.plug)

    def cut(self) -> None:
        """End its connections, as the end of a process does."""
        self._loop.run(self.cable.cut())

    def until(self, done: Callable[[], bool]) -> None:
        """Returns when this is so; it is looked at after each change of the printer, and of its paper."""

        async def wait() -> None:
            async with asyncio.timeout(PATIENCE):
                while not done():
                    await asyncio.sleep(0.002)

        self._loop.run(wait())

    def lines(self) -> int:
        return self.server.device.snapshot().lines

    def fired(self) -> int:
        """How often its drawer was fired."""
        return self.server.device.snapshot().pulses

    def count(self, mark: str) -> int:
        """How often this is on paper, that in the slot included."""
        return self._loop.do(lambda: sum(paper.count(mark) for paper in self.papers))

    def _moved(self) -> None:
        if self.server.drawer.open:
            self.pulses.append(len(self.papers))


class Shop:
    """A station with printers of these names. Use as `with`; then it runs."""

    #: what it says when it has started
    ready = "Station "

    def __init__(self, folder: Path, *names: str, config: str = "", keep: bool = False) -> None:
        """`config`: more TOML. `keep`: the printers keep their papers as files in folder/NAME."""
        self.folder = folder
        self._names = names
        self._config = config
        self._keep = keep
        port = free_port()
        self.station = Service(
            ["station", "--data", str(folder / "data"), "--port", str(port)], f"http://127.0.0.1:{port}"
        )
        self.printers: dict[str, NetworkPrinter] = {}

    def __getitem__(self, name: str) -> NetworkPrinter:
        return self.printers[name]

    def __enter__(self) -> Shop:
        self._loop = Loop().__enter__()
        for name in self._names:
            self.printers[name] = NetworkPrinter(self._loop, self.folder / name if self._keep else None)
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        (self.folder / "data" / "comptoir.toml").write_text(self.toml() + self._config, "utf-8")
        self.station.start(self.ready)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stop_all([self.station])
        for printer in self.printers.values():
            printer.close()
        self._loop.__exit__(None, None, None)

    def toml(self) -> str:
        return "".join(PRINTER.format(name=name, port=printer.port) for name, printer in self.printers.items())

    def restart(self) -> None:
        """After a power cut."""
        self.station.kill()
        self.station.start(self.ready)

    def post(self, printer: str, content: str, **more: Any) -> int:
        """Accept this text; the job's number."""
        order = {"printer": printer, "format": "text", "content": content, **more}
        job: int = ask(f"{self.station.url}/api/print", order)["id"]
        return job

    def ask(self, path: str, body: Any = None, method: str = "") -> Any:
        return ask(self.station.url + path, body, method)

    def open(self, path: str) -> Any:
        """The answer itself, for what is not JSON. Use as `with`."""
        return urllib.request.urlopen(self.station.url + path, timeout=PATIENCE)

    def refused(self, path: str, body: Any) -> tuple[int, str]:
        """What cannot be done: status and code of the error."""
        return refused(self.station.url + path, body)

    def printer(self, name: str) -> dict[str, Any]:
        """As the API tells of it."""
        return next(one for one in self.ask("/api/printers")["printers"] if one["name"] == name)

    def until(self, job: int, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The job, once it is so."""
        return until(f"{self.station.url}/api/events", f"{self.station.url}/api/jobs/{job}", wanted)

    def settled(self, job: int) -> dict[str, Any]:
        """The job once it is final, or held for a person."""
        return self.until(job, settled)

    def stopped(self, job: int, reason: str = "media-empty-error") -> dict[str, Any]:
        """The job once it has stopped in the middle for this reason."""
        return self.until(job, lambda told: (told["state"], told["reason"]) == ("processing-stopped", reason))


def settled(told: dict[str, Any]) -> bool:
    return told["status"] not in ("queued", "sent")


def until(events: str, address: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The job at this address, once it is so. The stream of events says when to look again."""
    with urllib.request.urlopen(events, timeout=PATIENCE * 2) as stream:
        while True:
            told: dict[str, Any] = ask(address)
            if wanted(told):
                return told
            assert not settled(told), f"job {told['id']} is {told['status']}: {told['message']}"
            while not (line := stream.readline()).startswith(b"event: job"):
                assert line, f"the events ended while job {told['id']} was {told['state']}: {told['message']}"


def refused(url: str, body: Any) -> tuple[int, str]:
    """Status and code of the error with which this is refused."""
    try:
        told = ask(url, body)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["error"]["code"]
    raise AssertionError(f"it was done: {told}")


def receipt(mark: str, lines: int = 40) -> str:
    """A text of so many lines, each of which names the mark: <mark 1> … <mark 40>."""
    return "\n".join(f"<{mark} {line}> a line of a receipt" for line in range(1, lines + 1))


async def _end() -> None:
    """Nothing runs any more, and every transport is closed: that takes a turn or two."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for _ in range(10):
        await asyncio.sleep(0)
