"""Delivers a job to a printer: a language and a channel. It says only what it knows about the outcome.

Before the first byte the printer is there and says that it can print, or the job is NotSent. After the first byte
anything but a clear answer is OutcomeUnknown. In between, a printer that says why it has stopped is waited for: it
prints on when a person has helped. Evidence: `printed` the printer sent back the number of this job when it was on
paper; `processed` it answered after the last byte; `sent` it cannot answer and all bytes were taken.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from comptoir.core.document import PDF, PJL, POSTSCRIPT, SPOKEN, Document
from comptoir.core.errors import FormatError, JournalError, OutcomeUnknown, Refused, TooLarge
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, Evidence, Job
from comptoir.core.page import Encoded, Media
from comptoir.core.ports import Clock, Format, Journal, Language, Progress
from comptoir.core.profile import Confirm
from comptoir.core.typeset import typeset
from comptoir.core.units import local_second
from comptoir.formats import BY_TYPE, typed_reader
from comptoir.languages.raw import Raw
from comptoir.sinks.channel import Channel, Session, cause
from comptoir.sinks.facts import Facts
from comptoir.sinks.ghostscript import as_pdf_bytes
from comptoir.sinks.ready_made import as_picture, is_ready_made, safe
from comptoir.sinks.unwrapping import unwrapped

log = logging.getLogger("comptoir.printer")

FENCE = 30.0  # seconds without a word while it prints, after which nobody knows
SLOWEST = 1000.0  # bytes a second: a printer may have a buffer full of paper before it
LONGEST = 300.0  # seconds that a full buffer may take
CHECK = 1.0  # seconds between questions while it prints
SMALL = 65_536  # bytes of text that are encoded at once; anything else is drawn in a thread
IDS = 10_000  # process ids: four digits
_SLEPT = "this computer slept while it printed"


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer as the configuration describes it. `formats`: how documents are read, by name.

    confirms: what to ask it for, strongest first. ordered: the configuration says so, and no probe knows better.
    """

    name: str
    channel: Channel
    language: Language
    formats: Mapping[str, Format]
    media: Media
    confirms: tuple[Confirm, ...] = ()
    ordered: bool = False


