"""The link of a station to its hub, begun and ended: at the start, by a pairing, by a person who ends it.

The link itself is `sources/relay.py`; where token and address are kept is `pairing.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from comptoir.config import Config
from comptoir.core.job import Job
from comptoir.core.ports import Accept, Clock, Journal
from comptoir.sources.relay import LinkState, RelaySource
from comptoir.station import pairing
from comptoir.wire import relay


class Linking:
    """At most one link at a time."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        journal: Journal,
        clock: Clock,
        *,
        accept: Accept,
        withdraw: Callable[[Job, str], Awaitable[None]],
        printers: Callable[[], list[relay.Printer]],
        on_change: Callable[[LinkState], None],
    ) -> None:
        """`on_change`: called with the link's state when there is another link, and when its state has changed."""
        self._config = config
        self._folder = folder
        self._journal = journal
        self._clock = clock
        self._accept = accept
        self._withdraw = withdraw
        self._printers = printers
        self._on_change = on_change
        self._link: RelaySource | None = None
        self._running: asyncio.Task[None] | None = None

    async def pair(self, url: str, code: str) -> str:
        """Show a code to a hub, and link to it from now on; the name of this station there."""
        hub = await pairing.exchange(url, code, self._config.station.name)
        await asyncio.to_thread(pairing.keep, self._folder, hub)
        await self._journal.note("paired", {"hub": hub.url, "station": hub.station})
        await self.connect()
        return hub.station

    async def unlink(self) -> None:
        """End the link, and forget the hub. Raises OSError."""
        await self.disconnect()
        await asyncio.to_thread(pairing.forget, self._folder)
        self._link = None
        self._on_change(LinkState())

    async def connect(self) -> None:
        """(Re)start the link with what is on disk."""
        await self.disconnect()
        hub = pairing.find(self._config, self._folder)
        if hub is None:
            return
        link = RelaySource(
            hub.url, hub.token, self._journal, self._accept, self._withdraw, self._printers, self._clock
        )  # fmt: skip
        link.state.listeners.append(lambda: self._on_change(link.state))
        self._link = link
        self._on_change(link.state)
        self._running = asyncio.create_task(link.run())

    async def disconnect(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def woke(self) -> None:
        """This computer has slept."""
        if self._link is not None:
            self._link.woke()

    def printers_changed(self) -> None:
        """The hub is to know."""
        if self._link is not None:
            self._link.printers_changed()
