"""The hub's end of the link to one station: a sink whose deliveries are acknowledged by messages, not by returning.

It puts messages on the wire, several to a frame, and hands what the station says to a listener. Which job is offered
when is the lane's business (`core.spool`), what a report means to a job is `hub/stations.py`'s.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from comptoir.core.job import Job
from comptoir.core.ports import Clock
from comptoir.wire import relay

log = logging.getLogger("comptoir.relay")

MESSAGES_IN_A_FRAME = 64


class Wire(Protocol):
    """The side of a WebSocket that this module uses."""

    async def send_str(self, data: str) -> None: ...

    async def close(self, *, code: int = 1000, message: bytes = b"") -> bool: ...


class Link:
    """One connected station. Small: a hub keeps thousands of them."""

    __slots__ = ("_loop", "_out", "_sender", "heard_at", "printers", "station", "wire")

    def __init__(self, station: str, wire: Wire, printers: list[relay.Printer]) -> None:
        self.station = station
        self.wire = wire
        self.printers = printers
        self._loop = asyncio.get_running_loop()
        self._out: list[relay.FromHub] = []
        self._sender: asyncio.Task[None] | None = None
        self.heard_at = self._loop.time()

    def say(self, message: relay.FromHub) -> None:
        """Put a message on the wire soon; what is said in one turn of the loop travels in one frame."""
        self._out.append(message)
        if self._sender is None:
            self._sender = self._loop.create_task(self._send())

    async def _send(self) -> None:
        try:
            while self._out:
                frame, self._out = self._out[:MESSAGES_IN_A_FRAME], self._out[MESSAGES_IN_A_FRAME:]
                await self.wire.send_str(relay.encode(frame))
        except (ConnectionError, RuntimeError) as error:
            # Whoever reads from this socket sees its end and tells the lane; nothing here was acknowledged.
            log.info("station %s: the link broke while sending: %s", self.station, error)
            self._out.clear()
        finally:
            self._sender = None

    async def flush(self) -> None:
        """Wait until what was said is on its way."""
        if self._sender is not None:
            await asyncio.wait([self._sender])

    def offer(self, job: Job, content: bytes | None, clock: Clock) -> None:
        """Put the job to the station. Repeating it does no harm: the station knows it by its ref."""
        self.say(offer_of(job, content, clock.now()))

    async def hang_up(self, code: int, why: str) -> None:
        """Close; never raises."""
        try:
            await self.wire.close(code=code, message=relay.close_reason(why))
        except (OSError, RuntimeError) as error:
            log.debug("station %s: closing: %s", self.station, error)


def offer_of(job: Job, content: bytes | None, now: int) -> relay.Offer:
    """The job as it travels. Times to live are relative, so that the station's clock may be wrong."""
    document = job.document
    return relay.Offer(
        ref=relay.ref_of(job),
        digest=document.digest,
        size=document.size,
        media_type=document.media_type,
        format=job.format,
        created_at=job.created_at,
        printer=job.printer,
        name=document.name,
        title=job.title,
        user=job.origin.user,
        host=job.origin.host,
        copies=job.copies,
        expires_in=None if job.expires_at is None else max(0, job.expires_at - now),
        duplicata=job.reprint_of is not None,
        content=content,
    )
