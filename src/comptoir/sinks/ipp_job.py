"""One job at an IPP printer: created, sent, followed to its end, found again, cancelled. It says only what is known.

What is sent, and to which printer, is `sinks/ipp.py`'s. Until the printer has begun with a job it can be taken back;
after that its own word counts, and where it gives none, nobody knows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Container
from dataclasses import dataclass
from typing import Final

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused
from comptoir.core.job import CANCELED_BY_USER, DOCUMENT_FORMAT_ERROR, EXPIRED, OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.ports import Clock, Progress
from comptoir.sinks.ipp_client import Cut, HttpError, IppClient, NotReached, Untrusted
from comptoir.sinks.ipp_printer import ASKED, IppPrinter, Values, printer_of, reason_of
from comptoir.wire.ipp import BadMessage, Group, Message, Tag, Value
from comptoir.wire.ipp_codes import JobState, Operation, Status

log = logging.getLogger("comptoir.printer")

#: seconds between looks at a job: soon at first, because most are short
LOOKS: Final = (0.1, 0.2, 0.4, 0.8, 1.5)
#: seconds for which a printer that has a job may not be reached, before nobody knows what became of it
GONE: Final = 120.0
#: how CUPS refuses more than its LimitRequestBody
TOO_LARGE: Final = 413
#: jobs of a printer that are looked through for one of ours
MOST: Final = 200

#: of a job whose document has not come to its end
INCOMPLETE: Final = frozenset({"job-incoming", "job-data-insufficient"})
_WAITS: Final = (JobState.PENDING, JobState.HELD)
_ENDED: Final = (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)
_ASKED: Final = (
    "job-id", "job-name", "job-state", "job-state-reasons", "job-state-message", "job-printer-state-message",
    "job-impressions-completed", "job-media-sheets-completed", "number-of-documents",
)  # fmt: skip
_FORMAT_FAULTS: Final = (
    "document-format-error", "unsupported-document-format", "document-password-error", "document-unprintable-error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobNow:
    """What the printer says of a job. `printed`: sides that came out, None where it does not count."""

    number: int
    state: int
    reasons: tuple[str, ...] = ()
    words: str = ""
    printed: int | None = None
    name: str = ""

    @property
    def ended(self) -> bool:
        return self.state in _ENDED


def job_of(group: Group) -> JobNow:
    """A job as a group of attributes tells it."""
    words = (*group.texts("job-printer-state-message")[:1], *group.texts("job-state-message")[:1])
    return JobNow(
        group.number("job-id") or 0,
        group.number("job-state") or JobState.PENDING,
        tuple(one for one in group.texts("job-state-reasons") if one not in ("none", "job-printing")),
        next((one for one in words if one), ""),
        group.number("job-impressions-completed"),
        next(iter(group.texts("job-name")), ""),
    )


async def look(client: IppClient) -> IppPrinter:
    """What the printer says of itself. Raises NotSent."""
    asked = (Value(Tag.KEYWORD, name) for name in ASKED)
    answer = await ask(client, Operation.GET_PRINTER_ATTRIBUTES, {"requested-attributes": tuple(asked)})
    return printer_of(answer.group(Tag.PRINTER))


async def ask(client: IppClient, operation: Operation, attributes: Values, job: Values | None = None) -> Message:
    """An answer that says yes, to what prints nothing. Raises NotSent, Refused."""
    try:
        answer = await client.ask(operation, attributes, job)
    except Untrusted as error:
        raise NotSent(str(error), _TRUST, OTHER_ERROR) from None
    except (NotReached, Cut) as error:
        raise NotSent(str(error), "Is it switched on and connected?", UNREACHABLE) from None
    except HttpError as error:
        raise NotSent(*_HTTP.get(error.status, (f"it answers with HTTP {error.status}", _WHERE)), OTHER_ERROR) from None
    except BadMessage as error:
        raise NotSent(error.message, _WHERE, OTHER_ERROR) from None
    check(answer)
    return answer


def check(answer: Message) -> None:
    """Raises NotSent or Refused for an answer that says no."""
    if answer.code < 0x100:
        return
    said = next(iter(answer.group(Tag.OPERATION).texts("status-message")), "")
    message, hint = _STATUS.get(answer.code, (f"it refuses, with the status {answer.code:#06x}", ""))
    message = f"{message} (“{said[:200]}”)" if said else message
    if answer.code in _NEVER:
        raise Refused(message, hint, DOCUMENT_FORMAT_ERROR if answer.code in _FORMATS else OTHER_ERROR)
    raise NotSent(message, hint, OTHER_ERROR)


class PrinterJob:
    """A job of ours at a printer, from its creation to its end."""

    def __init__(
        self, client: IppClient, job: Job, clock: Clock, progress: Progress, unwanted: Container[int], number: int = 0
    ) -> None:
        """`number`: the printer's for it, where it has one; `unwanted`: jobs of ours that are to be taken back."""
        self._client = client
        self._job = job
        self._clock = clock
        self._progress = progress
        self._unwanted = unwanted
        self._told: tuple[str, str] | None = None
        self.number = number
        self._sending = False
        #: why the connection broke while the document was sent: it may have arrived, or a part of it
        self._cut = ""

    async def create(self, name: str, template: Values) -> None:
        """Announce it; nothing is printed of a job without a document. Raises NotSent, Refused."""
        answer = await ask(self._client, Operation.CREATE_JOB, {"job-name": (Value(Tag.NAME, name),)}, template)
        self.number = answer.group(Tag.JOB).number("job-id") or 0
        if not self.number:
            raise NotSent("it created a job and gives no number for it", _WHERE, OTHER_ERROR)

    async def send(self, document: AsyncIterator[bytes], form: str, name: str) -> JobNow:
        """Send the document of a created job, and follow it to its end."""
        attributes: Values = {
            "job-id": (Value(Tag.INTEGER, self.number),),
            "document-name": (Value(Tag.NAME, name),),
            "document-format": (Value(Tag.MIME_TYPE, form),),
            "last-document": (Value(Tag.BOOLEAN, True),),
        }
        await self._carried(Operation.SEND_DOCUMENT, attributes, None, document)
        return await self.follow()

    async def print(self, document: AsyncIterator[bytes], form: str, name: str, template: Values) -> JobNow:
        """Announce and send it at once, to a printer that cannot take them apart, and follow it to its end."""
        attributes: Values = {
            "job-name": (Value(Tag.NAME, name),),
            "document-format": (Value(Tag.MIME_TYPE, form),),
        }
        answer = await self._carried(Operation.PRINT_JOB, attributes, template, document)
        if answer is not None:
            self.number = answer.group(Tag.JOB).number("job-id") or 0
        else:
            found = await find(self._client, name)
            self.number = 0 if found is None else found.number
        if not self.number:
            raise OutcomeUnknown("the connection broke, and the printer knows no such job")
        return await self.follow()

    async def _carried(
        self, operation: Operation, attributes: Values, template: Values | None, document: AsyncIterator[bytes]
    ) -> Message | None:
        """The answer to a request with the document; None where the connection broke. Raises NotSent, Refused."""
        broken: list[Refused] = []

        async def watched() -> AsyncIterator[bytes]:
            try:
                async for piece in document:
                    yield piece
            except Refused as error:
                broken.append(error)
                raise

        sending = asyncio.ensure_future(self._client.ask(operation, attributes, template, watched()))
        self._sending = True
        try:
            if not await self._while(sending):
                return None
            answer = await sending
        except (NotReached, Cut, HttpError, BadMessage) as error:
            if broken:
                await self.take_back()
                raise broken[0] from None
            await self._cut_off(error)
            return None
        finally:
            self._sending = False
            await _ended(sending)
        if answer.code >= 0x100:
            await self.take_back()
            check(answer)
        return answer

    async def _cut_off(self, error: Exception) -> None:
        """The document may have arrived, or some of it: `follow` finds out. Raises NotSent where it has not."""
        log.warning("job %d: the connection to the printer broke while it was sent: %s", self._job.id, error)
        if isinstance(error, NotReached) or (isinstance(error, HttpError) and error.status in _HTTP):
            await self.take_back()
            raise NotSent(str(error), "Is it switched on and connected?", UNREACHABLE)
        if isinstance(error, HttpError) and error.status == TOO_LARGE and await self.take_back():
            raise Refused(*_STATUS[Status.TOO_LARGE], DOCUMENT_FORMAT_ERROR)
        self._cut = str(error)

    async def _while(self, sending: asyncio.Future[Message]) -> bool:
        """Whether the printer takes the document to its end. One that has stopped takes no more of it for a while."""
        looks = 0
        while not sending.done():
            await asyncio.wait([sending], timeout=_pause(looks))
            looks += 1
            if sending.done() or not self.number:
                continue
            try:
                now = await self._look()
            except NotSent:
                continue  # it may take one connection at a time
            if now.state in (JobState.CANCELED, JobState.ABORTED):
                return False
        return True

    async def follow(self) -> JobNow:
        """Its end. Raises OutcomeUnknown where the printer does not know it any more, or is gone for long; where it
        had not begun and was taken back: Refused for what had expired or is unwanted, NotSent for what may not have
        come whole."""
        looks, since = 0, asyncio.get_running_loop().time()
        while True:
            try:
                now = await self._look()
                since = asyncio.get_running_loop().time()
            except NotSent as error:
                self._tell(error.reason, error.message)
                if asyncio.get_running_loop().time() - since > GONE:
                    raise OutcomeUnknown(f"the printer has the job and cannot be reached: {error.message}") from None
            else:
                if now.ended:
                    return now
                await self._expire(now)
                await self._retrieve(now)
            await asyncio.sleep(_pause(looks))
            looks += 1

    async def now(self) -> JobNow:
        """What the printer says of it. Raises OutcomeUnknown where it knows no such job, NotSent."""
        attributes: Values = {
            "job-id": (Value(Tag.INTEGER, self.number),),
            "requested-attributes": tuple(Value(Tag.KEYWORD, name) for name in _ASKED),
        }
        try:
            answer = await self._client.ask(Operation.GET_JOB_ATTRIBUTES, attributes)
        except (NotReached, Cut, HttpError, BadMessage) as error:
            raise NotSent(str(error), "Is it switched on and connected?", UNREACHABLE) from None
        if answer.code in (Status.NOT_FOUND, Status.GONE):
            raise OutcomeUnknown(f"the printer does not know its job {self.number} any more")
        check(answer)
        return job_of(answer.group(Tag.JOB))

    async def _look(self) -> JobNow:
        """The same; whoever waits for it is told what stops it."""
        now = await self.now()
        if now.ended:
            return now
        printer = await look(self._client)
        if self._sending and not printer.problems:
            return now  # a printer holds a job until it has its document
        if printer.problems:
            self._tell(reason_of(printer.problems[0]), printer.words or ", ".join(printer.problems))
        elif now.state in (JobState.STOPPED, JobState.HELD) and not INCOMPLETE & set(now.reasons):
            word = next((one for one in now.reasons if reason_of(one) != OTHER_ERROR), "")
            self._tell(reason_of(word), now.words or ", ".join(now.reasons))
        elif self._told is not None:
            self._told = None
            self._progress.resumed()
        return now

    def _tell(self, reason: str, words: str) -> None:
        if self._told != (reason, words):
            self._told = (reason, words)
            said = f"The printer says: {words[:200]}" if words else ""
            self._progress.stopped(reason, said or "It stopped in the middle of this; it prints on when it can.")

    async def _expire(self, now: JobNow) -> None:
        """Take it back where its time is over and the printer has not begun. Raises Refused."""
        expires = self._job.expires_at
        if expires is None or self._clock.now() < expires or now.state not in _WAITS:
            return
        if await self.take_back():
            raise Refused("it was not printed in time, and was taken back from the printer", "", EXPIRED)

    async def _retrieve(self, now: JobNow) -> None:
        """Take back what is unwanted or may not have come whole, where it has not begun. Raises Refused, NotSent."""
        if now.state not in _WAITS:
            return
        if self._job.id in self._unwanted and await self.take_back():
            raise Refused("it was cancelled, and taken back from the printer", "", CANCELED_BY_USER)
        if self._cut and await self.take_back():
            raise NotSent(f"the connection broke while it was sent: {self._cut}", "", UNREACHABLE)

    async def take_back(self) -> bool:
        """Cancel it; whether it is certain that nothing of it has come out. Never raises for a printer's answer."""
        if not self.number:
            return False
        try:
            await self._client.ask(Operation.CANCEL_JOB, {"job-id": (Value(Tag.INTEGER, self.number),)})
            now = await self.now()
        except (NotReached, Cut, HttpError, BadMessage, NotSent, Refused, OutcomeUnknown):
            return False
        return now.state in (JobState.CANCELED, JobState.ABORTED) and not now.printed


