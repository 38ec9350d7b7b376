"""A port that is a printer for tills and programs: CUPS by its socket and lpd backends, and a till that asks first.

The station is a real one, the printer behind it another port; what is asked on one is answered by the other.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from escpos.printer import Network
from tests.peers.clock import FakeClock
from tests.peers.real_printers import Cups, missing
from tests.peers.site import Site

from comptoir.arrivals import LpdSourceConfig, Port9100SourceConfig
from comptoir.config import Config, PrinterConfig, RouteConfig, StationConfig
from comptoir.core.kept import Kept
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.station.app import Station

PATIENCE = 20.0
POSTSCRIPT = b"%!PS-Adobe-3.0\n%%Title: (Manager Flash)\n%%For: nightaudit\nshowpage\n%%EOF\n"


class Counter:
    """A station with a port 9100 and a line printer daemon, and the receipt printer behind them."""

    def __init__(self, site: Site, server: VirtualPrinterServer) -> None:
        self.site = site
        self.server = server
        self._changed = asyncio.Event()
        site.service.capturing.on_change.append(lambda name: self._changed.set())

    async def listening(self) -> None:
        """Once both ports can be reached."""
        async with asyncio.timeout(PATIENCE):
            while not (self.raw and self.lpd):
                self._changed.clear()
                await self._changed.wait()

    @property
    def raw(self) -> int:
        return self._port(0)

    @property
    def lpd(self) -> int:
        return self._port(1)

    def _port(self, source: int) -> int:
        """0 until it listens."""
        return int(self.site.service.capturing.states()[source].addresses[0].rpartition(":")[2])

    async def kept(self, count: int) -> list[Kept]:
        """What the archive has, once it is so much."""
        await self.site.watch.until(lambda: self._count() >= count)
        return list(await self.site.journal.keeping.after(0, count))

    def _count(self) -> int:
        return sum(event.kind == "document-kept" for event in self.site.watch.events)

    async def content(self, kept: Kept) -> bytes:
        return await self.site.journal.content(kept.document)


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    async with VirtualPrinterServer() as server:
        config = Config(
            station=StationConfig(port=0),
            printer=(PrinterConfig(name="TICKET", device=f"socket://127.0.0.1:{server.port}", profile="TM-T88V"),),
            source=(Port9100SourceConfig(name="till", port=0), LpdSourceConfig(name="lines", port=0)),
            route=(RouteConfig(source="till", to=("TICKET",), keep="10 years"),),
        )
        clock = FakeClock()
        async with Site(Station(config, tmp_path, clock), clock) as site:
            one = Counter(site, server)
            await one.listening()
            yield one


async def test_a_till_asks_the_real_printer_and_prints_on_it(counter: Counter) -> None:
    def sell() -> bool:
        printer = Network("127.0.0.1", counter.raw, timeout=10)
        online = bool(printer.is_online())
        printer.set(double_width=True, double_height=True)
        printer.text("CAFE DU PORT\n")
        printer.set_with_default()
        printer.text("1 cafe 2.00\n")
        printer.cut()
        printer.close()
        return online

    assert await asyncio.to_thread(sell)
    counter.server.set_faults("offline")
    assert not await asyncio.to_thread(lambda: Network("127.0.0.1", counter.raw, timeout=10).is_online()), (
        "the printer's own answer, and not one of ours"
    )
    counter.server.set_faults()
    printed = await counter.server.next_printed()
    assert "1 cafe 2.00" in printed.paper.text
    (kept,) = await counter.kept(1)
    assert (kept.title, kept.origin.source) == ("CAFE DU PORT", "till")


@pytest.fixture(scope="module")
def cups() -> Iterator[Cups]:
    if missing():
        pytest.skip(missing())
    with tempfile.TemporaryDirectory(prefix="ports") as folder:
        path = Path(folder)
        path.chmod(0o755)
        (path / "cups").mkdir(mode=0o755)
        with Cups(path / "cups") as one:
            yield one


@pytest.mark.xdist_group("ports and cups")
async def test_cups_prints_to_both_ports(counter: Counter, cups: Cups, tmp_path: Path) -> None:
    document = tmp_path / "flash.ps"
    document.write_bytes(POSTSCRIPT)
    tmp_path.chmod(0o755)

    def print_all() -> None:
        for name, uri in (
            ("raw", f"socket://127.0.0.1:{counter.raw}/?snmp=false"),
            ("lines", f"lpd://127.0.0.1:{counter.lpd}/audit"),
            ("data", f"lpd://127.0.0.1:{counter.lpd}/audit?order=data,control"),
        ):
            cups.queue(name, uri)
            cups.run("lp", "-d", name, "-U", "claire", "-t", f"Flash {name}", "-o", "raw", str(document))

    await asyncio.to_thread(print_all)
    found = {kept.title: kept for kept in await counter.kept(3)}
    assert set(found) == {"Manager Flash", "Flash lines", "Flash data"}
    for kept in found.values():
        assert await counter.content(kept) == POSTSCRIPT
        assert kept.partial == ""
    lines = found["Flash lines"]
    assert (lines.origin.user, lines.printer, lines.copies) == ("claire", "audit", 1)
    assert found["Manager Flash"].origin.user == "nightaudit"
