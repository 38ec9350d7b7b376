"""A station, put together: configuration to printers, orders to paper."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from tests.peers.clock import FakeClock
from tests.peers.listener import Listener
from tests.peers.services import free_port
from tests.peers.site import Site
from tests.peers.watch import Watch

from comptoir.config import Config, PrinterConfig, RouteConfig, StationConfig
from comptoir.core.errors import ConfigError, JournalError
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.station.app import Station


def config(*printers: PrinterConfig, routes: tuple[RouteConfig, ...] = ()) -> Config:
    return Config(station=StationConfig(port=0), printer=printers, route=routes)


def to(server: VirtualPrinterServer | Listener, name: str = "TICKET", **more: object) -> PrinterConfig:
    return PrinterConfig(name=name, device=f"socket://127.0.0.1:{server.port}?timeout=2", **more)  # type: ignore[arg-type]


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


async def order(site: Site, content: str = "Hello world", **more: object) -> int:
    answer = await site.ask("POST", "/api/print", {"content": content, **more})
    assert answer.status == 202, answer.body
    number: int = answer.json["id"]
    return number


async def test_without_printers_there_is_a_virtual_one(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        await site.watch.status(await order(site), "printed")
        assert [place.device for place in site.service.places()] == ["virtual:"]
        assert list((tmp_path / "printers" / "TICKET").glob("*.bin"))


async def test_the_first_printer_is_the_default_and_routes_choose_another(
    tmp_path: Path, server: VirtualPrinterServer
) -> None:
    with Listener() as bar:
        printers = (to(server), to(bar, "BAR", status="never"))
        clock = FakeClock()
        given = config(*printers, routes=(RouteConfig(source="api", to=("BAR",), match=("*.txt",)),))
        site = Site(Station(given, tmp_path, clock), clock)
        async with site:
            default = await order(site)
            routed = await order(site, name="Menu.TXT")
            named = await order(site, name="menu.txt", printer="TICKET")
            jobs = [await site.watch.status(number, "printed") for number in (default, routed, named)]
        assert [job.destination for job in jobs] == ["TICKET", "BAR", "TICKET"]


async def test_a_ticket_has_the_life_that_its_printer_gives(tmp_path: Path, server: VirtualPrinterServer) -> None:
    server.set_faults("paper")
    async with Site.station(tmp_path, (to(server, expires="10 min"),)) as site:
        usual, short = await order(site), await order(site, expires_in=5)
        jobs = [await site.journal.job(number) for number in (usual, short)]
        assert [job.expires_at - site.clock.now() for job in jobs] == [600_000, 5_000]
        site.clock.advance(600_000)
        site.service._spooler.retry_now("TICKET")
        for number in (usual, short):
            await site.watch.status(number, "expired")


async def test_the_console_hears_of_trouble_and_of_its_end(tmp_path: Path, server: VirtualPrinterServer) -> None:
    async with Site.station(tmp_path, (to(server),)) as site:
        server.set_faults("cover")
        number = await order(site)
        await site.watch.reason(number, "cover-open-error")
        (place,) = site.service.places()
        assert (place.ready, place.reason, place.waiting) == (False, "cover-open-error", 1)
        again = await order(site, "second")
        shown = (await site.ask("GET", f"/api/jobs/{again}")).json
        assert shown["reason"] == "cover-open-error", "it waits for the same reason, which is written once"
        server.set_faults()
        site.clock.advance(60_000)
        site.service._spooler.retry_now("TICKET")
        await site.watch.status(again, "printed")
        assert site.service.places()[0].ready


async def test_a_cancelled_job_never_comes_out(tmp_path: Path, server: VirtualPrinterServer) -> None:
    async with Site.station(tmp_path, (to(server),)) as site:
        server.set_faults("paper")
        first, second = await order(site, "first"), await order(site, "second")
        await site.watch.reason(first, "media-empty-error")
        for number in (first, second):
            assert (await site.ask("DELETE", f"/api/jobs/{number}")).json["status"] == "canceled"
        server.set_faults()
        third = await order(site, "third")
        site.service._spooler.retry_now("TICKET")
        await site.watch.status(third, "printed")
        assert "third" in (await server.next_printed()).paper.text
        assert server.printed.empty()


async def test_what_waits_is_printed_after_a_restart_and_what_ran_is_held(
    tmp_path: Path, server: VirtualPrinterServer
) -> None:
    server.set_faults("paper")
    async with Site.station(tmp_path, (to(server),)) as site:
        waiting = await order(site, "waiting")
        await site.watch.reason(waiting, "media-empty-error")
    server.set_faults()
    async with Site.station(tmp_path, (to(server),)) as site:
        await site.watch.status(waiting, "printed")
    assert "waiting" in (await server.next_printed()).paper.text
    assert server.printed.empty()


async def test_a_printer_that_was_removed_ends_its_jobs(tmp_path: Path, server: VirtualPrinterServer) -> None:
    server.set_faults("paper")
    async with Site.station(tmp_path, (to(server, "OLD"),)) as site:
        number = await order(site)
    async with Site.station(tmp_path, (to(server, "NEW"),)) as site:
        job = await site.watch.status(number, "failed")
        assert job.reason == "unknown-printer"


@pytest.mark.parametrize(
    ("printer", "word"),
    [
        (PrinterConfig(name="X", device="nothing://x"), "nothing"),
        (PrinterConfig(name="X", device="socket:"), "host"),
        (PrinterConfig(name="X", device="socket://h:99999"), ""),
        (PrinterConfig(name="X", device="socket://h?timeout=long"), "timeout"),
        (PrinterConfig(name="X", device="socket://[::1"), ""),
        (PrinterConfig(name="X", device="virtual:?faults=fire"), "fire"),
        (PrinterConfig(name="X", device="file:"), "file"),
        (PrinterConfig(name="X", device="virtual:", language="klingon"), "klingon"),
    ],
)
async def test_a_printer_that_cannot_be_set_up_is_a_sentence(tmp_path: Path, printer: PrinterConfig, word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        await Station(config(printer), tmp_path, FakeClock()).start()
    assert word in caught.value.message
    assert caught.value.hint


async def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """The port is taken: the journal is closed again, and the next start finds everything as it was."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        given = Config(station=StationConfig(port=taken.getsockname()[1]))
        station = Station(given, tmp_path, FakeClock())
        with pytest.raises(ConfigError, match="in use"):
            await station.start()
    with pytest.raises(JournalError, match="closed"):
        await station.journal.note("x", {})


