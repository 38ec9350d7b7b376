"""Delivers a job to an IPP printer or a queue of CUPS: as PDF where that is taken, else drawn for it, side by side.

Before the first byte of the document the printer is there, says that it can print, and takes the job, or the job is
NotSent. Afterwards its own word on the job counts (`sinks/ipp_job.py`). A job has its identity in its name, so that it
is found again at the printer after a crash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Final

from comptoir.core.document import PDF, POSTSCRIPT, RAW, Document
from comptoir.core.errors import NotSent, OutcomeUnknown, Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, PAUSED, Evidence, Job
from comptoir.core.ports import Clock, Journal, Progress, SheetWriter
from comptoir.core.sheet import Paper, Setup, Wishes, paper_of
from comptoir.languages.pdf import PdfWriter
from comptoir.languages.postscript import PostscriptWriter
from comptoir.sinks.drawing import Drawing, Paged, paged, wishes_for
from comptoir.sinks.ipp_client import IppClient
from comptoir.sinks.ipp_job import INCOMPLETE, JobNow, PrinterJob, ask, evidence_of, find, look
from comptoir.sinks.ipp_printer import RASTER, IppPrinter, Values, reason_of, template
from comptoir.wire.ipp import Tag, Value
from comptoir.wire.ipp_codes import Operation

#: what CUPS takes for bytes that no filter is to touch
CUPS_RAW: Final = "application/vnd.cups-raw"
#: attempts that begin and come to nothing, minutes in all, after which the next document gets its turn
MOST_FAILURES: Final = 20
#: characters of a job's name: longer ones are cut by printers, and the identity stands at their end
NAME: Final = 60


@dataclass(slots=True)
class Form:
    """What is sent: its media type, and its bytes, from the beginning each time they are asked for."""

    media_type: str
    chunks: Callable[[], AsyncIterator[bytes]]
    drawing: Drawing | None = None


class IppSink:
    """`core.ports.Retriever` for one printer. `on_look`: called with what it says of itself."""

    repeatable = True

    def __init__(self, client: IppClient, journal: Journal, clock: Clock, paper: Paper | None = None) -> None:
        """`paper`: what lies in it, where somebody has said so."""
        self._client = client
        self._paper = paper
        self._journal = journal
        self._clock = clock
        self.on_look: list[Callable[[IppPrinter], None]] = []
        #: jobs of which it is known that earlier attempts, so many, have left nothing at the printer
        self._nothing: Counter[str] = Counter()
        self.unwanted: set[int] = set()

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        wishes = wishes_for(job)
        printer = await self._look()
        if job.attempts and not self._nothing[job.uid]:
            found = await self._found_again(job, printer, progress)
            if found is not None:
                return found
            self._nothing[job.uid] += 1
        _check_ready(printer)
        source = await paged(job, document, self._journal)
        source = await source.readable(printer.formats, wishes)
        try:
            return await self._deliver(job, source, wishes, printer, progress)
        finally:
            source.close()

    async def _deliver(
        self, job: Job, source: Paged, wishes: Wishes, printer: IppPrinter, progress: Progress
    ) -> Evidence:
        await source.checked()
        form = self._form(source, wishes, printer)
        at_once, repeats = (source.copies, 1) if printer.most_copies >= source.copies else (1, source.copies)
        values, lacking = template(wishes, printer, at_once, form.media_type)
        ends: list[JobNow] = []
        for copy in range(1, repeats + 1):
            try:
                ends.append(await self._one(job, progress, form, values, printer, copy))
                evidence = evidence_of(ends[-1], self._client.address.cups, lacking)
            except (NotSent, Refused) as error:
                if copy > 1:
                    raise OutcomeUnknown(f"{copy - 1} of {repeats} copies came out: {error.message}") from error
                if isinstance(error, NotSent):
                    self._once_more(job, error)
                raise
        del self._nothing[job.uid]
        detail = evidence.detail if repeats == 1 else f"{evidence.detail}, the last of {repeats} copies"
        return replace(evidence, detail=detail, unprintable=form.drawing.missing if form.drawing else "")

    def _once_more(self, job: Job, error: NotSent) -> None:
        """It has begun and come to nothing. Raises Refused where that was so often that it may be the document."""
        self._nothing[job.uid] += 1
        if self._nothing[job.uid] >= MOST_FAILURES:
            del self._nothing[job.uid]
            raise Refused(error.message, "Print it from another program.", OTHER_ERROR) from error

    async def close(self) -> None:
        await self._client.close()

    async def _look(self) -> IppPrinter:
        printer = await look(self._client)
        if self._paper is not None:
            printer = replace(printer, paper=self._paper)
        for listener in list(self.on_look):
            listener(printer)
        return printer

    async def _one(
        self, job: Job, progress: Progress, form: Form, values: Values, printer: IppPrinter, copy: int
    ) -> JobNow:
        """One job at the printer, to its end."""
        name = name_of(job, copy)
        at_printer = PrinterJob(self._client, job, self._clock, progress, self.unwanted if copy == 1 else ())
        if printer.can(Operation.CREATE_JOB, Operation.SEND_DOCUMENT):
            await at_printer.create(name, values)
            try:
                await progress.started()
            except BaseException:
                await at_printer.take_back()  # an announced job would keep others waiting for its document
                raise
            return await at_printer.send(form.chunks(), form.media_type, name)
        if printer.can(Operation.VALIDATE_JOB):
            format_ = (Value(Tag.MIME_TYPE, form.media_type),)
            await ask(self._client, Operation.VALIDATE_JOB, {"document-format": format_}, values)
        await progress.started()
        return await at_printer.print(form.chunks(), form.media_type, name, values)

    async def _found_again(self, job: Job, printer: IppPrinter, progress: Progress) -> Evidence | None:
        """What became of a job that this service was sending when it ended; None: nothing, it is to be sent again.

        Raises OutcomeUnknown, Refused.
        """
        now = await find(self._client, name_of(job, 1))
        if now is None:
            raise OutcomeUnknown("the service stopped while this was sent, and the printer knows no such job any more")
        at_printer = PrinterJob(self._client, job, self._clock, progress, self.unwanted, now.number)
        if INCOMPLETE & set(now.reasons) and await at_printer.take_back():
            return None
        await progress.started()
        now = await at_printer.follow()
        evidence = evidence_of(now, self._client.address.cups, ())
        if job.copies > printer.most_copies:
            raise OutcomeUnknown(f"the service stopped while this was sent: {evidence.detail}; count the copies")
        return evidence

    # -- what is sent -------------------------------------------------------------------------------------------------

    def _form(self, source: Paged, wishes: Wishes, printer: IppPrinter) -> Form:
        """The document in a form that the printer takes. Raises Refused."""
        if source.is_raw:
            return self._raw(source, printer)
        if source.taken_by(printer.formats, wishes):
            return Form(source.media_type, source.passed)
        scales = wishes.scaling == "auto" or wishes.scaling in printer.scaling or RASTER not in printer.formats
        if source.is_pdf and PDF in printer.formats and scales:
            return Form(PDF, source.stamped if wishes.duplicata else source.passed)
        return self._drawn(source, wishes, printer)

    def _raw(self, source: Paged, printer: IppPrinter) -> Form:
        own = source.document.media_type
        wanted = (own if own != RAW else "", CUPS_RAW if self._client.address.cups else "", RAW)
        known = next((one for one in wanted if one and one in printer.formats), None)
        if known is None:
            raise Refused("this printer takes no ready-made bytes", "Send it as PDF.", DOCUMENT_FORMAT_ERROR)
        return Form(known, source.passed)

    def _drawn(self, source: Paged, wishes: Wishes, printer: IppPrinter) -> Form:
        paper = paper_of(wishes.media) if wishes.media else printer.paper
        raster = RASTER in printer.formats and not self._client.address.cups
        setup = Setup(paper, printer.dpi if raster else 300, printer.ink if raster else "colours")
        writers: dict[str, Callable[[], SheetWriter]] = {
            PDF: lambda: PdfWriter(setup),
            POSTSCRIPT: lambda: PostscriptWriter(setup, wishes),
        }
        if raster:
            writers = {RASTER: lambda: _raster(setup, wishes, printer), **writers}
        form = next((one for one in writers if one in printer.formats), None)
        if form is None:
            known = ", ".join(printer.formats) or "nothing that it would name"
            raise Refused(
                f"this printer takes neither PDF nor PWG raster, but {known}",
                "Set it up with its port 9100 and a page language.",
                DOCUMENT_FORMAT_ERROR,
            )
        drawing = Drawing(source, setup, wishes, writers[form])
        return Form(form, drawing.chunks, drawing)


def name_of(job: Job, copy: int) -> str:
    """The job's name at the printer: its title, and what tells it from all others."""
    title = " ".join((job.title or job.document.name or "Comptoir").split())[:NAME]
    mark = job.uid[:12] if copy == 1 else f"{job.uid[:12]}-{copy}"
    return f"{title} ({mark})"


def _raster(setup: Setup, wishes: Wishes, printer: IppPrinter) -> SheetWriter:
    from comptoir.languages.pwg import PwgWriter  # noqa: PLC0415 - loads numpy

    return PwgWriter(setup, replace(wishes, tray=""), printer.back)  # the tray is said in the job's attributes


def _check_ready(printer: IppPrinter) -> None:
    """Raises NotSent where it would not print."""
    if printer.problems:
        words = printer.words or ", ".join(printer.problems)
        raise NotSent(f"it has stopped: {words[:200]}", "", reason_of(printer.problems[0]))
    if not printer.accepting:
        raise NotSent("it takes no jobs at the moment", "Let it take jobs again, at the printer or in CUPS.", PAUSED)
