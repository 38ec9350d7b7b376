"""An IPP printer as a program of ours, that does what a test wants: stops, refuses, cuts, forgets. It speaks real HTTP.

What it answers otherwise is what real ones answer (`ippeveprinter`, CUPS): they are tried, too, in the journeys.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from aiohttp import web

from comptoir.wire.ipp import Group, Message, Range, Reader, Resolution, Tag, Value, encode
from comptoir.wire.ipp_codes import JobState, Operation, Status

KEYWORD, INTEGER, ENUM, NAME, MIME = Tag.KEYWORD, Tag.INTEGER, Tag.ENUM, Tag.NAME, Tag.MIME_TYPE
Attributes = dict[str, tuple[Value, ...]]

PDF, RASTER = "application/pdf", "image/pwg-raster"
SIMPLE = (Operation.PRINT_JOB, Operation.VALIDATE_JOB, Operation.CANCEL_JOB, Operation.GET_JOB_ATTRIBUTES,
          Operation.GET_JOBS, Operation.GET_PRINTER_ATTRIBUTES)  # fmt: skip
ALL = (*SIMPLE, Operation.CREATE_JOB, Operation.SEND_DOCUMENT)


@dataclass
class Sheets:
    """A job that it has."""

    number: int
    name: str
    wishes: Attributes
    document: bytes = b""
    form: str = ""
    state: int = JobState.HELD
    reasons: tuple[str, ...] = ("job-incoming",)
    impressions: int | None = None


@dataclass
class IppPrinterPeer:
    """`async with`; `uri` is its address. Change its fields to make it another printer."""

    formats: tuple[str, ...] = (PDF, RASTER)
    operations: tuple[int, ...] = ALL
    most_copies: int = 99
    #: printer-state and reasons
    state: int = 3
    reasons: tuple[str, ...] = ("none",)
    more: Attributes = field(default_factory=dict)
    #: what becomes of a job whose document has come
    ends: int | None = JobState.COMPLETED
    end_reasons: tuple[str, ...] = ("job-completed-successfully",)
    impressions: int | None = 1
    #: operation → status that it answers instead
    refuses: dict[int, int] = field(default_factory=dict)
    #: operation → HTTP status
    http: dict[int, int] = field(default_factory=dict)
    #: operations whose connection it cuts before it answers, and those after which it has done as it was asked
    cuts: set[int] = field(default_factory=set)
    cuts_after: set[int] = field(default_factory=set)
    jobs: list[Sheets] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    on_asked: Callable[[int], None] = lambda operation: None
    #: it takes no more of a document for as long as this is not set
    reads: asyncio.Event = field(default_factory=asyncio.Event)
    #: where it listens with TLS
    tls: ssl.SSLContext | None = None

    @property
    def uri(self) -> str:
        return f"{'ipps' if self.tls else 'ipp'}://127.0.0.1:{self.port}/ipp/print"

    async def __aenter__(self) -> IppPrinterPeer:
        self.reads.set()
        app = web.Application(client_max_size=1 << 30)
        app.router.add_post("/ipp/print", self._serve)
        self._runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self.tls)
        await site.start()
        self.port: int = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reads.set()
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        reader = Reader()
        while reader.message is None:
            reader.feed(await request.content.readany())
        message = reader.message
        self.asked.append(message.code)
        self.on_asked(message.code)
        if message.code in self.http:
            return web.Response(status=self.http[message.code])
        if message.code in self.cuts:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        document = bytearray(reader.rest)
        while not request.content.at_eof():
            await self.reads.wait()
            document += await request.content.readany()
        groups = self._answer(message, bytes(document))
        if message.code in self.cuts_after:
            assert request.transport is not None
            request.transport.abort()
        status = groups if isinstance(groups, int) else Status.OK
        first = Group(
            Tag.OPERATION,
            {
                "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
                "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
            },
        )
        more = () if isinstance(groups, int) else groups
        return web.Response(
            body=encode(Message(status, message.request_id, (first, *more), message.version)),
            content_type="application/ipp",
        )

    def _answer(self, message: Message, document: bytes) -> int | tuple[Group, ...]:
        if message.code in self.refuses:
            return self.refuses[message.code]
        if message.code not in self.operations:
            return Status.OPERATION_NOT_SUPPORTED
        wish = message.group(Tag.OPERATION)
        match message.code:
            case Operation.GET_PRINTER_ATTRIBUTES:
                return (Group(Tag.PRINTER, self._attributes()),)
            case Operation.VALIDATE_JOB:
                return ()
            case Operation.CREATE_JOB | Operation.PRINT_JOB:
                job = Sheets(len(self.jobs) + 1, str(wish.first("job-name")), message.group(Tag.JOB).attributes)
                self.jobs.append(job)
                if message.code == Operation.PRINT_JOB:
                    self._take(job, wish, document)
                return (self._job(job),)
            case Operation.GET_JOBS:
                done = wish.first("which-jobs") == "completed"
                return tuple(self._job(job) for job in self.jobs if (job.state >= JobState.CANCELED) == done)
        job = next((job for job in self.jobs if job.number == wish.number("job-id")), Sheets(0, "", {}))
        if not job.number:
            return Status.NOT_FOUND
        if message.code == Operation.SEND_DOCUMENT:
            self._take(job, wish, document)
        if message.code == Operation.CANCEL_JOB:
            if job.state >= JobState.CANCELED:
                return Status.NOT_POSSIBLE
            job.state, job.reasons = JobState.CANCELED, ("job-canceled-by-user",)
            return ()
        return (self._job(job),)

    def _take(self, job: Sheets, wish: Group, document: bytes) -> None:
        job.document, job.form = document, str(wish.first("document-format"))
        job.state, job.reasons = JobState.PROCESSING, ("job-printing",)
        if self.ends is not None:
            job.state, job.reasons, job.impressions = self.ends, self.end_reasons, self.impressions

    def _job(self, job: Sheets) -> Group:
        attributes: Attributes = {
            "job-id": (Value(INTEGER, job.number),),
            "job-name": (Value(NAME, job.name),),
            "job-state": (Value(ENUM, job.state),),
            "job-state-reasons": tuple(Value(KEYWORD, reason) for reason in job.reasons),
        }
        if job.impressions is not None:
            attributes["job-impressions-completed"] = (Value(INTEGER, job.impressions),)
        return Group(Tag.JOB, attributes)

    def _attributes(self) -> Attributes:
        return {
            "printer-state": (Value(ENUM, self.state),),
            "printer-state-reasons": tuple(Value(KEYWORD, reason) for reason in self.reasons),
            "printer-is-accepting-jobs": (Value(Tag.BOOLEAN, True),),
            "printer-make-and-model": (Value(Tag.TEXT, "Stand-in 2000"),),
            "operations-supported": tuple(Value(ENUM, one) for one in self.operations),
            "document-format-supported": tuple(Value(MIME, one) for one in self.formats),
            "copies-supported": (Value(Tag.RANGE, Range(1, self.most_copies)),),
            "sides-supported": (Value(KEYWORD, "one-sided"), Value(KEYWORD, "two-sided-long-edge")),
            "print-scaling-supported": (Value(KEYWORD, "auto"), Value(KEYWORD, "fit")),
            "media-default": (Value(KEYWORD, "iso_a4_210x297mm"),),
            "media-source-supported": (Value(KEYWORD, "tray-1"), Value(KEYWORD, "tray-2")),
            "pwg-raster-document-resolution-supported": (Value(Tag.RESOLUTION, Resolution(300, 300)),),
            "pwg-raster-document-type-supported": (Value(KEYWORD, "sgray_8"),),
            **self.more,
        }
