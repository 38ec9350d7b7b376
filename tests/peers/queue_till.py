"""A drawer behind a spooler for tests, and all that a pulse may leave in its queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.peers.spool_library import SpoolLibrary

from comptoir.devices.winspool import WinspoolDevice
from comptoir.languages import language
from comptoir.sinks.channel import Channel
from comptoir.sinks.drawer import Drawer, DrawerConfig
from comptoir.sinks.facts import Facts

ESCPOS = language("escpos")


class Till:
    """A drawer behind a spooler."""

    def __init__(self, *, notifies: bool = True) -> None:
        self.spool = SpoolLibrary("TICKET", notifies=notifies)
        device = WinspoolDevice("winspool:TICKET", Path("printer"), self.spool.spooler)
        self.channel = Channel("TICKET", device, ESCPOS, keep=True)
        self.drawer = Drawer(self.channel, ESCPOS, Facts(), DrawerConfig())

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not done():
                await asyncio.sleep(0.01)

    @property
    def pulses(self) -> int:
        return b"".join(self.spool.ticket.printed).count(b"\x1bp")

    @property
    def left(self) -> int:
        """Everything that a pulse could have left behind."""
        return len(self.spool.ticket.jobs) + self.spool.left_open
