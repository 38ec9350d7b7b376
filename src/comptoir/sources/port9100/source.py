"""The port: its senders are `connection.Connection`s, its documents become captures."""

from __future__ import annotations

import asyncio
import uuid
from functools import partial
from typing import Final

from comptoir.arrivals import Port9100SourceConfig
from comptoir.core.document import Document, Origin
from comptoir.core.errors import ConfigError
from comptoir.core.kept import Capture, Part
from comptoir.core.units import duration, size
from comptoir.sources.capture_port import CapturePort
from comptoir.sources.describing import described, wishes_in
from comptoir.sources.port9100.connection import Connection, Patience, Port
from comptoir.sources.surroundings import Surroundings

ANSWER: Final = 2.0  # seconds that a question may wait for the printer


def make(config: Port9100SourceConfig, surroundings: Surroundings) -> Port9100Source:
    """Raises ConfigError."""
    try:
        idle, largest = duration(config.idle), size(config.largest)
    except ValueError as error:
        raise ConfigError(f"the source {config.name}: {error}") from None
    patience = Patience(idle=None if idle is None else idle / 1000)
    return Port9100Source(config, surroundings, patience, largest)


class Port9100Source(CapturePort):
    """`sources.surroundings.CaptureSource`."""

    kind = "port9100"

    def __init__(
        self, config: Port9100SourceConfig, surroundings: Surroundings, patience: Patience, largest: int | None
    ) -> None:
        super().__init__(config.name, config.host, config.port, largest, surroundings)
        self._replies = config.replies
        self._patience = patience

    def guest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> Connection:
        port = Port(self.begin, self._arrived, self._ask, partial(self._pulse, host), self._patience)
        return Connection(reader, writer, host, port)

    async def _arrived(self, document: Document, head: bytes, host: str, partial: str) -> None:
        """Raises JournalError."""
        header = described(head, document.media_type)
        await self.take(
            Capture(
                Origin(self._name, header.user, header.host or host),
                uuid.uuid4().hex,
                (Part(document),),
                header.title,
                attributes=wishes_in(header),
                partial=partial,
            )
        )

    async def _ask(self, question: bytes) -> bytes:
        return await self._surroundings.ask(self._name, question, ANSWER) if self._replies else b""

    async def _pulse(self, host: str, pulse: bytes) -> None:
        """Who sent it counts: a port that is open to the network must not open the drawer for everybody there."""
        if self._surroundings.pulse is not None:
            await self._surroundings.pulse(self._name, host, pulse)