async def find(client: IppClient, name: str) -> JobNow | None:
    """The newest job of this name that the printer knows, done or not. Raises OutcomeUnknown where it cannot say."""
    found: list[JobNow] = []
    for which in ("not-completed", "completed"):
        attributes: Values = {
            "which-jobs": (Value(Tag.KEYWORD, which),),
            "limit": (Value(Tag.INTEGER, MOST),),
            "requested-attributes": tuple(Value(Tag.KEYWORD, one) for one in _ASKED),
        }
        try:
            answer = await ask(client, Operation.GET_JOBS, attributes)
        except (NotSent, Refused) as error:
            raise OutcomeUnknown(f"the printer does not say whether it has the job: {error.message}") from None
        found += [now for now in map(job_of, answer.all(Tag.JOB)) if now.name == name]
    return max(found, key=lambda now: now.number, default=None)


def evidence_of(now: JobNow, cups: bool, lacking: tuple[str, ...]) -> Evidence:
    """What its end says. Raises Refused, OutcomeUnknown.

    CUPS says that a job is completed when its backend has passed it on: printed is what a printer itself says.
    """
    who = "CUPS" if cups else "IPP"
    if now.state == JobState.COMPLETED:
        count = f": {now.printed} impressions" if now.printed else ""
        errors = [word for word in now.reasons if word.startswith("job-completed-with")]
        without = f"; not done: {', '.join(lacking)}" if lacking else ""
        detail = f"{who} job {now.number} completed{count}{''.join(f', {word}' for word in errors)}{without}"
        return Evidence("sent" if cups else "printed", detail)
    said = ", ".join(part for part in (now.words, *now.reasons) if part)
    if now.state == JobState.CANCELED:
        came = f"; {now.printed} sides had come out" if now.printed else ""
        raise Refused(f"it was cancelled at the printer{came} ({said})", "", CANCELED_BY_USER)
    if any(word in _FORMAT_FAULTS for word in now.reasons):
        raise Refused(f"the printer cannot read it ({said})", "Print it from another program.", DOCUMENT_FORMAT_ERROR)
    if now.printed:
        raise OutcomeUnknown(f"the printer gave it up after {now.printed} sides ({said})")
    raise Refused(f"the printer gave it up ({said})", "Look at its display, then print it again.", OTHER_ERROR)


