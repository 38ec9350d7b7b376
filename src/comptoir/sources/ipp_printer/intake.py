"""Takes documents in: from the body of a request to the archive, and only then is the job told that it has one.

What a document is, its bytes tell, whatever the client says: programs send PostScript as “octet-stream”, and text as
PDF. Each document of a job is a print of its own in the archive; from the second on its number stands behind the title.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from comptoir.core.document import RAW, TEXT, Document, Origin, media_type_of
from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Filed, Part
from comptoir.core.ports import Journal, Take
from comptoir.sources.ipp_printer import media
from comptoir.sources.ipp_printer.answers import Answers
from comptoir.sources.ipp_printer.print_job import PrintJob, Values
from comptoir.wire.ipp import Group

#: bytes: up to here a document stands in a row of the journal, and needs no file
INLINE: Final = 16_384
SAMPLE: Final = 4_096
#: for "as large as it comes"
NO_BOUND: Final = 1 << 62
#: wishes that are kept with the document, by the names that IPP has for them
_WISHES: Final = (
    "sides", "media", "print-scaling", "print-color-mode", "print-quality", "print-content-optimize", "output-bin",
    "page-ranges", "orientation-requested", "number-up", "finishings", "multiple-document-handling",
    "printer-resolution", "job-priority",
)  # fmt: skip
JOB_ID: Final = "ipp-job-id"
JOB_UUID: Final = "ipp-job-uuid"
NUMBER: Final = "ipp-document-number"


@dataclass(frozen=True, slots=True)
class Said:
    """What the client says of a document. number: its place in the job, from 1."""

    number: int
    media_type: str = ""
    name: str = ""
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it. capture and filed: None where nothing had come."""

    capture: Capture | None = None
    filed: Filed | None = None
    partial: str = ""


class Coming(Protocol):
    """A document that comes. broken: why it is not whole, once its pieces have ended."""

    @property
    def broken(self) -> str: ...

    def pieces(self) -> AsyncIterator[bytes]: ...


class Unwanted(Exception):
    """The job was cancelled while its document came: it is not taken."""


class Intake:
    """For one printer. `printer`: its name. on_trouble: called with the error, or with None when all is well."""

    def __init__(self, printer: str, journal: Journal, take: Take, answers: Answers) -> None:
        self._printer = printer
        self._journal = journal
        self._take = take
        self._answers = answers
        self.on_trouble: Callable[[JournalError | None], None] = lambda error: None

    async def take(self, job: PrintJob, said: Said, arriving: Coming) -> Taken:
        """Returns when it is on disk. Raises JournalError, TooLarge, Unwanted; then nothing was taken."""
        try:
            document = await self._brought(said, arriving)
            if document is None:
                return Taken(partial=arriving.broken)
            if job.end is not None:
                self._journal.give_up(document)
                raise Unwanted
            capture = self._capture(job, said, document, arriving.broken)
            filed = await self._take(capture)
        except JournalError as error:
            self.on_trouble(error)
            raise
        self.on_trouble(None)
        return Taken(capture, filed, capture.partial)

    def told(self, capture: Capture) -> None:
        """Its sender knows that it was taken, and does not send it again."""
        self._answers.given(capture)

    async def _brought(self, said: Said, arriving: Coming) -> Document | None:
        """The document, in memory or on disk; None where nothing came. Raises JournalError, TooLarge."""
        pieces = arriving.pieces()
        head = bytearray()
        async for piece in pieces:
            head += piece
            if len(head) > INLINE:
                break
        if not head:
            return None
        media_type = told(bytes(head[:SAMPLE]), said.media_type)
        name = said.name if said.name and "/" not in said.name else ""
        if len(head) <= INLINE:
            return Document.of(bytes(head), media_type, name)
        return await self._journal.keep(_followed(bytes(head), pieces), media_type, name, NO_BOUND)

    def _capture(self, job: PrintJob, said: Said, document: Document, partial: str) -> Capture:
        attributes = wishes_of(job.template) | {
            JOB_ID: str(job.number), JOB_UUID: job.uuid, NUMBER: str(said.number),
        }  # fmt: skip
        if said.name:
            attributes["document-name"] = said.name
        copies = Group(0, job.template).number("copies") or 1
        title = job.name or said.name
        capture = Capture(
            Origin(self._printer, job.user, job.host),
            uid=f"{uid_of(job.uuid, said.number, document)}{f'/{job.number}' if partial else ''}",
            parts=(Part(document),),
            title=title if said.number == 1 else f"{title} ({said.number})".strip(),
            printer=self._printer,
            copies=copies,
            attributes=attributes,
            partial=partial,
        )
        # One that was cut off is followed by the whole one; it is no repetition of anything.
        known = "" if partial or job.named else self._answers.known(capture)
        return replace(capture, uid=known) if known else capture


def uid_of(uuid: str, number: int | str, document: Document) -> str:
    """The identity of a whole document of the job with this uuid. `number`: its place there."""
    return f"{uuid}/{number}/{document.digest[:16]}"


async def _followed(head: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for piece in pieces:
        yield piece


def told(head: bytes, said: str) -> str:
    """The media type by the first bytes; what the client says where they do not tell, and it can be."""
    found = media_type_of(head)
    said = said.partition(";")[0].strip().lower()
    if said == TEXT and found == RAW and b"\0" not in head and b"\x1b" not in head:
        return TEXT  # in another charset than UTF-8
    return found


def wishes_of(template: dict[str, Values]) -> dict[str, str]:
    """The job template as words: as the station takes them from anywhere."""
    known = Group(0, template)
    found = {name: ",".join(map(_word, known.all(name))) for name in _WISHES if known.all(name)}
    members = known.first("media-col")
    if isinstance(members, dict):
        size, tray = media.of_collection(members)
        found |= {"media": size} if size else {}
        found |= {"media-source": tray} if tray and tray != "auto" else {}
    return found


def _word(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)
