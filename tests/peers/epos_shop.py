"""A station to which tills speak ePOS-Print, and what comes out of its printers."""

from __future__ import annotations

import json
from typing import Any

from tests.peers.epos_client import document
from tests.peers.site import Site

from comptoir.config import DialectConfig, DrawerConfig, PrinterConfig
from comptoir.core.job import Job
from comptoir.core.record import JobQuery
from comptoir.devices.virtual import VirtualDevice
from comptoir.devices.virtual_printer import Printed

PRINTERS = (PrinterConfig(name="TICKET", device="virtual:?drawer=high"), PrinterConfig(name="BAR", device="virtual:"))
HELLO = document('<text align="center">Hello&#10;</text>', '<feed line="3"/>', '<cut type="feed"/>')
WITH_DRAWER = document("<text>Total 9,99 €&#10;</text>", '<pulse drawer="drawer_1" time="pulse_100"/>', "<cut/>")
#: bits of the status
NO_PAPER, NEAR_END, CUTTER, COVER, OFFLINE, DRAWER, PRINTED, NO_RESPONSE = (
    0x80000, 0x20000, 0x800, 0x20, 0x8, 0x4, 0x2, 0x1
)  # fmt: skip


class Shop:
    """A station, its first printer, and what came out of it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.device = self.at("TICKET")
        self.papers: list[Printed] = []
        self.device.on_printed.append(self.papers.append)

    def at(self, name: str) -> VirtualDevice:
        found = self.site.service._counters[name].device
        assert isinstance(found, VirtualDevice)
        return found

    @property
    def texts(self) -> list[str]:
        return [printed.paper.text for printed in self.papers]

    @property
    def pulses(self) -> int:
        return self.device.snapshot().pulses

    async def noted(self, kind: str) -> list[dict[str, Any]]:
        events = await self.site.journal.events(limit=1000)
        return [json.loads(event.body) for event in events if event.kind == kind]

    async def jobs(self) -> list[Job]:
        return list(await self.site.journal.jobs(JobQuery()))

    def configure(self, *, drawer: str = "", **epos: Any) -> None:
        """As a person changes it on the pages, while the service runs. `drawer`: the printer on which it hangs."""
        service = self.site.service
        service._config = type(service._config)(
            station=service._config.station, drawer=DrawerConfig(printer=drawer), epos=DialectConfig(**epos)
        )
