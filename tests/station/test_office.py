"""Office printers are put together as the configuration says, and say how they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.peers.driven import ScriptedQueue
from tests.peers.ipp_printer import IppPrinterPeer
from tests.peers.services import free_port

from comptoir.config import Config, PrinterConfig
from comptoir.core.errors import ConfigError, NotReady
from comptoir.core.job import NO_PAPER, UNREACHABLE
from comptoir.core.sheet import PAPERS
from comptoir.sinks.gdi import GdiSink
from comptoir.sinks.ipp import IppSink
from comptoir.sinks.probe import ProbeFailed
from comptoir.sinks.sheets import SheetSink
from comptoir.station import office as module
from comptoir.station.office import DriverOutlet, IppOutlet, SheetOutlet, office_printer
from comptoir.station.printers import Counter, outlet


def printer(device: str, **more: object) -> PrinterConfig:
    return PrinterConfig(**{"name": "FACTURE", "device": device, **more})  # type: ignore[arg-type]


@pytest.fixture
async def peer() -> AsyncIterator[IppPrinterPeer]:
    async with IppPrinterPeer() as one:
        yield one


async def ended(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(done: Callable[[], bool]) -> None:
    while not done():
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("device", "language", "kind", "speaks"),
    [
        ("ipp://h/ipp/print", "", IppOutlet, "ipp"),
        ("cups://h/FACTURE", "", IppOutlet, "cups"),
        ("socket://h:9100", "pcl", SheetOutlet, "pcl"),
        ("socket://h:9100", "", Counter, "escpos"),
        ("socket://h:9100", "raw", Counter, "raw"),
    ],
)
def test_which_printer_is_which(device: str, language: str, kind: type, speaks: str, tmp_path: Path) -> None:
    one = outlet(printer(device, language=language), Config(), tmp_path)
    assert isinstance(one, kind)
    assert one.speaks == speaks
    assert (one.drawer is None) == (kind is not Counter)


def test_fineness_and_paper(tmp_path: Path) -> None:
    pcl, letter = (
        SheetOutlet(printer("socket://h", language="pcl", **more), tmp_path)._printer.setup
        for more in ({}, {"paper": "Letter", "resolution": 300})
    )
    assert (pcl.dpi, pcl.paper, pcl.ink) == (600, PAPERS["a4"], "black")
    assert (letter.dpi, letter.paper) == (300, PAPERS["letter"])


@pytest.mark.parametrize("device", ["ipp://h", "cups:", "nothing:"])
def test_one_that_cannot_be_set_up_is_named(device: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="FACTURE"):
        office_printer(printer(device, language="" if device != "nothing:" else "pdf"), tmp_path)


async def test_it_says_who_it_is_and_is_left_alone_then(peer: IppPrinterPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", 0)
    one = IppOutlet(printer(peer.uri))
    known = asyncio.Event()
    one.on_change.append(known.set)
    running = asyncio.ensure_future(one.run())
    await known.wait()
    assert (one.identity, one.trouble) == (("Stand-in 2000",), None)
    await one.probe(0)
    assert len(peer.asked) == 2, "once by itself"
    await ended(running)
    await one.close()


async def test_one_that_cannot_print_is_looked_at_until_it_can(
    peer: IppPrinterPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.01)
    peer.state, peer.reasons = 5, ("media-empty-error",)
    one = IppOutlet(printer(peer.uri))
    seen: list[str] = []

    def changed() -> None:
        seen.append(one.trouble[0] if one.trouble else "ready")
        peer.state, peer.reasons = 3, ("none",)

    one.on_change.append(changed)
    running = asyncio.ensure_future(one.run())
    await until(lambda: len(seen) == 2)
    peer.state, peer.reasons = 5, ("media-empty-error",)
    await one.probe(0)  # somebody else finds it so
    await until(lambda: len(seen) == 4)
    assert seen == [NO_PAPER, "ready"] * 2
    await ended(running)
    await one.close()


async def test_one_that_is_not_there_is_told() -> None:
    one = IppOutlet(printer(f"ipp://127.0.0.1:{free_port()}/ipp/print"))
    with pytest.raises(ProbeFailed):
        await one.probe(0)
    told = asyncio.Event()
    one.on_change.append(told.set)
    running = asyncio.ensure_future(one.run())
    await told.wait()
    assert one.trouble is not None
    assert one.trouble[0] == UNREACHABLE
    await ended(running)
    await one.close()


async def test_a_probe_is_a_question(peer: IppPrinterPeer, tmp_path: Path) -> None:
    one = IppOutlet(printer(peer.uri))
    learned = await one.probe(5)
    assert (learned.identity, learned.probed_at) == (("Stand-in 2000",), 5)
    await one.close()
    with pytest.raises(ProbeFailed):
        await SheetOutlet(printer("socket://h", language="pdf"), tmp_path).probe(0)


async def test_each_has_its_sink(peer: IppPrinterPeer, tmp_path: Path) -> None:
    none: object = None
    assert isinstance(IppOutlet(printer(peer.uri, paper="A5")).sink({}, none, none), IppSink)  # type: ignore[arg-type]
    assert isinstance(
        SheetOutlet(printer("file:a", language="pwg"), tmp_path).sink({}, none, none),  # type: ignore[arg-type]
        SheetSink,
    )


# -- by their driver on Windows ---------------------------------------------------------------------------------------


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> ScriptedQueue:
    one = ScriptedQueue()
    monkeypatch.setattr(module, "device", lambda uri, folder: one)
    return one


async def test_a_printer_of_windows_by_its_driver(queue: ScriptedQueue, tmp_path: Path) -> None:
    config = printer("winspool:OFFICE", language="windows", paper="A5", resolution=300)
    one = outlet(config, Config(), tmp_path)
    assert isinstance(one, DriverOutlet)
    assert (one.speaks, one._printer.paper, one._printer.finest) == ("windows", PAPERS["a5"], 300)
    none: object = None
    assert isinstance(one.sink({}, none, none), GdiSink)  # type: ignore[arg-type]
    assert (await one.probe(5)).probed_at == 5
    assert queue.open_jobs == 0


async def test_one_that_windows_says_is_stopped_is_looked_at_until_it_goes_on(
    queue: ScriptedQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN", 0)
    queue.refuses = NotReady("Windows says that it has no paper", "", NO_PAPER)
    one = DriverOutlet(printer("winspool:OFFICE", language="windows"), tmp_path)
    seen: list[str] = []

    def changed() -> None:
        seen.append(one.trouble[0] if one.trouble else "ready")
        queue.refuses = None

    one.on_change.append(changed)
    running = asyncio.ensure_future(one.run())
    await until(lambda: len(seen) == 2)
    assert seen == [NO_PAPER, "ready"]
    queue.refuses = OSError("gone")
    with pytest.raises(ProbeFailed):
        await one.probe(0)
    await ended(running)


def test_a_driver_draws_for_printers_of_windows_only(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Windows only"):
        office_printer(printer("socket://h", language="windows"), tmp_path)