class PrinterSink:
    """`core.ports.Sink` for one printer."""

    repeatable = False

    def __init__(self, printer: Printer, journal: Journal, clock: Clock, facts: Facts) -> None:
        self._printer = printer
        self._journal = journal
        self._clock = clock
        self._facts = facts
        # Ascending, and another one after a restart: a late answer is never taken for this job's.
        self._number = clock.now() // 1000

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        encoded = await self._encode(job, document)
        async with self._printer.channel.turn() as session:
            if is_ready_made(job, self._printer.language):
                encoded = replace(encoded, data=safe(job, encoded.data, self._clock.now()))
            await self._begin(session, job)
            await progress.started()
            session.dirty = session.unfinished = True
            evidence = await self._send(session, encoded, job, progress)
            session.dirty = session.unfinished = False
            return evidence

    async def _begin(self, session: Session, job: Job) -> None:
        """What is to be done before the journal says that the job has begun. Raises NotSent."""

    async def _finish(self, session: Session, job: Job, progress: Progress) -> str:
        """All bytes are written; the words for the evidence. Raises OSError, Refused, OutcomeUnknown."""
        return await session.connection.finish()

    async def _encode(self, job: Job, document: Document) -> Encoded:
        try:
            content = await self._journal.content(document)
            job, content = await self._readable(job, content)
            if document.media_type.startswith("text/") and len(content) < SMALL:
                return self._typeset(job, content)
            return await asyncio.to_thread(self._typeset, job, content)
        except FormatError as error:
            raise Refused(error.message, error.hint, DOCUMENT_FORMAT_ERROR) from error
        except (JournalError, TooLarge) as error:
            raise Refused(error.message, error.hint, OTHER_ERROR) from error

    async def _readable(self, job: Job, content: bytes) -> tuple[Job, bytes]:
        """The same as something that can be drawn, where it was made for an office printer. Raises Refused."""
        media_type = job.document.media_type
        if job.reprint_of is not None and is_ready_made(job, self._printer.language):
            return replace(job, format="image"), await asyncio.to_thread(as_picture, content)
        if isinstance(self._printer.language, Raw) or (media_type == POSTSCRIPT and job.format == "raw"):
            return job, content
        if media_type == PJL:
            found = unwrapped(content)
            if found is not None and isinstance(found[1], bytes):
                media_type, content = found[0], found[1]
        if media_type == POSTSCRIPT:
            return replace(job, format="pdf"), await as_pdf_bytes(content)
        if media_type in SPOKEN and typed_reader(media_type) is None:
            raise Refused(
                "the document is in the language of another printer, and nobody here reads it",
                "Print it with a driver that sends PDF.",
                DOCUMENT_FORMAT_ERROR,
            )
        if media_type == job.document.media_type and media_type not in BY_TYPE:
            return job, content
        form = "pdf" if media_type == PDF else "image" if media_type.startswith("image/") else media_type
        return replace(job, format=media_type if media_type in BY_TYPE else form), content

    def _typeset(self, job: Job, content: bytes) -> Encoded:
        printer, formats = self._printer, self._printer.formats
        reader = typed_reader(job.format)
        if reader is not None:
            formats = {job.format: reader}
        return typeset(job, content, formats, printer.language, printer.media)

    async def _send(self, session: Session, encoded: Encoded, job: Job, progress: Progress) -> Evidence:
        """From here on something may come out: whatever fails, a person decides."""
        channel, language = self._printer.channel, self._printer.language
        confirms = self._confirms(encoded, job) if channel.asks else ()
        data = watched(encoded.data, language) if channel.answers else encoded.data
        async with telling(channel, session, progress):
            try:
                for _ in range(job.copies):
                    await session.write(data)
                session.used_up = _asks_itself(job, encoded, language)
                if confirms:
                    evidence = await self._confirmed(session, confirms, len(data) * job.copies)
                else:
                    evidence = Evidence("sent", await self._finish(session, job, progress))
            except OSError as error:
                why = _SLEPT if session.slept else f"the connection broke while it printed: {cause(error)}"
                raise OutcomeUnknown(why) from error
        if channel.answers and not channel.kept:
            with suppress(OSError):  # it is printed, whatever becomes of this
                await session.write(language.reset)  # other computers' programs expect no status by itself
        return Evidence(evidence.kind, evidence.detail, encoded.unprintable)

    def _confirms(self, encoded: Encoded, job: Job) -> tuple[Confirm, ...]:
        """What this printer can be asked for, strongest first."""
        can = self._printer.confirms if self._printer.ordered else self._facts.confirms
        if can is None:
            # Nobody has tried it out: who does not tell its state is not waited for.
            can = self._printer.confirms if self._printer.channel.answers else ()
        if _asks_itself(job, encoded, self._printer.language):
            # The answer would not be about the end of this job.
            return tuple(confirm for confirm in can if confirm != "in-order")
        return can

    async def _confirmed(self, session: Session, confirms: tuple[Confirm, ...], length: int) -> Evidence:
        """Ask to be told of the end, and wait for it. Raises OutcomeUnknown, OSError."""
        self._number = (self._number + 1) % IDS
        number = self._number
        for confirm in confirms:
            await session.fence(confirm, number)
        best, *others = confirms
        if await self._passed(session, best, number, FENCE + min(length / SLOWEST, LONGEST)):
            return self._evidence(best, number)
        weaker = next((confirm for confirm in others if session.passed(confirm, number)), None)
        if weaker is None or session.state.problems:
            raise OutcomeUnknown(_silence(session.state.problems))
        await self._unlearn(best)
        return self._evidence(weaker, number)

    async def _passed(self, session: Session, confirm: Confirm, number: int, patience: float) -> bool:
        """Whether it was answered, within so many seconds in which nothing keeps the printer. Raises OutcomeUnknown."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + patience
        while not await session.until(lambda: session.passed(confirm, number), min(CHECK, deadline - clock())):
            if session.gone is not None:
                raise OutcomeUnknown(_SLEPT if session.slept else "the printer hung up while it printed")
            if await session.ask_while_it_prints() and session.state.problems:
                deadline = clock() + patience  # it has said why, and goes on when a person has helped
            elif clock() >= deadline:
                return session.passed(confirm, number)
        return True

    def _evidence(self, confirm: Confirm, number: int) -> Evidence:
        at = local_second(self._clock.now())
        if confirm == "process-id":
            return Evidence("printed", f"process id {number:04}, {at}")
        return Evidence("processed", at)

    async def _unlearn(self, confirm: Confirm) -> None:
        """The printer does not answer what its profile says: it is not asked again."""
        log.warning("printer %s: it does not confirm by %s; a weaker answer is used", self._printer.name, confirm)
        can = self._facts.confirms if self._facts.confirms is not None else self._printer.confirms
        await self._facts.learn(confirms=tuple(one for one in can if one != confirm))


def _asks_itself(job: Job, encoded: Encoded, language: Language) -> bool:
    """Whether these are bytes made elsewhere that ask the printer what we ask it at the end."""
    asks = language.fence("in-order", 0)[:-1] if "in-order" in language.confirms else b""
    return job.format == "raw" and bool(asks) and asks in encoded.data


def watched(data: bytes, language: Language) -> bytes:
    """The job with automatic status switched on before it and after each of its resets, which switch it off."""
    watch = language.watch()
    head = language.reset if watch and data.startswith(language.reset) else b""
    return head + watch + data[len(head) :] + watch


@asynccontextmanager
async def telling(channel: Channel, session: Session, progress: Progress) -> AsyncIterator[None]:
    """While inside, whatever stops the printer is told, and that it goes on."""
    told: tuple[str, ...] = ()

    def heard() -> None:
        nonlocal told
        problems = session.state.problems
        if problems == told:
            return
        told = problems
        if problems:
            progress.stopped(problems[0], "It stopped in the middle of this; it prints on when it can.")
        else:
            progress.resumed()

    channel.on_change.append(heard)
    heard()  # it may have stopped since it was asked
    try:
        yield
    finally:
        channel.on_change.remove(heard)


def _silence(problems: tuple[str, ...]) -> str:
    if problems:
        return f"the printer stopped before the end: {', '.join(problems)}"
    return "the printer did not answer at the end"
