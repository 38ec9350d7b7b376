"""Deliveries to an IPP printer, and what is heard of them."""

from __future__ import annotations

import asyncio

from tests.peers.clock import FakeClock
from tests.peers.ipp_printer import PDF
from tests.peers.papers import submission
from tests.peers.pdfs import pdf, text

from comptoir.core.errors import Withdrawn
from comptoir.core.job import Evidence, Job
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks.ipp import IppSink
from comptoir.sinks.ipp_client import IppClient, address_of

INVOICE = pdf(text("Facture 2026-001", 72, 700))


class Delivery:
    """Deliveries to one printer; `told`: what its progress said."""

    def __init__(self, journal: SqliteJournal, uri: str) -> None:
        self.journal = journal
        self.clock = FakeClock()
        self.sink = IppSink(IppClient(address_of(uri)), journal, self.clock)
        self.told: list[str] = []
        self.heard = asyncio.Event()
        self.withdrawn = False

    async def started(self) -> None:
        if self.withdrawn:
            raise Withdrawn("cancelled")
        self._tell("started")

    def stopped(self, reason: str, message: str) -> None:
        self._tell(reason)

    def resumed(self) -> None:
        self._tell("goes on")

    def _tell(self, word: str) -> None:
        self.told.append(word)
        self.heard.set()

    async def until(self, word: str) -> None:
        while word not in self.told:
            self.heard.clear()
            await self.heard.wait()

    async def job(self, content: bytes = INVOICE, **more: object) -> Job:
        fields: dict[str, object] = {"media_type": PDF, "format": "pdf", "title": "Facture", **more}
        return (await self.journal.accept(submission(content, **fields))).job  # type: ignore[arg-type]

    async def __call__(self, content: bytes = INVOICE, **more: object) -> Evidence:
        job = await self.job(content, **more)
        return await self.sink.deliver(job, job.document, self)
