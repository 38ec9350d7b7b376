"""The printer behind a capturing source: what it answers, why it does not print, its drawer.

A till that prints to the source believes to speak to that printer. Documents take another way: their jobs, in its lane.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from comptoir.config import Config
from comptoir.core.errors import NotSent
from comptoir.sinks.channel import Channel
from comptoir.station.drawers import Asker, Drawers
from comptoir.station.places import Places
from comptoir.web.shapes import DrawerOrder

log = logging.getLogger("comptoir.capture")


@dataclass(frozen=True, slots=True)
class Downstream:
    """For each source the first printer to which its routes lead. `channels`: of those that can be asked.

    `near`: whether who has this address may open drawers unnamed, as the guard would have it.
    """

    config: Callable[[], Config]
    printers: Container[str]
    channels: Mapping[str, Channel]
    places: Places
    drawers: Drawers
    near: Callable[[str], bool]

    def trouble(self, source: str) -> tuple[str, str] | None:
        """Why it prints nothing at this moment: (reason, message)."""
        printer = self._printer_of(source)
        return None if printer is None else self.places.trouble_at(printer)

    async def ask(self, source: str, question: bytes, seconds: float) -> bytes:
        """Its answer; empty where it cannot be asked."""
        channel = self.channels.get(self._printer_of(source) or "")
        if channel is None or not channel.asks:
            return b""
        try:
            return await channel.pass_on(question, seconds)
        except NotSent:
            return b""

    async def pulse(self, source: str, host: str, pulse: bytes) -> bool:
        """Open its drawer for who has this address, if he is near; whether it was opened. Raises ComptoirError.

        The drawer has its own pulse, which is known to open it: that of the till says only that it is to open.
        """
        printer = self._printer_of(source)
        if printer is None or all(drawer.printer != printer for drawer in self.drawers.states()):
            return False
        if not self.near(host):
            log.warning("%s: a drawer was not opened for %s", source, host)
            return False
        await self.drawers.open(DrawerOrder(printer, "receipt"), Asker("", host, source))
        return True

    def _printer_of(self, source: str) -> str | None:
        leads_to = (name for route in self.config().route if route.source == source for name in route.to)
        return next((name for name in leads_to if name in self.printers), None)