async def test_a_file_in_the_printers_own_folder(tmp_path: Path) -> None:
    async with Site.station(tmp_path, (PrinterConfig(name="FILE", device="file:out.bin"),)) as site:
        await site.watch.status(await order(site), "printed", patience=5)
    assert b"Hello world" in (tmp_path / "printers" / "FILE" / "out.bin").read_bytes()


async def test_one_dead_printer_delays_nothing_else(tmp_path: Path, server: VirtualPrinterServer) -> None:
    dead = PrinterConfig(name="DEAD", device=f"socket://127.0.0.1:{free_port()}")
    async with Site.station(tmp_path, (dead, to(server))) as site:
        stuck = [await order(site) for _ in range(10)]
        fine = [await order(site, printer="TICKET") for _ in range(10)]
        for number in fine:
            await site.watch.status(number, "printed")
        jobs = [await site.journal.job(number) for number in stuck]
        assert {job.status for job in jobs} == {"queued"}


async def test_stopping_in_the_middle_of_a_job_holds_it(tmp_path: Path, server: VirtualPrinterServer) -> None:
    server.set_faults("mute")  # before the station finds out that it answers: one that falls silent is waited for
    async with Site.station(tmp_path, (to(server),)) as site:
        first = await order(site, "first")
        await site.watch.status(first, "printed")
        server.set_faults()
        second = await order(site, "second " * 20_000, format="text")
        await site.watch.status(second, "sent", "printed", "unknown")
    async with Site.station(tmp_path, (to(server),)) as site:
        watch = Watch(site.journal)
        job = await watch.status(second, "unknown", "printed")
        assert job.settled
        await asyncio.sleep(0)


async def test_the_virtual_printers_paper_is_as_wide_as_the_configured_one(tmp_path: Path) -> None:
    """58 mm paper: 384 dots, and lines that break after 32 characters."""
    small = PrinterConfig(name="SMALL", device="virtual:", columns=32, dots=384)
    async with Site.station(tmp_path, (small,)) as site:
        await site.watch.status(await order(site, "x" * 40, format="text"), "printed")
        printed = site.service._counters["SMALL"].device
        await printed.settled()
        (png,) = (tmp_path / "printers" / "SMALL").glob("*.png")
        with Image.open(png) as picture:
            assert picture.width < 500
        (text,) = (tmp_path / "printers" / "SMALL").glob("*.txt")
        assert text.read_text().split() == ["x" * 32, "x" * 8]


async def test_a_route_says_how_documents_are_read_whose_sender_has_not(tmp_path: Path) -> None:
    """A till that only knows files: *.ticket is ReceiptLine's markup."""
    printers = (PrinterConfig(name="TICKET", device="virtual:"),)
    routes = (RouteConfig(source="api", to=("TICKET",), match=("*.ticket",), format="ticket"),)
    markup = b'"Total" | 2,50\n'
    async with Site.station(tmp_path, printers, routes) as site:
        for query, form in (
            ("name=a.ticket", "ticket"),
            ("name=a.txt", "message"),
            ("name=b.ticket&format=text", "text"),
        ):
            answer = await site.ask("POST", f"/api/print?{query}", markup, {"Content-Type": "text/plain"})
            assert (answer.status, answer.json["format"]) == (202, form), query
            await site.watch.status(answer.json["id"], "printed")
        papers = (await site.ask("GET", "/api/printers/TICKET/papers")).json["papers"]
        read = next(paper["text"] for paper in papers if "Total" in paper["text"] and '"' not in paper["text"])
        assert read.split() == ["Total", "2,50"]


START = """
import asyncio, sys
from pathlib import Path
from comptoir.clock import SystemClock
from comptoir.cli.services import Station
from comptoir.config import Config, StationConfig

async def start():
    station = Station(Config(station=StationConfig(port=0)), Path(sys.argv[1]), SystemClock())
    await station.start()
    await station.stop()

asyncio.run(start())
print(*sys.modules)
"""


def test_a_start_does_not_wait_for_what_pages_papers_and_searches_need(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", START, str(tmp_path)], capture_output=True, text=True, check=True)
    late = {"jinja2", "zeroconf", "PIL", "numpy", "pypdfium2", "zxingcpp", "comptoir.formats.epos"}
    assert late & set(run.stdout.split()) == set()
