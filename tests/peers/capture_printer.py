"""Our own IPP printer with a real journal behind it, and the smallest station: it keeps everything, and prints nowhere.

`jobs_for` lets a test have the station make jobs of a print, and `refuses` lets its disk refuse.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import aiohttp
from tests.peers.surroundings import without_printer

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.clock import SystemClock
from comptoir.core.document import Keep, Submission
from comptoir.core.errors import JournalError
from comptoir.core.job import Change, Job
from comptoir.core.kept import Capture, Filed, Filing, Kept
from comptoir.core.ports import Clock
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sources.ipp_printer.source import IppPrinterSource
from comptoir.sources.surroundings import Surroundings
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Message, Tag, Value, decode, encode
from comptoir.wire.ipp_codes import Operation

NIGHT = "2026-11-20"
Values = tuple[Value, ...]


@dataclass
class CapturePrinter:
    """`async with`: it listens; `uri` is its address."""

    folder: Path
    config: IppPrinterSourceConfig = field(default_factory=lambda: IppPrinterSourceConfig(name="nuit", port=0))
    clock: Clock = field(default_factory=SystemClock)
    destinations: tuple[str, ...] = ()
    #: whether the archive keeps what is printed
    keeps: bool = True
    context: ssl.SSLContext | None = None
    trouble: tuple[str, str] | None = None
    #: raised in place of taking
    refuses: JournalError | None = None
    #: nothing is taken while it is not set
    lets: asyncio.Event = field(default_factory=asyncio.Event)
    #: called with each capture, before it is filed
    on_take: Callable[[Capture], None] = lambda capture: None
    captures: list[Capture] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self.source.port}/ipp/print"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.source.port}/ipp/print"

    async def __aenter__(self) -> CapturePrinter:
        self.lets.set()
        self.journal = await SqliteJournal.open("", self.folder, self.clock)
        self._numbers = 0
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lets.set()
        await self.stop()
        await self.session.close()
        await self.journal.close()

    async def start(self) -> None:
        """Listen; again, after `stop`, as a station that was started anew."""
        self.source = IppPrinterSource(self.config, self._surroundings())
        listens = asyncio.Event()
        self.source.on_change.append(lambda: listens.set() if self.source.port else None)
        self._running = asyncio.create_task(self.source.run())
        await listens.wait()
        self.session = aiohttp.ClientSession()

    async def stop(self) -> None:
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    async def kept(self) -> list[Kept]:
        """All that the archive has, in order."""
        return list(await self.journal.keeping.after(0, 1000))

    async def content(self, kept: Kept) -> bytes:
        return await self.journal.content(kept.document)

    # -- as a client --------------------------------------------------------------------------------------------------

    async def ask(
        self,
        operation: int,
        attributes: dict[str, Values] | None = None,
        template: dict[str, Values] | None = None,
        document: bytes = b"",
        **more: object,
    ) -> Message:
        """The answer to a well-formed request."""
        return await self.send(request(self.uri, operation, attributes, template) + document, **more)

    async def send(self, body: bytes, **more: object) -> Message:
        """The answer to these bytes."""
        headers = {"Content-Type": "application/ipp"}
        async with self.session.post(self.url, data=body, headers=headers, **more) as answer:  # type: ignore[arg-type]
            assert answer.status == 200, answer.status
            return decode(await answer.read())

    async def print(self, document: bytes, title: str = "Rapport", user: str = "nuit", **more: Values) -> Message:
        attributes = {"requesting-user-name": v.name(user), "job-name": v.name(title), **_dashed(more)}
        return await self.ask(Operation.PRINT_JOB, attributes, document=document)

    async def job(self, number: int) -> Group:
        """What it says of a job."""
        answer = await self.ask(Operation.GET_JOB_ATTRIBUTES, {"job-id": v.integer(number)})
        return answer.group(Tag.JOB)

    async def printed(self, number: int, state: str = "completed", reason: str = "") -> None:
        """The station has gone on with a job of its own."""
        assert list(await self.journal.record([Change(number, state, reason, "said so")])) == [True]  # type: ignore[arg-type]

    # -- the station --------------------------------------------------------------------------------------------------

    def _surroundings(self) -> Surroundings:
        return without_printer(
            self._take, self.journal, self.clock, self.folder,
            context=lambda: self.context, trouble=lambda source: self.trouble, withdraw=self._withdraw,
            language=lambda: "fr",
        )  # fmt: skip

    async def _take(self, capture: Capture) -> Filed:
        self.on_take(capture)
        await self.lets.wait()
        if self.refuses is not None:
            raise self.refuses
        self.captures.append(capture)
        jobs = tuple(
            Submission(
                capture.document, capture.origin, name, title=capture.title, format="pdf",
                attributes={} if self.keeps else capture.attributes,
            )
            for name in (() if capture.partial else self.destinations)
        )  # fmt: skip
        return await self.journal.keeping.file(Filing(capture, Keep(None, NIGHT) if self.keeps else None, jobs))

    async def _withdraw(self, job: Job, by: str) -> bool:
        self.withdrawn.append(job.id)
        return (await self.journal.record([Change(job.id, "canceled", "job-canceled-by-user", by=by)]))[0]


def _dashed(words: dict[str, Values]) -> dict[str, Values]:
    return {name.replace("_", "-"): values for name, values in words.items()}


def request(
    uri: str,
    operation: int,
    attributes: dict[str, Values] | None = None,
    template: dict[str, Values] | None = None,
    version: tuple[int, int] = (2, 0),
    number: int = 1,
) -> bytes:
    """The bytes of a request, up to its document."""
    first = {
        "attributes-charset": v.charset("utf-8"),
        "attributes-natural-language": v.language("fr"),
        "printer-uri": v.uri(uri),
    }
    groups = [Group(Tag.OPERATION, {**first, "requesting-user-name": v.name("nuit"), **(attributes or {})})]
    if template:
        groups.append(Group(Tag.JOB, template))
    return encode(Message(operation, number, tuple(groups), version))
