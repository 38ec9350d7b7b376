"""The station's end of the link: it dials out, takes jobs in, and reports what became of them until that is confirmed.

One WebSocket, opened from here, so that no port is open at the counter; large documents are fetched beside it by plain
HTTP with the same token, so that they delay nobody. It keeps nothing in memory that must survive: what the hub has not
confirmed stands in the journal. Taking a job in outlives the connection over which it was offered.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from comptoir import __version__
from comptoir.clock import steady
from comptoir.core.document import Document, Origin, Submission
from comptoir.core.errors import ComptoirError, NotSent, TooLarge, UnknownName
from comptoir.core.job import (
    DOCUMENT_FORMAT_ERROR,
    EXPIRED,
    OUTCOME_UNKNOWN,
    UNKNOWN_PRINTER,
    Change,
    Evidence,
    Job,
    State,
)
from comptoir.core.ports import Accept, Clock, Journal
from comptoir.core.record import Event
from comptoir.core.retry import LINK
from comptoir.wire import relay

log = logging.getLogger("comptoir.relay")

SOURCE = "relay"
DOWNLOADS = 2  # at once
PIECE = 65_536
SILENCE = 30.0  # seconds without a byte after which a download is begun again; however long it takes, it may
LONGEST_WORDS = 1_000  # characters of a report
LATER_WAIT = 5.0  # seconds before a hub whose disk refuses is asked again
_SLEPT = "this computer slept"
REFUSED_WAIT = 60.0  # seconds before a hub that refused this station is asked again

Withdraw = Callable[[Job, str], Awaitable[None]]


@dataclass(slots=True)
class LinkState:
    """What the console tells of the link. `since`: ms; `trouble`: why it is down, and what to do."""

    url: str = ""
    connected: bool = False
    since: int | None = None
    trouble: str = ""
    hint: str = ""
    listeners: list[Callable[[], None]] = field(default_factory=list)

    def tell(self) -> None:
        for listener in self.listeners:
            listener()


class RelaySource:
    """`core.ports.Source`: the jobs that the hub has for this station."""

    def __init__(
        self,
        url: str,
        token: str,
        journal: Journal,
        take: Accept,
        withdraw: Withdraw,
        printers: Callable[[], Sequence[relay.Printer]],
        clock: Clock,
    ) -> None:
        self._url = url
        self._token = token
        self._journal = journal
        self._take = take
        self._withdraw = withdraw
        self._printers = printers
        self._clock = clock
        self._refs: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._out: list[relay.FromStation] = []
        self._speak = asyncio.Event()
        self._woken = asyncio.Event()
        self._downloads = asyncio.Semaphore(DOWNLOADS)
        self._receiving: dict[str, asyncio.Task[None]] = {}
        #: what goes on although the connection ends
        self._tasks = set[asyncio.Task[None]]()
        #: what goes on although even this source ends: a job that is being written
        self._taking = set[asyncio.Task[None]]()
        self.state = LinkState(url)

    # -- the connection -----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        for job in await self._journal.unreported(SOURCE):
            self._know(job.key, job.id)
        unsubscribe = self._journal.subscribe(self._on_events)
        failures = 0
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with aiohttp.ClientSession(headers=headers) as session:
                while True:
                    asked = self._clock.now()
                    self._woken.clear()
                    wait = await self._connect(session)
                    if self.state.since is not None and self.state.since >= asked:
                        failures = 0
                    failures += 1
                    # No secret is drawn here, only a moment.
                    delay = LINK.delay(failures, random.random()) / 1000  # noqa: S311
                    with suppress(TimeoutError):
                        async with asyncio.timeout(max(wait, delay)):
                            await self._woken.wait()
                            failures = 0
        finally:
            unsubscribe()
            for task in self._tasks:
                task.cancel()
            if self._taking:
                await asyncio.wait(self._taking)

    def woke(self) -> None:
        """This computer has slept: the connection may be half dead, and a hub that was not there may be there."""
        self._woken.set()

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # Nothing of it was confirmed to the hub, which asks again.
            log.error("%s", error, exc_info=None if isinstance(error, ComptoirError) else error)

    async def _connect(self, session: aiohttp.ClientSession) -> float:
        """One connection from beginning to end; the least time to wait before the next, in seconds."""
        try:
            async with session.ws_connect(
                self._url,
                heartbeat=relay.HEARTBEAT,
                max_msg_size=relay.FRAME,
                timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
            ) as wire:
                try:
                    await self._converse(session, wire)
                except ExceptionGroup as group:
                    raise group.exceptions[0] from None
            if wire.close_code == relay.TRY_LATER:
                self._down("the hub cannot write at the moment", "It reconnects by itself.")
                return LATER_WAIT
            self._down("the hub closed the link", "It reconnects by itself.")
        except aiohttp.WSServerHandshakeError as error:
            if error.status == 401:
                self._down("the hub does not know this station", "Pair it again: comptoir pair HUB_URL CODE")
                return REFUSED_WAIT
            if error.status == 403:
                self._down("the hub does not answer to this name", "Add the name to its allowed_hosts, or pair again.")
                return REFUSED_WAIT
            self._down(f"the hub answered {error.status}", "Is the address that of a Comptoir hub?")
        except _RefusedByHub as error:
            self._down(error.message, error.hint)
            return REFUSED_WAIT
        except (aiohttp.ClientError, OSError, TimeoutError, ComptoirError) as error:
            self._down(str(error) or type(error).__name__, "It tries again by itself.")
        return 0.0

    async def _converse(self, session: aiohttp.ClientSession, wire: aiohttp.ClientWebSocketResponse) -> None:
        self._out.clear()
        self._say(relay.Hello(relay.PROTOCOL, __version__, self._journal.uid, list(self._printers())))
        async with asyncio.TaskGroup() as tasks:
            speaking = tasks.create_task(self._send(wire))
            beating = tasks.create_task(self._beat())
            waking = tasks.create_task(self._wake())
            try:
                async with asyncio.timeout(None) as silence:
                    while True:
                        silence.reschedule(asyncio.get_running_loop().time() + 3 * relay.HEARTBEAT)
                        before = steady()
                        message = await wire.receive()
                        if message.type is not aiohttp.WSMsgType.TEXT:
                            break
                        if steady() - before > 3 * relay.HEARTBEAT + 1:
                            # The loop's clock stood still: what lay in the system meanwhile has its times to live
                            # from before, and the hub offers it again with those that are left.
                            self._woken.set()
                            raise _Slept(_SLEPT)
                        for said in relay.from_hub(message.data):
                            await self._hear(said, session)
            finally:
                for task in (speaking, beating, waking):
                    task.cancel()

    def _down(self, trouble: str, hint: str) -> None:
        if self.state.connected or self.state.trouble != trouble:
            log.warning("hub %s: %s. %s", self._url, trouble, hint)
        if self.state.connected:
            self.state.connected, self.state.since = False, self._clock.now()
        self.state.trouble, self.state.hint = trouble, hint
        self.state.tell()

    def _say(self, message: relay.FromStation) -> None:
        self._out.append(message)
        self._speak.set()

    async def _send(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            await self._speak.wait()
            self._speak.clear()
            while self._out:
                frame, self._out = self._out[:64], self._out[64:]
                await wire.send_str(relay.encode(frame))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(relay.HEARTBEAT)
            self._say(relay.Ping())

    async def _wake(self) -> None:
        await self._woken.wait()
        raise _Slept(_SLEPT)

    # -- what the hub says --------------------------------------------------------------------------------------------

    async def _hear(self, said: relay.FromHub, session: aiohttp.ClientSession) -> None:
        match said:
            case relay.Offer():
                if said.ref not in self._receiving:
                    self._receiving[said.ref] = self._spawn(self._receive(said, session))
            case relay.Recorded(refs):
                await self._recorded(refs)
            case relay.Cancel(ref, by):
                self._spawn(self._cancel(ref, by))
            case relay.Ended():
                await self._ended(said)
            case relay.Settle(refs):
                await self._settle(refs)
            case relay.Welcome():
                await self._welcomed(said)
            case relay.Refused(code, message):
                raise _RefusedByHub(message, "Update the older of the two." if code == "protocol" else "")
            case relay.Pong():
                pass

    async def _welcomed(self, welcome: relay.Welcome) -> None:
        self.state.connected, self.state.since = True, self._clock.now()
        self.state.trouble = self.state.hint = ""
        skew = self._clock.now() - welcome.time
        log.info("linked to the hub %s as station %s", self._url, welcome.station)
        if abs(skew) > 60_000:
            log.warning("this machine's clock is %d s off the hub's; expiry is not affected", skew // 1000)
        for job in await self._journal.unreported(SOURCE):
            self._know(job.key, job.id)
            self._say(_report_of(job))
        self.state.tell()

    async def _receive(self, offer: relay.Offer, session: aiohttp.ClientSession) -> None:
        """Take a job in; tell the hub when it is on this disk, or that it never will be."""
        failures = 0
        # The time to live runs from the arrival, however long it takes to get the job on this disk.
        expires_at = None if offer.expires_in is None else self._clock.now() + offer.expires_in
        try:
            while True:
                if failures and expires_at is not None and expires_at <= self._clock.now():
                    return self._say(relay.Report(offer.ref, "aborted", EXPIRED, "It could not be taken in in time."))
                try:
                    return await self._take_in(offer, expires_at, session)
                except (UnknownName, TooLarge) as error:
                    reason = UNKNOWN_PRINTER if isinstance(error, UnknownName) else DOCUMENT_FORMAT_ERROR
                    return self._say(relay.Report(offer.ref, "aborted", reason, error.message))
                except ComptoirError as error:
                    failures += 1
                    log.error("job %s of the hub cannot be taken: %s", offer.ref, error.sentences)
                    await asyncio.sleep(LINK.delay(failures) / 1000)
        finally:
            del self._receiving[offer.ref]

    async def _take_in(self, offer: relay.Offer, expires_at: int | None, session: aiohttp.ClientSession) -> None:
        known = self._numbers.get(offer.ref)
        if known is None:
            document = await self._document(offer, session)
            taking = asyncio.create_task(self._keep(offer, expires_at, document))
            self._taking.add(taking)
            taking.add_done_callback(self._taking.discard)
            # From here on it may be on disk: what is on disk is put to work, whoever is cancelled meanwhile.
            await asyncio.shield(taking)
        else:
            self._say(relay.Accepted([offer.ref]))
            if job := await self._journal.job(known):
                self._say(_report_of(job))

    async def _keep(self, offer: relay.Offer, expires_at: int | None, document: Document) -> None:
        accepted = await self._take(self._submission(offer, expires_at, document))
        self._know(offer.ref, accepted.job.id)
        self._say(relay.Accepted([offer.ref]))
        if not accepted.fresh:
            self._say(_report_of(accepted.job))

    def _submission(self, offer: relay.Offer, expires_at: int | None, document: Document) -> Submission:
        return Submission(
            document=document,
            origin=Origin(SOURCE, offer.user, offer.host),
            destination=offer.printer,
            key=offer.ref,
            uid=offer.ref.partition(".")[2],
            title=offer.title,
            format=offer.format,
            copies=offer.copies,
            expires_at=expires_at,
            created_at=offer.created_at,
            reprint_of=0 if offer.duplicata else None,
        )

    async def _document(self, offer: relay.Offer, session: aiohttp.ClientSession) -> Document:
        if offer.content is not None:
            document = Document.of(offer.content, offer.media_type, offer.name)
        else:
            async with self._downloads:
                document = await self._journal.keep(self._fetch(offer, session), offer.media_type, offer.name)
        if document.digest != offer.digest:
            raise NotSent("the document was damaged on its way from the hub", "It will be fetched again.")
        return document

    async def _fetch(self, offer: relay.Offer, session: aiohttp.ClientSession) -> AsyncIterator[bytes]:
        base = self._url.replace("ws", "http", 1).removesuffix(relay.PATH)
        try:
            patience = aiohttp.ClientTimeout(total=None, sock_connect=SILENCE, sock_read=SILENCE)
            async with session.get(f"{base}{relay.DOCUMENTS}/{offer.ref}", timeout=patience) as response:
                response.raise_for_status()
                async for piece in response.content.iter_chunked(PIECE):
                    yield piece
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotSent(f"the document could not be fetched from the hub: {error}") from error

    async def _recorded(self, refs: Sequence[str]) -> None:
        numbers = [number for ref in refs if (number := self._numbers.pop(ref, None)) is not None]
        for number in numbers:
            del self._refs[number]
        if numbers:
            await self._journal.reported(numbers)

    async def _cancel(self, ref: str, by: str) -> None:
        if receiving := self._receiving.get(ref):
            receiving.cancel()
            await asyncio.wait([receiving, *self._taking])
        job = await self._journal.job_by_key(SOURCE, ref)
        if job is not None:
            await self._withdraw(job, by)
            job = await self._journal.job(job.id)
        self._say(relay.Lost([ref]) if job is None else _report_of(job))

    async def _ended(self, said: relay.Ended) -> None:
        """A person has looked at the hub: what is held here is settled here, too."""
        job = await self._journal.job_by_key(SOURCE, said.ref)
        if job is not None and job.reason == OUTCOME_UNKNOWN and not job.final:
            change = Change(job.id, said.state, said.reason, said.message, said.evidence, said.by)
            await self._journal.record([change])

    async def _settle(self, refs: Sequence[str]) -> None:
        lost = []
        for ref in refs:
            job = await self._journal.job_by_key(SOURCE, ref)
            if job is None:
                lost.append(ref)
            else:
                self._say(_report_of(job))
        if lost:
            self._say(relay.Lost(lost))

    # -- what happens here --------------------------------------------------------------------------------------------

    def _know(self, ref: str, number: int) -> None:
        self._refs[number] = ref
        self._numbers[ref] = number

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            ref = None if event.job_id is None else self._refs.get(event.job_id)
            if ref is not None and self.state.connected and event.kind != "job-accepted":
                body = json.loads(event.body)
                evidence = Evidence(**body["evidence"]) if body["evidence"] else None
                self._say(_report(ref, body["state"], body["reason"], body["message"], evidence, body["by"]))

    def printers_changed(self) -> None:
        """Tell the hub what the printers are like now."""
        if self.state.connected:
            self._say(relay.Printers(list(self._printers())))


class _Slept(ComptoirError):
    """The connection is not believed any more."""


class _RefusedByHub(ComptoirError):
    """The hub will not work with this station."""


def _report_of(job: Job) -> relay.Report:
    return _report(job.key, job.state, job.reason, job.message, job.evidence)


def _report(ref: str, state: State, reason: str, message: str, evidence: Evidence | None, by: str = "") -> relay.Report:
    """What is said about a job, short enough for sixty of them to fit a frame."""
    if evidence is not None:
        detail, unprintable = evidence.detail[:LONGEST_WORDS], evidence.unprintable[:LONGEST_WORDS]
        evidence = Evidence(evidence.kind, detail, unprintable)
    return relay.Report(ref, state, reason, message[:LONGEST_WORDS], evidence, by)
