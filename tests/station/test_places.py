"""The printers of a station as people see them."""

from __future__ import annotations

from pathlib import Path

from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.config import PrinterConfig

PRINTERS = (
    PrinterConfig(name="TICKET", device="virtual:", profile="TM-T88V"),
    PrinterConfig(name="BAR", device="virtual:?out=bar"),
)


async def test_each_printer_with_its_state(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS, name="caisse") as site:
        first, second = site.service.places()
        assert (first.name, first.station, first.profile, first.waiting) == ("TICKET", "caisse", "TM-T88V", 0)
        assert second.name == "BAR"


async def test_one_without_paper_says_so(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS[:1]) as site:
        await eventually(lambda: site.service.places()[0].ready)
        site.service.set_faults("TICKET", ["paper"])
        await eventually(lambda: site.service.places()[0].reason == "media-empty-error")
        assert not site.service.places()[0].ready
