"""Delivers a job to a printer: a language and a device. It says only what it knows about the outcome.

Before the first byte: the printer is opened and, where it can answer, asked whether it can print; all that goes wrong
until then is NotSent. After the first byte, anything but a clear answer is OutcomeUnknown. Evidence is `processed` when
the printer answered after the last byte, `sent` when it cannot answer and all bytes were taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from comptoir.core.document import Document
from comptoir.core.errors import FormatError, JournalError, NotSent, OutcomeUnknown, Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.page import Encoded, Media
from comptoir.core.ports import Connection, Device, Format, Journal, Language, Started
from comptoir.core.typeset import typeset

ANSWER = 0.4  # seconds: a printer that can tell its state does so in a few milliseconds
FENCE = 30.0  # seconds without a word while it prints, after which nobody knows
SMALL = 65_536  # bytes of text that are encoded at once; anything else is drawn in a thread


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer as the configuration describes it. `formats`: how documents are read, by name."""

    name: str
    device: Device
    language: Language
    formats: Mapping[str, Format]
    media: Media
    ask_status: bool = True


class PrinterSink:
    """`core.ports.Sink` for one printer."""

    def __init__(self, printer: Printer, journal: Journal) -> None:
        self._printer = printer
        self._journal = journal
        #: None: not asked yet. Once it has answered, silence means trouble; until then, that it cannot.
        self._answers: bool | None = None if printer.ask_status and printer.device.replies else False

    async def deliver(self, job: Job, document: Document, started: Started) -> Evidence:
        encoded = await self._encode(job, document)
        connection = await self._open()
        try:
            heard = b"" if self._answers is False else await self._check(connection)
            await started()
            return await self._send(connection, encoded, job, heard)
        finally:
            await connection.close()

    async def _encode(self, job: Job, document: Document) -> Encoded:
        try:
            content = await self._journal.content(document)
            if document.media_type.startswith("text/") and len(content) < SMALL:
                return self._typeset(job, content)
            return await asyncio.to_thread(self._typeset, job, content)
        except FormatError as error:
            raise Refused(error.message, error.hint, DOCUMENT_FORMAT_ERROR) from error
        except JournalError as error:
            raise Refused(error.message, error.hint, OTHER_ERROR) from error

    def _typeset(self, job: Job, content: bytes) -> Encoded:
        return typeset(job, content, self._printer.formats, self._printer.language, self._printer.media)

    async def _open(self) -> Connection:
        try:
            return await self._printer.device.open()
        except OSError as error:
            # A printer that was switched off may come back as another one.
            if self._answers is False and self._printer.ask_status and self._printer.device.replies:
                self._answers = None
            raise NotSent(error.strerror or str(error), "Is it switched on and connected?", UNREACHABLE) from error

    async def _check(self, connection: Connection) -> bytes:
        """Ask whether it can print; what it said. Raises NotSent when it says no, or has stopped answering."""
        language = self._printer.language
        question = language.ask_status()
        if not question:
            self._answers = False
            return b""
        try:
            await connection.write(question)
            heard = await _listen(connection, language, ANSWER, b"", fence=False)
        except (OSError, EOFError) as error:
            raise NotSent(
                "it hung up before it was sent anything", "Is it switched on and connected?", UNREACHABLE
            ) from error
        replies = language.read_replies(heard)
        if replies.problems:
            raise NotSent("the printer says so itself", "", replies.problems[0])
        if not replies.answered and self._answers:
            raise NotSent("it does not answer any more", "Is it switched on and ready?", OTHER_ERROR)
        self._answers = replies.answered
        return heard

    async def _send(self, connection: Connection, encoded: Encoded, job: Job, heard: bytes) -> Evidence:
        """From here on something may come out: whatever fails, a person decides. `heard`: what it said so far."""
        language = self._printer.language
        fence = language.ask_fence() if self._answers else b""
        if job.format == "raw" and fence and fence[:-1] in encoded.data:
            fence = b""  # bytes made elsewhere ask the same: the answer would not be about the end of this job
        try:
            for _ in range(job.copies):
                await connection.write(encoded.data)
            if fence:
                await connection.write(fence)
                heard = await _listen(connection, language, FENCE, heard, fence=True)
                replies = language.read_replies(heard)
                if not replies.fenced:
                    raise OutcomeUnknown(_silence(replies.problems))
                return Evidence("processed", "", encoded.unprintable)
            words = await connection.finish()
        except EOFError:
            raise OutcomeUnknown("the printer hung up while it printed") from None
        except OSError as error:
            raise OutcomeUnknown(f"the connection broke while it printed: {error}") from error
        return Evidence("sent", words, encoded.unprintable)


def _silence(problems: object) -> str:
    return f"the printer stopped before the end: {problems}" if problems else "the printer did not answer at the end"


async def _listen(connection: Connection, language: Language, patience: float, heard: bytes, fence: bool) -> bytes:
    """All that the printer has said, until it says what is asked or nothing more comes for `patience` seconds."""
    while True:
        piece = await connection.read(patience)
        if not piece:
            return heard
        heard += piece
        replies = language.read_replies(heard)
        if replies.fenced if fence else replies.answered:
            return heard
