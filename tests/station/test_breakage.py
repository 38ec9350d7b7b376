"""A virtual printer is broken and mended over HTTP; a real one is left alone."""

from __future__ import annotations

from pathlib import Path

from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.config import PrinterConfig

PRINTERS = (
    PrinterConfig(name="TICKET", device="virtual:?drawer=high"),
    PrinterConfig(name="REAL", device="file:out.bin"),
)


def ready(site: Site) -> bool:
    return next(place.ready for place in site.service.places() if place.name == "TICKET")


async def test_a_printer_is_broken_and_mended(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS) as site:
        answer = await site.ask("PUT", "/api/printers/TICKET/faults", {"faults": ["cover", "paper=20"]})
        assert (answer.status, answer.json["faults"]) == (200, ["cover", "paper=20"])
        await eventually(lambda: not ready(site))
        assert (await site.ask("GET", "/api/printers/TICKET/faults")).json["faults"] == ["cover", "paper=20"]
        assert (await site.ask("PUT", "/api/printers/TICKET/faults", {"faults": []})).json["faults"] == []
        await eventually(lambda: ready(site))


async def test_its_drawer_is_pushed_shut(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS) as site:
        assert (await site.ask("POST", "/api/drawer/open", {})).status == 200
        assert site.service.drawer_is_open("TICKET")
        answer = await site.ask("POST", "/api/printers/TICKET/drawer/close")
        assert (answer.json["drawer_open"], answer.json["pulses"]) == (False, 1)
        assert not site.service.drawer_is_open("TICKET")


async def test_a_real_printer_breaks_without_us(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS) as site:
        assert site.service.faults("REAL") == {}
        for method, path in (("GET", "faults"), ("PUT", "faults"), ("POST", "drawer/close")):
            answer = await site.ask(method, f"/api/printers/REAL/{path}", {"faults": []} if method == "PUT" else None)
            assert (answer.status, answer.error["code"]) == (404, "unknown-name")


async def test_a_fault_that_there_is_none_of_is_told(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS) as site:
        answer = await site.ask("PUT", "/api/printers/TICKET/faults", {"faults": ["flu"]})
        assert (answer.status, "paper" in answer.error["hint"]) == (400, True)