def _pause(looks: int) -> float:
    return LOOKS[min(looks, len(LOOKS) - 1)]


async def _ended(task: asyncio.Future[Message]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


_TRUST: Final = "If it is the printer’s own, write it behind its address: ?certificate=FINGERPRINT."
_WHERE: Final = "Is the address of the printer right?"
_ALLOW: Final = (
    "Let this computer print there without a name and a password: in the settings of the printer or of CUPS."
)
_HTTP: Final = {
    401: ("it asks for a name and a password", _ALLOW),
    403: ("it does not let this computer print", _ALLOW),
    404: ("there is no printer at this address", _WHERE),
    426: ("it wants an encrypted connection", "Write ipps: in place of ipp:."),
}
_FORMATS: Final = (Status.FORMAT_NOT_SUPPORTED, Status.FORMAT_ERROR, Status.TOO_LARGE)
#: trying again is useless
_NEVER: Final = (*_FORMATS, Status.ATTRIBUTES_NOT_SUPPORTED, Status.CONFLICTING)
_STATUS: Final[dict[int, tuple[str, str]]] = {
    Status.FORBIDDEN: ("it does not let this computer print", _ALLOW),
    Status.NOT_AUTHENTICATED: ("it asks for a name and a password", _ALLOW),
    Status.NOT_AUTHORIZED: ("it does not let this computer print", _ALLOW),
    Status.NOT_FOUND: ("there is no printer of this name", _WHERE),
    Status.GONE: ("there is no printer of this name any more", _WHERE),
    Status.FORMAT_NOT_SUPPORTED: ("it does not take documents of this kind", "Send it as PDF."),
    Status.FORMAT_ERROR: ("it cannot read the document", "Print it from another program."),
    Status.TOO_LARGE: ("the document is too large for it", "Print it in parts."),
    Status.ATTRIBUTES_NOT_SUPPORTED: ("it cannot print with these wishes", "Change copies, sides, tray or paper."),
    Status.CONFLICTING: ("it cannot fulfil these wishes together", "Change copies, sides, tray or paper."),
    Status.BUSY: ("it is busy with another job", ""),
    Status.NOT_ACCEPTING: ("it takes no jobs at the moment", "Let it take jobs again, at the printer or in CUPS."),
}
