"""The operations that bring documents: Print-Job, Create-Job and Send-Document, and the holding of jobs.

A job is open until its last document has come. Each document is taken, or refused, by itself: what was taken stays so,
whatever becomes of the job.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

from comptoir.core.errors import JournalError, TooLarge
from comptoir.core.job import Job
from comptoir.sources.ipp_printer import capabilities
from comptoir.sources.ipp_printer.arriving import Arriving
from comptoir.sources.ipp_printer.asking import Answer, Asked
from comptoir.sources.ipp_printer.book import Book
from comptoir.sources.ipp_printer.describing import Describing
from comptoir.sources.ipp_printer.following import Following
from comptoir.sources.ipp_printer.held import Held, Waiting
from comptoir.sources.ipp_printer.intake import Coming, Intake, Said, Taken, Unwanted
from comptoir.sources.ipp_printer.print_job import PrintJob, Standing, Values
from comptoir.wire.ipp import Group
from comptoir.wire.ipp_codes import JobState, Operation, Status
from comptoir.wire.ipp_request import Refused, template_of

#: what a client is told of a job that it creates, RFC 8011 §4.2.1.2
_CREATED: Final = frozenset(
    {"job-id", "job-uri", "job-uuid", "job-state", "job-state-reasons", "job-state-message",
     "number-of-intervening-jobs"}
)  # fmt: skip
#: in the station's language, because it is read in the archive
_UNTITLED: Final = {"en": "Untitled", "fr": "Sans titre"}
_ABORTED: Final = "aborted-by-system"


class Documents:
    """For one printer. largest: bytes of a document, unpacked; None: no bound. trouble: of the disk; "" for none.

    withdraw: takes a job of the station back that has not begun.
    """

    def __init__(
        self,
        book: Book,
        intake: Intake,
        held: Held,
        following: Following,
        describing: Describing,
        largest: int | None,
        language: Callable[[], str],
        trouble: Callable[[], str],
        withdraw: Callable[[Job, str], Awaitable[bool]],
    ) -> None:
        self._book = book
        self._intake = intake
        self._held = held
        self._following = following
        self._describing = describing
        self._largest = largest
        self._language = language
        self._trouble = trouble
        self._withdraw = withdraw

    async def validate(self, asked: Asked) -> Answer:
        """Validate-Job, RFC 8011 §4.2.3."""
        self._check_disk()
        self._compression(asked)
        _, wrong = self._template(asked)
        return Answer(Status.OK_IGNORED if wrong else Status.OK, unsupported=wrong)

    async def print(self, asked: Asked) -> Answer:
        """Print-Job, RFC 8011 §4.2.1. The same job sent again, by its uuid, is the first one."""
        compression = self._compression(asked)
        template, wrong = self._template(asked)
        known = self._book.named(asked.text("job-uuid")) if asked.text("job-uuid") else None
        if known is not None and known.documents and known.end is None:
            await self._check_same(asked, known, compression)
            return Answer(groups=(self._created(asked, known),))
        job = await self._open(asked, template)
        answer = await self._document(asked, job, compression, last=True)
        status = Status.OK_IGNORED if wrong and answer.status == Status.OK else answer.status
        return Answer(status, (self._created(asked, job),), answer.message, wrong, answer.taken)

    async def _check_same(self, asked: Asked, known: PrintJob, compression: str) -> None:
        """Raises Refused where what follows is not the document of this job: it must not seem to be taken."""
        arriving, digest = Arriving(asked.body, compression, self._largest), hashlib.sha256()
        try:
            async for piece in arriving.pieces():
                digest.update(piece)
        except TooLarge as error:
            raise Refused(Status.VALUE_TOO_LONG, error.sentences) from None
        # Of a held job nothing is the station's yet.
        if arriving.broken or not (known.held or digest.hexdigest() in known.digests):
            raise Refused(Status.NOT_POSSIBLE, f"job {known.number} has this job-uuid, and another document")

    async def create(self, asked: Asked) -> Answer:
        """Create-Job, RFC 8011 §4.2.4."""
        self._check_disk()
        template, wrong = self._template(asked)
        job = await self._open(asked, template)
        return Answer(Status.OK_IGNORED if wrong else Status.OK, (self._created(asked, job),), unsupported=wrong)

    async def send(self, asked: Asked, job: PrintJob) -> Answer:
        """Send-Document, RFC 8011 §4.3.1. One without a document only says that it was the last."""
        last = asked.attributes.first("last-document")
        if not isinstance(last, bool):
            raise Refused(Status.BAD_REQUEST, "last-document is missing")
        compression = self._compression(asked)
        if job.closed or job.final:
            raise Refused(Status.NOT_POSSIBLE, f"job {job.number} takes no further documents")
        answer = await self._document(asked, job, compression, last=last)
        return Answer(answer.status, (self._created(asked, job),), answer.message, taken=answer.taken)

    async def close(self, asked: Asked, job: PrintJob) -> Answer:
        """Close-Job, PWG 5100.7 §4.2."""
        if job.final:
            raise Refused(Status.NOT_POSSIBLE, f"job {job.number} has ended")
        await self.finish(job)
        return Answer(groups=(self._created(asked, job),))

    async def finish(self, job: PrintJob) -> None:
        """No further document comes. One without any has come to nothing."""
        async with job.turn:
            if job.closed:
                return
            if not job.documents:
                self._book.end(job, Standing(JobState.ABORTED, (_ABORTED,), "No document came."))
                return
            job.closed = True
            if job.held:
                await self._held.note(job)
        self._book.changed(job)

    async def hold(self, asked: Asked, job: PrintJob) -> Answer:
        """Hold-Job, RFC 8011 §4.3.5: as long as nothing of it is the station's."""
        if job.final or (job.documents and not job.held) or job.incoming:
            raise Refused(Status.NOT_POSSIBLE, f"job {job.number} is on its way already")
        held = asked.text("job-hold-until") != "no-hold"
        if held and not job.held:
            self._book.check_held()
        job.held = held
        self._book.changed(job)
        return Answer()

    async def release(self, asked: Asked, job: PrintJob) -> Answer:
        """Release-Job, RFC 8011 §4.3.6. Raises JournalError: then it is held as before."""
        if not job.held:
            raise Refused(Status.NOT_POSSIBLE, f"job {job.number} is not held")
        async with job.turn:
            for waiting in self._held.documents(job):
                said = Said(waiting.number, waiting.media_type, waiting.name)
                taken = await self._intake.take(job, said, self._held.stored(job, waiting))
                self._attach(job, taken)
                if taken.capture is not None:
                    self._intake.told(taken.capture)  # when it came
            job.held = False
            await self._held.forget(job)
        self._book.changed(job)
        return Answer()

    async def forget(self, job: PrintJob) -> None:
        """A held job is cancelled: nothing of it was taken."""
        await self._held.forget(job)

    # -- the parts ----------------------------------------------------------------------------------------------------

    async def _open(self, asked: Asked, template: dict[str, Values]) -> PrintJob:
        hold = Group(0, template).first("job-hold-until")
        title = asked.text("job-name") or asked.text("document-name") or _UNTITLED.get(self._language(), "Untitled")
        return await self._book.open(
            title, asked.user, asked.host, asked.text("job-uuid"), template, held=hold not in (None, "no-hold")
        )

    async def _document(self, asked: Asked, job: PrintJob, compression: str, *, last: bool) -> Answer:
        """Take the document that follows the request. Raises Refused, JournalError; then nothing was taken."""
        arriving = Arriving(asked.body, compression, self._largest)
        job.incoming += 1
        try:
            async with job.turn:
                taken = await self._taken(asked, job, arriving)
        except TooLarge as error:
            self._aborted(job, error.sentences)
            await asked.body.drain()
            # By its name another status would fit better; CUPS takes that one for a success in the end.
            raise Refused(Status.VALUE_TOO_LONG, error.sentences) from None
        except Unwanted:
            raise Refused(Status.CANCELED, f"job {job.number} was cancelled") from None
        except JournalError as error:
            job.refused = True
            if asked.message.code == Operation.PRINT_JOB:
                self._aborted(job, error.sentences)
            await asked.body.drain()
            raise
        finally:
            job.incoming -= 1
            job.active = self._book.now()
        return await self._came(job, taken, arriving, last=last)

    async def _taken(self, asked: Asked, job: PrintJob, arriving: Arriving) -> Taken:
        said = Said(job.documents + 1, asked.text("document-format"), asked.text("document-name"))
        if not job.held:
            taken = await self._intake.take(job, said, arriving)
            if taken.filed is None:
                return taken
            job.documents += 1
            job.octets += arriving.size
            self._attach(job, taken)
            if job.end is not None:  # it was cancelled while it was filed
                for number in tuple(job.wanted):
                    await self._withdraw(job.jobs[number], job.user)
            return taken
        if await self._hold(job, said, arriving):
            job.documents += 1
            job.octets += arriving.size
        return Taken(partial=arriving.broken)

    def _attach(self, job: PrintJob, taken: Taken) -> None:
        """It is the station's from now on."""
        if taken.capture is not None and taken.filed is not None:
            job.digests.add(taken.capture.document.digest)
            self._following.attach(job, taken.filed)

    async def _hold(self, job: PrintJob, said: Said, arriving: Coming) -> bool:
        """Whether a document came whole, is still wanted, and on disk."""
        await self._held.add(job, Waiting(said.number, said.media_type, said.name), arriving.pieces())
        unwanted = bool(arriving.broken) or job.end is not None
        if unwanted:
            await self._held.forget(job)
        return not unwanted

    async def _came(self, job: PrintJob, taken: Taken, arriving: Arriving, *, last: bool) -> Answer:
        if taken.partial:
            self._aborted(job, f"It did not come whole: {taken.partial}.")
            status = Status.COMPRESSION_ERROR if arriving.damaged else Status.BAD_REQUEST
            return Answer(status, message=taken.partial, taken=taken.capture)
        if job.end is not None:
            return Answer(Status.CANCELED, message=f"job {job.number} was cancelled", taken=taken.capture)
        if last:
            if not job.documents:
                self._aborted(job, "No document came.")
                raise Refused(Status.BAD_REQUEST, "there is no document behind the request")
            await self.finish(job)
        return Answer(taken=taken.capture)

    def _aborted(self, job: PrintJob, why: str) -> None:
        self._book.end(job, Standing(JobState.ABORTED, (_ABORTED,), why))

    def _created(self, asked: Asked, job: PrintJob) -> Group:
        return self._describing.job(job, asked.places, _CREATED)

    def _template(self, asked: Asked) -> tuple[dict[str, Values], dict[str, Values]]:
        """The wishes that are fulfilled, and those that are not. Raises Refused where all or nothing is asked for."""
        form = asked.text("document-format")
        if form and not capabilities.formats_fit((form,)):
            self._refuse(asked, "document-format", Status.FORMAT_NOT_SUPPORTED)
        right, wrong = template_of(asked.message)
        if "job-hold-until" in asked.attributes.attributes:  # where clients of IPP 1.0 put it
            right.setdefault("job-hold-until", asked.attributes.attributes["job-hold-until"])
        wrong |= capabilities.unsupported(right, self._describing.template)
        if wrong and asked.true("ipp-attribute-fidelity"):
            raise Refused(Status.ATTRIBUTES_NOT_SUPPORTED, "not all wishes can be fulfilled", wrong)
        return {name: values for name, values in right.items() if name not in wrong}, wrong

    def _compression(self, asked: Asked) -> str:
        """How the document is packed. Raises Refused."""
        form = asked.text("document-format")
        if form and not capabilities.formats_fit((form,)):
            self._refuse(asked, "document-format", Status.FORMAT_NOT_SUPPORTED)
        said = asked.text("compression") or "none"
        if said not in capabilities.COMPRESSIONS:
            self._refuse(asked, "compression", Status.COMPRESSION_NOT_SUPPORTED)
        return said

    def _check_disk(self) -> None:
        """Raises Refused while nothing can be taken: before a client sends a large document for nothing."""
        if trouble := self._trouble():
            raise Refused(Status.SERVICE_UNAVAILABLE, trouble)

    @staticmethod
    def _refuse(asked: Asked, name: str, status: Status) -> None:
        raise Refused(status, f"{name} {asked.text(name)} is not supported", {name: asked.attributes.attributes[name]})
